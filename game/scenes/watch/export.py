"""Saving what is seen: an array as it was read last, written into a file that is open.

Whoever calls it sees to it that a file is whole or not there at all.

    .npy   the array itself, of its own type and shape: numpy.load gives it back
    .csv   a line for each row, under the names of its columns where it has any
"""

import io
from typing import Any, BinaryIO

import numpy as np

from game.scenes.watch.elements import elements_of
from game.scenes.watch.looks import Look

ENDINGS = (".npy", ".csv")
AT_ONCE = 10_000  # lines that are made in one go


def save(file: BinaryIO, look: Look, ending: str) -> None:
    """Write the array of a look as `ending` says; ValueError for one that is none of ENDINGS."""
    if ending == ".npy":
        np.lib.format.write_array(file, look.data, allow_pickle=False)
    elif ending == ".csv":
        save_lines(file, look)
    else:
        raise ValueError(f"{ending!r:.20}: an array is saved as {' or '.join(ENDINGS)}")


def save_lines(file: BinaryIO, look: Look) -> None:
    """Write a line for each row of the last axis, with all the digits that the values have."""
    elements = elements_of(look)
    records = look.data.dtype.names is not None
    table = look.data.reshape(-1) if records else elements.table
    if elements.columns:
        file.write((",".join(map(quoted, elements.columns)) + "\n").encode())
    for first in range(0, len(table), AT_ONCE):
        lines = io.StringIO()
        for row in table[first : first + AT_ONCE].tolist():
            row = flattened(row) if records else row
            lines.write(",".join(map(repr, row)) + "\n")
        file.write(lines.getvalue().encode())


def flattened(record: Any) -> list[Any]:
    """The numbers of a record in a row: a byte each of what is no number."""
    if isinstance(record, bytes):
        return list(record)
    if isinstance(record, np.ndarray):
        record = record.tolist()
    if isinstance(record, tuple | list):
        return [number for part in record for number in flattened(part)]
    return [record]


def quoted(name: str) -> str:
    """A name as a cell of a CSV file (RFC 4180)."""
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"\r\n') else name
