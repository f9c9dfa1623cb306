"""The motion: a car passes both rows at the speed that they say, and never leaps in between."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pygame
import pytest

from game.frame import Frame
from game.scenes.race import FIELDS, KMH
from game.scenes.race.motion import Motion
from game.view.canvas import Canvas
from game.view.interpolation import MARKED
from game.view.theme import Theme
from tests.made import scene_of

PERIOD, FRAME = 0.5, 1 / 60  # [s]
THEME = Theme("dark", {})


def frame(now: float, distance: float, speed: float) -> Frame:
    """The first row of a car [m], [km/h]."""
    made = Frame(FIELDS, 1)
    return made.next(
        now=now,
        agents=np.arange(1),
        values=np.array([[speed, distance]]),
        updates=np.ones(1, np.int64),
        first=np.array([now]),
        changed=np.array([now]),
        fresh=np.ones(1, np.bool_),
        interval=np.full(1, PERIOD),
        expected=PERIOD,
        step=PERIOD,
    )


def row(before: Frame, now: float, distance: float, speed: float) -> Frame:
    """The next row."""
    return before.next(
        now=now,
        values=np.array([[speed, distance]]),
        updates=before.updates + 1,
        interval=now - before.changed,
        changed=np.array([now]),
        fresh=np.ones(1, np.bool_),
    )


def later(before: Frame, now: float) -> Frame:
    return before.next(now=now, fresh=np.zeros(1, np.bool_))


def drive(speeds: list[float], late: float = 0.0) -> Iterator[Frame]:
    """Frames of a car that drives at each speed [km/h] for a period; rows come up to `late` [s]
    later than they are due."""
    random, distance, made = np.random.default_rng(3), 0.0, frame(10.0, 0.0, speeds[0])
    due, now = 10.0 + PERIOD, 10.0
    yield made
    for before, speed in pairwise(speeds):
        seen = due + random.uniform(0, late)
        while now + FRAME < seen:
            now += FRAME
            made = later(made, now)
            yield made
        now += FRAME
        due, distance = due + PERIOD, distance + before * KMH * PERIOD
        made = row(made, now, distance, speed)
        yield made


def shown(frames: Iterator[Frame]) -> np.ndarray:
    motion = Motion()
    return np.array([float(motion.follow(made)[0]) for made in frames])


SPEEDS = [62.0, 25.0, 100.0, 20.0, 95.0, 95.0, 30.0, 80.0, 62.0, 25.0]


@pytest.mark.parametrize("late", [0.0, 0.025])
def test_a_car_never_changes_its_speed_within_a_frame(late: float):
    places = shown(drive(SPEEDS, late))
    pace = np.diff(places) / FRAME / KMH  # [km/h]
    pace = pace[40:]  # it stands until its second row
    assert np.abs(np.diff(pace)).max() < 12.0
    assert pace.min() > -1e-6, "and never drives backwards"
    assert pace.max() < 1.6 * max(SPEEDS)


def test_at_an_even_speed_it_drives_evenly():
    pace = np.diff(shown(drive([50.0] * 9)))[70:] / FRAME / KMH
    assert pace == pytest.approx(50.0, abs=1.5)


def test_it_reaches_the_row_and_waits_there():
    motion = Motion()
    made = frame(10.0, 0.0, 72.0)
    motion.follow(made)
    made = row(made, 10.5, 10.0, 72.0)
    motion.follow(made)
    places = [float(motion.follow(later(made, 10.5 + t))[0]) for t in (0.0, 0.2, 0.6, 5.0)]
    assert places[0] == 0.0
    assert 0.0 < places[1] < 10.0
    assert places[2:] == [10.0, 10.0]


@pytest.mark.parametrize("speed", [np.nan, np.inf, -1e300, 1e300, 0.0])
def test_a_speed_that_is_none_does_not_move_it_beyond_its_rows(speed: float):
    motion = Motion()
    made = frame(10.0, 0.0, speed)
    motion.follow(made)
    made = row(made, 10.5, 9.0, speed)
    motion.follow(made)
    places = [float(motion.follow(later(made, 10.5 + t))[0]) for t in np.linspace(0, 0.6, 40)]
    assert (np.diff(places) >= 0).all()
    assert (places[0], places[-1]) == (0.0, 9.0)


def test_half_the_speed_of_time_is_half_the_pace():
    """Published speeds are of simulated time."""
    motion, made = Motion(), frame(10.0, 0.0, 36.0)
    made = made.next(expected=2 * PERIOD)
    motion.follow(made)
    places = []
    for number in range(1, 8):
        made = row(made, 10.0 + number, 5.0 * number, 36.0)
        places += [float(motion.follow(made)[0])]
        places += [
            float(motion.follow(later(made, 10.0 + number + t / 10))[0]) for t in range(1, 10)
        ]
    assert np.diff(places)[30:] == pytest.approx(0.5, abs=0.03)


def test_a_row_that_no_car_can_have_got_to_is_shown_at_once_and_marked(display: object):
    scene, surface = scene_of("race"), pygame.Surface((700, 500))
    canvas = Canvas(surface, (0, 0, 700, 500), scene.bounds, Theme("dark", scene.colours))
    alarm = np.array(canvas.theme["alarm"])

    def marks(made: Frame) -> int:
        scene.follow(made)
        scene.draw(canvas)
        near = np.abs(pygame.surfarray.array3d(surface).astype(int) - alarm).sum(axis=2) < 12
        return int(near.sum())

    made = frame(10.0, 0.0, 50.0)
    rest = marks(made)
    made = row(made, 10.5, 7.0, 50.0)
    assert marks(made) == rest
    made = row(made, 11.0, 400.0, 50.0)
    assert marks(made) > rest + 40
    assert scene._distance.tolist() == [400.0]
    assert marks(later(made, 11.0 + MARKED)) == rest
    made = row(made, 11.9, 398.0, 50.0)
    assert marks(made) == rest, "a little back is no jump"


def test_it_goes_on_from_a_checkpoint():
    frames = list(drive(SPEEDS))
    one = Motion()
    wanted = [float(one.follow(made)[0]) for made in frames]
    first, other = Motion(), Motion()
    for made in frames[:77]:
        first.follow(made)
    other.restore(first.checkpoint())
    assert [float(other.follow(made)[0]) for made in frames[77:]] == wanted[77:]
