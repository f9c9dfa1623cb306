"""The house: which room may import which, read from every file's imports."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from game.scenes import OWN

ROOT = Path(__file__).parents[1]
GAME = ROOT / "game"

EVERYTHING = {"*"}
# Room -> what it may import besides the standard library and its own room.
MAY_IMPORT = {
    "__init__": {"game.attach", "game.scenes"},
    "arguments": {"game", "game.cluster.where", "game.scenes"},
    "__main__": {"game.arguments", "game.check", "game.options", "game.scenes", "game.stated"}
    | {"game.app", "game.replay_arguments", "game.replaying"},
    "app": EVERYTHING,
    "opening": EVERYTHING,
    "rounds": {"game.app", "game.crew.limits", "game.interrupts", "game.opening", "game.options"}
    | {"game.parts", "game.scenes", "game.session"},
    # The app's part in what was recorded.
    "replaying": EVERYTHING,
    "exporting": EVERYTHING,
    "filming": EVERYTHING,
    "replay_arguments": {"game.arguments", "game.options", "game.recording"},
    # The tools for those who write movers.
    "new": {"game.scenes"},
    "check": {"game.arguments", "game.child", "game.crew", "game.new", "game.options"}
    | {"game.scenes", "game.shared"},
    "timing": {"game.crew", "game.scenes"},
    # Of the view the theme alone, which knows nothing of pygame; of the crew its limits.
    "options": {"game.assets", "game.behaviours", "game.child", "game.cluster.where", "game.crew"}
    | {"game.recording", "game.scenes", "game.stated", "game.timing", "game.view.theme"},
    "behaviours": {"game.child", "game.scenes", "game.stated"},
    "stated": set(),
    "interrupts": set(),
    "assets": set(),
    # numpy where a Crowd asks for it, and never when it is loaded.
    "agent": {"numpy", "game.shared"},
    # A track, what files of circuits look like, and the lines on it.
    "track": {"game.curve", "game.track_files"},
    "track_files": set(),
    "curve": set(),
    "line": {"game.curve", "game.track"},
    "parts": set(),
    "frame": {"numpy"},
    "meters": {"numpy", "game.frame"},
    # The shared memory, and those who look at it.
    "shared": set(),
    "sources": {"numpy", "game.frame", "game.shared"},
    # What was shown, kept: frames, and the format's libraries.
    "recording": {"numpy", "game.frame", "mcap", "zstandard", "PIL", "imageio_ffmpeg"},
    # Somebody else's memory. What runs in their program loads numpy only where it is needed.
    "attach": {"numpy", "psutil"},
    # The processes: who starts and ends them, and what runs in them.
    "crew": {"game.child", "game.parts", "game.shared"},
    # Our processes on other machines. Ray is loaded inside functions alone.
    "cluster": {"psutil", "ray", "game.assets", "game.child", "game.crew", "game.scenes"}
    | {"game.shared"},
    "child": {"game.agent", "game.scenes", "game.shared", "game.track"},
    # A check on an array, as text.
    "invariant": {"numpy"},
    # The main loop. It alone knows sources, casts and scenes.
    "session": {"pygame", "numpy", "psutil", "game.crew", "game.frame", "game.meters"}
    | {
        "game.child.job",
        "game.child.reload",
        "game.child.words",
        "game.cluster.launcher",
        "game.shared",
        "game.options",
        "game.parts",
        "game.recording",
        "game.scenes",
        "game.sources",
        "game.view",
    },
    # The picture. Of the parts, the progress of a start: numbers.
    "view": {"pygame", "numpy", "game.assets", "game.frame", "game.parts"},
    # The scenes. The folder's own __init__ finds them; a scene's files are told apart below.
    "scenes": {"game.agent"},
    "scenes/*/__init__": {"game.agent", "game.line", "game.track"},
    "scenes/*/options": {"game.arguments", "game.assets", "game.attach", "game.invariant"}
    | {"game.child", "game.options", "game.track", "game.track_files"},
    "scenes/*/colours": set(),
    "scenes/*/cells": {"game.shared"},
    "scenes/*/modes": {"game.shared"},
    "scenes/*/movers": {"game.agent", "game.child", "game.line", "game.shared", "game.track"},
    "scenes/*/keys": {"pygame", "game.parts", "game.view.keys"},
    "scenes/*/reader": {"numpy", "game.attach", "game.frame", "game.meters", "game.options"}
    | {"game.parts", "game.shared", "game.sources"},
    "scenes/*/marks": {"numpy", "game.frame", "game.track"},
    # What movers ask, and what they may load numpy for: a crowd's own.
    "scenes/*/obstacles": set(),
    "scenes/*/obstacles_file": set(),
    "scenes/*/steering": set(),
    "scenes/*/raster": {"numpy"},
    "scenes/*/rounds": {"numpy", "game.meters", "game.parts"},  # the score of many runs
    "scenes/*/record": {"game.meters"},  # what a reader measures, in a file of its own
    # What a source is made of, and what runs in the program whose arrays it reads.
    "scenes/*/attached": {"numpy", "game.attach", "game.sources"},
    "scenes/*/handed": {"numpy", "game.attach"},
    "scenes/*/inside": {"numpy", "game.attach", "game.invariant"},
    "scenes/*/checking": {"numpy", "game.attach", "game.invariant"},
    "scenes/*/check_process": {"numpy", "game.attach", "game.invariant"},
    "scenes/*/violated": {"game.invariant", "game.view"},
    # What a behaviour is made of.
    "scenes/*/lanes": {"game.curve", "game.line", "game.track"},
    "scenes/*/traffic": set(),
    # Everything else in a scene's folder is its drawing half, or what its source is made of.
    "scenes/*/": {"pygame", "numpy", "game.frame", "game.parts", "game.shared", "game.track"}
    | {"game.view"},
}
KNOWS_NO_PROCESSES = (
    "frame",
    "meters",
    "view",
    "track",
    "track_files",
    "assets",
    "agent",
    "parts",
    "invariant",
)
FILES = sorted(GAME.rglob("*.py"))


def room(path: Path) -> str:
    """The line of the table that a file stands under."""
    parts = path.relative_to(GAME).with_suffix("").parts
    if parts[0] == "scenes" and len(parts) > 2:
        name = f"scenes/*/{parts[2]}"
        return name if name in MAY_IMPORT else "scenes/*/"
    return parts[0]


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            inside = node.module == "game" or (node.module or "").startswith("game.scenes")
            modules = {f"{node.module}.{name.name}" for name in node.names}
            found |= modules if inside else {node.module or ""}
    return found


def allowed(path: Path, name: str) -> bool:
    """Whether a file may import a module of ours, or from somewhere else."""
    may = MAY_IMPORT[room(path)]
    parts = name.split(".")
    if parts[0] != "game":
        crowd = parts[0] == "numpy" and "class Crowd" in path.read_text()
        return parts[0] in may or crowd
    own = path.relative_to(GAME).parts
    if own[0] == "scenes" and len(own) > 2:
        # Its own folder, and what every scene may use of the finder's.
        if parts[1] == "scenes" and (len(parts) < 3 or parts[2] == own[1] or parts[2] not in OWN):
            return True
    elif parts[1] == own[0].removesuffix(".py"):
        return True
    return any(name == wish or name.startswith(f"{wish}.") for wish in may)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(GAME)))
def test_a_room_imports_what_it_may(path: Path):
    if MAY_IMPORT[room(path)] is EVERYTHING:
        return
    for name in imports(path):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names:
            knows = room(path) not in KNOWS_NO_PROCESSES or top != "multiprocessing"
            assert knows, f"{path.name} imports {name}"
        elif name != "game.__version__":
            assert allowed(path, name), f"{path.name} imports {name}"


def test_every_room_is_in_the_table():
    assert {room(path) for path in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("name", OWN)
def test_a_scenes_name_stands_in_its_own_folder_alone(name: str):
    # A name that is also a plain verb is looked for in quotes; the public door may import it, and
    # its own list of views has the names of others, because arrays can be shown as these.
    plain = rf"[\"'/]{name}[\"'/]|scenes\.{name}\b" if name == "watch" else rf"\b{name}s?\b"
    word = re.compile(plain, re.IGNORECASE)
    home, views = GAME / "scenes" / name, GAME / "scenes" / "watch" / "__init__.py"
    strangers = [path for path in FILES if home not in path.parents and path != views]
    if name == "watch":
        strangers.remove(GAME / "__init__.py")
    found = {
        str(path.relative_to(ROOT)): word.findall(path.read_text())
        for path in strangers
        if word.search(path.read_text())
    }
    assert found == {}


def test_what_python_compiles_is_no_scene():
    folder = GAME / "scenes" / "__pycache__"
    was_there = folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        code = "from game.scenes import OWN; print(*OWN)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
        )
        assert done.stdout.split() == list(OWN)
        assert "__pycache__" not in OWN
    finally:
        if not was_there:
            folder.rmdir()


def loaded_by(statement: str, cwd: Path = ROOT) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_mover_process_is_light():
    loaded = loaded_by("import game.child.preload")
    heavy = {"pygame", "numpy", "argparse", "dataclasses", "inspect"}
    assert not loaded & (heavy - loaded_by("import traceback"))  # which has some, from 3.14 on


def test_a_mover_process_loads_no_drawing_half():
    loaded = loaded_by("import game.child.preload")
    halves = {name for name in loaded if name.startswith(("game.view", "game.session"))}
    files = {name for name in loaded if name.startswith("game.scenes.") and ".movers." not in name}
    assert halves | {name for name in files if name.endswith((".drawing", ".keys"))} == set()


def test_a_mover_finds_everything_loaded():
    loaded = loaded_by("import game.child.preload")
    behaviours = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in GAME.glob("scenes/*/movers/*.py")
    }
    assert len(behaviours) > len(OWN)
    assert loaded >= behaviours | {"multiprocessing.synchronize", "random"}


@pytest.mark.parametrize("scene", ["None", *(f"scenes.find({name!r})" for name in OWN)])
def test_the_command_line_is_light(scene: str):
    code = f"from game import scenes; from game.arguments import parser; parser({scene})"
    loaded = loaded_by(f"import game.__main__; {code}")
    assert not loaded & {"pygame", "numpy", "psutil", "random", "game.app"}


def test_the_public_door_is_light_and_typed():
    before, after = loaded_by("pass"), loaded_by("import game")
    assert after - before == {"game"}
    assert (GAME / "py.typed").exists()


def test_the_session_is_there_before_psutil():
    assert "psutil" not in loaded_by("import game.session.session")
