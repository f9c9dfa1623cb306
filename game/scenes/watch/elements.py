"""The elements: an array of any type as numbers to count with, and what Python calls each of them.

    float, int, bool         as they are
    a structure              a column for each number of its fields
    complex                  two columns, real and imag
    characters, raw bytes    a column for each byte
    date, duration           the whole number that it is stored as

Made by the scene for each Look; asked by statistics, views, tips and exports.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.scenes.watch.looks import Look

Numbers = NDArray[Any]  # of a type that numpy calculates with, in the machine's byte order


class Part(NamedTuple):
    """One of the numbers that an item of the array consists of."""

    name: str  # "x", "real"; "" where an item is a number
    python: str  # what reads it, after the item's own index: '["x"]', ".real"
    offset: int  # [bytes] from the item's start
    dtype: np.dtype[Any]


class Elements(NamedTuple):
    """An array as numbers. Element e is the e-th of them, row by row."""

    name: str
    numbers: Numbers  # (..., parts) where an item has several, else shaped as the array
    items: tuple[int, ...]  # the array's own shape
    parts: tuple[Part, ...]
    columns: tuple[str, ...]  # what the numbers along the last axis are called; () for nothing
    dtype: str  # of the array, in words
    size: int  # [bytes] of an item
    offset: int  # [bytes] of the first item from the start of the memory

    @property
    def flat(self) -> Numbers:
        """All numbers in a row, (n,); not a copy."""
        return self.numbers.reshape(-1)

    @property
    def many(self) -> int:
        """How many there are."""
        return int(self.numbers.size)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the numbers."""
        return self.numbers.shape

    @property
    def table(self) -> Numbers:
        """The numbers as rows of the last axis, (rows, columns); not a copy."""
        wide = self.shape[-1] if len(self.shape) > 1 else 1
        return self.numbers.reshape(self.many // max(wide, 1), wide)

    @property
    def coordinates(self) -> tuple[int, ...]:
        """Which columns of the table are x, y and whatever follows: those of that name first."""
        wide, names = self.table.shape[1], [name.lower() for name in self.columns]
        named = [names.index(name) for name in ("x", "y")] if {"x", "y"} <= set(names) else []
        return (*named, *(column for column in range(wide) if column not in named))

    def column_name(self, column: int) -> str:
        """What a column of the table is called."""
        return self.columns[column] if self.columns else f"column {column}"

    def python(self, elements: range) -> str:
        """The Python that reads an element, or those from one to another."""
        first = self._index(elements.start)
        if len(elements) == 1 or not elements:
            return self.name + first
        if len(self.items) == 1 and len(self.parts) == 1:
            return f"{self.name}[{elements.start}:{elements.stop}]"
        return f"{self.name}{first} to {self._index(elements.stop - 1)}"

    def place(self, element: int) -> str:
        """Where an element is, as short as it goes: "17", "3, 4", "17 x"."""
        item, part = divmod(element, len(self.parts))
        where = ", ".join(f"{i}" for i in self._item(item))
        return f"{where} {self.parts[part].name}".strip()

    def byte(self, element: int) -> int:
        """Where an element begins [bytes from the start of the memory]."""
        item, part = divmod(element, len(self.parts))
        return self.offset + item * self.size + self.parts[part].offset

    def part(self, element: int) -> Part:
        """Which number of its item an element is."""
        return self.parts[element % len(self.parts)]

    def _item(self, item: int) -> tuple[int, ...]:
        return tuple(int(i) for i in np.unravel_index(item, self.items)) if self.items else ()

    def _index(self, element: int) -> str:
        item, part = divmod(element, len(self.parts))
        where = ", ".join(str(i) for i in self._item(item))
        return (f"[{where}]" if where else "[()]") + self.parts[part].python


def elements_of(look: Look) -> Elements:
    """The array of a Look as numbers."""
    data = look.data
    parts = tuple(parts_of(data.dtype))
    numbers = numbers_of(data, parts)
    columns = look.columns
    if len(parts) > 1:
        columns = tuple(part.name for part in parts)
    elif len(columns) != numbers.shape[-1:][0]:
        columns = ()
    numbers.flags.writeable = False
    size = data.dtype.itemsize
    kind = str(data.dtype) if data.dtype.names is None else f"structure of {size} bytes"
    return Elements(look.name, numbers, data.shape, parts, columns, kind, size, look.offset)


def parts_of(dtype: np.dtype[Any], name: str = "", python: str = "", offset: int = 0) -> list[Part]:
    """The numbers that an item of a type consists of."""
    if dtype.names is not None and dtype.fields is not None:
        found = []
        for field in dtype.names:
            kind, at = dtype.fields[field][:2]
            inner = f"{name}.{field}" if name else field
            found += parts_of(kind, inner, f'{python}["{field}"]', offset + at)
        return found or [Part(name, python, offset, np.dtype(np.uint8))]
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        found = []
        for number, index in enumerate(np.ndindex(*shape)):
            where = ", ".join(map(str, index))
            at = offset + number * base.itemsize
            found += parts_of(base, f"{name}[{where}]", f"{python}[{where}]", at)
        return found
    return [
        Part(f"{name}{ending}", f"{python}{reads}", offset + at, kind)
        for ending, reads, at, kind in plain_parts(dtype)
    ]


def plain_parts(dtype: np.dtype[Any]) -> list[tuple[str, str, int, np.dtype[Any]]]:
    """The same of a type without fields: endings of name and Python, offset and type."""
    if dtype.kind in "biuf":
        return [("", "", 0, dtype)]
    if dtype.kind == "c":
        half = np.dtype(f"{dtype.byteorder}f{dtype.itemsize // 2}")
        return [(" real", ".real", 0, half), (" imag", ".imag", half.itemsize, half)]
    if dtype.kind in "mM":
        return [("", "", 0, np.dtype(f"{dtype.byteorder}i8"))]
    byte = np.dtype(np.uint8)
    if dtype.itemsize == 1:
        return [("", "", 0, byte)]
    return [(f" byte {n}", "", n, byte) for n in range(dtype.itemsize)]


def numbers_of(data: NDArray[Any], parts: tuple[Part, ...]) -> Numbers:
    """The numbers of an array, in one type that holds all parts."""
    if data.dtype.kind in "biuf":
        return as_native(data if data.ndim else data.reshape(1)).view()
    raw = np.ascontiguousarray(data).reshape(-1).view(np.uint8).reshape(data.size, -1)
    columns = [
        as_native(
            np.ascontiguousarray(raw[:, p.offset : p.offset + p.dtype.itemsize]).view(p.dtype)
        )
        for p in parts
    ]
    kinds = {column.dtype for column in columns}
    kind = kinds.pop() if len(kinds) == 1 else np.dtype(np.float64)
    made = np.concatenate([column.astype(kind, copy=False) for column in columns], axis=1)
    return made.reshape((*data.shape, len(parts)) if len(parts) > 1 else data.shape or (1,))


def as_native(data: NDArray[Any]) -> Numbers:
    """The same numbers in the machine's byte order, none longer than 64 bits."""
    if data.dtype.kind == "f" and data.dtype.itemsize > 8:
        return data.astype(np.float64)
    return data if data.dtype.isnative else data.astype(data.dtype.newbyteorder("="))


def same_kind(one: Elements | None, other: Elements) -> bool:
    """Whether two are the same array, of the same shape and type, at two moments."""
    return one is not None and one._replace(numbers=other.numbers) == other._replace(
        numbers=other.numbers
    )
