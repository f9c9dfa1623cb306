"""Words of movers: whatever a behaviour is, raises or prints, it is told why it left.

Each kind in a process of its own, all of them in one crew: to the event, which the terminal shows,
and to the card.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from game.parts import Card, Event
from tests.conftest import LIMIT
from tests.processes import Run, running

pytestmark = pytest.mark.slow  # real processes in nearly every test

ROOT = Path(__file__).parents[2]

MOVERS = r"""
import os, signal, sys, threading, time

class Plain:
    def __init__(self, agent): pass

class Coroutine(Plain):
    async def step(self, dt): return 1, 2

class Generator(Plain):
    def step(self, dt): yield 1, 2

class Noisy:
    def __del__(self): print("freed\n" * 500)

class Freed(Plain):
    def step(self, dt):
        noisy = Noisy()
        return 1 / 0

class Threaded(Plain):
    def step(self, dt):
        def say():
            while True: print("a thread")
        for _ in range(3): threading.Thread(target=say, daemon=True).start()
        time.sleep(0.05)
        return 1 / 0

class Forked(Plain):
    def step(self, dt):
        if not os.fork():
            while True: print("a fork")
        time.sleep(0.05)
        return 1 / 0

class Mute(Exception):
    def __str__(self): raise RuntimeError("no words")
    __repr__ = __str__

class Wordless(Plain):
    def step(self, dt): raise Mute

class Grouped(Plain):
    def step(self, dt): raise ExceptionGroup("both", [KeyError("one"), Mute()])

class Misspelt(Plain):
    def step(self, dt): exec("x = = 1")

class Malformed(Plain):
    def step(self, dt): raise SyntaxError("odd", ("mine.py", 1, [], "text"))

class Wordy(Plain):
    def step(self, dt): raise ValueError("begin" + "x" * 1_000_000)

class Deep(Plain):
    def step(self, dt): return self.step(dt)

class Interrupted(Plain):
    def step(self, dt): raise KeyboardInterrupt

class Chained(Plain):
    def step(self, dt):
        try: 1 / 0
        except ZeroDivisionError as error: raise LookupError("no road") from error

class Coloured(Plain):
    def step(self, dt):
        print("\x1b[31mred\x1b[0m\x07", "\x1b]0;title\x07", "\ttab")
        raise ValueError("\x1b[2Jno\x9b31m road")

class Timed(Plain):
    def step(self, dt):
        def ring(number, frame): raise TimeoutError("too long")
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.0005)
        while True: pass

class Alarm(Exception):
    def __str__(self):
        os.kill(os.getpid(), signal.SIGALRM)
        return "rung"

class Rung(Plain):
    def step(self, dt):
        def ring(number, frame): raise TimeoutError("too long")
        signal.signal(signal.SIGALRM, ring)
        raise Alarm

class Leaving(Plain):
    def step(self, dt): sys.exit("no map\nberlin.yaml")

class LeavingFar(Plain):
    def step(self, dt): raise SystemExit(10**30)

class LeavingMute(Plain):
    def step(self, dt): raise SystemExit(Mute())

class ReturnsSet(Plain):
    def step(self, dt): return {1.0, 2.0}

class ReturnsDict(Plain):
    def step(self, dt): return {1.0: "x", 2.0: "y"}

class ReturnsBytes(Plain):
    def step(self, dt): return b"ab"

def Mover(agent):
    kinds = [kind for kind in globals().values() if isinstance(kind, type) and "step" in vars(kind)]
    return kinds[agent.number](agent)
