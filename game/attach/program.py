"""A program that is not ours: what it is called, and whether it still runs."""

import os
from contextlib import suppress

import psutil

from game.attach import AttachError, arenas
from game.attach.arenas import Arena

LOOK = 0.1  # [s] between two looks whether it still runs


class Program:
    """A process, as it looks from outside."""

    def __init__(self, pid: int) -> None:
        """AttachError where there is no such process."""
        self.pid = pid
        try:
            self._process = psutil.Process(pid)
        except (psutil.Error, ValueError, OverflowError):
            raise AttachError(
                f"{pid}: there is no such process; --list shows those that share memory"
            ) from None
        called = command(self._process)
        self.words = f"{called}, process {pid}" if called else f"process {pid}"
        self._ended, self._looked = False, -LOOK

    def ended(self, now: float) -> bool:
        """Whether it has ended, `now` [s]; one that has its number since is another one."""
        if not self._ended and now - self._looked >= LOOK:
            self._looked = now
            self._ended = not runs(self._process)
        return self._ended

    def arenas(self) -> list[Arena]:
        """The memory that it shares, the largest first; AttachError where it is not ours to see."""
        try:
            return arenas.arenas(self.pid)
        except (FileNotFoundError, ProcessLookupError):
            raise AttachError(f"{self.pid}: it has ended") from None
        except OSError:
            whose = whose_it_is(self._process)
            raise AttachError(
                f"{self.pid}: {whose}, may not be looked into; "
                "only one's own processes can be watched"
            ) from None

    def descent(self) -> list["Program"]:
        """It, and everything that it started, as far as that is known at this moment."""
        found = [self]
        with suppress(psutil.Error):
            for child in self._process.children(recursive=True):
                with suppress(AttachError):
                    found.append(Program(child.pid))
        return found


def whose_it_is(process: psutil.Process) -> str:
    """A process's name and its user's, as far as they can be known."""
    try:
        return f"{process.name()}, of {process.username()}"
    except psutil.Error:
        return "a process that is not there any more"


def end_all(left: list[psutil.Process], grace: float) -> None:
    """End processes that were started to be watched: asked first, killed `grace` [s] later.

    multiprocessing's resource tracker goes by itself when the others have, and removes what they
    have left in shared memory: it is killed last.
    """
    for process in left:
        with suppress(psutil.Error):
            process.terminate()
    _, left = psutil.wait_procs(left, grace)
    for process in (process for process in left if not tracks(process)):
        with suppress(psutil.Error):
            process.kill()
    _, left = psutil.wait_procs(left, grace)
    for process in left:
        with suppress(psutil.Error):
            process.kill()


def started_by(pid: int) -> list[psutil.Process]:
    """Everything that a process has started, as far as that is known at this moment."""
    try:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    return found


def tracks(process: psutil.Process) -> bool:
    """Whether it is multiprocessing's resource tracker."""
    try:
        return any("resource_tracker" in word for word in process.cmdline())
    except psutil.Error:
        return False


def runs(process: psutil.Process) -> bool:
    """Whether it runs, and is still the same one."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def command(process: psutil.Process) -> str:
    """What a process runs, short: "python bank.py"; "" where that cannot be known."""
    try:
        words = process.cmdline()[:4]
    except psutil.Error:
        return ""
    short = (os.path.basename(word) if "/" in word else word for word in words)
    return " ".join(word for word in short if word.isprintable())[:60]
