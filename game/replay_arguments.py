"""The command lines of `replay` and `export`, and what they take.

Imported by __main__ where one of them is asked for: light, as game.arguments is.
"""

import argparse
import os
from collections.abc import Sequence

from game.arguments import MANY, Parser, filled, number, window, window_size

COMMANDS = ("replay", "export")
OUTS = (".gif", ".webp", ".png", ".mp4", ".csv", ".npz")
LONGEST = 10_000_000  # [s]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What the arguments ask for, the command included; ends the program where they are wrong."""
    command, *rest = arguments
    p = replay_parser() if command == "replay" else export_parser()
    given = p.parse_intermixed_args(rest)
    given.command = command
    try:
        check(given)
    except ValueError as error:
        p.error(str(error))
    return given


def replay_parser() -> Parser:
    """The options of a replay."""
    p = Parser(
        prog="python -m game replay",
        description="Show a recording: the same scene, at any moment of it. "
        "Keys: press H in the window.",
        allow_abbrev=False,
    )
    add = p.add_argument
    add("file", metavar="FILE", help="what --record has written")
    add("--beside", type=filled, metavar="FILE2", help="another run on the same ground, faintly")
    _span(p)
    add("--frames", type=int, metavar="N", help="end after N frames")
    add("--seconds", type=number(0.001, MANY, "s"), metavar="S", help="end after S seconds")
    window(p.add_argument_group("window").add_argument)
    files = p.add_argument_group("files").add_argument
    files("--screenshot", type=filled, metavar="FILE.png", help="save the last frame shown")
    shown = "save what had been measured by the last frame shown"
    files("--stats", type=filled, metavar="FILE.json", help=shown)
    return p


def export_parser() -> Parser:
    """The options of an export."""
    p = Parser(
        prog="python -m game export",
        description="Make a film, a picture or a table of a recording.",
        allow_abbrev=False,
    )
    add = p.add_argument
    add("file", metavar="FILE", help="what --record has written")
    add("out", metavar="OUT", help=f"what to make; it ends in one of {' '.join(OUTS)}")
    _span(p)
    rate = "pictures a second of a film (.gif 20, .webp 30, .mp4 60)"
    add("--fps", type=number(1, 240, "Hz"), metavar="N", help=rate)
    size = "of the pictures (.gif 640x360, else as it was recorded)"
    add("--size", type=window_size, metavar="WxH", help=size)
    add("--theme", type=filled, metavar="NAME", default="dark", help="dark or light (dark)")
    larger = "larger text and lines (1; .gif 0.75)"
    add("--scale", type=number(0.5, 4, "times"), metavar="X", help=larger)
    return p


def _span(p: Parser) -> None:
    add = p.add_argument
    second = number(0, LONGEST, "s")
    add("--from", dest="start", type=second, metavar="S", help="begin at S seconds (0)")
    add("--to", dest="end", type=second, metavar="S", help="end at S seconds")
    outside = "the scene from outside that it is of: a recording alone has none of your files run"
    add("--scene", type=filled, metavar="PATH", help=outside)
    times = number(1 / 16, 64, "times")
    add("--speed", type=times, metavar="X", default=1.0, help="times as fast as it was (1)")


def check(given: argparse.Namespace) -> None:
    """See that the options go together."""
    from game.options import check_writable

    if given.start is not None and given.end is not None and given.end <= given.start:
        raise ValueError(f"--to: {given.end:g} is not after --from {given.start:g}")
    if given.command == "replay":
        if given.frames is not None and given.frames < 1:
            raise ValueError(f"--frames: {given.frames} is not a whole number from 1")
        check_writable(given.screenshot, "--screenshot", ".png")
        check_writable(given.stats, "--stats", ".json")
        return
    ending = os.path.splitext(given.out)[1].lower()
    if ending not in OUTS:
        raise ValueError(f"{given.out}: it ends in none of {' '.join(OUTS)}")
    there = os.path.exists(given.file) and os.path.exists(given.out)
    if there and os.path.samefile(given.file, given.out):
        raise ValueError(f"{given.out}: it is the recording itself; give another name")
    check_writable(given.out, "export", ending)
    if ending in (".gif", ".webp", ".mp4"):
        from game.recording.films import check_encoder

        check_encoder(given.out)
