"""The check: does a mover keep its promises? Stepped in a process of its own, whatever it does.

    from game.check import findings

    def test_my_mover():
        assert findings("my.py", "lake.py", "--rate", "20") == []

Called by `python -m game check`, and by tests of those who write movers.
"""

import contextlib
import io
import os
from typing import NamedTuple


class Finding(NamedTuple):
    """A promise that a mover does not keep."""

    file: str
    line: int  # 0: nobody knows which
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.remedy}"


def findings(path: str | os.PathLike[str], scene: str, *options: str) -> list[Finding]:
    """What is amiss with the mover in a file, in a scene by its name or its path.

    `options` are those of a run, such as "--rate", "20". ValueError, of one line, where there is
    no such file, scene or option.
    """
    from game.check.arguments import settled
    from game.check.trial import tried

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            chosen = settled(os.fspath(path), scene, options)
    except SystemExit:
        words = said.getvalue().strip().removeprefix("game: ")
        raise ValueError(words or f"{' '.join(options)}: these are no options") from None
    return chosen if isinstance(chosen, list) else tried(chosen)
