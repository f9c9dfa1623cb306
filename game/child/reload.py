"""A behaviour that is loaded anew while it drives: what it has made goes on where it stood.

    window: file saved -> RELOADS cell -> the next step -> modules anew -> the objects' new class

Stands for the behaviour's module in a mover's process, with --reload. Each process loads for
itself. What was made takes its new class and keeps its attributes; where that cannot be, it is
made anew. Code that cannot be loaded changes nothing: the old one drives on.
"""

import gc
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

from game.child.words import headline
from game.shared.table import RELOADS, Slice, Table

OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
GAME = os.path.dirname(os.path.dirname(OURS)) + os.sep
STATED = ("FIELDS", "PARAMETERS", "SCENE", "KEYS")  # what the window has read at the start
TOOK, ANEW, KEPT = "took the new code", "made anew", "kept the old code"


class Reloading:
    """A behaviour's module as it is now. Its classes make Drivers."""

    def __init__(
        self, table: Table, part: Slice, path: str, load: Callable[[], ModuleType]
    ) -> None:
        """`load` loads the module that is in the file at `path`, unless it is loaded."""
        self._control, self._part, self._load = table.control, part, load
        self._folder = os.path.dirname(os.path.abspath(path)) + os.sep
        self._drivers: list[Driver] = []
        self._seen = table.control[RELOADS]
        if self._seen:  # the nursery may have loaded what was saved since
            forget(self._folder)
        self.module = load()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.module, name)
        if name not in ("Mover", "Crowd"):
            return found

        def make(told: Any) -> Driver:
            self._drivers.append(Driver(self, name, told))
            return self._drivers[-1]

        return make

    def look(self) -> None:
        """Load the behaviour anew if the window has said so since the last look."""
        if self._control[RELOADS] != self._seen:
            self._seen = self._control[RELOADS]
            self.tell(self._renew())

    def tell(self, words: str) -> None:
        """Have a person know."""
        self._part.tell(words)

    def _renew(self) -> str:
        """Load the behaviour anew, with what it imports from beside it; returns what became of
        it."""
        before = forget(self._folder)
        cached, sys.pycache_prefix = sys.pycache_prefix, os.devnull  # which knows whole seconds
        try:
            module = self._load()
            for name in STATED:
                if getattr(module, name, None) != getattr(self.module, name, None):
                    raise ValueError(f"{name} has changed: that counts from the next start on")
            words = self._hand_over(module, before)
            self.module = module
            renew_others(before)
            return words
        except BaseException as error:  # whatever it raises as it is loaded, or made
            forget(self._folder)
            sys.modules.update(before)
            return f"{KEPT}: {place(error)}{headline(error)}"
        finally:
            sys.pycache_prefix = cached

    def _hand_over(self, module: ModuleType, before: dict[str, ModuleType]) -> str:
        """Give what was made its new class, or make it anew; nothing is changed where that
        fails."""
        classes = [(driver, getattr(module, driver.kind)) for driver in self._drivers]
        try:
            for driver, new in classes:
                driver.made.__class__ = new
        except TypeError as error:
            made = [new(driver.told) for driver, new in classes]
            for driver, one in zip(self._drivers, made, strict=True):
                driver.take(one)
            return f"{ANEW}: {error}"
        return TOOK


class Driver:
    """A Mover or a Crowd that takes the new class when there is one."""

    def __init__(self, behaviour: Reloading, kind: str, told: Any) -> None:
        """`told` is what it is made with: an Agent or a Group."""
        self.kind, self.told = kind, told
        self._behaviour = behaviour
        self.take(getattr(behaviour.module, kind)(told))

    def take(self, made: Any) -> None:
        """Drive with another one from now on."""
        self.made = made
        self._class = type(made)  # that its attributes are of

    def step(self, dt: float) -> Any:
        """Its next values, by the newest code."""
        self._behaviour.look()
        made = self.made
        try:
            return made.step(dt)
        except AttributeError as error:
            # What the new code's __init__ would have set.
            if error.obj is not made or type(made) is self._class:
                raise
            lacks = error.name
        self.take(getattr(self._behaviour.module, self.kind)(self.told))
        self._behaviour.tell(f"{ANEW}: it had no {lacks}")
        return self.made.step(dt)


def forget(folder: str) -> dict[str, ModuleType]:
    """Have the modules of a folder loaded anew when they are imported; returns those that were.

    Neither ours, nor a scene, nor packages that are installed there: `.venv` may lie in it.
    """

    def theirs(name: str, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None) or ""
        ours = file.startswith(GAME) and not folder.startswith(GAME)
        installed = "-packages" in file.removeprefix(folder)
        another = ours or installed or name == "__main__" or name.startswith("outside_")
        return file.startswith(folder) and file.endswith(".py") and not another

    loaded = {name: module for name, module in list(sys.modules.items()) if theirs(name, module)}
    for name in loaded:
        del sys.modules[name]
    importlib.invalidate_caches()
    return loaded


def renew_others(before: dict[str, ModuleType]) -> None:
    """Give what was made of the other classes their new ones, as far as Python lets us: a
    controller that a mover keeps, say."""
    for name, old in before.items():
        for kind in [kind for kind in vars(old).values() if isinstance(kind, type)]:
            new = getattr(sys.modules.get(name), kind.__name__, None)
            if kind.__module__ != name or not isinstance(new, type) or new is kind:
                continue
            for made in gc.get_referrers(kind):
                if type(made) is kind:
                    try:
                        made.__class__ = new
                    except TypeError:
                        break


def place(error: BaseException) -> str:
    """Where an exception came from, as "file:line: "."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{os.path.basename(error.filename)}:{error.lineno}: "
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [f for f in frames if not f.filename.startswith((OURS, "<frozen"))]
    return f"{os.path.basename(theirs[-1].filename)}:{theirs[-1].lineno}: " if theirs else ""
