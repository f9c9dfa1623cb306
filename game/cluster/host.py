"""A node's actor: it starts our program there, and passes on what is said; no more.

    publisher ──exchange(bytes)──> Host ──socket──> python -m game.cluster node

Ray carries this class to the node as it stands here, so it imports nothing of ours: the code comes
in the parcel. The program is executed, not forked: a worker of Ray has many threads and megabytes.
Its end of the socket is all that holds it: it ends when that closes, and when nothing has come for
some seconds.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress

FOLDER = "array-arena-node-"  # and the actor's pid: where a program lives
LENGTH = 8  # [bytes] of a number before each message: how many bytes it has
BEGIN = 60.0  # [s] that the program may take until it speaks
END = 2.0  # [s] that it has for its end


class Host:
    """One node's program, and the folder that it lives in."""

    def __init__(self, parcel: bytes) -> None:
        """Unpack a parcel, see game.cluster.parcel, and start the program that is in it."""
        sweep()
        self._folder = tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-")
        with zipfile.ZipFile(io.BytesIO(parcel)) as file:
            file.extractall(self._folder)
        self._errors = os.path.join(self._folder, "stderr")
        self._socket, theirs = socket.socketpair()
        with theirs, open(self._errors, "wb") as errors:
            self._program = subprocess.Popen(
                [sys.executable, "-P", "-m", "game.cluster", "node", self._folder],
                stdin=theirs.fileno(),
                stdout=errors,
                stderr=errors,
                cwd=self._folder,
                env=environment(os.path.join(self._folder, "code")),
                start_new_session=True,
            )

    def hello(self) -> bytes:
        """What the program says first: a pickled Hello."""
        self._socket.settimeout(BEGIN)
        return self._received()

    def exchange(self, request: bytes) -> bytes:
        """Ask the program; its answer. RuntimeError where it is gone, with its last words."""
        self._socket.settimeout(None)
        with suppress(OSError):
            send(self._socket, request)
        return self._received()

    def _received(self) -> bytes:
        try:
            return receive(self._socket)
        except (OSError, EOFError):
            raise RuntimeError(self._last_words()) from None

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._program.wait(END)
        code = self._program.poll()
        how = "does not answer" if code is None else f"ended with exit code {code}"
        with suppress(OSError), open(self._errors, encoding="utf-8", errors="replace") as file:
            if lines := file.read().strip().splitlines():
                return f"its program {how}: {lines[-1][:200]}"
        return f"its program {how}"

    def close(self) -> None:
        """End the program, and leave nothing."""
        self._socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._program.wait(END)
        self._program.kill()
        self._program.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of actors that were killed, and could not do it themselves."""
    for name in os.listdir(tempfile.gettempdir()):
        pid = name.removeprefix(FOLDER).partition("-")[0]
        if not name.startswith(FOLDER) or not pid.isdigit():
            continue
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)
        except OSError:  # somebody else's
            pass


def environment(code: str) -> dict[str, str]:
    """The variables of our program: those of here, but for Ray's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    return {**kept, "PYTHONPATH": code, "PYTHONUNBUFFERED": ""}


def send(to: socket.socket, message: bytes) -> None:
    """Send a message whole."""
    to.sendall(len(message).to_bytes(LENGTH, "big"))
    to.sendall(message)


def receive(source: socket.socket) -> bytes:
    """The next message; EOFError where there is none any more."""
    return take(source, int.from_bytes(take(source, LENGTH), "big"))


def take(source: socket.socket, size: int) -> bytes:
    """So many bytes, however they come."""
    pieces, left = [], size
    while left:
        piece = source.recv(left, socket.MSG_WAITALL)  # megabytes are one piece, and copied once
        if not piece:
            raise EOFError
        pieces.append(piece)
        left -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
