"""An agent of a scene, and the rows that it sees: for tests of what it can ask."""

import multiprocessing
from array import array
from collections.abc import Sequence
from random import Random

from game import scenes
from game.agent import Agent
from game.shared.others import Others
from game.shared.published import Published
from game.shared.table import STATE, Slice, State, Table
from tests.made import options_of

CAPACITY = 16


class Seen:
    """A table that rows can be written into, and what its agents see of it."""

    def __init__(self, scene: str, **fields: str) -> None:
        """`fields` are those that an agent has besides the scene's own."""
        self.definition = scenes.find(scene)
        context = multiprocessing.get_context("spawn")
        self.table = Table(context, {**self.definition.fields, **fields}, CAPACITY)
        self._settings = options_of(scene).job.settings

    def write(self, number: int, *values: float) -> None:
        """Publish a row."""
        if self.table.row(number)[STATE] == State.FREE:
            self.table.open(number, 1)
        part = Slice(self.table, number)
        part.publish(memoryview(array("d", values)))
        part.row[STATE] = State.RUNNING

    def with_rows(self, rows: Sequence[Sequence[float]]) -> "Seen":
        """Publish rows of agents from 0 on."""
        for number, values in enumerate(rows):
            self.write(number, *values)
        return self

    def agent(self, number: int, **settings: object) -> Agent:
        """An agent that sees what is there now."""
        world = self.definition.world(self._settings)
        vars(world).update(settings)
        others = Others(Published(self.table), number)
        return self.definition.agent_class(number, Random(1), 10.0, world, others)
