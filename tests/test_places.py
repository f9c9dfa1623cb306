"""What a run stands on: files that it writes, shared memory, folders. Where one fails, one line."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from game.crew import limits
from game.crew.limits import NoPlace, advice, in_places
from game.session.saving import save
from tests.conftest import LIMIT

ROOT = Path(__file__).parents[1]
POSIX = pytest.mark.skipif(os.name != "posix", reason="these places are POSIX's")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these places are Linux's")
FAILURES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


def filled(text: str) -> Callable[[str], None]:
    """Writes a text."""

    def write(path: str) -> None:
        Path(path).write_text(text)

    return write


def broken(number: int) -> Callable[[str], None]:
    """Writes half of what it should, and fails."""

    def write(path: str) -> None:
        Path(path).write_text("hal")
        raise OSError(number, os.strerror(number), path)

    return write


# Files: whole, or as they were.


def test_a_file_is_whole_or_not_there(tmp_path: Path):
    path = tmp_path / "a.json"
    seen = []

    def write(beside: str) -> None:
        seen.append((path.exists(), os.path.dirname(beside), beside.endswith(".json")))
        Path(beside).write_text("new")

    save(str(path), write)
    assert seen == [(False, str(tmp_path), True)]
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.json", "new")]


@pytest.mark.parametrize("number", FAILURES)
def test_one_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path, number: int):
    path = tmp_path / "a.png"
    path.write_text("old")
    with pytest.raises(OSError, match=f"^{path}: {os.strerror(number)}") as caught:
        save(str(path), broken(number))
    assert "\n" not in str(caught.value)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.png", "old")]


def test_one_that_fails_by_another_error_leaves_nothing_either(tmp_path: Path):
    def write(beside: str) -> None:
        Path(beside).write_text("hal")
        raise ValueError("no picture")

    with pytest.raises(ValueError, match="no picture"):
        save(str(tmp_path / "a.json"), write)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_renamed_is_no_half_file(tmp_path: Path, monkeypatch):
    def refuse(one: str, other: str) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    (tmp_path / "a.png").write_text("old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="busy"):
        save(str(tmp_path / "a.png"), filled("new"))
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.png", "old")]


@POSIX
def test_a_link_and_the_rights_of_a_file_stay(tmp_path: Path):
    kept, link = tmp_path / "kept.json", tmp_path / "link.json"
    kept.write_text("old")
    kept.chmod(0o640)
    link.symlink_to(kept)
    save(str(link), filled("new"))
    assert link.is_symlink()
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("new", 0o640)


@POSIX
def test_a_new_file_has_the_rights_of_any_other(tmp_path: Path):
    (tmp_path / "other").touch()
    save(str(tmp_path / "a.json"), filled("new"))
    assert (tmp_path / "a.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_name_as_long_as_a_name_may_be(tmp_path: Path):
    save(str(tmp_path / ("n" * 250 + ".json")), filled("new"))


# The program, with one of its two files refused.

REFUSED = """
import os, sys
import game.session.saving as saving
real = os.replace
def replace(one, other):
    if other.endswith({ending!r}):
        raise OSError({number}, os.strerror({number}))
    real(one, other)
