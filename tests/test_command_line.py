"""The command line as a contract: good runs, bad input, exit codes, the stats file."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game import scenes
from game.__main__ import main
from game.arguments import parser
from tests.conftest import LIMIT, until
from tests.made import options_of

pytestmark = pytest.mark.slow  # real processes in nearly every test

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def game(
    *arguments: str, cwd: Path = ROOT, root: Path = ROOT, **more
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "game", *arguments],
        cwd=cwd,
        env={**ENVIRONMENT, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        **more,
    )


class Answer(NamedTuple):
    """What a command line gets for an answer."""

    status: int
    out: str
    errors: str


def answer(*arguments: str, cwd: Path = ROOT) -> Answer:
    """What is answered at once, in this process, where no run starts."""
    errors, out = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stderr(errors),
        contextlib.redirect_stdout(out),
        mock.patch("game.app.run", side_effect=AssertionError(f"a run started: {arguments}")),
    ):
        try:
            status = main(list(arguments))
        except SystemExit as leaving:
            status = leaving.code
    return Answer(status, out.getvalue(), errors.getvalue())


def refused(*arguments: str, cwd: Path = ROOT) -> str:
    """The one line with which the arguments are refused, before anything starts."""
    return line_of(answer(*arguments, cwd=cwd))


def refused_by_the_program(*arguments: str, cwd: Path, root: Path = ROOT) -> str:
    """The same of the whole program, in a process of its own."""
    done = game(*arguments, cwd=cwd, root=root)
    return line_of(Answer(done.returncode, done.stdout, done.stderr))


def line_of(answer: Answer) -> str:
    """The one line of a refusal."""
    assert (answer.status, answer.out) == (2, ""), answer
    assert answer.errors.startswith("game: ")
    assert answer.errors.endswith("\n")
    assert answer.errors.count("\n") == 1, answer.errors
    return answer.errors


BAD = [
    (["swrm"], ["'swrm'", "race, road, swarm"]),
    ([], ["which scene", "race, road, swarm"]),
    (["swarm", "--mover", "fly"], ["--mover", "'fly'", "jump, keys, patrol, wander"]),
    (["race", "--mover", "wander"], ["--mover", "'wander'", "mover of swarm", "cruise, duel"]),
    (["swarm", "--mover", "none.py"], ["--mover", "'none.py'"]),
    (["swarm", "--preset", "traffic"], ["--preset", "'traffic'", "swarm"]),
    (["swarm", "--track", "kart"], ["--track", "race"]),
    (["swarm", "--agents", "0"], ["--agents", "'0'", "from 1"]),
    (["swarm", "--agents", "-3"], ["--agents", "'-3'", "from 1"]),
    (["swarm", "--agents", "2.5"], ["--agents", "'2.5'", "whole"]),
    (["swarm", "--agents", "1e9"], ["--agents", "'1e9'", "whole"]),
    (["swarm", "--agents", "9" * 5000], ["--agents", "999...", "20000000"]),
    (["swarm", "--agents", "30", "--capacity", "20"], ["--agents", "30", "20"]),
    (["swarm", "--agents", "20000"], ["--agents", "10000", "--per-process"]),
    (["swarm", "--rate", "0"], ["--rate", "'0'", "Hz"]),
    (["swarm", "--rate", "-1"], ["--rate", "'-1'"]),
    (["swarm", "--rate", "nan"], ["--rate", "'nan'"]),
    (["swarm", "--rate", "inf"], ["--rate", "'inf'"]),
    (["swarm", "--size", "0x0"], ["--size", "'0x0'", "1280x720"]),
    (["swarm", "--size", "12"], ["--size", "'12'", "1280x720"]),
    (["swarm", "--fps", "-1"], ["--fps", "'-1'"]),
    (["swarm", "--fps", "0.5"], ["--fps", "'0.5'", "from 1"]),
    (["swarm", "--fps", "x"], ["--fps", "'x'", "from 1"]),
    (["swarm", "--seconds", "0"], ["--seconds", "'0'"]),
    (["swarm", "--frames", "x\ny"], ["--frames", r"'x\ny'"]),
    (["swarm", "--start-method", "fork"], ["--start-method", "'fork'", "forkserver"]),
    (["swarm", "--colour"], ["--colour", "there is no option"]),
    (["swarm", "--agent", "5"], ["there is no option --agent; did you mean --agents?"]),
    (["race", "--lap=3"], ["there is no option --lap; did you mean --laps?"]),
    (["--headles", "swarm"], ["there is no option --headles; did you mean --headless?"]),
    (["swarm", "--mover", str(ROOT / "README.md")], ["README.md' does not end in .py; give"]),
    (["swarm", "--screenshot", "a.bmp"], ["--screenshot", "'a.bmp'", ".png"]),
    (["swarm", "--screenshot", "no/such/a.png"], ["--screenshot", "'no/such/a.png'"]),
    (["swarm", "--stats", "no/such/a.json"], ["--stats", "'no/such/a.json'"]),
    (["swarm", "--mover", ""], ["--mover", "''", "empty"]),
    (["swarm", "--per-process", "1000000000"], ["--capacity", "1000000000"]),
    (["swarm", "--sync", "lock"], ["--sync", "road"]),
    (["swarm", "--debug", "--lockstep"], ["--lockstep: with --debug there is one agent"]),
    (["swarm", "--debug", "--log", "l"], ["--log: with --debug"]),
    (["swarm", "--stress"], ["--stress", "road"]),
    (["road", "--sync", "both"], ["--sync", "'both'", "seqlock"]),
    (["road", "--vehicles", "100001"], ["100001", "100000"]),
    (["road", "--per-process", "2"], ["--per-process"]),
    (["road", "--lens", "-1"], ["--lens", "'-1'", "ms"]),
    (["swarm", "--monitor", "0"], ["--monitor", "'0'"]),
    (["swarm", "--patience", "-1"], ["--patience", "'-1'", "from 0"]),
    (["race", "--track", "monaco"], ["--track", "'monaco'", "kart"]),
    (["race", "--track", "none.csv"], ["none.csv"]),
]


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=lambda v: " ".join(v)[:30])
def test_bad_input_gets_one_clear_line(arguments: list[str], words: list[str], tmp_path: Path):
    line = refused(*arguments, cwd=tmp_path)
    for word in words:
        assert word in line
    assert list(tmp_path.iterdir()) == [], "nothing is half-started"


@pytest.mark.parametrize(
    "arguments",
    [[], ["swrm"], ["swarm", "--agents", "0"], ["race", "--track", "none.csv"]],
    ids=" ".join,
)
def test_the_program_says_it_too(arguments: list[str], tmp_path: Path):
    assert refused_by_the_program(*arguments, cwd=tmp_path) == refused(*arguments, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing is half-started"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ["odd.csv: is empty"]),
        (b"\x00\xff\xfe", ["odd.csv"]),
        (b"0,0,5,5\n9,0,five,5\n9,9,5,5\n", ["odd.csv:2", "five"]),
        (b"0,0,5,5\n9,nan,5,5\n9,9,5,5\n", ["odd.csv:2", "nan"]),
        (b"0,0,5,5\n9,0,5,5\n", ["odd.csv", "3"]),
        (b"0,0,5,5\n0,0,5,5\n9,9,5,5\n", ["odd.csv", "points is 2"]),
        (b"0,0,5,5\n9,0,0,0\n9,9,5,5\n", ["odd.csv:2", "more than 0 metres"]),
    ],
)
def test_a_bad_track_is_named_with_its_line(text: bytes, words: list[str], tmp_path: Path):
    (tmp_path / "odd.csv").write_bytes(text)
    line = refused("race", "--track", "odd.csv", cwd=tmp_path)
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x = 1", False),
        ("def step(): Mover", False),
        ("class Mover: pass", True),
        ("from elsewhere import Robot as Mover", True),
        ("from elsewhere import *", True),
        ("Mover = make()", True),
        ("def drive(table, part, pace, job): pass", True),
    ],
)
def test_a_file_without_a_mover_is_refused_before_anything_starts(
    text: str, fits: bool, tmp_path: Path
):
    path = tmp_path / "mine.py"
    path.write_text(text)
    if fits:
        assert options_of("swarm", "--mover", str(path)).job.behaviours[0].mover == str(path)
    else:
        assert "has no class Mover" in refused("swarm", "--mover", str(path))


def test_a_folder_is_no_track_no_picture_and_no_mover(tmp_path: Path):
    for ending in ("csv", "png", "py"):
        (tmp_path / f"folder.{ending}").mkdir()
    assert "folder.csv" in refused("race", "--track", "folder.csv", cwd=tmp_path)
    assert "folder.png" in refused("race", "--screenshot", "folder.png", cwd=tmp_path)
    assert "folder.py" in refused("race", "--mover", "folder.py", cwd=tmp_path)


def test_a_picture_that_is_there_already_survives_a_refusal(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"mine")
    refused("swarm", "--screenshot", "a.png", "--stats", "no/b.json", cwd=tmp_path)
    assert (tmp_path / "a.png").read_bytes() == b"mine"


def test_help_and_lists():
    assert "--per-process" in game("--help").stdout
    listed = game("--list-movers").stdout
    for word in ("wander", "jump", "cruise", "random", "traffic"):
        assert word in listed
    assert "cruise" not in answer("swarm", "--list-movers").out


PARSERS = [parser(scenes.find(name)) for name in scenes.OWN]
OPTIONS = sorted({o for p in PARSERS for a in p._actions for o in a.option_strings})
WORDS = st.one_of(
    st.sampled_from(OPTIONS),
    st.sampled_from(["swarm", "race", "road", "kart", "random", "lock", "0", "-1", "1e9", "nan"]),
    st.sampled_from(["12x12", "640x480", "a.png", "a.json", "no/a.json", "", ".", "forkserver"]),
    st.text(max_size=12),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(WORDS, max_size=6))
def test_whatever_is_typed_gives_a_run_or_one_line(arguments: list[str]):
    """Up to the point where a run would start: read, checked, settled."""
    errors, out = io.StringIO(), io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stderr(errors),
        contextlib.redirect_stdout(out),
        mock.patch("game.app.run", return_value=0),
    ):
        try:
            status = main(arguments)
        except SystemExit as leaving:
            status = leaving.code
        assert os.listdir(folder) == []
    line = errors.getvalue()
    if status == 2:
        assert line.startswith("game: ")
        assert line.count("\n") == 1
        assert line.endswith("\n")
    else:
        assert (status, line) == (0, "")


KEYS = {
    "scene": str,
    "agents": int,
    "frames": int,
    "seconds": float,
    "fps": float,
    "frame_ms": dict,
    "snapshot_ms": dict,
    "start_ms": dict,
    "rows_torn_rejected": int,
    "rows_torn_shown": int,
    "movers": list,
    "values": list,
    "deaths": list,
    "restarts": int,
}


@pytest.mark.slow
@pytest.mark.parametrize(("scene", "method"), [("swarm", "forkserver"), ("race", "spawn")])
def test_a_headless_run_with_everything(scene: str, tmp_path: Path, method: str):
    done = game(
        *(scene, "--headless", "--frames", "90", "--agents", "3", "--size", "640x480"),
        *("--screenshot", "a.png", "--stats", "a.json", "--start-method", method),
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    stats = json.loads((tmp_path / "a.json").read_text())
    for key, kind in KEYS.items():
        assert isinstance(stats[key], kind), key
    assert (stats["scene"], stats["agents"], stats["frames"]) == (scene, 3, 90)
    assert set(stats["frame_ms"]) == set(stats["snapshot_ms"]) == {"median", "p99", "max"}
    assert set(stats["start_ms"]) == {"first_frame", "all_movers"}
    assert [m["slot"] for m in stats["movers"]] == [0, 1, 2]
    keys = {
        "slot",
        "first_agent",
        "agents",
        "name",
        "host",
        "mover",
        "pid",
        "updates",
        "hz",
        "state",
        "exit",
    }
    assert set(stats["movers"][0]) == keys
    assert stats["movers"][0]["state"] == "running"
    assert all(m["updates"] > 0 for m in stats["movers"])
    assert [len(row) for row in stats["values"]] == [2] * 3
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_swarm_of_the_tutorial(tmp_path: Path):
    done = game("swarm", "--preset", "swarm", "--headless", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    moved = [line for line in lines if re.fullmatch(r"Robot [0-2] moved to \(\d+, \d+\)", line)]
    assert len(moved) == 15
    at = lines.index("Final robot positions:")
    stats = json.loads((tmp_path / "a.json").read_text())
    final = [f"Robot {n}: ({x:.0f}, {y:.0f})" for n, (x, y) in enumerate(stats["values"])]
    assert lines[at + 1 :] == final
    assert len(moved) + 4 == len(lines)
    for n, line in enumerate(final):
        last = [m for m in moved if m.startswith(f"Robot {n} ")][-1]
        assert last.replace(" moved to", ":") == line
    assert [m["updates"] for m in stats["movers"]] == [5, 5, 5]
    assert [(m["state"], m["exit"]) for m in stats["movers"]] == [("done", 0)] * 3


def test_a_run_whose_time_is_up_before_its_work_is_done_has_not_failed():
    done = game("race", "--preset", "traffic", "--updates", "100000", "--headless", "--frames", "9")
    assert done.returncode == 0
    assert "Final car speeds:" in done.stdout


@pytest.mark.slow
def test_the_traffic_of_the_tutorial(tmp_path: Path):
    done = game("race", "--preset", "traffic", "--headless", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    updated = [
        m for line in lines if (m := re.fullmatch(r"Car (\d) speed updated to: (\d+)", line))
    ]
    assert len(updated) == 25
    assert all(20 <= int(m[2]) <= 100 for m in updated)
    at = lines.index("Final car speeds:")
    stats = json.loads((tmp_path / "a.json").read_text())
    final = [f"Car {n}: {speed:.0f} km/h" for n, (speed, _) in enumerate(stats["values"], 1)]
    assert lines[at + 1 :] == final
    assert len(lines) == 31


@pytest.mark.slow
def test_the_duel_of_the_tutorial(tmp_path: Path):
    done = game("race", "--preset", "duel", "--headless", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    pattern = r"Car (One|Two) speed updated to: (\d+)"
    updated = [m for line in lines if (m := re.fullmatch(pattern, line))]
    ranges = {"One": range(40, 81), "Two": range(60, 101)}
    assert len(updated) == 6
    assert all(int(m[2]) in ranges[m[1]] for m in updated)
    stats = json.loads((tmp_path / "a.json").read_text())
    (one, _), (two, _) = stats["values"]
    assert lines[6:] == ["Final speeds:", f"Car One: {one:.0f} km/h", f"Car Two: {two:.0f} km/h"]


@pytest.mark.slow
def test_the_observer_of_the_tutorial(tmp_path: Path):
    done = game("race", "--preset", "observer", "--headless", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    found = [
        re.fullmatch(r"Current speeds: \[(\d+), (\d+), (\d+)\]", line)
        for line in done.stdout.splitlines()
    ]
    assert len(found) == 5
    assert all(m and all(50 <= int(speed) <= 100 for speed in m.groups()) for m in found)
    stats = json.loads((tmp_path / "a.json").read_text())
    assert [str(round(speed)) for speed, _ in stats["values"]] == list(found[-1].groups())
    assert len(stats["movers"]) == 1, "one process writes all three"


@pytest.mark.slow
def test_the_lock_of_the_tutorial(tmp_path: Path):
    done = game("road", "--preset", "lock", "--headless", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    whole = [f"[{', '.join([str(n)] * 4)}]" for n in range(1, 6)]
    assert [line for line in lines if line.startswith("Writer")] == [f"Writer: {w}" for w in whole]
    assert [line for line in lines if line.startswith("Reader")] == [f"Reader: {w}" for w in whole]
    assert len(lines) == 10
    stats = json.loads((tmp_path / "a.json").read_text())
    assert stats["values"] == [[5.0]] * 4
    assert stats["sync"]["element"]["reads"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["swarm", "race", "road"])
def test_a_monitor_prints_on_every_scene_and_ends_with_the_program(scene: str):
    done = game(scene, "--agents", "2", "--headless", "--seconds", "2", "--monitor", "0.1")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) > 3
    start = {"swarm": "Current positions: [(", "race": "Current speeds: [", "road": "Reader: ["}
    assert all(line.startswith(start[scene]) for line in lines)


@pytest.mark.slow
def test_all_ways_to_share_are_in_the_stats(tmp_path: Path):
    done = game(
        *("road", "--sync", "all", "--stress", "--headless", "--seconds", "4"),
        *("--stats", "a.json"),
        cwd=tmp_path,
    )
    assert done.returncode == 0
    stats = json.loads((tmp_path / "a.json").read_text())
    sync = stats["sync"]
    assert stats["sync_conditions"] == {"stress": True, "lens_ms": 0.0, "vehicles": 4}
    assert stats["sync_earlier"] is None, "the ways in turn are one run"
    assert list(sync) == ["none", "element", "lock", "seqlock"]
    for figures in sync.values():
        before = {"reads", "torn", "missed", "wait_ms", "passes_per_s"}
        assert set(figures) == before | {"kept_out", "retried", "call_ms"}
        assert set(figures["wait_ms"]) == {"median", "p99", "max"}
        assert set(figures["kept_out"]) == {"reads", "share", "total_ms", "longest_ms"}
        assert figures["reads"] > 0
    assert (sync["lock"]["torn"], sync["seqlock"]["torn"]) == (0, 0)


def test_a_syntax_error_is_named_before_anything_starts(tmp_path: Path):
    (tmp_path / "odd.py").write_text("class Mover:\n    def step(self dt):\n")
    assert "odd.py:2" in refused("swarm", "--mover", "odd.py", cwd=tmp_path)


@pytest.mark.slow
def test_a_pipe_that_closes_early_is_no_traceback():
    for arguments in ("--list-movers", "swarm --preset swarm --headless"):
        command = f"{sys.executable} -m game {arguments} | head -1"
        done = subprocess.run(
            command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT
        )
        assert "Traceback" not in done.stderr
        assert done.stdout.count("\n") == 1


def test_a_list_that_nobody_reads_is_no_failure():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "game", "--list-movers"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, timeout=LIMIT
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_finite_run_without_a_preset_prints_the_final_values_alone():
    done = game("race", "--headless", "--updates", "3", "--rate", "50", "--agents", "2")
    assert done.returncode == 0
    assert re.fullmatch(r"Final car speeds:\n(Car [12]: \d+ km/h\n){2}", done.stdout)


@pytest.mark.slow
def test_the_same_seed_ends_in_the_same_values(tmp_path: Path):
    common = ("swarm", "--headless", "--updates", "20", "--rate", "100", "--seed", "3")
    common += ("--agents", "4")
    assert game(*common).stdout == game(*common).stdout


def test_a_failed_mover_makes_a_finite_run_end_with_1(tmp_path: Path):
    (tmp_path / "bad.py").write_text(
        "class Mover:\n    def __init__(self, agent): pass\n    def step(self, dt): 1 / 0\n"
    )
    done = game("swarm", "--mover", "bad.py", "--headless", "--updates", "3", cwd=tmp_path)
    assert done.returncode == 1
    assert "Robot 11: ZeroDivisionError" in done.stderr
    assert done.stderr.count("Traceback") == 1, "one traceback for twelve times the same"


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_with_its_figures(number: int, status: int, tmp_path: Path):
    stats = tmp_path / "a.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "game", "swarm", "--headless", "--stats", stats, "--updates", "90"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    until(lambda: not os.path.exists("/proc") or Path(children).read_text().split(), "processes")
    process.send_signal(number)
    _, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == status
    assert errors == ""
    assert json.loads(stats.read_text())["scene"] == "swarm"


def test_a_headless_run_ends_when_all_its_movers_have_died(tmp_path: Path):
    """Without an end of its own, there is nothing more to come."""
    (tmp_path / "bad.py").write_text(
        "class Mover:\n    def __init__(self, agent): pass\n    def step(self, dt): 1 / 0\n"
    )
    done = game("swarm", "--mover", "bad.py", "--agents", "2", "--headless", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("ZeroDivisionError: division by zero\n") >= 2


STUCK = """
from array import array
from game.shared.table import SEQUENCE, STATE, State

