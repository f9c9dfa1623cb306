"""The check of a mover: each promise that is not kept is found, on its line."""

import os
import sys
from pathlib import Path

import pytest

from game import scenes
from game.__main__ import main
from game.check import findings, trial
from game.check.source import read
from game.new import write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tells signals by their names")

# What a mover does -> the line that is pointed at, and what is said of it.
BROKEN = {
    "return 1.0": (4, "returned 1.0, wanted 2 values"),
    "return 1.0, 'x'": (4, "wanted 2 values"),
    "return 1.0, 2.0, 3.0": (4, "wanted 2 values"),
    "return {1.0, 2.0}": (4, "has no order"),
    "return 1.0, float('nan')": (4, "y is nan in update 1, of agent 0"),
    "return -1.0, 2.0": (4, "x is -1 in update 1, of agent 0, outside 0 to 100"),
    "return 1 / 0, 2.0": (4, "ZeroDivisionError: division by zero"),
    "raise SystemExit('no map')": (4, "left: no map"),
    "import os; os._exit(3)": (3, "left before its first update, with exit code 3"),
    "import ctypes; ctypes.string_at(0)": (4, "crashed before its first update: SIGSEGV"),
    "import random; return random.random(), 2.0": (4, "not the same under the same --seed"),
    "self.kept.append(dt * 2); return 1.0, 2.0": (4, "memory grows by"),
    "print('here'); return 1.0, 2.0": (4, "prints, "),
    "import os; os.write(1, b'x'); return 1.0, 2.0": (0, "bytes past Python's own stdout"),
    "import time; time.sleep(0.15); return 1.0, 2.0": (4, "ms, --rate 10 allows 100 ms"),
    "breakpoint(); return 1.0, 2.0": (4, "add --debug"),
}


def mover(folder: Path, step: str) -> str:
    path = folder / "mine.py"
    path.write_text(
        "class Mover:\n"
        "    def __init__(self, agent): self.kept = []\n"
        "    def step(self, dt):\n"
        f"        {step}\n"
    )
    return str(path)


@pytest.mark.slow
@pytest.mark.parametrize("step", BROKEN)
def test_what_is_amiss_is_found_on_its_line(step: str, tmp_path: Path):
    path = mover(tmp_path, step)
    few = ("--updates", "5") if "sleep" in step else ()
    found = findings(path, "swarm", "--agents", "2", *few)
    line, words = BROKEN[step]
    assert [(f.file, f.line) for f in found if words in f.what] == [(path, line)], found
    assert all(f.remedy for f in found)


@pytest.mark.slow
def test_a_step_that_hangs_is_found_with_its_line(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(trial, "LOAD", 1.0)
    path = mover(tmp_path, "while dt: pass")
    (found,) = findings(path, "swarm", "--agents", "1")
    assert (found.line, found.what) == (4, "hangs before its first update")


@pytest.mark.slow
def test_a_crowd_is_tried_as_well(tmp_path: Path):
    path = Path(mover(tmp_path, "return 1.0, 2.0"))
    path.write_text(
        path.read_text() + "class Crowd:\n"
        "    def __init__(self, group): self.many = len(group.numbers)\n"
        "    def step(self, dt): return memoryview(bytearray(8 * self.many)).cast('d')\n"
    )
    (found,) = findings(path, "swarm")
    assert found.line == 7
    assert found.what.startswith("ValueError: Crowd.step() returned an array of 64 'd'")


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["swarm", "race"])
def test_a_new_mover_keeps_all_promises(scene: str, tmp_path: Path):
    path = str(tmp_path / "my.py")
    written = write(scene, path)
    assert f"game {scene} --mover {path}" in written
    assert f"game check {scene} {path}" in written
    assert findings(path, scene, "--seed", "3") == []
    comments = [line for line in Path(path).read_text().splitlines() if line.startswith("#")]
    assert len(comments) == 5


