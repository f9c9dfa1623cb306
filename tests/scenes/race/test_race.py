"""The race: its circuit, its standings, its leaderboard and its end."""

import json
from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import assets, scenes
from game.frame import Flags, Frame
from game.scenes.race import FAR, Settings, World, podium
from game.scenes.race.circuit import MARKS, Circuit
from game.scenes.race.drawing import Scene
from game.scenes.race.parking import APART, Parking
from game.scenes.race.recent import RATE, SPAN, Brakes, Speeds
from game.scenes.race.standings import Standings, clock, gap
from game.track import load, parse
from game.view import agents, labels, panel, sprites
from game.view.bar import Bar
from game.view.canvas import Canvas
from game.view.hud import Status
from game.view.interpolation import MOST
from game.view.painter import Painter
from game.view.scene import ShownScene
from game.view.screen import Screen
from game.view.theme import Theme, brightness, mixed
from game.view.viewpoint import Viewpoint
from tests.made import scene_of
from tests.scenes.test_scenes import OWN, real_tracks
from tests.test_command_line import game, refused

SIZE = (900, 600)
KART = assets.path("tracks", "kart.csv")
STATUS = Status("a race", "", (), "")
RACE = scenes.find("race")
THEME = Theme("dark", RACE.colours)
THEMES = assets.names("themes", ".toml")


pytestmark = pytest.mark.usefixtures("display")


class Run:
    """A race without processes: rows as a mover would publish them, on a clock of the test."""

    def __init__(self, cars: int, per_process: int = 1) -> None:
        self.frame = Frame(RACE.fields, cars // per_process, per_process)
        self.frame.agents = np.arange(cars)
        self.frame.step = self.frame.expected = 0.5

    def row(self, distances: list[float], speed: float = 50.0) -> Frame:
        """Half a second later: a new row of every car."""
        made = self.frame
        made.now += 0.5
        made.values[:, 0] = speed
        made.values[:, 1] = distances
        made.updates += 1
        made.fresh[:] = True
        made.first[made.updates == 1] = made.now
        made.changed[:] = made.now
        return self.taken()

    def later(self, seconds: float) -> Frame:
        """Some time later, without a new row."""
        self.frame.now += seconds
        self.frame.fresh[:] = False
        return self.taken()

    def taken(self) -> Frame:
        """The frame as it is now: what follows does not change it."""
        columns = vars(self.frame).items()
        return self.frame.next(
            **{name: column.copy() for name, column in columns if isinstance(column, np.ndarray)}
        )


def race(laps: int = 0) -> Scene:
    """A race on the kart circuit."""
    scene = scene_of("race", settings=Settings(KART, laps))
    assert isinstance(scene, Scene)
    return scene


def screen_of(scene: Scene) -> Screen:
    shown = ShownScene(scene)
    return Screen(shown, Bar(RACE.array, RACE.agent_name))


def show(screen: Screen, surface: pygame.Surface, frame: Frame) -> None:
    """Have a screen follow a frame and draw it."""
    screen.follow(frame, STATUS.moment)
    screen.draw(surface, STATUS)
    assert screen.scene.error == ""


def ground(scene: Scene) -> Canvas:
    return Canvas(pygame.display.get_surface(), (0, 0, *SIZE), scene.bounds, THEME)


def draw(scene: Scene, canvas: Canvas, frame: Frame) -> None:
    """Have a scene follow a frame and draw it."""
    scene.follow(frame)
    scene.draw(canvas)


# The standings.


def test_a_finish_is_timed_between_two_rows():
    run, standings = Run(3), Standings(1000.0, FAR)
    standings.follow(run.row([0.0, -8.0, 0.0]))
    standings.follow(run.row([990.0, 900.0, 400.0]))
    standings.follow(run.row([1010.0, 1000.0, 900.0]))
    assert standings.times[:2].tolist() == [1.25, 1.5]
    assert np.isnan(standings.times[2])
    # Who has finished is ahead, by time, whatever the distance says.
    standings.follow(run.row([1010.0, 1000.0, 1400.0]))
    cars = run.frame.agents
    assert standings.order(cars, run.frame["distance"], 3).tolist() == [0, 1, 2]
    assert standings.times[2] == pytest.approx(1.6)


def test_times_do_not_depend_on_the_readers_clock():
    times = []
    for late in (0.0, 7.0):
        run, standings = Run(1), Standings(30.0, FAR)
        for distance in (0.0, 20.0, 40.0):
            standings.follow(run.row([distance]))
            standings.follow(run.later(late))
        times.append(standings.times[0])
    assert times == [1.25, 1.25]


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e300, -1e300])
def test_a_value_that_is_no_distance_finishes_nothing(odd: float):
    run, standings = Run(2), Standings(100.0, FAR)
    for distances in ([50.0, odd], [odd, odd], [150.0, odd], [odd, -50.0], [20.0, odd]):
        standings.follow(run.row(distances))
    # From 50 m at 0.5 s to 150 m at 1.5 s; what comes after the finish changes nothing.
    assert standings.times[0] == 1.0
    assert np.isnan(standings.times[1])
    order = standings.order(run.frame.agents, run.frame["distance"], 2)
    assert order.tolist() == [0, 1]


