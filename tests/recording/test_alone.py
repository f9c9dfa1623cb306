"""Who records into which file: one run alone, and over nothing that is somebody else's."""

import errno
from pathlib import Path
from typing import Any

import pytest

from game.frame import Frame
from game.options import Options
from game.recording.file import Writer
from game.recording.recorder import Recorder
from game.recording.update import Taken
from game.session import keeping
from game.session.keeping import Keeping
from tests.made import options_of
from tests.recording.made import own, record, writer
from tests.scenes.moving import run

pytest.importorskip("fcntl", reason="no locks here")
NOBODY: Any = None


def test_a_second_run_is_refused_and_the_first_goes_on(tmp_path: Path):
    path = tmp_path / "run.mcap"
    first = writer(path, "swarm")
    with pytest.raises(OSError, match="another run") as refused:
        writer(path, "swarm")
    assert refused.value.errno == errno.EBUSY
    record(run("swarm", 8)[:5], [first])
    size = path.stat().st_size
    assert size == first.size
    again = writer(path, "swarm")
    assert again.replaces
    again.close()
    assert path.stat().st_size < size, "once it is over, another may take its place"


def test_only_a_recording_is_replaced(tmp_path: Path):
    path = tmp_path / "notes.mcap"
    path.write_text("mine")
    with pytest.raises(ValueError, match=r"--record: .* is no recording"):
        options_of("swarm", "--record", str(path))
    assert path.read_text() == "mine"
    for content in (b"", b"\x89MCAP0\r\nwhat was left of a run"):
        path.write_bytes(content)
        assert options_of("swarm", "--record", str(path)).record == str(path)
        assert path.read_bytes() == content, "not before it begins"


def keeping_of(options: Options) -> Keeping:
    return Keeping(options, lambda: {"version": 1, "scene": "swarm"}, NOBODY, NOBODY, lambda: 0.0)


def test_without_room_for_the_past_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch):
    def none(*given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(keeping, "Memory", none)
    kept = keeping_of(options_of("swarm", "--keep-memory", "5000"))
    assert kept.news() == ["nothing is kept: there are no 5,000 MB for it (--keep-memory)"]
    assert not kept.recorder.sinks
    assert kept.close()


class Never:
    """Something that raises when it is written."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *given: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), RecursionError("too deep")])
def test_a_recording_that_ended_before_its_time_is_told(tmp_path: Path, error: Exception, capsys):
    path = tmp_path / "run.mcap"
    kept = keeping_of(options_of("swarm", "--record", str(path), "--keep", "0"))
    (sink,) = kept.recorder.sinks
    assert isinstance(sink, Writer)
    frames = run("swarm", 8)
    take(kept.recorder, frames[0])
    sink.write = Never(error)  # type: ignore[method-assign]
    take(kept.recorder, frames[1])
    (line,) = kept.news()
    assert line.startswith(f"recording ended: {path}: ")
    assert not kept.close()
    assert capsys.readouterr().err == "", "it was told"


def test_a_frame_that_cannot_be_told_ends_the_recording_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    kept = keeping_of(options_of("swarm", "--record", str(tmp_path / "x.mcap")))
    monkeypatch.setattr("game.recording.recorder.Parts.of", Never(ValueError("no number")))
    take(kept.recorder, run("swarm", 8)[0])
    assert not kept.recorder.sinks
    assert not kept.close()
    assert "ValueError: no number" in capsys.readouterr().err


def take(recorder: Recorder, frame: Frame) -> None:
    recorder.take(Taken(frame, own(frame, 0), {}, {}))
    assert recorder.wait(10.0)
