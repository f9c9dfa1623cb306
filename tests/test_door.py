"""The public door: the package under both of its names, from any folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import game
from tests.conftest import LIMIT

pytestmark = pytest.mark.slow  # real processes in nearly every test

ROOT = Path(__file__).parents[1]
BAIT = "raise SystemExit('a file of the current folder was run')"


def run(*words: str, cwd: Path, code: str = "") -> subprocess.CompletedProcess[str]:
    """Python in a folder, with the checkout on its path and the folder itself before it."""
    return subprocess.run(
        [sys.executable, *(["-c", code] if code else words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )


def test_array_arena_is_the_package_under_another_name(tmp_path: Path):
    code = (
        "import array_arena, game, game.frame; from array_arena import scenes; "
        "print(array_arena.__version__, array_arena.frame is game.frame, scenes is game.scenes, "
        "hasattr(array_arena, 'nonsense'))"
    )
    done = run(cwd=tmp_path, code=code)
    assert done.stdout == f"{game.__version__} True True False\n", done.stderr


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_files_of_the_current_folder_take_the_place_of_nothing(tmp_path: Path, method: str):
    (tmp_path / "game.py").write_text(BAIT)
    options = ("--agents", "2", "--headless", "--updates", "2", "--start-method", method)
    done = run("-m", "array_arena", "swarm", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Final robot positions:\nRobot 0: ("), "the movers ran"


def test_the_installed_command_is_free_of_them_altogether(tmp_path: Path):
    for name in ("game", "numpy", "random", "array_arena"):
        (tmp_path / f"{name}.py").write_text(BAIT)
    # As an entry point does it: its own folder is first on the path, not the current one.
    script = tmp_path / "bin" / "array-arena"
    script.parent.mkdir()
    script.write_text(
        "import sys\nfrom array_arena import command\n"
        "if __name__ == '__main__':\n    sys.exit(command())\n"
    )
    done = run(str(script), "race", "--agents", "2", "--updates", "2", "--headless", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Final car speeds:\nCar 1: ")


def test_another_module_called_game_is_named(tmp_path: Path):
    (tmp_path / "game.py").write_text("")
    done = run(cwd=tmp_path, code="import game, array_arena")
    assert "another module called game is loaded" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("module", ["game", "array_arena"])
@pytest.mark.parametrize("words", [["--version"], ["road", "--version"]])
def test_it_tells_its_version(module: str, words: list[str]):
    done = run("-m", module, *words, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, f"array-arena {game.__version__}\n")


def test_a_movers_own_programs_find_the_environment_as_it_was(tmp_path: Path):
    mover = tmp_path / "mine.py"
    mover.write_text(
        "import os\n"
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        "        names = ('PYTHONSAFEPATH', 'ARRAY_ARENA_ENVIRONMENT', 'PYTHONPATH')\n"
        "        raise RuntimeError(str([os.environ.get(name) for name in names]))\n"
    )
    for method in ("forkserver", "spawn"):
        words = ("swarm", "--agents", "1", "--mover", str(mover), "--headless")
        done = run("-m", "game", *words, "--start-method", method, cwd=tmp_path)
        assert f"RuntimeError: [None, None, {str(ROOT)!r}]" in done.stderr
