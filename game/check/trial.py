"""A trial: a mover is stepped in a process of its own, twice, and what came of it is put together.

    job ──> a process, plainly ──┐ values of each update, findings, what it printed
            a process, traced  ──┴──> compared ──> findings

Called by game.check. Whatever a mover does (hang, exit, crash, print), it does it over there; what
the process tells lies in files of a temporary folder, so that no pipe can fill up.
"""

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import Any, NamedTuple

from game.check import Finding
from game.check.arguments import Chosen
from game.child.job import Loaded
from game.child.mover_process import CROWD_FROM
from game.crew.starting import our_path

AGENTS = 5  # that are tried at once, at the most
MOST = 1000  # updates
DIGEST = 8  # [bytes] of each update's values
LOAD, SPAN, HANG = 20.0, 5.0, 5.0  # [s] for loading, for all updates, for one of them
SPARE = 5.0  # [s] more, after which a process is killed that could not even tell that it hangs


class Task(NamedTuple):
    """What a process is to try."""

    kind: str  # Mover or Crowd
    agents: int
    share: float  # of them that a process of the run drives
    updates: int
    traced: bool  # follow the memory that it takes
    load: float  # [s] until its first update


class Told(NamedTuple):
    """What came of it."""

    findings: list[Finding]
    digests: list[bytes]  # of the values of each update


def tried(chosen: Chosen) -> list[Finding]:
    """Everything that is amiss with a mover; [] where nothing is."""
    found: list[Finding] = []
    each = chosen.options.per_process
    few = min(AGENTS, max(chosen.options.agents, each))
    tasks = [Task("Mover", few, each / few, chosen.options.job.updates or MOST, False, LOAD)]
    if "Crowd" in chosen.source.classes:
        many = max(CROWD_FROM, each)
        tasks.append(tasks[0]._replace(kind="Crowd", agents=many, share=1.0))
    for task in tasks:
        first = run(chosen, task)
        found += first.findings
        if len(first.digests) > 1:
            again = task._replace(traced=True, updates=len(first.digests))
            second = run(chosen, again)
            found += second.findings
            found += differing(chosen, task.kind, first.digests, second.digests)
    alike = {(finding.file, finding.line, finding.what[:20]): finding for finding in found[::-1]}
    return list(alike.values())[::-1]


def differing(chosen: Chosen, kind: str, first: list[bytes], second: list[bytes]) -> list[Finding]:
    """Whether two runs of one seed gave the same values."""
    pairs = zip(first, second, strict=False)
    update = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 0)
    if not update:
        return []
    line, name = chosen.source.unsteady
    what = f"not the same under the same --seed, from update {update} on"
    called = f" ({name}() is not)" if name else ""
    remedy = f"take all chance from agent.random and all time from dt{called}"
    return [Finding(chosen.path, line or chosen.source.steps.get(kind, 0), what, remedy)]


def run(chosen: Chosen, task: Task) -> Told:
    """Try a mover in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="arena-check-") as folder:
        steps = chosen.source.steps.get(task.kind, 0)
        packed = pickle.dumps((Loaded(chosen.options.job.scene), chosen.options.job, task, steps))
        with open(os.path.join(folder, "task"), "wb") as file:
            file.write(packed)
        with open(os.path.join(folder, "printed"), "wb") as printed, our_path():
            process = subprocess.Popen(
                [sys.executable, "-m", "game.check.trial_process", folder],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        try:
            code: int | None = process.wait(LOAD + SPAN + HANG + SPARE)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            end(process)
        told = [json.loads(line) for line in lines(os.path.join(folder, "told"))]
        found = [Finding(*finding) for finding in told if finding]
        if [] not in told:  # its own last word
            found.append(cut_short(chosen, code, folder, steps))
        elif size := os.path.getsize(os.path.join(folder, "printed")):
            what = f"its process printed {size:,} bytes past Python's own stdout"
            found.append(Finding(chosen.path, 0, what, "print nothing, or see --log"))
        data = read(os.path.join(folder, "digests"))
        whole = len(data) - len(data) % DIGEST
        return Told(found, [data[at : at + DIGEST] for at in range(0, whole, DIGEST)])


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def cut_short(chosen: Chosen, code: int | None, folder: str, step: int) -> Finding:
    """Why a process ended that could not say so itself."""
    dump = read(os.path.join(folder, "fatal")).decode(errors="replace")
    line = line_of(dump, chosen.path) or step
    made = len(read(os.path.join(folder, "digests"))) // DIGEST
    when = (
        f"in update {made + 1}"
        if os.path.exists(os.path.join(folder, "made"))
        else "before its first update"
    )
    if code is None or dump.startswith("Timeout"):
        return Finding(chosen.path, line, f"hangs {when}", "let step() return within a moment")
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return Finding(chosen.path, line, f"crashed {when}: {name}", "see the call on that line")
    what = f"its process left {when}, with exit code {code}"
    return Finding(chosen.path, line, what, "return values, and let the run end it")


def line_of(dump: str, path: str) -> int:
    """The innermost line of a file in what faulthandler has written; 0 where it is not there."""
    found = re.search(rf'File "{re.escape(path)}", line (\d+)', dump)
    return int(found[1]) if found else 0


def read(path: str) -> bytes:
    """What a file holds; b"" where there is none."""
    with suppress(OSError), open(path, "rb") as file:
        return file.read()
    return b""


def lines(path: str) -> list[Any]:
    """The whole lines of a file."""
    text = read(path).decode(errors="replace")
    return text.rpartition("\n")[0].splitlines()
