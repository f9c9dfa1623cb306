"""A shared object of this program's own: where its memory is, and what stands in it.

Takes what people share: `Array` and `Value` with or without a lock, of a ctypes Structure too,
`RawArray`, `SharedMemory`, `ShareableList`, `numpy.memmap`, and a numpy array or a memoryview
over any of these. Runs in the program that is watched: light, and nothing of it stays behind.
"""

import ctypes
import errno
import math
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from game.attach import AttachError
from game.attach.arenas import Arena, device_of, mapped, need_linux, open_files

if TYPE_CHECKING:
    from multiprocessing.shared_memory import SharedMemory

USE = "use multiprocessing.Array or SharedMemory"
KINDS = {"?": "b", **dict.fromkeys("bhilqn", "i"), **dict.fromkeys("BHILQNP", "u")}
FLOATS = dict.fromkeys("fd", "f")
NATIVE = "=@|"
# The attribute that a ctypes type of the other byte order has itself under, and that order.
SWAPPED, ORDER = ("__ctype_be__", ">") if sys.byteorder == "little" else ("__ctype_le__", "<")
STANDARD = 3  # descriptors below are stdin, stdout, stderr


class Content(NamedTuple):
    """Where an object is in this process, and what it is made of."""

    address: int
    size: int  # [bytes]
    dtype: Any  # as numpy.dtype takes it, of plain values; None: not known
    shape: tuple[int, ...] | None  # None: not known
    lock: int = 0  # the address of its lock's semaphore; 0: none
    owner: Any = None  # what keeps it where it is


class Handed(NamedTuple):
    """What a viewer needs to watch it, in plain values but for `descriptor`."""

    descriptor: int  # open for reading, to be closed
    offset: int  # [bytes] in its file
    size: int
    dtype: Any
    shape: tuple[int, ...] | None
    lock: int  # as in Content


def hand_over(thing: Any, what: str) -> Handed:
    """Open an object's memory anew, for reading alone; AttachError where nobody shares it.

    `what` is its name for the message.
    """
    need_linux(what)
    content = content_of(thing, what)
    arena = arena_of(content)
    if arena is None:
        kind = type(thing).__name__
        raise AttachError(
            f"{what}: this {kind} lies in memory of this process alone; {USE}, "
            "or a numpy array over one of these"
        )
    descriptor = open_anew(arena)
    if descriptor < 0:
        raise AttachError(
            f"{what}: its memory is shared, but open nowhere (an anonymous mmap?); {USE}"
        )
    offset = content.address - arena.start + arena.offset
    return Handed(descriptor, offset, content.size, content.dtype, content.shape, content.lock)


def arena_of(content: Content) -> Arena | None:
    """The shared mapping that an object lies in whole; None if it lies in none."""
    first, last = content.address, content.address + content.size
    for arena in mapped(os.getpid()):
        if arena.start <= first and last <= arena.end:
            return arena
    return None


def open_anew(arena: Arena) -> int:
    """A descriptor of an arena of this process, for reading alone; -1 if there is no way."""
    for path in (*open_files(os.getpid()), arena.path):
        try:
            status = os.stat(path)
            same = status.st_ino == arena.inode
            if same and (path == arena.path or device_of(status) == arena.device):
                return above(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise
    return -1


def above(descriptor: int) -> int:
    """The same, with a number that is not one of stdin's, stdout's, stderr's: where the program has
    closed these, what it opens gets their numbers, and what it starts takes it for them."""
    if descriptor >= STANDARD:
        return descriptor
    import fcntl  # which not every system has

    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, STANDARD)
    finally:
        os.close(descriptor)


def content_of(thing: Any, what: str) -> Content:
    """Where an object is, and what it is made of; AttachError where it cannot be shared."""
    if isinstance(thing, type):
        raise AttachError(f"{what}: {thing.__name__} is a type; give an object that is shared")
    if hasattr(thing, "get_obj") and hasattr(thing, "get_lock"):
        inner = content_of(thing.get_obj(), what)
        semaphore = getattr(thing.get_lock(), "_semlock", None)
        return inner._replace(lock=getattr(semaphore, "handle", 0) if semaphore else 0)
    if isinstance(thing, (ctypes.Array, ctypes.Structure, ctypes._SimpleCData)):
        dtype, shape = of_ctype(type(thing))
        return Content(
            ctypes.addressof(thing), ctypes.sizeof(thing), dtype, shape or (1,), owner=thing
        )
    from multiprocessing import shared_memory  # of which not every system has what it takes

    if isinstance(thing, shared_memory.SharedMemory):
        return of_shared(thing, what)._replace(dtype=None, shape=None)
    if isinstance(thing, shared_memory.ShareableList):
        return of_list(thing, what)
    if hasattr(thing, "__array_interface__"):
        return of_numpy(thing, what)
    if isinstance(thing, memoryview):
        return of_buffer(thing, what)
    kind = type(thing).__name__
    raise AttachError(f"{what}: a {kind} is not shared between processes; {USE}")


def of_ctype(ctype: Any) -> tuple[Any, tuple[int, ...]]:
    """A ctypes type as numpy has it: what dtype takes, and a shape."""
    if issubclass(ctype, ctypes.Array):
        dtype, shape = of_ctype(ctype._type_)
        return dtype, (ctype._length_, *shape)
    if issubclass(ctype, ctypes.Structure):
        return of_structure(ctype), ()
    if issubclass(ctype, ctypes._SimpleCData):
        code = of_code(ctype._type_, ctypes.sizeof(ctype))
        return ORDER * (getattr(ctype, SWAPPED, None) is ctype) + code, ()
    return f"V{ctypes.sizeof(ctype)}", ()


