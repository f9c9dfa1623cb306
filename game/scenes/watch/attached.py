"""One attached array: what its bytes mean at this moment, and its copies.

Made and asked by the reader.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.attach import AttachError
from game.attach.elements import Bytes, Elements, fit, guess
from game.attach.subjects import Found, Semaphore
from game.scenes.watch.looks import Lock, Look
from game.sources.copies import Copies

AGAIN = 0.5  # [s] between two looks whether a guess still holds
GUESSED_FROM = 1 << 20  # [bytes] that a type is guessed from
SEMAPHORE = 4  # [bytes] of a semaphore that are its value


class Wish(NamedTuple):
    """What a person wants to see of a memory; what is None is guessed."""

    dtype: Any = None  # numpy.dtype
    shape: tuple[int, ...] | None = None
    offset: int = 0  # [bytes]
    array: int | None = None  # which of several
    columns: tuple[str, ...] = ()
    limits: tuple[float, ...] = ()


class Attached:
    """An array in somebody's memory, copied again and again."""

    def __init__(self, found: Found, wish: Wish) -> None:
        self.name, self.memory = found.name, found.memory
        self._found, self._wish = found, wish
        self._dtype = wish.dtype  # that a person has chosen
        self._guessed_at = 0.0  # [s]
        self._locks = Lock(0, 0) if found.lock else None
        self.changed = 0  # copies in which something had changed
        self.reads = self.mid_write = 0  # copies before the type or length was another one
        self._at = 0.0  # [s] of the last copy
        self._base: Bytes
        self._caught = 0  # of the copies that are being made, those that somebody wrote into
        self._read_as(found.elements or self._elements())

    @property
    def known(self) -> bool:
        """Whether its type is no guess, nor a choice among guesses."""
        return self._found.elements is not None or self._wish.dtype is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """What its columns are called; () if they are not."""
        return self._elements_now.columns or tuple(self.data.dtype.names or ())

    @property
    def cut_short(self) -> bool:
        """Whether the memory has become shorter than the array."""
        return self._copies.short

    @property
    def elements(self) -> Elements:
        """What its bytes are taken for."""
        return self._elements_now

    @property
    def semaphore(self) -> Semaphore | None:
        """Where the value of its lock stands, if that is known."""
        return self._found.lock

    def retype(self, dtype: "np.dtype[Any]") -> None:
        """Read the same bytes as another type."""
        self._dtype = dtype
        self._read_as(self._elements())

    def follow(self, now: float) -> bool:
        """Go on with the copy that is being made; whether there is a new one now."""
        if self._elements_now.guessed and now - self._guessed_at > AGAIN:
            self._guess_again(now)
        held = self._lock_is_held()
        base = self._copies.go_on()
        if self._locks is not None:
            held = held or self._lock_is_held()
            self._locks = Lock(self._locks.looks + 1, self._locks.held + held)
        if base is None:
            return False
        before, self._at = self._base, now
        self._base = base
        self.data = self._typed(base)
        news = self._copies.number == 1 or not np.array_equal(base, before)
        self.changed += news
        self._count()
        return True

    def look(self) -> Look:
        """What a scene needs to know of it."""
        elements = self._elements_now
        return Look(
            self.name,
            self.data,
            self.reads,
            self._at,
            elements.offset,
            self.columns,
            self._found.limits or self._wish.limits,
            self._found.view,
            elements.guessed,
            self.mid_write,
            self._locks,
        )

    def peek(self, most: int) -> bytes:
        """Its first bytes, at most so many, as they are now."""
        some = bytearray(min(most, self.memory.size))
        self.memory.read(some, 0)
        return bytes(some)

    def _count(self) -> None:
        self.reads += 1
        self.mid_write += self._copies.mid_write - self._caught
        self._caught = self._copies.mid_write

    def _read_as(self, elements: Elements) -> None:
        """Copy these elements from now on."""
        self._elements_now = elements
        self._copies, self._caught = Copies(self.memory, elements.offset, elements.size), 0
        self._base = np.zeros(elements.size, np.uint8)
        self._base.flags.writeable = False
        self.data = self._typed(self._base)

    def _typed(self, base: Bytes) -> NDArray[Any]:
        elements = self._elements_now
        typed: NDArray[Any] = base.view(elements.dtype).reshape(elements.shape)
        return typed

    def _elements(self) -> Elements:
        """What is wished for; the rest is guessed from the bytes."""
        wish, size = self._wish, self.memory.size
        if self._dtype is not None and wish.shape is not None:
            return fit(size, self._dtype, wish.shape, wish.offset, wish.columns)
        data = np.zeros(size, np.uint8)
        self.memory.read(data, 0)
        found = guess(data, wish.offset, self._dtype)
        shape = wish.shape
        if shape is None and len(wish.columns) > 1:
            shape = (-(-found.shape[0] // len(wish.columns)), len(wish.columns))
        if shape is None:
            return found._replace(columns=wish.columns)
        return fit(size, found.dtype, shape, wish.offset, wish.columns)._replace(guessed="type")

    def _guess_again(self, now: float) -> None:
        """See whether there is more than was guessed."""
        self._guessed_at = now
        try:
            found = self._elements()
        except AttachError:
            return
        elements = self._elements_now
        if found.size > elements.size or (found.dtype != elements.dtype and self.changed < 2):
            self._read_as(found)

    def _lock_is_held(self) -> bool:
        """Whether its lock is held at this moment: a look at the value, which takes nothing."""
        lock = self._found.lock
        if lock is None:
            return False
        value = bytearray(SEMAPHORE)
        there = lock.memory.read(value, lock.address)
        return there == SEMAPHORE and not any(value)
