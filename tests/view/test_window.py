"""The window's picture as a file, without a display."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.view.window import Window


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


def test_what_pygame_says_of_a_picture_is_an_os_error_with_the_path(
    window: Window, monkeypatch: pytest.MonkeyPatch
):
    def refuse(surface: pygame.Surface, path: str) -> None:
        raise pygame.error("no space left")

    monkeypatch.setattr(pygame.image, "save", refuse)
    with pytest.raises(OSError, match=r"^a\.png: no space left$"):
        window.save("a.png")
