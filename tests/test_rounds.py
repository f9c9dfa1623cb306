"""Races one after another, and the score of them; what --speed, --lockstep, --rounds refuse."""

import json
import os
import signal
import subprocess
import sys
from math import nan
from pathlib import Path
from types import SimpleNamespace

import pytest

from game.parts import Entrant
from game.scenes.race.reader import RaceSource
from game.scenes.race.rounds import Score
from tests.conftest import until
from tests.made import opened, options_of
from tests.test_command_line import game, refused

ROOT = Path(__file__).parents[1]
CARS = [Entrant(n, f"Car {n + 1}", mover, True) for n, mover in enumerate("aba")]


class Source(RaceSource):
    """The laps of a race, and nothing else."""

    def __init__(self, laps: dict[int, list[float]]) -> None:
        self._laps = laps

    def laps(self):
        return list(self._laps.items())


def scene(ranking: dict[int, float], finish: bool = True) -> SimpleNamespace:
    return SimpleNamespace(ranking=lambda: ranking, has_finish=finish)


def test_the_score_of_two_races():
    score = Score()
    told = score.add(5, scene({1: 40.0, 0: 41.0, 2: nan}), Source({0: [20, 21], 1: [19, 21]}), CARS)
    assert told == "Car 2 won, 0:40.0"
    score.add(6, scene({0: 39.5, 1: 44.0, 2: 45.0}), Source({0: [19.5, 20], 2: [22.5, nan]}), CARS)
    assert [line.split() for line in score.lines()] == [
        ["car", "races", "wins", "mean", "place", "best", "lap", "mean", "lap", "not", "finished"],
        ["Car", "1", "2", "1", "1.50", "19.500", "s", "20.125", "s", "0"],
        ["Car", "2", "2", "1", "1.50", "19.000", "s", "20.000", "s", "0"],
        ["Car", "3", "2", "0", "3.00", "22.500", "s", "22.500", "s", "1"],
        [],
        [
            "mover",
            "races",
            "wins",
            "mean",
            "place",
            "best",
            "lap",
            "mean",
            "lap",
            "not",
            "finished",
        ],
        ["b", "2", "1", "1.50", "19.000", "s", "20.000", "s", "0"],
        ["a", "4", "1", "2.00", "19.500", "s", "20.600", "s", "1"],
    ]
    figures = score.figures()
    assert figures["agents"][2] == {
        "agent": 2, "mover": "a", "races": 2, "wins": 0, "mean_place": 3.0,
        "best_lap": 22.5, "mean_lap": 22.5, "not_finished": 1,
    }  # fmt: skip
    assert [race["seed"] for race in figures["races"]] == [5, 6]
    assert figures["races"][0]["results"][2] == {
        "agent": 2,
        "place": None,
        "time": None,
        "laps": [],
    }


def test_without_a_finish_only_the_dead_have_not_finished():
    score = Score()
    cars = [CARS[0], CARS[1]._replace(through=False), CARS[2]]
    assert score.add(1, scene({1: nan, 2: nan, 0: nan}, finish=False), None, cars) == "Car 3 won"
    found = {row["agent"]: row for row in score.figures()["agents"]}
    assert [found[n]["mean_place"] for n in range(3)] == [2.0, None, 1.0]


def test_nobody_and_nothing():
    score = Score()
    assert score.lines() == ["no race came to its end"]
    assert score.add(1, scene({0: nan, 1: nan, 2: nan}), None, CARS) == "nobody finished"


REFUSED = {
    "no end": (("race", "--rounds", "2"), "--rounds: such a run never ends"),
    "no winner": (("swarm", "--rounds", "2", "--updates", "3"), "swarm has nobody who wins"),
    "none": (("race", "--rounds", "0", "--laps", "1"), "'0' is not a whole number"),
    "hold": (("race", "--rounds", "2", "--laps", "1", "--hold"), "--hold: with --rounds"),
    "too fast": (("swarm", "--speed", "65"), "--speed: 65 is not a speed from 1/16 to 64"),
    "too slow": (("swarm", "--speed", "1/17"), "is not a speed from 1/16"),
    "no speed": (("swarm", "--speed", "nan"), "--speed: nan"),
    "no number": (("swarm", "--speed", "fast"), "'fast' is not a number"),
    "no quotient": (("swarm", "--speed", "1/0"), "'1/0' is not a number"),
    "in step": (("road", "--lockstep"), "--lockstep: movers of road make their steps by them"),
    "drivers": (("tally", "--lockstep"), "--lockstep: movers of tally"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_a_line(case: str):
    arguments, why = REFUSED[case]
    assert why in refused(*arguments)


@pytest.mark.parametrize(("text", "speed"), [("1/16", 1 / 16), ("64", 64.0), ("0.5", 0.5)])
def test_a_speed_is_a_number_or_a_quotient(text: str, speed: float):
    assert options_of("race", "--speed", text).speed == speed


def test_rounds_have_no_window_and_hold_nothing():
    options = options_of("race", "--rounds", "3", "--laps", "1")
    assert (options.headless, options.hold, options.rounds) == (True, False, 3)


@pytest.mark.slow
def test_a_session_begins_at_its_speed_and_says_what_it_reached():
    with opened("race", "--speed", "16", "--agents", "1") as session:
        assert session.controls.pace_shown == "16x"
        session.controls._time.faster()
        session.controls._time.faster()
        session.controls._time.faster()
        assert session.controls.pace_shown == "64x"


ROUNDS = ("race", "--rounds", "3", "--seed", "11", "--lockstep", "--agents", "3")


@pytest.mark.slow
def test_rounds_are_the_races_of_their_seeds(tmp_path: Path):
    stats, alone = tmp_path / "stats.json", tmp_path / "alone.json"
    done = game(*ROUNDS, "--updates", "20", "--stats", str(stats))
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[0].split()[:3] == ["car", "races", "wins"]
    assert done.stderr.count(" won") == 3
    figures = json.loads(stats.read_text())
    assert [race["seed"] for race in figures["rounds"]["races"]] == [11, 12, 13]
    assert sum(row["wins"] for row in figures["rounds"]["agents"]) == 3
    last = ("race", "--headless", "--seed", "13", "--lockstep", "--agents", "3")
    assert game(*last, "--updates", "20", "--stats", str(alone)).returncode == 0
    assert json.loads(alone.read_text())["values"] == figures["values"]


@pytest.mark.slow
def test_ctrl_c_ends_the_rounds_with_the_table_of_those_that_were_run():
    run = subprocess.Popen(
        [sys.executable, "-m", "game", *ROUNDS[:2], "1000", *ROUNDS[3:], "--updates", "5"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ),
    )  # fmt: skip
    assert run.stderr is not None
    try:
        heard: list[str] = []
        until(lambda: heard.append(run.stderr.readline()) or "round 1 of" in heard[-1], "a round")
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=60)
    finally:
        run.kill()
        run.wait()
    assert run.returncode == 130
    assert out.startswith("car ")


@pytest.mark.slow
def test_a_mover_that_fails_in_one_round_makes_all_end_with_1(tmp_path: Path):
    file = tmp_path / "crash.py"
    file.write_text(
        "import os\n"
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        f"        if agent.number == 1 and not os.path.exists({str(tmp_path / 'once')!r}):\n"
        f"            open({str(tmp_path / 'once')!r}, 'w')\n"
        "            raise RuntimeError('engine')\n"
        "    def step(self, dt):\n"
        "        return 1, 2\n"
    )
    done = game(*ROUNDS, "--updates", "2", "--mover", str(file))
    assert done.returncode == 1, done
    assert "engine" in done.stderr
