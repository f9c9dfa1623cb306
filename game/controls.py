"""The controls: what each key does.

Called by the arena with the window's events. The actions of view.keys are methods of their
names: those that are about processes here, the road's in road_keys, the picture's in stage.
"""

import time
from collections.abc import Callable

import pygame

from game.crew import limits
from game.crew.crew import Crew
from game.crew.member import CAN_FREEZE, Member
from game.options import Options
from game.road.keys import RoadKeys
from game.road.reader import RoadReader
from game.stage import Stage
from game.view import keys
from game.view.hud import PAUSED
from game.view.pointer import Pointer
from game.view.window import Window

SELECTABLE = 100  # agents of one process that Tab goes through
SLOWEST, FASTEST = 1 / 16, 16.0  # times normal speed


class Controls:
    """The hands of the person in front of the window."""

    def __init__(
        self,
        options: Options,
        crew: Crew,
        window: Window,
        stage: Stage,
        clock: Callable[[], float],
        road: RoadReader | None = None,
    ) -> None:
        self.closed = False  # the person asked to end
        self.paused = False
        self.selected = -1  # an agent's number; -1: nobody
        self.pace = 1.0  # times normal speed
        self._options = options
        self._crew = crew
        self._window = window
        self._stage = stage
        self._clock = clock
        self._pointer = Pointer()
        self._hands = (self, RoadKeys(road, self.tell), stage)  # who does what a key asks for
        self._agents = options.agents  # to start with, the next time
        self._refills = True  # the movers of the start are to come once everybody has left

    def handle(self, event: pygame.event.Event) -> None:
        """Do what an event asks for."""
        if event.type == pygame.QUIT:
            self.closed = True
        elif event.type == pygame.KEYDOWN:
            if action := keys.action(event):
                self._do(action)
        elif gesture := self._pointer.gesture(event):
            self.selected = self._stage.point(gesture, self.selected)

    def _do(self, action: str) -> None:
        """Do what a key stands for."""
        doing = next(hand for hand in self._hands if hasattr(hand, action))
        getattr(doing, action)()

    @property
    def pace_shown(self) -> str:
        """The speed in words, "" when it is the normal one."""
        if self.paused:
            return PAUSED
        return "" if self.pace == 1 else f"{self.pace:g}x"

    def add(self, movers: int = 1) -> None:
        """Add some movers, as far as there is room."""
        if self._options.together:
            self._regroup(movers)
            return
        if self._refills:
            return  # everybody is leaving, and the movers of the start come next
        room = self._crew.room
        system = limits.tightest(movers)
        answered, asked = self._crew.starting
        left = max(0, system.room - (asked - answered)) if system else room
        for _ in range(min(movers, room, left)):
            self._crew.add()
        if system and left < min(movers, room):
            self.tell(f"full: the system allows {system.value:,} {system.name}")
        elif movers > room:
            self.tell(f"full: there is room for {self._options.capacity:,} agents (--capacity)")

    def add_ten(self) -> None:
        """Add ten movers."""
        self.add(10)

    def remove(self) -> None:
        """Remove the mover that came last."""
        if self._options.together:
            self._regroup(-1)
            return
        newest = self._crew.newest()
        if newest is None:
            self.tell("nobody is left; + adds an agent")
        else:
            self._crew.remove(newest)

    def remove_ten(self) -> None:
        """Remove the ten that came last."""
        if self._options.together:
            self._regroup(-10)
            return
        self.remove()
        for _ in range(9):
            if self._crew.newest() is not None:
                self.remove()

    def select_next(self) -> None:
        """Select the next agent, those without a process included."""
        per_process = self._crew.table.per_process
        agents = sorted(
            slot * per_process + n
            for slot, member in self._crew.members.items()
            for n in range(min(member.agents, SELECTABLE))
        )
        later = [agent for agent in agents if agent > self.selected]
        self.selected = (later or agents or [-1])[0]

    def remove_selected(self) -> None:
        """Remove the process of the selected agent."""
        if member := self._selected_member():
            self._crew.remove(member.slot)
            self.selected = -1
            self.tell(f"{member.name} leaves")

    def kill(self) -> None:
        """Kill the process of the selected agent."""
        if member := self._selected_member():
            member.kill()

    def freeze(self) -> None:
        """Freeze the process of the selected agent, or let it go on."""
        if not CAN_FREEZE:
            self.tell("this system cannot freeze a process")
        elif member := self._selected_member():
            member.freeze()
            state = "frozen" if member.frozen else "thawed"
            self.tell(f"{member.name} {f'is {state}' if member.running else 'has no process'}")

    def restart(self) -> None:
        """Start the process of the selected agent again, from its file as it is now."""
        member = self._selected_member()
        if member:
            restarted = self._crew.restart(member.slot)
            now = "is started again" if restarted else "has a process; K kills it"
            self.tell(f"{member.name} {now}")

    def pause(self) -> None:
        """Stop simulated time, or let it go on."""
        self.paused = not self.paused
        self._set_pace()

    def step(self) -> None:
        """Pause, and let every mover make one update."""
        self.paused = True
        self._set_pace()
        self._crew.table.grant_step()

    def slower(self) -> None:
        """Halve the speed of simulated time."""
        self.pace = max(SLOWEST, self.pace / 2)
        self._set_pace()

    def faster(self) -> None:
        """Double the speed of simulated time."""
        self.pace = min(FASTEST, self.pace * 2)
        self._set_pace()

    def normal_pace(self) -> None:
        """Let simulated time run as fast as real time."""
        self.pace = 1.0
        self._set_pace()

    def start_again(self) -> None:
        """Remove everybody and begin as at the start, with the same choices."""
        for slot in list(self._crew.members):
            self._crew.remove(slot)
        self._stage.hud.forget()
        self._refills = True

    def refill(self) -> None:
        """Add the movers of the start, as soon as the table is empty for them."""
        if not self._refills or self._crew.members:
            return
        self._refills = False
        self._crew.forget_choices()
        per_process = self._options.per_process
        for first in range(0, self._agents, per_process):
            self._crew.add(min(per_process, self._agents - first))

    def _regroup(self, change: int) -> None:
        """Start one process anew that drives more agents, or fewer, than the one before."""
        agents = max(1, min(self._options.capacity, self._agents + change))
        if agents == self._agents:
            self.tell(f"one process drives 1 to {self._options.capacity:,} of them (--capacity)")
            return
        self.start_again()
        self._agents = agents

    def full_screen(self) -> None:
        """Fill the screen, or go back to the window."""
        self._window.toggle_full_screen()

    def screenshot(self) -> None:
        """Save a picture into the current folder."""
        path = time.strftime(f"{self._options.scene}-%Y%m%d-%H%M%S.png")
        try:
            self._window.save(path)
            self.tell(f"saved {path}")
        except OSError as error:
            self.tell(f"{path} could not be saved: {error}")

    def escape(self) -> None:
        """Close the help if it is open, or deselect, else end."""
        if self._stage.keys.open:
            self._stage.keys.open = False
        elif self.selected >= 0:
            self.selected = -1
        else:
            self.closed = True

    def tell(self, message: str) -> None:
        """Show a message for some seconds."""
        self._stage.hud.tell(message, self._clock())

    def _set_pace(self) -> None:
        self._crew.table.set_pace(0.0 if self.paused else self.pace)

    def _selected_member(self) -> Member | None:
        member = self._crew.members.get(self.selected // self._crew.table.per_process)
        if member is None:
            self.tell("nobody is selected: click an agent, or press Tab")
        return member
