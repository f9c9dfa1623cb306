"""The keys, through the real loop with real processes, and on every keyboard layout."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pygame
import pytest

from game import scenes
from game.crew.crew import Crew
from game.crew.limits import Limit
from game.crew.simulated_time import SimulatedTime
from game.opening import open_session
from game.scenes.swarm.drawing import Scene
from game.session.cast_keys import CastKeys
from game.session.controls import Controls
from game.session.driving import Driving
from game.session.keeping import Keeping
from game.session.session import RESTING
from game.session.status import OVER_HINT
from game.session.status import progress as progress_of
from game.shared.table import PACE, PACE_ONE
from game.view.keys import KEYS, KeyTable
from game.view.screen import Screen
from game.view.wishes import Wishes
from tests import seen
from tests.conftest import until
from tests.made import options_of

pytestmark = pytest.mark.slow  # real processes in nearly every test


class Desk:
    """A session with a person at the keyboard."""

    def __init__(self, *arguments: str) -> None:
        self.now = 0.0
        self._ends = ExitStack()
        options = options_of("swarm", *arguments)
        self.session = open_session(options, 0.0, self.clock, lambda s: None, self._ends)
        assert isinstance(self.session.cast, Crew)
        self.crew = self.session.cast
        self.window = self.session.window

    def close(self) -> None:
        """End the processes and close the window."""
        self._ends.close()

    def clock(self) -> float:
        self.now += 0.001
        return self.now

    def press(self, key: int = 0, typed: str = "") -> None:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
        self.session.frame()

    def mouse(self, kind: int, **facts: object) -> None:
        pygame.event.post(pygame.event.Event(kind, facts))
        self.session.frame()

    def click(self, x: int, y: int) -> None:
        self.mouse(pygame.MOUSEBUTTONDOWN, button=1, pos=(x, y))
        self.mouse(pygame.MOUSEBUTTONUP, button=1, pos=(x, y))

    def shows(self, agents: int) -> None:
        """Draw frames until so many agents are there, each with a process."""

        def there() -> bool:
            self.session.frame()
            shown = len(self.session.source.frame.agents)
            return (shown, self.crew.alive) == (agents, agents)

        until(there, f"{agents} agents")

    @property
    def scene(self) -> Scene:
        """The scene on the screen."""
        scene = self.session.screen.scene.scene
        assert isinstance(scene, Scene)
        return scene

    @property
    def message(self) -> str:
        return self.session.screen.hud.message


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(*getattr(request, "param", ("--agents", "3", "--capacity", "8")))
    try:
        yield made
    finally:
        made.close()


def test_plus_and_minus_add_and_remove_processes(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_EQUALS, "+")
    desk.shows(4)
    desk.press(pygame.K_MINUS, "-")
    desk.shows(3)
    assert desk.crew.room == 5
    desk.press(pygame.K_KP_PLUS, "+")
    desk.shows(4)
    assert sorted(desk.crew.members) == [0, 1, 2, 3]


def test_page_up_stops_at_capacity_and_says_so(desk: Desk):
    desk.press(pygame.K_PAGEUP)
    desk.shows(8)
    assert "full" in desk.message
    assert "8" in desk.message
    desk.press(pygame.K_PAGEDOWN)
    desk.shows(0)
    desk.press(pygame.K_MINUS, "-")
    assert "nobody" in desk.message


def test_what_the_system_has_no_room_for_is_not_started(desk: Desk, monkeypatch):
    desk.shows(3)
    limit = Limit("open files", value=256, used=250, each=2, remedy="")
    monkeypatch.setattr(desk.crew, "limit", lambda processes: limit)
    desk.press(pygame.K_PAGEUP)
    assert len(desk.crew.members) == 3 + limit.room
    assert desk.message == "full: the system allows 256 open files"
    desk.shows(6)


def test_r_starts_again_with_as_many_as_at_first(desk: Desk):
    desk.shows(3)
    desk.session.screen.hud.note("something of the run before", desk.now)
    pids = {m.pid for m in desk.crew.members.values()}
    desk.press(pygame.K_PAGEUP)
    desk.shows(8)
    desk.press(pygame.K_r, "r")
    until(lambda: (desk.session.frame(), len(desk.crew.members) == 3)[1], "three again")
    desk.shows(3)
    assert not pids & {m.pid for m in desk.crew.members.values()}
    assert not desk.session.screen.hud.events, "and without its news"


def test_pause_pace_and_step(desk: Desk):
    desk.shows(3)
    pace = desk.crew.table.control
    desk.press(pygame.K_LEFTBRACKET, "[")
    assert (pace[PACE], desk.session.controls.pace_shown) == (PACE_ONE // 2, "0.5x")
    desk.press(pygame.K_SPACE, " ")
    assert (pace[PACE], desk.session.controls.pace_shown) == (0, "paused")
    desk.press(pygame.K_SPACE, " ")
    for _ in range(10):
        desk.press(pygame.K_RIGHTBRACKET, "]")
    assert desk.session.controls.pace_shown == "64x"
    desk.press(pygame.K_BACKSPACE, "\b")
    assert (pace[PACE], desk.session.controls.pace_shown) == (PACE_ONE, "")
    desk.press(pygame.K_PERIOD, ".")
    assert desk.session.controls.paused


def test_escape_closes_the_help_first(desk: Desk):
    desk.press(pygame.K_F1)
    assert desk.session.screen.keys.open
    desk.press(pygame.K_ESCAPE)
    assert not desk.session.screen.keys.open
    assert not desk.session.over
    desk.press(pygame.K_ESCAPE)
    assert desk.session.over


def test_f12_saves_a_picture(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    desk.press(pygame.K_F12)
    (picture,) = tmp_path.glob("swarm-*.png")
    assert picture.name in desk.message
    assert pygame.image.load(picture).get_size() == (1280, 720)


def test_f11_and_back_and_a_resize(desk: Desk):
    desk.press(pygame.K_F11)
    desk.press(pygame.K_F11)
    assert desk.window.surface.get_size() == (1280, 720)
    pygame.display.set_mode((500, 400), pygame.RESIZABLE)
    desk.session.frame()
    assert desk.window.surface.get_size() == (500, 400)


def test_closing_the_window_ends_it(desk: Desk):
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    desk.session.frame()
    assert desk.session.over


def test_a_killed_mover_is_told_and_its_slot_freed_by_removing_it(desk: Desk, capsys):
    desk.shows(3)
    os.kill(desk.crew.members[1].pid, signal.SIGKILL)
    until(lambda: (desk.session.frame(), desk.session.failures)[1], "the news")
    assert desk.message == "Robot 1 was killed: SIGKILL"
    assert desk.session.source.frame.dead.tolist() == [False, True, False]
    assert "Robot 1: killed: SIGKILL" in capsys.readouterr().err
    desk.crew.remove(1)
    until(lambda: (desk.session.frame(), len(desk.session.source.frame.agents) == 2)[1], "gone")


def test_click_tab_and_escape_select(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_TAB, "\t")
    assert desk.session.screen.selected == 0
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_TAB, "\t")
    assert desk.session.screen.selected == 0
    place = desk.session.screen.canvas.drawn[0][2]
    desk.click(int(place[0]), int(place[1]))
    assert desk.session.screen.selected == 2
    desk.click(5, 60)
    assert desk.session.screen.selected == -1
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_ESCAPE)
    assert desk.session.screen.selected == -1
    assert not desk.session.over


@pytest.mark.parametrize("desk", [("--agents", "60", "--capacity", "64")], indirect=True)
def test_a_start_of_many_shows_how_far_it_is(desk: Desk):
    seen = []

    def there() -> bool:
        desk.session.frame()
        if progress := progress_of(desk.crew):
            seen.append(progress)
        return desk.crew.alive == 60

    until(there, "sixty processes")
    assert {shown.total for shown in seen} == {60}
    assert sorted(shown.done for shown in seen) == [shown.done for shown in seen]
    assert progress_of(desk.crew) is None
    desk.press(pygame.K_EQUALS, "+")
    assert progress_of(desk.crew) is None, "one is no matter of waiting"


def test_what_stands_around_the_ground_is_drawn_as_often_as_it_can_be_read(desk: Desk):
    desk.shows(3)
    drawn = []
    footer = desk.session.screen.hud.footer
    desk.session.screen.hud.footer = lambda *about: (drawn.append(desk.now), footer(*about))
    began, frames = desk.now, 0
    while desk.now < began + 3:
        desk.session.frame()
        frames += 1
    assert frames > 100
    assert 20 < len(drawn) < 40
    for _ in range(3):  # an answer to the mouse does not wait
        desk.mouse(pygame.MOUSEMOTION, pos=(400 + frames % 7, 300 + len(drawn)), buttons=(0, 0, 0))
        assert drawn[-1] > desk.now - 0.02


def test_a_paused_arena_rests_until_something_happens(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_SPACE, " ")

    def drawn(frames: int) -> int:
        before = desk.session.stats.frames
        for _ in range(frames):
            desk.session.frame()
        return desk.session.stats.frames - before

    until(lambda: drawn(3 * RESTING) == 3, "one picture in many")
    desk.press(pygame.K_PERIOD, ".")
    assert drawn(30) == 30, "at once awake"
    desk.press(pygame.K_SPACE, " ")
    until(lambda: drawn(60) == 60, "at work again")


def test_pointing_at_the_array_bar(desk: Desk):
    desk.shows(3)
    bar = desk.session.screen.bar
    desk.session.screen.renew()  # the bar is laid out for three
    desk.session.frame()
    place = bar.row.left + bar.cells.x(2) + 5, bar.row.centery
    desk.mouse(pygame.MOUSEMOTION, pos=place, rel=(1, 1), buttons=(0, 0, 0))
    assert desk.session.screen.canvas.pointed == range(1, 2)
    desk.click(*place)
    assert desk.session.screen.selected == 1
    desk.press(pygame.K_b, "b")
    desk.session.frame()
    assert not desk.session.screen.canvas.pointed


def test_the_table_sets_off_who_has_lost_its_process(desk: Desk):
    desk.shows(3)
    screen = desk.session.screen

    def alarmed() -> bool:
        screen.renew()
        desk.session.frame()
        table = seen.pixels(desk.window.surface)[984:, 90:300]
        return bool((table == screen.canvas.theme["alarm"]).all(axis=2).any())

    assert not alarmed()
    desk.crew.members[1].kill()
    until(alarmed, "the row of a dead robot")


def test_kill_restart_and_delete_the_selected(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_k, "k")
    assert "nobody is selected" in desk.message
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_RETURN, "\r")
    assert "has a process" in desk.message
    pid = desk.crew.members[0].pid
    desk.press(pygame.K_k, "k")
    until(lambda: (desk.session.frame(), desk.session.failures)[1], "its death")
    desk.press(pygame.K_RETURN, "\r")
    desk.shows(3)
    assert desk.crew.members[0].pid not in (0, pid)
    desk.press(pygame.K_DELETE)
    desk.shows(2)
    assert sorted(desk.crew.members) == [1, 2]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot freeze a process")
def test_freeze_and_thaw_the_selected(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_f, "f")
    assert "Robot 0 is frozen" in desk.message
    until(lambda: (desk.session.frame(), desk.session.source.frame.silent[0])[1], "silence")
    desk.press(pygame.K_f, "f")
    until(lambda: (desk.session.frame(), not desk.session.source.frame.silent[0])[1], "its return")


def test_where_nothing_can_be_frozen_the_key_says_so(desk: Desk, monkeypatch):
    monkeypatch.setattr("game.session.cast_keys.CAN_FREEZE", False)
    desk.press(pygame.K_f, "f")
    assert "cannot freeze" in desk.message


def test_nobody_is_blamed_for_a_suspended_machine(desk: Desk):
    desk.shows(3)
    desk.now += 3600.0
    desk.session.frame()
    assert not desk.session.source.frame.silent.any()
    places = desk.session.screen.canvas.drawn[0].copy()
    desk.session.frame()
    assert abs(desk.session.screen.canvas.drawn[0] - places).max() < 20, "time does not jump"


def test_nobody_is_blamed_for_a_pause(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_SPACE, " ")
    for _ in range(50):
        desk.now += 0.1
        desk.session.frame()
    assert not desk.session.source.frame.silent.any()
    desk.press(pygame.K_SPACE, " ")
    assert not desk.session.source.frame.silent.any()


def test_the_last_picture_counts_no_row_twice(desk: Desk):
    desk.shows(3)
    heat = desk.scene._heat
    until(lambda: (desk.session.frame(), desk.session.source.frame.fresh.any())[1], "a new row")
    counted = heat._counts.sum()
    desk.session.last_picture()
    assert heat._counts.sum() == counted


def test_slow_frames_that_were_asked_for_are_no_standstill(desk: Desk):
    desk.shows(3)
    desk.session.options = desk.session.options._replace(fps=1.0)
    before = desk.session.source.frame.silent_from
    desk.now += 1.2
    desk.session.frame()
    assert desk.session.source.frame.silent_from == before
    desk.now += 2.5
    stood_still_until = desk.now
    desk.session.frame()
    assert desk.session.source.frame.silent_from >= stood_still_until


def test_what_a_small_window_has_no_room_for_is_said(desk: Desk):
    pygame.display.set_mode((480, 320), pygame.RESIZABLE)
    desk.session.frame()
    desk.press(pygame.K_i, "i")
    assert "no room for the curves" in desk.message
    desk.press(pygame.K_b, "b")
    assert "no room for the curves" in desk.message, "what is hidden needs none"
    desk.press(pygame.K_b, "b")
    assert "no room for the array bar" in desk.message


def test_removing_ten_of_three_is_no_mistake(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_PAGEDOWN)
    desk.shows(0)
    assert "nobody" not in desk.message


def test_when_all_have_ended_the_key_that_starts_again_is_named(desk: Desk):
    desk.shows(3)
    assert desk.session._lines.hint() == ""
    for member in desk.crew.members.values():
        member.kill()
    until(lambda: (desk.session.frame(), desk.session._lines.hint())[1] == OVER_HINT, "the hint")
    desk.press(pygame.K_r, "r")
    assert desk.session._lines.hint() == ""
    desk.shows(3)


def event(key: int = 0, **more: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, **more)


@pytest.mark.parametrize(
    ("pressed", "does"),
    [
        (event(pygame.K_EQUALS, unicode="="), "add"),
        (event(pygame.K_EQUALS, unicode="+"), "add"),
        (event(pygame.K_KP_PLUS, unicode="+"), "add"),
        (event(pygame.K_RIGHTBRACKET, unicode="+"), "add"),  # German: + is where ] is
        (event(pygame.K_1, unicode="+"), "add"),  # Swiss: Shift and 1
        (event(pygame.K_PLUS), "add"),  # an event without text
        (event(pygame.K_6, unicode="-"), "remove"),  # French: unshifted 6
        (event(pygame.K_8, unicode="["), "slower"),  # German: AltGr and 8
        (event(pygame.K_COMMA, unicode="?"), "help"),  # French: Shift and comma
        (event(pygame.K_q, unicode="q"), ""),
    ],
)
def test_a_key_is_what_it_types(pressed: pygame.event.Event, does: str):
    key = KeyTable().pressed(pressed)
    assert (key.action if key else "") == does


def test_every_key_of_the_table_does_something():
    hands = CastKeys, Driving, SimulatedTime, Keeping, Screen, Wishes, Controls
    for key in KEYS:
        assert key.typed or key.codes
        assert len([hand for hand in hands if hasattr(hand, key.action)]) == 1
    for scene in map(scenes.find, scenes.OWN):
        for key in scene.offers("keys", "KEYS") or ():
            own = scene.offers("keys", "Keys"), *hands
            assert key.typed or key.codes
            assert len([hand for hand in own if hasattr(hand, key.action)]) == 1


def test_no_two_keys_of_a_session_are_typed_alike():
    for scene in map(scenes.find, scenes.OWN):
        keys = *KEYS, *(scene.offers("keys", "KEYS") or ())
        typed = [character for key in keys for character in key.typed]
        codes = [code for key in keys for code in key.codes]
        assert len(set(typed)) == len(typed)
        assert len(set(codes)) == len(codes)
