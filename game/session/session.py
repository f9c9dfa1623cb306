"""The session: the main loop, one frame at a time.

    events -> cast (start, reap) -> source -> Frame -> follow -> draw -> window

Made by the app of a scene, a source and, where there are processes and a time that can be told,
a cast and that time. The only place that knows all of them.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from game.crew.monitor import Monitor
from game.frame import Frame
from game.options import Options
from game.parts import Standing
from game.scenes import Definition
from game.session.ages import Ages
from game.session.announcer import Announcer, warn
from game.session.controls import Controls, Parts
from game.session.display import Display
from game.session.keeping import Keeping
from game.session.mover_words import MoverWords
from game.session.past import Past
from game.session.silence import Silence
from game.session.stats import Stats
from game.session.status import StatusLines
from game.session.taking import Taking
from game.session.wild import Wild
from game.view.screen import Screen
from game.view.window import Window

if TYPE_CHECKING:
    from game.cluster.launcher import ClusterLauncher
    from game.crew.own_process import OwnProcess

STALL = 0.5  # [s] between two frames from which time counts as having stood still
CALM = 1.0  # [s] without anything new, after which a paused session rests
RESTING = 60  # frames of which a resting session draws one


class Session:
    """A running scene: its frames, its processes, its picture and the person in front of it."""

    def __init__(
        self,
        options: Options,
        definition: Definition,
        window: Window,
        parts: Parts,
        begun: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """`begun` is when the program started, on the clock [s]."""
        self.options = options
        self.definition = definition
        self.agent_name = options.job.agent_names(definition)
        self.screen, self.source, self.cast, self.keeping = *parts[:3], parts.keeping
        self.window = window
        self.stats = Stats()
        self.announcer = Announcer(self.screen, self.keeping, self.stats, clock)
        shown_time = self.announcer.shown_time
        self.controls = Controls(options, definition, window, parts, shown_time)
        self.display = Display(self, window, clock)
        self.silence = Silence(together=bool(definition.needs))
        self.given_up = ""  # who was waited for in vain, in a run with an end of its own
        self.monitor: Monitor | None = None  # a process that only reads, filled in by the app
        self.cluster: ClusterLauncher | None = None  # where they run on one, filled in by the app
        self.ages = Ages()  # of rows that come from there
        self.debugged: OwnProcess | None = None  # the mover, with --debug, filled in by the app
        self.mover_words: MoverWords | None = None  # what they say, filled in by the app
        self.looked_at = 0  # frames of the last picture, while it was held
        self.begun = begun
        self._taking = Taking(self, self.keeping.recorder) if self.keeping else None
        self._clock, self._sleep = clock, sleep
        self._frame_began = self._stirred = clock()
        self._left_out = 0  # pictures in a row, while the session rests
        self._due = 0.0  # [s] when the next frame may begin
        self._seen = begun  # [s] when the picture was looked at last, while it was held
        self._lines = StatusLines(self)
        self._wild, self._shape = Wild(self.source.frame), self.source.frame.values.shape
        if not options.monitor:
            self.controls.refill()

    @property
    def past(self) -> Past | None:
        """What the person has gone back to, while the run goes on behind it."""
        return self.announcer.past

    @property
    def failures(self) -> int:
        """How many processes have failed."""
        return self.announcer.failures

    @property
    def lost(self) -> bool:
        """Whether the display is gone, and with it whoever looked on."""
        return self.display.lost

    @property
    def live_screen(self) -> Screen:
        """The screen that follows the run, whether it is shown or not."""
        behind = self.keeping.behind if self.keeping else None
        return behind or self.screen

    # A frame.

    def frame(self) -> None:
        """Do everything once: keys, processes, a Frame, the picture; then wait for the next."""
        self._wait()
        began = self._clock()
        pressed = self.display.events()
        if self.lost:
            return
        for event in pressed:
            self.controls.handle(event)
        events = self.cast.poll() if self.cast else []
        self.announcer.happened(events)
        self._hear_movers(began)
        if self.monitor is None or self.monitor.looks:  # it is to see the first values
            self.controls.refill()
        frame = self._still() if self.held else self._next(began)
        if self.keeping:
            self._hear_keeping(self.keeping)
        stirred = bool(pressed or events or self.past or frame.fresh.any())
        if self._rests(began, stirred):
            return
        status = self._lines.at(frame)
        self.live_screen.follow(frame, status.moment)
        if self._taking and not self.held:
            self._taking.follow(frame, status, events)
        if self.past:
            self.display.show_past(self.past, began)
        else:
            self.display.show(frame, status)
        if not self.held:
            now = self._clock()
            self.stats.presented(now)
            self.stats.frame.add(now - began)

    def _next(self, now: float) -> Frame:
        """The frame of this moment, and whoever is silent in it."""
        passed = self._reset_silence(now)
        frame = self._read()
        self._hear_silence(frame, passed)
        if frame.hosts and not self.controls.paused:
            self.ages.follow(frame)
        return frame

    def _read(self) -> Frame:
        """Read the frame of this moment."""
        before = self._clock()
        frame = self.source.read(before)
        self.stats.snapshot.add(self._clock() - before)
        if frame.values.shape != self._shape:  # another array: nothing holds that was seen before
            self._shape, self._wild = frame.values.shape, Wild(frame)
            self.live_screen.reset()
        for words in self._wild.follow(frame, self.cast.members if self.cast else {}):
            warn(f"game: {words}")
        if self.stats.all_movers is None and len(frame.agents) >= self.options.agents:
            self.stats.all_movers = frame.now  # all movers of the start have published
        return frame

    def _rests(self, now: float, stirred: bool) -> bool:
        """Whether this frame is left out: paused, and nothing new for a while."""
        if stirred or not (self.controls.paused or self.held):
            self._stirred = now
        self._left_out = (self._left_out + 1) % RESTING if now - self._stirred > CALM else 0
        return self._left_out > 0

    # The end.

    @property
    def over(self) -> bool:
        """Whether the run has come to its end."""
        options = self.options
        if self.cast is None:
            return self.cut_short or (options.headless and self.source.ended)
        endless = options.headless and not (options.frames or options.seconds)
        finite = options.ends or endless
        done = self.cast.done and not (self.controls.refills or self.source.unsettled)
        return self.cut_short or (finite and done)

    @property
    def cut_short(self) -> bool:
        """Whether the run ends now, whatever there is still to be done."""
        return self.dismissed or bool(self.given_up)

    @property
    def dismissed(self) -> bool:
        """Whether nobody is to see any more of it: closed, without a display, or shown for as long
        as was asked for."""
        options, first = self.options, self.stats.first_frame
        ended = bool(options.frames and self.shown >= options.frames)
        if options.seconds and first is not None:
            ended |= max(self.stats.last_frame, self._seen) - first >= options.seconds
        return self.controls.closed or self.lost or self.source.recalled or ended

    @property
    def shown(self) -> int:
        """How many frames there were so far."""
        return self.stats.frames + self.looked_at

    @property
    def held(self) -> bool:
        """Whether the run is over, and a person looks at its last picture."""
        return self.controls.held

    def hold(self) -> None:
        """Keep the last picture; frames read nothing any more, and nothing is measured."""
        self.controls.held = True
        self.screen.hud.fall_silent()

    def let_go(self) -> None:
        """Hold the picture no longer: the run begins again, or its end comes."""
        self.controls.held = False

    def _still(self) -> Frame:
        """The last frame, growing older."""
        self.looked_at += 1
        self._seen = self._clock()
        last = self.source.frame
        return last.next(now=self._seen, fresh=np.zeros_like(last.fresh))

    @property
    def status(self) -> int:
        """The exit status: what the source asks for where there is no cast; else 1 if a mover
        failed, or was waited for in vain, in a run that had an end of its own, if every mover
        failed in a headless one, or the display was lost."""
        if self.cast is None or self.lost:
            return int(self.lost) or self.source.status
        if self.options.ends:
            return int(self.cast.failed or bool(self.given_up))
        # Without any end, a headless run ends only when no mover is left.
        ends = self.options.frames or self.options.seconds
        nobody = all(m.standing is Standing.FAILED for m in self.cast.members.values())
        failed = (self.cast.failed and nobody) or (bool(self.failures) and not ends)
        return int(self.options.headless and failed)

    def _wait(self) -> None:
        """Sleep until the next frame is due, or not at all when it is overdue."""
        now = self._clock()
        if self.options.fps:
            if self._due > now:
                self._sleep(self._due - now)
            self._due = max(self._due, now - 1 / self.options.fps) + 1 / self.options.fps

    def _reset_silence(self, now: float) -> float:
        """Blame no mover for a silence while time stood still: paused, suspended, asleep.

        Returns how much time has passed since the last frame that counts [s].
        """
        stall = max(STALL, 2 / self.options.fps) if self.options.fps else STALL
        passed, self._frame_began = now - self._frame_began, now
        if self.controls.paused or passed > stall:
            self.source.reset_silence(now)
        return 0.0 if self.controls.paused else min(passed, stall)

    def _hear_silence(self, frame: Frame, passed: float) -> None:
        """Tell of movers that have fallen silent, and wait no longer than was asked for."""
        if self.cast is None:
            return
        together, members = self.cast.lockstep, self.cast.members
        self.silence.follow(frame, passed, together.waiting() if together else ())
        for news in self.silence.look(members):
            self.announcer.note(news.words)
            if news.alarm:
                self.announcer.alarm(news.words)
            warn(f"game: {news.words}")
        patience = self.options.patience
        if self.options.ends and patience and not self.given_up:
            if together:  # the conductor has the patience
                self.given_up = ", ".join(together.forsaken(members))
            else:
                self.given_up = self.silence.overdue(patience, members)
            if self.given_up:
                warn(f"game: waited for {self.given_up} in vain; --patience is {patience:g} s")

    def _hear_movers(self, now: float) -> None:
        """Pass on what movers have to say."""
        if not (self.mover_words and self.cast):
            return
        for news in self.mover_words.news(now, self.cast.members):
            self.announcer.tell(news.words, news.alarm)
        for line in self.mover_words.lines(now, self.cast.members):
            warn(f"game: {line}")
        self.screen.hud.standing = self.mover_words.standing

    def _hear_keeping(self, keeping: Keeping) -> None:
        """Pass on what the recording has to say."""
        for line in keeping.news():
            self.announcer.alarm(line)
            warn(f"game: {line}")
        if keeping.begun and self._taking:
            keeping.begun = False
            self._taking.start()

    def finish(self) -> None:
        """Take in the last frame, with what was measured brought to its end."""
        self.source.finish()
        frame = self._read()
        status = self._lines.at(frame)
        self.live_screen.follow(frame, status.moment)
        if self._taking:
            self._taking.follow(frame, status, last=True)
        for words in self._wild.rest():
            warn(f"game: {words}")

    def results(self) -> Sequence[str]:
        """What the scene has to say when the run ends."""
        return self.live_screen.scene.results()

    def summary(self) -> dict[str, Any]:
        """Everything that --stats writes."""
        from game.session import report

        return report.summary(self)

    def last_picture(self) -> None:
        """Draw once more, all of it as it stands at the end."""
        frame = self.source.frame
        if self.keeping and self.past:
            self.keeping.return_to_now()
            again = frame.next(fresh=np.zeros_like(frame.fresh))  # it was followed behind the past
            self.screen.follow(again, self._lines.at(again).moment)
        self.screen.renew()
        self.display.show(frame, self._lines.at(frame))
