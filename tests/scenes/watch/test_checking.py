"""The check of somebody's arrays: nobody is accused who is correct, and what is wrong is kept."""

import json
import os
import subprocess
import sys
from multiprocessing import Array
from pathlib import Path

import numpy as np
import psutil
import pytest

import game
from game.attach.sharers import Sharer
from game.invariant.expression import Expression
from game.invariant.verdicts import Look, Verdicts
from game.scenes.watch.check_process import ASK, Judging, Kept, Report
from game.scenes.watch.checking import Checker, added, described, joined, plain
from tests.attach.programs import running
from tests.conftest import LIMIT, command, until
from tests.scenes.watch.test_programs import seen, watch

ROOT = Path(game.__file__).parents[1]
STEP = 0.25  # [s] between two looks, longer than between two reports
needs_processes = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")


def judged(values: list[list[float]], check: str = "a.sum() == 10", sharers=tuple) -> list[Report]:
    """The reports on looks at these values, one every STEP."""
    times = iter(np.arange(1, len(values) + 1) * STEP)
    looks = iter([Look(float(t), {"a": np.array(v)}) for t, v in enumerate(values)])
    reports: list[Report] = []
    judging = Judging(Verdicts(Expression(check)), sharers, lambda: float(next(times)))
    judging.go_on(lambda: next(looks), reports.append, lambda: len(reports) == len(values) - 1)
    return reports


def test_every_look_is_judged_and_reported():
    reports = judged([[5, 5], [4, 6], [4, 5], [5, 5]])
    assert [report.violations for report in reports] == [0, 0, 1, 1]
    assert [report.checks for report in reports] == [1, 2, 3, 4]
    kept = [report.kept for report in reports if report.kept]
    assert len(kept) == 1, "they are sent when they are others"
    first = kept[0].first
    assert first is not None
    assert first.before is not None
    assert (first.before["a"].tolist(), first.after["a"].tolist()) == ([4, 6], [4, 5])
    assert described(first)["cells"] == [{"array": "a", "cell": [1], "before": 6.0, "after": 5.0}]


def test_who_shares_is_asked_at_a_violation_and_not_too_often():
    asked = []

    def sharers() -> tuple[Sharer, ...]:
        asked.append(len(asked))
        return (Sharer(4711, "python bank.py", "running", 1.5),)

    wrong = [[0.0, 0.0]] * (2 * round(ASK / STEP))
    reports = judged([[5, 5], *wrong], sharers=sharers)
    assert len(asked) == 2
    assert reports[0].sharers == ()
    assert reports[1].sharers[0].words == "4711 python bank.py: running, 1.50 s on the processor"


def test_a_check_that_raises_is_told_once_and_counted():
    reports = judged([[1, 2], [1, 2]], "a[5] == 0")
    assert reports[-1].violations == 0
    assert "index 5" in reports[-1].raised


@pytest.mark.parametrize(
    "value", [np.float64(1.5), np.int8(3), np.bool_(True), None, np.bytes_(b"x")]
)
def test_values_are_told_in_json(value):
    json.dumps(plain(value))


def report_of(*values: list[float], check: str = "a.sum() == 10") -> Report:
    """The last report on looks at these values."""
    whole = judged([[5, 5], *values, [5, 5]], check)
    kept = next((report.kept for report in whole if report.kept), Kept())
    return whole[-1]._replace(kept=kept)


def test_what_earlier_processes_found_is_not_forgotten():
    before, now = report_of([4, 5], [3, 3]), report_of([9, 9])
    both = added(before, now)
    assert both.violations == before.violations + now.violations
    assert both.checks == before.checks + now.checks
    kept = joined(joined(Kept(), before.kept), now.kept)
    assert kept.first is not None
    assert kept.worst is not None
    assert kept.first.after["a"].tolist() == [4, 5]
    assert kept.worst.after["a"].tolist() == [9, 9]
    assert joined(kept, None) is kept


@pytest.mark.parametrize(
    ("report", "died", "amiss"),
    [
        (None, False, True),
        (report_of([5, 5]), False, False),
        (report_of([5, 5]), True, True),
        (report_of([4, 5]), False, True),
        (report_of([5, 5], check="a[7] == 1"), False, True),
    ],
    ids=["never looked", "holds", "nobody looks any more", "violated", "never worked out"],
)
def test_a_run_has_failed_unless_its_check_was_seen_to_hold(report, died: bool, amiss: bool):
    checker = Checker("a.sum() == 10", 0.0)
    checker.report, checker.died = report, died
    assert checker.amiss is amiss


# Moves 1 from one account to another, flat out, with the lock around both writes or around each.
BANK = """
import multiprocessing, random, sys

def run(accounts, careful):
    choice = random.Random(1)
    while True:
        one, other = choice.sample(range(5), 2)
        if careful:
            with accounts.get_lock():
                raw = accounts.get_obj()
                raw[one] -= 1
                raw[other] += 1
        else:
            accounts[one] -= 1
            accounts[other] += 1

if __name__ == "__main__":
    accounts = multiprocessing.Array("d", [200.0] * 5)
    {before}
    bank = multiprocessing.Process(target=run, args=(accounts, {careful}), daemon=True)
    bank.start()
    print("begun", flush=True)
    {after}
"""
INSIDE = """
    import sys
    sys.path.insert(0, {root!r})
    import game
    viewer = game.watch(accounts, check="a.sum() == 1000", headless=True)
"""
WAITS = """
    import json, time
    end = time.monotonic() + {limit}
    while not viewer.told.get("violations") and time.monotonic() < end and viewer.running:
        time.sleep(0.01)
    print(json.dumps([viewer.violations, viewer.first_violation]), flush=True)
    viewer.close()
"""