def test_a_car_that_goes_back_over_the_line_has_finished_all_the_same():
    run, standings = Run(1), Standings(100.0, FAR)
    for distance in (90.0, 110.0, 80.0, 130.0):
        standings.follow(run.row([distance]))
    assert standings.times[0] == 0.75


def test_a_car_that_is_beyond_the_finish_when_it_is_first_seen_has_driven_evenly():
    run, standings = Run(2), Standings(100.0, FAR)
    run.frame.updates[:] = 3  # that nobody saw
    run.frame.first[:] = 0.5
    standings.follow(run.row([200.0, 400.0]))
    assert standings.times.tolist() == [1.0, 0.5]


def test_a_process_that_comes_late_to_the_start_loses_nothing():
    run, standings = Run(2), Standings(100.0, FAR)
    run.frame.agents = np.arange(1)
    for _ in range(3):
        run.row([0.0, 0.0])
        run.frame.fresh[1], run.frame.updates[1] = False, 0
        run.frame.first[1] = -1.0
        standings.follow(run.frame)
    run.frame.agents = np.arange(2)
    standings.follow(run.row([10.0, 50.0]))
    standings.follow(run.row([20.0, 150.0]))
    assert standings.times[1] == 0.75


def test_who_starts_again_has_the_time_of_the_race():
    run, standings = Run(2), Standings(100.0, FAR)
    for distance in (0.0, 10.0, 20.0, 30.0):
        standings.follow(run.row([distance, 0.0]))
    run.frame.updates[1] = 0  # another process takes the slot at 2 s
    standings.follow(run.row([40.0, 0.0]))
    standings.follow(run.row([40.0, 50.0]))
    standings.follow(run.row([40.0, 150.0]))
    assert standings.times[1] == 3.0 - 0.25


def test_after_a_new_start_nobody_has_finished():
    run, standings = Run(1), Standings(100.0, FAR)
    standings.follow(run.row([50.0]))
    standings.follow(run.row([150.0]))
    assert len(standings.winners(run.frame)) == 1
    run.frame.agents = run.frame.agents[:0]
    standings.follow(run.later(0.1))
    run.frame.agents, run.frame.updates[:] = np.arange(1), 0
    standings.follow(run.row([50.0]))
    assert not len(standings.winners(run.frame))
    standings.follow(run.row([150.0]))
    assert standings.times[0] == 0.75


def test_the_order_of_a_few_is_that_of_all():
    run, standings = Run(500), Standings(900.0, FAR)
    chance = np.random.default_rng(1)
    for _ in range(3):
        standings.follow(run.row(chance.uniform(0, 1000, 500).tolist()))
    distance = chance.permutation(500).astype(float)
    distance[::50] = np.nan
    cars = run.frame.agents
    every = standings.order(cars, distance, 500)
    assert sorted(every.tolist()) == list(range(500))
    assert standings.order(cars, distance, 20).tolist() == every[:20].tolist()
    times = standings.times[every]
    done = np.count_nonzero(~np.isnan(times))
    assert 0 < done < 500
    assert not np.isnan(times[:done]).any()
    assert (np.diff(times[:done]) >= 0).all()
    assert (np.diff(np.nan_to_num(distance[every[done:]], nan=-FAR)) <= 0).all()


@pytest.mark.parametrize(("cars", "finished", "died", "on_it"), [
    (5, [3, 1, 2], [], [3, 1, 2]),
    (5, [3, 1], [], []),
    (5, [3, 1], [0, 2, 4], [3, 1]),
    (2, [1, 0], [], [1, 0]),
    (1, [0], [], [0]),
    (2, [], [0, 1], []),
])  # fmt: skip
def test_the_podium_stands_when_the_first_three_or_all_have_finished(
    cars: int, finished: list[int], died: list[int], on_it: list[int]
):
    run, standings = Run(cars), Standings(100.0, FAR)
    standings.follow(run.row([0.0] * cars))
    places = np.array([900.0 - 100 * finished.index(n) if n in finished else 50.0
                       for n in range(cars)])  # fmt: skip
    standings.follow(run.row(places.tolist()))
    run.frame.died[died] = True
    assert standings.winners(run.frame).tolist() == on_it


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0:00.0"), (41.23, "0:41.2"), (59.96, "1:00.0"), (754.3, "12:34.3")],
)
def test_a_time_is_written_as_on_a_scoreboard(seconds: float, words: str):
    assert clock(seconds) == words


