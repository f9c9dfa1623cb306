"""The road's source: reads the array in the mode that is shown, measures, and repairs.

Made by the app in place of the plain TableSource. The writer's process may run flat out, hold
the lock for seconds or die with it (see fault_injection): a read that is not done within a few
milliseconds is put off to the next frame, and the window goes on.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from game.frame import Floats, Frame
from game.meters import Series, tidy
from game.options import Options
from game.parts import Cast
from game.scenes.road import Settings, modes
from game.scenes.road.cells import AT, DELAY, FAULT, HOLDS, MODE, STRESS, WRITES
from game.scenes.road.fault_injection import FaultInjection
from game.scenes.road.figures import SyncFigures, SyncView
from game.shared.table import PACE, STATE, UPDATES, State, Table
from game.sources.own_table import TableSource
from game.sources.ring import Ring

PATIENCE = 0.004  # [s] of a frame that a read may take
READING = 0.003  # [s] of a frame under stress spent on reading again and again
DELAYS = (0.0, 1.0, 5.0, 20.0, 100.0, 500.0)  # [ms] that the keys go through
WAITS = 20_000  # reads of a mode whose waits are kept
RENEW = 0.25  # [s] between two evaluations of the figures on screen


def make_source(
    table: Table, cast: Cast, options: Options, clock: Callable[[], float]
) -> "RoadSource":
    """The source of a run with these options."""
    return RoadSource(table, cast, options.job.settings, options.job.rate, clock)


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


class RoadSource(TableSource):
    """Reads the road once a frame, in the way that is chosen."""

    def __init__(
        self,
        table: Table,
        cast: Cast,
        settings: Settings,
        rate: float,
        clock: Callable[[], float],
    ) -> None:
        """`rate` [Hz] is how many passes a second the writer is asked for."""
        super().__init__(table, rate)
        self.table = table
        self.records = [Record() for _ in modes.NAMES]
        self.frame = self.frame.next(element_wise=True)
        self._positions = Ring((1, self.frame.values.size), self.frame.values.shape)
        self._settings = settings
        self._clock = clock
        self._commands = table.cells.commands
        self._row = table.row(0)
        self._held: Floats = np.zeros(0)  # the positions as they are shown
        self._asked: float | None = None  # [s] when the read under way was begun
        self._torn = False
        self._passes = 0
        self._moment = (-1, -1)  # passes, and elements of the next one, that were read last
        self._before = clock()
        self._figures: dict[str, SyncFigures] = {}
        self._evaluated = -RENEW
        self._mode_since = self._before
        self._fault = FaultInjection(cast, table, settings.look)
        first = "none" if settings.sync == "all" else settings.sync
        self._commands[MODE] = modes.NAMES.index(first)
        self._commands[STRESS] = int(settings.stress)
        self._commands[DELAY] = round(settings.delay * 1000)
        self._modes = modes.make(table)
        cast.before_start = self.renew_lock

    # What a session asks of any source.

    @property
    def shown_torn(self) -> int:
        """Torn reads that were shown, in all modes."""
        return sum(record.torn for record in self.records)

    @property
    def unsettled(self) -> bool:
        """Whether the writer was killed by `kill_writer` and there is no new one yet."""
        return self._fault.under_way

    def read(self, now: float) -> Frame:
        """Read the array in the chosen mode, and everything else as any table is read."""
        frame = super().read(now)
        vehicles = len(frame.agents)
        self._count(now)
        self._fault.look(now, self.mode)
        if vehicles and self._row[STATE] == State.DONE:
            self._held = np.frombuffer(self.table.slice(0)[:vehicles].tobytes())
        elif vehicles:
            self._read_for_a_frame(vehicles)
        self._tour(now)
        values = self._positions.take().shown
        values[vehicles:] = 0.0
        # Before a writer's first read there is nothing to show but its start: the plain copy may
        # be torn.
        values[:vehicles, 0] = self._held[:vehicles] if len(self._held) >= vehicles else 0.0
        self.frame = frame.next(values=values, extra=self._view(now))
        return self.frame

    def measured(self) -> dict[str, SyncFigures]:
        """What was measured in each mode."""
        return {
            name: record.figures() for name, record in zip(modes.NAMES, self.records, strict=True)
        }

    def figures(self) -> dict[str, Any]:
        """What was measured of each way to share, for --stats."""
        return {"sync": {name: told(figures) for name, figures in self.measured().items()}}

    def reset_silence(self, now: float) -> None:
        """Let all ages begin anew."""
        super().reset_silence(now)
        self._before = now

    # What the keys do.

    def next_mode(self) -> str:
        """Go on to the next mode; returns its name. A dead writer is replaced first."""
        if self.unsettled:
            return self.mode
        self._commands[MODE] = (self._commands[MODE] + 1) % len(modes.NAMES)
        self._asked, self._torn, self._fault.notice = None, False, ""
        self._modes = modes.make(self.table)
        self._mode_since = self._clock()
        return self.mode

    @property
    def mode(self) -> str:
        """The name of the mode that is shown."""
        name: str = modes.NAMES[self._commands[MODE]]
        return name

    def toggle_stress(self) -> bool:
        """Let the writer run flat out, or at its rate."""
        self._commands[STRESS] = 1 - self._commands[STRESS]
        return bool(self._commands[STRESS])

    def change_delay(self, steps: int) -> float:
        """Make the pause between two elements longer or shorter; returns it [ms]."""
        now = self._commands[DELAY] / 1000
        at = min(range(len(DELAYS)), key=lambda i: abs(DELAYS[i] - now))
        delay = DELAYS[max(0, min(len(DELAYS) - 1, at + steps))]
        self._commands[DELAY] = round(delay * 1000)
        return delay

    def kill_writer(self) -> None:
        """Have the writer killed in the middle of its next pass."""
        self._fault.inject()

    def renew_lock(self, slot: int = 0) -> None:
        """Give the array a new lock, for a writer that is about to start.

        The crew calls it before each start, whoever asked for that.
        """
        self.table.cells.renew_lock()
        self._commands[HOLDS] = self._commands[WRITES] = self._commands[AT] = 0
        self._modes = modes.make(self.table)
        self._asked, self._held = None, np.zeros(0)
        self._fault.repaired(self._clock(), self.mode)

    # A frame, part by part.

    def _read_for_a_frame(self, vehicles: int) -> None:
        """Read once, or under stress for a few milliseconds; a torn copy is the one shown."""
        end = self._clock() + (READING if self._commands[STRESS] else 0.0)
        shown: Floats | None = None
        self._torn = False
        while True:
            copy = self._read(vehicles)
            if copy is None:
                self.records[self._commands[MODE]].missed += shown is None and not self._paused
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
        if self._commands[WRITES] != 1 + self._commands[MODE]:
            return None  # the writer is still in a pass of the mode before
        if self._inside and self.mode == "lock":
            self._asked = None  # nobody waits for a lock that is kept until the pause is over
            return None
        asked = self._clock()
        if self._asked is None:
            self._asked = asked
        found = self._modes[self._commands[MODE]].read(vehicles, PATIENCE)
        if found is None:
            return None
        copy = np.frombuffer(found)
        if self._is_news():
            record.add(self._clock() - self._asked, bool((copy != copy[0]).any()))
        self._asked = None
        return copy

    @property
    def _paused(self) -> bool:
        return not self.table.control[PACE]

    @property
    def _inside(self) -> int:
        """Elements done of the pass in which the writer is paused; 0: it is in none, or dead."""
        works = self._row[STATE] == State.RUNNING and not self._commands[FAULT]
        return int(self._commands[AT]) if works and self._paused else 0

    def _is_news(self) -> bool:
        """Whether a read counts: in a pause one moment is read again and again."""
        before, self._moment = self._moment, (self._row[UPDATES], self._commands[AT])
        return not self._paused or self._moment != before

    def _count(self, now: float) -> None:
        """Count the writer's passes and the time they took."""
        passes = self._row[UPDATES]
        record = self.records[max(0, self._commands[WRITES] - 1)]
        record.passes += passes - self._passes if passes >= self._passes else passes
        self._passes = passes
        if self.table.control[PACE]:
            record.seconds += now - self._before
        self._before = now

    def _tour(self, now: float) -> None:
        """With "all", go on to the next mode when its time is over."""
        if self._settings.sync == "all" and now - self._mode_since > self._settings.tour:
            self.next_mode()

    def _view(self, now: float) -> SyncView:
        if now - self._evaluated >= RENEW:
            self._figures, self._evaluated = self.measured(), now
        commands = self._commands
        waiting = now - self._asked if self._asked is not None else 0.0
        alarm = self._fault.alarm(now, self.mode)
        delay = commands[DELAY] / 1000
        return SyncView(
            self.mode,
            self._figures,
            self._torn,
            bool(commands[STRESS]),
            delay,
            waiting,
            alarm,
            self._fault.notice,
            self._inside,
        )


def told(figures: SyncFigures) -> dict[str, Any]:
    """The figures of one way to share, as --stats writes them."""
    median, p99, most = (tidy(wait) for wait in (figures.median, figures.p99, figures.most))
    return {
        "reads": figures.reads,
        "torn": figures.torn,
        "missed": figures.missed,
        "wait_ms": {"median": median, "p99": p99, "max": most},
        "passes_per_s": tidy(figures.passes),
    }
