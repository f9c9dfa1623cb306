"""The tally's source: what every process has added, and what the cell says.

    HOLD is set -> everybody stops between two additions and says so -> the figures are exact

They are so at the end, at a change of mode and in a pause. While processes add, both numbers
are read a moment apart, and the Frame says that they are not exact.
"""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import numpy as np

from game.frame import Frame, Integers
from game.meters import tidy
from game.options import Options
from game.parts import Cast, Member
from game.scenes.tally import Settings, modes, name
from game.scenes.tally.cells import ACK, DONE, HOLD, INTENT, LAST, MODE, OWN, ROUND, ROW
from game.scenes.tally.figures import Count, TallyView
from game.scenes.tally.lost_lock import LostLock
from game.shared.table import PACE, Table
from game.sources.own_table import TableSource

PATIENCE = 1.0  # [s] that the end of a run waits until everybody has stopped
GLANCE = 0.001  # [s] between two looks at them


def make_source(
    table: Table, cast: Cast, options: Options, clock: Callable[[], float]
) -> "TallySource":
    """The source of a run with these options."""
    settings, job = options.job.settings, options.job
    return TallySource(table, cast, settings, job.rate, job.updates, clock)


class TallySource(TableSource):
    """Reads the tally once a frame, and leads from one way to share to the next."""

    def __init__(
        self,
        table: Table,
        cast: Cast,
        settings: Settings,
        rate: float,
        updates: int,
        clock: Callable[[], float],
    ) -> None:
        """`updates` is how often each process adds in a round; 0: without end."""
        super().__init__(table, rate)
        self._cells, self._cast = table.cells, cast
        self._settings, self._updates = settings, updates
        self._commands = table.cells.commands
        self._rows: Integers = np.frombuffer(table.cells.rows, np.int64).reshape(-1, ROW)
        self._round, self._exact = Count(), False  # of this round; nobody has stopped yet
        self._killed = ""  # who was killed in the middle of an addition in it
        self._counts = dict.fromkeys(modes.NAMES, Count())  # of the rounds before
        self._began = self._seen = self._asked = clock()
        self._waited = self._seen  # [s] when the last start of several had been made
        self._progress = 0  # additions so far
        self._pending = False  # the next mode is wanted
        self._ended = False  # the run is over: nobody goes on
        self._lost_lock = LostLock(cast, settings.look)
        self._choose_first_mode()
        self._begin_round()
        cast.before_start = self._before_start

    # What a session asks of any source.

    @property
    def unsettled(self) -> bool:
        """Whether processes are to be started again that a lost lock had stopped."""
        return self._lost_lock.under_way

    def read(self, now: float) -> Frame:
        """Read the rows as of any table, and the tally beside them."""
        frame = super().read(now)
        self._follow(now)
        self.frame = frame.next(extra=self._view(now))
        return self.frame

    def reset_silence(self, now: float) -> None:
        """Let all ages begin anew."""
        super().reset_silence(now)
        self._seen = now

    def finish(self) -> None:
        """Have everybody stop between two additions, within a moment, for the last figures."""
        self._ended = True
        self._hold(self._seen)
        end = monotonic() + PATIENCE
        while self._late() and monotonic() < end:
            sleep(GLANCE)

    def figures(self) -> dict[str, Any]:
        """What was added and counted in each way to share, for --stats."""
        tried = {mode: count for mode, count in self.counts().items() if count.added}
        return {"tally": {mode: told(count) for mode, count in tried.items()}}

    # What the keys do, and what the figures are.

    @property
    def mode(self) -> str:
        """The name of the mode that is shown."""
        mode: str = modes.NAMES[self._commands[MODE]]
        return mode

    def next_mode(self) -> None:
        """Go on to the next mode, as soon as everybody has stopped."""
        self._pending = True

    def counts(self) -> dict[str, Count]:
        """What was added and counted in each mode so far."""
        return {
            mode: count.plus(self._round) if mode == self.mode else count
            for mode, count in self._counts.items()
        }

    # A frame, part by part.

    def _follow(self, now: float) -> None:
        """Count, and go on to the next mode when it is time and everybody has stopped."""
        adding = not self._commands[HOLD] & 1
        progress = int(self._rows[:, DONE].sum())
        seconds = self._round.seconds + (now - self._seen) * (progress != self._progress)
        self._round, self._seen = self._round._replace(seconds=seconds), now
        self._progress = progress
        starting = self._starting(now)
        if starting:  # all begin together
            self._began = now
        self._pending |= self._turn_is_over(now)
        if starting or self._pending or self._ended or not self._table.control[PACE]:
            self._hold(now)
        else:
            self._commands[HOLD] += self._commands[HOLD] & 1
        self._take()
        waits = adding or bool(self._late())
        self._lost_lock.poll(now, self.mode, progress, waits)
        if self._pending and self._exact:
            self._next_round(now)

    def _starting(self, now: float) -> bool:
        """Whether processes are on their way that have not published yet; one that takes longer
        than a moment is not waited for."""
        done, asked = self._cast.progress
        updates = self.frame.updates
        fresh = any(m.pid and not updates[m.slot] for m in self._living())
        if done < asked or not fresh:
            self._waited = now
        return done < asked or (fresh and now - self._waited < PATIENCE)

    def _turn_is_over(self, now: float) -> bool:
        """Whether a mode was shown for as long as it has in a tour."""
        if self._settings.sync != "all" or self._commands[LAST]:
            return False
        if not self._updates:
            return now - self._began > self._settings.tour
        made = self._rows[:, DONE] - self._done_before
        slots = [member.slot for member in self._living()]
        return bool(slots) and bool((made[slots] >= self._updates).all())

    def _hold(self, now: float) -> None:
        """Have everybody stop between two additions."""
        if not self._commands[HOLD] & 1:
            self._commands[HOLD] += 1
            self._asked = now

    def _late(self) -> list[Member]:
        """The living processes that have not stopped, though they were asked to."""
        hold = self._commands[HOLD]
        return [m for m in self._living() if hold & 1 and self._rows[m.slot, ACK] != hold]

    def _living(self) -> list[Member]:
        return [member for member in self._cast.members.values() if member.exitcode is None]

    def _choose_first_mode(self) -> None:
        """Begin with the mode that was asked for, or with the first one of a tour."""
        tour = self._settings.sync == "all"
        self._commands[MODE] = 0 if tour else modes.NAMES.index(self._settings.sync)
        self._commands[LAST] = int(not tour)

    def _begin_again(self) -> None:
        """Count anew, after the end of a run."""
        self._ended, self._began = False, self._seen
        self._counts = dict.fromkeys(modes.NAMES, Count())
        self._choose_first_mode()
        self._commands[ROUND] += 1
        self._begin_round()

    def _begin_round(self) -> None:
        """Count from here on."""
        self._done_before = self._rows[:, DONE].copy()
        self._cells_before = self._cells_say(self._rows)
        self._round, self._exact, self._killed = Count(), False, ""

    def _cells_say(self, rows: Integers) -> int:
        """What the shared cell says, and the own ones, together, since the program's start."""
        return int(self._cells.counter.get_obj()[0]) + int(rows[:, OWN].sum())

    def _take(self) -> None:
        """Take the figures of this round as they are now."""
        for slot in self._open() - {member.slot for member in self._living()}:
            self._set_aside(slot)
        held = bool(self._commands[HOLD] & 1 or not self._living()) and not self._late()
        rows = self._rows.copy()
        added = int((rows[:, DONE] - self._done_before).sum())
        counted = self._cells_say(rows) - self._cells_before
        # Nobody stepped meanwhile, or is in the middle of a step.
        self._exact = held and not self._late() and bool((rows == self._rows).all())
        arrived = min(max(counted - added, 0), self._round.set_aside) if self._exact else 0
        self._round = self._round._replace(added=added, counted=counted - arrived)

    def _open(self) -> set[int]:
        """The slots whose process is in the middle of an addition, or died there."""
        return set(np.flatnonzero(self._rows[:, INTENT] != self._rows[:, DONE]).tolist())

    def _set_aside(self, slot: int) -> None:
        """Set the addition aside in which the process of a slot died: it counts on neither side.

        No process holds the row.
        """
        self._rows[slot, INTENT] = self._rows[slot, DONE]
        self._round = self._round._replace(set_aside=self._round.set_aside + 1)
        self._killed = f"{self._killed}, {name(slot)}".removeprefix(", ")

    def _next_round(self, now: float) -> None:
        """Begin a round in the next mode."""
        self._counts[self.mode] = self._counts[self.mode].plus(self._round)
        self._commands[MODE] = (self._commands[MODE] + 1) % len(modes.NAMES)
        if self._updates and self._commands[MODE] == len(modes.NAMES) - 1:
            self._commands[LAST] = 1
        self._commands[ROUND] += 1
        self._begin_round()
        self._pending, self._began, self._lost_lock.notice = False, now, ""

    def _before_start(self, slot: int) -> None:
        """Make a new lock for a process that is the only one; others would have another one."""
        if self._ended:
            self._begin_again()
        if slot in self._open():
            self._set_aside(slot)
        if len(self._living()) == 1 or self._cells.lock_is_old:
            self._cells.renew_lock()

    def _view(self, now: float) -> TallyView:
        late = self._late() if now - self._asked > PATIENCE else []
        waiting = ", ".join(member.name for member in late[:3])
        lost_lock = self._lost_lock
        return TallyView(
            self.mode,
            {mode: count for mode, count in self.counts().items() if count.added},
            self._round,
            self._exact,
            waiting,
            self._killed,
            lost_lock.alarm,
            lost_lock.notice,
        )


def told(count: Count) -> dict[str, Any]:
    """The figures of one way to share, as --stats writes them."""
    return {
        "added": count.added,
        "counted": count.counted,
        "lost": count.lost,
        "per_s": tidy(count.rate),
        "set_aside": count.set_aside,
    }
