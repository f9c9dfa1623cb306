"""What runs in a mover's own process: load the behaviour, step, publish, leave.

Called in a process that was spawned (run) or forked (work) for it. Only strings, numbers and the
shared table cross the border, so a behaviour that cannot even be imported fails here and nowhere
else.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from game import scenes
from game.agent import Group, Parameters, Values
from game.child.behaviour import load
from game.child.children import mark
from game.child.further import Shape, crowd_of, rows_of, scenes_own, shape_of
from game.child.job import Behaviour, Job, Loaded
from game.child.lifeline import Lifeline
from game.child.log import Log
from game.child.pace import Pace, Passage
from game.child.parent_watch import (
    die_with_parent,
    give_way,
    keep_channels_private,
    lead_a_group,
    restore_environment,
)
from game.child.printed import Printed, keep_stdout_private, say
from game.child.rows import unrun
from game.child.stepping import Freely, InStep, Stepping
from game.child.terminal import HOW, without_terminal
from game.child.threads import limit
from game.child.words import account, exit_account
from game.shared.others import Others
from game.shared.table import GENERATION, PID, STATE, Slice, State, Table

CROWD_FROM = 64  # agents of a process from which its Crowd drives them, if there is one
SIGNALS = tuple(map(int, signal.valid_signals()))

# Without enums: in a tenth of the time, in which another signal may come.
handler_of: Any = getattr(signal.getsignal, "__wrapped__", signal.getsignal)
set_handler: Any = getattr(signal.signal, "__wrapped__", signal.signal)
if hasattr(signal, "pthread_sigmask"):
    BLOCKED: tuple[Any, ...] = (signal.SIG_BLOCK, SIGNALS)
    mask: Any = getattr(signal.pthread_sigmask, "__wrapped__", signal.pthread_sigmask)
else:
    BLOCKED, mask = (), lambda: None

Over = Callable[[Values], bool]  # whether a process's agents are done, after an update


class After(NamedTuple):
    """What the scene's World does with every update of a process."""

    record: Callable[[Values], object]  # sees it before anybody else does
    over: Over
    shape: Shape

    def of(self, values: "memoryview[float]") -> bool:
        """Show it an update; whether the agents of the process are done."""
        own = scenes_own(values, self.shape)
        self.record(own)
        return self.over(own)


def run(
    scene: Loaded, table: Table, slot: int, generation: int, job: Job, lifeline: Lifeline
) -> NoReturn:
    """Drive the agents of `slot`, in a process that has been spawned for it."""

    def settle_in() -> None:
        lead_a_group()
        restore_environment()
        keep_channels_private()
        die_with_parent()
        lifeline.cut()
        give_way()

    limit(job.threads)
    definition = scenes.find_for_movers(job.scene, job.fields)
    work(table, slot, generation, job, definition, settle_in)


def work(
    table: Table,
    slot: int,
    generation: int,
    job: Job,
    definition: scenes.Definition,
    settle_in: Callable[[], None],
    passage: Passage | None = None,
) -> NoReturn:
    """Drive the agents of `slot` until the work is done or the parent is gone.

    `generation` counts the processes that held the slot before: the next one makes other choices.
    `settle_in` is what a process has to do first, by the way in which it was started, and `passage`
    what it waits for behind its first update.
    """
    status = 1
    part = Slice(table, slot)
    part.row[PID] = os.getpid()
    log = Log(job.log, part.first_agent, generation) if job.log else None
    printed = Printed(part, log)
    sys.stdout = sys.stderr = printed
    try:
        settle_in()
        mark()
        keep_stdout_private(log.path if log else "")
        without_terminal()
        drive(table, part, Pace(table, passage=passage), job, definition, generation)
        status = 0
    except BaseException as error:
        try:
            status = conclude(printed, error)
        except BaseException:  # raised by a handler of the behaviour, before or while it was
            try:  # taken out; without a loop, at whose turns another one could come
                status = conclude(printed, error)
            except BaseException:
                status = conclude(printed, error)
    finally:
        # Without atexit, threads or finalizers: nothing of the behaviour can hold it up.
        os._exit(status)