def drive(table, part, pace, job):
    for number in (1.0, 2.0):
        part.publish(memoryview(array("d", [number, number])))
        part.row[STATE] = State.RUNNING
        part.row[SEQUENCE] += 1  # in the middle of a write, for longer than some frames take
        pace.wait(1.0)
        part.row[SEQUENCE] += 1
"""


@pytest.mark.slow
def test_rows_that_were_kept_back_are_in_the_stats(tmp_path: Path):
    (tmp_path / "stuck.py").write_text(STUCK)
    figures = ("--updates", "1", "--stats", "a.json")
    done = game(
        "swarm", "--mover", "stuck.py", "--agents", "1", "--headless", *figures, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    stats = json.loads((tmp_path / "a.json").read_text())
    assert stats["rows_torn_rejected"] > 0
    assert stats["rows_torn_shown"] == 0
    assert stats["values"] == [[2.0, 2.0]]


FILLED = """
import os, sys
for number in map(int, sys.argv[1:]):
    os.close(number)
from game.__main__ import fill_standard_streams
fill_standard_streams()
os._exit(os.open(os.devnull, os.O_RDONLY))
"""


@pytest.mark.skipif(os.name != "posix", reason="closes descriptors as a shell does")
@pytest.mark.parametrize("closed", [(), (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)], ids=str)
def test_no_file_takes_the_place_of_a_stream_that_is_closed(closed: tuple[int, ...]):
    command = [sys.executable, "-c", FILLED, *map(str, closed)]
    number = subprocess.run(command, cwd=ROOT, timeout=LIMIT).returncode
    assert number == 3, "the next file is none of stdin, stdout, stderr"


@pytest.mark.skipif(os.name != "posix", reason="closes descriptors as a shell does")
@pytest.mark.parametrize(
    ("streams", "method"),
    [
        *((closed, "forkserver") for closed in ("<&-", ">&-", "<&- >&-", "<&- >&- 2>&-")),
        ("<&- >&- 2>&-", "spawn"),
    ],
)
def test_it_runs_as_well_without_standard_streams(streams: str, method: str, tmp_path: Path):
    words = ["swarm", "--preset", "swarm", "--headless", "--rate", "100"]  # prints every update
    words += ["--start-method", method, "--stats", "a.json"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {streams}', sys.executable, "-m", "game", *words],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    stats = json.loads((tmp_path / "a.json").read_text())
    assert [mover["updates"] for mover in stats["movers"]] == [5, 5, 5]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="looks at descriptors in /proc")
def test_what_was_closed_leads_nowhere(method: str):
    words = ["swarm", "--headless", "--agents", "1", "--start-method", method]
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', sys.executable, "-m", "game", *words], cwd=ROOT
    )
    folder = Path(f"/proc/{process.pid}")
    children = folder / "task" / str(process.pid) / "children"
    try:
        until(lambda: children.read_text().split(), "processes")
        streams = [os.readlink(folder / "fd" / number) for number in "012"]
        process.terminate()
        assert process.wait(LIMIT) == 143
    finally:
        process.kill()
        process.wait()
    assert streams == [os.devnull] * 3


def test_without_a_display_it_runs_headless_and_says_so(tmp_path: Path):
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    environment = {k: v for k, v in ENVIRONMENT.items() if k not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "game", "swarm", "--frames", "5"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("game: ")]
    assert len(lines) == 1
    assert "no display" in lines[0]
    (picture,) = tmp_path.glob("*.png")
    assert str(picture) in lines[0]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_final_lines_that_cannot_be_printed_are_one_line(tmp_path: Path):
    command = [sys.executable, "-m", "game", "swarm", "--updates", "2", "--agents", "2"]
    figures = tmp_path / "figures.json"
    command += ["--headless", "--stats", str(figures)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: the final lines were not printed: ")
    assert done.returncode == 1
    assert json.loads(figures.read_text())["frames"] > 0, "what can be handed over is"


def test_an_end_that_was_asked_for_does_not_wait_for_the_monitor():
    done = game("race", "--preset", "observer", "--updates", "40", "--headless", "--frames", "20")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 20


@pytest.mark.parametrize(
    ("scene", "code", "words"),
    [
        ("road", "class Mover:\n    pass\n", "no function drive"),
        ("swarm", "x = " + "-" * 100_000 + "1\n", "deeply nested"),
    ],
)
def test_a_file_that_cannot_be_a_mover_is_refused(
    tmp_path: Path, scene: str, code: str, words: str
):
    path = tmp_path / "mine.py"
    path.write_text(code)
    assert words in refused(scene, "--mover", str(path))
