"""Recordings that tests make: of made-up frames, without a session."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from game import scenes
from game.frame import Frame
from game.recording.file import Writer
from game.recording.recorder import Recorder, Sink
from game.recording.tape import Mark
from game.recording.update import Taken
from game.session.about import about
from game.view.curves import Moment
from game.view.hud import Status
from game.view.screen import Screen
from tests.made import options_of
from tests.scenes.moving import OPTIONS

BEGAN = 1_800_000_000.0  # [s] since 1970
WHOLE = 12  # frames from one that is kept whole to the next


def moment(frame: Frame) -> Moment:
    """What a session would know of a frame."""
    return Moment(8 + frame.now % 3, 100.0, 12, 0.0)


def own(frame: Frame, number: int, **more: Any) -> dict[str, Any]:
    """What a session would tell of a frame."""
    status = Status("A run", "mover wander", (f"{number} fps",), "", moment(frame))
    told = {
        "status": status,
        "moment": list(moment(frame)),
        "resets": [0, 0],
        "counts": {"frames": number},
        "events": [],
    }
    return {**told, "stats": {"frames": number}, **more}


def record(
    frames: Sequence[Frame],
    sinks: Sequence[Sink],
    screen: Screen | None = None,
    single: bool = False,
) -> None:
    """Record frames as a session does; a screen that is given follows them."""
    recorder = Recorder(refuse, single)
    for sink in sinks:
        recorder.add(sink)
    for number, frame in enumerate(frames):
        checkpoint = None
        if screen:
            screen.follow(frame, moment(frame))
        if number % WHOLE == 0:
            checkpoint = screen.checkpoint() if screen else {}
        marks = (
            [Mark(frame.now - frames[0].now, "lap", f"lap {number}")] if number % 20 == 5 else []
        )
        assert recorder.take(Taken(frame, own(frame, number), {}, checkpoint), marks)
        assert recorder.wait()
    recorder.close()


def refuse(sink: Sink, error: OSError) -> None:
    raise AssertionError(error)


def writer(path: Path, scene: str) -> Writer:
    """A file for a recording of a scene."""
    told = about(options_of(scene, *OPTIONS.get(scene, ())), scenes.find(scene))
    return Writer(str(path), told, BEGAN)