def drive(
    table: Table,
    part: Slice,
    pace: Pace,
    job: Job,
    definition: scenes.Definition,
    generation: int,
) -> None:
    """Let the behaviour drive its agents until its work is done."""
    own = job.behaviour(part.first_agent // table.per_process)
    behaviour = loaded(table, part, job, definition, own)
    if not hasattr(behaviour, "drive"):
        stepping = (InStep if table.beat else Freely)(table, part, pace, job)
        step_all(behaviour, own, table, part, stepping, job, definition, generation)
        stepping.leave()
    elif table.beat:
        raise TypeError("drive() makes steps of its own; --lockstep needs a class Mover")
    elif why := unrun(behaviour.drive(table, part, pace, job)):
        raise TypeError(f"drive() {why}")
    part.row[STATE] = State.DONE


def loaded(
    table: Table, part: Slice, job: Job, definition: scenes.Definition, own: Behaviour
) -> Any:
    """The module of a behaviour; with --reload, what stands for it and changes when it is saved."""
    if not job.reload:
        return load(job.scene, own.mover)
    from game.child.reload import Reloading

    path = definition.file_of(own.mover)
    return Reloading(table, part, path, lambda: load(job.scene, own.mover))


def step_all(
    behaviour: Any,
    own: Behaviour,
    table: Table,
    part: Slice,
    stepping: Stepping,
    job: Job,
    definition: scenes.Definition,
    generation: int,
) -> None:
    """Step each agent and publish the rows, `job.rate` times a simulated second."""
    world = definition.world(job.settings)
    numbers = range(part.first_agent, part.first_agent + part.agents)
    period, shape = 1 / job.rate, shape_of(job, own)
    parameters, published = Parameters(own.parameters), stepping.published
    record = getattr(world, "recorder", unrecorded)(
        table.cells, numbers, part.row[GENERATION], period
    )
    after = After(record, getattr(world, "over", endless), shape)
    if part.agents >= CROWD_FROM and hasattr(behaviour, "Crowd"):
        seed = f"{job.seed}/{part.first_agent}/{generation}"
        group = Group(numbers, seed, job.rate, world, published, parameters, part.keys)
        step_crowd(behaviour.Crowd(group), part, stepping, period, after)
        return

    def agent(n: int) -> Any:
        own_chance, others = chance(job.seed, n, generation), Others(published, n)
        return definition.agent_class(n, own_chance, job.rate, world, others, parameters, part.keys)

    crowd = [behaviour.Mover(agent(n)) for n in numbers]
    while stepping.begins():
        rows = [mover.step(period) for mover in crowd]
        values = rows_of(rows, shape)
        over = after.of(values)
        stepping.publish(values)
        if job.says_updates:
            say_updates(job, definition, numbers, rows)
        if over:
            return


def step_crowd(crowd: Any, part: Slice, stepping: Stepping, period: float, after: After) -> None:
    """Step all agents at once, and publish the array that comes of it as it is."""
    while stepping.begins():
        flat = crowd_of(crowd.step(period), part.agents, after.shape)
        over = after.of(flat)
        stepping.publish(flat)
        if over:
            return


def unrecorded(cells: Any, numbers: range, generation: int, period: float) -> Callable[..., object]:
    """A world that keeps no record of what its agents do."""
    return lambda values: None


def endless(values: Values) -> bool:
    """A world that never comes to an end by itself."""
    return False


def chance(seed: int, number: int, generation: int) -> random.Random:
    """An agent's own source of chance, the same for the same three numbers."""
    return random.Random(f"{seed}/{number}/{generation}")


def say_updates(
    job: Job, definition: scenes.Definition, numbers: range, rows: list[tuple[float, ...]]
) -> None:
    """Print a line for each agent's update."""
    name = job.agent_names(definition)
    own = len(definition.fields)  # what its words are about
    updates = zip(numbers, rows, strict=True)
    say(*(definition.update_line(name(n), tuple(row)[:own]) for n, row in updates))


def conclude(printed: Printed, error: BaseException) -> int:
    """Leave the last words of a behaviour that raised; returns the exit status."""
    mask(*BLOCKED)  # first of all: one call
    deafen()
    if type(error).__name__ == "BdbQuit":  # a debugger that found no terminal: pdb.set_trace()
        printed.conclude(f"BdbQuit: {HOW}", account(error)[1])
        return 1
    if not isinstance(error, SystemExit):
        printed.conclude(*account(error))
        return 1
    status, headline, words = exit_account(error)
    if headline:
        printed.conclude(headline, words)
    return status


def deafen() -> None:
    """Run no handler of the behaviour any more, whichever thread gets the signal: a timer's could
    raise in the middle of all this."""
    for number in SIGNALS:
        if callable(handler_of(number)):
            set_handler(number, signal.SIG_IGN)
