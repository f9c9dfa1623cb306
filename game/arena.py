"""The arena: the main loop, one frame at a time.

    events -> crew (start, reap) -> reader -> snapshot -> scene -> canvas -> window

Made by the app. The only place that knows both the processes and the picture.
"""

import sys
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from game import facts, movers, scenes
from game.controls import Controls
from game.crew.crew import Crew
from game.crew.news import Event
from game.options import Options
from game.reader import TableReader
from game.road.reader import TOUR, RoadReader, Setting
from game.snapshot import Snapshot
from game.stage import Stage
from game.stats import Meter, Stats
from game.sync import NAMES
from game.usage import Usage
from game.view.bar import Bar
from game.view.curves import Moment
from game.view.hud import Facts, Progress
from game.view.window import Window

STALL = 0.5  # [s] between two frames from which time counts as having stood still
CALM = 1.0  # [s] without anything new, after which a paused arena rests
ROAD_HINT = "S  next way to share     X  flat out     ;  slower passes     Z  kill the writer"
OVER_HINT = "R  start again"
MANY = 50  # movers started together, from which their progress is shown
RESTING = 60  # frames of which a resting arena draws one


class Arena:
    """A running scene: its processes, its picture and the person in front of it."""

    def __init__(
        self,
        options: Options,
        crew: Crew,
        window: Window,
        begun: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.options = options
        self.crew = crew
        self.window = window
        scene = scenes.make(options.scene, options.track, options.job.laps)
        bar = Bar(movers.world(options.scene).ARRAY, options.job.agent_name)
        self.stage = Stage(scene, bar, options.theme, options.scale)
        self.road = make_road(options, crew, clock)
        self.reader = self.road or TableReader(crew.table)
        self.stats = Stats()
        self.controls = Controls(options, crew, window, self.stage, clock, self.road)
        self.failures = 0
        self.begun = begun  # [s] when the program started
        self._clock, self._sleep = clock, sleep
        self._frame_began = self._stirred = clock()
        self._left_out = 0  # pictures in a row, while the arena rests
        self._due = 0.0  # [s] when the next frame may begin
        self._frames_meter, self._updates_meter, self._rejected_meter = Meter(), Meter(), Meter()
        self._usage = Usage()
        self._printed: set[str] = set()  # last words that stand in the terminal already
        self.controls.refill()

    # A frame.

    def frame(self) -> None:
        """Do everything once: keys, processes, a snapshot, the picture; then wait for the next."""
        self._wait()
        began = self._clock()
        events = self.window.events()
        for event in events:
            self.controls.handle(event)
        news = self.crew.poll()
        self._hear(news)
        self.controls.refill()
        self._forgive(began)
        snapshot = self._read()
        if self._rests(began, bool(events or news or snapshot.fresh.any())):
            return
        self._draw(snapshot)
        self.window.present()
        now = self._clock()
        self.stats.presented(now)
        self.stats.frame.add(now - began)

    def _read(self) -> Snapshot:
        """Take the snapshot of this frame."""
        before = self._clock()
        snapshot = self.reader.refresh(before)
        snapshot.expected = 1 / (self.options.job.rate * self.controls.pace)
        snapshot.step = 1 / self.options.job.rate
        snapshot.selected = self.controls.selected
        snapshot.pointed = self.stage.pointed
        self.stats.snapshot.add(self._clock() - before)
        self._note_start(snapshot)
        return snapshot

    def _rests(self, now: float, stirred: bool) -> bool:
        """Whether this picture is left out: paused, and nothing new for a while."""
        if stirred or not self.controls.paused:
            self._stirred = now
        self._left_out = (self._left_out + 1) % RESTING if now - self._stirred > CALM else 0
        return self._left_out > 0

    @property
    def over(self) -> bool:
        """Whether the run has come to its end."""
        options = self.options
        endless = not (options.frames or options.seconds or options.job.laps)
        finite = options.job.updates or (options.headless and (endless or options.job.laps))
        mending = self.road and self.road.mending
        return self.cut_short or bool(finite and self.crew.done and not mending)

    @property
    def cut_short(self) -> bool:
        """Whether the run ends now, whatever there is still to be done."""
        options, first = self.options, self.stats.first_frame
        ended = bool(options.frames and self.stats.frames >= options.frames)
        if options.seconds and first is not None:
            ended |= self.stats.last_frame - first >= options.seconds
        return self.controls.closed or ended

    @property
    def status(self) -> int:
        """The exit status: 1 if a mover failed in a run that had work to finish, or a race."""
        if self.options.job.updates or self.options.job.laps:
            return int(self.crew.failed)
        # Without any end of its own, a headless run ends only when every mover has failed.
        ends = self.options.frames or self.options.seconds
        return int(self.options.headless and not ends and bool(self.failures))

    def _wait(self) -> None:
        """Sleep until the next frame is due, or not at all when it is overdue."""
        now = self._clock()
        if self.options.fps:
            if self._due > now:
                self._sleep(self._due - now)
            self._due = max(self._due, now - 1 / self.options.fps) + 1 / self.options.fps

    def _forgive(self, now: float) -> None:
        """Blame no mover for a silence while time stood still: paused, suspended, asleep."""
        stall = max(STALL, 2 / self.options.fps) if self.options.fps else STALL
        if self.controls.paused or now - self._frame_began > stall:
            self.reader.forgive(now)
        self._frame_began = now

    def _note_start(self, snapshot: Snapshot) -> None:
        """Note when all movers of the start have published."""
        if self.stats.all_movers is None and len(snapshot.agents) >= self.options.agents:
            self.stats.all_movers = snapshot.now

    def _hear(self, events: list[Event]) -> None:
        """Pass on what happened to movers: to the window, the terminal and the figures."""
        for event in events:
            words = facts.sentence(event.name, event.why)
            self.stage.hud.note(words, self._clock())
            if not event.failed and event.slot >= 0:
                continue
            self.stage.hud.tell(words, self._clock(), alarm=True)
            warn(f"game: {event.name}: {event.why}")
            if not event.failed:
                continue
            self.failures += 1
            if event.last_words and event.last_words not in self._printed:
                self._printed.add(event.last_words)
                warn(event.last_words)
            self.stats.deaths.append({"name": event.name, "pid": event.pid, "why": event.why})

    # The picture.

    def _draw(self, snapshot: Snapshot) -> None:
        found = None
        if snapshot.selected >= 0:
            found = facts.card(self.crew, snapshot, snapshot.selected, self._usage)
            if found is None:
                self.controls.selected = -1
        self.stage.draw(self.window.surface, snapshot, self._facts(snapshot), found)

    def last_picture(self) -> None:
        """Draw once more, all of it as it stands at the end."""
        self.stage.renew()
        snapshot = self.reader.snapshot
        snapshot.fresh = np.zeros_like(snapshot.fresh)  # its rows were drawn already
        self._draw(snapshot)
        self.window.present()

    def _facts(self, snapshot: Snapshot) -> Facts:
        fps = self._frames_meter.rate(self.stats.frames, snapshot.now)
        updates = self._updates_meter.rate(self.reader.updates, snapshot.now)
        lost = int(snapshot.lost.sum())
        figures = (
            f"{fps:.0f} fps",
            counted(len(snapshot.agents), "agent"),
            counted(self.crew.alive, "process", "es") + (f", {lost:,} lost" if lost else ""),
            f"{updates:,.0f} updates/s",
            f"snapshot {self.stats.snapshot.last:.2f} ms",
        )
        mover = self.options.job.mover.replace("\\", "/").rpartition("/")[2]
        title, pace = self.stage.scene.title, self.controls.pace_shown
        if snapshot.sync:  # a small window has no room for more than this to say it
            title += f", sharing: {snapshot.sync.mode}"
        rejected = self._rejected_meter.rate(self.reader.rejected, snapshot.now)
        moment = Moment(self.stats.frame.last, updates, self.crew.alive, rejected)
        return Facts(title, f"mover {mover}", figures, pace, self._progress(), moment, self._hint())

    def _hint(self) -> str:
        """The keys that matter most now, if they are not those of every scene."""
        if self.road:
            return ROAD_HINT
        started, asked = self.crew.starting
        over = self.crew.members and not self.crew.alive and started == asked
        return OVER_HINT if over else ""

    def _progress(self) -> Progress | None:
        """How far a start of many is, which takes more than a moment."""
        started, asked = self.crew.starting
        under_way = started < asked and asked >= MANY
        return Progress(started, asked, "starting") if under_way else None


def warn(line: str) -> None:
    """Print a line to the terminal, if there is one that listens."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def counted(number: int, noun: str, plural: str = "s") -> str:
    """So many of a thing."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def make_road(options: Options, crew: Crew, clock: Callable[[], float]) -> RoadReader | None:
    """The reader of a scene that is about ways to share; None for any other."""
    if not options.together:
        return None
    tour = options.seconds / len(NAMES) if options.seconds else TOUR
    return RoadReader(crew, Setting(options.sync, options.stress, options.lens, tour), clock)
