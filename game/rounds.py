"""Rounds: the same run again and again, each with the next seed, and a table at the end.

    seed S, S + 1, ... ──> a session each ──> the scene's Score ──> table, --stats

Called by the app for --rounds. Every round has processes of its own, started anew: nothing is left
of the one before. What ends a run ends the rounds: the table is of those that came to their end.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from game import app, opening
from game.crew.limits import NoPlace
from game.interrupts import Interrupts
from game.options import Options
from game.parts import Entrant, Standing
from game.scenes import SceneError, find
from game.session.terminal import Terminal

if TYPE_CHECKING:  # it loads pygame
    from game.session.session import Session

SEEDS = 2**32


def play(
    options: Options,
    begun: float,
    clock: opening.Clock,
    sleep: Callable[[float], None],
    interrupts: Interrupts,
    terminal: Terminal,
) -> int:
    """Play all rounds and hand over what was asked for; returns the exit status."""
    status, score = 0, None
    for number in range(options.rounds):
        seed = (options.job.seed + number) % SEEDS
        last = number + 1 == options.rounds
        with ExitStack() as ends:
            try:
                session = opening.open_session(with_seed(options, seed), begun, clock, sleep, ends)
            except (SceneError, NoPlace) as error:
                print(f"game: {error}", file=sys.stderr)
                if score:
                    terminal.results(score.lines())
                return 2
            score = score or find(options.scene).offers("rounds", "Score")()  # with pygame
            interrupts.note_stops()
            app.run_through(session, interrupts)
            if not interrupts.signal:
                told = score.add(
                    seed, session.screen.scene.scene, session.source, entrants(session)
                )
                tell(f"round {number + 1:,} of {options.rounds:,}, seed {seed}: {told}")
                status = max(status, session.status)
            ended = last or session.lost or bool(interrupts.signal)
            if ended:
                terminal.results(score.lines())
                saved = app.save_files(session, {"rounds": score.figures()})
                return status or session.status * session.lost or int(not saved)
        begun = clock()
    return status


def with_seed(options: Options, seed: int) -> Options:
    """The options of one round."""
    return options._replace(job=options.job._replace(seed=seed))


def entrants(session: "Session") -> list[Entrant]:
    """Who took part in a round, and whether they came through it."""
    cast, job = session.cast, session.options.job
    assert cast is not None
    found = []
    for slot, member in sorted(cast.members.items()):
        through = member.standing is not Standing.FAILED and member.exitcode is not None
        mover = job.behaviour(slot).name
        for agent in range(slot * cast.per_process, slot * cast.per_process + member.agents):
            found.append(Entrant(agent, session.agent_name(agent), mover, through))
    return found


def tell(line: str) -> None:
    """Say how far it is, to whoever waits."""
    with suppress(OSError, ValueError):  # nobody may listen any more
        print(f"game: {line}", file=sys.stderr, flush=True)
