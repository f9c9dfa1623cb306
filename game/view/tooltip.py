"""The tooltip: what is known of the elements under the mouse, in a few lines beside it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from pygame import Rect

from game.frame import Frame, Integers
from game.view.numbers import duration
from game.view.painter import Area, Painter
from game.view.text import NORMAL, SMALL

EDGE, LINE, FIRST = 10, 17, 22  # [pt] to the border; from line to line; below the first line
SIZE = 8  # [bytes] of a float64
BESIDE = 8  # [pt] between a cell and its tip
BELOW = 30  # [pt] from the end of a tip above the mouse to one below it


class Array(NamedTuple):
    """The array that is shown, and those who write it, by name."""

    name: str
    agent_name: Callable[[int], str]  # what a person calls an agent


def tells(array: Array, frame: Frame, elements: range, written: float) -> list[str]:
    """What there is to say about some elements that were written last at `written` [s]."""
    fields = len(frame.fields)
    agents = range(elements.start // fields, (elements.stop - 1) // fields + 1)
    first, end = np.searchsorted(frame.agents, (agents.start, agents.stop))
    listed = frame.agents[first:end]
    lines = [python(array.name, elements)]
    lines += values(frame, elements, listed)
    if frame.foreign:
        known = frame.foreign
        lines += [place(elements, known.dtype, known.itemsize, known.offset)] * bool(known.itemsize)
    else:
        lines.append(place(elements))
        lines += owners(array, frame, agents, listed)
    if len(listed) and np.isfinite(written):
        lines.append(f"written {duration(frame.now - written)} ago")
    return lines


def python(array: str, elements: range) -> str:
    """The Python that reads some elements."""
    if len(elements) == 1:
        return f"{array}[{elements.start}]"
    return f"{array}[{elements.start}:{elements.stop}]"


def values(frame: Frame, elements: range, listed: Integers) -> list[str]:
    """The value with its field and unit; of several elements, from which to which each field."""
    fields = list(frame.fields.items())
    if len(elements) == 1:
        name, unit = fields[elements.start % len(fields)]
        return [f"{name} = {frame.values.flat[elements.start]:.6g} {unit}".rstrip()]
    rows = frame.values[listed]
    return [
        f"{name} from {column.min():.4g} to {column.max():.4g} {unit}".rstrip()
        for (name, unit), column in zip(fields, rows.T, strict=True)
        if len(column)
    ]


def place(elements: range, dtype: str = "float64", size: int = SIZE, offset: int = 0) -> str:
    """Type and bytes, of `size` each, the first of all `offset` bytes from the start."""
    many, each = (f"{len(elements):,} ", " each") if len(elements) > 1 else ("", "")
    start = offset + elements.start * size
    return f"{many}{dtype}, {size} bytes{each}, from byte {start:,}"


def owners(array: Array, frame: Frame, agents: range, listed: Integers) -> list[str]:
    """Who writes them, and what has become of those."""
    run = frame.per_process
    slots = slice(agents.start // run, (agents.stop - 1) // run + 1)
    pids = frame.pid[slots][frame.pid[slots] > 0].tolist()
    died = int(frame.died[slots].sum())
    if not len(listed) and not pids and not died:
        return ["free: no process writes here"]
    first, last = (listed[0], listed[-1]) if len(listed) else (agents[0], agents[-1])
    names = array.agent_name(int(first)) + (
        f" to {array.agent_name(int(last))}" if last > first else ""
    )
    hosts = [frame.host_of(slot) for slot in range(slots.start, slots.stop) if frame.pid[slot] > 0]
    there = f" on {', '.join(dict.fromkeys(hosts))}" if any(hosts) else ""
    dead = f", {died:,} dead" if died and len(pids) > 1 else ", dead" if died else ""
    if len(pids) > 1:
        which = there or f", pid {pids[0]} to {pids[-1]}"
        return [names, f"{len(pids):,} processes{which}{dead}"]
    return [names + (f", pid {pids[0]}{there}" if pids else "") + dead]


def height(lines: Sequence[str]) -> int:
    """How high the box around the lines is [pt]."""
    return FIRST + LINE * (len(lines) - 1) + 2 * EDGE - 6


def draw(
    painter: Painter, lines: Sequence[str], x: float, bottom: float, area: Area | None = None
) -> Rect:
    """Draw the lines in a box around x that ends at `bottom` [pt], inside the window, or inside
    an `area` of it.

    Where there is no room above a place of an area, the box stands below it. Returns where it
    is [pt].
    """
    width = max(painter.width(line, SMALL if at else NORMAL) for at, line in enumerate(lines))
    box = Rect(0, 0, round(width) + 2 * EDGE, height(lines))
    box.midbottom = round(x), round(bottom)
    if area and box.top < area.top:
        box.top = round(bottom) + BELOW
    box.clamp_ip((area or Rect((0, 0), painter.size)).inflate(-8, -8))
    painter.fill("shade", box, round_by=6)
    painter.frame("line", box, round_by=6)
    y = box.y + EDGE - 2
    for at, line in enumerate(lines):
        first = at == 0
        painter.write(
            line, box.x + EDGE, y, "accent" if first else "text", NORMAL if first else SMALL
        )
        y += FIRST if first else LINE
    return box
