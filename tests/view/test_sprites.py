"""The store of sprite pictures: it keeps what is asked for, and never more than it may."""

import pygame
import pytest

from game.view import sprites
from game.view.agents import SIZES
from game.view.sprites import Store, area

pytestmark = pytest.mark.usefixtures("display")


def test_a_store_drops_what_was_not_asked_for_longest():
    one = area(pygame.Surface((10, 10)))
    made, store = [], Store(3 * one)

    def ask(key: int) -> None:
        store.get((key,), lambda: (made.append(key), pygame.Surface((10, 10)))[1])

    for key in (1, 2, 3, 1, 4, 1, 3, 2):
        ask(key)
        assert store.held <= 3 * one
    assert made == [1, 2, 3, 4, 2], "2 had to go for 4"


def test_a_lap_at_the_highest_zoom_holds_no_more_than_a_lap_may(monkeypatch: pytest.MonkeyPatch):
    store = Store(20_000_000)
    monkeypatch.setattr(sprites, "_store", store)
    for turn in range(sprites.turns(SIZES[-1])):
        for colour in ((200, 100, 0), (0, 100, 200)):
            picture = sprites.turned("car", colour, SIZES[-1], turn)
        sprites.shadow("car", SIZES[-1], turn, (0, 0, 0))
        assert store.held <= 20_000_000
    assert picture.get_width() >= SIZES[-1] * 0.4
