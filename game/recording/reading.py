"""Reading a recording: a tape from a file of MCAP, whole or cut anywhere.

Nothing is trusted: what is no recording, or of a newer version, is refused in one line; what is
broken ends the recording where it is. Used by replay and by export.
"""

import json
import os
import stat
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from game.frame import Floats
from game.recording import VERSION, RecordingError
from game.recording.file import check_packages
from game.recording.tape import Mark, state_of

if TYPE_CHECKING:
    from game.recording.contents import Place

NO_JSON = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # of ours


class FileTape:
    """A recording; RecordingError where it is none that can be shown."""

    def __init__(self, path: str) -> None:
        check_packages()
        from game.recording.contents import Contents

        self.path = path
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would be waited for
                raise ValueError("it is no ordinary file")
            self._file: BinaryIO = open(path, "rb")  # noqa: SIM115
        except (OSError, ValueError) as error:
            what = getattr(error, "strerror", None) or error
            raise RecordingError(f"{path}: {what}; give the file of a recording") from None
        try:
            self._contents = Contents(self._file)
            if packed := self._contents.packed:
                what = f"it is packed as {packed!r:.20}, and this program reads 'zstd'"
                raise RecordingError(f"{path}: {what}")
            self.cut = self._contents.cut  # the program was killed, or the disk was full
            self.about: Mapping[str, Any] = self._about()
            self._order()
        except ValueError as error:
            self._file.close()
            if isinstance(error, RecordingError):
                raise
            why = "it is no recording; one begins with --record FILE"
            raise RecordingError(f"{path}: {why}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # As a tape.

    @property
    def first(self) -> int:
        """All of it is kept."""
        return 0

    @property
    def last(self) -> int:
        """The last one that is whole in the file."""
        return len(self._places) - 1

    @property
    def length(self) -> float:
        """How long it is [s]."""
        return float(self._times[-1])

    def time(self, number: int) -> float:
        """When an update was shown [s]."""
        return float(self._times[min(max(number, 0), self.last)])

    def at(self, time: float) -> int:
        """The last one up to a time [s]."""
        return max(0, int(np.searchsorted(self._times, time + 1e-9, "right")) - 1)

    def message(self, number: int) -> bytes | None:
        """An update."""
        if not 0 <= number < len(self._places):
            return None
        return self._data(self._places[number])

    def whole(self, number: int) -> int:
        """The last whole one up to a number."""
        place = bisect_right(self._wholes, number) - 1
        return self._wholes[max(place, 0)]

    def checkpoint(self, number: int) -> tuple[int, Any] | None:
        """The last checkpoint up to a number; a broken one counts as none."""
        place = bisect_right(self._saved, number, key=lambda one: one[0]) - 1
        if place < 0:
            return None
        after, where = self._saved[place]
        with suppress(Exception):
            return after, state_of(self._data(where))
        return None

    @cached_property
    def marks(self) -> Sequence[Mark]:
        """What happened."""
        marks: list[Mark] = []
        for data in self._told():
            with suppress(*NO_JSON):
                found = json.loads(data)
                for one in found if isinstance(found, list) else [found]:
                    marks.append(Mark(float(one["time"]), str(one["kind"]), str(one["words"])))
        return sorted((mark for mark in marks if isfinite(mark.time)), key=lambda one: one.time)

    def _told(self) -> Iterator[bytes]:
        """What the file has of marks: all of them at its end, if it has one, else each."""
        attached = self._contents.attachments.get("marks")
        if attached is not None:
            yield attached
            return
        for _, place in self._contents.found["/marks"]:
            with suppress(RecordingError):
                yield self._data(place)

    # The file.

    def _data(self, place: "Place") -> bytes:
        """A message's data; RecordingError where its chunk is broken."""
        try:
            return self._contents.data(place)
        except ValueError:
            raise RecordingError(f"{self.path}: it is broken in the middle") from None

    def _about(self) -> Mapping[str, Any]:
        """What ran; RecordingError where that is not said, or where it is newer than we are."""
        about: dict[str, Any] = {}
        with suppress(*NO_JSON):
            run = self._contents.metadata.get("run", {})
            about = {key: json.loads(value) for key, value in run.items()}
        if not about:
            raise RecordingError(f"{self.path}: it does not say what ran; it is no recording of us")
        version = about.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise RecordingError(
                f"{self.path}: it is of version {version!r:.20}, and this program reads up to "
                f"{VERSION}; a newer array-arena does"
            )
        return about

    def _order(self) -> None:
        """Number the updates, from the first whole one on."""
        found = self._contents.found
        wholes = found["/whole"]
        if not wholes:
            raise RecordingError(f"{self.path}: there is nothing in it: it was cut off too early")
        both = [(time, place, True) for time, place in wholes]
        both += [(time, place, False) for time, place in found["/changes"]]
        both.sort(key=lambda one: one[:2])
        start = next(n for n, one in enumerate(both) if one[2])
        both = both[start:]
        self._places = [place for _, place, _ in both]
        self._wholes = [number for number, one in enumerate(both) if one[2]]
        began = both[0][0]
        self._times: Floats = np.array([(one[0] - began) / 1e9 for one in both])
        stamps = {both[number][0]: number for number in self._wholes}
        self._saved = [
            (stamps[time], place) for time, place in found["/checkpoint"] if time in stamps
        ]
