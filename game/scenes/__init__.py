"""The scenes: what the values of an array mean, and how they look. A folder each.

    __init__.py   must: what the scene states of itself, FIELDS at least; see Definition
    drawing.py    must: a class Scene, which makes pictures of Frames; see game.view.scene
    movers/       must: its behaviours, a file each; see game.agent
    options.py    may: its own on the command line: add_options(add), as argparse's add_argument;
                  settle(given, options), which returns the options with the scene's settings:
                  options._replace(job=options.job._replace(settings={"waves": given.waves}));
                  answer(given), which answers at once, without a window, and returns the exit
                  status, or None; TAKES_COMMAND = True: `-- COMMAND ...` stands in given.command
    reader.py     may: make_source(table, cast, options, clock): a Source of its own; must where
                  the scene says PROCESSES = False: then there is neither table nor cast
    keys.py       may: KEYS, and a class Keys with the methods that they name
    marks.py      may: a class Marks(settings), whose follow(frame) says what happened in each
                  frame, for the timeline of a recording: pairs of a kind ("lap") and words
    colours.py    may: COLOURS, of its own: theme -> name -> "#rrggbb"
    cells.py      may: a class Cells(context): what it shares besides the array's values; its
                  make_room(capacity), if there is one, is told how many agents there may be; on
                  a cluster, give(first, agents) is what the process of some agents has written of
                  them, as bytes, and take(first, given) writes it here; without, there is none
    rounds.py     may: a class Score, for --rounds: add(seed, scene, source, entrants) after each
                  run, which returns who won, and in the end lines() and figures()

A scene from outside the package is such a folder anywhere, or a single file that has all of it
but cells and movers, which lie in `movers/` beside it. Mover processes import a folder's
__init__ and its movers (which may import its cells), never its drawing half. A single file they
never import: its settings have to be plain values, and movers find them in agent.world. The
files of a folder import each other with dots: `from .cells import Cells`, in a mover
`from ..cells import Cells`.

Light: the command line and every mover process import this. A scene's name stands in its own
folder and nowhere else.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module, util
from types import ModuleType, SimpleNamespace
from typing import Any

from game.agent import Agent
from game.scenes.failure import SceneError, one_line, place_of
from game.scenes.outside import is_outside, load, module_name
from game.scenes.stating import Preset

__all__ = [
    "MOST_AGENTS",
    "OWN",
    "Definition",
    "Preset",
    "SceneError",
    "figure",
    "find",
    "find_for_movers",
    "is_outside",
    "module_name",
    "one_line",
    "plain_line",
]

FOLDER = os.path.dirname(os.path.abspath(__file__))
OWN = sorted(
    entry.name for entry in os.scandir(FOLDER) if entry.is_dir() and entry.name[:1].isalpha()
)
MOST_AGENTS = 20_000_000  # two values each: 320 MB of shared memory


class Definition:
    """What a scene states of itself, with what it leaves out filled in."""

    def __init__(self, module: ModuleType, name: str, path: str = "") -> None:
        """`path` is that of the file or the folder of a scene from outside."""

        def stated(what: str, otherwise: Any) -> Any:
            return getattr(module, what, otherwise)

        self.name = name
        self.path = path
        self._module = module
        self.array: str = stated("ARRAY", "values")  # what a person calls the array in Python
        # Name -> unit, in the order of an agent's slice.
        self.fields: Mapping[str, str] = stated("FIELDS", {})
        self.agents: int = stated("AGENTS", 5)  # to start with
        self.most: int = stated("MOST", MOST_AGENTS)  # agents
        self.rate: float = stated("RATE", 10.0)  # [Hz]
        self.mover: str = stated("MOVER", "")  # the default behaviour; "": the first one
        self.needs: str = stated("NEEDS", "")  # "drive": no other kind of behaviour will do
        self.title: str = stated("TITLE", "Final values:")  # printed above them
        self.presets: Mapping[str, Preset] = stated("PRESETS", {})
        self.processes: bool = stated("PROCESSES", True)  # False: what is shown drives itself
        # Of an agent's number, or its name and its values (fields,): words for a person.
        self.agent_name: Callable[[int], str] = stated("name", lambda number: f"Agent {number}")
        self.update_line: Callable[..., str] = stated("update_line", plain_line)
        self.final_line: Callable[..., str] = stated("final_line", plain_line)
        # Of all agents' values.
        self.monitor_line: Callable[..., str] = stated("monitor_line", str)
        # Of the scene's settings: what movers know as agent.world. Its `over(values)`, if it has
        # one, says after each update of a process whether its agents are done; what its
        # `recorder(cells, numbers, generation, period)` returns is shown each update before.
        self.world: Callable[[Any], Any] = stated("World", lambda settings: SimpleNamespace())
        # What its movers are told of an agent; see game.agent.
        self.agent_class: type[Agent] = stated("Agent", Agent)
        # Of that world: field -> (least, most) that a mover may publish; the check asks for it.
        self.ranges: Callable[[Any], Mapping[str, tuple[float, float]]] = stated(
            "ranges", lambda world: {}
        )
        self.example: str = stated("EXAMPLE", "")  # the source of a mover, to begin with

    def names(self, given: tuple[str, ...] = ()) -> Callable[[int], str]:
        """What a person calls an agent by its number, where the first ones are given names."""
        return lambda number: given[number] if number < len(given) else self.agent_name(number)

    @property
    def job_name(self) -> str:
        """What a mover process finds it by."""
        return self.path or self.name

    def part(self, name: str) -> ModuleType | None:
        """One of the scene's files, or the only one that it is; None if it does not have it."""
        if self.path.endswith(".py"):
            return None if name == "cells" else self._module
        whole = f"{self._module.__name__}.{name}"
        return import_module(whole) if util.find_spec(whole) else None

    def has(self, part: str, name: str) -> bool:
        """Whether there is such a file, or such a name in a scene of one file; loads nothing."""
        if self.path.endswith(".py"):
            return hasattr(self._module, name)
        return util.find_spec(f"{self._module.__name__}.{part}") is not None

    def offers(self, part: str, name: str) -> Any:
        """What one of the scene's files calls `name`; None if there is no such thing."""
        return getattr(self.part(part), name, None)

    def drawn(self, settings: Any, names: Callable[[int], str] | None = None) -> Any:
        """A new Scene, which draws and calls agents by `names`; SceneError where there
        is no such class."""
        found = self.offers("drawing", "Scene")
        if not isinstance(found, type):
            raise SceneError(f"{self.drawing_file}: there is no class Scene; it is what draws")
        made = found(settings)
        made.colours, made.agent_name = self.colours, names or self.names()
        return made

    def try_out(self, settings: Any) -> None:
        """Load every part of a scene from outside, before anything is started that needs them."""
        if not self.path:
            return
        with self.in_a_line():
            for part in ("cells", "keys", "reader"):
                self.part(part)
            made = self.drawn(settings)
            for name, kind in (("title", str), ("bounds", tuple), ("layers", frozenset)):
                if not isinstance(getattr(made, name, None), kind):
                    have = f"{getattr(made, name, None)!r:.40}"
                    raise SceneError(f"{self.path}: Scene.{name} is {have}; see BaseScene")
            bounds = made.bounds
            if not (bounds.left < bounds.right and bounds.bottom < bounds.top):
                raise SceneError(f"{self.path}: Scene.bounds is {bounds}, which is no ground")

    def check_settings(self, settings: Any) -> None:
        """See that settings can travel to movers; SceneError where they cannot."""
        if self.path.endswith(".py") and not isinstance(settings, dict | None):
            kind = type(settings).__name__
            raise SceneError(
                f"{self.path}: the settings are a {kind}; a scene of one file gives a dict of "
                "plain values, because movers never import it"
            )

    @contextmanager
    def in_a_line(self, *plain: type[Exception]) -> Iterator[None]:
        """Make a SceneError of one line of whatever the files of a scene from outside raise, but
        for exceptions that are `plain` words already."""
        try:
            yield
        except Exception as error:
            if not self.path or isinstance(error, (SceneError, *plain)):
                raise
            raise SceneError(f"{place_of(error, self.path)}: {one_line(error)}") from error

    @property
    def drawing_file(self) -> str:
        """The file of a scene from outside that draws; "" of one of ours."""
        if not self.path or self.path.endswith(".py"):
            return self.path
        return os.path.join(self.path, "drawing.py")

    @property
    def colours(self) -> Mapping[str, Mapping[str, str]]:
        """Its own colours: theme -> name -> "#rrggbb"."""
        return self.offers("colours", "COLOURS") or {}

    @property
    def movers_folder(self) -> str:
        """Where its behaviours are."""
        if not self.path:
            return os.path.join(FOLDER, self.name, "movers")
        beside = os.path.dirname(self.path) if self.path.endswith(".py") else self.path
        return os.path.join(beside, "movers")

    @property
    def movers(self) -> list[str]:
        """The names of its behaviours."""
        files = os.listdir(self.movers_folder) if os.path.isdir(self.movers_folder) else []
        return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))

    def mover_file(self, name: str) -> str:
        """The file of one of its behaviours."""
        return os.path.join(self.movers_folder, name + ".py")

    def file_of(self, mover: str) -> str:
        """The file of a behaviour: of one of its own by name, or of any by its path."""
        return mover if mover.endswith(".py") else self.mover_file(mover)

    def describe(self, mover: str) -> str:
        """The first line of a behaviour's docstring, read without running its file."""
        import ast

        with open(self.mover_file(mover), "rb") as file:
            try:
                return (ast.get_docstring(ast.parse(file.read())) or "").partition("\n")[0]
            except (SyntaxError, ValueError) as error:
                return f"cannot be read: {one_line(error)}"


