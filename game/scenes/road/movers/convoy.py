"""Moves all vehicles by one step, one after the other, in the way that is being shown."""

from time import perf_counter

from game.child.job import Job
from game.child.pace import Pace
from game.child.printed import say
from game.scenes.road import modes, whole_list
from game.scenes.road.cells import AT, DELAY, FAULT, HOLDS, IN_RUN, MODE, RUN, STRESS, WRITES
from game.shared.table import STATE, UPDATES, Slice, State, Table

STEP = 1.0  # [m] as in the tutorial, which adds 1
GLANCE = 0.05  # [s] between two looks at the commands, in the middle of a pass


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
        commands[AT], commands[WRITES] = 0, 1 + commands[MODE]
        made += 1
        if job.says_updates:
            agents = [(float(p),) for p in table.slice(0)[: part.agents]]
            say(f"Writer: {whole_list(agents)}")
        pace.wait(0.0 if commands[STRESS] else 1 / job.rate)


class Between:
    """What happens between two elements of a pass: the delay, a pause, and the injected fault."""

    def __init__(self, commands: "memoryview[int]", part: Slice, pace: Pace) -> None:
        self.mode = 0  # that the pass is written in
        self._commands = commands
        self._part = part
        self._half = max(1, part.agents // 2)
        self._pace = pace

    def __call__(self, done: int) -> None:
        commands = self._commands
        if 0 < done < self._part.agents and self._slow:
            self._linger(done)
        # Seqlock alone calls with 0: while it shows an odd sequence number.
        if commands[FAULT] and done == (0 if modes.NAMES[self.mode] == "seqlock" else self._half):
            commands[HOLDS] = 1
            while commands[FAULT]:
                self._pace.pause(0.1)
            commands[HOLDS] = 0

    @property
    def _slow(self) -> bool:
        """Whether there is a delay in this pass; one of the mode before, or in which the fault is
        to come, goes on as fast as it can."""
        commands = self._commands
        return bool(commands[DELAY] and commands[MODE] == self.mode and not commands[FAULT])

    def _linger(self, done: int) -> None:
        """Wait for the delay; in a pause until it is over, or a single step is granted.

        In the first pass the pause comes behind it: before, there is nothing to see.
        """
        stops = self._part.row[UPDATES] > 0
        self._commands[AT] = done if stops else 0
        end = perf_counter() + self._commands[DELAY] / 1e6
        while self._slow and (stops or not self._pace.paused):
            left = GLANCE if self._pace.paused else end - perf_counter()
            if left <= 0 or (stops and self._pace.take_step()):
                return
            self._pace.pause(min(left, GLANCE))
