"""No terminal: what asks for one in a mover's process is told how to get it.

Called in each mover's process, and in the check's. `breakpoint()` and `input()` need a person at
a terminal, and a hundred processes would share one; --debug gives it to a single agent.
"""

import io
import os
import sys
from typing import Any, NoReturn

HOW = "a mover's process has no terminal: add --debug, for one agent in the window's own"


class NoTerminal(io.TextIOBase):
    """Stands for stdin."""

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        raise EOFError(HOW)

    def read(self, size: int | None = -1) -> str:
        raise EOFError(HOW)


def refuse(*arguments: Any, **named: Any) -> NoReturn:
    """In place of breakpoint()."""
    raise RuntimeError(f"breakpoint(): {HOW}")


def without_terminal() -> None:
    """Say so from now on, but for a debugger of somebody's own (PYTHONBREAKPOINT)."""
    sys.stdin = NoTerminal()
    if not os.environ.get("PYTHONBREAKPOINT"):
        sys.breakpointhook = refuse
