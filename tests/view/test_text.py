"""Text on the screen: whatever a mover prints, it is drawn or left out, and fast."""

import pygame
import pytest

from game.view import inspector, text
from game.view.painter import Painter
from game.view.theme import Theme

INK = (255, 255, 255)


pytestmark = pytest.mark.usefixtures("display")


@pytest.mark.parametrize(
    "words", ["", "\u200b", "a\0b", "\udcff", "\x1b[31m", "\n", "é漢字😀", "x" * 100_000]
)
def test_any_text_can_be_drawn(words: str):
    picture = text.line(words, text.SMALL, INK)
    assert picture.get_width() >= 1
    assert text.width(words, text.SMALL) >= 0
    assert text.width(text.cut(words, text.SMALL, 100), text.SMALL) <= 100
    text.wrap(words, text.SMALL, 100)


def test_a_cut_line_is_as_long_as_it_can_be():
    words = "the quick brown fox jumps over the lazy dog"
    shown = text.cut(words, text.SMALL, 120)
    assert words.startswith(shown[:-1])
    assert shown.endswith("…")
    assert text.width(words[: len(shown)] + "…", text.SMALL) > 120
    assert text.cut(words, text.SMALL, 1000) == words


def test_a_very_long_line_is_measured_a_few_times_only(monkeypatch: pytest.MonkeyPatch):
    asked = []
    real = text.font(text.SMALL)

    class Font:
        def size(self, words: str) -> tuple[int, int]:
            asked.append(words)
            return real.size(words)

    monkeypatch.setattr(text, "font", lambda size: Font())
    text.cut("y" * 50_000, text.SMALL, 100)
    assert len(asked) < 20
    assert max(len(words) for words in asked) <= text.LONGEST + 1


def test_an_inspection_shows_the_line_number_whatever_the_path():
    line = '  File "/a/very/long/path/that/goes/on/and/on/robots/mine.py", line 12, in step'
    assert inspector.shorten(line) == '  File "mine.py", line 12, in step'


def test_an_inspection_of_nonsense_is_drawn():
    made = inspector.Inspection("\0", 3, [("\u200b", "x" * 5000)], "\u200b\n" + "z" * 9000, "")
    painter = Painter(pygame.display.get_surface(), Theme("dark"))
    inspector.draw(painter, pygame.Rect(0, 0, 300, 200), made)
