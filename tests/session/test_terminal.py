"""What the program says: nobody waits for a pipe, and what is missing is told."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import pytest

from game.interrupts import Interrupts
from game.session.outlet import PIECE, Outlet
from game.session.terminal import QUIET, Terminal
from tests.conftest import LIMIT, until

MUCH = 400_000  # [characters] more than any pipe takes by itself
NOT_LONG = lambda waited, quiet: waited > LIMIT  # noqa: E731


class Pipe:
    """A pipe whose reader reads when the test says so."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None  # that may still write into it
        self.out, write = os.pipe()
        self.stream = open(write, "w", encoding="utf-8")  # noqa: SIM115

    def fill(self) -> None:
        """Let nothing more fit in."""
        number = self.stream.fileno()
        os.set_blocking(number, False)
        for piece in (PIECE, 1):
            with suppress(BlockingIOError):
                while True:
                    os.write(number, b"." * piece)
        os.set_blocking(number, True)

    def read(self, enough: str = "") -> str:
        """Everything that comes, up to some words or the end."""
        found = b""
        while (piece := os.read(self.out, 65_536)) and not enough:
            found += piece
        while enough and enough.encode() not in (found := found + piece):
            piece = os.read(self.out, 65_536)
        return found.decode()

    def close(self) -> None:
        self.stream.close()
        os.close(self.out)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.close()


def line(number: int) -> str:
    return f"{number:07} " + "x" * 91 + "\n"


def say(to: TextIO, numbers: range) -> list[str]:
    for number in numbers:
        to.write(line(number))
    return [*map(line, numbers)]


@contextmanager
def without_end(outlet: Outlet) -> Iterator[None]:
    """See that its thread has ended at the end."""
    yield
    outlet.close()
    thread = outlet._thread
    until(lambda: thread is None or not thread.is_alive(), "the end of its thread")


