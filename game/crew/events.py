"""Events: what happened to the processes, in words for the person at the window.

Made by the crew, passed on by the session.
"""

from collections.abc import Sequence

from game.child.messages import Refused
from game.crew.launcher import Parted, Trouble
from game.crew.member import Member
from game.parts import Event

NAMED = 5  # movers that are called by their names where many are lost at once


def not_started(refused: Refused, name: str) -> Event:
    """A process could not be started, and so those behind it were not tried."""
    others = len(refused.slots) - 1
    nor = f", nor {others:,} more" if others else ""
    return Event(refused.slots[0], name, 0, True, f"could not be started{nor}: {refused.why}")


def parted(report: Parted, lost: Sequence[Member], again: int) -> Event:
    """A machine is lost with its movers, of which some are started again."""
    agents = sum(member.agents for member in lost)
    names = ", ".join(member.name for member in lost[:NAMED])
    more = f" and {len(lost) - NAMED:,} more" if len(lost) > NAMED else ""
    verb = "agent is" if agents == 1 else "agents are"
    told = f"; its {agents:,} {verb} lost: {names}{more}" if lost else ""
    elsewhere = "; started again on other nodes" if again else ""
    return Event(-1, report.name, 0, False, f"{report.why}{told}{elsewhere}")


def troubled(trouble: Trouble) -> Event:
    """Something happened to what starts the movers, and to none of them."""
    return Event(-1, trouble.name, 0, False, trouble.why)
