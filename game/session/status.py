"""The status: what the lines above and below the scene say of a run at this moment.

Made and asked by the session, once for each frame.
"""

from typing import TYPE_CHECKING

from game.frame import Frame
from game.meters import Meter
from game.parts import Cast, Progress
from game.session import hold
from game.view.curves import Moment
from game.view.hud import Onlooker, Status

if TYPE_CHECKING:
    from game.session.session import Session

OVER_HINT = "R  start again"
SHORT = 0.9  # of the speed that was asked for: what is reached below it is shown
MANY = 50  # movers started together, from which their progress is shown


class StatusLines:
    """Words and figures of a session, with the rates that it takes more than a frame to know."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._own_hint = str(session.definition.offers("keys", "HINT") or "")
        self._frames, self._updates, self._rejected = Meter(), Meter(), Meter()

    def at(self, frame: Frame) -> Status:
        """What there is to say at the moment of a frame."""
        session, cast = self._session, self._session.cast
        fps = self._frames.rate(session.shown, frame.now)
        updates = self._updates.rate(session.source.updates, frame.now)
        rejected = self._rejected.rate(session.source.rejected, frame.now)
        alive = cast.alive if cast else 0
        figures = (
            f"{fps:.0f} fps",
            counted(len(frame.agents), frame.foreign.noun if frame.foreign else "agent"),
            *((self._processes(frame, cast),) if cast else ()),
            *((f"rows {1000 * session.ages.median:.0f} ms old",) if frame.hosts else ()),
            *((f"step {cast.lockstep.steps:,}",) if cast and cast.lockstep else ()),
            f"{updates:,.0f} updates/s",
            f"snapshot {session.stats.snapshot.last:.2f} ms",
        )
        preset = f"preset {session.options.preset}, " if session.options.preset else ""
        mover = ", ".join(each.name for each in session.options.job.behaviours)
        return Status(
            title=session.screen.scene.title,
            detail=f"{preset}mover {mover}" if cast else "",
            figures=figures,
            pace=self._pace(frame, updates),
            progress=progress(cast),
            moment=Moment(session.stats.frame.last, updates, alive, rejected),
            hint=self.hint(),
            onlooker=self._onlooker(),
        )

    def _processes(self, frame: Frame, cast: Cast) -> str:
        """How many processes there are, and what has become of the others."""
        session, died = self._session, int(frame.died.sum())
        left_out = cast.lockstep.left_out if cast.lockstep else 0
        reads = session.monitor is not None and session.monitor.running
        return (
            counted(cast.alive, "process", "es")
            + (f" on {counted(self._nodes(frame), 'node')}" if frame.hosts else "")
            + (" + 1 that reads" if reads else "")
            + (f", {died:,} died" if died else "")
            + (f", {session.silence.count:,} silent" if session.silence.count else "")
            + (f", {left_out:,} left out" if left_out else "")
        )

    def _nodes(self, frame: Frame) -> int:
        """How many nodes of a cluster there are at this moment."""
        cluster = self._session.cluster
        return len(frame.hosts) - (len(set(cluster.lost)) if cluster else 0)

    def _pace(self, frame: Frame, updates: float) -> str:
        """The speed in words, and what is reached of it where that is less."""
        shown = self._session.controls.pace_shown
        wanted = self._session.controls.speed
        at_work = int(((frame.updates > 0) & ~frame.died & ~frame.done).sum())
        if not shown.endswith("x") or not at_work:
            return shown
        reached = updates * frame.step / at_work
        return f"{shown}, reached {reached:.2g}x" if reached < SHORT * wanted else shown

    def _onlooker(self) -> Onlooker | None:
        """The process that only reads, if there is one, and what it read last."""
        monitor = self._session.monitor
        if monitor is None:
            return None
        state = "only reads the array" if monitor.running else "has read the array, and ended"
        return Onlooker(f"Reader, pid {monitor.pid}, {state}", monitor.line)

    def hint(self) -> str:
        """The keys that matter most now, if they are not those of every scene."""
        session, cast = self._session, self._session.cast
        if session.held:
            return hold.HINT
        if cast is None:
            return ""
        if self._own_hint:
            return self._own_hint
        started, asked = cast.progress
        over = cast.members and not cast.alive and started == asked
        return OVER_HINT if over else ""


def progress(cast: Cast | None) -> Progress | None:
    """How far a start of many is, which takes more than a moment."""
    if cast is None:
        return None
    started, asked = cast.progress
    return Progress(started, asked) if started < asked and asked >= MANY else None


def counted(number: int, noun: str, plural: str = "s") -> str:
    """So many of a thing."""
    return f"{number:,} {noun}{'' if number == 1 else plural}"
