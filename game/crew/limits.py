"""What the system has room for: how many more processes, and how large a table.

Asked before anything starts, and again before more movers are added. Each limit is read from
the system where it says so; one that it keeps to itself does not count. Semaphores are no
limit: our table has none.
"""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from game.child.channel import PRIVATE
from game.parts import Limit

HELD = {
    "forkserver": 1,
    "spawn": 3,
    "debug": 1,
}  # descriptors for each process: the nursery's, the window's
OPEN_BESIDE = PRIVATE + 8  # descriptors of the nursery or the window, and what a start takes
TASKS_BESIDE = 16  # threads and processes of the run besides its movers
ROW = 8 * 8 + 4096 + 64 * 8  # [bytes] that the table holds for each process: see game.shared.table
ADDRESSES = 230_000_000  # [bytes] of address space below which numpy and pygame seldom load
SHARED = "/dev/shm"  # where multiprocessing keeps an Array, as long as it fits


def tightest(processes: int, method: str, running: int = 0, root: str = "/") -> Limit | None:
    """The limit that leaves room for the fewest processes; None where the system tells of none.

    `processes` is how many are wanted besides those that run: what takes time to find out is
    done only if need be. `method` is "forkserver" or "spawn".
    """
    every = limits(processes, method, running, root)
    return min(every, key=lambda limit: limit.room, default=None)


def check(processes: int, shared: int, method: str, root: str = "/") -> None:
    """See that so many processes and a table of `shared` bytes fit; a ValueError says what not."""
    check_addresses()
    limit = tightest(processes, method, root=root)
    if limit and processes > limit.room:
        needed = limit.used + limit.each * processes
        need = "process needs" if processes == 1 else "processes need"
        most = "process" if limit.room == 1 else "processes"
        fewer = f"give at most {limit.room:,} {most} (more agents to each with --per-process), or "
        raise ValueError(
            f"--agents: {processes:,} {need} {needed:,} {limit.name}, the system allows "
            f"{limit.value:,}; {fewer if limit.room else ''}{limit.remedy}"
        )
    check_memory(shared)


def check_addresses() -> None:
    """See that numpy and pygame can be loaded: where there is no room, each fails in its own way,
    with a page of words, a crash or a hang."""
    if os.name != "posix":
        return
    import resource

    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    if soft != resource.RLIM_INFINITY and soft < ADDRESSES:
        raise ValueError(
            f"the address space may have {soft / 1e6:,.0f} MB, a run needs {ADDRESSES / 1e6:,.0f} "
            "and more; raise the limit (ulimit -v)"
        )


def check_memory(shared: int) -> None:
    """See that the table fits: where it does not, writing to it would kill the writer (SIGBUS)."""
    if os.name != "posix":
        return
    # multiprocessing goes to the temporary folder where /dev/shm has no room for an Array.
    for folder in filter(None, (SHARED, temporary())):
        with suppress(OSError):
            free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            if shared <= free:
                return
    raise ValueError(
        f"--capacity: the shared table needs {shared / 1e6:,.0f} MB, neither {SHARED} nor "
        f"{temporary() or 'a temporary folder'} has as much free; give less"
    )


# The places that a run stands on. multiprocessing opens them, and tells of what is wrong with them
# in an OSError from deep inside.


class NoPlace(Exception):
    """A place that a run needs is not as it should be; one line: which one, and what would help."""


@contextmanager
def in_places(root: str = "/") -> Iterator[None]:
    """Make a NoPlace of one line of whatever the system refuses meanwhile."""
    check_here()
    check_proc(root)
    try:
        yield
    except OSError as error:
        raise NoPlace(advice(error, root)) from error


def check_here() -> None:
    """See that there is a working directory: every new interpreter begins in it."""
    try:
        os.getcwd()
    except OSError as error:
        raise NoPlace(
            f"the working directory: {error.strerror}; it was deleted, or may not be read: "
            "start in another one"
        ) from None


def check_proc(root: str = "/") -> None:
    """See that there is /proc on Linux: a process is tied to its parent there, and looked up."""
    place = os.path.join(root, "proc/self/fd")
    if sys.platform == "linux" and not os.path.isdir(place):
        raise NoPlace(f"{place}: not there; movers need it: mount it (mount -t proc proc /proc)")


