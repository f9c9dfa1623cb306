"""The report: what a run says when it ends, as lines and as figures.

Made by the app from the arena's last frame.
"""

from collections.abc import Iterator
from typing import Any

from game import movers, scenes
from game.arena import Arena
from game.road.reader import RoadReader
from game.stats import VALUES_KEPT, tidy
from game.table import STATE, State


def final_lines(arena: Arena) -> Iterator[str]:
    """The standings of a race, and the final values of a finite run as the tutorial prints them."""
    options, snapshot = arena.options, arena.reader.snapshot
    yield from scenes.results(arena.stage.scene, snapshot)
    if not options.title:
        return
    world = movers.world(options.scene)
    yield options.title
    written = set(snapshot.agents.tolist())
    for slot, member in sorted(arena.crew.members.items()):
        first = slot * arena.crew.table.per_process
        for agent in range(first, first + member.agents):
            name = arena.options.job.agent_name(agent)
            if agent in written:
                yield world.final_line(name, tuple(snapshot.values[agent].tolist()))
            else:
                yield f"{name}: has written nothing"


def summary(arena: Arena) -> dict[str, Any]:
    """Everything that --stats writes."""
    snapshot, reader = arena.reader.snapshot, arena.reader
    sync = {"sync": ways(arena.road)} if arena.road else {}
    return {
        "scene": arena.options.scene,
        "agents": sum(member.agents for member in arena.crew.members.values()),
        "seed": arena.options.job.seed,
        **arena.stats.summary(arena.begun),
        "rows_torn_rejected": reader.rejected,
        "rows_torn_shown": reader.shown_torn,
        "movers": [mover(arena, slot) for slot in sorted(arena.crew.members)],
        "values": snapshot.values[snapshot.agents[:VALUES_KEPT]].tolist(),
        "restarts": arena.crew.restarts,
        **sync,
    }


def ways(road: RoadReader) -> dict[str, Any]:
    """What the road measured of each way to share."""
    return {
        name: {
            "reads": f.reads,
            "torn": f.torn,
            "missed": f.missed,
            "wait_ms": {"median": tidy(f.median), "p99": tidy(f.p99), "max": tidy(f.most)},
            "passes_per_s": tidy(f.passes),
        }
        for name, f in road.figures().items()
    }


def mover(arena: Arena, slot: int) -> dict[str, Any]:
    """One mover process and what it has done."""
    member, snapshot = arena.crew.members[slot], arena.reader.snapshot
    updates = int(snapshot.updates[slot])
    counted = updates - int(snapshot.first_updates[slot])
    span = float(snapshot.changed[slot] - snapshot.first[slot])
    return {
        "slot": slot,
        "first_agent": slot * arena.crew.table.per_process,
        "agents": member.agents,
        "name": member.name,
        "pid": member.pid,
        "updates": updates,
        "hz": tidy(counted / span) if span > 0 else 0.0,
        "state": State(arena.crew.table.row(slot)[STATE]).name.lower(),
        "exit": member.exitcode,
    }
