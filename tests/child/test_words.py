"""Words of behaviours: whatever is raised has an account, and whatever is printed is harmless."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.child.printed import Printed
from game.child.rows import flat_crowd, flatten, unrun
from game.child.words import (
    HEADLINE,
    TRACE,
    abridged,
    account,
    exit_account,
    harmless,
    plain_account,
)
from game.shared.table import NOTE, Slice, Table

FIELDS = {"x": "m", "y": "m"}


def raised(error: BaseException) -> BaseException:
    """The same exception with a traceback, as it is caught."""
    try:
        raise error
    except BaseException as caught:
        return caught


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


def odd() -> BaseException:
    """An exception of a class that will not even say what it is called."""

    class Nameless(type):
        @property
        def __name__(cls) -> str:
            raise RuntimeError("no name")

    return Nameless("Odd", (Exception,), {})("x")


def test_an_account_is_a_line_and_where_it_came_from():
    headline, trace = account(raised(KeyError("speed")))
    assert headline == "KeyError: 'speed'"
    assert "in raised\n    raise error\n" in trace
    assert trace.endswith("KeyError: 'speed'\n")


@pytest.mark.parametrize(
    ("make", "headline", "inside"),
    [
        (Mute, "Mute: (its __str__ raised RuntimeError)", "in raised"),
        (odd, "an exception", "in raised"),
        # The module traceback itself raises for this one.
        (lambda: SyntaxError("odd", ("a.py", 1, [], "text")), "SyntaxError: odd", "in raised"),
        (
            lambda: ExceptionGroup("two", [Mute(), KeyError(1)]),
            "ExceptionGroup: two (2",
            "Error: 1",
        ),
        (KeyboardInterrupt, "KeyboardInterrupt", "in raised"),
        (lambda: ValueError("\n\n second"), "ValueError: second", "in raised"),
        (lambda: ValueError("\0\x1b[31mred\a"), r"ValueError: \x00red\x07", r"Error: \x00red"),
    ],
)
def test_whatever_an_exception_does_there_is_an_account(
    make: Callable[[], BaseException], headline: str, inside: str
):
    found, trace = account(raised(make()))
    assert found.startswith(headline)
    assert inside in trace


def test_without_memory_to_format_it_there_is_still_where_it_came_from(monkeypatch):
    def fail(*args: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("traceback.format_exception", fail)
    headline, trace = account(raised(ValueError("words")))
    assert headline == "ValueError: words"
    assert 'test_words.py", line' in trace
    assert plain_account(Mute())[0] == "Mute: (its __str__ raised RuntimeError)"


def test_a_huge_message_leaves_room_for_where_it_came_from():
    for message in ("x" * 10_000_000, "a line\n" * 1_000_000, "ä" * 9_000):
        headline, trace = account(raised(ValueError(message)))
        assert len(headline) <= HEADLINE
        assert len(trace.encode()) <= TRACE
        assert "in raised\n" in trace
        assert "ValueError: " in trace


def test_a_long_traceback_keeps_its_beginning_and_more_of_its_end():
    lines = [f"line {number}\n" for number in range(1000)]
    found = abridged("".join(lines)).splitlines(keepends=True)
    gap = next(at for at, line in enumerate(found) if line.startswith("…"))
    assert found[:gap] == lines[:gap]
    assert found[gap + 1 :] == lines[gap + 1 - len(found) :]
    assert len(found) - gap > gap > 20
    assert f"{1000 - len(found) + 1} lines" in found[gap]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("\x1b", r"\x1b"),
        ("\x9b31m", r"\x9b31m"),
        ("50 %\r51 %\r\n", "50 %\n51 %\n"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("ordinary äöü 漢字 \U0001f600", "ordinary äöü 漢字 \U0001f600"),
    ],
)
def test_what_could_steer_a_terminal_is_made_harmless(said: str, shown: str):
    assert harmless(said) == shown


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b[]\\;\x07\x9b\r\n\t")))
def test_no_text_at_all_keeps_a_control_character(text: str):
    found = harmless(text)
    assert all(ord(c) >= 32 or c in "\t\n" for c in found)
    assert not any(0x7F <= ord(c) <= 0x9F for c in found)


@pytest.mark.parametrize(
    ("code", "status", "headline", "words"),
    [
        (None, 0, "", ""),
        (0, 0, "", ""),
        (3, 3, "", ""),
        (True, 1, "", ""),
        (-1, 255, "left: exit code -1, of which the system keeps 255", ""),
        (256, 0, "left: exit code 256, of which the system keeps 0", ""),
        (10**20, 255, f"left: exit code {10**20}, of which the system keeps 255", ""),
        (10**30, 255, "left: exit code a number of 100 bits, of which the system keeps 255", ""),
        (10**5000, 255, "left: exit code a number of 16,610 bits, of which", ""),
        ("no map", 1, "left: no map", ""),
        ("no map\nberlin\x1b[2J", 1, "left: no map", "no map\nberlin"),
        ("", 1, "", ""),
        (Mute(), 1, "left: (its __str__ raised RuntimeError)", ""),
    ],
    ids=map(str, range(13)),  # pytest cannot write some of them, either
)
def test_who_leaves_is_taken_at_his_word(code: Any, status: int, headline: str, words: str):
    found = exit_account(SystemExit(code))
    assert found[0] == status
    assert found[1].startswith(headline)
    assert bool(found[1]) == bool(headline)
    assert found[2] == words


# What is printed.


def noted(print_more: Any) -> tuple[tuple[str, str], Table]:
    """The note after `print_more` has been called with what stands for stdout."""
    table = Table(multiprocessing.get_context("spawn"), FIELDS, 1)
    table.open(0, 1)
    print_more(Printed(Slice(table, 0)))
    return table.note(0), table


def test_what_is_printed_is_kept_and_harmless_also_in_pieces():
    def pieces(out: Printed) -> None:
        for piece in ("one\n", "\x1b", "[2J", "two\x07"):
            assert out.write(piece) == len(piece)

    assert noted(pieces)[0] == ("", r"one" + "\ntwo\\x07")


def test_last_words_stay_whatever_is_printed_after_them():
    def conclude(out: Printed) -> None:
        out.write("before")
        out.conclude("ValueError: no", "Traceback\n")
        out.write("bye")
        thread = threading.Thread(target=out.write, args=("from a thread",))
        thread.start()
        thread.join()

    assert noted(conclude)[0] == ("ValueError: no", "before\nTraceback\n")


def test_last_words_do_not_wait_for_a_thread_that_prints_for_ever():
    def conclude(out: Printed) -> None:
        held, enough = threading.Event(), threading.Event()

        def hold() -> None:
            with out._lock:
                held.set()
                enough.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        out.conclude("ValueError: no", "Traceback\n")
        enough.set()
        thread.join()

    assert noted(conclude)[0][0] == "ValueError: no"


def test_printing_while_something_is_printed_is_no_deadlock():
    def nested(out: Printed) -> None:
        with out._lock:  # as where memory is freed in the middle of it
            out.write("inner")

    assert noted(nested)[0] == ("", "inner")


def test_very_much_that_is_printed_leaves_its_end():
    (headline, words), table = noted(lambda out: [out.write(f"{n}\n") for n in range(9999)])
    assert headline == ""
    assert words.endswith("9997\n9998\n")
    assert len(bytes(table.notes)) == NOTE


# What is returned.


async def coroutine() -> None: ...


def generator() -> Any:
    yield 1.0, 2.0


async def async_generator() -> Any:
    yield 1.0, 2.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: {1.0, 2.0}, "returned a set, which has no order: {1.0, 2.0}"),
        (lambda: frozenset((1.0, 2.0)), "returned a frozenset, which has no order"),
        (lambda: {1.0: 0, 2.0: 0}.keys(), "returned a dict_keys, which has no order"),
        (lambda: {1.0: "x", 2.0: "y"}, "returned a dict, whose keys are no values"),
        (lambda: Counter((1.0, 2.0)), "returned a Counter, whose keys are no values"),
        (lambda: b"ab", "returned bytes, whose characters are no values: b'ab'"),
        (lambda: bytearray(b"ab"), "returned bytearray, whose characters are no values"),
        (lambda: memoryview(b"ab"), "returned memoryview, whose characters are no values"),
        (lambda: "12", "returned str, whose characters are no values: '12'"),
        (coroutine, "is a coroutine function (async def); it has to be a plain def"),
        (generator, "is a generator function (it has a yield); it has to be a plain def"),
        (async_generator, "is a generator function (it has a yield); it has to be a plain def"),
    ],
)
def test_what_is_no_row_is_refused_by_its_name(make: Any, words: str):
    with pytest.raises(ValueError, match=r"wanted 2 values: x \[m\], y \[m\]") as step:
        flatten([make()], FIELDS)
    assert str(step.value).startswith(f"step() {words}")
    with pytest.raises(ValueError, match="wanted an array of 2 values 'd' in one piece") as crowd:
        flat_crowd(make(), 1, FIELDS)
    assert str(crowd.value).startswith(f"Crowd.step() {words}")


@pytest.mark.parametrize(
    "row",
    [(1, 2), [1.0, 2], np.array([1.0, 2.0]), memoryview(np.array([1, 2])), {0: 1, 1: 2}.values()],
    ids=lambda row: type(row).__name__,
)
def test_values_in_an_order_are_a_row_whatever_holds_them(row: Any):
    assert flatten([row], FIELDS).tolist() == [1.0, 2.0]


def test_what_never_ends_and_what_cannot_be_written_is_refused_all_the_same():
    class Endless:
        def __len__(self) -> int:
            return 2

        def __iter__(self) -> Any:
            while True:
                yield 1.0

        def __repr__(self) -> str:
            raise RuntimeError

    with pytest.raises(ValueError, match=r"a Endless \(its __repr__ raised RuntimeError\)"):
        flatten([Endless()], FIELDS)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([(1.0, 2.0)], "returned a list, wanted an array"),
        (None, "returned a NoneType, wanted an array"),
        (np.zeros((1, 2), np.float32), "returned an array of 1x2 'f', wanted 2 values"),
        (np.zeros((2, 2)), "returned an array of 2x2 'd', wanted 2 values"),
        (np.zeros((1, 4))[:, ::2], "returned an array of 1x2 'd', wanted 2 values"),
        (np.zeros(2, "datetime64[s]"), "returned a ndarray, wanted an array"),
    ],
)
def test_a_crowd_is_told_what_would_be_right(found: Any, words: str):
    with pytest.raises(ValueError, match="float64") as refused:
        flat_crowd(found, 1, FIELDS)
    assert words in str(refused.value)
    assert flat_crowd(np.array([[1.0, 2.0]]), 1, FIELDS).tolist() == [1.0, 2.0]


def test_a_function_that_has_run_is_none_that_has_not():
    assert [unrun(found) for found in (None, 1, iter(()), (x for x in ()).__class__)] == [""] * 4
