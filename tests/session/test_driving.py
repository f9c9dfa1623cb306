"""A robot is driven by the arrow keys of the window, through the real loop and a real process."""

import pygame
import pytest

from game.session.controls import WITHOUT
from game.session.session import Session
from game.shared.keys import Keys
from tests.made import frames_until, opened


def post(session: Session, kind: int, key: int = 0) -> None:
    pygame.event.post(pygame.event.Event(kind, key=key, unicode=""))
    session.frame()


def place(session: Session) -> tuple[float, float]:
    x, y, _ = session.source.frame.values[0].tolist()
    return x, y


@pytest.mark.slow  # two real processes
def test_the_arrow_keys_drive_one_robot_among_others():
    arguments = ("--mover", "keys:1", "--mover", "wander", "--agents", "2", "--seed", "1")
    with opened("swarm", *arguments) as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 2, "both robots")
        begin = place(session)
        post(session, pygame.KEYDOWN, pygame.K_UP)
        frames_until(session, lambda: abs(place(session)[0] - begin[0]) > 1, "that it drives")
        assert not session.controls.closed
        assert session.screen.hud.message == ""
        post(session, pygame.KEYDOWN, pygame.K_LEFT)
        post(session, pygame.WINDOWFOCUSLOST)
        keys = Keys(session.cast.table.keys)
        assert not any((keys.up, keys.left))


@pytest.mark.slow  # a real process
def test_without_such_a_mover_the_keys_say_so():
    with opened("swarm", "--agents", "1") as session:
        post(session, pygame.KEYDOWN, pygame.K_UP)
        assert WITHOUT["keys"] in session.screen.hud.message
        assert not Keys(session.cast.table.keys).up
        assert session.screen.keys.missing.keys() == {"keys"}
