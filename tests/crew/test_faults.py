"""Every way in which a mover can fail, on real processes, for both start methods.

Death by exception, exit code and signal stands in test_crew; a killed window in
test_mover_process; killed again and again in chaos.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from game.crew.crew import GRACE
from game.crew.member import RESTARTS
from game.session.inspector import inspect
from game.session.process_stats import ProcessStats
from game.shared.table import PID
from game.view.inspector import Inspection
from tests.conftest import LIMIT, stopped, until
from tests.processes import Run, running

pytestmark = pytest.mark.slow  # real processes in nearly every test

ROOT = Path(__file__).parents[2]
needs_freeze = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot freeze a process"
)


def write(tmp_path: Path, step: str = "return 1, 2", init: str = "pass", top: str = "") -> str:
    """A mover file; `step`, `init` and `top` are a line each. Agent 0 alone does it."""
    path = tmp_path / "mine.py"
    path.write_text(
        f"import os, sys, time, subprocess\n{top}\n"
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        "        self.number, self.n, self.kept = agent.number, 0, []\n"
        f"        if self.number == 0: {init}\n"
        "    def step(self, dt):\n"
        "        self.n += 1\n"
        f"        if self.number == 0 and self.n > 2: {step}\n"
        "        return self.n, 2\n"
    )
    return str(path)


DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def three(run: Run) -> None:
    """Have three movers running."""
    for _ in range(3):
        run.crew.add()
    run.until(lambda: len(run.reader.frame.agents) == 3, "three agents")


def inspection(run: Run) -> Inspection:
    """What the inspector shows of the first agent."""
    found = inspect(run.crew, run.reader.frame, 0, ProcessStats())
    assert found is not None
    return found


def shown(run: Run) -> dict[str, str]:
    """The facts in the inspector, by name."""
    return dict(inspection(run).facts)


def others_go_on(run: Run, slots: tuple[int, ...] = (1, 2)) -> None:
    """See that the neighbours keep publishing."""
    before = run.reader.frame.updates.copy()
    run.until(
        lambda: all(run.reader.frame.updates[s] > before[s] + 3 for s in slots),
        "the others' updates",
    )


@needs_freeze
def test_a_frozen_one_is_silent_and_comes_back(method: str):
    with running(method, rate=50.0) as run:
        three(run)
        run.crew.members[0].freeze()
        run.until(lambda: run.reader.frame.silent[0], "silence")
        others_go_on(run)
        assert run.reader.frame.silent.tolist() == [True, False, False]
        assert run.reader.frame.age[0] > 0.7
        assert "frozen" in shown(run)["state"]
        run.crew.members[0].freeze()
        run.until(lambda: not run.reader.frame.silent[0], "its return")
        assert run.events == []


@needs_freeze
def test_all_are_suspended_and_resumed_but_for_the_frozen(method: str):
    with running(method, rate=50.0) as run:
        three(run)
        pids = [member.pid for member in run.crew.members.values()]
        run.crew.freeze(0)
        run.crew.suspend()
        until(lambda: all(stopped(pid) for pid in pids), "all of them")
        run.crew.add()
        for _ in range(3):  # three times there and back, where there is a nursery
            run.crew.suspend()
        assert method == "spawn" or not run.table.row(3)[PID], "nobody is forked meanwhile"
        run.crew.resume()
        run.until(lambda: run.crew.alive == 4, "another one")
        others_go_on(run, (1, 2, 3))
        assert stopped(pids[0])


@pytest.mark.parametrize(
    ("step", "word"), [("\n            while True: pass", "stalled"), ("time.sleep(60)", "stalled")]
)
def test_an_endless_step_is_stalled_and_never_killed(
    method: str, tmp_path: Path, step: str, word: str
):
    with running(method, mover=write(tmp_path, step), rate=50.0) as run:
        three(run)
        run.until(lambda: run.reader.frame.silent[0], "silence")
        others_go_on(run)
        assert word in shown(run)["state"]
        assert run.crew.members[0].running
        assert run.events == []


def test_a_step_longer_than_its_rate_is_late(tmp_path: Path):
    with running("forkserver", mover=write(tmp_path, "time.sleep(0.05)"), rate=100.0) as run:
        three(run)
        run.until(lambda: run.reader.frame.updates[0] > 30, "thirty slow updates")
        assert "late" in shown(run)["rate"]
        assert run.crew.members[0].running


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"top": "1 / 0"}, "ZeroDivisionError: division by zero"),
        ({"init": "raise KeyError('wheel')"}, "KeyError: 'wheel'"),
        ({"step": "raise ValueError('no road')"}, "ValueError: no road"),
    ],
)
def test_enter_restarts_it_from_the_file_as_it_is_now(
    method: str, tmp_path: Path, broken: dict[str, str], why: str
):
    path = write(tmp_path, **broken)
    with running(method, mover=path) as run:
        slot = run.crew.add()
        run.until(lambda: run.events, "the news")
        assert shown(run)["state"] == f"ended: {why}"
        assert f'File "{path}", line' in inspection(run).last_words
        write(tmp_path)
        assert run.crew.restart(slot)
        run.until(lambda: run.reader.frame.updates[slot] > 5, "it runs")
        assert run.crew.restarts == 1
        assert not run.crew.restart(slot), "there is one already"


def test_values_that_are_nonsense_stay_readable(method: str, tmp_path: Path):
    path = write(tmp_path, "return float('nan'), 1e300")
    with running(method, mover=path) as run:
        three(run)
        run.until(lambda: run.reader.frame.values[0, 1] == 1e300, "nonsense")
        assert (shown(run)["x"], shown(run)["y"]) == ("nan m", "1e+300 m")
        others_go_on(run)
        assert run.crew.members[0].running


@pytest.mark.slow
def test_what_it_prints_is_kept_and_holds_nobody_up(method: str, tmp_path: Path):
    path = write(tmp_path, "print('line', self.n, 'x' * 5000); print('err', file=sys.stderr)")
    with running(method, mover=path) as run:
        three(run)
        run.until(lambda: run.reader.frame.updates[0] > 300, "300 pages of print")
        words = inspection(run).last_words
        assert words.endswith("err\n")
        assert len(words) < 3000
        others_go_on(run)


def test_reading_stdin_ends_at_once(method: str, tmp_path: Path):
    with running(method, mover=write(tmp_path, "input('name? ')")) as run:
        three(run)
        run.until(lambda: run.events, "the news")
        assert run.events[0].why.startswith("EOFError")
        others_go_on(run)


def test_it_may_open_files_until_none_are_left(method: str, tmp_path: Path):
    top = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))"
    path = write(tmp_path, "self.kept += [open(__file__) for _ in range(50)]", top=top)
    with running(method, mover=path) as run:
        three(run)
        run.until(lambda: run.events, "the news")
        assert "Too many open files" in run.events[0].why
        others_go_on(run)


def test_a_deaf_and_frozen_crew_is_gone_within_a_second_or_so(method: str, tmp_path: Path):
    with running(method, mover=write(tmp_path, top=DEAF)) as run:
        for _ in range(8):
            run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 8, "eight agents")
        run.crew.members[2].freeze()
        pids = [m.pid for m in run.crew.members.values()]
        began = time.monotonic()
        run.crew.close()
        # A grace for each of them would take four seconds.
        assert GRACE <= time.monotonic() - began < 1.5
        assert not any(psutil.pid_exists(pid) and alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("policy", "step", "restarts"),
    [
        ("never", "os._exit(3)", 0),
        ("on-failure", "os._exit(0)", 0),
        ("on-failure", "os._exit(3)", RESTARTS),
        ("always", "os._exit(0)", RESTARTS),
    ],
)
def test_the_restart_policy(tmp_path: Path, policy: str, step: str, restarts: int):
    with running("forkserver", mover=write(tmp_path, step), policy=policy) as run:
        slot = run.crew.add()
        run.until(lambda: len(run.events) == 1 + restarts, "all its deaths")
        run.until(lambda: run.crew.members[slot].exitcode is not None, "a tombstone")
        assert run.crew.restarts == restarts
        if restarts:
            assert "not again: 3 restarts in 10 s" in run.events[-1].why
            assert "started again" in run.events[0].why


def test_every_death_tells_its_traceback_even_if_it_is_restarted(tmp_path: Path):
    path = write(tmp_path, "print('a\\0b'); raise ValueError('oh')")
    with running("forkserver", mover=path, policy="on-failure") as run:
        run.crew.add()
        run.until(lambda: run.events, "its death")
        assert "in step" in run.events[0].last_words
        assert "a\\x00b" in run.events[0].last_words


def test_a_restart_that_finds_no_room_leaves_the_tombstone(tmp_path: Path, monkeypatch):
    with running("spawn", mover=write(tmp_path, "os._exit(3)")) as run:
        slot = run.crew.add()
        run.until(lambda: run.events, "its death")
        with monkeypatch.context() as patch:
            patch.setattr("game.crew.spawner.start", refuse)
            run.crew.restart(slot)
            run.until(lambda: len(run.events) == 2, "the refusal")
        assert run.events[1].why.startswith("could not be started")
        assert run.crew.members[slot].exitcode is not None
        write(tmp_path)
        run.crew.restart(slot)
        run.until(lambda: run.reader.frame.updates[slot] > 5, "the next try")


def refuse(process, lifeline) -> None:
    raise OSError(11, "Resource temporarily unavailable")


def test_a_background_process_does_not_hide_its_death(method: str, tmp_path: Path):
    leaves_one = "os.system('sleep 600 &'); os._exit(3)"  # for longer than anybody waits here
    with running(method, mover=write(tmp_path, leaves_one)) as run:
        three(run)
        run.until(lambda: run.events, "the news")
        assert run.events[0].why == "left with exit code 3"


def test_grace_is_given_once_and_leaves_time_within_a_second(tmp_path: Path, monkeypatch):
    now = [0.0]
    with running("forkserver", mover=write(tmp_path, top=DEAF)) as run:
        three(run)
        with monkeypatch.context() as patch:
            patch.setattr(run.crew, "_clock", lambda: now[0])
            run.crew.remove(0)
            now[0] = GRACE * 0.99
            others_go_on(run)
            assert run.crew.members[0].running
            now[0] = GRACE * 1.01
            run.until(lambda: 0 not in run.crew.members, "its end")
        assert GRACE < 0.9  # [s] of the second that it has
        took = []
        for slot in (1, 2):
            began = time.monotonic()
            run.crew.remove(slot)
            run.until(lambda slot=slot: slot not in run.crew.members, "its end")
            took.append(time.monotonic() - began)
        # The machine may have had something else to do at the end of one of them.
        assert GRACE <= min(took) < 1.0


def test_movers_that_finish_are_not_restarted():
    with running("forkserver", updates=3, policy="always") as run:
        run.crew.add()
        run.until(lambda: run.crew.done, "done")
        assert (run.crew.restarts, run.events[0].failed) == (0, False)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (110, 110))  # of which a nursery takes the first 64
from game.crew import limits
from game.__main__ import main
limits.check = lambda *wanted: None  # as where others take the descriptors meanwhile
sys.exit(main(sys.argv[1:]))
"""


