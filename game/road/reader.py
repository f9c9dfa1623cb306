"""The road's reader: reads the array in the mode that is shown, measures, and mends.

Called by the arena in place of the plain TableReader. The writer's process may run flat out,
hold the lock for seconds or die with it (game.road.trap): a read that is not done within a few
milliseconds is put off to the next frame, and the window goes on.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from game import sync
from game.crew.crew import Crew
from game.reader import TableReader
from game.road.trap import Trap
from game.snapshot import Floats, Snapshot, SyncFigures, SyncView
from game.stats import Series
from game.table import LENS, MODE, PACE, STATE, STRESS, UPDATES, WRITES, State

PATIENCE = 0.004  # [s] of a frame that a read may take
READING = 0.003  # [s] of a frame under stress spent on reading again and again
LENSES = (0.0, 1.0, 5.0, 20.0, 100.0, 500.0)  # [ms] that the keys go through
TOUR = 3.0  # [s] for each mode when all are shown in turn
WAITS = 20_000  # reads of a mode whose waits are kept
RENEW = 0.25  # [s] between two evaluations of the figures on screen


class Setting(NamedTuple):
    """How the road starts."""

    mode: str  # one of sync.NAMES, or "all" to show each in turn
    stress: bool  # the writer runs flat out
    lens: float  # [ms] between two elements of a pass
    tour: float = TOUR  # [s] for each mode with "all"
    look: float = 2.5  # [s] to look at the dead writer's lock before it is mended


class Record:
    """What was measured in one mode."""

    def __init__(self) -> None:
        self.reads = self.torn = self.missed = self.passes = 0
        self.seconds = 0.0  # the mode was shown and time was running
        self._waits = Series(WAITS)  # from asking for a copy to having it

    def add(self, wait: float, torn: bool) -> None:
        """Note a read."""
        self.reads += 1
        self.torn += torn
        self._waits.add(wait)

    def figures(self) -> SyncFigures:
        """The figures of the mode so far."""
        median, p99, most = (wait or 0.0 for wait in self._waits.summary().values())
        rate = self.passes / self.seconds if self.seconds else 0.0
        return SyncFigures(self.reads, self.torn, self.missed, median, p99, most, rate)


class RoadReader:
    """Reads the road once a frame, in the way that is chosen."""

    def __init__(self, crew: Crew, setting: Setting, clock: Callable[[], float]) -> None:
        self.table = crew.table
        self.records = [Record() for _ in sync.NAMES]
        self._plain = TableReader(crew.table)  # for everything but the positions
        self._crew = crew
        self._setting = setting
        self._clock = clock
        self._commands = crew.table.books
        self._row = crew.table.row(0)
        self._held: Floats = np.zeros(0)  # the positions as they are shown
        self._asked: float | None = None  # [s] when the read under way was begun
        self._torn = False
        self._passes = 0
        self._before = clock()
        self._figures: dict[str, SyncFigures] = {}
        self._evaluated = -RENEW
        self._mode_since = self._before
        self._trap = Trap(crew, setting.look)
        self._commands[MODE] = 0 if setting.mode == "all" else sync.NAMES.index(setting.mode)
        self._commands[STRESS] = int(setting.stress)
        self._commands[LENS] = round(setting.lens * 1000)
        crew.before_start = self.renew_lock

    # What the arena asks of any reader.

    @property
    def snapshot(self) -> Snapshot:
        """What is shown."""
        return self._plain.snapshot

    @property
    def updates(self) -> int:
        """Updates seen so far."""
        return self._plain.updates

    @property
    def rejected(self) -> int:
        """Rows that the seqlock kept back."""
        return self._plain.rejected

    @property
    def shown_torn(self) -> int:
        """Torn reads that were shown, in all modes."""
        return sum(record.torn for record in self.records)

    def refresh(self, now: float) -> Snapshot:
        """Read the array in the chosen mode and put it into the snapshot."""
        snapshot = self._plain.refresh(now)
        vehicles = len(snapshot.agents)
        self._count(now)
        self._trap.look(now, self.mode)
        if vehicles and self._row[STATE] == State.DONE:
            self._held = np.frombuffer(self.table.slice(0)[:vehicles].tobytes())
        elif vehicles:
            self._read_for_a_frame(vehicles)
        # Before a writer's first read there is nothing to show but its start: the plain copy may
        # be torn.
        held = self._held[:vehicles] if len(self._held) >= vehicles else 0.0
        snapshot.values[:vehicles, 0] = held
        self._tour(now)
        snapshot.sync = self._view(now)
        return snapshot

    def figures(self) -> dict[str, SyncFigures]:
        """What was measured in each mode."""
        return {
            name: record.figures() for name, record in zip(sync.NAMES, self.records, strict=True)
        }

    def forgive(self, now: float) -> None:
        """Let all ages begin anew."""
        self._plain.forgive(now)
        self._before = now

    # What the keys do.

    def next_mode(self) -> str:
        """Go on to the next mode; returns its name. A dead writer is mended first."""
        if self.mending:
            return self.mode
        self._commands[MODE] = (self._commands[MODE] + 1) % len(sync.NAMES)
        self._asked, self._torn, self._trap.notice = None, False, ""
        self._modes = sync.make(self.table)
        self._mode_since = self._clock()
        return self.mode

    @property
    def mode(self) -> str:
        """The name of the mode that is shown."""
        return sync.NAMES[self._commands[MODE]]

    @property
    def mending(self) -> bool:
        """Whether the writer was killed by `kill_writer` and there is no new one yet."""
        return self._trap.sprung

    def toggle_stress(self) -> bool:
        """Let the writer run flat out, or at its rate."""
        self._commands[STRESS] = 1 - self._commands[STRESS]
        return bool(self._commands[STRESS])

    def change_lens(self, steps: int) -> float:
        """Make the pause between two elements longer or shorter; returns it [ms]."""
        now = self._commands[LENS] / 1000
        at = min(range(len(LENSES)), key=lambda i: abs(LENSES[i] - now))
        lens = LENSES[max(0, min(len(LENSES) - 1, at + steps))]
        self._commands[LENS] = round(lens * 1000)
        return lens

    def kill_writer(self) -> None:
        """Have the writer killed in the middle of its next pass."""
        self._trap.set()

    def renew_lock(self) -> None:
        """Give the array a new lock, for a writer that is about to start.

        The crew calls it before each start, whoever asked for that.
        """
        # A lock that a dead process holds cannot be mended: it has no owner to give it back.
        self.table.lock = self._crew.context.RLock()
        self._modes = sync.make(self.table)
        self._asked, self._held = None, np.zeros(0)
        self._trap.mended(self._clock(), self.mode)

    # A frame, part by part.

    def _read_for_a_frame(self, vehicles: int) -> None:
        """Read once, or under stress for a few milliseconds; a torn copy is the one shown."""
        end = self._clock() + (READING if self._commands[STRESS] else 0.0)
        shown: Floats | None = None
        self._torn = False
        while True:
            copy = self._read(vehicles)
            if copy is None:
                self.records[self._commands[MODE]].missed += shown is None
                break
            if shown is None or not self._torn or (copy != copy[0]).any():
                shown = copy
            self._torn |= bool((copy != copy[0]).any())
            if self._clock() >= end:
                break
        if shown is not None:
            self._held = shown

    def _read(self, vehicles: int) -> Floats | None:
        record = self.records[self._commands[MODE]]
        if self._row[WRITES] != 1 + self._commands[MODE]:
            return None  # the writer is still in a pass of the mode before
        asked = self._clock()
        if self._asked is None:
            self._asked = asked
        found = self._modes[self._commands[MODE]].read(vehicles, PATIENCE)
        if found is None:
            return None
        copy = np.frombuffer(found)
        record.add(self._clock() - self._asked, bool((copy != copy[0]).any()))
        self._asked = None
        return copy

    def _count(self, now: float) -> None:
        """Count the writer's passes and the time they took."""
        passes = self._row[UPDATES]
        record = self.records[max(0, self._row[WRITES] - 1)]
        record.passes += passes - self._passes if passes >= self._passes else passes
        self._passes = passes
        if self._commands[PACE]:
            record.seconds += now - self._before
        self._before = now

    def _tour(self, now: float) -> None:
        """With "all", go on to the next mode when its time is over."""
        if self._setting.mode == "all" and now - self._mode_since > self._setting.tour:
            self.next_mode()

    def _view(self, now: float) -> SyncView:
        if now - self._evaluated >= RENEW:
            self._figures, self._evaluated = self.figures(), now
        commands = self._commands
        waiting = now - self._asked if self._asked is not None else 0.0
        alarm = self._trap.alarm(now, self.mode)
        lens = commands[LENS] / 1000
        return SyncView(
            self.mode,
            self._figures,
            self._torn,
            bool(commands[STRESS]),
            lens,
            waiting,
            alarm,
            self._trap.notice,
        )
