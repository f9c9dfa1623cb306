"""Signals that are noted: Ctrl-Z, and what takes it back."""

import os
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from game import app
from game.interrupts import Interrupts
from tests.conftest import until

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="there is no Ctrl-Z")


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    made = Interrupts()
    yield made
    made.restore()
    for number in (signal.SIGTSTP, signal.SIGCONT):
        assert signal.getsignal(number) == signal.SIG_DFL


def press(interrupts: Interrupts) -> None:
    """Press Ctrl-Z."""
    os.kill(os.getpid(), signal.SIGTSTP)
    until(lambda: interrupts.stop, "its note")


def test_ctrl_z_is_the_systems_until_there_are_movers(interrupts: Interrupts):
    assert signal.getsignal(signal.SIGTSTP) == signal.SIG_DFL
    interrupts.note_stops()
    press(interrupts)


def test_what_wakes_the_program_takes_ctrl_z_back(interrupts: Interrupts):
    interrupts.note_stops()
    press(interrupts)
    os.kill(os.getpid(), signal.SIGCONT)
    until(lambda: not interrupts.stop, "no note")


@pytest.mark.parametrize("woken", [False, True])
def test_it_does_not_stand_still_if_it_is_woken_while_its_movers_are_stopped(
    interrupts: Interrupts, woken: bool, monkeypatch: pytest.MonkeyPatch
):
    def suspend() -> None:
        if woken:
            os.kill(os.getpid(), signal.SIGCONT)
            until(lambda: not interrupts.stop, "no note")

    interrupts.note_stops()
    press(interrupts)
    stand_still = Mock()
    monkeypatch.setattr(interrupts, "stand_still", stand_still)
    cast = Mock(suspend=suspend)
    session: Any = SimpleNamespace(cast=cast)
    app.stand_still(session, interrupts)
    assert stand_still.called != woken
    cast.resume.assert_called_once()
