"""Robots that fly together: they take one course, keep apart and stay inside; and a leader."""

from array import array
from collections.abc import Callable
from math import cos, dist, pi, sin
from random import Random

import numpy as np
import pytest

from game import scenes
from game.agent import Group, Parameters
from game.scenes.swarm import Settings
from game.scenes.swarm.movers import flock, follow
from game.scenes.swarm.obstacles import Circle, Obstacles
from game.shared.others import Others
from game.shared.published import Published
from game.shared.table import Slice, State, Table
from tests.scenes.seen import Seen

ROBOTS = 12


def flying(
    kind: Callable, steps: int, robots: int = ROBOTS, settings: Settings | None = None
) -> tuple[list, np.ndarray, Seen]:
    """Movers in one process that step in turn; they, their places (steps, robots, 2), the table."""
    seen = Seen("swarm")
    published, world = Published(seen.table), seen.definition.world(settings)
    agents = [
        seen.definition.agent_class(n, Random(n), 10.0, world, Others(published, n))
        for n in range(robots)
    ]
    movers, places = [kind(agent) for agent in agents], []
    for _ in range(steps):
        published.renew()
        rows = [mover.step(0.1) for mover in movers]
        for number, row in enumerate(rows):
            seen.write(number, *row)
        places.append(rows)
    return movers, np.array(places), seen


def test_neighbours_take_one_course():
    movers, places, _ = flying(flock.Mover, 300)
    assert ((places >= 0) & (places <= 100)).all()

    def agreement(ways: np.ndarray, here: np.ndarray) -> float:
        """How far neighbours go the same way, -1 to 1."""
        pairs = [(a, b) for a in range(ROBOTS) for b in range(a) if dist(here[a], here[b]) < 15]
        return float(np.mean([ways[a] @ ways[b] for a, b in pairs]))

    ways = np.array([(cos(mover.heading), sin(mover.heading)) for mover in movers])
    assert agreement(ways, places[-1]) > 0.8
    assert agreement(np.diff(places[:2], axis=0)[0] / 0.8, places[0]) < 0.5, "so it was not before"


def test_they_turn_gently():
    _, places, _ = flying(flock.Mover, 200)
    ways = np.diff(places, axis=0)
    inside = ((places > 0.01) & (places < 99.99)).all(axis=2)
    inside = inside[:-2] & inside[1:-1] & inside[2:]
    headings = np.arctan2(ways[:, :, 1], ways[:, :, 0])
    turns = np.abs(np.remainder(np.diff(headings, axis=0) + pi, 2 * pi) - pi)
    assert turns[inside].max() <= (flock.TURN + flock.WOBBLE) * 0.1 + 1e-6
    assert inside.mean() > 0.99, "nobody slides along the edge"


def course(*others: tuple[float, float]) -> tuple[float, float]:
    """The course of a robot in the middle that flies to the right, among others that rest."""
    seen = Seen("swarm").with_rows([(50, 50), *others])
    mover = flock.Mover(seen.agent(0))
    mover.x = mover.y = 50.0
    mover.heading = 0.0
    near = mover.agent.near(flock.FARTHEST)
    mover.look_at(near)
    return mover.course(near, flock.FARTHEST)


def test_it_goes_away_from_those_who_are_too_close_and_towards_those_farther_off():
    assert course((50, 53))[1] < -0.2
    assert course((50, 65))[1] > 0.2
    assert course() == (1.0, 0.0)


def test_it_takes_the_course_of_its_neighbours():
    seen = Seen("swarm").with_rows([(50, 50), (62, 50)])
    published = Published(seen.table)
    agent = seen.agent(0)._replace(others=Others(published, 0))
    mover = flock.Mover(agent)
    mover.x, mover.y, mover.heading = 50.0, 50.0, 0.0
    mover.look_at(agent.near(20))
    seen.write(1, 62, 50.5)
    published.renew()
    near = agent.near(20)
    mover.look_at(near)
    assert mover.known[1][2:] == (0, 1)
    assert mover.course(near, 20.0)[1] > 0.9
    seen.table.mark(1, State.FAILED)
    published.renew()
    mover.look_at(agent.near(20))
    assert mover.course(agent.near(20), 20.0) == (1.0, 0.0), "who is dead leads nobody"


def test_the_edge_pushes_inwards():
    assert flock.inwards(1.0, 99.0, flock.MARGIN) > 1
    assert flock.inwards(99.0, 1.0, flock.MARGIN) < -1
    assert flock.inwards(50.0, 50.0, flock.MARGIN) == 0


SHIFTED = Settings((-3.0, 5.0, 1.0, 7.0))  # [m] 4 wide and 2 high, far from the origin