def of_structure(ctype: Any) -> dict[str, Any]:
    """A ctypes Structure as numpy.dtype takes one, with the fields of those that it is made from;
    a field hides one of theirs with the same name."""
    fields: dict[str, tuple[Any, int]] = {}
    for part in reversed(ctype.__mro__):
        for name, kind, *bits in vars(part).get("_fields_", ()):
            if not bits:  # numpy has no fields of less than a byte
                dtype, shape = of_ctype(kind)
                form = [dtype, list(shape)] if shape else dtype
                fields[name] = form, getattr(part, name).offset
    return {
        "names": list(fields),
        "formats": [form for form, _ in fields.values()],
        "offsets": [offset for _, offset in fields.values()],
        "itemsize": ctypes.sizeof(ctype),
    }


def of_code(code: str, size: int) -> str:
    """A type code of ctypes as numpy has it: "i4"."""
    if code == "c":
        return "S1"
    if code == "u":
        return f"U{size // 4}" if size >= 4 else "u2"
    kind = {**KINDS, **FLOATS, "g": "f"}.get(code)
    return f"{kind}{size}" if kind else f"V{size}"


def of_shared(memory: "SharedMemory", what: str) -> Content:
    """A SharedMemory, as bytes."""
    view = memory.buf
    if view is None:
        raise AttachError(f"{what}: it has been closed")
    return of_buffer(view, what)


def of_buffer(view: memoryview, what: str) -> Content:
    """A memoryview."""
    if not view.c_contiguous:
        raise AttachError(f"{what}: this view skips parts of its memory; give the whole")
    if view.readonly:
        return of_numpy(numpy_over(view), what)
    first = (ctypes.c_char * view.nbytes).from_buffer(view) if view.nbytes else None
    if first is None:
        raise AttachError(f"{what}: there is nothing in it")
    code = view.format.lstrip(NATIVE + "<")
    dtype = of_code(code, view.itemsize) if len(code) == 1 else None
    return Content(ctypes.addressof(first), view.nbytes, dtype, view.shape, owner=first)


def numpy_over(view: memoryview) -> Any:
    """A numpy array over a memoryview that is not to be written."""
    import numpy

    return numpy.frombuffer(view, numpy.uint8)


def of_numpy(array: Any, what: str) -> Content:
    """A numpy array, or what says of itself that it is like one."""
    told = array.__array_interface__
    dtype = getattr(array, "dtype", told["typestr"])
    if getattr(dtype, "hasobject", False):
        raise AttachError(f"{what}: objects of Python are not shared; give numbers")
    shape = tuple(told["shape"])
    if told.get("strides"):
        raise AttachError(
            f"{what}: this array shows parts of another one (a slice with steps, or turned); "
            "give that one"
        )
    each = getattr(dtype, "itemsize", 0) or int(told["typestr"][2:])
    size = each * math.prod(shape)
    if not size:
        raise AttachError(f"{what}: there is nothing in it")
    described = told["typestr"] if getattr(dtype, "names", None) is None else as_plain(dtype)
    return Content(told["data"][0], size, described, shape or (1,), owner=array)


def as_plain(dtype: Any) -> Any:
    """A numpy type in plain values, as numpy.dtype takes them."""
    if dtype.names is None:
        if dtype.subdtype:
            base, shape = dtype.subdtype
            return [as_plain(base), list(shape)]
        return dtype.str
    return {
        "names": list(dtype.names),
        "formats": [as_plain(dtype.fields[name][0]) for name in dtype.names],
        "offsets": [dtype.fields[name][1] for name in dtype.names],
        "itemsize": dtype.itemsize,
    }


def as_dtype(described: Any) -> Any:
    """A type in plain values as numpy.dtype takes it: JSON has made lists of its tuples."""
    if isinstance(described, dict):
        return {**described, "formats": [as_dtype(one) for one in described["formats"]]}
    if isinstance(described, list):
        return as_dtype(described[0]), tuple(described[1])
    return described


LISTED = {"q": "i8", "d": "f8", "xxxxxxx?": "b1", "xxxxxx?x": "V8"}


def of_list(listed: Any, what: str) -> Content:
    """A ShareableList: one record, a field for each item."""
    formats: list[str] = []
    rest: str = listed.format
    while rest:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        code = rest[: digits + 1] if rest[0] != "x" else rest[:8]
        rest = rest[len(code) :]
        formats.append(LISTED.get(code) or f"S{code[:-1]}")
    whole = of_shared(listed.shm, what)
    start: int = listed._offset_data_start
    if set(formats) in ({"i8"}, {"f8"}):
        content = formats[0], (len(formats),)
        return Content(whole.address + start, 8 * len(formats), *content, owner=whole.owner)
    dtype = record(formats)
    return Content(whole.address + start, dtype["itemsize"], dtype, (1,), owner=whole.owner)


def record(formats: Sequence[str]) -> dict[str, Any]:
    """The type of a record with such items."""
    offsets, end = [], 0
    for kind in formats:
        offsets.append(end + 7 if kind == "b1" else end)
        end += 8 if kind == "b1" else int(kind[1:])
    names = [f"item {number}" for number in range(len(formats))]
    return {"names": names, "formats": list(formats), "offsets": offsets, "itemsize": end}