# The end of a mover.


def test_a_process_is_over_when_all_its_cars_have_passed_the_finish():
    world = World(Settings(KART, laps=2))
    far = world.finish + 1
    assert not world.over([50.0, far, 50.0, 10.0])
    assert not world.over([50.0, 0.0, 50.0, np.nan])
    assert not world.over([50.0, 0.0, 50.0, 1e300])
    assert world.over([50.0, 0.0, 50.0, far]), "the first car has passed it before"
    assert not World(Settings(KART)).over([50.0, 1e8])


# Speeds and brakes.


def test_the_curve_holds_the_last_seconds_oldest_first():
    run, speeds = Run(2), Speeds()
    for number in range(200):
        run.row([0.0, 0.0], speed=float(number))
        speeds.follow(run.frame)
    kept = speeds.of(np.array([1]))
    assert kept.shape == (1, SPAN * RATE)
    assert kept[0, -3:].tolist() == [197.0, 198.0, 199.0]
    assert (np.diff(kept[0]) > 0).all()
    assert speeds.top == 199.0


def test_samples_are_taken_by_the_clock_and_not_by_the_frame():
    run, speeds = Run(1), Speeds()
    speeds.follow(run.row([0.0]))
    for _ in range(60):
        speeds.follow(run.later(1 / 60))
    assert np.count_nonzero(np.isfinite(speeds.of(np.array([0])))) in (int(RATE), int(RATE) + 1)


def test_another_car_in_the_slot_begins_a_curve_of_its_own():
    run, speeds = Run(2), Speeds()
    for _ in range(5):
        speeds.follow(run.row([0.0, 0.0]))
    run.frame.updates[1] = 0
    speeds.follow(run.row([0.0, 0.0]))
    counts = np.isfinite(speeds.of(np.arange(2))).sum(axis=1)
    assert counts.tolist() == [6, 1]


def lit(brakes: Brakes, frame: Frame) -> list[bool]:
    """Which cars have their brake lights on, now that a frame is followed."""
    brakes.follow(frame)
    flags: Flags = brakes.lit(frame)
    return flags.tolist()


def test_a_car_brakes_while_its_rows_become_slower():
    run, brakes = Run(2), Brakes()
    assert lit(brakes, run.row([0, 0], 80.0)) == [False, False]
    assert lit(brakes, run.row([0, 0], 50.0)) == [True, True]
    assert lit(brakes, run.later(0.1)) == [True, True]
    run.frame.done[0] = True
    assert lit(brakes, run.later(0.1)) == [False, True]
    assert lit(brakes, run.row([0, 0], 49.0)) == [False, False]
    run.row([0, 0], 20.0)
    run.frame.first[1] = run.frame.now  # a new car in the slot has slowed down from nothing
    run.frame.done[:] = False
    assert lit(brakes, run.frame) == [True, False]


@pytest.mark.parametrize("size", [15, 25, 43])
def test_a_brake_light_is_seen(size: int):
    colour = Theme("dark").agent(1)
    off, on = (
        pygame.surfarray.array3d(sprites.turned("car", colour, size, 0, lit)).astype(int)
        for lit in (False, True)
    )
    red = [(part[:, :, 0] - part[:, :, 1:].max(axis=2) > 90).sum() for part in (off, on)]
    assert red[1] >= 4
    assert red[1] > 2 * red[0]


@pytest.mark.parametrize("theme", THEMES)
def test_a_number_is_read_on_a_car_that_has_faded_too(theme: str):
    colours = Theme(theme, RACE.colours)
    inks = [brightness(colours[name]) for name in ("shade", "text")]
    for number in range(colours.different):
        for step in range(agents.FADES + 1):
            share = agents.MOST_FADED * step / agents.FADES
            ground = brightness(mixed(colours.agent(number), colours["faded"], share))
            assert max(agents.contrast(ink, ground) for ink in inks) >= 4.0, (number, step)


# The ground.


