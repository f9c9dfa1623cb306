"""The pointer: events of the mouse become clicks, drags and turns of the wheel."""

from collections.abc import Iterator

import pygame
import pytest

from game.view.pointer import SLACK, Gesture, Pointer

DOWN, UP, MOVE = pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION


@pytest.fixture
def pointer() -> Iterator[Pointer]:
    pygame.display.init()
    yield Pointer()
    pygame.display.quit()


def done(pointer: Pointer, *events: tuple[int, dict[str, object]]) -> list[Gesture]:
    """The gestures that some events make, without those of a mouse that only moves."""
    found = (pointer.gesture(pygame.event.Event(kind, facts)) for kind, facts in events)
    return [gesture for gesture in found if gesture and gesture.kind != "hover"]


def at(x: int, y: int, kind: int = MOVE, **more: object) -> tuple[int, dict[str, object]]:
    return kind, {"pos": (x, y), "button": 1, **more}


def test_a_press_and_a_release_are_a_click(pointer: Pointer):
    assert done(pointer, at(10, 20, DOWN), at(10, 20, UP)) == [Gesture("click", (10, 20))]


def test_a_trembling_hand_still_clicks_where_it_pressed(pointer: Pointer):
    moves = [at(10 + SLACK, 20), at(10, 20 - SLACK)]
    assert done(pointer, at(10, 20, DOWN), *moves, at(11, 20, UP)) == [Gesture("click", (10, 20))]


def test_a_drag_moves_as_far_as_the_hand_and_is_no_click(pointer: Pointer):
    moves = [at(12, 20), at(30, 25), at(29, 40)]
    drags = done(pointer, at(10, 20, DOWN), *moves, at(29, 40, UP))
    assert {(drag.kind, drag.place) for drag in drags} == {("drag", (10, 20))}
    assert [sum(drag.by[axis] for drag in drags) for axis in (0, 1)] == [19, 20]


def test_a_hand_that_comes_back_has_dragged_all_the_same(pointer: Pointer):
    drags = done(pointer, at(10, 20, DOWN), at(60, 20), at(10, 20), at(10, 20, UP))
    assert [drag.kind for drag in drags] == ["drag", "drag"]
    assert sum(drag.by[0] for drag in drags) == 0


def test_a_move_without_a_button_is_nothing_but_where_the_mouse_is(pointer: Pointer):
    assert done(pointer, at(10, 20), at(50, 60)) == []
    assert pointer.place == (50, 60)
    assert done(pointer, (pygame.WINDOWLEAVE, {})) == []
    assert pointer.place is None


def test_other_buttons_do_nothing(pointer: Pointer):
    events = (at(10, 20, DOWN, button=3), at(90, 20), at(90, 20, UP, button=3))
    assert done(pointer, *events) == []


def test_a_button_that_was_let_go_elsewhere_drags_no_more(pointer: Pointer):
    first = done(pointer, at(10, 20, DOWN), at(60, 20, buttons=(1, 0, 0)))
    assert [drag.kind for drag in first] == ["drag"]
    assert done(pointer, at(90, 20, buttons=(0, 0, 0)), at(99, 20)) == []


def test_the_wheel_turns_where_the_mouse_is(pointer: Pointer):
    turn = pygame.MOUSEWHEEL, {"x": 0, "y": 2}
    assert done(pointer, at(10, 20), turn) == [Gesture("wheel", (10, 20), (0, 2))]


def test_a_touchpad_turns_by_parts_of_a_notch(pointer: Pointer):
    turn = pygame.MOUSEWHEEL, {"x": 0, "y": 0, "precise_x": 0.0, "precise_y": 0.25}
    (gesture,) = done(pointer, at(10, 20), turn)
    assert gesture.by == (0.0, 0.25)


def test_before_the_mouse_has_moved_the_system_is_asked_where_it_is(pointer: Pointer, monkeypatch):
    monkeypatch.setattr(pygame.mouse, "get_pos", lambda: (7, 8))
    assert done(pointer, (pygame.MOUSEWHEEL, {"x": 0, "y": 1}))[0].place == (7, 8)
