"""Every scene looks as it did: the whole stage against its reference pictures."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.view.theme import Theme
from tests.pictures import compare
from tests.pictures.cases import FOLDER, Case, cases, paint

MOST = 1_500_000  # [bytes] of all references


@pytest.fixture(autouse=True)
def _display() -> Iterator[None]:
    pygame.display.init()
    pygame.font.init()
    yield
    pygame.display.quit()


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_a_picture_is_as_it_was(case: Case, tmp_path: Path):
    now = paint(case)
    reference = pygame.image.load(FOLDER / f"{case.name}.png")
    if not compare.alike(reference, now):
        sheet = tmp_path / f"{case.name}.png"
        pygame.image.save(compare.beside(reference, now), sheet)
        pytest.fail(f"see {sheet}; if it is meant: python -m tests.pictures", pytrace=False)


def test_the_references_are_those_of_the_cases_and_not_too_large():
    files = list(FOLDER.glob("*.png"))
    assert {file.stem for file in files} == {case.name for case in cases()}
    assert sum(file.stat().st_size for file in files) < MOST


@pytest.mark.parametrize("name", ["swarm-dark-480x320", "race-light-1280x720"])
def test_what_a_person_would_see_is_a_difference(name: str):
    reference = pygame.image.load(FOLDER / f"{name}.png")
    assert compare.alike(reference, reference.copy())

    shifted = reference.copy()
    shifted.scroll(1, 0)
    assert not compare.alike(reference, shifted), "a pixel to the right"

    covered = reference.copy()
    theme = Theme("dark" if "dark" in name else "light")
    covered.fill(theme["alarm"], (reference.get_width() // 2, 100, 12, 8))
    assert not compare.alike(reference, covered), "a spot as large as a small car"

    paler = reference.copy()
    paler.fill((2, 2, 2), special_flags=pygame.BLEND_SUB)
    assert not compare.alike(reference, paler), "another ground"

    cut = reference.subsurface((0, 0, 400, 300))
    assert not compare.alike(reference, cut), "another size"
    sheet = compare.beside(reference, shifted)
    assert sheet.get_width() > 3 * reference.get_width()