def bank(careful: bool, inside: str = "", after: str = "sys.stdin.read()") -> str:
    return BANK.format(careful=careful, before=inside, after=after)


@needs_processes
@pytest.mark.slow
def test_a_careless_bank_is_found_from_inside(tmp_path: Path):
    program = bank(False, INSIDE.format(root=str(ROOT)), WAITS.format(limit=LIMIT))
    with running(tmp_path, program) as process:
        assert process.stdout is not None
        violations, first = json.loads(process.stdout.readline())
        assert violations > 0
        assert {cell["array"] for cell in first["cells"]} == {"a"}


@needs_processes
@pytest.mark.slow
def test_a_careful_bank_is_not_accused_where_its_lock_is_known(tmp_path: Path):
    program = bank(True, INSIDE.format(root=str(ROOT)), WAITS.format(limit=3.0))
    with running(tmp_path, program) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == [0, None]


@needs_processes
@pytest.mark.slow
def test_a_careless_bank_is_found_from_outside_and_ends_the_run_with_1(tmp_path: Path):
    with running(tmp_path, bank(False)) as process:
        check = ("--check", "a.sum() == 1000", "--headless", "--stats", "seen.json")
        done = watch(str(process.pid), *check, "--seconds", "3", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        found = seen(tmp_path)["watch"]
        assert found["check"] == "a.sum() == 1000"
        assert found["violations"] > 0
        assert found["first_violation"]["cells"]
        assert "as a reader without a lock sees it" in done.stdout
        assert process.poll() is None


@needs_processes
@pytest.mark.slow
def test_what_holds_again_at_once_does_not_count_when_it_has_to_settle(tmp_path: Path):
    with running(tmp_path, bank(True)) as process:
        check = ("--check", "a.sum() == 1000", "--settled", "200")
        words = (*check, "--headless", "--seconds", "2", "--stats", "seen.json")
        assert watch(str(process.pid), *words, cwd=tmp_path).returncode == 0
        assert seen(tmp_path)["watch"]["checks"] > 0


@needs_processes
@pytest.mark.slow
def test_a_check_of_several_arrays_knows_them_by_name(tmp_path: Path):
    one, other = Array("i", [1, 2]), Array("i", [1, 3])
    with game.watch(one=one, other=other, check="all(one == other)", headless=True) as viewer:
        until(lambda: viewer.violations, "a violation")
        first = viewer.first_violation
    cells = [(cell["array"], cell["before"], cell["after"]) for cell in first["cells"]]
    assert cells == [("one", None, 1), ("one", None, 2), ("other", None, 1), ("other", None, 3)]


@needs_processes
@pytest.mark.slow
def test_the_checking_process_ends_with_its_viewer(tmp_path: Path):
    array = Array("i", [1, 2])
    viewer = game.watch(array, check="a.sum() == 4", headless=True)
    until(lambda: viewer.violations, "a violation")
    checkers = checkers_of(viewer._pid)
    assert checkers
    psutil.Process(viewer._pid).kill()
    until(lambda: not any(checker.is_running() for checker in checkers), "their end")
    viewer.close()


WRONG = {
    "a.sum( == 3": "check: ",
    "__import__('os')": "check: ",
    "b == 3": "check: ",
    "a.tofile('x')": "check: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_check_that_is_none_is_refused_in_a_line(text: str, tmp_path: Path):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the words are the expression's own
        game.watch(Array("i", 3), check=text)
    assert "\n" not in str(error.value)
    done = subprocess.run(
        [sys.executable, "-m", "game", "watch", "x.bin", "--check", text],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: ")


GROWS = """
import multiprocessing, sys, time
if __name__ == "__main__":
    a = multiprocessing.Array("d", 8)
    a[0], a[1] = 1, 2  # the guess: two elements
    time.sleep(2)
    a[:] = [1, 2, 1, 1, 1, 1, 1, 2]
    time.sleep(2)
"""


@needs_processes
@pytest.mark.slow
def test_violations_outlive_a_guess_that_was_too_short(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(GROWS)
    words = ("--check", "a.sum() == 10", "--headless", "--stats", "seen.json")
    done = watch(*words, "--", sys.executable, str(program), cwd=tmp_path)
    found = seen(tmp_path)["watch"]
    assert found["shape"] == [8]
    assert found["violations"] > 0
    assert done.returncode == 1


def checkers_of(viewer: int) -> list[psutil.Process]:
    """The checking processes of a viewer."""
    found = []
    for child in psutil.Process(viewer).children():
        if "--multiprocessing-fork" in command(child):
            found.append(child)
    return found


@needs_processes
@pytest.mark.slow
def test_a_checking_process_that_is_killed_is_told_and_fails_the_run(tmp_path: Path):
    with running(tmp_path, bank(True)) as process:
        viewer = subprocess.Popen(
            [
                *(sys.executable, "-m", "game", "watch", str(process.pid), "--settled", "500"),
                *("--check", "a.sum() == 1000", "--headless"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        until(lambda: checkers_of(viewer.pid), "a checking process")
        for child in checkers_of(viewer.pid):
            child.kill()
        until(lambda: not checkers_of(viewer.pid), "its end")
        begun = psutil.Process(viewer.pid).cpu_times().user
        until(lambda: psutil.Process(viewer.pid).cpu_times().user > begun + 0.2, "more frames")
        viewer.terminate()
        words, _ = viewer.communicate(timeout=LIMIT)
    assert "the checking process died" in words
