"""The watching scene's own options on the command line, checked before anything is opened."""

import argparse
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

from game.arguments import Add, number, whole
from game.scenes.watch import VIEWS, Settings

if TYPE_CHECKING:
    from game.attach.subjects import Subject
    from game.options import Options

TAKES_COMMAND = True
FILES = (".npy", ".bin")
MOST = 1 << 40  # [bytes]


def add_options(add: Add) -> None:
    """What is watched, what its bytes mean, and how it is shown."""
    what = "digits: a process; a .npy, a .bin or a path that is there: a file; else the name of a "
    what += "SharedMemory, which is waited for; -- COMMAND ... in its place starts a program"
    add("what", nargs="?", metavar="WHAT", help=what)
    add("--list", action="store_true", help="list the processes that share memory, and end")
    add("--json", action="store_true", help="with --list: as JSON")
    add("--dtype", metavar="D", help="the type of an element, such as float64 (guessed)")
    add("--shape", type=shape, metavar="N,M", help="the array's shape (guessed)")
    add("--offset", type=whole(0, MOST), metavar="BYTES", help="where it begins (0)")
    several = "which array of a process (the largest that changes)"
    add("--array", type=whole(1, 10_000), metavar="N", help=several)
    add("--columns", type=names, metavar="x,y", help="names along its last axis")
    edges = "edges of the ground for points, or low and high of values (they fit themselves)"
    add("--limits", type=limits, metavar="x0,x1,y0,y1", help=edges)
    add("--view", choices=VIEWS, help="how it is shown (chosen by its shape)")
    checked = "what has to hold of it, such as 'a.sum() == 1000': violations are counted and kept"
    add("--check", metavar="EXPRESSION", help=checked)
    settled = "with --check: only what is violated for so long counts (0)"
    add("--settled", type=number(0, 3_600_000, "ms"), metavar="MS", help=settled)
    add("--handed", help=argparse.SUPPRESS)


def shape(text: str) -> tuple[int, ...]:
    """A converter for a shape such as 480,640."""
    if re.fullmatch(r"[0-9]{1,12}(,[0-9]{1,12}){0,7},?", text) and not re.search(r"\b0+\b", text):
        return tuple(int(part) for part in text.split(",") if part)
    raise argparse.ArgumentTypeError(f"{text!r} is no shape; give whole numbers, such as 480,640")


def names(text: str) -> tuple[str, ...]:
    """A converter for names such as x,y."""
    found = tuple(part.strip() for part in text.split(","))
    if all(found) and len(set(found)) == len(found):
        return found
    raise argparse.ArgumentTypeError(f"{text!r} is no list of different names, such as x,y")


def limits(text: str) -> tuple[float, ...]:
    """A converter for two or four numbers, each pair ascending."""
    try:
        found = tuple(number(-1e300, 1e300, "")(part) for part in text.split(","))
    except argparse.ArgumentTypeError:
        found = ()
    if len(found) in (2, 4) and all(a < b for a, b in zip(found[::2], found[1::2], strict=True)):
        return found
    raise argparse.ArgumentTypeError(
        f"{text!r} are no limits; give low,high or x0,x1,y0,y1, each pair ascending"
    )


def answer(given: argparse.Namespace) -> int | None:
    """List what there is to be watched, if that is asked for."""
    if given.json and not given.list:
        raise ValueError("--json: it goes with --list; --stats FILE.json saves what was measured")
    if not given.list:
        return None
    from game.attach import listing

    if given.what or given.command:
        raise ValueError(f"--list: it lists every process; leave {given.what or '--'} out")
    print(listing.as_json() if given.json else listing.as_text())
    return 0


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run that watches."""
    from game.attach.elements import type_of
    from game.scenes.watch.attached import Wish

    wish = Wish(
        type_of(given.dtype) if given.dtype is not None else None,
        given.shape,
        given.offset or 0,
        given.array - 1 if given.array else None,
        given.columns or (),
        given.limits or (),
    )
    view = given.view or ""
    check = (given.check or "", (given.settled or 0.0) / 1000)
    if given.settled is not None and given.check is None and not given.handed:
        raise ValueError("--settled: it says how long a --check has to be violated; give one")
    if given.handed:
        from game.scenes.watch.handed import received

        subject: Any
        subject, handle, check = received(given.handed)
        settings = Settings(view, subject, wish, *check, handle)
    else:
        if given.check is not None:
            from game.invariant.expression import Expression

            Expression(given.check, ("a",))
        settings = Settings(view, subject_of(given, wish), wish, *check)
    return options._replace(job=options.job._replace(settings=settings))


def subject_of(given: argparse.Namespace, wish: Any) -> "Subject":
    """What is watched, opened; ValueError of one line where it cannot be."""
    from game.attach import arenas, programs, subjects

    what = given.what
    if what is not None and given.command:
        raise ValueError(f"{what}: give it, or -- {given.command[0]} to start a program, not both")
    if given.command:
        arenas.need_linux("-- COMMAND")
        if not shutil.which(given.command[0]):
            raise ValueError(f"-- {given.command[0]}: there is no such program; give one to start")
        return programs.Started(given.command)
    if not what:
        raise ValueError("watch what? Give a process id, a SharedMemory's name, a file, or --list")
    if re.fullmatch(r"[0-9]+", what):
        arenas.need_linux(what)
        running = programs.Running(int(what))
        check(wish, running)
        return running
    if os.sep in what or what.lower().endswith(FILES) or os.path.exists(what):
        return kept(what, wish)
    arenas.need_linux(what)
    return subjects.Named(what)


def check(wish: Any, running: Any) -> None:
    """See that a process has the array that is wished for, and that it fits."""
    from game.scenes.watch.attached import Attached

    found = running.find(0.0)
    if wish.array is not None and wish.array >= len(found):
        have = f"it has {len(found)}" if len(found) > 1 else "it has one"
        raise ValueError(f"--array: {wish.array + 1} is not there; {have}, counted from 1")
    Attached(found[wish.array or 0], wish)


def kept(path: str, wish: Any) -> "Subject":
    """A file, whole."""
    from game.attach import files, subjects

    return subjects.Kept(path, files.elements(path, wish))
