"""An update: one frame that was shown, with what the session knew at that moment.

    Taken ──parts──> plain values and arrays, by name ──update──> Update

The names begin with "frame.", "extra", "member." or are those of an update's own fields.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from game.frame import Frame
from game.recording.plain import Arrays, restored, saved

OWN = ("status", "resets", "counts", "events", "stats")


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


def parts_of(frame: Frame) -> tuple[dict[str, Any], Arrays]:
    """All of a frame; its values are the first array."""
    plain: dict[str, Any] = {}
    arrays: Arrays = {}
    for name, value in vars(frame).items():
        if name != "extra":
            plain[f"frame.{name}"] = saved(value, arrays, f"frame.{name}")
    plain["extra"] = saved(frame.extra, arrays, "extra")
    return plain, arrays


class Updates:
    """Makes updates of one state after the other; what has not changed is made once."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Any, Any]] = {}
        self._blank = vars(Frame({}, 0))

    def update(self, plain: Mapping[str, Any], arrays: Arrays) -> Update:
        """The update of a state."""
        columns, own, members = dict(self._blank), {}, {}
        for key, told in plain.items():
            room, _, name = key.partition(".")
            if room == "frame":
                columns[name] = arrays.get(key) if key in arrays else self._value(key, told, arrays)
            elif room == "extra":
                columns["extra"] = restored(told, arrays)
            elif room == "member":
                members[int(name)] = self._value(key, told, arrays)
            else:
                own[key] = self._value(key, told, arrays)
        columns["columns"] = {name: place for place, name in enumerate(columns["fields"])}
        frame = object.__new__(Frame)
        frame.__dict__.update(columns)
        return Update(frame, own, members)

    def _value(self, key: str, told: Any, arrays: Arrays) -> Any:
        before = self._made.get(key)
        if before is not None and before[0] is told:
            return before[1]
        value = restored(told, arrays)
        self._made[key] = told, value
        return value


def last_values(update: Update, most: int) -> Sequence[Sequence[float]]:
    """The values of the first agents shown, at most so many."""
    frame = update.frame
    found: Sequence[Sequence[float]] = frame.values[frame.agents[:most]].tolist()
    return found