REFUSED = """
import sys
from game.crew import {module} as ways
from game.__main__ import main
def refuse(process, lifeline):
    raise OSError(11, "no more processes")
ways.start = refuse
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("end", ["--updates", "--laps"])
def test_a_run_in_which_nobody_could_be_started_has_not_worked(end: str, method: str):
    words = ("race", "--agents", "2", end, "1", "--headless", "--start-method", method)
    module = {"forkserver": "nursery_link", "spawn": "spawner"}[method]
    done = subprocess.run(
        [sys.executable, "-c", REFUSED.format(module=module), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert "could not be started" in done.stderr
    assert "no more processes" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.slow
def test_too_few_descriptors_are_told_in_a_line(method: str, tmp_path: Path):
    done = subprocess.run(
        [
            *(sys.executable, "-c", LIMITED, "swarm", "--agents", "80", "--headless"),
            *("--frames", "200", "--start-method", method, "--stats", str(tmp_path / "a.json")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert "Traceback" not in done.stderr
    assert "could not be started" in done.stderr
    assert done.returncode == 0
    stats = json.loads((tmp_path / "a.json").read_text())
    assert len(stats["movers"]) > 5, "those that there is room for"


@pytest.mark.parametrize(
    ("number", "status", "method"),
    [
        (signal.SIGINT, 130, "forkserver"),
        (signal.SIGTERM, 143, "forkserver"),
        (signal.SIGHUP, 129, "forkserver"),
        (signal.SIGTERM, 143, "spawn"),
    ],
)
def test_a_crowd_leaves_with_the_window(number: int, status: int, method: str, tmp_path: Path):
    agents = 60 if method == "forkserver" else 12
    window = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "swarm", "--headless", "--agents", str(agents)),
            *("--start-method", method, "--stats", str(tmp_path / "a.json")),
        ],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: len(psutil.Process(window.pid).children(recursive=True)) > agents, "a crowd")
    crowd = psutil.Process(window.pid).children(recursive=True)
    window.send_signal(number)
    _, errors = window.communicate(timeout=LIMIT)
    assert (window.returncode, errors) == (status, "")
    assert (tmp_path / "a.json").exists()
    until(lambda: not any(p.is_running() and alive_or_zombie(p) for p in crowd), "the end of all")
    assert in_shared_memory([window.pid, *(p.pid for p in crowd)]) == []
    assert os.listdir(tmp_path) == ["a.json"], "nothing else is left"


def in_shared_memory(pids: list[int]) -> list[str]:
    """The files in shared memory that have the id of one of these processes in their names."""
    files = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
    return [
        file
        for file in files
        if {int(word) for word in file.split("-") if word.isdigit()} & {*pids}
    ]


def alive_or_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_no_file_is_left_open_by_coming_and_going():
    with running("forkserver", capacity=4) as run:
        three(run)
        for slot in list(run.crew.members):
            run.crew.remove(slot)
        run.until(lambda: not run.crew.members, "nobody")
        gc.collect()  # what earlier tests left behind
        before = psutil.Process().num_fds()
        for _ in range(10):
            three(run)
            run.crew.members[0].kill()
            run.until(lambda: run.crew.members[0].exitcode is not None, "a death")
            for slot in list(run.crew.members):
                run.crew.remove(slot)
            run.until(lambda: not run.crew.members, "nobody")
        assert psutil.Process().num_fds() == before
