"""The table beside a watched array: its figures, and the elements that change most often."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from game.frame import Frame
from game.scenes.watch.elements import Elements
from game.scenes.watch.looks import Look
from game.scenes.watch.statistics import Statistics
from game.scenes.watch.watched import Watched
from game.scenes.watch.words import share_words, value_words
from game.view.numbers import abbreviated, ago
from game.view.panel import Column, Panel

COLUMNS = (
    Column("element", 0.38, to_left=True),
    Column("value", 0.64),
    Column("changes", 0.84),
    Column("last", 1.0),
)
LETTERS = 10  # of a value
Row = tuple[int, tuple[str, ...]]


def panel(
    watched: Watched,
    rows: int,
    selected: int,
    frame: Frame,
    check: Sequence[tuple[str, str]] = (),
) -> Panel:
    """As many rows as there is room for; the selected element is the first below the figures.

    `check` are figures of a check, and the words for each. `selected` is an agent of the frame,
    each of which is as many elements as it has fields.
    """
    fields = max(1, len(frame.fields))
    look, elements, statistics = watched.look, watched.elements, watched.statistics
    if look is None or elements is None or statistics.elements is None:
        return Panel("Array", COLUMNS, (), 0)
    said = figures(look, elements, watched, check)
    shown = watched.busiest[: max(0, rows - len(said) - 1)]
    if 0 <= selected * fields < elements.many:
        own = selected * fields
        shown = [own, *(element for element in shown if element != own)]
    below = [(-1, ("", "", "", ""))] if shown else []
    agents = [agent_of(element, frame) for element in shown]
    table = [*said, *below, *map(partial(row, watched, statistics), agents, shown)]
    return Panel("Array", COLUMNS, table[:rows], min(rows, len(table)))


def figures(
    look: Look, elements: Elements, watched: Watched, check: Sequence[tuple[str, str]]
) -> list[Row]:
    """What is known of the whole array."""
    statistics, many = watched.statistics, elements.many
    found = [("elements", f"{many:,}"), ("changes/s", abbreviated(watched.strip.rate(watched.now)))]
    found.append(("never written", share_words(statistics.never_written, many)))
    found.append(("nan", share_words(int(statistics.nans.sum()), many)))
    if extremes := statistics.extremes:
        assert statistics.elements is not None
        for name, element in zip(("least", "most"), extremes, strict=True):
            value = float(statistics.elements.flat[element])
            words = value_words(value, elements.numbers.dtype, LETTERS)
            found.append((f"{name} [{elements.place(element)}]", words))
    found.append(("reads", f"{look.number:,}"))
    found.append(("  in mid-write", f"{look.mid_write:,}"))
    if look.lock:
        found.append(("looks at the lock", f"{look.lock.looks:,}"))
        found.append(("  held", f"{look.lock.held:,}"))
    return [(-1, (name, words, "", "")) for name, words in (*check, *found)]


def agent_of(element: int, frame: Frame) -> int:
    """The agent of the frame that an element is; -1 if it is none."""
    agent = element // max(1, len(frame.fields))
    return agent if agent < len(frame.values) else -1


def row(watched: Watched, statistics: Statistics, agent: int, element: int) -> Row:
    """An element: its value, how often it was seen to change, when last."""
    assert watched.elements is not None
    elements, last = watched.elements, float(statistics.last[element])
    value = watched.readable_value(element)
    cells = (
        f"[{elements.place(element)}]",
        value_words(value, elements.numbers.dtype, LETTERS),
        abbreviated(int(statistics.counts[element])),
        ago(watched.ago - last).removesuffix(" ago") if np.isfinite(last) else "-",
    )
    return agent, cells
