"""Events: what happened to the processes, in words for the person at the window.

Made by the crew, passed on by the session.
"""

from game.child.messages import Refused
from game.crew.launcher import Trouble
from game.parts import Event


def not_started(refused: Refused, name: str) -> Event:
    """A process could not be started, and so those behind it were not tried."""
    others = len(refused.slots) - 1
    nor = f", nor {others:,} more" if others else ""
    return Event(refused.slots[0], name, 0, True, f"could not be started{nor}: {refused.why}")


def troubled(trouble: Trouble) -> Event:
    """Something happened to what starts the movers, and to none of them."""
    return Event(-1, trouble.name, 0, False, trouble.why)