def test_nobody_waits_for_a_full_pipe_and_no_line_is_lost_that_there_is_room_for(pipe: Pipe):
    outlet = Outlet(pipe.stream)
    with without_end(outlet):
        said = say(outlet, range(MUCH // 100))  # with a plain stream the test would end here
        assert not outlet.wait(lambda waited, quiet: quiet > 0.05), "nobody reads"
        found = pipe.read(said[-1])
        assert found == "".join(said)
        assert outlet.wait(NOT_LONG)


def test_dropped_lines_are_counted_and_told_of_where_they_are_missing(pipe: Pipe):
    outlet = Outlet(pipe.stream, room=10_000)
    with without_end(outlet):
        pipe.fill()
        said = say(outlet, range(MUCH // 100))
        found = pipe.read("dropped").lstrip(".").splitlines(keepends=True)
        *kept, told = found
        assert kept == said[: len(kept)]
        dropped = len(said) - len(kept)
        assert len(kept) == 10_000 // 100
        assert told == f"game: {dropped:,} lines were dropped: nobody read in time\n"
        outlet.write("again\n")
        assert pipe.read("again") == "again\n"


def test_lines_dropped_from_stdout_are_told_of_in_stderr(pipe: Pipe):
    told: list[str] = []
    outlet = Outlet(pipe.stream, told.append, room=10_000)
    with without_end(outlet):
        pipe.fill()
        say(outlet, range(MUCH // 100))
        reader = threading.Thread(target=pipe.read, args=("end of it",))
        reader.start()
        until(lambda: told, "the number of those that are missing")
        outlet.write("end of it\n")
        reader.join(LIMIT)
        assert len(told) == 1
        assert "dropped" in told[0]


def test_a_line_is_written_in_one_piece(pipe: Pipe, monkeypatch: pytest.MonkeyPatch):
    pieces: list[bytes] = []
    write = os.write

    def note(number: int, data: memoryview) -> int:
        if number == pipe.stream.fileno():
            pieces.append(bytes(data))
        return write(number, data)

    monkeypatch.setattr(os, "write", note)
    outlet = Outlet(pipe.stream)
    with without_end(outlet):
        for number in range(300):
            print("line", number, "of many", file=outlet)
        print("without", end=" ", file=outlet)
        print("an end", end="", file=outlet, flush=True)
        reader = threading.Thread(target=pipe.read, args=("an end",))
        reader.start()
        assert outlet.wait(NOT_LONG)
        reader.join(LIMIT)
    assert b"".join(pieces).decode().splitlines()[-1] == "without an end"
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    assert all(len(piece) <= PIECE for piece in pieces)


def test_a_pipe_that_says_it_is_full_is_tried_again(pipe: Pipe):
    os.set_blocking(pipe.stream.fileno(), False)
    outlet = Outlet(pipe.stream)
    with without_end(outlet):
        said = say(outlet, range(MUCH // 100))
        assert pipe.read(said[-1]) == "".join(said)
        assert outlet.error is None


def test_a_reader_that_is_gone_is_waited_for_by_nobody(pipe: Pipe):
    outlet = Outlet(pipe.stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), pipe.out)
    with without_end(outlet):
        say(outlet, range(3))
        assert not outlet.wait(NOT_LONG)
        assert isinstance(outlet.error, BrokenPipeError)
        say(outlet, range(3))


def test_words_that_the_stream_has_no_letters_for_are_written_all_the_same(pipe: Pipe):
    pipe.stream.reconfigure(encoding="ascii")
    outlet = Outlet(pipe.stream)
    with without_end(outlet):
        outlet.write("Kurt Gödel\n")
        assert pipe.read("\n") == "Kurt G\\xf6del\n"


class Deaf:
    """stdout and stderr of this process as pipes, and signals that come when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.out, self.errors = Pipe(), Pipe()
        self.signals = 0
        monkeypatch.setattr(sys, "stdout", self.out.stream)
        monkeypatch.setattr(sys, "stderr", self.errors.stream)
        self.terminal = Terminal(lambda: self.signals)

    def signal_when(self, state) -> None:
        """Have a signal come once a state is there, in the midst of whatever goes on."""

        def come() -> None:
            until(state)
            self.signals += 1

        threading.Thread(target=come, daemon=True).start()

    def close(self) -> None:
        for pipe in (self.out, self.errors):
            os.set_blocking(pipe.out, False)
            while (thread := pipe.thread) and thread.is_alive():
                try:
                    os.read(pipe.out, 65_536)
                except BlockingIOError:
                    time.sleep(0.001)
            pipe.close()


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deaf]:
    made = Deaf(monkeypatch)
    yield made
    terminal = made.terminal
    for pipe, outlet in ((made.out, terminal.out), (made.errors, terminal.errors)):
        assert outlet is not None
        outlet.close()
        pipe.thread = outlet._thread
    monkeypatch.undo()
    made.close()


def test_everything_that_is_printed_goes_through_it(deaf: Deaf):
    before = sys.stdout, sys.stderr
    with deaf.terminal:
        print("result")
        print("complaint", file=sys.stderr)
        assert deaf.terminal.deliver() == ""
    assert (sys.stdout, sys.stderr) == before
    assert (deaf.out.read("\n"), deaf.errors.read("\n")) == ("result\n", "complaint\n")


def test_results_are_waited_for_until_a_signal_comes(deaf: Deaf):
    began = time.monotonic()
    with deaf.terminal:
        deaf.terminal.results(map(line, range(MUCH // 100)))
        deaf.signal_when(lambda: time.monotonic() - began > 2 * QUIET)
        deaf.terminal.deliver()
    assert time.monotonic() - began > 2 * QUIET, "the reader may take its time"
    assert deaf.signals == 1


def test_more_results_than_there_is_room_for_are_all_delivered(deaf: Deaf):
    out = deaf.terminal.out
    assert out is not None
    out._room = 5000
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(deaf.out.read("0003999")))
    reader.start()
    with deaf.terminal:
        deaf.terminal.results(map(line, range(4000)))
        assert deaf.terminal.deliver() == ""
    reader.join(LIMIT)
    assert found[0].count("\n") >= 3999
    assert "dropped" not in found[0]


def test_a_signal_ends_the_results_that_there_is_no_room_for(deaf: Deaf):
    out = deaf.terminal.out
    assert out is not None
    out._room = 5000
    asked = 0

    def lines() -> Iterator[str]:
        nonlocal asked
        for asked in range(MUCH // 100):
            yield line(asked)

    with deaf.terminal:
        deaf.signal_when(lambda: out.full)
        deaf.terminal.results(lines())
    assert asked < MUCH // 100 - 1


def test_complaints_that_nobody_reads_are_waited_for_a_moment(deaf: Deaf):
    began = time.monotonic()
    with deaf.terminal:
        say(sys.stderr, range(MUCH // 100))
    assert QUIET < time.monotonic() - began < LIMIT


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_after_a_signal_ends_it_at_once(first: int, monkeypatch: pytest.MonkeyPatch):
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    interrupts = Interrupts()
    try:
        os.kill(os.getpid(), first)
        until(lambda: interrupts.count == 1)
        assert left == []
        os.kill(os.getpid(), signal.SIGINT)
        until(lambda: left)
        assert left == [130]
    finally:
        interrupts.restore()