def test_they_fly_on_any_ground():
    _, places, _ = flying(flock.Mover, 100, settings=SHIFTED)
    made = Crowds(50, SHIFTED)
    for _ in range(50):
        made.step()
    for found in (places.reshape(-1, 2), *(crowd.places for _, crowd in made.crowds)):
        assert ((found >= (-3.0, 5.0)) & (found <= (1.0, 7.0))).all()
    ways = np.hypot(*np.diff(places, axis=0).T)
    assert 0.01 < ways.mean() < 0.03, "as much slower as the ground is smaller"


class Crowds:
    """Two crowds that share a table, as two processes do."""

    def __init__(self, many: int, settings: Settings | None = None) -> None:
        definition = scenes.find("swarm")
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self.table = Table(context, definition.fields, 2 * many, many)
        self.published = Published(self.table)
        self.crowds = []
        for slot in range(2):
            self.table.open(slot, many)
            numbers = range(slot * many, (slot + 1) * many)
            world = definition.world(settings)
            group = Group(numbers, str(slot), 10.0, world, self.published)
            self.crowds.append((Slice(self.table, slot), flock.Crowd(group)))

    def step(self) -> None:
        for part, crowd in self.crowds:
            self.published.renew()
            part.publish(memoryview(array("d", crowd.step(0.1).ravel())))


def test_crowds_fly_together_across_processes_and_stay_inside():
    made = Crowds(200)
    for _ in range(200):
        made.step()
    places = np.concatenate([crowd.places for _, crowd in made.crowds])
    ways = np.concatenate([crowd.ways for _, crowd in made.crowds])
    assert ((places >= 0) & (places <= 100)).all()
    assert np.abs(ways) == pytest.approx(1.0)
    assert ((places > 0.01) & (places < 99.99)).all(axis=1).mean() > 0.99
    z = places.view(complex)[:, 0]
    close = np.abs(z[:200, None] - z[None, 200:]) < 5  # of one process and of the other
    assert close.sum() > 50
    agreement = (ways[:200, None] * ways[None, 200:].conj()).real[close].mean()
    assert agreement > 0.8


def test_a_crowd_takes_the_means_of_the_cells_around():
    made = Crowds(2)
    crowd = made.crowds[0][1]
    crowd.places[:] = (50, 50), (90, 90)
    others = np.array([50.5 + 50.5j, 51 + 51j, 10 + 10j])
    place, way = crowd.means(others, 1.0, np.array([1j, 1, 1]))
    assert place.tolist() == pytest.approx([50.75 + 50.75j, 90 + 90j])
    assert way.tolist() == pytest.approx([0.5 + 0.5j, 0])


def test_a_crowd_leaves_out_who_is_dead_or_nowhere():
    made = Crowds(2)
    for _ in range(3):
        made.step()
    crowd = made.crowds[0][1]
    made.published.renew()
    everybody, alive, courses = crowd.look()
    assert (len(everybody), len(alive), len(courses)) == (4, 4, 4)
    made.table.mark(1, State.FAILED)
    made.published.renew()
    everybody, alive, courses = crowd.look()
    assert (len(everybody), len(alive), len(courses)) == (4, 2, 2)
    made.table.clear(1)
    made.published.renew()
    assert len(crowd.look()[0]) == 2


def test_robots_follow_their_leader_and_keep_apart():
    _, places, _ = flying(follow.Mover, 200)
    ways = np.hypot(*(places[-50:, 1:] - places[-50:, :1]).transpose(2, 0, 1))
    assert ways.mean() < 25, "they are with it"
    assert ways[-1].min() > 1
    assert ((places >= 0) & (places <= 100)).all()


def test_who_leads_can_be_set():
    seen = Seen("swarm").with_rows([(10, 10), (50, 50), (90, 50)])
    agent = seen.agent(1)._replace(parameters=Parameters(leader=2))
    mover = follow.Mover(agent)
    mover.x, mover.y, mover.heading = 50.0, 50.0, 0.0
    assert mover.step(0.1)[0] > 51
    mover = follow.Mover(seen.agent(1))
    mover.x, mover.y, mover.heading = 50.0, 50.0, -3 * pi / 4
    assert mover.step(0.1)[0] < 49.5


def test_without_a_leader_they_walk_by_themselves():
    _, places, seen = flying(follow.Mover, 50)
    seen.table.mark(0, State.FAILED)
    mover = follow.Mover(seen.agent(3))
    mover.x, mover.y = places[-1, 3].tolist()
    before = mover.speed
    mover.step(0.1)
    assert mover.speed == before


def test_neither_mover_nor_crowd_flies_into_an_obstacle():
    rock = Circle(50.0, 50.0, 20.0)
    settings = Settings(obstacles=Obstacles([rock]))
    _, places, _ = flying(flock.Mover, 100, settings=settings)
    made = Crowds(128, settings)
    for _ in range(50):
        made.step()
    for found in (places.reshape(-1, 2), *(crowd.places for _, crowd in made.crowds)):
        assert not any(rock.contains(x, y) for x, y in found.tolist())
