"""Watch: somebody else's array, live. Nothing of ours writes it, and no process is ours.

outside: python -m game watch PID | NAME | FILE | -- COMMAND
inside:  game.watch(array)
"""

from typing import Any, NamedTuple

FIELDS = {"value": ""}
ARRAY = "a"
TITLE = ""
PROCESSES = False

NAME = "watch"
OURS = ("swarm", "race")  # ways to show an array that is such
VIEWS: tuple[str, ...] = ("cells", "lines", "bars", "image", "points", *OURS)


def name(number: int) -> str:
    """What a person calls an element, or a row."""
    return f"[{number}]"


class Settings(NamedTuple):
    """What is watched, and what a person wants to see of it."""

    view: str = ""  # one of VIEWS; "": chosen by the array's shape
    subject: Any = None  # a game.attach.subjects.Subject
    wish: Any = None  # a game.scenes.watch.attached.Wish
    check: str = ""  # an expression that is to hold; "": none
    settled: float = 0.0  # [s] that it has to be violated to count
    handle: int = -1  # the state of the program that opened this window; -1: none
