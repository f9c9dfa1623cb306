"""Rows of a behaviour in a run that has further fields than the scene's own.

    scene's own | further ones, of all behaviours of the run        a row of the table
    speed  dist | offset  tyres  fuel

    (speed, dist)              the further ones are 0
    (speed, dist, fuel)        of a behaviour that states {"fuel": "kg"}: the others are 0

Used in a mover's process, in each update.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from game.child.job import Behaviour, Job
from game.child.rows import PLAIN, flat_crowd, flatten, misfit


class Shape(NamedTuple):
    """Where the values stand that a behaviour gives."""

    fields: Mapping[str, str]  # name -> unit, in the order of an agent's slice
    scene: int  # how many of them are the scene's own: the first ones
    stated: Sequence[int]  # where those stand that the behaviour states besides, in its order

    @property
    def whole(self) -> bool:
        """Whether what it states are all further fields there are, in their order."""
        return list(self.stated) == list(range(self.scene, len(self.fields)))

    def of(self, given: int) -> dict[str, str]:
        """The fields of a row of so many values, if it is one, else all that it may have."""
        names = list(self.fields)
        stated = [*names[: self.scene], *(names[place] for place in self.stated)]
        return {name: self.fields[name] for name in stated[: max(given, self.scene)]}


def shape_of(job: Job, behaviour: Behaviour) -> Shape:
    """The shape of one of the behaviours of a run."""
    names = list(job.fields)
    stated = [names.index(name) for name in behaviour.fields]
    further = {name for each in job.behaviours for name in each.fields}
    return Shape(job.fields, len(names) - len(further), stated)


def rows_of(rows: list[Any], shape: Shape) -> "memoryview[float]":
    """The rows of some agents as they stand in the table, side by side, float64; ValueError where
    one is none."""
    if len(shape.fields) == shape.scene:
        return flatten(rows, shape.fields)
    all_, whole = len(shape.fields), shape.scene + len(shape.stated)
    if shape.whole and all(type(row) in PLAIN and len(row) == all_ for row in rows):
        return flatten(rows, shape.fields)
    values = array("d", bytes(8 * all_ * len(rows)))
    for start, row in zip(range(0, len(values), all_), rows, strict=True):
        short = not misfit(row) and hasattr(row, "__len__") and len(row) == shape.scene
        part = flatten([row], shape.of(shape.scene if short else whole))
        values[start : start + shape.scene] = array("d", part[: shape.scene])
        for place, value in zip(shape.stated, part[shape.scene :], strict=False):
            values[start + place] = value
    return memoryview(values)


def crowd_of(found: Any, agents: int, shape: Shape) -> "memoryview[float]":
    """What a Crowd returned as it stands in the table, float64; ValueError where it is no such
    array. Nothing is copied where nothing is missing."""
    all_, whole = len(shape.fields), shape.scene + len(shape.stated)
    short = not misfit(found) and getattr(found, "nbytes", 0) == 8 * agents * shape.scene
    given = shape.scene if short else whole
    flat = flat_crowd(found, agents, shape.of(given))
    if given == all_ and shape.whole:
        return flat
    values = memoryview(array("d", bytes(8 * all_ * agents)))
    for column, place in enumerate([*range(shape.scene), *shape.stated][:given]):
        values[place::all_] = flat[column::given]
    return cast("memoryview[float]", values)


def scenes_own(values: "memoryview[float]", shape: Shape) -> "memoryview[float]":
    """Of the rows of some agents, the values of the scene's own fields alone."""
    all_, scene = len(shape.fields), shape.scene
    if all_ == scene:
        return values
    own = memoryview(array("d", bytes(8 * scene * (len(values) // all_))))
    for column in range(scene):
        own[column::scene] = values[column::all_]
    return cast("memoryview[float]", own)
