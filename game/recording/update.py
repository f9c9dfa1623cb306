"""An update: one frame that was shown, with what the session knew at that moment.

    Taken ──parts──> plain values and arrays, by name ──update──> Update

The names begin with "frame.", "extra", "member." or are those of an update's own fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from game.frame import Frame
from game.recording.plain import Arrays, restored, saved

DERIVED = ("extra", "columns")  # are not kept as the other columns of a frame are
FRAME: dict[str, str] = {}  # the key of each of these
OWN = ("status", "moment", "resets", "counts", "events", "stats")


class Taken(NamedTuple):
    """What a session hands over of a frame that it has shown. Nothing in it changes later."""

    frame: Frame
    own: Mapping[str, Any]  # by the names of OWN
    members: Mapping[int, Any] = {}  # those that changed; None: there is none now
    # What the screen remembers after this frame; {}: it is to be whole all the same; None: neither.
    checkpoint: Any = None


class Update(NamedTuple):
    """A frame as it was shown, and what was known then."""

    frame: Frame
    own: Mapping[str, Any]
    members: Mapping[int, Any]  # all of them, by slot


class Parts:
    """Takes updates apart, one after the other; what is the same object as before is not looked
    into again."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[Any, Any]] = {}  # by key: what was saved last, as what
        self._members: dict[str, Any] = {}

    def of(self, taken: Taken) -> tuple[dict[str, Any], Arrays]:
        """All of an update, as plain values and arrays; its values are the first array."""
        arrays: Arrays = {}
        plain: dict[str, Any] = {}
        for name, value in vars(taken.frame).items():
            if name not in DERIVED:
                key = FRAME.get(name) or FRAME.setdefault(name, f"frame.{name}")
                plain[key] = self._saved(key, value, arrays)
        plain["extra"] = saved(taken.frame.extra, arrays, "extra")
        for slot, known in taken.members.items():
            if known is None:
                self._members.pop(f"member.{slot}", None)
            else:
                self._members[f"member.{slot}"] = saved(known, arrays, f"member.{slot}")
        for key, value in taken.own.items():
            plain[key] = self._saved(key, value, arrays)
        return {**plain, **self._members}, arrays

    def _saved(self, key: str, value: Any, arrays: Arrays) -> Any:
        """A value that never changes, as JSON has it."""
        kind = type(value)
        if kind is float or kind is int or kind is bool:
            return value
        before = self._told.get(key)
        if kind is np.ndarray:
            arrays[key] = value
            if before is None or not isinstance(before[0], np.ndarray):
                self._told[key] = before = value, {"array": key}
            return before[1]
        if before is None or before[0] is not value:
            self._told[key] = before = value, saved(value, arrays, key)
        return before[1]


class Told(Mapping[Any, Any]):
    """Values of one update, each restored when somebody asks for it."""

    def __init__(self, told: Mapping[Any, Any], arrays: Arrays) -> None:
        self._told, self._arrays = told, arrays

    def __getitem__(self, name: Any) -> Any:
        return restored(self._told[name], self._arrays)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


class Updates:
    """Makes updates of one state after the other; what has not changed is made once."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Any, Any]] = {}
        self._rooms: dict[str, tuple[str, str]] = {}  # of each key: which part it is of
        self._blank = vars(Frame({}, 0))

    def update(self, plain: Mapping[str, Any], arrays: Arrays) -> Update:
        """The update of a state."""
        columns: dict[str, Any] = dict(self._blank)
        own: dict[str, Any] = {}
        members: dict[int, Any] = {}
        for key, told in plain.items():
            room, name = self._rooms.get(key) or self._room(key)
            if room == "frame":
                array = arrays.get(key)
                columns[name] = self._value(key, told) if array is None else array
            elif room == "member":
                members[int(name)] = told
            elif key == "extra":
                columns[key] = restored(told, arrays)
            else:
                own[key] = told
        columns["now"] = float(columns["now"])  # all that is shown of it is told by this
        columns["columns"] = {name: place for place, name in enumerate(columns["fields"])}
        frame = object.__new__(Frame)
        frame.__dict__.update(columns)
        held = dict(arrays)
        return Update(frame, Told(own, held), Told(members, held))

    def _room(self, key: str) -> tuple[str, str]:
        room, _, name = key.partition(".")
        self._rooms[key] = room, name
        return room, name

    def _value(self, key: str, told: Any) -> Any:
        before = self._made.get(key)
        if before is not None and before[0] is told:
            return before[1]
        value = restored(told, {})
        self._made[key] = told, value
        return value
