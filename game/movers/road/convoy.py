"""Moves all vehicles by one step, one after the other, in the way that is being shown."""

from game import sync
from game.child.mover_process import Job, say
from game.child.pace import Pace
from game.movers.road import whole_list
from game.table import HOLDS, LENS, MODE, STATE, STRESS, TRAP, WRITES, Slice, State, Table

STEP = 1.0  # [m] as in the tutorial, which adds 1


def drive(table: Table, part: Slice, pace: Pace, job: Job) -> None:
    """Make one pass after the other; which way, how fast and with what pauses is in the table."""
    modes = sync.make(table)
    commands = table.books
    between = Between(table, part, pace)
    made = 0
    while not job.updates or made < job.updates:
        between.mode = commands[MODE]
        part.row[WRITES] = 1 + between.mode
        modes[between.mode].write(part.agents, STEP, between)
        part.row[STATE] = State.RUNNING
        made += 1
        if job.says_updates:
            agents = [(float(p),) for p in table.slice(0)[: part.agents]]
            say(f"Writer: {whole_list(agents)}")
        pace.wait(0.0 if commands[STRESS] else 1 / job.rate)


class Between:
    """What happens between two elements of a pass: the lens's pause, and the trap."""

    def __init__(self, table: Table, part: Slice, pace: Pace) -> None:
        self.mode = 0  # that the pass is written in
        self._commands = table.books
        self._row = part.row
        self._half = max(1, part.agents // 2)
        self._pace = pace

    def __call__(self, done: int) -> None:
        commands = self._commands
        if commands[LENS] and commands[MODE] == self.mode and done:
            self._pace.pause(commands[LENS] / 1e6)
        # Seqlock alone calls with 0: while it shows an odd sequence number.
        if commands[TRAP] and done == (0 if sync.NAMES[self.mode] == "seqlock" else self._half):
            self._row[HOLDS] = 1
            while commands[TRAP]:
                self._pace.pause(0.1)
            self._row[HOLDS] = 0
