"""What a person does to processes: add, remove, select, kill, freeze, restart.

Part of the controls. The methods have the names of the actions in game.view.keys.
"""

from collections.abc import Callable

from game.crew.member import CAN_FREEZE
from game.parts import KILL, Cast, Member, Standing
from game.view.screen import Screen

SELECTABLE = 100  # agents of one process that Tab goes through


class CastKeys:
    """The hands of the person on the processes."""

    def __init__(
        self,
        cast: Cast,
        screen: Screen,
        tell: Callable[[str], None],
        agents: int,
        capacity: int,
    ) -> None:
        """A start begins with so many agents; there can be `capacity` of them."""
        self.agents = agents
        self.capacity = capacity
        self._cast = cast
        self._screen = screen
        self.tell = tell
        screen.selectable = self._selectable
        self.refills = True  # the movers of the start are to come once everybody has left

    def add(self, movers: int = 1) -> None:
        """Add some movers, as far as there is room."""
        if self.refills:
            return  # everybody is leaving, and the movers of the start come next
        room = self._cast.room
        system = self._cast.limit(movers)
        answered, asked = self._cast.progress
        left = max(0, system.room - (asked - answered)) if system else room
        for _ in range(min(movers, room, left)):
            self._cast.add()
        if system and left < min(movers, room):
            self.tell(f"full: the system allows {system.value:,} {system.name}")
        elif movers > room:
            self.tell(f"full: there is room for {self.capacity:,} agents (--capacity)")

    def add_ten(self) -> None:
        """Add ten movers."""
        self.add(10)

    def remove(self) -> None:
        """Remove the mover that came last."""
        newest = self._cast.newest()
        if newest is None:
            self.tell("nobody is left; + adds an agent")
        else:
            self._cast.remove(newest)

    def remove_ten(self) -> None:
        """Remove the ten that came last."""
        self.remove()
        for _ in range(9):
            newest = self._cast.newest()
            if newest is not None:
                self._cast.remove(newest)

    def _selectable(self) -> list[int]:
        """The agents that Tab goes through, those without a first row included."""
        per_process = self._cast.per_process
        return sorted(
            slot * per_process + n
            for slot, member in self._cast.members.items()
            for n in range(min(member.agents, SELECTABLE))
        )

    def remove_selected(self) -> None:
        """Remove the process of the selected agent."""
        if member := self._selected():
            self._cast.remove(member.slot)
            self._screen.selected = -1
            self.tell(f"{member.name} leaves")

    def kill(self) -> None:
        """Kill the process of the selected agent."""
        if member := self._selected():
            self._cast.signal(member.slot, KILL)

    def freeze(self) -> None:
        """Freeze the process of the selected agent, or let it go on."""
        if not CAN_FREEZE:
            self.tell("this system cannot freeze a process")
        elif member := self._selected():
            self._cast.freeze(member.slot)
            state = "frozen" if member.standing is Standing.FROZEN else "thawed"
            there = member.pid > 0 and member.exitcode is None
            self.tell(f"{member.name} {f'is {state}' if there else 'has no process'}")

    def restart(self) -> None:
        """Start the process of the selected agent again, from its file as it is now."""
        if member := self._selected():
            restarted = self._cast.restart(member.slot)
            now = "is started again" if restarted else "has a process; K kills it"
            self.tell(f"{member.name} {now}")

    def start_again(self) -> None:
        """Remove everybody and begin as at the start, with the same choices."""
        for slot in list(self._cast.members):
            self._cast.remove(slot)
        self._screen.hud.forget()
        self.refills = True

    def start_with(self, agents: int) -> None:
        """Begin as at the start, with so many agents."""
        self.agents = agents
        self.start_again()

    def refill(self) -> None:
        """Add the movers of the start, as soon as the table is empty for them."""
        if not self.refills or self._cast.members:
            return
        self.refills = False
        self._screen.scene.reset()
        self._cast.forget_choices()
        per_process = self._cast.per_process
        for first in range(0, self.agents, per_process):
            self._cast.add(min(per_process, self.agents - first))

    def _selected(self) -> Member | None:
        member = self._cast.members.get(self._screen.selected // self._cast.per_process)
        if member is None:
            self.tell("nobody is selected: click an agent, or press Tab")
        return member
