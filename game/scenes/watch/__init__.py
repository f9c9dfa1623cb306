"""Watch: somebody else's array, live. Nothing of ours writes it, and no process is started.

outside: python -m game watch PID | NAME | FILE | -- COMMAND
inside:  game.watch(array)
"""

from typing import NamedTuple

FIELDS = {"value": ""}
ARRAY = "a"
TITLE = ""
PROCESSES = False  # it has no movers


class Settings(NamedTuple):
    """What is watched, and how it is shown."""

    view: str = ""  # one of looks.VIEWS; "": chosen by its shape
