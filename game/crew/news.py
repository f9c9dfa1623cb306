"""News of the processes, in words for the person at the window.

Made by the crew, passed on by the arena.
"""

from typing import NamedTuple

from game.crew.starter import Answer


class Event(NamedTuple):
    """Something that happened, for the person to read."""

    slot: int  # -1: to no single mover
    name: str
    pid: int
    failed: bool  # a mover is lost
    why: str
    last_words: str = ""  # what it printed, and its traceback


def not_started(answer: Answer) -> Event:
    """A process could not be started, and so those behind it were not tried."""
    member, error, others = answer
    why = getattr(error, "strerror", None) or str(error) or "the forkserver gave no answer"
    nor = f", nor {len(others):,} more" if others else ""
    return Event(member.slot, member.name, 0, True, f"could not be started{nor}: {why}")


def forkserver_died(orphans: int, error: OSError | None = None) -> Event:
    """The forkserver has died; `error` is why there is no new one."""
    why = f"died; {orphans:,} movers run on without it"
    why += (
        f"; no new one could be started: {error.strerror}"
        if error
        else ", and a new one is started"
    )
    return Event(-1, "the forkserver", 0, False, why)
