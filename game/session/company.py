"""The company: processes as they are known from somewhere else than a cast, to be looked at.

Kept by what records a session, and made again by what replays it: for the inspector and the
figures, which ask a company as they ask a cast.
"""

from collections.abc import Mapping
from typing import NamedTuple

from game.parts import Card, Cast, Standing
from game.session.process_stats import Reading


class Known(NamedTuple):
    """What is known of a process at one moment."""

    slot: int
    name: str
    agents: int
    pid: int
    standing: Standing
    exitcode: int | None
    told: Card
    host: str = ""  # the other machine that the pid is of


class Company:
    """Processes that nobody can do anything to."""

    def __init__(self, members: Mapping[int, Known], per_process: int) -> None:
        self.members = members
        self.per_process = per_process

    def card(self, slot: int) -> Card:
        """What was known of a process."""
        return self.members[slot].told


class NoStats:
    """What the system knows of a process that ran at another time: nothing."""

    def of(self, pid: int, now: float) -> Reading:
        """What it uses."""
        return Reading()


def known(cast: Cast, slot: int) -> Known | None:
    """What a cast knows of the process of a slot; None where there is none."""
    member = cast.members.get(slot)
    if member is None:
        return None
    return Known(
        slot,
        member.name,
        member.agents,
        member.pid,
        member.standing,
        member.exitcode,
        cast.card(slot),
        member.host,
    )
