"""A mover's files while it drives: once they are saved, movers are told, and what they say of it.

    files ──looked at──> changed, and still ──> RELOADS cell ──> movers ──> notices ──> in words

Made by the app for --reload, asked by the session in each frame. Looks at the files a few times a
second, and no mover does. Editors save in several steps (empty the file, write, rename another one
over it): a change counts when the files are whole and rest.
"""

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from game.child.reload import KEPT, TOOK
from game.parts import Member
from game.session.silence import News, named
from game.shared.table import Table

EVERY = 0.2  # [s] between two looks at the files
MOST = 1000  # files that are looked at

Read = dict[str, bytes]  # what is in each file


class Saved:
    """Watches the files of behaviours, and tells movers."""

    def __init__(self, paths: Sequence[str], ask_to_reload: Callable[[], None]) -> None:
        """`ask_to_reload` tells the movers."""
        self._paths, self._tell = paths, ask_to_reload
        self._looked = 0.0  # [s]
        self._stamps = self._last = stamps(neighbours(paths))
        self._known = contents(self._stamps)

    def look(self, now: float) -> str:
        """Tell the movers if something was saved; returns which files, "" if none was."""
        if now - self._looked < EVERY:
            return ""
        self._looked = now
        found = stamps(self._stamps)
        rests, self._last = found == self._last, found
        if found == self._stamps or not rests:
            return ""
        if not all(found.get(path, (0, 0))[1] for path in self._paths):
            return ""  # a mover's own file is empty or gone: it is just being written
        # One that cannot be read now may import what it did before.
        self._stamps = self._last = stamps([*self._stamps, *neighbours(self._paths)])
        before, self._known = self._known, contents(self._stamps)
        if self._known == before:
            return ""
        self._tell()
        both = before.keys() | self._known.keys()
        changed = sorted(p for p in both if before.get(p) != self._known.get(p))
        return ", ".join(map(os.path.basename, changed))


def stamps(paths: Mapping[str, object] | Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """When each file that is there was changed last [ns], its size [bytes], and which one it is."""
    found = {}
    for path in paths:
        with suppress(OSError):
            status = os.stat(path)
            found[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return found


def contents(paths: Mapping[str, object]) -> Read:
    """What is in each file that can be read."""
    found = {}
    for path in paths:
        with suppress(OSError), open(path, "rb") as file:
            found[path] = file.read()
    return found


def neighbours(paths: Sequence[str]) -> list[str]:
    """Some files, and those beside them that they import, directly or through each other."""
    found: list[str] = []
    left = [(path, os.path.dirname(os.path.abspath(path))) for path in paths]
    while left and len(found) < MOST:
        path, folder = left.pop()
        if path not in found:
            found.append(path)
            left += [(file, folder) for name in imported(path) for file in files(folder, name)]
    return found


def imported(path: str) -> Iterator[str]:
    """The first part of each name that a file imports; none where it cannot be read now."""
    with suppress(OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from [(node.module or alias.name).partition(".")[0] for alias in node.names]


def files(folder: str, name: str) -> Iterator[str]:
    """The files of a module or a package in a folder."""
    path = os.path.join(folder, name)
    if os.path.isfile(f"{path}.py"):
        yield f"{path}.py"
    if os.path.isfile(os.path.join(path, "__init__.py")):
        for place, _, inside in os.walk(path):
            yield from (os.path.join(place, file) for file in inside if file.endswith(".py"))


class Notices:
    """What movers have left word of: those who say the same are told of together."""

    GATHER = 0.5  # [s] that others are waited for

    def __init__(self, table: Table) -> None:
        self._table = table
        self._counts = table.notices()
        self._said: dict[str, list[int]] = {}  # by words: slots
        self._since = 0.0  # [s] the last one came
        self.refused = ""  # why new code is not used, as long as that holds

    def look(self, now: float, members: Mapping[int, Member]) -> list[News]:
        """What is new, once nobody is waited for any more."""
        counts = self._table.notices()
        if counts != self._counts:
            for slot, (old, new) in enumerate(zip(self._counts, counts, strict=True)):
                if new not in (old, 0):
                    self._hear(slot)
            self._counts, self._since = counts, now
        living = [slot for slot, member in members.items() if member.exitcode is None]
        heard = sum(map(len, self._said.values()))
        if not heard or (heard < len(living) and now - self._since < self.GATHER):
            return []
        said, self._said = self._said, {}
        return [self._news(words, sorted(slots), living, members) for words, slots in said.items()]

    def _hear(self, slot: int) -> None:
        """Take in a notice; only the last one of a mover counts."""
        for slots in self._said.values():
            if slot in slots:
                slots.remove(slot)
        self._said.setdefault(self._table.notice(slot), []).append(slot)
        self._said = {words: slots for words, slots in self._said.items() if slots}

    def _news(
        self, words: str, slots: list[int], living: list[int], members: Mapping[int, Member]
    ) -> News:
        everybody = len(slots) > 1 and set(slots) >= set(living)
        names = (
            f"all {len(slots):,} movers"
            if everybody
            else named([s for s in slots if s in members], members)
        )
        kept = words.startswith(KEPT)
        if kept or words.startswith(TOOK):
            self.refused = words if kept else ""
        return News(names, words, kept)
