"""The watching scene's keys: what is read, how it is shown, what is kept of it.

Those about the picture alone are in view_keys.
"""

import pygame

from game.parts import Host
from game.scenes.watch import export, view_keys
from game.scenes.watch.looks import Look
from game.scenes.watch.reader import WatchSource
from game.view.keys import Key

KEYS = (
    Key("N", "next_array", "the next array", "nN", (pygame.K_n,), live=True),
    Key("D", "next_type", "read the bytes as another type", "dD", (pygame.K_d,), live=True),
    *view_keys.KEYS,
    Key(
        *("X", "next_kept", "the first, last, worst violation of the check", "xX"),
        codes=(pygame.K_x,),
        live=True,
    ),
    Key("E", "save_array", "save the array: .npy and .csv", "eE", (pygame.K_e,), live=True),
    Key("U", "save_violations", "save the violations: .npz", "uU", (pygame.K_u,), live=True),
)
HINT = "W  another view     D  another type     N  next array"
LINES = 1_000_000  # elements at most that are saved as text as well


class Keys(view_keys.ViewKeys):
    """What a person can do to what is watched. The methods have the names of the keys' actions."""

    def __init__(self, source: object, host: Host) -> None:
        super().__init__(host)
        self._source = source if isinstance(source, WatchSource) else None

    def next_array(self) -> None:
        """Show the next array."""
        if self._source is not None:
            self._host.tell(f"shown: {self._source.next_array()}")

    def next_type(self) -> None:
        """Read the bytes as another type."""
        if self._source is not None:
            self._host.tell(self._source.next_type())

    def next_kept(self) -> None:
        """Show a violation that was kept, or what is there now."""
        if self._source is not None:
            self._host.tell(f"shown: {self._source.next_kept()}")

    def save_array(self) -> None:
        """Save what is shown."""
        look = self._source.look if self._source else None
        if look is None:
            self._host.tell("there is nothing yet")
            return
        for ending in export.ENDINGS:
            if ending != ".csv" or look.data.size <= LINES:
                self._save(ending, look)

    def _save(self, ending: str, look: Look) -> None:
        def write(path: str) -> None:
            with open(path, "wb") as file:
                export.save(file, look, ending)

        self._host.save(ending, write)

    def save_violations(self) -> None:
        """Save the violations that were kept."""
        kept = self._source.violations() if self._source else None
        if kept is None:
            self._host.tell("there is no violation that could be saved")
        else:
            self._host.save(".npz", kept)