@pytest.mark.parametrize("nearness", [1.0, 6.0])
@pytest.mark.parametrize("path", [*OWN, *real_tracks()])
def test_distance_marks_stand_beside_the_track(
    path: str, nearness: float, monkeypatch: pytest.MonkeyPatch
):
    circuit = Circuit(load(path))
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), circuit.bounds, THEME)
    viewpoint = Viewpoint(circuit.bounds)
    viewpoint.nearness = nearness
    viewpoint.look_at(*circuit.track.at(circuit.track.length / 2)[:2])
    canvas.camera = viewpoint.camera(canvas.view)
    written: list[tuple[float, float, str]] = []
    monkeypatch.setattr(
        Canvas, "label", lambda self, x, y, words, *_: written.append((x, y, words))
    )
    circuit.paint(canvas)
    assert len(written) > 3
    apart = np.diff(sorted(int(words) for _, _, words in written)).min()
    assert apart in MARKS
    assert 30 < apart / canvas.point < 400, "neither crowded nor far apart"
    track, wider = circuit.track, circuit.wider(canvas.point)
    half = wider * max(a + b for a, b in zip(track.left, track.right, strict=True)) / 2
    line = np.array([track.at(d)[:2] for d in np.arange(0.0, track.length, 2.0)])
    for x, y, words in written:
        assert np.hypot(*(line - (x, y)).T).min() > min(half, 20 * canvas.point), words


def test_where_a_track_lies_close_to_itself_no_mark_stands_on_it(monkeypatch: pytest.MonkeyPatch):
    # There and back and there again, 13 m apart and 10 m wide; then around the outside.
    ways = [
        (0, 0),
        (300, 0),
        (300, 13),
        (0, 13),
        (0, 26),
        (300, 26),
        (340, 26),
        (340, -80),
        (0, -80),
    ]
    lines = [f"{x},{y},5,5" for x, y in ways]
    circuit = Circuit(parse("\n".join(lines), "folded.csv"))
    written: list[tuple[float, float]] = []
    monkeypatch.setattr(Canvas, "label", lambda _, x, y, *__: written.append((x, y)))
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), circuit.bounds, THEME)
    circuit.paint(canvas)
    assert len(written) > 3
    line = np.array([circuit.track.at(d)[:2] for d in np.arange(0.0, circuit.track.length, 1.0)])
    for place in written:
        assert np.hypot(*(line - place).T).min() > 5 + 8 * canvas.point


def test_a_track_is_never_drawn_too_narrow_to_see():
    circuit = Circuit(load(KART))
    true, _ = circuit.at(np.zeros(2), np.array([0.5, -0.5]), circuit.wider(1.0))
    assert np.hypot(*(true[0] - true[1])) == pytest.approx(9.7, abs=0.1)
    wide, _ = circuit.at(np.zeros(2), np.array([0.5, -0.5]), circuit.wider(10.0))
    assert np.hypot(*(wide[0] - wide[1])) > 80


def test_cars_on_a_crowded_grid_are_small_and_grow_when_they_part():
    scene = race()
    canvas = ground(scene)
    sizes: list[float] = []
    run = Run(60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agents, "draw", lambda canvas, frame, shown: sizes.append(shown.size))
        draw(scene, canvas, run.row([-1.0 * n for n in range(60)]))
        for _ in range(40):
            draw(scene, canvas, run.row([-16.0 * n for n in range(60)]))
    assert sizes[0] < 16 < 28 < sizes[-1]
    steps = np.diff(sizes)
    assert steps.max() < 0.35 * (sizes[-1] - sizes[0]), "they grow slowly"


# The leaderboard.


def test_a_row_glides_to_its_new_place():
    rows, columns = panel.Rows(), (panel.Column("", 1.0),)
    first = panel.Panel("", columns, [(7, ("a",)), (8, ("b",)), (9, ("c",))], 3)
    other = panel.Panel("", columns, [(9, ("c",)), (7, ("a",)), (8, ("b",))], 3)
    rows.follow(first, 1.0)
    assert rows.places == {7: 0, 8: 1, 9: 2}
    rows.follow(other, 1.0)
    assert rows.places == {7: 0, 8: 1, 9: 2}
    rows.follow(other, 1.05)
    assert 0 < rows.places[9] < 2
    assert 0 < rows.places[7] < 1
    rows.follow(other, 1.35)
    assert rows.places == pytest.approx({9: 0, 7: 1, 8: 2}, abs=0.1)
    rows.follow(other, 1.6)
    assert rows.places == {9: 0, 7: 1, 8: 2}
    rows.follow(panel.Panel("", columns, [(5, ("d",)), *other.rows], 4), 1.6)
    assert rows.places[5] == 0, "a new row is at its place at once"


