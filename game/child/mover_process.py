"""What runs in a mover's own process: load the behaviour, step, publish, leave.

Called in a process that was spawned (run) or forked (work) for it. Only strings, numbers and the
shared table cross the border, so a behaviour that cannot even be imported fails here and nowhere
else.
"""

import importlib
import os
import random
import sys
import traceback
from array import array
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, NoReturn

from game import scenes
from game.agent import Agent, Group, Values
from game.child.children import mark
from game.child.job import Job, Loaded
from game.child.pace import Gate, Pace
from game.child.parent_watch import (
    die_with_parent,
    give_way,
    keep_channels_private,
    lead_a_group,
    restore_environment,
)
from game.child.printed import Printed, keep_stdout_private, say
from game.shared.table import PID, STATE, Slice, State, Table

CROWD_FROM = 64  # agents of a process from which its Crowd drives them, if there is one

Over = Callable[[Values], bool]  # whether a process's agents are done, after an update


def run(scene: Loaded, table: Table, slot: int, generation: int, job: Job) -> NoReturn:
    """Drive the agents of `slot`, in a process that has been spawned for it."""

    def settle_in() -> None:
        lead_a_group()
        restore_environment()
        keep_channels_private()
        die_with_parent()
        give_way()

    definition = scenes.find_for_movers(job.scene, job.fields)
    work(table, slot, generation, job, definition, settle_in)


def work(
    table: Table,
    slot: int,
    generation: int,
    job: Job,
    definition: scenes.Definition,
    settle_in: Callable[[], None],
    gate: Gate | None = None,
) -> NoReturn:
    """Drive the agents of `slot` until the work is done or the parent is gone.

    `generation` counts the processes that held the slot before: the next one makes other choices.
    `settle_in` is what a process has to do first, by the way in which it was started, and `gate`
    what it waits for behind its first update.
    """
    status = 1
    part = Slice(table, slot)
    part.row[PID] = os.getpid()
    printed = Printed(part)
    sys.stdout = sys.stderr = printed
    try:
        settle_in()
        mark()
        keep_stdout_private()
        drive(table, part, Pace(table, gate=gate), job, definition, generation)
        status = 0
    except SystemExit as leaving:
        status = exit_status(leaving)
    except BaseException as error:
        headline, trace = account(error)
        between = "" if printed.text.endswith("\n") or not printed.text else "\n"
        part.leave_note(headline, printed.text + between + trace)
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
    behaviour = load(job.scene, job.mover)
    if hasattr(behaviour, "drive"):
        behaviour.drive(table, part, pace, job)
    else:
        step_all(behaviour, part, pace, job, definition, generation)
    part.row[STATE] = State.DONE


def step_all(
    behaviour: ModuleType,
    part: Slice,
    pace: Pace,
    job: Job,
    definition: scenes.Definition,
    generation: int,
) -> None:
    """Step each agent and publish the rows, `job.rate` times a simulated second."""
    world = definition.world(job.settings)
    over: Over = getattr(world, "over", endless)
    numbers = range(part.first_agent, part.first_agent + part.agents)
    period = 1 / job.rate
    if part.agents >= CROWD_FROM and hasattr(behaviour, "Crowd"):
        seed = f"{job.seed}/{part.first_agent}/{generation}"
        crowd = behaviour.Crowd(Group(numbers, seed, job.rate, world))
        step_crowd(crowd, part, pace, period, job.updates, over)
        return
    crowd = [
        behaviour.Mover(Agent(n, chance(job.seed, n, generation), job.rate, world)) for n in numbers
    ]
    made = 0
    while not job.updates or made < job.updates:
        rows = [mover.step(period) for mover in crowd]
        values = flatten(rows, job.fields)
        part.publish(values)
        part.row[STATE] = State.RUNNING
        made += 1
        if job.says_updates:
            say_updates(job, definition, numbers, rows)
        if over(values):
            return
        pace.wait(period)


def step_crowd(
    crowd: Any,
    part: Slice,
    pace: Pace,
    period: float,
    updates: int,
    over: Over,
) -> None:
    """Step all agents at once, and publish the array that comes of it as it is."""
    made = 0
    while not updates or made < updates:
        values = memoryview(crowd.step(period))
        if values.format != "d" or values.nbytes != part.size * 8 or not values.c_contiguous:
            shape = "x".join(map(str, values.shape or ()))
            raise ValueError(
                f"Crowd.step() returned an array of {shape} {values.format!r}, "
                f"wanted {part.size} values 'd' in one piece"
            )
        flat = values.cast("B").cast("d")
        part.publish(flat)
        part.row[STATE] = State.RUNNING
        made += 1
        if over(flat):
            return
        pace.wait(period)


def endless(values: Values) -> bool:
    """A world that never comes to an end by itself."""
    return False


def chance(seed: int, number: int, generation: int) -> random.Random:
    """An agent's own source of chance, the same for the same three numbers."""
    return random.Random(f"{seed}/{number}/{generation}")


def flatten(rows: list[tuple[float, ...]], fields: Any) -> "memoryview[float]":
    """The rows of some agents side by side, float64; ValueError where one is none."""
    values, last = array("d"), 0
    for row in rows:
        last += len(fields)
        if hasattr(row, "__len__"):  # else it might never end
            with suppress(TypeError):
                values.extend(row)
        if len(values) != last:
            wanted = ", ".join(f"{name} [{unit}]" for name, unit in fields.items())
            raise ValueError(f"step() returned {row!r:.80}, wanted {len(fields)} values: {wanted}")
    return memoryview(values)


def say_updates(
    job: Job, definition: scenes.Definition, numbers: range, rows: list[tuple[float, ...]]
) -> None:
    """Print a line for each agent's update."""
    name = definition.names(job.names)
    say(*(definition.update_line(name(n), row) for n, row in zip(numbers, rows, strict=True)))


def load(scene: str, mover: str) -> ModuleType:
    """The module of a behaviour: one of the scene's own by name, else the file at a path."""
    if not mover.endswith(".py"):
        return importlib.import_module(f"game.scenes.{scene}.movers.{mover}")
    path = os.path.abspath(mover)
    name = os.path.basename(path).removesuffix(".py")
    sys.path.insert(0, os.path.dirname(path))  # so that it may import its neighbours
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    module = ModuleType(name)
    module.__file__ = path
    if scene and os.path.dirname(os.path.dirname(path)) == scene:  # one of a folder from outside
        module.__package__ = f"{scenes.module_name(scene)}.movers"
    sys.modules[name] = module  # dataclasses and pickle look their module up here
    exec(code, module.__dict__)
    if not hasattr(module, "Mover") and not hasattr(module, "drive"):
        raise AttributeError(f"{path} has no class Mover")
    return module


def account(error: BaseException) -> tuple[str, str]:
    """An exception in a line, and its traceback without the frames of this file."""
    words = traceback.format_exception_only(error)[-1].strip().splitlines()
    message = str(error).strip().splitlines()
    headline = f"{type(error).__name__}: {message[0]}" if message else words[0]
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    if trace is None:
        return headline, ""
    return headline, "".join(traceback.format_exception(type(error), error, trace))


def exit_status(leaving: SystemExit) -> int:
    """The exit status that Python gives a SystemExit."""
    code = leaving.code
    return code if isinstance(code, int) else int(code is not None)
