"""The command line's options, what values they take, and their help.

Imported by __main__ before anything else is: nothing here may take time.
"""

import argparse
import math
import os
import re
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

SCENES = sorted(
    name.removesuffix(".py")
    for name in os.listdir(os.path.join(os.path.dirname(__file__), "scenes"))
    if name.endswith(".py") and not name.startswith("_")
)

POLICIES = ("never", "on-failure", "always")
SYNC = ("none", "element", "lock", "seqlock", "all")
MANY = 10**9
MOST_AGENTS = 20_000_000  # two values each: 320 MB of shared memory


def whole(low: int, high: int) -> Callable[[str], int]:
    """A converter for whole numbers from `low` to `high`."""

    def convert(text: str) -> int:
        if re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", text) and low <= int(text) <= high:
            return int(text)
        raise argparse.ArgumentTypeError(
            f"{shorten(text)} is not a whole number from {low} to {high}"
        )

    return convert


def number(low: float, high: float, unit: str) -> Callable[[str], float]:
    """A converter for decimal numbers from `low` to `high` [unit]."""

    def convert(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            return value
        raise argparse.ArgumentTypeError(
            f"{shorten(text)} is not a number from {low:g} to {high:g} {unit}"
        )

    return convert


def frame_rate(text: str) -> float:
    """A converter for a cap of frames a second [Hz]; 0 for none."""
    with suppress(ValueError):
        value = float(text)
        if value == 0 or 1 <= value <= 10_000:
            return value
    raise argparse.ArgumentTypeError(
        f"{shorten(text)} is neither 0, for no cap, nor a number from 1 to 10000 Hz"
    )


def window_size(text: str) -> tuple[int, int]:
    """A converter for a size such as 1280x720 [px]."""
    match = re.fullmatch(r"([0-9]{1,5})[xX]([0-9]{1,5})", text)
    if match:
        width, height = int(match[1]), int(match[2])
        if 320 <= width <= 7680 and 240 <= height <= 4320:
            return width, height
    raise argparse.ArgumentTypeError(
        f"{shorten(text)} is not a size from 320x240 to 7680x4320, such as 1280x720"
    )


def filled(text: str) -> str:
    """A converter for names, which an unset variable of a shell leaves empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{shorten(text)} is empty; give a name")
    return text


def shorten(text: str) -> str:
    """A value as it stands in a message: quoted, on one line, not too long."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose complaints take one line."""

    def error(self, message: str) -> NoReturn:
        line = message.removeprefix("argument ").replace("\n", " ")
        self.exit(2, f"game: {line}\n")


def parser() -> argparse.ArgumentParser:
    """The options and their help, in groups."""
    p = Parser(
        prog="python -m game",
        description="Watch Python processes share memory: every agent is a process of its own.",
        epilog="Keys: press H in the window.",
        allow_abbrev=False,
    )
    p.add_argument("scene", nargs="?", help=f"what to show: {', '.join(SCENES)}")
    for title, fill in (
        ("agents", agents),
        ("race", race),
        ("road", road),
        ("the run", the_run),
        ("window", window),
        ("files", files),
    ):
        fill(p.add_argument_group(title).add_argument)
    return p


def agents(add: Callable[..., object]) -> None:
    """Who drives, how many, how fast."""
    count, at_most = whole(1, MOST_AGENTS), whole(1, 2 * MOST_AGENTS)
    how_many = "how many to start with (swarm 12, race 5, road 4)"
    add("--agents", "--vehicles", type=count, metavar="N", help=how_many)
    most = "most agents there can be (twice --agents, at least 256)"
    add("--capacity", type=at_most, metavar="N", help=most)
    program = "one of the tutorial's programs (--list-movers)"
    add("--preset", type=filled, metavar="NAME", help=program)
    add("--mover", type=filled, metavar="NAME|FILE.py", help="the behaviour")
    add("--list-movers", action="store_true", help="list the behaviours and presets, and end")
    add("--per-process", type=whole(1, MANY), metavar="M", help="agents of one process (1)")
    rate = "updates a second (swarm 10, race 2, road 10)"
    add("--rate", type=number(0.01, 10_000, "Hz"), metavar="HZ", help=rate)
    add("--seed", type=whole(0, 2**32 - 1), metavar="N", help="same seed, same choices")
    again = "start a mover again that ended (never)"
    add("--restart", choices=POLICIES, default="never", help=again)


def race(add: Callable[..., object]) -> None:
    """What is the race's alone."""
    add("--track", type=filled, metavar="NAME|FILE.csv", help="the circuit (kart)")
    add("--laps", type=whole(1, 10_000), metavar="N", help="the race ends after N laps")


def road(add: Callable[..., object]) -> None:
    """What is the road's alone."""
    add("--sync", choices=SYNC, default="", help="how the array is shared; all: in turn (none)")
    add("--stress", action="store_true", help="the writer runs flat out")
    add("--lens", type=number(0, 10_000, "ms"), metavar="MS", help="pause between two elements")


def the_run(add: Callable[..., object]) -> None:
    """How long it lasts, and who looks on."""
    add("--updates", type=whole(1, MANY), metavar="K", help="end after K updates of each mover")
    add("--frames", type=whole(1, MANY), metavar="N", help="end after N frames")
    add("--seconds", type=number(0.001, MANY, "s"), metavar="S", help="end after S seconds")
    watch = "a process that only reads prints the values, every so often (1)"
    every = number(0.01, 3600, "s")
    add("--monitor", type=every, nargs="?", const=1.0, metavar="SECONDS", help=watch)
    how = "how processes are started"
    add("--start-method", choices=("forkserver", "spawn"), default="", help=how)


def window(add: Callable[..., object]) -> None:
    """What the person sees."""
    add("--headless", action="store_true", help="no window")
    cap = "most frames a second; 0: no limit (60)"
    add("--fps", type=frame_rate, metavar="N", default=60.0, help=cap)
    add("--size", type=window_size, metavar="WxH", default=(1280, 720), help="window (1280x720)")
    add("--theme", type=filled, metavar="NAME", default="dark", help="dark or light (dark)")
    larger = "larger text and lines, for dense displays (1)"
    add("--scale", type=number(0.5, 4, "times"), metavar="X", default=1.0, help=larger)


def files(add: Callable[..., object]) -> None:
    """What is left of the run."""
    add("--screenshot", type=filled, metavar="FILE.png", help="save the last frame")
    add("--stats", type=filled, metavar="FILE.json", help="save what was measured")
