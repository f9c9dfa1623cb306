"""Every scene looks as it did: the whole screen against its reference pictures."""

import ast
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pygame
import pytest

from game.view import agents, labels, text
from game.view.theme import Theme
from tests.pictures import compare, letters
from tests.pictures.cases import FOLDER, Case, cases, paint

GAME = Path(__file__).parents[2] / "game"
MOST = 75_000  # [bytes] of a reference on average


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


THEME = Theme("dark")


def written() -> list[bytes | int | str]:
    """What is kept of some text: pictures of it, its width, how it is cut."""
    made = [
        text.line("Robot 7", text.SMALL, THEME["text"]),
        labels.plate("Robot 7", THEME["shade"], THEME["text"], 1.0),
        agents._plate("7", 15, THEME.agent(7), THEME),
    ]
    size = text.width("Robot 7", text.SMALL)
    cut = text.cut("Robot 7, and then some", text.SMALL, 77)
    return [*(pygame.image.tobytes(picture, "RGBA") for picture in made), size, cut]


def test_letters_are_in_use_for_all_that_is_written_and_only_meanwhile():
    before = written()
    with letters.in_use():
        meanwhile = written()
    after = written()
    assert before == after
    assert all(one != other for one, other in zip(before, meanwhile, strict=True))
    with pytest.raises(ZeroDivisionError):
        fail()
    assert written() == before


def fail() -> None:
    """Write something, and fail in the middle of it."""
    with letters.in_use():
        assert written()
        raise ZeroDivisionError


@pytest.mark.parametrize("name", ["swarm-dark-960x640-dense", "race-light-1280x720"])
def test_a_picture_does_not_depend_on_what_was_drawn_before(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    case = next(case for case in cases() if case.name == name)
    alone = pygame.image.tobytes(paint(case), "RGB")
    for keeps in (labels.plate, agents._plate):
        keeps.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(letters, "in_use", nullcontext)
        ordinary = pygame.image.tobytes(paint(case), "RGB")  # the same, in pygame's own font
    again = pygame.image.tobytes(paint(case), "RGB")
    assert alone == again != ordinary


def test_whatever_keeps_text_is_found_and_emptied():
    kept = {
        node
        for path in GAME.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any("cache" in ast.unparse(d) for d in node.decorator_list)
        and not any("cached_property" in ast.unparse(d) for d in node.decorator_list)
    }
    assert {"line", "width", "cut", "plate", "_plate"} <= {node.name for node in kept}
    # In a class, forget() would not find it.
    assert all(node.col_offset == 0 for node in kept)
    written()
    assert text.line.cache_info().currsize > 0
    letters.forget()
    for function in (text.line, text.width, text.cut, labels.plate, agents._plate):
        assert function.cache_info().currsize == 0


def test_the_references_are_those_of_the_cases_and_not_too_large():
    files = list(FOLDER.glob("*.png"))
    assert {file.stem for file in files} == {case.name for case in cases()}
    assert sum(file.stat().st_size for file in files) < MOST * len(files)


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
