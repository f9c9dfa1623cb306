"""Recordings that a stranger has made: they run nothing, take no room that they do not have, steer
no terminal, and end in one line at the most."""

import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.records import Chunk
from mcap.writer import CompressionType

from game.__main__ import main
from game.recording import RecordingError
from game.recording.changes import LARGEST, Decoder
from game.recording.contents import BROKEN, parts
from game.recording.plain import restored
from game.recording.reading import FileTape
from tests.recording.forged import forged
from tests.recording.made import record, writer
from tests.scenes.moving import run

HUGE = 10**12
DEEP = "[" * 100_000 + "]" * 100_000
JUNK: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**40, HUGE, 1e300, float("nan"), "", "x", [], [[]], {}, {"a": 1}),
    *({"array": "frame.values"}, {"array": "none"}, {"tuple": 5}, {"map": 5}, {"map": [[[], 1]]}),
    *({"set": [[1]]}, {"deque": [1], "most": -1}, {"of": 5}, {"of": "os:system", "parts": {}}),
    *([HUGE, 2], [HUGE, 0], [0, HUGE], [-1, 2], "<U100000000", "|O", "<f4", "|V0"),
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forged") / "swarm.mcap"
    record(run("swarm", 8), [writer(path, "swarm")])
    return path


def answer(*words: object) -> int:
    try:
        return main([str(word) for word in words])
    except SystemExit as error:
        return int(error.code or 0)


def message(entry: Mapping[str, Any], data: bytes = b"") -> bytes:
    """A message with an array."""
    header = {"whole": True, "plain": {}, "gone": [], "arrays": [{"name": "a", **entry}]}
    return json.dumps(header).encode() + b"\n" + data


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "<f8", "shape": [HUGE]},
        {"dtype": "<f8", "shape": [HUGE, 0]},
        {"dtype": "<f8", "shape": [0, LARGEST + 1]},
        {"dtype": "<f8", "shape": [2**32, 2**32]},
        {"dtype": "<f8", "shape": [-1]},
        {"dtype": "<f8", "shape": [True]},
        {"dtype": "<U100000000", "shape": [2], "kept": "<f4"},
        {"dtype": "<f8", "shape": [2], "kept": "|S1"},
        {"dtype": "|O", "shape": [1]},
        {"dtype": "|V0", "shape": [1]},
    ],
)
def test_no_array_is_made_that_is_not_there(entry: dict[str, Any]):
    with pytest.raises(ValueError, match=r"."):
        Decoder().take(message(entry, bytes(8)))


def test_rows_are_as_many_as_there_are():
    decoder = Decoder()
    decoder.take(message({"dtype": "<f8", "shape": [3]}, bytes(24)))
    some = message({"dtype": "<f8", "shape": [3], "rows": -1}, bytes(24))
    with pytest.raises(ValueError, match="array"):
        decoder.take(some.replace(b'"whole": true', b'"whole": false'))


def test_nothing_is_made_but_what_is_ours():

    for place in (
        *("os:system", "subprocess:Popen", "game.session.saved:ast.Module"),
        *("game.recording.films:subprocess.Popen", "game.recording.films:Mp4", ":", "game.:"),
    ):
        assert restored({"of": place, "parts": {"args": "true"}}, {}) is None


def chunk(data: bytes, size: int) -> Chunk:
    return Chunk("zstd", data, 0, 0, 0, size)


def test_a_chunk_is_as_large_as_it_says():
    unknown = b"\xff" + (20_000_000).to_bytes(8, "little") + bytes(20_000_000)  # a record of zeros
    bomb = zstandard.ZstdCompressor().compress(unknown)
    assert parts(chunk(bomb, len(unknown))) == []
    for broken in (chunk(bomb, 1000), chunk(b"nothing", 1000), None):
        with pytest.raises(BROKEN):
            parts(broken)


