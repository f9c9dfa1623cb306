"""Fault injection: kills the road's writer in the middle of a pass, and has things repaired.

    FAULT is set -> the writer stops in the middle of a pass -> SIGKILL -> the reader meets what is
    left -> after a moment to look at it, a new lock and a new writer

Owned by the road's reader, which looks at it once a frame.
"""

from game.parts import KILL, Cast
from game.scenes.road.cells import FAULT, HOLDS
from game.shared.table import Table


class FaultInjection:
    """What Z sets for the writer, the one process of the cast."""

    def __init__(self, cast: Cast, table: Table, moment: float) -> None:
        """`moment` [s] is how long a lock that nobody can release is looked at; half, any other
        damage."""
        self.notice = ""  # what was done about the last death
        self._cast = cast
        self._table = table
        self._moment = moment
        self._commands = table.cells.commands
        self._struck: float | None = None  # [s] when the writer was killed
        self._asked = False  # for a new one
        self._victim = 0  # its pid
        self._vehicles = 1  # that it drove

    @property
    def under_way(self) -> bool:
        """Whether the writer was killed and there is no new one yet."""
        return self._struck is not None

    def inject(self) -> None:
        """Have the writer stop in the middle of its next pass."""
        if 0 in self._cast.members and not self.under_way:
            self._commands[FAULT] = 1
            self._table.grant_step()  # it may be paused

    def look(self, now: float, mode: str) -> None:
        """Kill the writer once it has stopped; repair things after a moment to look."""
        member = self._cast.members.get(0)
        if self._struck is None:
            if member is not None and self._commands[FAULT] and self._commands[HOLDS]:
                self._struck, self._victim, self._vehicles = now, member.pid, member.agents
                self._asked = False
                self._cast.signal(0, KILL)
        elif member is None and self._asked:  # there was no room for a lock, and that was told
            self._struck = None
            self.notice = f"Process {self._victim} was killed, and no new writer could be started."
        elif member is None:
            self._asked = True
            self._cast.add(self._vehicles)  # which renews the lock
        elif member.exitcode is not None and now - self._struck > self._moment_of(mode):
            self._cast.remove(0)

    def _moment_of(self, mode: str) -> float:
        return self._moment if mode == "lock" else self._moment / 2

    def alarm(self, now: float, mode: str) -> str:
        """What is wrong at this moment, "" if nothing."""
        if self._struck is None:
            return ""
        if mode == "lock":
            return (
                f"SHUT OUT for {now - self._struck:.1f} s: process {self._victim} was killed "
                "while it held the lock. Nobody else can ever take it again; the arena will "
                "make a new one."
            )
        return f"The writer, process {self._victim}, was killed in the middle of a pass."

    def repaired(self, now: float, mode: str) -> None:
        """Note that there is a new lock, and a new writer about to start."""
        self._commands[FAULT] = 0
        if self._struck is None:
            return
        shut_out = now - self._struck
        self._struck = None
        self.notice = {
            "lock": f"Process {self._victim} died holding the lock, and nobody can release it: "
            f"the reader was shut out for {shut_out:.1f} s. Repaired: a new lock and a new writer.",
            "seqlock": f"Process {self._victim} died in the middle of a write: the reader kept "
            "the last whole row and waited for nobody. All it took was a new writer.",
        }.get(
            mode,
            f"Process {self._victim} died in the middle of a pass and left the array half "
            "updated. Repaired: the array cleared, and a new writer.",
        )
