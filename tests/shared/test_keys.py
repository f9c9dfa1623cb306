"""The arrow keys: held in cells that the window writes, asked by movers."""

import pygame
import pytest

from game import stated
from game.arguments import parse
from game.crew.starting import spawning
from game.options import settle
from game.session.driving import KEYS, Driving
from game.shared.keys import DOWN, LEFT, RIGHT, UP, KeyCells, Keys
from game.shared.table import Slice, Table
from tests.made import options_of

NAMES = ("up", "down", "left", "right")


def held(keys: Keys) -> list[str]:
    return [name for name in NAMES if getattr(keys, name)]


def event(kind: int, key: int = 0) -> pygame.event.Event:
    return pygame.event.Event(kind, key=key, unicode="")


def test_each_key_has_a_cell_of_its_own():
    cells = KeyCells(spawning())
    keys = Keys(cells)
    for key, name in zip((UP, DOWN, LEFT, RIGHT), NAMES, strict=True):
        cells.hold(key, True)
        assert held(keys) == [name]
        cells.hold(key, False)
    assert held(keys) == []


def test_a_mover_finds_them_in_its_slice_and_cannot_write_them():
    table = Table(spawning(), {"x": "m"}, 2)
    keys = Slice(table, 1).keys
    table.keys.hold(LEFT, True)
    assert held(keys) == ["left"]
    with pytest.raises(AttributeError):
        keys.left = False  # type: ignore[misc]


def test_events_of_the_arrow_keys_are_taken_and_no_others():
    cells = KeyCells(spawning())
    driving, keys = Driving(cells), Keys(cells)
    for key, name in zip(KEYS, NAMES, strict=True):
        assert driving.takes(event(pygame.KEYDOWN, key))
        assert held(keys) == [name]
        assert driving.takes(event(pygame.KEYUP, key))
    assert not driving.takes(event(pygame.KEYDOWN, pygame.K_k))
    assert not driving.takes(event(pygame.MOUSEMOTION))
    assert held(keys) == []


@pytest.mark.parametrize("lost", [pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED])
def test_a_window_that_loses_the_keyboard_lets_all_go(lost: int):
    cells = KeyCells(spawning())
    driving, keys = Driving(cells), Keys(cells)
    for key in KEYS:
        driving.takes(event(pygame.KEYDOWN, key))
    assert held(keys) == list(NAMES)
    assert not driving.takes(event(lost))
    assert held(keys) == []


def test_who_is_driven_by_keys_answers_at_once():
    assert options_of("race", "--mover", "keys").job.rate == 20.0
    assert options_of("race", "--mover", "cruise").job.rate == 2.0
    mixed = options_of("race", "--mover", "keys:1", "--mover", "cruise")
    assert mixed.job.rate == 20.0
    assert mixed.job.keys
    assert not options_of("race").job.keys
    assert options_of("race", "--mover", "keys", "--rate", "3").job.rate == 3.0


def test_a_mover_states_that_it_is_driven_by_keys(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("KEYS = True\nclass Mover: pass\n")
    assert options_of("swarm", "--mover", str(file)).job.keys
    file.write_text("class Mover:\n    def step(self, dt): return {}.keys()\n")
    assert not stated.keys(str(file))
    file.write_text("KEYS = 'up'\nclass Mover: pass\n")
    given, scene = parse(["swarm", "--mover", str(file)])
    assert scene is not None
    with pytest.raises(ValueError, match=r"mine\.py:1: KEYS is 'up'; state it as KEYS = True"):
        settle(given, scene)
