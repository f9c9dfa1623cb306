"""What the check is told on the command line: a scene, a file, and the options of a run.

Called by game.check. Nothing here runs anything of the mover.
"""

import os
from collections.abc import Sequence
from typing import NamedTuple

from game import scenes
from game.arguments import parse, parser
from game.check import Finding
from game.check.source import Source, read
from game.options import Options, settle

HOW = "python -m game check SCENE FILE.py [options of a run, such as --rate --seed --track]"


class Chosen(NamedTuple):
    """A mover to be tried, and in which run."""

    path: str
    options: Options
    source: Source


def settled(path: str, scene: str, options: Sequence[str]) -> Chosen | list[Finding]:
    """What is to be tried; findings where the file cannot even be read as Python.

    Where arguments are wrong, ValueError or SystemExit, as the command line has it.
    """
    if not path.endswith(".py") or not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise ValueError(
            f"check: {path!r} is not a file of Python that can be read; it comes after the scene"
        )
    definition = scenes.find(scene)
    if not definition.processes or definition.needs:
        takes = "no movers" if not definition.processes else f"movers with {definition.needs}()"
        raise ValueError(f"check: {scene} has {takes}, which cannot be stepped one by one")
    path = os.path.abspath(path)
    try:
        source = read(path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 0) or 0
        words = getattr(error, "msg", "") or str(error) or "too deeply nested"
        return [Finding(path, line, words, "give a file of Python")]
    if not {"Mover", "*"} & set(source.classes):
        return [Finding(path, 0, what_it_has(source), "give it a class Mover (new writes one)")]
    given, found = parse([scene, *options, "--mover", path, "--headless"])
    assert found is not None
    if given.list_movers or found.job_name != definition.job_name:
        parser(definition).error(f"check takes the options of a run; {HOW}")
    with found.in_a_line(ValueError):
        return Chosen(path, settle(given, found), source)


def what_it_has(source: Source) -> str:
    """What there is in place of a Mover."""
    if "drive" in source.classes:
        return "drive() writes the memory by itself, and cannot be stepped"
    near = [name for name in source.classes if name.lower() in ("mover", "movers", "crowd")]
    return f"has a {near[0]} and no class Mover" if near else "has no class Mover"
