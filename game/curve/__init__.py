"""Closed curves in plain Python: the equations along one, and what is smooth of it.

Used by game.track and game.line; knows neither of them. No numpy: every car loads this.
"""
