"""Recordings in files: whole, cut anywhere, of somebody else, on a full disk."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from game.frame import Frame
from game.recording import RecordingError
from game.recording.file import Writer
from game.recording.memory import Memory
from game.recording.piped import RATE, Piped
from game.recording.reading import FileTape
from game.recording.recorder import Recorder
from game.recording.tape import Mark, Playing
from game.recording.update import Taken
from game.recording.writer_process import NICE, McapFile
from tests.conftest import until
from tests.recording.made import BEGAN, own, record, writer
from tests.scenes.moving import run


@contextmanager
def reading(path: Path) -> Iterator[FileTape]:
    """A recording, closed at the end."""
    with closing(FileTape(str(path))) as tape:
        yield tape


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a swarm, closed in order."""
    path = tmp_path_factory.mktemp("recording") / "swarm.mcap"
    record(run("swarm", 8), [writer(path, "swarm")])
    return path


def same(one: Frame, other: Frame) -> bool:
    return all(np.array_equal(value, getattr(other, name), equal_nan=value.dtype == np.float64)
               if isinstance(value, np.ndarray) else value == getattr(other, name)
               for name, value in vars(one).items())  # fmt: skip


def test_every_frame_comes_back(recording: Path):
    frames = run("swarm", 8)
    with reading(recording) as tape:
        assert (tape.first, tape.last, tape.cut) == (0, len(frames) - 1, False)
        came = [update.frame for update in Playing(tape).through(0, tape.last)]
        assert all(same(a, b) for a, b in zip(frames, came, strict=True))
        assert [tape.at(frame.now - frames[0].now) for frame in frames] == list(range(len(frames)))
        assert [mark.words for mark in tape.marks] == ["lap 5", "lap 25", "lap 45", "lap 65"]


def test_it_is_read_from_anywhere(recording: Path):
    frames = run("swarm", 8)
    with reading(recording) as tape:
        playing = Playing(tape)
        for number in (40, 3, 68, 0, 12, 13, 11):
            (update,) = playing.through(number, number)
            assert same(frames[number], update.frame)
            assert update.own["counts"] == {"frames": number}
        assert tape.length == pytest.approx(frames[-1].now - frames[0].now)


def test_one_that_begins_later_counts_from_its_own_beginning(tmp_path: Path):
    path, frames, begins = tmp_path / "later.mcap", run("swarm", 8), 30
    recorder = Recorder(lambda sink, error: None)
    recorder.add(Memory(30, 1_000_000))
    late = writer(path, "swarm")
    for number, frame in enumerate(frames):
        if number == begins:
            recorder.add(late)
        marks = [Mark(frame.now - frames[0].now, "lap", f"lap {number}")]
        assert recorder.take(Taken(frame, own(frame, number), {}, None), marks)
        assert recorder.wait()
    recorder.close()
    with reading(path) as tape:
        assert [tape.at(mark.time) for mark in tape.marks] == list(range(tape.last + 1))
        assert tape.marks[0] == Mark(0.0, "lap", f"lap {begins}")
    with open(path, "rb") as file:
        stamps = [one.log_time for _, _, one in make_reader(file).iter_messages(["/whole"])]
    assert stamps[0] == BEGAN * 1e9, "it began when it says so"


def test_any_reader_of_the_format_reads_it(recording: Path):
    with open(recording, "rb") as file:
        reader = make_reader(file)
        topics = {channel.topic for _, channel, _ in reader.iter_messages()}
        assert topics == {"/whole", "/changes", "/marks"}
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics.message_count == 69 + 4


