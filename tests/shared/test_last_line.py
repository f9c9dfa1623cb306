"""The last line that a process printed, read while it is written."""

from game.crew.starting import spawning
from game.shared.last_line import SEQUENCE, SIZE, LastLine, Said


def made() -> LastLine:
    return LastLine(spawning())


def test_the_last_line_and_how_many_there_were():
    last = made()
    assert last.read() == Said(0, "")
    for line in ("one", "a longer one", "two"):
        last.write(line)
    assert last.read() == Said(3, "two")


def test_a_long_line_is_cut_between_two_characters():
    last = made()
    last.write("\N{EURO SIGN}" * SIZE)
    assert last.read().last == "\N{EURO SIGN}" * (SIZE // 3)


def test_one_that_is_being_written_is_not_shown():
    last = made()
    last.write("whole")
    assert last.read() == Said(1, "whole")
    last._numbers[SEQUENCE] += 1
    last._text.raw = b"half".ljust(SIZE, b"\0")
    assert last.read() == Said(1, "whole")
