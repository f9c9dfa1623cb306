"""What movers have to say to a person while they drive: about saved code, a full log, their prints.

Made by the app, asked by the session in each frame, which tells it on.
"""

from collections.abc import Iterator, Mapping, Sequence

from game.child.words import harmless
from game.options import Options
from game.parts import Member
from game.session.first_lines import FirstLines
from game.session.saved import Notices, Saved
from game.session.silence import News
from game.shared.table import Table


class MoverWords:
    """Listens to the movers of a run, as far as it was asked for."""

    def __init__(self, table: Table, options: Options, paths: Sequence[str]) -> None:
        """`paths` are the files of their behaviours."""
        job = options.job
        self._saved = Saved(paths, table.ask_to_reload) if job.reload else None
        self._notices = Notices(table) if job.reload or job.log else None
        # With --debug they stand in the terminal as they are.
        self._first = FirstLines(table) if options.headless and not options.debug else None

    @property
    def standing(self) -> str:
        """What is to be seen as long as it holds: why saved code is not used."""
        return self._notices.refused if self._notices else ""

    def news(self, now: float, members: Mapping[int, Member]) -> Iterator[News]:
        """What is new for the window and the terminal."""
        if self._saved and (files := self._saved.look(now)):
            yield News(files, "saved", False)
        if self._notices:
            yield from self._notices.look(now, members)

    def lines(self, now: float, members: Mapping[int, Member]) -> Iterator[str]:
        """What is new for the terminal alone: the first lines that movers print."""
        if self._first:
            yield from map(harmless, self._first.look(now, members))
