"""The window's side of the mover processes: how many there may be, their start, life and end.

crew -> starter -> member -> starting        watch, news, limits
"""