def find(word: str, anew: bool = False) -> Definition:
    """The scene of that name, or in that file or folder; SceneError where there is none.

    `anew` loads one from outside as it is now: its file, or of a folder `drawing.py` alone. What
    runs already, its movers and its source, knows the classes of the other files as they were.
    """
    if word in OWN:
        return Definition(import_module(f"{__name__}.{word}"), word)
    if not is_outside(word):
        have = ", ".join(OWN)
        raise SceneError(f"there is no scene {word!r}; give one of {have}, or a path of your own")
    path = os.path.abspath(word)
    return Definition(load(path, anew), os.path.splitext(os.path.basename(path))[0], path)


def find_for_movers(word: str, fields: Mapping[str, str]) -> Definition:
    """The scene as a mover process needs it: of a single file no more than its fields."""
    if not word.endswith(".py"):
        return find(word)
    bare = ModuleType("scene")
    vars(bare).update(FIELDS=fields, World=lambda settings: SimpleNamespace(**(settings or {})))
    return Definition(bare, os.path.basename(word), word)


def plain_line(name: str, values: tuple[float, ...]) -> str:
    """An agent and its values, for a scene that says it in no words of its own."""
    return f"{name}: {', '.join(map(figure, values))}"


def figure(value: float) -> str:
    """A value as a person writes it: whole where it is whole, else one decimal."""
    return f"{value:.1f}".removesuffix(".0")
