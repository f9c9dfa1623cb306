"""The command line: `python -m game swarm`.

Light, so that --help answers at once: it imports nothing but argparse until the arguments are
known to be well-formed.
"""

import argparse
import math
import os
import re
import sys
import time
from collections.abc import Callable
from typing import NoReturn

BEGUN = time.perf_counter()  # [s] as near to the program's start as Python lets us
SCENES = sorted(
    name.removesuffix(".py")
    for name in os.listdir(os.path.join(os.path.dirname(__file__), "scenes"))
    if name.endswith(".py") and not name.startswith("_")
)

POLICIES = ("never", "on-failure", "always")
SYNC = ("none", "element", "lock", "seqlock", "all")
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
    """The options and their help."""
    many = 10**9
    p = Parser(
        prog="python -m game",
        description="Watch Python processes share memory: every agent is a process of its own.",
        epilog="Keys: press H in the window.",
        allow_abbrev=False,
    )
    add = p.add_argument
    add("scene", nargs="?", help=f"what to show: {', '.join(SCENES)}")
    add(
        "--agents",
        "--vehicles",
        type=whole(1, MOST_AGENTS),
        metavar="N",
        help="how many to start with (swarm 12, race 5, road 4)",
    )
    add(
        "--capacity",
        type=whole(1, 2 * MOST_AGENTS),
        metavar="N",
        help="most agents there can be (twice --agents, at least 256)",
    )
    add("--preset", type=filled, metavar="NAME", help="one of the tutorial's programs")
    add("--mover", type=filled, metavar="NAME|FILE.py", help="the behaviour")
    add("--list-movers", action="store_true", help="list the behaviours and presets, and end")
    add("--track", type=filled, metavar="NAME|FILE.csv", help="the circuit (race)")
    add("--laps", type=whole(1, 10_000), metavar="N", help="the race ends after N laps (race)")
    add("--per-process", type=whole(1, many), metavar="M", help="agents of one process (1)")
    add(
        "--rate",
        type=number(0.01, 10_000, "Hz"),
        metavar="HZ",
        help="updates a second (swarm 10, race 2, road 10)",
    )
    add("--updates", type=whole(1, many), metavar="K", help="end after K updates of each mover")
    add("--seed", type=whole(0, 2**32 - 1), metavar="N", help="same seed, same choices")
    add(
        "--monitor",
        type=number(0.01, 3600, "s"),
        nargs="?",
        const=1.0,
        metavar="SECONDS",
        help="a process that only reads prints the values, every second or so",
    )
    add(
        "--restart",
        choices=POLICIES,
        default="never",
        help="start a mover again that ended (never)",
    )
    add("--sync", choices=SYNC, default="", help="how the array is shared; all: in turn (road)")
    add("--stress", action="store_true", help="the writer runs flat out (road)")
    add("--lens", type=number(0, 10_000, "ms"), metavar="MS", help="pause between elements (road)")
    add("--headless", action="store_true", help="no window")
    add("--frames", type=whole(1, many), metavar="N", help="end after N frames")
    add("--seconds", type=number(0.001, many, "s"), metavar="S", help="end after S seconds")
    add(
        "--fps",
        type=number(0, 10_000, "Hz"),
        metavar="N",
        default=60.0,
        help="most frames a second; 0: no limit (60)",
    )
    add("--size", type=window_size, metavar="WxH", default=(1280, 720), help="window (1280x720)")
    add("--theme", type=filled, metavar="NAME", default="dark", help="dark or light (dark)")
    add(
        "--scale",
        type=number(0.5, 4, "pixels a point"),
        metavar="X",
        default=1.0,
        help="larger text and lines, for dense displays (1)",
    )
    add("--screenshot", type=filled, metavar="FILE.png", help="save the last frame")
    add("--stats", type=filled, metavar="FILE.json", help="save what was measured")
    add(
        "--start-method",
        choices=("forkserver", "spawn"),
        default="",
        help="how processes are started",
    )
    return p


def list_movers(scenes: list[str]) -> None:
    """Print each scene's behaviours and presets, a line each."""
    from game import movers

    for scene in scenes:
        world = movers.world(scene)
        print(f"{scene}  --mover NAME")
        for name in movers.names(scene):
            print(f"  {name:10} {movers.describe(scene, name)}")
        print(f"{scene}  --preset NAME")
        for name, preset in world.PRESETS.items():
            print(f"  {name:10} {preset.about}")


def fill_standard_streams() -> None:
    """Open what is closed of stdin, stdout and stderr, so that no other file takes its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    p = parser()
    given = p.parse_args(arguments)
    have = ", ".join(SCENES)
    if given.scene is not None and given.scene not in SCENES:
        p.error(f"there is no scene {given.scene!r}; give one of {have}")
    if given.list_movers:
        list_movers([given.scene] if given.scene else SCENES)
        return 0
    if given.scene is None:
        p.error(f"which scene? Give one of {have}; --help shows the options")
    from game.options import settle

    try:
        options = settle(given)
    except ValueError as error:
        p.error(str(error))
    from game import app

    return app.run(options, BEGUN)


if __name__ == "__main__":
    fill_standard_streams()
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the app listens for it
        sys.exit(130)
    except BrokenPipeError:  # nobody reads any more, as with `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
