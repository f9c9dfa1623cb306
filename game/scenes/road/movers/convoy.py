"""Moves all vehicles by one step, one after the other, in the way that is being shown."""

from game.child.job import Job
from game.child.pace import Pace
from game.child.printed import say
from game.scenes.road import modes, whole_list
from game.scenes.road.cells import DELAY, FAULT, HOLDS, IN_RUN, MODE, RUN, STRESS, WRITES
from game.shared.table import STATE, Slice, State, Table

STEP = 1.0  # [m] as in the tutorial, which adds 1


def drive(table: Table, part: Slice, pace: Pace, job: Job) -> None:
    """Make one pass after the other; which way, how fast and with what pauses is in the cells."""
    ways, commands = modes.make(table), table.cells.commands
    between = Between(commands, part, pace)
    made = 0
    while not job.updates or made < job.updates:
        between.mode = commands[MODE]
        commands[IN_RUN], commands[WRITES] = commands[RUN], 1 + between.mode
        ways[between.mode].write(part.agents, STEP, between)
        part.row[STATE] = State.RUNNING
        made += 1
        if job.says_updates:
            agents = [(float(p),) for p in table.slice(0)[: part.agents]]
            say(f"Writer: {whole_list(agents)}")
        pace.wait(0.0 if commands[STRESS] else 1 / job.rate)


class Between:
    """What happens between two elements of a pass: the delay, and the injected fault."""

    def __init__(self, commands: "memoryview[int]", part: Slice, pace: Pace) -> None:
        self.mode = 0  # that the pass is written in
        self._commands = commands
        self._vehicles, self._half = part.agents, max(1, part.agents // 2)
        self._pace = pace

    def __call__(self, done: int) -> None:
        commands = self._commands
        if commands[DELAY] and commands[MODE] == self.mode and 0 < done < self._vehicles:
            self._pace.pause(commands[DELAY] / 1e6)
        # Seqlock alone calls with 0: while it shows an odd sequence number.
        if commands[FAULT] and done == (0 if modes.NAMES[self.mode] == "seqlock" else self._half):
            commands[HOLDS] = 1
            while commands[FAULT]:
                self._pace.pause(0.1)
            commands[HOLDS] = 0
