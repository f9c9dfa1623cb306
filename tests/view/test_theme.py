"""The themes: every colour by name, readable on its ground, told apart by colour-blind eyes."""

import ast
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from game import assets, scenes
from game.view.bar import Bar
from game.view.scene import ShownScene
from game.view.screen import Screen
from game.view.theme import HUES, NAMES, Colour, Theme, ThemeError, brightness
from tests.made import scene_of
from tests.test_command_line import refused_by_the_program

ROOT = Path(__file__).parents[2]
GAME = ROOT / "game"
VIEW = list((GAME / "view").rglob("*.py"))
OWN_FILES = {name: list((GAME / "scenes" / name).rglob("*.py")) for name in scenes.OWN}
FILES = [*VIEW, *(GAME / "scenes").rglob("*.py")]
OWN_COLOURS = {name: scenes.find(name).colours for name in scenes.OWN}
THEMES = assets.names("themes", ".toml")
# Each theme as it is, and as it is with each scene's own colours in it.
EACH = {name: Theme(name) for name in THEMES} | {
    f"{scene}-{name}": Theme(name, own) for scene, own in OWN_COLOURS.items() for name in THEMES
}
EVERY = pytest.mark.parametrize("theme", EACH.values(), ids=EACH)

GROUNDS = ("background", "panel", "shade", "floor", "grass", "tarmac")
# What is written, and on which grounds.
WRITTEN = {
    "text": (*GROUNDS, "line", "alarm_ground"),
    "dim": ("background", "panel", "shade", "floor"),
    "accent": ("panel", "shade", "line"),
    "alarm": GROUNDS,
    "alarm_text": ("alarm_ground",),
    "shade": (),  # the numbers on agents, below
}
# The same of a scene's own colours, where it is less than all that the scene paints.
WRITTEN_BY = {
    "race": {"mark": ("grass", "grass_mown", "shoulder")},
}
# Where agents may stand in a scene besides: those that have finished.
STOOD_ON = {"race": ("grass", "grass_mown", "shoulder")}
READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.2, success criteria 1.4.3 and 1.4.11
APART = 20.0  # CIE 1976 colour difference; about 2.3 can just be seen

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", IEEE TVCG 15 (2009), severity 1.0; on linear red, green, blue.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_the_standards():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 255, 255), (118, 118, 118)) == pytest.approx(4.54, abs=0.01)


@EVERY
@pytest.mark.parametrize(
    ("ink", "ground"), [(ink, ground) for ink, on in WRITTEN.items() for ground in on]
)
def test_text_can_be_read(theme: Theme, ink: str, ground: str):
    assert contrast(theme[ink], theme[ground]) >= READABLE


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scene", scenes.OWN)
def test_what_a_scene_writes_can_be_read_on_its_own_grounds(scene: str, name: str):
    theme = Theme(name, OWN_COLOURS[scene])
    for ink, grounds in written_by(scene).items():
        for ground in grounds:
            assert contrast(theme[ink], theme[ground]) >= READABLE, f"{ink} on {ground}"


def test_the_distances_beside_a_track_are_measured_on_each_kind_of_grass():
    assert written_by("race") == {"mark": ("grass", "grass_mown", "shoulder")}


@EVERY
def test_agents_stand_out_and_their_numbers_from_them(theme: Theme):
    for number in range(theme.different):
        colour = theme.agent(number)
        assert contrast(theme["shade"], colour) >= READABLE, f"the number on {number}"
        for ground in ("background", "floor", "tarmac", "panel"):
            assert contrast(colour, theme[ground]) >= VISIBLE, f"{number} on {ground}"


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scene", STOOD_ON)
def test_agents_stand_out_from_the_scenes_own_grounds(scene: str, name: str):
    theme = Theme(name, OWN_COLOURS[scene])
    for ground in STOOD_ON[scene]:
        for number in range(theme.different):
            assert contrast(theme.agent(number), theme[ground]) >= VISIBLE, f"{number} on {ground}"


