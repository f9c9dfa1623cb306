"""The others, as an agent sees them: what each of them has published last, and no way to write.

Made for each agent of a mover process, which finds it as agent.others.
"""

from collections.abc import Iterable, Iterator
from operator import index
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the command line imports this file, and has no use for a table
    from game.shared.looks import Noted
    from game.shared.published import Rows


class Source(Protocol):
    """Where the rows come from; see Published."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of an agent's values, in order."""

    @property
    def noted(self) -> "Noted | None":
        """What the agent looks at that is selected in the window, if this process drives it."""

    def rows(self) -> "Rows":
        """What everybody has published last; the same all through a step."""


class Others:
    """What the others have published last; the same all through a step, every row whole.

        for number in agent.others:  # those who are there, ascending, oneself left out
            x, y = agent.others[number]

    Where nobody is, others[number] is None: nobody was started there or has published yet, or the
    agent was removed. An agent whose process has ended is there for as long as the window shows
    it, with its last values; gone(number) tells. Of oneself, others[agent.number] is what oneself
    has published last. Agents of one process see each other in the same way: as published, never
    half a step ahead.
    """

    __slots__ = ("_number", "_source")
    _number: int
    _source: Source

    def __init__(self, source: Source, number: int) -> None:
        """`number` is whose others they are."""
        object.__setattr__(self, "_source", source)
        object.__setattr__(self, "_number", number)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"others.{name} cannot be set: an agent writes what step() returns")

    def __setitem__(self, number: int, values: object) -> None:
        raise TypeError(f"others[{number!r}] cannot be set: an agent writes what step() returns")

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of an agent's values, in order."""
        return self._source.fields

    def __getitem__(self, number: int) -> tuple[float, ...] | None:
        """The values of an agent by its number, (fields,); None where nobody is."""
        try:
            place = index(number)
        except TypeError:
            raise TypeError(f"others[{number!r}]: wanted an agent's number, from 0 on") from None
        if self._source.noted is not None and place != self._number:
            self.note([place])
        return self._source.rows().of(place)

    def __iter__(self) -> Iterator[int]:
        """The numbers of those who are there, ascending, oneself left out."""
        return (number for number in self._source.rows().numbers if number != self._number)

    def __contains__(self, number: object) -> bool:
        """Whether somebody else has that number."""
        rows = self._source.rows()
        return isinstance(number, int) and number != self._number and rows.of(number) is not None

    def __len__(self) -> int:
        """How many others there are."""
        rows = self._source.rows()
        return len(rows.numbers) - (rows.of(self._number) is not None)

    def __repr__(self) -> str:
        return f"<{len(self)} others: {', '.join(self.fields)}>"

    def gone(self, number: int) -> bool:
        """Whether the process of an agent that is there has ended: it stands where it was."""
        return self._source.rows().gone(number)

    def age(self, number: int) -> float:
        """How old the row of an agent was when this step began to look [s], as far as that is
        known: 0.0 where it is driven on this machine, and so as new as its writer."""
        return self._source.rows().age(number)

    def note(self, numbers: list[int], radius: float = 0.0) -> None:
        """Have it shown that oneself has looked at these, or for all within a radius [m].

        Called by what a scene's agents can ask. It counts while oneself is selected in the window.
        """
        noted = self._source.noted
        if noted is not None and noted.agent == self._number:
            noted.add(numbers, radius)

    def column(self, name: str) -> tuple[float, ...]:
        """A field of everybody by number, for a quick search: of those who are not there, 0.

        ValueError where there is no such field.
        """
        return self._source.rows().column(name)


class Alone:
    """A source of rows for an agent that nobody else is with: of a test, of a check."""

    noted = None

    def __init__(self, fields: Iterable[str] = ()) -> None:
        self.fields = tuple(fields)

    def rows(self) -> "Rows":
        """Nobody's."""
        from game.shared.published import Rows

        return Rows(self.fields, 1, memoryview(b"").cast("d"), memoryview(b"").cast("q"))
