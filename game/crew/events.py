"""Events: what happened to the processes, in words for the person at the window.

Made by the crew, passed on by the session.
"""

from game.crew.starter import Answer
from game.parts import Event


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
