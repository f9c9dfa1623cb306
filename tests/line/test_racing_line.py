"""The racing line: within the edges, as fast as it can be, on whatever track."""

import math
from pathlib import Path

import pytest

from game.curve.smoothing import Curvature
from game.line.driven import Line as DrivenLine
from game.line.driven import Wish, lap_time, made, speeds_on
from game.line.profile import Limits, profile
from game.line.racing_line import Bounds, bending, bounds, path, places, points, racing_line
from game.track import SHORTEST_BEND, Track, load

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "tracks"
KART = ROOT / "assets" / "tracks" / "kart.csv"
MARGIN, LANE = 1.0, 3.2  # [m]


def ring(corners: list[tuple[float, float]], width: float = 12.0) -> Track:
    """A track through these points [m]."""
    x, y = (list(column) for column in zip(*corners, strict=True))
    return Track("made", x, y, [width / 2] * len(x), [width / 2] * len(x))


def around(x: float, y: float, count: int = 100, times: int = 1) -> list[tuple[float, float]]:
    """A closed curve, an ellipse or (times 2) a figure of eight [m]."""
    steps = [math.tau * i / count for i in range(count)]
    return [(x * math.cos(a), y * math.sin(times * a)) for a in steps]


def driven(track: Track, racing: bool = True, margin: float = MARGIN) -> DrivenLine:
    """A track's line, past the cache."""
    columns = made(track, Wish(margin, LANE, racing))
    return DrivenLine(track.length / len(columns[0]), *columns)


def time_of(track: Track, racing: bool = True) -> float:
    """A lap [s] of the car with the figures that grip has."""
    line = driven(track, racing)
    return lap_time(line, profile(line.way, line.bend, Limits()))


ODD = {
    "oval": ring(around(300, 100)),
    "eight": ring(around(200, 80, 160, times=2)),
    "square": ring([(0, 0), (60, 0), (60, 60), (0, 60)]),
    "triangle": ring([(0, 0), (500, 0), (250, 3)]),
    "model": ring(around(8, 3), 2.2),
    "narrow": ring(around(300, 100), 0.4),
    "hair": ring(around(300, 100), 1e-9),
    "wider than its bends": ring(around(60, 12), 40.0),
    "needle": ring([(0, 0), (10, 0), (20, 0)]),
    "far away": ring([(x + 9e7, y - 9e7) for x, y in around(300, 100)]),
}


@pytest.mark.parametrize("name", ODD)
def test_on_any_track_there_is_a_line_within_the_edges(name: str):
    track = ODD[name]
    line = driven(track)
    speeds = profile(line.way, line.bend, Limits())
    for column in (*line[1:], speeds):
        assert all(map(math.isfinite, column))
    for offset, low, high in zip(line.offset, line.low, line.high, strict=True):
        assert low <= offset <= high
    assert all(speed > 0 for speed in speeds)


@pytest.mark.parametrize("name", ["oval", "eight", "model"])
def test_it_bends_less_than_the_centre_line(name: str):
    track = ODD[name]
    count = places(track)
    way, room = path(track, count), bounds(track, count, 0.08 * track.width)
    offset = racing_line(way, room)
    assert bending(way, offset) < 0.9 * bending(way, [0.0] * count)


def test_it_is_where_no_small_step_makes_it_bend_less():
    """A change at a place that is not at an edge, in a wave as long as a bend."""
    track = ODD["oval"]
    count = places(track)
    way, room = path(track, count), bounds(track, count, MARGIN)
    offset = racing_line(way, room)
    least = bending(way, offset)
    for middle in range(0, count, 40):
        for step in (0.2, -0.2):
            moved = [
                min(max(o + step * math.exp(-(((i - middle) / 12) ** 2)), low), high)
                for i, (o, low, high) in enumerate(zip(offset, *room, strict=True))
            ]
            assert bending(way, moved) > least * (1 - 1e-4)


def test_round_a_circle_there_is_nothing_to_gain():
    track = ring(around(100, 100, 200))
    count = places(track)
    offset = racing_line(path(track, count), Bounds([-4.0] * count, [4.0] * count))
    assert max(offset) - min(offset) < 0.1


def test_a_wide_track_leaves_a_lane_free():
    wide = ring(around(300, 100), 24.0)
    free = [high - offset for offset, high in zip(driven(wide)[1], driven(wide)[5], strict=True)]
    assert min(free) > LANE - 0.01
    usual = driven(ring(around(300, 100), 14.0))
    assert min(h - o for o, h in zip(usual.offset, usual.high, strict=True)) < 0.1


def test_a_reversed_track_has_the_same_line():
    plain, back = load(KART), load(KART, reverse=True)
    assert time_of(plain) == pytest.approx(time_of(back), rel=0.02)


CIRCUITS = [
    pytest.param(name, marks=pytest.mark.slow if name in ("Monza", "Spa") else ())
    for name in sorted(path.stem for path in (REAL / "racelines").glob("*.csv"))
]


@pytest.mark.skipif(not CIRCUITS, reason="the real circuits are not beside the project")
@pytest.mark.parametrize("name", CIRCUITS)
def test_a_lap_is_as_fast_as_on_the_line_of_the_data_base(name: str):
    track = load(REAL / f"{name}.csv")
    assert time_of(track) <= 1.04 * time_on(REAL / "racelines" / f"{name}.csv", track)
    assert 1.05 < time_of(track, racing=False) / time_of(track) < 1.25


def time_on(file: Path, track: Track) -> float:
    """A lap [s] on a line that is given by its points."""
    rows = [line.split(",") for line in file.read_text().splitlines() if line[:1] != "#"]
    x, y = ([float(row[column]) for row in rows] for column in (0, 1))
    ends = zip(x, y, [*x[1:], x[0]], [*y[1:], y[0]], strict=True)
    ways = [math.hypot(x1 - x0, y1 - y0) for x0, y0, x1, y1 in ends]
    curvature, bend, distance = Curvature(x, y, SHORTEST_BEND * track.width), [], 0.0
    for way in ways:
        bend.append(curvature.at(distance))
        distance += way
    none = [0.0] * len(ways)
    return lap_time(DrivenLine(0.0, none, ways, bend, none, none), profile(ways, bend, Limits()))


def test_a_line_that_is_kept_is_driven_as_fast(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    line = driven(ODD["oval"])
    assert speeds_on(line, Limits()) == speeds_on(line, Limits())


def test_points_are_where_the_track_says():
    track = load(KART)
    x, y = points(path(track, 400), [2.0] * 400)
    across, along, heading = track.at(3 * track.length / 400)
    assert (x[3], y[3]) == pytest.approx(
        (across - 2 * math.sin(heading), along + 2 * math.cos(heading))
    )