def test_a_click_selects_the_row_that_is_seen_there():
    columns = (panel.Column("", 1.0),)
    board = panel.Panel("", columns, [(7, ("a",)), (8, ("b",))], 2)
    area = pygame.Rect(0, 0, 300, 600)
    y = panel.TOP + 8 + panel.ROW / 2
    assert panel.at(area, board, 50, y) == 7
    assert panel.at(area, board, 50, y, {7: 1.0, 8: 0.0}) == 8
    assert panel.at(area, board, 50, y + panel.ROW, {7: 1.0, 8: 0.0}) == 7
    assert panel.at(area, board, 50, y + 2 * panel.ROW) == -1
    assert panel.at(area, board, 400, y) == -1


def test_the_screen_lets_the_rows_glide():
    surface = pygame.display.get_surface()
    screen, run = screen_of(race()), Run(2)
    show(screen, surface, run.row([10.0, 0.0]))
    show(screen, surface, run.row([10.0, 30.0]))
    moved = []
    for _ in range(60):
        show(screen, surface, run.later(1 / 60))
        moved.append(screen.table.rows.places[1])
    assert moved[0] == 1
    assert moved[-1] == 0, "half a second is enough"
    assert any(0.1 < place < 0.9 for place in moved)


def test_every_rank_is_seen_in_every_frame_while_names_glide():
    surface = pygame.display.get_surface()
    cars, run, ranks, glided = 8, Run(8), [], False
    screen = screen_of(race())
    show(screen, surface, run.row([0.0] * cars))
    rows, columns = pygame.Rect(screen._layout.table), screen.scene.panel(cars, -1).columns
    left = rows.x + panel.EDGE + panel.MARK
    wide = round(columns[0].right * (rows.width - 2 * panel.EDGE - panel.MARK))
    for number in range(40):  # all of them change places, again and again
        way = [20.0 * number + 9 * car * (-1) ** number for car in range(cars)]
        show(screen, surface, run.row(way))
        for _ in range(8):
            show(screen, surface, run.later(1 / 60))
            area = left, rows.y + panel.TOP, wide, panel.ROW * cars
            ranks.append(pygame.image.tobytes(surface.subsurface(area), "RGB"))
            glided |= any(place % 1 for place in screen.table.rows.places.values())
    assert glided
    assert len(set(ranks)) == 1, "the column of ranks never changes"
    column = pygame.image.frombytes(ranks[0], area[2:], "RGB")
    for row in range(cars):
        part = column.subsurface((0, row * panel.ROW, wide, panel.ROW))
        theme, pixels = screen.canvas.theme, pygame.surfarray.array3d(part).astype(int)
        # A thin figure may have no pixel that is wholly of its colour.
        from_text, from_panel = (
            np.abs(pixels - np.array(theme[name])).sum(axis=2) for name in ("text", "panel")
        )
        ink = from_text < from_panel
        assert ink.any(), f"rank {row + 1}"
    board = screen.scene.panel(cars, -1)
    assert [cells[0] for _, cells in board.rows] == [str(rank + 1) for rank in range(cars)]


@given(st.floats(0, 1e5), st.floats(0, 1e4))
def test_podium_and_leaderboard_agree_to_the_tenth(first: float, later: float):
    second = first + later

    def tenths(words: str) -> int:
        minutes, seconds = words.split(":")
        return round((int(minutes) * 60 + float(seconds)) * 10)

    shown = float(gap(second, first).removeprefix("+").removesuffix(" s"))
    assert tenths(clock(first)) + round(shown * 10) == tenths(clock(second))
    assert shown >= 0
    assert abs(tenths(clock(first)) / 10 - first) <= 0.0501


def test_the_gap_on_the_board_is_that_of_the_times_on_the_podium():
    scene = race(1)
    canvas, run = ground(scene), Run(3)
    draw(scene, canvas, run.row([0.0, 0.0, 0.0]))
    draw(scene, canvas, run.row([2000.0] * 3))
    scene._standings.times[:3] = 60.04, 60.06, 61.349  # 0:60.0, 0:60.1, 1:01.3
    words = [cells[-1] for _, cells in scene.panel(3, -1).rows]
    assert words == ["1:00.0", "+0.1 s", "+1.3 s"]
    assert [step.time for step in scene._steps(canvas)] == ["1:00.0", "1:00.1", "1:01.3"]


