"""--film: what it leaves of a run that failed, that was interrupted, that nobody could film."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from game import app, exporting
from game.__main__ import main
from game.interrupts import Interrupted, raised
from game.options import Options
from tests.made import options_of
from tests.recording.made import record, writer
from tests.scenes.moving import run

NOBODY: Any = None


@pytest.fixture
def filmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """A run that is made up, and filmed; gives the exit status."""

    def play(status: int = 0, frames: int = 10) -> int:
        def played(options: Options, *rest: object) -> int:
            if frames:
                record(run("swarm", 8)[:frames], [writer(Path(options.record), "swarm")])
            return status

        monkeypatch.setattr(app, "played", played)
        options = options_of("swarm", "--headless", "--film", str(tmp_path / "x.gif"))
        return app.play(options, 0.0, NOBODY, NOBODY, NOBODY, NOBODY)

    return play


@pytest.mark.parametrize("status", [0, 1])
def test_a_run_that_failed_is_filmed_as_well(
    filmed: Callable[..., int], tmp_path: Path, status: int
):
    assert filmed(status) == status
    assert [path.name for path in tmp_path.iterdir()] == ["x.gif"]


def test_a_film_of_one_frame(filmed: Callable[..., int], tmp_path: Path):
    assert filmed(frames=1) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.gif"]


@pytest.mark.parametrize("frames", [0, 3])
def test_of_a_run_that_there_never_was_nothing_is_said(
    filmed: Callable[..., int], tmp_path: Path, frames: int, capsys
):
    assert filmed(2, frames) == 2
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_film_leaves_nothing(
    filmed: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys,
    number: signal.Signals,
):
    before = signal.getsignal(number)
    drawn = exporting.Pictures.draw

    def draw(*given: Any) -> Any:
        os.kill(os.getpid(), number)
        return drawn(*given)

    monkeypatch.setattr(exporting.Pictures, "draw", draw)
    assert filmed() == 128 + number
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == "game: no film: it was interrupted\n"
    assert signal.getsignal(number) is before


def test_an_interrupted_export_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, out = tmp_path / "run.mcap", tmp_path / "x.webp"
    record(run("swarm", 8)[:10], [writer(path, "swarm")])
    out.write_bytes(b"an older one")
    monkeypatch.setattr(
        exporting.Pictures, "draw", lambda *given: os.kill(os.getpid(), signal.SIGINT)
    )
    assert main(["export", str(path), str(out)]) == 128 + signal.SIGINT
    assert out.read_bytes() == b"an older one"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["run.mcap", "x.webp"]


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised():
            os.kill(os.getpid(), signal.SIGHUP)
        with pytest.raises(Interrupted), raised():
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_picture_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    import pygame

    def full(*given: object) -> None:
        raise pygame.error("no room")

    path = tmp_path / "run.mcap"
    record(run("swarm", 8)[:10], [writer(path, "swarm")])
    monkeypatch.setattr("pygame.image.save", full)
    assert main(["export", str(path), str(tmp_path / "x.png")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert [each.name for each in tmp_path.iterdir()] == ["run.mcap"]


@pytest.mark.parametrize("option", [("--record", "x.mcap"), ("--film", "x.gif")])
def test_rounds_are_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, str]
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"{option[0]}: --rounds"):
        options_of("race", "--rounds", "2", "--laps", "1", *option)
    assert list(tmp_path.iterdir()) == []
