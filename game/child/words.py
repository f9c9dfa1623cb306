"""Words of a behaviour, made fit for a note: what it raised, in a line and as a traceback.

    exception -> account() -> headline, traceback -> abridged, harmless -> the note of its slot

Whatever the exception does when it is asked (`__str__` raises, a megabyte of message, escape
sequences), there is an account of it. Used in movers' processes and in the nursery.
"""

import os
import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType

from game.shared.table import NOTE

HEADLINE = 400  # [characters] of an exception's first line, at most
LONGEST = 500  # [characters] of a line of a traceback, at most
TRACE = 3 * NOTE // 4 - 100  # [bytes] of a traceback, at most: a quarter is for the headline
READ = 8 * NOTE  # [characters] that are looked at, from either end of a text
OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep  # frames of whose files say nothing

# Colours, titles, links: a sequence as a whole. ECMA-48: CSI, then OSC and its like, then others.
SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]"
)
# What is left of the control characters, and what turns the direction of writing around.
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """The text without what could steer a terminal; tabs and new lines stay."""
    if is_harmless(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as a progress bar has it: anew
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], SEQUENCE.sub("", text))


def is_harmless(text: str) -> bool:
    """Whether a text has nothing that could steer a terminal."""
    return CONTROL.search(text) is None


def account(error: BaseException) -> tuple[str, str]:
    """An exception in a line, and its traceback without our own first frames; never raises."""
    try:
        trace = theirs(error.__traceback__)
        return headline(error), abridged("".join(told(error, trace)))
    except BaseException:  # one that cannot be formatted, or no memory to do so
        return plain_account(error)


def headline(error: BaseException) -> str:
    """An exception in a line: what it is, and the first line of what it says."""
    name, words = type(error).__name__, message(error)
    if isinstance(error, SystemExit):
        name = "left"
    return one_line(f"{name}: {words}" if words else name)


def message(error: BaseException) -> str:
    """What an exception says of itself, or why it cannot."""
    try:
        return str.__str__(str(error))[:READ].strip()
    except BaseException as another:
        return f"(its __str__ raised {type(another).__name__})"


def one_line(text: str) -> str:
    """The first line of a text, not too long."""
    first = harmless(text[:READ]).strip().partition("\n")[0]
    return first if len(first) <= HEADLINE else first[: HEADLINE - 1] + "…"


def theirs(trace: TracebackType | None) -> TracebackType | None:
    """A traceback from the first frame on that is not ours."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(OURS):
        trace = trace.tb_next
    return trace


def told(error: BaseException, trace: TracebackType | None) -> Iterator[str]:
    """The lines of a traceback; none where the exception is ours, and says all in its headline."""
    more = error.__cause__ or error.__context__ or getattr(error, "__notes__", None)
    if trace is not None or more or isinstance(error, SyntaxError | BaseExceptionGroup):
        yield from traceback.format_exception(type(error), error, trace)


def plain_account(error: BaseException) -> tuple[str, str]:
    """The same of an exception that cannot be formatted: where it came from."""
    lines = []
    with suppress(BaseException):
        trace = theirs(error.__traceback__)
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}')
            trace = trace.tb_next
    name = "an exception"
    with suppress(BaseException):
        name = str.__str__(type(error).__name__)
    with suppress(BaseException):
        return one_line(f"{name}: {message(error)}"), abridged("\n".join([*lines, name, ""]))
    return name, ""


def abridged(text: str, room: int = TRACE) -> str:
    """The text in `room` [bytes]: long lines without their middle, then without middle lines.

    A traceback begins with where, and ends with what: the end gets the larger part.
    """
    if len(text) > 2 * READ:
        text = f"{text[:READ]}\n…\n{text[-READ:]}"
    lines = [shortened(line) for line in harmless(text).splitlines(keepends=True)]
    sizes = [len(line.encode(errors="replace")) for line in lines]
    if sum(sizes) <= room:
        return "".join(lines)
    first, last = 0, len(lines)
    left = room - 60  # for the line between them
    head = left // 3
    while first < last and sizes[first] <= head:
        head -= sizes[first]
        left -= sizes[first]
        first += 1
    while last > first and sizes[last - 1] <= left:
        last -= 1
        left -= sizes[last]
    return "".join([*lines[:first], f"… {last - first:,} lines …\n", *lines[last:]])


def shortened(line: str) -> str:
    """A line without its middle, if it is too long."""
    if len(line) <= LONGEST:
        return line
    half = LONGEST // 2
    return f"{line[:half]} … {len(line) - 2 * half:,} characters … {line[-half:]}"


def exit_account(leaving: SystemExit) -> tuple[int, str, str]:
    """The exit status that Python gives a SystemExit, and its words, if it has any: the first
    line, and all of them where they are more than that."""
    code = leaving.code
    if code is None:
        return 0, "", ""
    if not isinstance(code, int):
        words = message(leaving)
        more = harmless(words) if "\n" in words else ""
        return 1, headline(leaving) if words else "", abridged(more)
    status = code & 0xFF if -(2**63) <= code < 2**63 else 0xFF
    if status == code:
        return status, "", ""
    number = f"{code}" if abs(code) < 10**30 else f"a number of {code.bit_length():,} bits"
    return status, f"left: exit code {number}, of which the system keeps {status}", ""