def test_the_leaderboard_tells_of_the_finish():
    scene = race(2)
    length, canvas, run = scene.circuit.track.length, ground(scene), Run(3)
    for distances in ([0.0, 0.0, 0.0], [length * 2 - 20, length, 90.0]):
        draw(scene, canvas, run.row(distances))
    draw(scene, canvas, run.later(1.0))
    board = scene.panel(10, -1)
    assert board.title == "Leaderboard, 2 laps"
    assert [row[1][2] for row in board.rows] == ["2", "2", "1"]
    draw(scene, canvas, run.row([length * 2 + 20, length * 2 - 40, 95.0]))
    draw(scene, canvas, run.later(1.0))
    board = scene.panel(10, -1)
    assert [row[0] for row in board.rows] == [0, 1, 2]
    assert board.rows[0][1][2:] == (panel.FLAG, "", "", "0:01.2")
    assert board.rows[1][1][2] == "2"
    assert board.rows[1][1][-1] == "+40 m"
    assert board.rows[2][1][-1] == "+1 lap"
    assert len(board.curves) == 3
    assert scene.results() == [
        "1. Car 1  0:01.2", "2. Car 2  not finished", "3. Car 3  not finished"
    ]  # fmt: skip
    draw(scene, canvas, run.row([length * 2 + 20, length * 2, 95.0]))
    assert scene.panel(10, -1).rows[1][1][-1] == "+0.8 s"


def test_a_race_without_an_end_has_no_results():
    for scene in (race(), scene_of("swarm")):
        scene.follow(Run(2).frame)
        assert list(scene.results()) == []


# The podium.


