"""The report: what a run says when it ends, as lines and as figures.

Made by the app from the session's last frame.
"""

from collections.abc import Iterator
from typing import Any

from game.meters import tidy
from game.parts import Cast
from game.session.session import Session
from game.session.stats import VALUES_KEPT


def final_lines(session: Session) -> Iterator[str]:
    """The scene's results, and the final values of a finite run as the tutorial prints them."""
    yield from session.results()
    if not session.options.title or session.cast is None:
        return
    frame, line = session.source.frame, session.definition.final_line
    yield session.options.title
    own = len(session.definition.fields)  # what its words are about
    written = set(frame.agents.tolist())
    for agent in cast_agents(session.cast):
        name = session.agent_name(agent)
        if agent in written:
            yield line(name, tuple(frame.values[agent, :own].tolist()))
        else:
            yield f"{name}: has written nothing"


def cast_agents(cast: Cast) -> Iterator[int]:
    """The agents of a cast, in ascending order."""
    for slot, member in sorted(cast.members.items()):
        yield from range(slot * cast.per_process, slot * cast.per_process + member.agents)


def summary(session: Session) -> dict[str, Any]:
    """Everything that --stats writes."""
    source, cast = session.source, session.cast
    frame, members, found = source.frame, cast.members if cast else {}, figures(session)
    rows = [mover(session, cast, slot) for slot in sorted(members)] if cast else []
    shown = frame.values[frame.agents[:VALUES_KEPT]].tolist()
    return {**found, "movers": rows, "values": found.get("values", shown)}


def figures(session: Session) -> dict[str, Any]:
    """What --stats writes besides the movers and the values, which follow from the frame."""
    source, cast = session.source, session.cast
    return {
        "scene": session.definition.name,
        "agents": sum(member.agents for member in cast.members.values()) if cast else 0,
        "seed": session.options.job.seed,
        **session.stats.summary(session.begun),
        "rows_torn_rejected": source.rejected,
        "rows_torn_shown": source.shown_torn,
        "restarts": cast.restarts if cast else 0,
        "speed": reached(session),
        **(cast.lockstep.figures() if cast and cast.lockstep else {}),
        **({"cluster": cluster(session)} if session.cluster else {}),
        **source.figures(),
    }


def cluster(session: Session) -> dict[str, Any]:
    """The nodes that drove, and how old the rows were that were shown."""
    assert session.cluster is not None
    return {**session.cluster.figures(), "age_ms": session.ages.summary()}


def reached(session: Session) -> float:
    """The simulated time that passed in a second, from each mover's first row to its last."""
    frame = session.source.frame
    seen = frame.updates > 0
    span = float((frame.changed - frame.first)[seen].sum())
    made = int((frame.updates - frame.first_updates)[seen].sum())
    return tidy(made * frame.step / span) if span > 0 else 0.0


def mover(session: Session, cast: Cast, slot: int) -> dict[str, Any]:
    """One mover process and what it has done."""
    member, frame = cast.members[slot], session.source.frame
    updates = int(frame.updates[slot])
    counted = updates - int(frame.first_updates[slot])
    span = float(frame.changed[slot] - frame.first[slot])
    return {
        "slot": slot,
        "first_agent": slot * cast.per_process,
        "agents": member.agents,
        "name": member.name,
        "mover": session.options.job.behaviour(slot).name,
        "pid": member.pid,
        "host": member.host,
        "updates": updates,
        "hz": tidy(counted / span) if span > 0 else 0.0,
        "state": cast.card(slot).state,
        "exit": member.exitcode,
    }
