"""The curves: samples of the last half minute, ten a second, under a calm scale."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.view.curves import CHARTS, RATE, SMOOTH, SPAN, SPIKES, Curves, Moment, nice, scale_top
from game.view.numbers import axis_value
from game.view.painter import Painter
from game.view.theme import Theme

CALM = Moment(frame=5.0, updates=120.0, processes=12.0, rejected=0.0)
AREA = pygame.Rect(0, 0, 980, 112)


def painter(scale: float = 1.0) -> Painter:
    pygame.font.init()
    size = round(AREA.width * scale), round(AREA.height * scale)
    return Painter(pygame.Surface(size), Theme("dark"), scale)


def filled(seconds: float = 40.0, moment: Moment = CALM) -> Curves:
    made = Curves()
    for frame in range(round(seconds * 60)):
        made.follow(100 + frame / 60, moment)
    return made


def test_ten_samples_a_second_of_the_last_half_minute():
    assert len(filled(5.0).samples) == 5 * RATE
    kept = filled(400.0).samples
    assert len(kept) <= SPAN * RATE + 2
    assert kept[-1][0] - kept[0][0] >= SPAN


def test_a_sample_keeps_the_worst_of_its_frames():
    made = Curves()
    for frame in (4.0, 90.0, 5.0):
        made.follow(10.01 + frame / 10_000, CALM._replace(frame=frame))
    assert [moment.frame for _, moment in made.samples] == [90.0]


@pytest.mark.parametrize(
    ("most", "limit", "top"),
    [
        *((0, 0, 1), (0.3, 0, 1), (3, 0, 5), (12, 0, 20), (119, 0, 200), (1000, 0, 1000)),
        *((5, SMOOTH, 20), (30, SMOOTH, 50), (70, SMOOTH, 100)),
    ],
)
def test_a_scale_ends_at_a_round_number(most: float, limit: float, top: float):
    assert nice(most, limit) == top


@given(st.floats(0, 1e11))
def test_every_value_fits_under_its_scale(most: float):
    top = nice(most)
    assert most <= top <= max(1.0, most * 2.5 + 1e-9)
    assert len(axis_value(top)) <= 5
    assert len(axis_value(most)) <= 6


def column(surface: pygame.Surface, x: int, colour: tuple[int, int, int]) -> list[int]:
    """The rows in which a column has a colour."""
    return [y for y in range(surface.get_height()) if surface.get_at((x, y))[:3] == colour]


def test_a_curve_stands_where_its_value_is_and_the_limit_above_it():
    shown = painter()
    filled(40.0).draw(shown, AREA, 140.0)
    low = column(shown.surface, 100, shown.theme["accent"])
    limit = column(shown.surface, 100, shown.theme["alarm"])
    assert len(limit) == 1, "16.7 ms"
    assert min(low) > limit[0]
    shown = painter()
    filled(40.0, CALM._replace(frame=30.0)).draw(shown, AREA, 140.0)
    limit = column(shown.surface, 100, shown.theme["alarm"])
    assert max(column(shown.surface, 100, shown.theme["accent"])) < limit[0]


def test_what_is_older_than_half_a_minute_is_gone():
    shown = painter()
    filled(10.0).draw(shown, AREA, 111.0 + SPAN)
    assert not any(column(shown.surface, x, shown.theme["accent"]) for x in range(AREA.width))


@pytest.mark.parametrize(("width", "charts"), [(980, 4), (640, 3), (480, 2), (180, 1), (60, 1)])
def test_narrow_windows_show_fewer(width: int, charts: int, monkeypatch: pytest.MonkeyPatch):
    shown, written = painter(), []
    monkeypatch.setattr(shown, "write", lambda words, *more, **others: written.append(words) or 9.0)
    filled().draw(shown, pygame.Rect(0, 0, width, 112), 140.0)
    titles = [chart.title[:5] for chart in CHARTS]
    assert len({words[:5] for words in written} & set(titles)) == (charts if width > 60 else 0)


@given(st.integers(1, 1500), st.sampled_from([0.5, 0.75, 1, 1.5, 2, 3]), st.floats(0, 1e9))
def test_any_panel_can_be_drawn(width: int, scale: float, value: float):
    moments = Moment(value, value, value, value)
    filled(0.2, moments).draw(painter(scale), pygame.Rect(0, 0, width, 112), 100.2)
    Curves().draw(painter(scale), pygame.Rect(0, 0, width, 112), 100.2)


SPIKE = 4000.0  # [ms]


def with_a_spike(at: float, seconds: float = 20.0) -> Curves:
    """Ordinary frames, and a slow one."""
    made = Curves()
    for frame in range(round(seconds * 60)):
        value = SPIKE if frame == round(at * 60) else 12.0
        made.follow(100 + frame / 60, CALM._replace(frame=value))
    return made


def rows_of(curves: Curves, now: float) -> tuple[Painter, list[int]]:
    """In which rows the curve of frames is, where nothing was the matter."""
    shown = painter()
    curves.draw(shown, AREA, now)
    return shown, column(shown.surface, 150, shown.theme["accent"])


def test_a_spike_flattens_nothing_and_says_how_high_it_was(monkeypatch: pytest.MonkeyPatch):
    _, calm = rows_of(filled(20.0, CALM._replace(frame=12.0)), 120.0)
    said: list[str] = []
    write = Painter.write
    monkeypatch.setattr(
        Painter,
        "write",
        lambda self, words, *more, **others: (
            said.append(words) or write(self, words, *more, **others)
        ),
    )
    shown, spiked = rows_of(with_a_spike(15.0), 120.0)
    assert spiked == calm
    assert said.count("4,000") == 1
    top = column(shown.surface, 118, shown.theme["alarm"])
    assert top, "a mark where it goes on above the scale"


@given(st.lists(st.floats(0, 1e6), min_size=40, max_size=300), st.integers(0, 2))
def test_what_is_no_spike_is_seen_whole(values: list[float], spikes: int):
    top = scale_top([*values, *[1e9] * spikes], 0.0)
    most = max(values)
    assert top >= sorted(values)[-1 - int(SPIKES * (len(values) + spikes))]
    if most > 0 and spikes and sorted(values)[len(values) // 2] > 1.0:
        assert top <= max(2.5 * most, 1.0)


def test_a_level_that_stays_is_no_spike():
    assert scale_top([5.0] * 100 + [200.0] * 10, 0.0) == 200.0
    assert scale_top([0.0] * 299 + [40.0], 0.0) == 50.0, "nothing is flattened by it"


@pytest.mark.parametrize(("width", "named"), [(980, 4), (420, 2), (100, 2)])
def test_the_axis_of_time_says_how_long_ago(
    width: int, named: int, monkeypatch: pytest.MonkeyPatch
):
    said: dict[str, float] = {}
    write = Painter.write

    def noted(self, words, x, *more, **others):
        said[words] = x
        return write(self, words, x, *more, **others)

    monkeypatch.setattr(Painter, "write", noted)
    filled().draw(painter(), pygame.Rect(0, 0, width, 112), 140.0)
    found = [words for words in said if words.endswith("ago") or words == "now"]
    assert found[0] == "30 s ago"
    assert found[-1] == "now"
    assert len(found) == named
    assert said["30 s ago"] < said["now"]
