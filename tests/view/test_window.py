"""The window's picture as a file, without a display."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.view import window as module
from game.view.window import LostDisplay, NoDisplay, Window


@pytest.fixture
def window() -> Iterator[Window]:
    made = Window((320, 240), "test", headless=True)
    yield made
    made.close()


def test_it_saves_what_was_drawn(window: Window, tmp_path: Path):
    window.surface.fill((10, 20, 30))
    window.surface.set_at((5, 7), (200, 100, 50))
    path = tmp_path / "a.png"
    window.save(str(path))
    saved = pygame.image.load(str(path))
    assert saved.get_size() == (320, 240)
    assert saved.get_at((5, 7))[:3] == (200, 100, 50)
    assert saved.get_at((0, 0))[:3] == (10, 20, 30)


def test_a_picture_that_cannot_be_written_is_an_os_error(window: Window, tmp_path: Path):
    """Whatever pygame makes of it: the app tells an OSError in a line."""
    (tmp_path / "folder.png").mkdir()
    for path in (tmp_path / "no" / "such" / "a.png", tmp_path / "folder.png"):
        with pytest.raises(OSError, match=path.name):
            window.save(str(path))


def test_what_pygame_says_of_a_picture_is_an_os_error(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def refuse(surface: pygame.Surface, file: object, name: str) -> None:
        raise pygame.error("out of memory")

    monkeypatch.setattr(pygame.image, "save", refuse)
    with pytest.raises(OSError, match=r"^out of memory$"):
        window.save(str(tmp_path / "a.png"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bits", [15, 16, 24])
def test_what_is_drawn_on_has_32_bits_whatever_the_display_has(
    bits: int, window: Window, monkeypatch: pytest.MonkeyPatch
):
    shown = pygame.Surface((64, 48), 0, bits)
    monkeypatch.setattr(pygame.display, "get_surface", lambda: shown)
    window.events()
    assert window.surface.get_size() == (64, 48)
    assert window.surface.get_bitsize() == 32
    window.surface.fill((200, 100, 50))
    window.present()
    seen = shown.get_at((3, 3))[:3]
    assert all(abs(one - other) < 40 for one, other in zip(seen, (200, 100, 50), strict=True))


def test_where_the_display_has_32_bits_nothing_is_copied(window: Window):
    assert window.surface is pygame.display.get_surface()


def test_a_display_that_is_gone_is_not_asked_again(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    asked: list[str] = []
    monkeypatch.setattr(pygame.event, "get", lambda: asked.append("events"))
    monkeypatch.setattr(pygame.display, "flip", lambda: asked.append("flip"))
    monkeypatch.setattr(pygame.display, "quit", lambda: asked.append("quit"))
    monkeypatch.setattr(module.atexit, "register", lambda leave: asked.append(leave.__name__))
    monkeypatch.setattr(window, "_notices", True)
    monkeypatch.setattr(module, "_lost", [True])
    for ask in (window.events, window.present):
        with pytest.raises(LostDisplay):
            ask()
    window.save(str(tmp_path / "a.png"))
    window.close()
    assert asked == ["leave"]
    assert pygame.image.load(str(tmp_path / "a.png")).get_size() == (320, 240)


def test_a_screen_that_sdl_makes_no_window_on_leaves_the_way_to_another_one(
    monkeypatch: pytest.MonkeyPatch,
):
    def refuse(*wish: object) -> None:
        raise pygame.error("Unknown window pixel format")

    with monkeypatch.context() as patch:
        patch.setattr(pygame.display, "set_mode", refuse)
        with pytest.raises(NoDisplay, match="Unknown window pixel format"):
            Window((320, 240), "test", headless=True)
    assert not pygame.display.get_init()
