"""The facts of one mover process, gathered for its card.

Called by the arena for the selected agent. Knows the crew, the table and the snapshot, and
nothing of drawing but the Card that it fills.
"""

from game.crew import Crew
from game.member import Member
from game.snapshot import Snapshot
from game.table import STATE, State
from game.view.card import Card

LATE = 0.8  # of the rate asked for: a mover below it is called late


def card(crew: Crew, snapshot: Snapshot, agent: int) -> Card | None:
    """The card of the process that drives an agent; None if no process holds its slot."""
    slot = agent // snapshot.per_process
    member = crew.members.get(slot)
    if member is None:
        return None
    names, values = tuple(snapshot.fields.items()), snapshot.values[agent].tolist()
    facts = [
        ("process", f"{member.name}, pid {member.pid}" if member.pid else member.name),
        ("slot", f"{slot}, {crew.context.get_start_method()}"),
        ("state", state(crew, snapshot, member)),
        ("updates", f"{snapshot.updates[slot]:,}"),
        ("rate", rate(crew, snapshot, slot)),
        *((name, f"{value:.6g} {unit}") for (name, unit), value in zip(names, values, strict=True)),
    ]
    headline, words = crew.table.note(slot)
    return Card(crew.agent_name(agent), agent, facts, words or headline, hint(member))


def state(crew: Crew, snapshot: Snapshot, member: Member) -> str:
    """What has become of a process, in a few words."""
    if member.exitcode is not None:
        return f"ended: {member.why}"
    if member.leaving:
        return "leaving"
    if not member.pid:
        return "waiting to be started"
    if not snapshot.updates[member.slot]:
        return "started, has written nothing yet"
    age = snapshot.now - snapshot.changed[member.slot]
    if member.frozen:
        return f"frozen (SIGSTOP) for {age:.1f} s"
    agents = snapshot.agents // snapshot.per_process
    if (snapshot.silent & (agents == member.slot)).any():
        return f"stalled: no update for {age:.1f} s"
    return State(crew.table.row(member.slot)[STATE]).name.lower()


def rate(crew: Crew, snapshot: Snapshot, slot: int) -> str:
    """The updates a second that were asked for, and those that come."""
    asked, real = 1 / snapshot.expected, 1 / snapshot.period[slot]
    late = " late" if real < LATE * asked and snapshot.updates[slot] > 5 else ""
    return f"{real:.1f} of {asked:.3g} Hz{late}"


def hint(member: Member) -> str:
    """The keys that make sense now."""
    if member.exitcode is not None:
        return "Enter: start again     Delete: remove"
    return f"K: kill   F: {'thaw' if member.frozen else 'freeze'}   Delete: remove"