@pytest.mark.slow
def test_a_scene_from_outside_gets_one_by_its_fields(tmp_path: Path):
    scene = tmp_path / "mine.py"
    scene.write_text("FIELDS = {'height': 'm', 'way up': ''}\n")
    path = str(tmp_path / "my.py")
    write(str(scene), path)
    assert "height [m], way up" in Path(path).read_text()
    scene.write_text(scene.read_text() + "class Scene: pass\n")
    assert findings(path, str(scene)) == []


def test_nothing_is_written_over(tmp_path: Path, capsys):
    path = tmp_path / "my.py"
    path.write_text("mine")
    for words, scene, place in (
        ("is there already, and stays as it is", "swarm", path),
        ("No such file or directory", "swarm", tmp_path / "none" / "my.py"),
        ("does not end in .py", "swarm", tmp_path / "my.txt"),
        ("has no name before its .py", "swarm", tmp_path / ".py"),
        ("takes no mover of yours", "road", tmp_path / "other.py"),
        ("there is no scene", "nowhere", tmp_path / "other.py"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["new", scene, str(place)])
        assert ended.value.code == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["my.py"]


@pytest.mark.parametrize("word", ["new", "check"])
def test_wrong_arguments_are_a_line(word: str, capsys, tmp_path: Path):
    for arguments in ([], ["swarm"], ["--seed", "1", "swarm", "my.py"]):
        with pytest.raises(SystemExit) as ended:
            main([word, *arguments])
        assert ended.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert main([word, "--help"]) == 0
    assert f"python -m game {word} SCENE FILE.py" in capsys.readouterr().out


def test_the_check_refuses_what_it_cannot_try(tmp_path: Path):
    path = mover(tmp_path, "return 1.0, 2.0")
    for arguments, words in (
        (("none.py", "swarm"), "is not a file of Python"),
        ((path, "road"), "cannot be stepped"),
        ((path, "watch"), "cannot be stepped"),
        ((path, "swarm", "--rate", "x"), "--rate: 'x' is not a number"),
        ((path, "swarm", "--track", "x"), "swarm has no such option"),
        ((path, "nowhere"), "there is no scene"),
    ):
        with pytest.raises(ValueError, match=words):
            findings(*arguments)


def test_a_file_that_cannot_be_read_as_a_mover_is_a_finding(tmp_path: Path, capsys):
    path = tmp_path / "mine.py"
    for text, line, words in (
        ("x = (\n", 1, "was never closed"),
        ("class mover: pass\n", 0, "has a mover and no class Mover"),
        ("def drive(*given): pass\n", 0, "drive() writes the memory"),
    ):
        path.write_text(text)
        (found,) = findings(str(path), "swarm")
        assert found.line == line
        assert words in found.what
    assert main(["check", "swarm", str(path)]) == 1
    assert capsys.readouterr().out == f"{found}\n"


def test_calls_that_are_not_the_same_twice_are_known(tmp_path: Path):
    path = tmp_path / "mine.py"
    for text, unsteady in (
        ("import random\nx = random.Random(4)\n", (0, "")),
        ("import random\nx = random.gauss(0, 1)\n", (2, "random.gauss")),
        ("import time\n\nx = time.time()\n", (3, "time.time")),
        ("import numpy as np\nx = np.random.default_rng()\n", (2, "np.random.default_rng")),
        ("import numpy as np\nx = np.random.default_rng(3)\n", (0, "")),
    ):
        path.write_text(text)
        assert read(str(path)).unsteady == unsteady


@pytest.mark.parametrize("scene", ["swarm", "race"])
def test_ranges_are_of_the_scenes_own_fields(scene: str):
    from tests.made import options_of

    definition = scenes.find(scene)
    ranges = definition.ranges(definition.world(options_of(scene).job.settings))
    assert set(ranges) == set(definition.fields)
    assert all(low < high for low, high in ranges.values())
