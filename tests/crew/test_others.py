"""Agents that look at each other across processes, while these are killed, added and removed."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from game.parts import KILL
from game.shared.table import UPDATES
from tests.processes import running

pytestmark = pytest.mark.slow

WATCHER = str(Path(__file__).with_name("watcher.py"))
TURNS = 20  # in which one is killed, removed or added


@pytest.mark.parametrize("per_process", [1, 3])
def test_all_rows_are_whole_whoever_comes_goes_or_dies(per_process: int):
    chance = Random(1)
    with running("forkserver", mover=WATCHER, capacity=18, per_process=per_process) as run:
        for _ in range(4):
            run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 4 * per_process)
        for _ in range(TURNS):
            members: dict[int, Any] = run.crew.members
            run.until(lambda members=members: any(m.pid for m in members.values()))
            slots = [slot for slot, m in members.items() if m.pid and m.exitcode is None]
            slot = chance.choice(slots)
            match chance.randrange(3):
                case 0:
                    run.crew.signal(slot, KILL)
                    run.until(
                        lambda m=members[slot], s=slot: (
                            m.exitcode is not None or s not in run.crew.members
                        )
                    )
                    if slot in members:
                        run.crew.remove(slot)
                case 1 if len(slots) > 2:
                    run.crew.remove(slot)
                case _ if run.crew.room > 2:
                    run.crew.add()
            while len(run.crew.members) < 3:
                run.crew.add()
            made = {s: run.table.row(s)[UPDATES] for s in run.crew.members}
            run.until(
                lambda made=made: any(
                    run.table.row(s)[UPDATES] > made[s] + 5 for s in run.crew.members if s in made
                )
            )
        run.until(lambda: all(run.table.row(s)[UPDATES] > 5 for s in run.crew.members))
        why = [event.why for event in run.events if event.failed]
        assert all("SIGKILL" in words for words in why), why


def test_one_that_dies_is_seen_until_it_is_removed(tmp_path: Path):
    mover = tmp_path / "counts.py"
    mover.write_text(
        "class Mover:\n"
        "    def __init__(self, agent): self.agent = agent\n"
        "    def step(self, dt):\n"
        "        others = self.agent.others\n"
        "        return len(others), sum(map(others.gone, others))\n"
    )
    with running("forkserver", mover=str(mover), capacity=3) as run:
        for _ in range(3):
            run.crew.add()

        def seen() -> list[float]:
            return run.reader.frame.values[0].tolist()

        run.until(lambda: seen() == [2, 0])
        run.crew.signal(1, KILL)
        run.until(lambda: seen() == [2, 1])
        run.crew.remove(1)
        run.until(lambda: seen() == [1, 0])
        run.crew.add()
        run.until(lambda: seen() == [2, 0])


def test_what_the_selected_one_looks_at_comes_with_the_frame():
    with running("forkserver", mover="flock", capacity=4, rate=50.0) as run:
        for _ in range(4):
            run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 4)
        assert run.reader.frame.looked is None
        run.crew.select(2)
        run.until(lambda: (found := run.reader.frame.looked) and found.agent == 2)
        assert run.reader.frame.looked.radius == 20.0
        run.crew.select(-1)
        run.until(lambda: run.reader.frame.looked is None)