@pytest.mark.slow
@pytest.mark.parametrize("size", [(900, 600), (480, 320), (320, 240)])
@pytest.mark.parametrize("cars", [1, 2, 3, 12])
def test_the_podium_stands_over_the_ground_and_leaves_the_leaderboard_free(
    cars: int, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    # Who has parked is silent elsewhere than who goes on: how long stands beside the podium.
    monkeypatch.setattr(labels.Marks, "write", lambda *_, **__: None)
    surface = pygame.display.set_mode(size)
    pictures = []
    for laps in (0, 1):
        screen, run = screen_of(race(laps)), Run(cars)
        show(screen, surface, run.row([-9.0 * n for n in range(cars)]))
        show(screen, surface, run.row([2000.0 - n for n in range(cars)]))
        show(screen, surface, run.later(2.0))
        pictures.append(pygame.surfarray.array3d(surface).astype(int))
    view = screen.canvas.view
    differs = (pictures[0] != pictures[1]).any(axis=2)
    covered = differs[: view[2]].sum()
    assert 0.1 < covered / (view[2] * view[3]) < 0.62
    # Beside the ground only words and flags differ.
    assert differs[view[2] :, view[1] :].mean() < 0.1 if view[2] < size[0] else True


def test_the_podium_rises_and_a_new_start_clears_it():
    shown, canvas = podium.Podium(), ground(race())
    steps, circuit = [podium.Step(2, "Car 3", "0:41.2")], Circuit(load(KART))

    def top(now: float, steps: list[podium.Step]) -> int:
        """The first row of pixels [px] that is painted."""
        canvas.surface.fill((1, 2, 3))
        shown.follow(bool(steps), now)
        shown.draw(canvas, steps, now, circuit)
        rows = (pygame.surfarray.array3d(canvas.surface) != (1, 2, 3)).any(axis=(0, 2))
        return int(np.argmax(rows)) if rows.any() else SIZE[1]

    assert top(1.0, []) == SIZE[1]
    begun, later, whole = top(2.0, steps), top(2.2, steps), top(3.0, steps)
    assert begun > later > whole > 0
    assert top(4.0, steps) == whole
    assert top(5.0, []) == SIZE[1]
    assert top(6.0, steps) == begun


def test_the_podium_stands_where_it_hides_least_of_the_track():
    view, size = pygame.Rect(10, 40, 900, 500), (300, 200)
    nowhere = np.zeros(0)
    assert podium.clearest(view, size, nowhere, nowhere).center == view.center
    x = np.linspace(view.left, view.right, 200)
    across = podium.clearest(view, size, x, np.full(200, view.centery - 1.0))
    assert view.contains(across)
    assert not across.top < view.centery - 1 < across.bottom
    assert across.centerx == view.centerx
    full = np.random.default_rng(1).uniform((10, 40), (910, 540), (5000, 2))
    full = full[(full[:, 0] < 600) | (full[:, 1] < 330)]  # all but the lower right
    area = podium.clearest(view, size, *full.T)
    assert (area.right, area.bottom) == (view.right, view.bottom)


def test_a_camera_that_moves_leaves_the_podium_where_it_is(monkeypatch: pytest.MonkeyPatch):
    shown, canvas = podium.Podium(), ground(race())
    areas = []
    monkeypatch.setattr(podium, "draw", lambda painter, area, steps: areas.append(area.copy()))
    circuit = Circuit(load(KART))
    for now in (0.0, 1.0, 2.0):
        shown.follow(True, now)
        shown.draw(canvas, [podium.Step(0, "Car 1", "0:41.2")], now, circuit)
        canvas.look(canvas.camera.moved(90.0, 40.0), now)
    assert areas[1] == areas[2] != areas[0]


# The parking.


def parked(run: Run, finished: list[bool], now: float, made: Parking) -> np.ndarray:
    """How far cars on the line are drawn from it [m], and aside [of the width]: (cars, 2)."""
    run.frame.now = now
    times = np.where(finished, np.arange(len(finished))[::-1] / 100 + 50.0, np.nan)
    made.follow(run.frame, times)
    cars = run.frame.agents
    line = np.full(len(cars), 100.0)
    far, aside = made.moved(cars, line, np.zeros(len(cars)), 100.0, (4.0, 0.5))
    return np.column_stack((far - 100.0, aside))


def test_cars_that_have_finished_stand_beside_the_track_in_their_order():
    run, made = Run(4), Parking()
    run.row([0.0] * 4)
    assert (parked(run, [False] * 4, 1.0, made) == 0).all()
    # The higher the number, the shorter its time; they are seen in another order.
    parked(run, [True, False, False, False], 2.0, made)
    parked(run, [True, False, True, True], 3.0, made)
    now = parked(run, [True, False, True, True], 9.0, made)
    assert (now[1] == 0).all(), "it races on"
    assert 0 < now[3, 0] < now[2, 0] - 4.0, "the first one nearest to the line, and none in another"
    assert now[2, 0] < now[0, 0] - 4.0
    assert (now[[0, 2, 3], 1] > 0.5).all()


def test_a_car_drives_to_its_place_and_does_not_leap():
    run, made = Run(1), Parking()
    run.row([0.0])
    parked(run, [False], 1.0, made)
    way = [parked(run, [True], 1.0 + n / 60, made)[0] for n in range(120)]
    steps = np.diff(way, axis=0)
    assert (way[0] == 0).all()
    assert (steps >= 0).all()
    assert steps.max(axis=0)[0] < 0.5
    assert (way[-1] == way[-2]).all()


def test_who_makes_way_for_a_faster_one_does_not_leap():
    run, made = Run(2), Parking()
    run.row([0.0] * 2)
    parked(run, [True, False], 1.0, made)
    first = parked(run, [True, False], 5.0, made)[0, 0]
    way = [parked(run, [True, True], 5.0 + n / 60, made)[0, 0] for n in range(1, 120)]
    assert np.diff([first, *way]).min() >= 0
    assert np.diff([first, *way]).max() < 0.1
    assert way[-1] == pytest.approx(first + 4.0 * APART)


def test_who_finishes_again_and_again_takes_no_further_place():
    run, made = Run(3), Parking()
    run.row([0.0] * 3)
    for n in range(12):
        parked(run, [False] * 3, 10.0 * n + 1, made)
        parked(run, [True] * 3, 10.0 * n + 2, made)
    now = parked(run, [True] * 3, 140.0, made)
    assert now[:, 0].max() == pytest.approx(4.0 * (3 * APART + 0.5))


def test_who_races_again_is_parked_no_more():
    run, made = Run(2), Parking()
    run.row([0.0] * 2)
    parked(run, [True, True], 1.0, made)
    parked(run, [True, True], 5.0, made)
    assert (parked(run, [False, False], 5.1, made) == 0).all()
    parked(run, [False, True], 6.0, made)
    again = parked(run, [False, True], 9.0, made)
    assert again[1, 0] == pytest.approx(4.0 * (APART + 0.5)), "the first place is free again"


def test_a_crowd_that_finishes_stands_within_a_lap():
    scene, cars = race(laps=1), 400
    screen, run = screen_of(scene), Run(cars)
    surface = pygame.display.set_mode((900, 600))
    show(screen, surface, run.row([0.0] * cars))
    show(screen, surface, run.row([2000.0] * cars))
    show(screen, surface, run.later(9.0))
    places = screen.canvas.drawn[0]
    assert np.isfinite(places).all()
    far = scene._places(np.full(cars, 2000.0), run.frame.agents, screen.canvas)[0]
    assert len(np.unique(far.round(2), axis=0)) == cars, "none in another's place"


def test_long_names_stay_on_their_steps():
    painter = Painter(pygame.Surface(SIZE), Theme("dark"))
    steps = [
        podium.Step(n, "A name that is far too long for a step" * 3, "0:41.2") for n in range(3)
    ]
    podium.draw(painter, pygame.Rect(200, 100, 360, 206), steps)
    outside = pygame.surfarray.array3d(painter.surface)
    outside[200:560, 100:306] = 0
    assert not outside.any()


@pytest.mark.parametrize("value", [1e10, -1e10, np.nan, np.inf])
def test_the_camera_looks_where_a_car_is_drawn(value: float):
    scene = race()
    screen, run = screen_of(scene), Run(2)
    surface = pygame.display.set_mode((900, 600))
    for far in (10.0, 20.0):
        made = run.row([value, far])
        show(screen, surface, made)
    drawn = scene._places(scene._distance, made.agents, screen.canvas)[0]
    for agent in (0, 1):
        assert scene.where(agent, screen.canvas) == pytest.approx(tuple(drawn[agent]))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e300])
