"""The command line: `python -m game SCENE`.

Light, so that --help answers at once: until the arguments are known to be well-formed it imports
nothing but argparse, and what scenes state of themselves. Even that only once Ctrl-C is quiet:
at the top there is nothing that is not loaded when Python begins.
"""

import os
import sys
import time

TYPE_CHECKING = False  # as in typing, which takes as long as all the rest
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from game.scenes import Definition

BEGUN = time.perf_counter()  # [s] as near to the program's start as Python lets us


def list_movers(listed: "Iterable[Definition]") -> None:
    """Print each scene's behaviours and presets, a line each, as long as somebody reads."""
    try:
        for line in mover_lines(listed):
            print(line)
        print(end="", flush=True)
    except BrokenPipeError:  # as with `| head -1`: nothing is amiss
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def mover_lines(listed: "Iterable[Definition]") -> "Iterator[str]":
    """The lines of that list."""
    from game.stated import told

    for scene in listed:
        if not scene.processes:
            continue
        yield f"{scene.name}  --mover NAME"
        for name in scene.movers:
            yield f"  {name:10} {scene.describe(name)}"
            yield from (f"  {'':10} {words}" for words in told(scene.mover_file(name)))
        yield f"{scene.name}  --preset NAME"
        for name, preset in scene.presets.items():
            yield f"  {name:10} {preset.about}"


def fill_standard_streams() -> None:
    """Open what is closed of stdin, stdout and stderr, so that no other file takes its place.

    Nor in the processes that are started: they inherit it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    from game import scenes
    from game.arguments import parse, parser

    words = sys.argv[1:] if arguments is None else arguments
    if words and words[0] in ("replay", "export"):
        return of_a_recording(words)
    if words and words[0] in ("check", "new"):
        from game.check.command import answer as tool

        return tool(words[0], words[1:])
    given, scene = parse(words)
    if getattr(given, "list_movers", False):
        list_movers([scene] if scene else map(scenes.find, scenes.OWN))
        return 0
    p = parser(scene)
    if scene is None:
        have = ", ".join(scenes.OWN)
        p.error(f"which scene? Give one of {have}; --help shows the options")
    from game.options import settle

    try:
        with scene.in_a_line(ValueError):
            if answer := scene.offers("options", "answer"):
                status: int | None = answer(given)
                if status is not None:
                    return status
            options = settle(given, scene)
        scene.try_out(options.job.settings)
    except ValueError as error:
        p.error(str(error))
    from game import app

    return app.run(options, BEGUN)


def of_a_recording(words: list[str]) -> int:
    """Run `replay` or `export`; returns the exit status."""
    from game.replay_arguments import parse

    given = parse(words)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from game import replaying

    return replaying.run(given)


def leave_quietly() -> None:
    """Let a signal end the program at once, until the app listens for it.

    Nothing is under way by then. A KeyboardInterrupt could come anywhere, also where Python can
    do no better than print it. A signal that is ignored stays so.
    """
    import signal

    def leave(number: int, frame: "FrameType | None") -> None:
        os._exit(128 + number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, leave)


def command() -> int:
    """What the installed program and `python -m game` do; returns the exit status."""
    try:
        fill_standard_streams()
        leave_quietly()
        status = main()
        if sys.stdout:
            sys.stdout.flush()  # when Python ends, it would be too late to say anything of it
        return status
    except KeyboardInterrupt:  # before there was anybody to listen for it
        return 130
    except BrokenPipeError:  # nobody reads any more, as with `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1


if __name__ == "__main__":
    sys.exit(command())
