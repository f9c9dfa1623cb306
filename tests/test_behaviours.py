"""Which behaviours a run has: --mover, --set, and who drives how many."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.agent import Parameters
from game.child.job import Behaviour, Job, shared_out
from game.scenes import find
from tests.made import options_of
from tests.test_command_line import refused

MOVER = "class Mover:\n    def step(self, dt): return 1, 2\n"
STATED = 'PARAMETERS = {"mu": 2.0, "laps": 3, "name": "x", "brave": False}\n'


def written(folder: Path, name: str, text: str = "") -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + MOVER)
    return str(path)


def job_of(*arguments: str) -> Job:
    return options_of(*arguments).job


def turns(job: Job, slots: int) -> str:
    return " ".join(job.behaviour(slot).name for slot in range(slots))


def test_agents_are_shared_out_in_turn_or_as_counted():
    race = ("race", "--mover", "cruise", "--mover", "duel:2", "--mover", "random")
    options = options_of(*race, "--agents", "8")
    assert turns(options.job, 8) == "cruise duel random cruise duel random cruise random"
    assert options.agents == 8
    assert options_of("race", "--mover", "cruise:3", "--mover", "duel:4").agents == 7
    assert options_of("race", "--mover", "cruise:8", "--mover", "duel").agents == 9
    assert options_of("race", "--mover", "cruise", "--mover", "duel").agents == 5


def test_who_is_added_later_continues_the_sharing_out():
    assert turns(job_of("race", "--mover", "cruise:2", "--mover", "duel:1"), 7) == (
        "cruise duel cruise cruise duel cruise duel"
    )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_every_behaviour_gets_as_many_as_it_asks_for_and_the_others_share_the_rest(
    counts: list[int],
):
    shares = shared_out(tuple(counts))
    assert len(shares) == 10_000
    if 0 in counts:
        assert all(shares.count(n) == count for n, count in enumerate(counts) if count)
        rest = [shares.count(n) for n, count in enumerate(counts) if not count]
        assert max(rest) - min(rest) <= 30
    first = shares[: sum(counts)]
    if 0 not in counts:
        assert [first.count(n) for n in range(len(counts))] == counts


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 40))
def test_a_count_holds_from_the_start_on_whoever_shares_the_rest(counts: list[int], more: int):
    start = sum(counts) + (counts.count(0) + more if 0 in counts else 0)
    first = shared_out(tuple(counts), start)[:start]
    assert all(first.count(n) == count for n, count in enumerate(counts) if count)
    rest = [first.count(n) for n, count in enumerate(counts) if not count]
    assert not rest or max(rest) - min(rest) <= 1


def test_the_name_of_an_agent_says_whose_it_is_where_there_are_several():
    several = job_of("race", "--mover", "cruise", "--mover", "duel")
    name = several.agent_names(find("race"))
    assert [name(0), name(1)] == ["Car 1 (cruise)", "Car 2 (duel)"]
    assert job_of("race").agent_names(find("race"))(0) == "Car 1"
    two_each = job_of(
        *["race", "--mover", "cruise", "--mover", "duel", "--agents", "4", "--per-process", "2"]
    )
    assert [two_each.agent_names(find("race"))(n)[7:-1] for n in range(4)] == [
        *("cruise", "cruise", "duel", "duel")
    ]


def test_short_names_are_unique(tmp_path: Path):
    one, two = written(tmp_path / "a", "mine.py", STATED), written(tmp_path / "b", "mine.py")
    twice = ("--mover", one, "--set", "mu=1", "--mover", one, "--mover", two, "--mover", "cruise")
    names = [each.name for each in job_of("race", *twice).behaviours]
    assert names == ["a/mine mu=1", "a/mine", "b/mine", "cruise"]
    names = [each.name for each in job_of("race", *(2 * ("--mover", "cruise"))).behaviours]
    assert names == ["cruise 1", "cruise 2"]


def test_a_folder_stands_for_all_its_behaviours(tmp_path: Path):
    written(tmp_path, "one.py")
    written(tmp_path, "two.py")
    (tmp_path / "geometry.py").write_text("side = 1\n")
    (tmp_path / "_private.py").write_text("not python")
    job = job_of("race", "--mover", f"{tmp_path}:2")
    assert [(each.name, each.processes) for each in job.behaviours] == [("one", 2), ("two", 2)]


def test_a_count_is_behind_the_last_colon_unless_there_is_such_a_file(tmp_path: Path):
    path = written(tmp_path, "mine.py:3") if os.name == "posix" else ""
    with pytest.raises(ValueError, match=r"does not end in \.py"):
        job_of("race", "--mover", path)
    with pytest.raises(ValueError, match=r"'C:.+mine\.py' is not a file"):
        job_of("race", "--mover", r"C:\mine.py")


def test_parameters_have_the_types_of_their_defaults(tmp_path: Path):
    path = written(tmp_path, "mine.py", STATED)
    settings = ["mu=1", "laps=7", "name=a=b", "brave=yes", "mu=4"]
    options = [word for text in settings for word in ("--set", text)]
    found = Parameters(job_of("race", "--mover", path, *options).behaviours[0].parameters)
    assert found == {"mu": 4.0, "laps": 7, "name": "a=b", "brave": True}
    assert [type(value) for value in found.values()] == [float, int, str, bool]
    assert found.mu == found["mu"] == 4.0
    with pytest.raises(AttributeError, match="there is no parameter 'my'; PARAMETERS has mu, laps"):
        _ = found.my


@given(st.permutations(["--mover A", "--set mu=1", "--set laps=2", "--mover A:2", "--agents 5"]))
def test_a_set_belongs_to_the_mover_before_it_in_any_order(options: list[str]):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "mine.py", STATED)
        words = " ".join(options).replace("A", path, 2).split()
        first = next(at for at, option in enumerate(options) if option.startswith("--mover"))
        if any(option.startswith("--set") for option in options[:first]):
            with pytest.raises(ValueError, match="stands before --mover"):
                job_of("race", *words)
            return
        wanted: list[dict[str, Any]] = []
        for option in options:
            kind, _, value = option.partition(" ")
            if kind == "--mover":
                wanted.append({"mu": 2.0, "laps": 3, "name": "x", "brave": False})
            elif kind == "--set":
                name, _, number = value.partition("=")
                wanted[-1][name] = int(number)
        assert [dict(each.parameters) for each in job_of("race", *words).behaviours] == wanted


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--mover A --set nu=1", ["--set: ", "has no parameter 'nu'; did you mean mu?"]),
        ("--mover cruise --set mu=1", ["cruise has no parameter 'mu'; it has: none"]),
        ("--set mu=1", ["random has no parameter 'mu'"]),
        ("--mover A --set mu", ["'mu' is no NAME=VALUE"]),
        ("--mover A --set =1", ["'=1' is no NAME=VALUE"]),
        ("--mover A --set mu=fast", ["--set: mu of ", "'fast'; give a number, as 2.0"]),
        ("--mover A --set mu=nan", ["'nan'; give a number"]),
        ("--mover A --set laps=2.5", ["'2.5'; give a whole number, as 3"]),
        ("--mover A --set brave=maybe", ["'maybe'; give true or false"]),
        ("--set mu=1 --mover A", ["'mu=1' stands before --mover"]),
        ("--mover A:0", ["has no number of agents from 1 on"]),
        ("--mover :3", ["has no number of agents"]),
        ("--mover cruise:3 --agents 5", ["--agents: 5 does not fit", "which is 3; give 3"]),
        ("--mover cruise:3 --mover duel --agents 3", ["which is 4 or more"]),
        ("--mover cruise --mover duel --agents 1", ["which is 2 or more"]),
        ("--mover cruise:3 --per-process 2", ["cruise:3 is no multiple of --per-process 2"]),
        ("--mover wander", ["it is a mover of swarm"]),
        ("--mover EMPTY", ["has no file with a class Mover"]),
        ("--mover SWARM", ["is a mover of swarm, and this is race; give it to swarm"]),
        ("--mover ODD", ["odd.py:1: SCENE is 3; state it as SCENE = "]),
        ("--mover BAD", ["bad.py:1: PARAMETERS has 'items', which is no name for one"]),
        ("--mover LIST", ["list.py:1: PARAMETERS has a = [1]; state it as PARAMETERS = {"]),
        ("--mover CALL", ["call.py:1: dict(a=1) is no plain value"]),
        ("--mover A --mover none.py", ["'none.py' is not a file that can be read"]),
        ("--mover KG --mover POUND", ["pound.py: FIELDS has fuel in 'lb'", "has it in 'kg'"]),
        ("--mover", ["expected one argument"]),
        ("--set", ["expected one argument"]),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path: Path, options: str, words: list[str]):
    (tmp_path / "empty").mkdir()
    files = {
        "A": written(tmp_path, "a.py", STATED),
        "EMPTY": str(tmp_path / "empty"),
        "SWARM": written(tmp_path, "other.py", 'SCENE = "swarm"\n'),
        "ODD": written(tmp_path, "odd.py", "SCENE = 3\n"),
        "BAD": written(tmp_path, "bad.py", 'PARAMETERS = {"items": 3}\n'),
        "LIST": written(tmp_path, "list.py", 'PARAMETERS = {"a": [1]}\n'),
        "CALL": written(tmp_path, "call.py", "PARAMETERS = dict(a=1)\n"),
        "KG": written(tmp_path, "kg.py", 'FIELDS = {"fuel": "kg"}\n'),
        "POUND": written(tmp_path, "pound.py", 'FIELDS = {"fuel": "lb"}\n'),
    }
    arguments = [files.get(word, word) for word in options.replace("A:0", "a:0").split()]
    line = refused("race", *arguments, cwd=tmp_path)
    for word in words:
        assert word in line


def test_a_mover_of_ours_is_known_by_its_folder():
    path = find("race").mover_file("cruise")
    with pytest.raises(ValueError, match=r"cruise.py is a mover of race, and this is swarm"):
        job_of("swarm", "--mover", path)


def test_several_behaviours_have_the_fields_of_all_in_order_of_first_mention(tmp_path: Path):
    one = written(tmp_path, "one.py", 'FIELDS = {"fuel": "kg"}\n')
    two = written(tmp_path, "two.py", 'FIELDS = {"offset": "m", "fuel": "kg"}\n')
    job = job_of("race", "--mover", one, "--mover", two, "--mover", "cruise")
    assert list(job.fields) == ["speed", "distance", "fuel", "offset"]
    assert [each.fields for each in job.behaviours] == [("fuel",), ("offset", "fuel"), ()]


def test_a_preset_and_a_default_are_one_behaviour_as_before():
    assert job_of("race", "--preset", "duel").behaviours == (Behaviour("duel", name="duel"),)
    assert job_of("swarm").behaviours == (Behaviour("wander", name="wander"),)


def test_of_a_folder_those_are_taken_that_are_for_the_scene(tmp_path: Path):
    for name, scene in (("one", "race"), ("other", "swarm"), ("any", "")):
        stated = f'SCENE = "{scene}"\n' if scene else ""
        (tmp_path / f"{name}.py").write_text(f"{stated}class Mover:\n    pass\n")
    for scene, names in (("race", ["any", "one"]), ("swarm", ["any", "other"])):
        found = options_of(scene, "--mover", str(tmp_path)).job.behaviours
        assert [each.name for each in found] == names
    (tmp_path / "other.py").unlink()
    (tmp_path / "any.py").unlink()
    with pytest.raises(ValueError, match=r"one\.py is a mover of race"):
        options_of("swarm", "--mover", str(tmp_path))
