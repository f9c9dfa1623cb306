"""The command line's options, what values they take, and their help.

Imported by __main__ before anything else is: nothing here may take time.
"""

import argparse
import math
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from typing import NoReturn, Self

from game import __version__
from game.cluster.where import where as cluster
from game.scenes import MOST_AGENTS, OWN, Definition, SceneError, find, is_outside

POLICIES = ("never", "on-failure", "always")
MANY = 10**9
SIMILAR = 0.7  # of 1: from there on, a wrong option is taken for a misspelled one

Add = Callable[..., object]  # add_argument of a group


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


def speed(text: str) -> float:
    """A converter for how many times as fast time runs: 64, 0.5, 1/16."""
    above, slash, below = text.partition("/")
    with suppress(ValueError, ZeroDivisionError):
        return float(above) / (float(below) if slash else 1.0)
    raise argparse.ArgumentTypeError(f"{shorten(text)} is not a number such as 8 or 1/4")


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


class InOrder(argparse.Action):
    """Keeps options that are given several times in a list, with their names, in their order."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        before = getattr(namespace, self.dest) or []
        setattr(namespace, self.dest, [*before, (self.option_strings[0], values)])


def shorten(text: str) -> str:
    """A value as it stands in a message: quoted, on one line, not too long."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose complaints take one line, or none."""

    _says = True

    def quiet(self) -> Self:
        """Complain no more."""
        self._says = False
        return self

    def error(self, message: str) -> NoReturn:
        line = message.removeprefix("argument ").replace("\n", " ")
        self.exit(2, f"game: {line}\n" if self._says else None)


def parser(scene: Definition | None = None) -> Parser:
    """The options and their help, in groups; those of a scene as well, if one is chosen."""
    usage = "python -m game [--help] SCENE [options]"
    p = Parser(
        prog="python -m game",
        usage=usage if scene is None else usage.replace("SCENE", scene.name),
        description="Watch Python processes share memory: every agent is a process of its own.",
        epilog="Each scene has options of its own: python -m game SCENE --help. "
        "Keys: press H in the window.",
        allow_abbrev=False,
    )
    which = f"what to show: {', '.join(OWN)}, or the path of a scene of your own"
    p.add_argument("scene", nargs="?", help=which)
    p.add_argument("--version", action="version", version=f"array-arena {__version__}")
    groups = {"agents": agents, "movers": movers} if scene is None or scene.processes else {}
    for title, fill in {**groups, "the run": the_run, "window": window, "files": files}.items():
        fill(p.add_argument_group(title).add_argument)
    if scene:
        with scene.in_a_line():
            if fill := scene.offers("options", "add_options"):
                fill(p.add_argument_group(f"{scene.name} alone").add_argument)
    return p


def scene_word(arguments: Sequence[str]) -> str | None:
    """Which scene some arguments name, whatever else they hold; None if they name none."""
    if arguments and not arguments[0].startswith("-"):
        return arguments[0]
    rest = [argument for argument in arguments if argument not in ASK]
    try:
        word: str | None = parser().quiet().parse_known_args(rest)[0].scene
    except SystemExit:  # it is told later, by the parser that knows the scene's options as well
        word = None
    # Before it, there may be options of a scene, whose values look like words to that parser.
    known = word is not None and (word in OWN or is_outside(word))
    return word if known else next((a for a in rest if a in OWN), word)


ASK = ("-h", "--help", "--version")  # are answered whatever else there is


def others_with(option: str, scene: Definition) -> list[str]:
    """Our scenes that have an option of their own which another scene has not."""
    found = []
    for name in OWN:
        group = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        if name != scene.name and (fill := find(name).offers("options", "add_options")):
            fill(group.add_argument)
        if option in group._option_string_actions:
            found.append(name)
    return found


def nearest(option: str, p: Parser) -> str:
    """The option that is spelled nearly like a wrong one; "" if none is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(option, p._option_string_actions, 1, SIMILAR)), "")


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Definition | None]:
    """What the arguments ask for, and the scene; ends the program where they are wrong."""
    word = scene_word(arguments)
    try:
        scene = None if word is None else find(word)
        p = parser(scene)
        with scene.in_a_line() if scene else nullcontext():
            words, command = split(arguments, scene)
            words = joined(words)
            given, unknown = p.parse_known_intermixed_args(words)
            given.command = command
    except SceneError as error:
        parser().error(str(error))
    option = next((a.partition("=")[0] for a in unknown if a.startswith("-")), "")
    if scene and option and (others := others_with(option, scene)):
        p.error(f"{option}: {scene.name} has no such option; give it to {' or '.join(others)}")
    if option and (meant := nearest(option, p)):
        p.error(f"there is no option {option}; did you mean {meant}?")
    if option and scene:
        p.error(f"there is no option {option}; see python -m game {word} --help")
    if unknown:
        p.error(f"unrecognized arguments: {' '.join(unknown)}")
    return given, scene


def split(
    arguments: Sequence[str], scene: Definition | None
) -> tuple[Sequence[str], Sequence[str]]:
    """The arguments, and the command after `--`, where the scene takes one."""
    if "--" not in arguments or not (scene and scene.offers("options", "TAKES_COMMAND")):
        return arguments, ()
    at = list(arguments).index("--")
    return arguments[:at], arguments[at + 1 :]


def joined(arguments: Sequence[str]) -> list[str]:
    """The arguments, each that begins with a negative number and has a comma, such as -5,-5,5,5,
    as the value of the option before it: else it would be taken for an option itself."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1].startswith("--") and re.match(r"-[0-9.][^,]*,", argument):
            found[-1] += f"={argument}"
        else:
            found.append(argument)
    return found


