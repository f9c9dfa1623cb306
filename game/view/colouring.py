"""The colouring: what the colour of an agent stands for. Chosen by the person, with a key.

    process     the process that drives it: a colour each, by turns
    mover       its behaviour, where there are several
    node        the machine that its process is on, where that is another one
    a field     its value of a further field, on a scale from the least to the largest so far

Made by the screen for each frame; canvases draw with it. A colour is a number: see Theme.tint.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.frame import Floats, Frame, Integers
from game.view.memory import Memory
from game.view.theme import SHADES


class Choice(NamedTuple):
    """Something that colours can stand for."""

    kind: str  # "process", "mover", "node", "field"
    field: str = ""


PROCESS, MOVER, NODE = Choice("process"), Choice("mover"), Choice("node")


def choices(frame: Frame) -> list[Choice]:
    """What colours can stand for in a frame."""
    found = [PROCESS]
    if len(frame.behaviours) > 1:
        found.append(MOVER)
    if frame.hosts:
        found.append(NODE)
    return [*found, *(Choice("field", name) for name in frame.further)]


class Colouring:
    """Each agent has the colour of its process."""

    choice = PROCESS

    def of_slots(self, slots: NDArray[Any]) -> NDArray[Any]:
        """The colours of the processes of some slots (n,), not yet by turns."""
        return slots

    def of(self, agents: Integers, per_process: int, different: int) -> Integers:
        """The colours of some agents (n,), where so many `different` ones are taken by turns."""
        found: Integers = self.of_slots(agents // per_process) % different
        return found


class ByName(Colouring):
    """Each agent has the colour of what its process has or is on, of which each has a name."""

    def __init__(self, choice: Choice, names: Sequence[str], which: Integers) -> None:
        """`which` of the names each slot has, (slots,)."""
        self.choice, self.names = choice, names
        self._which = which

    def of_slots(self, slots: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = self._which[slots]
        return found


class ByField(Colouring):
    """Each agent has a colour of a scale, by its value; one that has none is faded."""

    def __init__(self, frame: Frame, field: str, low: float, high: float) -> None:
        """The scale goes from `low` to `high`."""
        self.choice = Choice("field", field)
        self.low, self.high, self.unit = low, high, frame.fields[field]
        self._values: Floats = frame.values[:, frame.columns[field]]
        self._says = np.array([field in each.fields for each in frame.behaviours], np.bool_)
        self._behaviour = frame.behaviour

    def of(self, agents: Integers, per_process: int, different: int) -> Integers:
        values = self._values[agents]
        given = np.isfinite(values)
        if not self._says.all():
            given &= self._says[self._behaviour[agents // per_process]]
        wide = max(self.high - self.low, np.finfo(float).tiny)
        share = np.clip((np.where(given, values, self.low) - self.low) / wide, 0.0, 1.0)
        levels: Integers = np.rint(share * (SHADES - 1)).astype(np.int64)
        return different + np.where(given, levels, SHADES)


class Ranges(Memory):
    """The least and the largest value of each further field so far."""

    REMEMBERS = ("_low", "_high")

    def reset(self) -> None:
        """Forget all values."""
        self._low: dict[str, float] = {}
        self._high: dict[str, float] = {}

    def follow(self, frame: Frame) -> None:
        """Take in the values of a frame."""
        if not frame.further or not frame.fresh.any():
            return
        for name in frame.further:
            values = frame[name][frame.says(name)]
            values = values[np.isfinite(values)]
            if len(values):
                low, high = float(values.min()), float(values.max())
                self._low[name] = min(low, self._low.get(name, low))
                self._high[name] = max(high, self._high.get(name, high))

    def colouring(self, frame: Frame, choice: Choice) -> Colouring:
        """The colouring of a frame that was chosen; by processes where the frame has no such."""
        if choice not in choices(frame):
            return Colouring()
        if choice == MOVER:
            names = [each.name for each in frame.behaviours]
            return ByName(choice, names, frame.behaviour)
        if choice == NODE:
            return ByName(choice, frame.hosts, frame.host)
        if choice.kind == "field":
            low, high = (side.get(choice.field, 0.0) for side in (self._low, self._high))
            return ByField(frame, choice.field, low, high)
        return Colouring()


def about(choice: Choice) -> str:
    """What the person is told of a choice."""
    if choice.kind == "field":
        return f"colours by {choice.field}"
    return f"a colour for each {choice.kind}"
