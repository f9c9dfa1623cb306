"""The first lines that movers print, for a run that has no inspector to show them.

Asked by the session of a headless run, now and then.
"""

from collections.abc import Iterator, Mapping

from game.parts import Member
from game.shared.table import Table

EVERY = 0.2  # [s] between two looks
LINES, MOVERS = 3, 20  # of each mover, and of how many movers


class FirstLines:
    """What was told so far of what each mover has printed."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._looked = 0.0  # [s]
        self._told: dict[tuple[int, int], int] = {}  # by slot and pid: lines; more than LINES: all
        self._over = False  # it was told that there are more movers than are told of

    def look(self, now: float, members: Mapping[int, Member]) -> Iterator[str]:
        """The lines that are new, each with its mover's name."""
        if now - self._looked < EVERY:
            return
        self._looked = now
        for slot, member in members.items():
            if self._told.get((slot, member.pid), 0) <= LINES and self._table.printed(slot):
                yield from self._lines(slot, member)

    def _lines(self, slot: int, member: Member) -> Iterator[str]:
        key = slot, member.pid
        if key not in self._told and len(self._told) == MOVERS:
            if not self._over:
                self._over = True
                yield f"more than {MOVERS} movers print; --log DIR keeps all of it"
            return
        whole = self._table.printed(slot).rpartition("\n")[0]
        lines, told = whole.split("\n") if whole else [], self._told.get(key, 0)
        yield from (f"{member.name} prints: {line}" for line in lines[told:LINES])
        if len(lines) > LINES:
            yield f"{member.name} prints: … (the first {LINES} lines; --log DIR keeps all of it)"
        self._told[key] = max(told, min(len(lines), LINES + 1))
