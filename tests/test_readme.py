"""The README tells the truth: keys, options, and the files that it shows."""

import re
from argparse import SUPPRESS
from pathlib import Path

import pytest

from game import scenes
from game.arguments import parser
from game.replay_arguments import export_parser, replay_parser
from game.scenes import Definition
from game.view.keys import KEYS
from tests.made import frames_until, opened, options_of
from tests.processes import running

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
GUIDE = (Path(__file__).parents[1] / "assets/examples/README.md").read_text(encoding="utf-8")
SCENES = [scenes.find(name) for name in scenes.OWN]


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def code(title: str) -> str:
    """The Python that a section shows."""
    (text,) = re.findall(r"```python\n(.*?)```", section(title), re.DOTALL)
    return str(text)


def test_the_key_table_is_the_programs():
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", section("Keys"), re.MULTILINE)
    assert rows == [(key.label, key.does) for key in KEYS]


def test_the_keys_of_each_scene_are_the_programs():
    rows = re.findall(r"^\| (\w+) \| `(.+)` \| (.+) \|$", section("Keys"), re.MULTILINE)
    assert rows == [
        (scene.name, key.label, key.does)
        for scene in SCENES
        for key in scene.offers("keys", "KEYS") or ()
    ]


def test_every_option_that_is_named_is_the_programs():
    every = options(None).union(*map(options, SCENES))
    for own in (replay_parser(), export_parser()):
        every |= {name for action in own._actions for name in action.option_strings}
    assert named(TEXT) - every == set()
    assert named(GUIDE) - every == set()
    table = re.findall(r"^\| (`--.+?`) \| ", section("Options"), re.MULTILINE)
    assert len(named("".join(table))) > 12


def test_an_option_says_what_it_does():
    for scene in SCENES:
        assert [action.dest for action in parser(scene)._actions if not action.help] == []


def named(text: str) -> set[str]:
    """The options that a text names."""
    return set(re.findall(r"--[a-z][a-z0-9-]+", text))


def options(scene: Definition | None) -> set[str]:
    """The options of every scene, and those of one alone."""
    told = [action for action in parser(scene)._actions if action.help != SUPPRESS]
    names = [name for action in told for name in action.option_strings]
    return {name for name in names if name.startswith("--")}


def test_the_mover_runs_as_it_stands(tmp_path: Path):
    text = code("A mover of your own")
    assert text.count("\n") <= 14
    path = tmp_path / "circle.py"
    path.write_text(text)
    with running("forkserver", mover=str(path), updates=50) as run:
        for _ in range(5):
            run.crew.add()
        run.until(lambda: run.crew.done, "done")
        frame = run.reader.frame
        assert frame.updates[:5].tolist() == [50] * 5
        assert not frame.died.any()
        places = frame.values[:5]
        assert ((places > 4) & (places < 96)).all()


def test_the_scene_runs_as_it_stands(tmp_path: Path):
    text = code("A scene of your own")
    assert text.count("\n") <= 20
    (tmp_path / "lake.py").write_text(text)
    (tmp_path / "movers").mkdir()
    (tmp_path / "movers" / "circle.py").write_text(code("A mover of your own"))
    with opened(str(tmp_path / "lake.py")) as session:
        assert session.options.job.behaviours[0].mover == str(tmp_path / "movers" / "circle.py")
        frames_until(session, lambda: len(session.source.frame.agents) == 5, "five agents")
        assert session.screen.scene.error == ""
        assert session.screen.scene.title == "Lake"


def test_its_command_is_all_that_the_two_files_need(tmp_path: Path, monkeypatch):
    (tmp_path / "lake.py").write_text(code("A scene of your own"))
    (tmp_path / "circle.py").write_text(code("A mover of your own"))
    monkeypatch.chdir(tmp_path)
    (words,) = re.findall(r"`python -m game (.+?\.py)`", section("A scene of your own"))
    assert words.startswith("lake.py ")
    assert options_of(*words.split()).job.behaviours[0].mover == str(tmp_path / "circle.py")
    with pytest.raises(ValueError, match=r"^lake has no movers: put one into movers/ beside lake"):
        options_of("lake.py")
    (tmp_path / "sea").mkdir()
    (tmp_path / "lake.py").rename(tmp_path / "sea" / "__init__.py")
    with pytest.raises(ValueError, match=r"movers/ in sea, or add --mover FILE\.py$"):
        options_of("./sea/")


def test_the_pictures_are_there():
    for picture in re.findall(r"!\[.*?\]\((.+?)\)", TEXT):
        path = Path(__file__).parents[1] / picture
        assert path.stat().st_size < 100_000