def test_no_more_chunks_stay_unpacked_than_there_is_room_for(
    recording: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.recording.contents.ROOM", 20_000)
    tape = FileTape(str(recording))
    contents = tape._contents
    for number in range(tape.last):
        tape.message(number)
        assert contents._held <= 20_000 or len(contents._unpacked) == 1
    tape.close()


@pytest.mark.parametrize("packed", [CompressionType.NONE, CompressionType.LZ4])
def test_how_it_is_packed(recording: Path, tmp_path: Path, packed: CompressionType):
    if packed is CompressionType.LZ4:
        pytest.importorskip("lz4")
        with pytest.raises(RecordingError, match="packed as 'lz4'"):
            FileTape(str(forged(recording, tmp_path / "x.mcap", packed=packed)))
    else:
        tape = FileTape(str(forged(recording, tmp_path / "x.mcap", packed=packed)))
        assert tape.last == 68
        tape.close()


@pytest.mark.parametrize(
    "about",
    [
        {"names": 5},
        {"movers": [5]},
        {"movers": 5},
        {"seed": [1]},
        {"rate": {}},
        {"processes": {"a": 1}},
        {"fields": [["x"]]},
        {"scene": DEEP},
        {"version": DEEP},
        {"scene": json.dumps("nowhere\x1b[31m")},
        {"scene": json.dumps("/nowhere/\x1b[31mred.py")},
        {"settings": {"of": "game.scenes.race:Settings", "parts": {}}},
    ],
)
def test_what_it_says_of_itself_is_refused_in_a_line(
    recording: Path, tmp_path: Path, about: Mapping[str, Any], capsys
):
    path = forged(recording, tmp_path / "x.mcap", about=about)
    status = answer("replay", path, "--headless", "--to", 0.2)
    said = capsys.readouterr().err
    assert status == (2 if said else 0)
    assert said.count("\n") <= 1
    assert "\x1b" not in said
    assert len(said) < 500


@pytest.mark.parametrize(
    "about",
    [
        {"processes": HUGE},
        {"per_process": -1},
        {"movers": [{"name": "x", "processes": HUGE}, {"name": "y", "processes": HUGE}]},
    ],
)
def test_no_run_had_so_many(recording: Path, tmp_path: Path, about: Mapping[str, Any], capsys):
    path = forged(recording, tmp_path / "x.mcap", about=about)
    assert answer("export", path, tmp_path / "x.csv", "--to", 0.1) == 2
    assert "process" in capsys.readouterr().err


def test_a_window_that_never_was_is_the_usual_one(recording: Path, tmp_path: Path):
    from PIL import Image

    for size in ([HUGE, HUGE], [0, 0], 5, [1280, 720, 1], None):
        path = forged(recording, tmp_path / "x.mcap", about={"size": size})
        assert answer("export", path, tmp_path / "x.png", "--to", 0.2) == 0
        with Image.open(tmp_path / "x.png") as picture:
            assert picture.size == (1280, 720)


def test_marks_are_in_the_order_of_time_or_none(recording: Path, tmp_path: Path):
    told = iter((5.0, float("nan"), 1.0, "x"))

    def change(topic: str, header: dict[str, Any]) -> None:
        if topic == "/marks":
            header["time"] = next(told)

    tape = FileTape(str(forged(recording, tmp_path / "x.mcap", change)))
    assert [mark.time for mark in tape.marks] == [1.0, 5.0]
    tape.close()


def put(value: Any, choose: random.Random) -> Any:
    """A value with something else somewhere in it."""
    if isinstance(value, dict | list) and value and choose.random() < 0.85:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = choose.choice(list(keys))
        if isinstance(value, dict) and choose.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        changed = value.copy()
        changed[key] = put(value[key], choose)
        return changed
    return choose.choice(JUNK)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_anything_in_it_ends_in_a_line_at_the_most(recording: Path, capsys, seed: int):
    choose, folder = random.Random(seed), recording.parent
    wrong = choose.sample(range(69), 2)
    number = iter(range(1000))

    def change(topic: str, header: dict[str, Any]) -> None:
        if next(number) in wrong:
            changed = put(header, choose)
            header.clear()
            header.update(changed if isinstance(changed, dict) else {})

    path = forged(recording, folder / "x.mcap", change)
    words = ("--fps", 5, "--screenshot", folder / "x.png", "--stats", folder / "x.json")
    for command in (
        ("replay", path, "--headless", "--size", "480x320", *words),
        ("export", path, folder / "x.csv"),
        ("export", path, folder / "x.png", "--size", "480x320"),
    ):
        assert answer(*command) in (0, 1, 2)
        said = capsys.readouterr()
        assert all(line.startswith("game: ") for line in said.err.splitlines()), said.err
        assert "Traceback" not in said.err


def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys):
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names")
    os.mkfifo(tmp_path / "pipe")
    assert answer("replay", tmp_path / "pipe") == 2
    assert "no ordinary file" in capsys.readouterr().err


LAKE = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
from game.view.scene import BaseScene
FIELDS = {"x": "m", "y": "m"}
class Scene(BaseScene):
    title = "Lake"
    def draw(self, canvas): canvas.fill("ground")
    def results(self): return ["\\x1b[31mred"]
"""


def test_a_recording_runs_no_file_that_the_person_does_not_name(
    recording: Path, tmp_path: Path, capsys
):
    scene = tmp_path / "la ke.py"
    scene.write_text(LAKE)
    path = forged(recording, tmp_path / "x.mcap", about={"scene": json.dumps(str(scene))})
    for command in (("replay", path, "--headless"), ("export", path, tmp_path / "x.csv")):
        assert answer(*command) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert f"--scene '{scene}'" in said
        assert not scene.with_name("ran").exists()
        assert answer(*command, "--scene", scene) == 0
        assert "\x1b" not in capsys.readouterr().out
        assert scene.with_name("ran").exists()
        scene.with_name("ran").unlink()
        import sys

        del sys.modules["outside_la_ke_py"]
    assert answer("replay", recording, "--headless", "--scene", scene) == 2
    assert "leave it out" in capsys.readouterr().err