os.replace = replace
from game.__main__ import command
sys.exit(command())
"""


def program(code: str, *words: str, **more: object) -> "subprocess.CompletedProcess[str]":
    """The program with a few lines before it."""
    command = [sys.executable, "-c", code, *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("env", {})}  # type: ignore[dict-item]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT, env=environment, **more
    )  # type: ignore[call-overload]


PLAIN = "import sys; from game.__main__ import command; sys.exit(command())"
SHORT = ("--headless", "--agents", "2", "--updates", "2")


@pytest.mark.parametrize(("ending", "other"), [(".png", "a.json"), (".json", "a.png")])
def test_a_file_that_cannot_be_saved_takes_no_other_along(tmp_path: Path, ending: str, other: str):
    for name in ("a.png", "a.json"):
        (tmp_path / name).write_text("old")
    code = REFUSED.format(ending=ending, number=errno.ENOSPC)
    files = ("--screenshot", "a.png", "--stats", "a.json")
    done = program(code, "swarm", *SHORT, *files, cwd=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"game: not saved: a{ending}: No space left on device: there is no room")
    assert (tmp_path / f"a{ending}").read_text() == "old"
    assert (tmp_path / other).read_bytes() != b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "a.png"]


@POSIX
def test_a_limit_of_a_files_size_is_named(tmp_path: Path):
    """SIGXFSZ, which Python ignores, and EFBIG. The movers' memory is there already."""
    (tmp_path / "a.png").write_text("old")
    code = LIMITED_AT_THE_END
    files = ("--screenshot", "a.png", "--stats", "a.json")
    done = program(code, "swarm", *SHORT, *files, cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (1, 2)
    for line, name in zip(lines, ("a.png", "a.json"), strict=True):
        assert line.startswith(f"game: not saved: {name}: File too large: ")
        assert "ulimit -f" in line
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.png", "old")]


LIMITED_AT_THE_END = """
import resource, sys
from game.session import report
real = report.final_lines
def final_lines(session):
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    return real(session)
report.final_lines = final_lines
from game.__main__ import command
sys.exit(command())
"""


# Places.


@POSIX
@pytest.mark.parametrize(
    "method", ["forkserver", "spawn"] if sys.platform == "linux" else ["spawn"]
)
def test_a_temporary_folder_with_a_long_name(tmp_path: Path, method: str):
    """Nothing of ours is bound to a path, of which a socket's may have 107 characters."""
    long = tmp_path / ("t" * 120)
    long.mkdir()
    way = ("--start-method", method)
    words = ("--preset", "observer", "--rate", "20", "--monitor", "0.05", "--headless", *way)
    done = program(PLAIN, "race", *words, env={"TMPDIR": str(long)}, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(long.iterdir()) == []


# As a person starts it: with `-c`, "" is in sys.path, and 3.13.0 cannot load its own `socket` then.
GONE = """
import os, sys
os.mkdir("gone")
os.chdir("gone")
os.rmdir("../gone")
os.execv(sys.executable, [sys.executable, "-m", "game", *sys.argv[1:]])
"""


@POSIX
def test_a_working_directory_that_was_deleted(tmp_path: Path):
    for scene, way in (("swarm", "spawn"), ("race", "forkserver"), ("road", "forkserver")):
        words = (scene, "--headless", "--updates", "2", "--start-method", way)
        done = program(GONE, *words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("game: the working directory: No such file or directory; ")


@POSIX
@pytest.mark.parametrize("scene", ["swarm", "road", "tally"])
def test_files_that_may_have_no_size_at_all(tmp_path: Path, scene: str):
    code = f"from resource import *; setrlimit(RLIMIT_FSIZE, (0, RLIM_INFINITY)); {PLAIN}"
    done = program(code, scene, "--headless", "--updates", "2", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "a file may have 0 bytes; raise the limit (ulimit -f)" in line


UNSHARE = shutil.which("unshare")


def alone(mount: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """The program where its own view of /dev/shm is another one."""
    inner = f"{mount} && exec {sys.executable} -c '{PLAIN}' {' '.join(words)}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", inner],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done


def can_mount() -> bool:
    test = "mount -t tmpfs none /dev/shm"
    return (
        bool(UNSHARE)
        and not subprocess.run(["unshare", "-rm", "sh", "-c", test], capture_output=True).returncode
    )


@LINUX
@pytest.mark.parametrize("scene", ["swarm", "road", "tally"])
@pytest.mark.parametrize(
    ("mount", "says"),
    [
        ("mount -t tmpfs -o ro none /dev/shm", "Read-only file system"),
        ("mount -t tmpfs -o size=8k none /dev/shm && head -c 8192 /dev/zero >/dev/shm/x", "space"),
    ],
    ids=["read-only", "full"],
)
def test_shared_memory_that_is_read_only_or_full(mount: str, says: str, scene: str):
    if not can_mount():
        pytest.skip("no mounts of one's own here")
    done = alone(mount, scene, "--headless", "--updates", "2")
    if scene == "swarm" and says == "space":  # it has no lock, and its array lies elsewhere then
        assert (done.returncode, done.stderr) == (0, "")
        return
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: /dev/shm: ")
    assert says in line


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EAGAIN, "no room for one more process"),
        (errno.ENOMEM, "give fewer agents"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EFBIG, "ulimit -f"),
    ],
)
def test_what_would_help_is_said(number: int, words: str):
    with pytest.raises(NoPlace, match=f"{os.strerror(number)}.*{words}"), in_places():
        raise OSError(number, os.strerror(number))


@LINUX
@pytest.mark.parametrize("number", [errno.ENOENT, errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_shared_memory_is_named_also_where_it_is_missing(tmp_path: Path, number: int):
    missing = advice(OSError(number, os.strerror(number)), str(tmp_path))
    assert missing.startswith(f"{tmp_path}/dev/shm: {os.strerror(number)}; ")
    (tmp_path / "dev/shm").mkdir(parents=True)
    there = advice(OSError(number, os.strerror(number)), str(tmp_path))
    assert there.startswith(f"{tmp_path}/dev/shm: {os.strerror(number)}")
    assert "mount it" not in there


def test_a_temporary_folder_that_is_none(monkeypatch):
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert limits.temporary() == ""
    assert "set TMPDIR" in advice(OSError(errno.ENOENT, "No usable temporary directory found"))
    with pytest.raises(ValueError, match="neither /dev/shm nor a temporary folder"):
        limits.check_memory(10**18)


@LINUX
@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_a_system_without_proc(method: str):
    if not can_mount():
        pytest.skip("no mounts of one's own here")
    words = ("swarm", "--headless", "--updates", "2", "--start-method", method)
    done = alone("mount -t tmpfs none /proc", *words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: /proc/self/fd: not there; ")


# A place that fills up while it runs: Z, R and + need a new lock.

FULL = """
import errno, os, sys, multiprocessing.context as context
made = 0
real = context.BaseContext.RLock
def RLock(self):
    global made
    made += 1
    if made > {most}:
        raise OSError(errno.ENOSPC, "No space left on device")
    return real(self)
context.BaseContext.RLock = RLock
from game.__main__ import command
import game.session.session as session
frame = session.Session.frame
presses = {presses}
def frame_and_press(self):
    frame(self)
    for at, action in presses:
        if self.stats.frames == at:
            hands = self.controls._hands
            getattr(next(h for h in hands if hasattr(h, action)), action)()
session.Session.frame = frame_and_press
sys.exit(command())
"""


@pytest.mark.parametrize(
    ("scene", "action"),
    [("road", "kill_writer"), ("road", "start_again"), ("road", "add"), ("tally", "start_again")],
)
def test_no_room_for_a_new_lock_is_told_once_and_nothing_is_half_done(
    tmp_path: Path, scene: str, action: str
):
    """Two locks there are: the one of the cells, and that of the first start."""
    code = FULL.format(most=2, presses=[(40, action)])
    # A lock that nobody can release is looked at for a while.
    end = ("--seconds", "4") if action == "kill_writer" else ("--frames", "120")
    words = ("--headless", "--fps", "60", *end, "--stats", "a.json", "--rate", "20")
    more = ("--agents", "3") if scene == "tally" else ("--sync", "lock")
    done = program(code, scene, *words, *more, cwd=tmp_path)
    *killed, line = done.stderr.splitlines()
    assert len(killed) == (action == "kill_writer")
    assert "could not be started" in line
    assert "No space left on device" in line
    assert "/dev/shm" in line or sys.platform != "linux"
    stats = json.loads((tmp_path / "a.json").read_text())
    assert stats["movers"] == []
    assert len(stats["deaths"]) == 1 + len(killed)


def test_and_once_there_is_room_again_it_goes_on(tmp_path: Path):
    code = FULL.format(most=2, presses=[(40, "start_again"), (90, "start_again")])
    code = code.replace("if made > 2:", "if made == 3:")
    words = ("--headless", "--fps", "60", "--seconds", "4", "--stats", "a.json", "--rate", "20")
    done = program(code, "road", *words, cwd=tmp_path)
    assert done.stderr.count("could not be started") == 1
    stats = json.loads((tmp_path / "a.json").read_text())
    assert [mover["state"] for mover in stats["movers"]] == ["running"]
