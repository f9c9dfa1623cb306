"""Where Frames come from, a file each. A source knows nothing of scenes, windows or keys."""

from typing import Any, Protocol

from game.frame import Frame


class Source(Protocol):
    """What a session asks of whatever gives it Frames."""

    frame: Frame  # the last one that was read
    updates: int  # rows seen so far, those of agents that have left included
    rejected: int  # rows that stayed as they were because the new one was half-written

    @property
    def shown_torn(self) -> int:
        """Half-written rows that were shown; 0, where that can be known."""

    @property
    def ended(self) -> bool:
        """Whether nothing new will ever come: what it reads from is gone."""

    @property
    def recalled(self) -> bool:
        """Whether the program that it reads for wants the run to end now."""

    @property
    def status(self) -> int:
        """The exit status that it asks for; 0 where all is well."""

    @property
    def unsettled(self) -> bool:
        """Whether something is under way that has to come to its end before the run may."""

    def read(self, now: float) -> Frame:
        """The frame of this moment; `now` is the session's clock [s] and never goes back."""

    def reset_silence(self, now: float) -> None:
        """Let all silences begin anew at `now` [s]: time stood still, and nobody is to blame."""

    def figures(self) -> dict[str, Any]:
        """What it measured besides, for --stats, by name."""

    def finish(self) -> None:
        """Bring what is being measured to its end, within a moment: the run is over. It may begin
        again, when processes are started."""

    def close(self) -> None:
        """Let go of whatever it reads from."""
