"""The speed of a point mass: up to its limits everywhere, and never beyond."""

import math

import pytest

from game.curve.smoothing import Curvature
from game.line.profile import G, Limits, profile

CAR = Limits()


def stadium(straight: float, radius: float, step: float = 1.0) -> tuple[list[float], list[float]]:
    """Ways [m] and bends [1/m] of two straights and two half circles."""
    straights, curves = round(straight / step), round(math.pi * radius / step)
    bends = ([0.0] * straights + [1 / radius] * curves) * 2
    return [step] * len(bends), bends


def used(ways: list[float], bends: list[float], speeds: list[float], car: Limits) -> list[float]:
    """How much of the tyres each way takes: the sum of both squares, 1 at the limit."""
    found = []
    for i, way in enumerate(ways):
        one, other = speeds[i], speeds[(i + 1) % len(ways)]
        middle = (one + other) / 2
        along = (other * other - one * one) / (2 * way) + car.resistance(middle)
        across = middle * middle * (bends[i] + bends[(i + 1) % len(ways)]) / 2
        load = car.load(middle)
        found.append((along / (car.mu_x * load)) ** 2 + (across / (car.mu_y * load)) ** 2)
    return found


@pytest.mark.parametrize("radius", [15.0, 60.0])
@pytest.mark.parametrize("car", [CAR, CAR._replace(mu_x=0.9, mu_y=1.0, lift=0.0)])
def test_the_tyres_are_never_asked_for_more(radius: float, car: Limits):
    ways, bends = stadium(400, radius)
    eased = [(bends[i - 1] + bends[i] + bends[(i + 1) % len(bends)]) / 3 for i in range(len(bends))]
    speeds = profile(ways, eased, car)
    most = used(ways, eased, speeds, car)
    assert max(most) < 1.06  # a way's mean is looked at, its beginning is what counts
    assert max(most) > 0.97
    steady = [speed for speed, bend in zip(speeds, eased, strict=True) if bend == 1 / radius]
    assert max(steady) == pytest.approx(car.corner(1 / radius))


def test_the_engine_gives_no_more_than_it_has():
    ways, bends = stadium(2000, 60.0)
    speeds = profile(ways, bends, CAR)
    for i, way in enumerate(ways[:1500]):
        gain = (speeds[i + 1] ** 2 - speeds[i] ** 2) / (2 * way)
        if gain > 0:
            power = CAR.mass * (gain + CAR.resistance(speeds[i])) * speeds[i] / 1000
            assert power < CAR.power * 1.01


def test_a_bend_is_as_fast_as_its_grip():
    plain = CAR._replace(lift=0.0)
    assert plain.corner(1 / 50) == pytest.approx(math.sqrt(2.0 * G * 50))
    assert CAR.corner(-1 / 50) == CAR.corner(1 / 50) > plain.corner(1 / 50)
    assert CAR.corner(0.0) == CAR.corner(1e-6)  # it can be driven at any speed


def test_more_grip_more_power_and_less_weight_are_faster():
    ways, bends = stadium(600, 40.0)

    def lap(car: Limits) -> float:
        speeds = profile(ways, bends, car)
        return sum(way / speed for way, speed in zip(ways, speeds, strict=True))

    usual = lap(CAR)
    assert lap(CAR._replace(mu_y=1.6, mu_x=1.44)) > usual
    assert lap(CAR._replace(power=300)) > usual
    assert lap(CAR._replace(mass=1000)) > usual


def test_it_does_not_matter_where_a_line_begins():
    ways, bends = stadium(300, 30.0)
    speeds = profile(ways, bends, CAR)
    turned = profile(ways[123:] + ways[:123], bends[123:] + bends[:123], CAR)
    assert turned == pytest.approx(speeds[123:] + speeds[:123], rel=0.01)


def test_a_line_without_bends_has_a_top_speed():
    speeds = profile([10.0] * 500, [0.0] * 500, CAR)
    assert all(80 < speed <= 150 for speed in speeds)


def test_curvature_of_a_circle_gives_one_speed_all_around():
    angles = [math.tau * i / 200 for i in range(200)]
    bend = Curvature([80 * math.cos(a) for a in angles], [80 * math.sin(a) for a in angles], 12.0)
    speeds = profile([math.tau * 80 / 200] * 200, [bend.at(i * 2.513) for i in range(200)], CAR)
    assert max(speeds) == pytest.approx(min(speeds), rel=0.01)