"""
KINDS = re.findall(r"^class (\w+)\(Plain\)", MOVERS, re.MULTILINE)
ZERO = "ZeroDivisionError: division by zero"
# Of each kind: why it left, and what stands in its last words.
TOLD = {
    "Coroutine": ("ValueError: step() is a coroutine function (async def); it has to be a", ""),
    "Generator": ("ValueError: step() is a generator function (it has a yield); it has to", ""),
    "Freed": (ZERO, "return 1 / 0"),
    "Threaded": (ZERO, "return 1 / 0"),
    "Forked": (ZERO, "return 1 / 0"),
    "Wordless": ("Mute: (its __str__ raised RuntimeError)", "def step(self, dt): raise Mute"),
    "Grouped": ("ExceptionGroup: both (2 sub-exceptions)", "KeyError: 'one'"),
    "Misspelt": ("SyntaxError: invalid syntax", "x = = 1"),
    "Malformed": ("SyntaxError: odd", "in step"),
    "Wordy": ("ValueError: beginxxx", "in step"),
    "Deep": ("RecursionError: maximum recursion depth exceeded", "Previous line repeated"),
    "Interrupted": ("KeyboardInterrupt", "raise KeyboardInterrupt"),
    "Chained": ("LookupError: no road", ZERO),
    "Coloured": (r"ValueError: no\x9b31m road", "red\\x07  \ttab\nTraceback"),
    "Timed": ("TimeoutError: too long", "in ring"),
    "Rung": ("Alarm: rung", "raise Alarm"),
    "Leaving": ("left: no map", "no map\nberlin.yaml"),
    "LeavingFar": ("left: exit code a number of 100 bits, of which the system keeps 255", ""),
    "LeavingMute": ("left: (its __str__ raised RuntimeError)", ""),
    "ReturnsSet": ("ValueError: step() returned a set, which has no order: {1.0, 2.0};", ""),
    "ReturnsDict": ("ValueError: step() returned a dict, whose keys are no values", ""),
    "ReturnsBytes": ("ValueError: step() returned bytes, whose characters are no values", ""),
}


def left(run: Run, movers: int) -> list[tuple[Event, Card]]:
    """The events and the cards of movers that have all left."""
    for _ in range(movers):
        run.crew.add()
    run.until(lambda: len(run.events) == movers, "the news")
    events = sorted(run.events, key=lambda event: event.slot)
    return [(event, run.crew.card(event.slot)) for event in events]


def test_of_every_kind_it_is_told_why_it_left(method: str, tmp_path: Path):
    path = tmp_path / "kinds.py"
    path.write_text(MOVERS)
    assert list(TOLD) == KINDS
    with running(method, mover=str(path), capacity=len(KINDS)) as run:
        for kind, (event, card) in zip(KINDS, left(run, len(KINDS)), strict=True):
            why, inside = TOLD[kind]
            assert event.why.startswith(why), kind
            assert inside in event.last_words, kind
            assert (card.headline, card.words) == (event.why, event.last_words), kind
            assert len(event.why) < 500, kind
            said = event.why + event.last_words
            assert all(c.isprintable() or c in "\t\n" for c in said), kind


@pytest.mark.parametrize(
    ("neighbour", "why", "inside"),
    [
        ("x = = 1", "SyntaxError: invalid syntax (neighbour.py, line 1)", "x = = 1"),
        ("1 / 0", ZERO, 'neighbour.py", line 1'),
        ("import sys; sys.exit('no licence')", "left: no licence", ""),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 'mine.py", line 1, in <module>'),
    ],
)
def test_a_neighbour_that_cannot_be_imported_is_told(
    tmp_path: Path, neighbour: str, why: str, inside: str
):
    (tmp_path / "neighbour.py").write_text(neighbour)
    (tmp_path / "mine.py").write_text("import neighbour\nclass Mover: pass\n")
    with running("forkserver", mover=str(tmp_path / "mine.py")) as run:
        ((event, _),) = left(run, 1)
        assert event.why.startswith(why)
        assert inside in event.last_words


def test_a_file_that_was_broken_after_the_start_is_shown_where(tmp_path: Path):
    (tmp_path / "mine.py").write_text("class Mover:\n    def step(self dt): pass\n")
    with running("forkserver", mover=str(tmp_path / "mine.py")) as run:
        ((event, _),) = left(run, 1)
        assert event.why.startswith("SyntaxError: ")
        assert 'mine.py", line 2' in event.last_words
        assert "def step(self dt): pass" in event.last_words


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("async def drive(*parts): pass", "TypeError: drive() is a coroutine function"),
        ("def drive(*parts): yield", "TypeError: drive() is a generator function"),
    ],
)
def test_a_drive_that_never_ran_is_no_success(tmp_path: Path, body: str, why: str):
    (tmp_path / "mine.py").write_text(body)
    with running("forkserver", mover=str(tmp_path / "mine.py")) as run:
        ((event, _),) = left(run, 1)
        assert event.why.startswith(why)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("return {1.0, 2.0}", "ValueError: Crowd.step() returned a set, which has no order"),
        ("return b'x' * 1024", "ValueError: Crowd.step() returned bytes, whose characters are"),
        ("return [(1, 2)] * 64", "ValueError: Crowd.step() returned a list, wanted an array of"),
    ],
)
def test_what_a_crowd_returns_is_refused_by_its_name(tmp_path: Path, step: str, why: str):
    (tmp_path / "mine.py").write_text(
        "class Mover: pass\nclass Crowd:\n    def __init__(self, group): pass\n"
        f"    def step(self, dt): {step}\n"
    )
    with running("forkserver", mover=str(tmp_path / "mine.py"), per_process=64) as run:
        ((event, _),) = left(run, 1)
        assert event.why.startswith(why)
        assert "64 x 2 float64" in event.why


def test_the_terminal_has_the_words_and_nothing_that_steers_it(tmp_path: Path):
    path = tmp_path / "kinds.py"
    path.write_text(MOVERS)
    agents = str(len(KINDS))
    command = ("swarm", "--mover", str(path), "--headless", "--updates", "1", "--agents", agents)
    done = subprocess.run(
        [sys.executable, "-m", "game", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 1
    for number, kind in enumerate(KINDS):
        assert f"game: Robot {number}: {TOLD[kind][0]}" in done.stderr, kind
    assert "berlin.yaml" in done.stderr
    assert all(c.isprintable() or c in "\t\n" for c in done.stderr)
