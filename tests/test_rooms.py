"""The house: which room may import which, read from every file's imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GAME = ROOT / "game"

EVERYTHING = {"*"}
# Room -> what it may import besides the standard library. A room is a file or a folder.
MAY_IMPORT = {
    "__init__": set(),
    "arguments": set(),
    "__main__": {"game.arguments", "game.movers", "game.options", "game.app"},
    "app": EVERYTHING,
    "arena": EVERYTHING,
    "controls": EVERYTHING,
    "report": EVERYTHING,
    "stage": {"pygame", "game.assets", "game.scenes", "game.snapshot", "game.view"},
    # Of the view the Card alone, which is text.
    "facts": {"game.crew", "game.snapshot", "game.table", "game.usage", "game.view"},
    "usage": {"psutil"},
    # Of the view the theme alone, which knows nothing of pygame; of the crew its limits.
    "options": {"game.assets", "game.child", "game.crew", "game.movers", "game.track", "game.view"},
    "assets": set(),
    # The shared memory, and those who look at it.
    "table": set(),
    "sync": {"game.table"},
    "reader": {"numpy", "game.snapshot", "game.table"},
    "snapshot": {"numpy"},
    "monitor": {"game.child", "game.crew", "game.movers", "game.table"},
    # The processes: who starts and ends them, what runs in them, what they do.
    "crew": {"game.crew", "game.child", "game.movers", "game.table"},
    "child": {"game.child", "game.monitor", "game.movers", "game.table", "game.track"},
    # The convoy alone writes by itself, in the ways of game.sync.
    "movers": {"game.movers", "game.track", "game.sync", "game.child", "game.table"},
    "track": set(),
    # The picture.
    "scenes": {"numpy", "game.scenes", "game.view", "game.track", "game.glide", "game.snapshot"}
    | {"game.race", "game.movers"},  # the race's parts; the world's measures
    "race": {"numpy", "game.race", "game.glide", "game.snapshot", "game.track", "game.view"},
    "glide": {"numpy", "game.snapshot"},
    "view": {"pygame", "numpy", "game.view", "game.assets", "game.snapshot"},
    "stats": {"numpy", "game.snapshot"},
    "road": {"numpy", "game.road", "game.crew", "game.reader", "game.snapshot", "game.stats"}
    | {"game.sync", "game.table"},
}
KNOWS_NO_PROCESSES = (
    "stage",
    "scenes",
    "view",
    "snapshot",
    "glide",
    "race",
    "stats",
    "track",
    "movers",
    "assets",
)
FILES = sorted(GAME.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(GAME).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "game":
                found |= {f"game.{name.name}" for name in node.names}
    return found - {"game"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(GAME)))
def test_a_room_imports_what_it_may(path: Path):
    allowed = MAY_IMPORT[room(path)]
    for name in imports(path):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            knows = room(path) not in KNOWS_NO_PROCESSES or top != "multiprocessing"
            assert knows, f"{path.name} imports {name}"
        elif allowed is not EVERYTHING:
            wanted = ".".join(name.split(".")[:2]) if top == "game" else top
            crowd = wanted == "numpy" and "class Crowd" in path.read_text()
            assert wanted in allowed or crowd, f"{path.name} imports {name}"


def test_every_room_is_in_the_table():
    assert {room(path) for path in FILES} == set(MAY_IMPORT)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_mover_process_is_light():
    loaded = loaded_by("import game.child.preload")
    assert not loaded & {"pygame", "numpy", "argparse", "dataclasses", "inspect"}


def test_a_mover_finds_everything_loaded():
    loaded = loaded_by("import game.child.preload")
    behaviours = {
        f"game.movers.{path.parent.name}.{path.stem}"
        for path in GAME.glob("movers/*/*.py")
        if not path.stem.startswith("_")
    }
    assert loaded >= behaviours | {"multiprocessing.popen_forkserver", "random"}


def test_the_command_line_is_light():
    loaded = loaded_by("import game.__main__ as m; m.parser()")
    assert not loaded & {"pygame", "numpy", "psutil", "multiprocessing", "random", "game.app"}


def test_the_arena_is_there_before_psutil():
    assert "psutil" not in loaded_by("import game.arena")