def test_the_lines_of_the_page_read_it(recording: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    page = Path(__file__).parents[2] / "game" / "recording" / "CHANNELS.md"
    code = page.read_text().partition("```python\n")[2].partition("```")[0]
    assert len([line for line in code.splitlines() if line]) <= 10
    monkeypatch.setattr("sys.argv", ["read.py", str(recording)])
    with open(recording, "rb") as file:
        exec(compile(code, "read.py", "exec"), {"open": lambda *place: file})
    assert capsys.readouterr().out.count("\n") > 60


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(share=st.floats(0, 1))
def test_every_prefix_replays_or_is_refused_in_one_line(recording: Path, share: float):
    data = recording.read_bytes()
    path = recording.with_name("cut.mcap")
    path.write_bytes(data[: int(share * len(data))])
    frames = run("swarm", 8)
    try:
        with reading(path) as tape:
            came = [update.frame for update in Playing(tape).through(0, tape.last)]
            assert all(same(a, b) for a, b in zip(frames, came, strict=False))
            assert tape.cut or share > 0.8
    except RecordingError as error:
        told = str(error)
    else:
        return
    assert "\n" not in told
    assert str(path) in told
    assert share < 0.5, "the first chunk is in the first half"


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_byte_that_is_wrong_ends_in_one_line_at_the_most(
    recording: Path, place: float, byte: int
):
    data = bytearray(recording.read_bytes())
    data[int(place * (len(data) - 1))] = byte
    path = recording.with_name("wrong.mcap")
    path.write_bytes(data)
    told = ""
    try:
        with reading(path) as tape:
            for _ in Playing(tape).through(0, tape.last):
                pass
            list(tape.marks)
    except RecordingError as error:
        told = str(error)
    assert "\n" not in told


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x89MCAP0\r\n", b"\0" * 1000])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "x.mcap"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"recording"):
        FileTape(str(path))


def test_a_folder_and_nothing_are_refused(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none.mcap"):
        with pytest.raises(RecordingError, match="give the file of a recording"):
            FileTape(str(path))


def test_one_of_a_newer_version_is_refused(tmp_path: Path):
    path = tmp_path / "new.mcap"
    made = Writer(str(path), {"version": 99, "scene": "swarm"}, 0.0)
    record(run("swarm", 8)[:5], [made])
    with pytest.raises(RecordingError, match="version 99"):
        FileTape(str(path))


class Full:
    """A disk that is full after so many bytes."""

    def __init__(self, file: object, room: int) -> None:
        self._file, self._room = file, room

    def write(self, data: bytes) -> int:
        took = min(len(data), self._room)
        self._room -= took
        self._file.write(data[:took])  # type: ignore[attr-defined]
        if took < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
        return took

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def recorded_until_full(made: Writer) -> list[int | None]:
    """Record a swarm; returns the numbers of the errors that there were."""
    failed = []

    def note(sink: object, error: OSError) -> None:
        failed.append(error.errno)
        made.close()

    recorder, frames = Recorder(note), run("swarm", 8)
    recorder.add(made)
    for number, frame in enumerate(frames):
        recorder.take(Taken(frame, own(frame, number), {}, {} if number % 12 == 0 else None))
    recorder.close()
    return failed


def check_good(path: Path, made: Writer, room: int) -> None:
    """See that a file holds what was said of it."""
    assert path.stat().st_size == made.size <= room + 1000
    if made.seconds:
        frames = run("swarm", 8)
        with reading(path) as tape:
            assert tape.length == pytest.approx(made.seconds)
            came = [update.frame for update in Playing(tape).through(0, tape.last)]
        assert all(same(a, b) for a, b in zip(frames, came, strict=False))


@pytest.mark.parametrize("room", [3000, 6000, 9000, 14_000])
def test_a_full_disk_leaves_what_is_good(
    tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.recording.piped.POSSIBLE", False)
    path = tmp_path / "full.mcap"
    made = writer(path, "swarm")
    into = made._into
    assert isinstance(into, McapFile)
    into._file = Full(into._file, room)  # type: ignore[assignment]
    assert recorded_until_full(made) == [errno.ENOSPC]
    check_good(path, made, room)


@pytest.mark.parametrize("room", [3000, 9000, 14_000])
def test_what_the_writer_process_cannot_write_is_told(tmp_path: Path, room: int):
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("no limits for other processes")
    path = tmp_path / "full.mcap"
    made = writer(path, "swarm")
    into = made._into
    assert isinstance(into, Piped)
    resource.prlimit(into._process.pid, resource.RLIMIT_FSIZE, (room, room))
    assert recorded_until_full(made) == [errno.EFBIG]
    check_good(path, made, room)


def test_a_writer_process_that_is_killed_ends_the_recording(tmp_path: Path):
    path = tmp_path / "killed.mcap"
    made = writer(path, "swarm")
    into, frames = made._into, run("swarm", 8)
    assert isinstance(into, Piped)
    failed: list[str] = []
    recorder = Recorder(lambda sink, error: failed.append(str(error)))
    recorder.add(made)
    for number, frame in enumerate(frames):
        if number == 40:
            until(lambda: into._hear() or made.seconds > 1)
            into._process.kill()
            into._process.wait()
        recorder.take(Taken(frame, own(frame, number), {}, {} if number % 12 == 0 else None))
        assert recorder.wait()
    assert not recorder.sinks
    recorder.close()
    made.close()
    assert failed == ["[Errno 32] the process that wrote it ended (signal 9)"]
    with reading(path) as tape:
        assert tape.length >= made.seconds > 1
        came = [update.frame for update in Playing(tape).through(0, tape.last)]
    assert all(same(a, b) for a, b in zip(frames, came, strict=False))


def test_a_writer_process_that_takes_nothing_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.recording.piped.MOMENT", 0.1)
    monkeypatch.setattr("game.recording.piped.PIPE", 4096)
    made, failed = writer(tmp_path / "still.mcap", "swarm"), []
    into, frame = made._into, run("swarm", 8)[0]
    assert isinstance(into, Piped)
    os.kill(into._process.pid, signal.SIGSTOP)
    recorder = Recorder(lambda sink, error: failed.append(str(error)))
    recorder.add(made)
    for number in range(200):
        recorder.take(Taken(frame.next(now=number / 10), own(frame, number), {}, {}))
    assert not recorder.wait(0.1)
    with pytest.raises(OSError, match="signal 9"):
        made.finish()
    assert recorder.wait()
    recorder.close()
    (told,) = failed
    assert "signal 9" in told


def test_the_writer_process_stands_aside_and_ends_when_it_is_told(tmp_path: Path):
    path = tmp_path / "run.mcap"
    made = writer(path, "swarm")
    into = made._into
    assert isinstance(into, Piped)
    pid = into._process.pid
    assert os.getsid(pid) == pid, "Ctrl-C does not reach it"
    until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == NICE)
    forked = os.dup(into._pipe)  # as a process has it that was forked meanwhile
    try:
        record(run("swarm", 8)[:5], [made])
        assert into._process.returncode == 0
    finally:
        os.close(forked)
    with reading(path) as tape:
        assert not tape.cut
    assert path.stat().st_size == made.size


def test_of_a_crowd_no_more_is_handed_over_than_the_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rests: list[float] = []
    monkeypatch.setattr("game.recording.piped.sleep", rests.append)
    monkeypatch.setattr("game.recording.piped.perf_counter", lambda: 5.0)
    made = writer(tmp_path / "run.mcap", "swarm")
    for size in (1000, 8_000_000):
        made.write(0.0, [b"{}\n", b"x" * (size - 3)], True, None)
    made.close()
    assert rests == [pytest.approx(8_000_000 / RATE)]


@pytest.mark.parametrize("alone", [True, False])
def test_chunks_of_a_crowd_are_not_packed(
    tmp_path: Path, alone: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.recording.piped.POSSIBLE", not alone)
    large = np.random.default_rng(1).random((100_000, 2))
    for values, packing in ((large, ""), (large[:100], "zstd")):
        path = tmp_path / "crowd.mcap"
        frame = Frame({"x": "m", "y": "m"}, len(values)).next(values=values)
        record([frame, frame.next(now=1.0)], [writer(path, "swarm")])
        with open(path, "rb") as file:
            summary = make_reader(file).get_summary()
        assert summary is not None
        assert {chunk.compression for chunk in summary.chunk_indexes} == {packing}
        with reading(path) as tape:
            (update,) = Playing(tape).through(0, 0)
        assert (update.frame.values == values).all()


def test_the_writer_process_is_light():
    code = "import sys, game.recording.writer_process, mcap.writer; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pygame", "psutil", "multiprocessing"} & set(loaded)


def test_where_the_disk_is_too_slow_whole_updates_are_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.recording.recorder.ROOM", 5000)
    from threading import Event

    go = Event()

    class Slow:
        messages = 0

        def write(self, *told: object) -> None:
            go.wait(60)
            self.messages += 1

        def note(self, mark: object) -> None: ...
        def finish(self) -> None: ...

    path, slow = tmp_path / "slow.mcap", Slow()
    recorder, frames = Recorder(lambda *told: None), run("swarm", 8)
    recorder.add(slow)
    recorder.add(writer(path, "swarm"))
    for number, frame in enumerate(frames[:-1]):
        recorder.take(Taken(frame, own(frame, number, events=[(f"e{number}", "")]), {}, None))
    go.set()
    assert recorder.wait()
    recorder.take(Taken(frames[-1], own(frames[-1], 68), {}, None))
    recorder.close()
    assert recorder.left_out > 50
    assert slow.messages == len(frames) - recorder.left_out
    with reading(path) as tape:
        updates = list(Playing(tape).through(0, tape.last))
    assert len(updates) == slow.messages
    told = [name for update in updates for name, _ in update.own["events"]]
    assert told == [f"e{number}" for number in range(68)], "what happened is not left out"
    fresh = np.logical_or.reduce([f.fresh for f in frames[len(updates) - 1 :]])
    assert (updates[-1].frame.fresh == fresh).all(), "what was new then is new now"
    assert (updates[-1].frame.values == frames[-1].values).all()


def test_what_the_page_says_is_in_it(recording: Path):
    with reading(recording) as tape:
        about = tape.about
    page = (Path(__file__).parents[2] / "game" / "recording" / "CHANNELS.md").read_text()
    assert all(f"`{name}`" in page for name in about)
    json.dumps(about)
