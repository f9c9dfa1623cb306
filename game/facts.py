"""The facts of one mover process, gathered for its card.

Called by the arena for the selected agent. Knows the crew, the table and the snapshot, and
nothing of drawing but the Card that it fills.
"""

import signal

from game.crew.crew import Crew
from game.crew.member import Member
from game.snapshot import Snapshot
from game.table import STATE, State
from game.usage import Reading, Usage
from game.view.card import Card

LATE = 0.8  # of the rate asked for: a mover below it is called late


def card(crew: Crew, snapshot: Snapshot, agent: int, usage: Usage) -> Card | None:
    """The card of the process that drives an agent; None if no process holds its slot."""
    slot = agent // snapshot.per_process
    member = crew.members.get(slot)
    if member is None:
        return None
    ended = member.exitcode is not None
    names, values = tuple(snapshot.fields.items()), snapshot.values[agent].tolist()
    facts = [
        ("state", state(crew, snapshot, member)),
        *([("exit", exit_code(member))] if ended else []),
        ("pid", f"{member.pid or ''}"),
        ("updates", updates(snapshot, slot)),
        *([] if ended else [("rate", rate(snapshot, slot))]),
        *([] if ended else used(usage.of(member.pid, snapshot.now))),
        *((name, f"{value:.6g} {unit}") for (name, unit), value in zip(names, values, strict=True)),
        ("slot", f"{slot}, started by {crew.context.get_start_method()}"),
    ]
    if member.agents > 1:
        facts.insert(0, ("drives", f"{member.agents:,} agents: {member.name}"))
    headline, words = crew.table.note(slot)
    return Card(crew.job.agent_name(agent), agent, facts, words or headline, hint(member), ended)


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
    age = snapshot.silence[member.slot]
    if member.frozen:
        return f"frozen (SIGSTOP) for {age:.1f} s"
    if snapshot.silent_slots[member.slot]:
        return f"stalled: no update for {age:.1f} s"
    return State(crew.table.row(member.slot)[STATE]).name.lower()


def sentence(name: str, why: str) -> str:
    """What happened to a process, for the line of events: "Robot 7 was killed: SIGKILL"."""
    first = why.partition(" ")[0].strip(":")
    if first == "killed":
        return f"{name} {'were' if ' to ' in name else 'was'} {why}"
    # An exception's name is no verb.
    return f"{name}{': ' if first[:1].isupper() else ' '}{why}"


def exit_code(member: Member) -> str:
    """The exit code of a process that has ended, or the signal that ended it."""
    code = member.exitcode or 0
    if not (member.watched and member.pid):
        return "unknown"  # the forkserver that would have told is gone, or it never started
    if code >= 0:
        return f"code {code}"
    try:
        return f"signal {-code}, {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def updates(snapshot: Snapshot, slot: int) -> str:
    """How many updates there were, and how long ago the last one was."""
    count = int(snapshot.updates[slot])
    age = snapshot.now - snapshot.changed[slot]
    return f"{count:,}, the last {age:.1f} s ago" if count else "none"


def rate(snapshot: Snapshot, slot: int) -> str:
    """The updates a second that were asked for, and those that come."""
    if snapshot.silent_slots[slot]:
        return f"0 of {1 / snapshot.expected:.3g} Hz"
    if snapshot.updates[slot] < 2:
        return f"{1 / snapshot.expected:.3g} Hz asked for"
    asked, real = 1 / snapshot.expected, 1 / snapshot.period[slot]
    late = ", late" if real < LATE * asked and snapshot.updates[slot] > 5 else ""
    return f"{real:.1f} of {asked:.3g} Hz{late}"


def used(reading: Reading) -> list[tuple[str, str]]:
    """What a process uses of the machine; a blank where nobody knows."""
    cpu = "" if reading.cpu is None else f"{reading.cpu:.1f} %"
    memory = ""
    if reading.memory is not None:
        whose = "of its own" if reading.private else "with what it shares"
        memory = f"{reading.memory / 1e6:,.1f} MB {whose}"
    return [("CPU", cpu), ("memory", memory)]


def hint(member: Member) -> str:
    """The keys that make sense now."""
    if member.exitcode is not None:
        return "Enter: start again     Delete: remove"
    return f"K: kill   F: {'thaw' if member.frozen else 'freeze'}   Delete: remove"
