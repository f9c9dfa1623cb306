"""The road's source: reads the array in the mode that is shown, measures, and repairs.

Made by the app in place of the plain TableSource. The writer's process may run flat out, hold
the lock for seconds or die with it (see fault_injection): a read that is not done within a few
milliseconds is put off to the next frame, and the window goes on.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from game.frame import Floats, Frame
from game.options import Options
from game.parts import Cast
from game.scenes.road import Settings, modes
from game.scenes.road.cells import AT, DELAY, FAULT, MODE, STRESS, WRITES
from game.scenes.road.fault_injection import FaultInjection
from game.scenes.road.figures import SyncFigures, SyncView
from game.scenes.road.measuring import Measuring
from game.scenes.road.record import told
from game.shared.table import PACE, PACE_ONE, STATE, UPDATES, State, Table
from game.sources.own_table import TableSource
from game.sources.ring import Ring

PATIENCE = 0.004  # [s] of a frame that a read may take
READING = 0.003  # [s] of a frame under stress spent on reading again and again
DELAYS = (0.0, 1.0, 5.0, 20.0, 100.0, 500.0)  # [ms] that the keys go through
RENEW = 0.25  # [s] between two evaluations of the figures on screen


def make_source(
    table: Table, cast: Cast, options: Options, clock: Callable[[], float]
) -> "RoadSource":
    """The source of a run with these options."""
    return RoadSource(table, cast, options.job.settings, options.job.rate, clock)


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
        self.frame = self.frame.next(element_wise=True)
        self._positions = Ring((1, self.frame.values.size), self.frame.values.shape)
        self._settings = settings
        self._clock = clock
        self._commands = table.cells.commands
        self._row = table.row(0)
        self._held: Floats = np.zeros(0)  # the positions as they are shown
        self._held_in = ""  # the mode in which they were read; "": they are a writer's start
        self._torn = False
        self._period = 1 / rate  # [s] between two passes
        self._moment = (-1, -1)  # passes, and elements of the next one, that were read last
        self._evaluated = -RENEW
        self._mode_since = clock()
        self._fault = FaultInjection(cast, table, settings.look)
        first = "none" if settings.sync == "all" else settings.sync
        self._commands[MODE] = modes.NAMES.index(first)
        self._commands[STRESS] = int(settings.stress)
        self._commands[DELAY] = round(settings.delay * 1000)
        self._measuring = Measuring(table, clock())
        self._figures = self.measured()
        self._modes = modes.make(table)
        cast.before_start = self.renew_lock

    # What a session asks of any source.

    @property
    def shown_torn(self) -> int:
        """Torn reads that were shown, in all modes."""
        return self._measuring.torn

    @property
    def unsettled(self) -> bool:
        """Whether the writer was killed by `kill_writer` and there is no new one yet."""
        return self._fault.under_way

    def read(self, now: float) -> Frame:
        """Read the array in the chosen mode, and everything else as any table is read."""
        frame = super().read(now)
        vehicles = len(frame.agents)
        self._measuring.follow(now, vehicles)
        self._fault.look(now, self.mode)
        if vehicles and self._row[STATE] == State.DONE:
            self._held = np.frombuffer(self.table.slice(0)[:vehicles].tobytes())
            self._held_in = self.mode
        elif vehicles:
            self._read_for_a_frame(vehicles)
        self._tour(now)
        values = self._positions.take().shown
        values[vehicles:] = 0.0
        # Before a writer's first read there is nothing to show but its start: the plain copy may
        # be torn.
        values[:vehicles, 0] = self._held[:vehicles] if len(self._held) >= vehicles else 0.0
        expected = self._expected(vehicles)
        self.frame = frame.next(values=values, expected=expected, extra=self._view(now))
        return self.frame

    def measured(self) -> Mapping[str, SyncFigures]:
        """What was measured in each mode, under the conditions of now."""
        return self._measuring.run().figures

    def figures(self) -> dict[str, Any]:
        """What was measured of each way to share, for --stats: in the last run of figures, and in
        the one before."""
        earlier = self._measuring.earlier
        now = told(self._measuring.run())
        return {**now, "sync_earlier": told(earlier) if earlier else None}

    def reset_silence(self, now: float) -> None:
        """Let all ages begin anew."""
        super().reset_silence(now)
        self._measuring.skip(now)

    # What the keys do.

    def next_mode(self) -> str:
        """Go on to the next mode; returns its name. A dead writer is replaced first."""
        if self.unsettled:
            return self.mode
        self._commands[MODE] = (self._commands[MODE] + 1) % len(modes.NAMES)
        self._measuring.give_up()
        self._torn, self._fault.notice = False, ""
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

    def begin_run(self) -> None:
        """Begin a run of figures; the one before is the earlier one from now on."""
        self._measuring.begin_run()

    def kill_writer(self) -> None:
        """Have the writer killed in the middle of its next pass."""
        self._fault.inject()

    def renew_lock(self, slot: int = 0) -> None:
        """Give the array a new lock, for a writer that is about to start.

        The crew calls it before each start, whoever asked for that.
        """
        self.table.cells.renew_lock()
        self._measuring.give_up()  # of which the writer's answers tell
        self.table.cells.clear_answers()
        self._modes = modes.make(self.table)
        self._held, self._held_in = np.zeros(0), ""
        self._fault.repaired(self._clock(), self.mode)

    # A frame, part by part.

    def _expected(self, vehicles: int) -> float:
        """How long a pass takes at the rate that is asked for, with its pauses [s]."""
        if pace := self.table.control[PACE]:
            self._period = PACE_ONE / pace / self._rate
        delay: float = self._commands[DELAY] / 1e6
        return self._period + max(0, vehicles - 1) * delay

    def _read_for_a_frame(self, vehicles: int) -> None:
        """Read once, or under stress for a few milliseconds; a torn copy is the one shown."""
        end = self._clock() + (READING if self._commands[STRESS] else 0.0)
        shown: Floats | None = None
        self._torn = False
        while True:
            copy = self._read(vehicles)
            if copy is None:
                self._measuring.record().missed += shown is None and not self._paused
                break
            if shown is None or not self._torn or (copy != copy[0]).any():
                shown = copy
            self._torn |= bool((copy != copy[0]).any())
            if self._clock() >= end:
                break
        if shown is not None:
            self._held, self._held_in = shown, self.mode

    def _read(self, vehicles: int) -> Floats | None:
        if self._commands[WRITES] != 1 + self._commands[MODE]:
            return None  # the writer is still in a pass of the mode before
        measuring, began = self._measuring, self._clock()
        if self._inside and self.mode == "lock":
            measuring.give_up()  # nobody waits for a lock that is kept until the pause is over
            return None
        reading = measuring.reading or measuring.begin(self._modes[self._commands[MODE]], began)
        found = reading.mode.read(vehicles, PATIENCE)
        now = self._clock()
        reading.spent += now - began
        if found is None:
            return None
        copy = np.frombuffer(found)
        measuring.end(now, bool((copy != copy[0]).any()), self._is_news())
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

    def _tour(self, now: float) -> None:
        """With "all", go on to the next mode when its time is over."""
        if self._settings.sync == "all" and now - self._mode_since > self._settings.tour:
            self.next_mode()

    def _view(self, now: float) -> SyncView:
        if now - self._evaluated >= RENEW:
            self._figures, self._evaluated = self.measured(), now
        commands = self._commands
        reading = self._measuring.reading
        waiting = now - reading.asked if reading else 0.0
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
            self._held_in,
            self._measuring.earlier,
            self._inside,
        )
