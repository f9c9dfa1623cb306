"""The README tells the truth: keys, options, and the mover that it shows."""

import re
from pathlib import Path

from game.__main__ import parser
from game.view.keys import KEYS
from tests.processes import running

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_key_table_is_the_programs():
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", section("Keys"), re.MULTILINE)
    assert rows == [(key.label, key.does) for key in KEYS]


def test_the_options_are_the_programs():
    written = set(re.findall(r"--[a-z][a-z-]+", section("Options")))
    assert written == {
        option
        for action in parser()._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }


def test_the_mover_runs_as_it_stands(tmp_path: Path):
    (text,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert text.count("\n") <= 14
    path = tmp_path / "circle.py"
    path.write_text(text)
    with running("forkserver", mover=str(path), updates=50) as run:
        for _ in range(5):
            run.crew.add()
        run.until(lambda: run.crew.done, "done")
        assert run.reader.snapshot.updates[:5].tolist() == [50] * 5
        assert not run.reader.snapshot.lost.any()
        places = run.reader.snapshot.values[:5]
        assert ((places > 4) & (places < 96)).all()


def test_the_pictures_are_there():
    for picture in re.findall(r"!\[.*?\]\((.+?)\)", TEXT):
        path = Path(__file__).parents[1] / picture
        assert path.stat().st_size < 100_000
