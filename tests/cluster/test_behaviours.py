"""Behaviours on nodes: the same choices, the others with their ages, a person's file, its words.

Without Ray: the nodes' programs and the publisher are the real ones.
"""

import sys
import textwrap
from pathlib import Path

import pytest

from game.scenes.race.cells import COUNT, GENERATION, TIMES
from tests.cluster.nodes import Run, running
from tests.processes import running as running_here

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(sys.platform != "linux", reason="nodes are tried on Linux alone"),
]

SEES = """
class Mover:
    def __init__(self, agent):
        self.agent = agent

    def step(self, dt):
        others = self.agent.others
        return len(others), max((others.age(number) for number in others), default=-1.0)
"""
SAYS = """
from beside import WORDS

class Mover:
    def __init__(self, agent):
        self.agent, self.steps = agent, 0

    def step(self, dt):
        self.steps += 1
        print(WORDS, self.steps)
        if self.steps == 30:
            raise RuntimeError("enough")
        return 1.0, 2.0
"""


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(textwrap.dedent(text))
    return str(path)


def finals(run) -> list[list[float]]:
    return [run.table.slice(slot).tolist() for slot in range(4)]


def test_the_same_seed_makes_the_same_choices_as_on_one_machine():
    with running_here("forkserver", capacity=4, updates=5, seed=7) as run:
        for _ in range(4):
            run.crew.add()
        run.until(lambda: run.crew.done, "all updates")
        here = finals(run)
    with running(capacity=4, updates=5, seed=7, rate=200.0) as run:
        run.start(4)
        run.until(lambda: run.crew.done, "all updates")
        assert finals(run) == here
        assert not any(event.failed for event in run.events)


def test_others_on_other_nodes_are_seen_with_their_age(tmp_path):
    with running(mover=written(tmp_path, "sees.py", SEES), capacity=4) as run:
        run.start(4)

        def seen() -> bool:
            rows = finals(run)
            return all(many == 3 and 0 < age < 10 for many, age in rows)

        run.until(seen, "all see three others")
        run.crew.remove(3)
        run.until(lambda: all(row[0] == 2 for row in finals(run)[:3]), "who left is not seen")


def test_those_who_never_look_get_nothing_of_the_others():
    with running(capacity=4) as run:
        run.start(2)
        assert not any(run.table.row(slot)[6] for slot in range(2))


def test_prints_and_tracebacks_come_with_the_paths_of_here(tmp_path):
    written(tmp_path, "beside.py", 'WORDS = "step"')
    with running(mover=written(tmp_path, "says.py", SAYS), capacity=4) as run:
        run.start(1)
        run.until(lambda: "step 3" in run.crew.card(0).words, "what it prints")
        run.until(lambda: run.events, "its end")
        (event,) = run.events
        assert event.why == "RuntimeError: enough"
        assert f'File "{tmp_path}/says.py", line 12' in event.last_words
        assert "step 29" in event.last_words


def test_a_saved_file_reaches_them(tmp_path):
    still = "class Mover:\n def __init__(self, agent): pass\n def step(self, dt): return {}, 0.0\n"
    path = written(tmp_path, "mine.py", still.format(1.0))
    with running(mover=path, capacity=4, reload=True) as run:
        run.start(2)
        assert finals(run)[0][0] == 1.0
        written(tmp_path, "mine.py", still.format(2.0))
        run.table.ask_to_reload()
        run.until(lambda: [row[0] for row in finals(run)[:2]] == [2.0, 2.0], "the new code")


def test_what_movers_say_reaches_the_programs_stdout(capfd):
    with running(capacity=4, says_updates=True, updates=3) as run:
        run.start(2)
        run.until(lambda: run.crew.done, "their end")
        run.crew.close()
    said = capfd.readouterr().out.splitlines()
    assert len(said) == 6
    assert {line.split(":")[0].split(" moved")[0][:7] for line in said} == {"Robot 0", "Robot 1"}


def test_laps_are_timed_where_the_cars_drive():
    mover = "cruise"
    run: Run
    with running(scene="race", mover=mover, capacity=2, rate=20.0, settings=kart()) as run:
        run.table.set_pace(64.0)
        run.start(2)
        run.until(lambda: run.table.cells.row(1)[COUNT] > 0, "a lap")
        row = run.table.cells.row(1)
        assert row[TIMES] > 1.0
        assert row[GENERATION] == 1


def kart():
    from game.arguments import parse
    from game.options import settle

    given, scene = parse(["race", "--agents", "2"])
    return settle(given, scene).job.settings