def agents(add: Add) -> None:
    """Who drives, how many, how fast."""
    count, at_most = whole(1, MOST_AGENTS), whole(1, 2 * MOST_AGENTS)
    add("--agents", type=count, metavar="N", help="how many to start with")
    most = "most agents there can be (twice --agents, at least 256)"
    add("--capacity", type=at_most, metavar="N", help=most)
    program = "one of the tutorial's programs (--list-movers)"
    add("--preset", type=filled, metavar="NAME", help=program)
    what = "a behaviour, of so many agents; of several, the others are shared out in turn"
    where = "NAME|FILE.py|FOLDER[:COUNT]"
    add("--mover", action=InOrder, dest="movers", type=filled, metavar=where, help=what)
    changed = "a parameter of the --mover before it, or of the one that there is else"
    add("--set", action=InOrder, dest="movers", type=filled, metavar="NAME=VALUE", help=changed)
    add("--list-movers", action="store_true", help="list behaviours and presets, and end")
    each = "agents of one process (1), which has one behaviour"
    add("--per-process", type=whole(1, MANY), metavar="M", help=each)
    add("--rate", type=number(0.01, 10_000, "Hz"), metavar="HZ", help="updates a second")
    add("--seed", type=whole(0, 2**32 - 1), metavar="N", help="same seed, same choices")
    again = "start a mover again that ended (never)"
    add("--restart", choices=POLICIES, default="never", help=again)


def the_run(add: Add) -> None:
    """How long it lasts."""
    add("--frames", type=whole(1, MANY), metavar="N", help="end after N frames")
    add("--seconds", type=number(0.001, MANY, "s"), metavar="S", help="end after S seconds")


def movers(add: Add) -> None:
    """How the processes are started and ended, and who looks on."""
    add("--updates", type=whole(1, MANY), metavar="K", help="end after K updates of each mover")
    keep = "keep the last picture of a run that ends by itself until a key (in a window: hold)"
    faster = "simulated time runs X times as fast, 1/16 to 64 (1); as far as the machine can"
    add("--speed", type=speed, metavar="X", default=1.0, help=faster)
    step = "all movers step together, and see what the others published in the step before: the "
    step += "same seed gives the same run, which movers that see each other else do not promise"
    add("--lockstep", action="store_true", help=step)
    again = "N headless runs, with seeds S, S+1, ... from --seed on; a table of wins at the end"
    add("--rounds", type=whole(1, 100_000), metavar="N", help=again)
    add("--hold", action=argparse.BooleanOptionalAction, help=keep)
    wait = "how long a run that ends by itself waits for a silent mover; 0: for ever (30)"
    add("--patience", type=number(0, MANY, "s"), metavar="SECONDS", default=30.0, help=wait)
    watch = "a process that only reads prints the values, every so often (1)"
    every = number(0.01, 3600, "s")
    add("--monitor", type=every, nargs="?", const=1.0, metavar="SECONDS", help=watch)
    forks, spawns = "forked by a small process that is loaded once", "an interpreter for each"
    how = f"how processes are started: {forks} (forkserver, Linux), or {spawns} (spawn)"
    add("--start-method", choices=methods(), default=methods()[0], help=how)
    saved = "when a mover's file is saved, or a module beside it, it drives on by the new code"
    add("--reload", action="store_true", help=saved)
    terminal = "one agent, in the window's own process: breakpoint(), pdb and input() work"
    add("--debug", action="store_true", help=terminal)
    add("--log", type=filled, metavar="DIR", help="all that each mover prints, a file each")
    nodes = "movers run on the nodes of a Ray cluster; local: one of 2 (N) nodes on this machine"
    add("--cluster", type=cluster, metavar="ADDRESS|auto|local[:N]", help=nodes)
    pools = "threads of each numeric library in a mover (1, or as OMP_NUM_THREADS and its like say)"
    add("--threads", type=whole(1, 1024), metavar="N", help=pools)


def methods() -> tuple[str, ...]:
    """The ways of starting that there are on this system."""
    return ("forkserver", "spawn") if sys.platform == "linux" else ("spawn",)


def window(add: Add) -> None:
    """What the person sees."""
    add("--headless", action="store_true", help="no window")
    cap = "most frames a second; 0: no limit (60)"
    add("--fps", type=frame_rate, metavar="N", default=60.0, help=cap)
    add("--size", type=window_size, metavar="WxH", default=(1280, 720), help="window (1280x720)")
    add("--theme", type=filled, metavar="NAME", default="dark", help="dark or light (dark)")
    larger = "larger text and lines, for dense displays (1)"
    add("--scale", type=number(0.5, 4, "times"), metavar="X", default=1.0, help=larger)


def files(add: Add) -> None:
    """What is left of the run."""
    add("--screenshot", type=filled, metavar="FILE.png", help="save the last frame")
    add("--stats", type=filled, metavar="FILE.json", help="save what was measured")
    everything = "record all that is shown into a file: see python -m game replay --help"
    add("--record", type=filled, metavar="FILE.mcap", help=everything)
    add("--record-float32", action="store_true", help="record values in half the room")
    film = "a film of all that is shown, made at the end: .gif, .webp or .mp4"
    add("--film", type=filled, metavar="OUT", help=film)
    past = "seconds of the past that key G winds back; 0: none (30)"
    add("--keep", type=number(0, 3600, "s"), metavar="SECONDS", default=30.0, help=past)
    room = "most memory that they take (200)"
    add("--keep-memory", type=number(1, 100_000, "MB"), metavar="MB", default=200.0, help=room)