@EVERY
def test_every_agent_has_a_colour_of_its_own_until_they_come_again(theme: Theme):
    assert theme.different >= 8 + HUES
    first = {theme.agent(number) for number in range(theme.different)}
    assert len(first) > 0.9 * theme.different
    assert theme.agent(theme.different) == theme.agent(0)


def lab(colour: Colour, eye: np.ndarray) -> np.ndarray:
    """A colour as an eye sees it, in CIE L*a*b* (D65)."""
    parts = np.array(colour) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ np.clip(eye @ linear, 1e-3, 1) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@EVERY
@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_the_first_eight_are_told_apart(theme: Theme, eye: np.ndarray):
    seen = [lab(theme.agent(number), eye) for number in range(8)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= APART


@EVERY
def test_more_robots_are_ever_further_from_the_floor(theme: Theme):
    scale = [brightness(colour) for colour in (theme["floor"], *theme.density)]
    assert scale in (sorted(scale), sorted(scale, reverse=True))
    assert min(abs(a - b) for a, b in combinations(scale, 2)) > 0.01


# The code and the files have the same names.


def constants(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


PLACES = {  # of the colour among the arguments of what draws
    ("painter", "fill"): 0,
    ("painter", "frame"): 0,
    ("painter", "lines"): 0,
    ("painter", "write"): 3,
    ("canvas", "fill"): 0,
    ("canvas", "box"): 1,
    ("canvas", "line"): 1,
    ("canvas", "points"): 1,
    ("canvas", "rings"): 1,
    ("canvas", "strip"): 2,
    ("canvas", "label"): 3,
}


def asked_for(tree: ast.AST) -> Iterator[str]:
    """Every name that a file asks a theme for, as far as it stands where it is asked for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("theme"):
            yield from constants(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            place = PLACES.get((ast.unparse(node.func.value), node.func.attr), 99)
            for argument in node.args[place : place + 1]:
                yield from constants(argument)


def own_names(scene: str) -> set[str]:
    """The names of a scene's own colours."""
    return {name for colours in OWN_COLOURS[scene].values() for name in colours}


def test_the_code_asks_for_no_name_that_is_missing():
    asked = {path: set(asked_for(ast.parse(path.read_text()))) for path in FILES}
    assert len(set().union(*asked.values())) > 12
    own = {path: own_names(scene) for scene, paths in OWN_FILES.items() for path in paths}
    missing = {path: names - set(NAMES) - own.get(path, set()) for path, names in asked.items()}
    assert not {path: names for path, names in missing.items() if names}


INKS = {"write": 3, "label": 3, "line": 2}  # the place of the ink, where text is written
GROUNDS_OF = {"fill": 0, "box": 1, "strip": 2}  # and of a ground's colour, on a canvas


def inks(tree: ast.AST, by: tuple[str, ...] = ("write", "label", "line")) -> Iterator[str]:
    """Every ink that a file writes text in, as far as it stands where text is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name not in by or (name == "line" and ast.unparse(node.func.value) != "text"):
                continue
            given = [word.value for word in node.keywords if word.arg in ("ink", "colour")]
            for argument in node.args[INKS[name] : INKS[name] + 1] or given:
                yield from constants(argument)


def grounds(tree: ast.AST) -> Iterator[str]:
    """Every ground that a file paints on a canvas, and those that its labels bring along."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, place = node.func.attr, GROUNDS_OF.get(node.func.attr, 99)
            if ast.unparse(node.func.value) == "canvas" and name in (*GROUNDS_OF, "label"):
                on = [word.value for word in node.keywords if word.arg == "on"]
                for argument in (*node.args[place : place + 1], *on):
                    yield from constants(argument)


def written_by(scene: str) -> dict[str, tuple[str, ...]]:
    """What a scene writes on its ground, or in colours of its own; and on which grounds."""
    trees = [ast.parse(path.read_text()) for path in OWN_FILES[scene]]
    own = own_names(scene)
    ground = tuple(sorted({name for tree in trees for name in grounds(tree)} & own))
    labels = {ink for tree in trees for ink in inks(tree, ("label",))}
    every = {ink for tree in trees for ink in inks(tree)}
    known = WRITTEN_BY.get(scene, {})
    return {ink: known.get(ink, ground) for ink in sorted(labels | every & own | set(known))}


def test_every_ink_that_text_is_written_in_is_measured():
    everywhere = {ink for path in VIEW for ink in inks(ast.parse(path.read_text()))}
    assert {"text", "dim"} < everywhere
    assert everywhere <= set(WRITTEN)
    for scene, paths in OWN_FILES.items():
        written = {ink for path in paths for ink in inks(ast.parse(path.read_text()))}
        own = {ink for ink, on in written_by(scene).items() if on}
        assert written <= set(WRITTEN) | own, f"{scene}: say on what in WRITTEN_BY"
    assert "mark" in written_by("race")


def test_no_name_is_there_for_nothing():
    def used(paths: list[Path]) -> set[str]:
        read = [path for path in paths if path.name not in ("theme.py", "colours.py")]
        return {text for path in read for text in constants(ast.parse(path.read_text()))}

    assert set(NAMES) <= used(FILES)
    for scene, paths in OWN_FILES.items():
        assert own_names(scene) <= used(paths), scene


@pytest.mark.parametrize("scene", scenes.OWN)
def test_a_scene_has_the_same_colours_in_every_theme(scene: str):
    own = OWN_COLOURS[scene]
    assert not own or {"dark", "light"} <= set(own), "one of these stands for any other theme"
    assert all(set(colours) == own_names(scene) for colours in own.values())


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_file_has_the_names_and_no_others(theme: str):
    from tomllib import loads

    data = loads(Path(assets.path("themes", theme + ".toml")).read_text())
    assert set(data) == {*NAMES, "density", "agents", "others"}


LITERALS = {
    # Not the arguments of a call, nor what a loop goes through.
    "three numbers": re.compile(
        r"(?<!\w)(?<!\bin )\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*(,\s*\d{1,3}\s*)?\)"
    ),
    "#rrggbb": re.compile(r"""["']#[0-9a-fA-F]{3,8}["']"""),
    "a colour of pygame": re.compile(r"pygame\.Color|THECOLORS"),
    "a colour's name": re.compile(
        r"""(draw\.\w+|fill)\([^)\n]*["'](white|black|red|green|blue|gr[ae]y)["']"""
    ),
}


def literals(text: str) -> list[str]:
    """The colours that a file has in it."""
    return [found[0] for pattern in LITERALS.values() for found in pattern.finditer(text)]


def test_no_colour_stands_in_the_code():
    own = {path for paths in OWN_FILES.values() for path in paths if path.name == "colours.py"}
    found = {path: literals(path.read_text()) for path in {*GAME.rglob("*.py")} - own}
    assert {path.name: has for path, has in found.items() if has} == {"sprites.py": ['"#ff00ff"']}
    for path in own:  # nothing but what it gives a name to, as a theme's file does
        named = {
            f'"{text}"' for by in OWN_COLOURS[path.parent.name].values() for text in by.values()
        }
        assert set(literals(path.read_text())) <= named


@pytest.mark.parametrize(
    "line",
    ["ink = (255, 0, 10)", "x = '#fff'", "pygame.Color('red')", "pygame.draw.rect(s, 'white', r)"],
)
def test_a_colour_in_the_code_would_be_found(line: str):
    assert literals(line)


# A person edits a theme.


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the assets, of which the themes may be spoilt."""
    shutil.copytree(assets.FOLDER, tmp_path / "assets")
    monkeypatch.setattr(assets, "FOLDER", str(tmp_path / "assets"))
    return tmp_path / "assets" / "themes"


MISTAKES = [
    ('grass = "#1c2a22"', "", ["grass", "missing", '"#rrggbb"']),
    ('grass = "#1c2a22"', 'grass = "gren"', ["grass", "'gren'", '"#rrggbb"']),
    ('grass = "#1c2a22"', 'grass = "#12345"', ["grass", "'#12345'"]),
    ('grass = "#1c2a22"', "grass = 7", ["grass", "7", "no colour"]),
    ('grass = "#1c2a22"', "grass = #1c2a22", ["TOML", "line"]),
    ('"#27405c", ', '"dark", ', ["density", "'dark'"]),
    ("agents = [", 'agents = "#f08c00" #', ["agents", "list"]),
    ("luminance = 0.42", "luminance = 42", ["others.luminance", "42", "0 to 1"]),
    ("others =", "other =", ["others.saturation", "missing"]),
    ("# The dark theme.", "\udcff", ["TOML"]),
]


@pytest.mark.parametrize(("right", "wrong", "says"), MISTAKES)
def test_a_mistake_in_a_theme_gets_one_line(folder: Path, right: str, wrong: str, says: list[str]):
    file = folder / "dark.toml"
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong), errors="surrogateescape")
    with pytest.raises(ThemeError) as caught:
        Theme("dark")
    line = str(caught.value)
    assert "\n" not in line
    assert "dark.toml: " in line
    assert all(word in line for word in says), line


def test_the_program_ends_with_2_for_it(tmp_path: Path):
    for part in ("game", "assets"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "assets" / "themes" / "mine.toml").write_text('panel = "no"')
    line = refused_by_the_program("swarm", "--theme", "mine", cwd=tmp_path, root=tmp_path)
    assert "assets/themes/mine.toml: background: is missing; " in line.replace("\\", "/")


def test_the_key_says_what_is_wrong_and_stays(folder: Path):
    screen = Screen(ShownScene(scene_of("swarm")), Bar(), "dark")
    (folder / "light.toml").write_text("grass")
    screen.wishes.next_theme()
    assert "light.toml" in screen.hud.message
    assert screen.wishes.theme.name == "dark"
    shutil.copy(folder / "dark.toml", folder / "light.toml")
    screen.wishes.next_theme()
    assert screen.wishes.theme.name == "light"


# A scene brings its own.


def test_the_key_takes_the_scenes_own_colours_along():
    own = {"dark": {"mark": "#112233"}, "light": {"mark": "#445566"}}
    scene = scene_of("swarm")
    scene.colours = own
    screen = Screen(ShownScene(scene), Bar(), "dark")
    assert screen.wishes.theme["mark"] == tuple(bytes.fromhex("112233"))
    screen.wishes.next_theme()
    assert screen.wishes.theme["mark"] == tuple(bytes.fromhex("445566"))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_theme_that_a_scene_does_not_know_has_the_colours_of_the_one_that_is_as_light(
    folder: Path, name: str
):
    shutil.copy(folder / f"{name}.toml", folder / "mine.toml")
    own = {"light": {"mark": "#445566"}, "dark": {"mark": "#112233"}}
    assert Theme("mine", own)["mark"] == Theme(name, own)["mark"]
    own["mine"] = {"mark": "#778899"}
    assert Theme("mine", own)["mark"] == tuple(bytes.fromhex("778899"))


def test_a_mistake_in_a_scenes_colours_gets_one_line():
    with pytest.raises(ThemeError) as caught:
        Theme("dark", {"dark": {"mark": "gren"}})
    line = str(caught.value)
    assert "\n" not in line
    assert all(word in line for word in ("COLOURS", "mark", "'gren'", '"#rrggbb"')), line


def test_only_files_of_a_kind_are_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assets, "FOLDER", str(tmp_path))
    (tmp_path / "themes").mkdir()
    for name in ("dark.toml", "dark.toml~", "light.toml", ".light.toml.swp", "notes.txt"):
        (tmp_path / "themes" / name).touch()
    assert assets.names("themes", ".toml") == ["dark", "light"]
