"""The road's keys: the way to share, the pace of a pass, the death of the writer, and how many
vehicles it drives."""

import pygame

from game.parts import Host
from game.scenes.road.reader import RoadSource
from game.scenes.road.words import pause
from game.view.keys import Key

KEYS = (
    Key("S", "next_sync", "the next way to share", "sS", (pygame.K_s,), live=True),
    Key("X", "stress", "the writer flat out, or not", "xX", (pygame.K_x,), live=True),
    Key(",", "delay_shorter", "shorter pauses in a pass", ",", (pygame.K_COMMA,), live=True),
    Key(";", "delay_longer", "longer pauses in a pass", ";", (pygame.K_SEMICOLON,), live=True),
    Key("Z", "kill_writer", "kill the writer in mid-pass", "zZ", (pygame.K_z,), "cast"),
)
HINT = "S  next way to share     X  flat out     ;  slower passes     Z  kill the writer"


class Keys:
    """What a person can do to the road. The methods have the names of the keys' actions."""

    def __init__(self, source: object, host: Host) -> None:
        self._road = source if isinstance(source, RoadSource) else None
        self._host = host

    def next_sync(self) -> None:
        """Share the array in the next way."""
        if road := self._live():
            road.next_mode()

    def stress(self) -> None:
        """Let the writer run flat out, or at its rate."""
        if road := self._live():
            road.toggle_stress()

    def delay_shorter(self) -> None:
        """Make the pause between two elements shorter."""
        if road := self._live():
            self._host.tell(pause(road.mode, road.change_delay(-1)))

    def delay_longer(self) -> None:
        """Make the pause between two elements longer."""
        if road := self._live():
            self._host.tell(pause(road.mode, road.change_delay(1)))

    def start_again(self) -> None:
        """Begin as at the start, with figures that begin, too."""
        if self._road:
            self._road.begin_run()
        self._host.start_with(self._host.agents)

    def kill_writer(self) -> None:
        """Kill the writer in the middle of a pass."""
        if road := self._live():
            road.kill_writer()

    # One process drives all vehicles: one more is another process that drives one more.

    def add(self) -> None:
        """Start a writer with one vehicle more."""
        self._regroup(1)

    def add_ten(self) -> None:
        """Start a writer with ten more."""
        self._regroup(10)

    def remove(self) -> None:
        """Start a writer with one vehicle less."""
        self._regroup(-1)

    def remove_ten(self) -> None:
        """Start a writer with ten less."""
        self._regroup(-10)

    def _regroup(self, change: int) -> None:
        host = self._host
        agents = max(1, min(host.capacity, host.agents + change))
        if agents == host.agents:
            host.tell(f"one process drives 1 to {host.capacity:,} of them (--capacity)")
        else:
            host.start_with(agents)

    def _live(self) -> RoadSource | None:
        if self._road is None:
            self._host.tell("what is shown is not shared at this moment")
        return self._road
