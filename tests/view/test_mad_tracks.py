"""Tracks that no road has: the first picture of them takes about as long as of any other."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from game.scenes import find
from game.scenes.race import circuit as module
from game.scenes.race.circuit import Circuit
from game.track import parse
from game.view.canvas import Canvas
from game.view.theme import Theme
from tests.conftest import calls

SIZE = VIEW = (940, 600)
HEAD = "x_m,y_m,w_tr_right_m,w_tr_left_m\n"
# To and fro between two walls, 100 m each: a thousand hairpins on the width of a road.
ZIGZAG = "\n".join(f"{i / 100},{100 * (i % 2)},5,5" for i in range(1000))
FLOWER = "\n".join(
    f"{r * np.cos(a):.5f},{r * np.sin(a):.5f},5,5"
    for a, r in ((a, 900 + 9 * np.sin(a * 300)) for a in 2 * np.pi * np.arange(40_000) / 40_000)
)
RING = "\n".join(
    f"{3000 * np.cos(a):.5f},{3000 * np.sin(a):.5f},5,5" for a in 2 * np.pi * np.arange(4000) / 4000
)

pytestmark = pytest.mark.usefixtures("display")


def work(text: str, zoom: float, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """The calls that a first picture takes, and how many places were compared with the samples."""
    compared = [0]
    away = Circuit._away

    def counted(self: Circuit, places):
        compared[0] += len(places)
        return away(self, places)

    monkeypatch.setattr(Circuit, "_away", counted)
    circuit = Circuit(parse(HEAD + text, "mad.csv"))
    canvas = Canvas(
        pygame.Surface(VIEW), (0, 0, *VIEW), circuit.bounds, Theme("dark", find("race").colours)
    )
    canvas.camera = canvas.camera._replace(scale=canvas.camera.scale * zoom)
    return calls(lambda: circuit.paint(canvas)), compared[0]


@pytest.mark.parametrize("zoom", [1.0, 4.0])
@pytest.mark.parametrize("text", [ZIGZAG, FLOWER, RING], ids=["zigzag", "flower", "ring"])
def test_the_work_of_a_picture_is_bounded(text: str, zoom: float, monkeypatch):
    made, compared = work(text, zoom, monkeypatch)
    assert compared <= 2 * module.MOST_MARKS
    assert made < 400_000


def test_an_ordinary_track_has_all_its_marks(monkeypatch):
    _, compared = work(RING, 1.0, monkeypatch)
    assert compared > 20


def test_the_cases_zigzag(monkeypatch):
    path = Path(__file__).parents[3] / "shared/cases/tracks/zigzag.csv"
    if not path.exists():
        pytest.skip("the cases are not here")
    made, compared = work(path.read_text().partition("\n")[2], 1.0, monkeypatch)
    assert (made < 400_000, compared <= 2 * module.MOST_MARKS) == (True, True)