def advice(error: OSError, root: str = "/") -> str:
    """What the system refused, in words, with the place that it is about and what would help."""
    what = error.strerror or str(error) or type(error).__name__
    place = str(error.filename or "")
    shared = os.path.join(root, SHARED.lstrip("/"))
    match error.errno:
        case errno.EMFILE | errno.ENFILE:
            return f"{what}; raise the limit (ulimit -n)"
        case errno.EAGAIN:
            return f"{what}: no room for one more process; end some, or raise the limit (ulimit -u)"
        case errno.ENOMEM:
            return f"{what}: give fewer agents, or end other programs"
        case errno.EFBIG:
            return f"{what}: {most_bytes()}; raise the limit (ulimit -f)"
    try:
        os.getcwd()
    except OSError:
        return f"{what}: the working directory was deleted; start in another one"
    if temporary() == "":
        return (
            f"{what}: no temporary folder can be written to{most_bytes(', and ')}; "
            "set TMPDIR to one that can"
        )
    if sys.platform == "linux" and error.errno in OF_A_PLACE:
        if not os.path.isdir(shared):
            return f"{shared}: {what}; shared memory lies there: mount it (mount -t tmpfs tmpfs)"
        if error.errno == errno.ENOSPC:
            free = os.statvfs(shared)
            left = f"{free.f_bavail * free.f_frsize:,} bytes and {free.f_favail:,} files"
            return f"{shared}: {what}: room for {left} is left; remove what fills it"
        if not place or place.startswith(shared):
            return f"{shared}: {what}; shared memory lies there: it has to be writable"
    return f"{place}: {what}" if place else what


OF_A_PLACE = (errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.EACCES, errno.ENOSYS, errno.EPERM)


def most_bytes(before: str = "") -> str:
    """How large a file may be, where there is such a limit; "" where there is none."""
    if os.name != "posix":
        return ""
    import resource

    soft = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return "" if soft == resource.RLIM_INFINITY else f"{before}a file may have {soft:,} bytes"


def temporary() -> str:
    """The temporary folder; "" where there is none that can be written to."""
    with suppress(OSError):
        return tempfile.gettempdir()
    return ""


def table_bytes(slots: int, per_process: int, fields: int) -> int:
    """The size of a table [bytes]."""
    return slots * (per_process * fields * 8 + ROW)


def limits(processes: int, method: str, running: int, root: str) -> Iterator[Limit]:
    """Every limit on processes that the system tells of; other machines have their own."""
    if method == "cluster":
        return
    yield from open_files(HELD[method], running)
    yield from tasks(processes, root)


def open_files(held: int, running: int) -> Iterator[Limit]:
    """The limit of open files, which the run raises itself as far as it may."""
    if os.name != "posix":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY:
        used = OPEN_BESIDE + held * running
        yield Limit("open files", hard, used, held, "raise the limit (ulimit -Hn)")


def tasks(processes: int, root: str = "/") -> Iterator[Limit]:
    """The limits of how many tasks (processes and threads) there can be; Linux tells them."""
    everybodys = tasks_of_all(root)
    for name, words in (("pid_max", "process ids"), ("threads-max", "threads")):
        value = number(root, "proc/sys/kernel", name)
        if value is not None and everybodys is not None:
            remedy = f"raise the limit (sysctl kernel.{name})"
            yield Limit(words, value, everybodys + TASKS_BESIDE, 1, remedy)
    allowed = tasks_of_a_user()
    if allowed is not None and everybodys is not None:
        used = everybodys
        if processes > allowed - used - TASKS_BESIDE:  # else it fits whosever they are
            used = tasks_of(os.getuid(), root)
        yield Limit("processes", allowed, used + TASKS_BESIDE, 1, "raise the limit (ulimit -u)")
    for folder in groups(root):
        most, now = number(folder, "", "pids.max"), number(folder, "", "pids.current")
        if most is not None and now is not None:
            yield Limit("processes", most, now + TASKS_BESIDE, 1, "raise the limit (pids.max)")


def tasks_of_all(root: str) -> int | None:
    """How many tasks the system runs: the fourth figure of /proc/loadavg, "8/130"."""
    words = content(root, "proc/loadavg").split()
    return int(words[3].partition("/")[2]) if len(words) > 3 else None


def tasks_of_a_user() -> int | None:
    """How many tasks the user may run; None where nothing binds them, as with root."""
    if os.name != "posix" or os.getuid() == 0:
        return None
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def tasks_of(user: int, root: str) -> int:
    """How many tasks a user runs."""
    found = 0
    for entry in os.scandir(os.path.join(root, "proc")):
        with suppress(OSError):  # it has just ended
            if entry.name.isdigit() and entry.stat().st_uid == user:
                found += os.stat(os.path.join(entry.path, "task")).st_nlink - 2
    return found


def groups(root: str) -> Iterator[str]:
    """The folders of the control groups that this process is in, from its own to the outermost."""
    for line in content(root, "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "pids"):  # version 2 has one tree, version 1 one for each controller
            tree = os.path.join(root, "sys/fs/cgroup", controllers)
            while True:
                yield os.path.join(tree, path.strip("/"))
                if path in ("", "/"):
                    break
                path = os.path.dirname(path)


def number(root: str, folder: str, name: str) -> int | None:
    """The number that a file of the system holds; None without one ("max")."""
    text = content(root, os.path.join(folder, name)).strip()
    return int(text) if text.isdigit() else None


def content(root: str, path: str) -> str:
    """What a file of the system says; "" where there is none."""
    with suppress(OSError), open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()
    return ""
