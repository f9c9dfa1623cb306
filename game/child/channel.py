"""Messages between the window and the nursery, in both directions over one socket.

Neither side ever waits for the other: what cannot be sent at once is sent later, and what has
arrived is taken in as far as it is whole. What is said stands in game.child.messages.
"""

import os
import pickle
import struct
from multiprocessing.connection import Connection
from typing import Any

PRIVATE = 64  # descriptors from here on are the nursery's own, and closed in a mover
LENGTH = struct.Struct("=I")  # before each message: how many bytes it has
PIECE = 1 << 16  # [bytes] that are read at once


class Channel:
    """One side's end. It is `closed` when the other side is gone."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self.closed = False
        self._broken = False  # nothing can be sent any more, but what was told is still to be read
        self._connection = connection
        self._unsent = bytearray()
        self._unread = bytearray()
        os.set_blocking(connection.fileno(), False)

    def fileno(self) -> int:
        """Its descriptor, to wait for."""
        return self._connection.fileno()

    @property
    def pending(self) -> bool:
        """Whether something has not been sent yet."""
        return bool(self._unsent)

    def send(self, message: Any) -> None:
        """Send a message, now or as soon as there is room for it."""
        packed = pickle.dumps(message)
        self._unsent += LENGTH.pack(len(packed)) + packed
        self.flush()

    def flush(self) -> None:
        """Send what has not been sent, as far as there is room."""
        try:
            while self._unsent and not self._broken:
                del self._unsent[: os.write(self.fileno(), self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._broken = True
        self._unsent.clear()

    def receive(self) -> list[Any]:
        """The messages that have arrived since the last call."""
        self._read()
        found, at = [], 0
        while len(self._unread) - at >= LENGTH.size:
            begin = at + LENGTH.size
            end = begin + LENGTH.unpack_from(self._unread, at)[0]
            if end > len(self._unread):
                break
            found.append(pickle.loads(self._unread[begin:end]))
            at = end
        del self._unread[:at]
        return found

    def _read(self) -> None:
        try:
            while not self.closed:
                piece = os.read(self.fileno(), PIECE)
                self._unread += piece
                self.closed = not piece
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True

    def close(self) -> None:
        """Close this end."""
        self.closed = self._broken = True
        self._connection.close()