def test_of_very_many_cars_one_that_is_nowhere_does_no_harm(value: float):
    cars = MOST + 1
    screen, run = screen_of(race()), Run(cars, per_process=cars)
    surface = pygame.display.set_mode((900, 600))
    for far in (10.0, 20.0):
        show(screen, surface, run.row([value, *[far] * (cars - 1)]))
    assert len(screen.table.drawn.rows) > 5


# The whole program.


@pytest.fixture
def rocket(tmp_path: Path) -> str:
    """A mover whose car n drives a lap of the kart circuit in about 4 + n updates."""
    file = tmp_path / "rocket.py"
    file.write_text(
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        "        self.step_by = 1040 / (4 + agent.number)\n"
        "        self.at = agent.world.grid(agent.number)\n"
        "    def step(self, dt):\n"
        "        self.at += self.step_by\n"
        "        return 90.0, self.at\n"
    )
    return str(file)


@pytest.mark.slow
@pytest.mark.parametrize("per_process", ["1", "2"])
def test_a_headless_race_ends_with_its_standings(rocket: str, per_process: str, tmp_path: Path):
    stats = tmp_path / "stats.json"
    done = game(
        *("race", "--headless", "--laps", "1", "--agents", "4", "--mover", rocket, "--rate", "20"),
        *("--per-process", per_process, "--stats", str(stats)),
    )
    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [f"{n}. Car {n}" for n in range(1, 5)]
    times = [float(line.partition("0:")[2]) for line in lines]
    assert times == sorted(times)
    assert 0.1 < times[0] < times[-1] < 1.0
    assert {mover["state"] for mover in json.loads(stats.read_text())["movers"]} == {"done"}


def test_a_crowd_finishes_too(tmp_path: Path):
    file = tmp_path / "many.py"
    file.write_text(
        "import numpy as np\n"
        "class Mover:\n"
        "    pass\n"
        "class Crowd:\n"
        "    def __init__(self, group):\n"
        "        self.values = np.zeros((len(group.numbers), 2))\n"
        "    def step(self, dt):\n"
        "        self.values[:, 1] += np.linspace(300, 400, len(self.values))\n"
        "        return self.values\n"
    )
    arguments = ("--agents", "100", "--per-process", "100", "--mover", str(file), "--rate", "20")
    done = game("race", "--headless", "--laps", "1", *arguments)
    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert lines[0].startswith("1. Car 100  0:0")
    assert len(lines) == 100
    assert "not finished" not in done.stdout


@pytest.mark.slow
def test_a_race_with_a_mover_that_failed_ends_with_1(tmp_path: Path):
    file = tmp_path / "crash.py"
    file.write_text(
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        "        self.number, self.at = agent.number, 0.0\n"
        "    def step(self, dt):\n"
        "        self.at += 400.0\n"
        "        if self.number == 1 and self.at > 500:\n"
        "            raise RuntimeError('engine')\n"
        "        return (90.0, self.at)\n"
    )
    done = game(
        *("race", "--headless", "--laps", "1", "--agents", "2", "--mover", str(file)),
        *("--rate", "20"),
    )
    assert done.returncode == 1, done
    assert "1. Car 1  0:0" in done.stdout
    assert "2. Car 2  not finished" in done.stdout
    assert "engine" in done.stderr


@pytest.mark.slow
def test_a_race_with_seconds_ends_when_its_time_is_up(tmp_path: Path):
    done = game("race", "--headless", "--laps", "9000", "--seconds", "1", "--agents", "2")
    assert done.returncode == 0, done
    assert done.stdout.count("not finished") == 2


@pytest.mark.parametrize("scene", ["swarm", "road"])
def test_laps_are_for_a_race(scene: str):
    assert "--laps" in refused(scene, "--laps", "2")
    assert "'0'" in refused("race", "--laps", "0")
