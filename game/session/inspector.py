"""The inspector's content: what is known of the process behind one agent.

Called by the session for the selected agent. Knows the cast and the frame, and nothing of
drawing but the Inspection that it fills.
"""

from collections.abc import Callable

from game.frame import Frame
from game.parts import Card, Cast, Member, Standing
from game.session.company import Company, NoStats
from game.session.process_stats import ProcessStats, Reading
from game.view.inspector import Inspection

LATE = 0.8  # of the rate asked for: a mover below it is called late


def inspect(
    cast: Cast | Company | None,
    frame: Frame,
    agent: int,
    process_stats: ProcessStats | NoStats,
    agent_name: Callable[[int], str] = str,
) -> Inspection | None:
    """What is known of an agent, and of its process; None if nobody holds its slot.

    Without a cast the frame alone speaks: values, updates, which process wrote.
    """
    slot = agent // frame.per_process
    if agent >= len(frame.values) or slot >= len(frame.pid):  # of another array, at another time
        return None
    if cast is None:
        return Inspection(agent_name(agent), slot, read(frame, agent, slot), "", "")
    member = cast.members.get(slot)
    if member is None:
        return None
    card = cast.card(slot)
    facts = [("state", state(frame, member, card)), *told(frame, member, card, process_stats)]
    facts[1:1] = wild(frame, slot)
    if member.agents > 1:
        facts.insert(0, ("drives", f"{member.agents:,} agents: {member.name}"))
    facts += values(frame, agent)
    facts += behaviour(frame, slot)
    facts.append(("slot", f"{slot}, {card.started}"))
    words = card.words or card.headline
    return Inspection(agent_name(agent), slot, facts, words, hint(member), bool(card.exit))


def told(
    frame: Frame, member: Member, card: Card, process_stats: ProcessStats | NoStats
) -> list[tuple[str, str]]:
    """How a process ended, or what it does and uses."""
    if member.host:  # where the pid is somebody else's here
        return elsewhere(frame, member, card)
    known = ("pid", f"{member.pid or ''}"), ("updates", updates(frame, member.slot))
    if card.exit:
        return [("exit", card.exit), *known]
    needs = used(process_stats.of(member.pid, frame.now))
    return [*known, ("rate", rate(frame, member.slot)), *needs]


def elsewhere(frame: Frame, member: Member, card: Card) -> list[tuple[str, str]]:
    """The other machine that a process is on, and what it does there, or how it ended."""
    known = ("pid there", str(member.pid)), ("updates", updates(frame, member.slot))
    if card.exit:
        return [("exit", card.exit), ("host", member.host), *known]
    age = frame.aged[member.slot]
    host = f"{member.host}, the row is {1000 * age:.0f} ms old" if age else member.host
    return [("host", host), *known, ("rate", rate(frame, member.slot))]


def read(frame: Frame, agent: int, slot: int) -> list[tuple[str, str]]:
    """What a frame tells of an agent whose process, if there is one, is not ours."""
    pid = int(frame.pid[slot])
    writer = [("pid", str(pid))] if pid else []
    return [*writer, *wild(frame, slot), ("updates", updates(frame, slot)), *values(frame, agent)]


def wild(frame: Frame, slot: int) -> list[tuple[str, str]]:
    """How many rows were written to by somebody who does not own them, if any."""
    rows = int(frame.wild[slot])
    were = "row was" if rows == 1 else "rows were"
    return [("wild", f"{rows:,} {were} changed, and not by publish()")] if rows else []


def behaviour(frame: Frame, slot: int) -> list[tuple[str, str]]:
    """Which behaviour a slot's process has, where there are several."""
    several = len(frame.behaviours) > 1
    return [("mover", frame.behaviours[frame.behaviour[slot]].name)] if several else []


def values(frame: Frame, agent: int) -> list[tuple[str, str]]:
    """Each field with its unit."""
    row = frame.values[agent].tolist()
    return [
        (name, f"{value:.6g} {unit}".rstrip())
        for (name, unit), value in zip(frame.fields.items(), row, strict=True)
    ]


def state(frame: Frame, member: Member, card: Card) -> str:
    """What has become of a process, in a few words."""
    if card.exit:
        return f"ended: {card.why}"
    if member.standing is Standing.LEAVING:
        return "leaving"
    if not member.pid:
        return Standing.WAITING.value
    if not frame.updates[member.slot]:
        return "started, has written nothing yet"
    age = frame.silence[member.slot]
    if member.standing is Standing.FROZEN:
        return f"frozen (SIGSTOP) for {age:.1f} s"
    if frame.silent_slots[member.slot]:
        return f"stalled: no update for {age:.1f} s"
    return card.state


def updates(frame: Frame, slot: int) -> str:
    """How many updates there were, and how long ago the last one was."""
    count = int(frame.updates[slot])
    age = frame.now - frame.changed[slot]
    return f"{count:,}, the last {age:.1f} s ago" if count else "none"


def rate(frame: Frame, slot: int) -> str:
    """The updates a second that were asked for, and those that come."""
    if frame.silent_slots[slot]:
        return f"0 of {1 / frame.expected:.3g} Hz"
    if frame.updates[slot] < 2:
        return f"{1 / frame.expected:.3g} Hz asked for"
    asked, real = 1 / frame.expected, 1 / frame.period[slot]
    late = ", late" if real < LATE * asked and frame.updates[slot] > 5 else ""
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
    frozen = member.standing is Standing.FROZEN
    return f"K: kill   F: {'thaw' if frozen else 'freeze'}   Delete: remove"
