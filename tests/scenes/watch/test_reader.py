"""The watching source, over memory that the test holds itself."""

from pathlib import Path

import numpy as np
import pytest

from game.attach.elements import Elements
from game.attach.memory import open_path
from game.attach.subjects import Alone, Found, Semaphore
from game.scenes.watch import Settings
from game.scenes.watch.attached import Wish
from game.scenes.watch.looks import WatchView
from game.scenes.watch.reader import CHOOSING, WatchSource


class Files(Alone):
    """A subject whose arrays are files of the test."""

    words = "a test"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: list[Found] = []
        self.ended = ""
        self.closed = False

    def add(self, name: str, array: np.ndarray, room: int = 4096, **known) -> Path:
        """Put an array into a memory of its own."""
        path = self.folder / name
        path.write_bytes(array.tobytes().ljust(room, b"\0"))
        self.found.append(Found(name, open_path(str(path)), **known))
        return path

    def find(self, now):
        return self.found

    def waits(self):
        return "" if self.found else "waiting"

    def gone(self, now):
        return self.ended

    def close(self):
        for found in self.found:
            found.memory.close()


@pytest.fixture
def subject(tmp_path: Path):
    made = Files(tmp_path)
    yield made
    made.close()


def write(path: Path, array: np.ndarray, offset: int = 0) -> None:
    """Write into the same memory."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(array.tobytes())


def view(source: WatchSource) -> WatchView:
    found = source.frame.extra
    assert isinstance(found, WatchView)
    return found


def test_nothing_yet_is_a_frame_too(subject):
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    frame = source.read(0.0)
    assert (len(frame.agents), view(source).waits, view(source).look) == (0, "waiting", None)
    assert source.figures()["values"] == []


def test_values_are_read_as_they_change(subject):
    path = subject.add("a", np.array([57, 91, 20], "i4"))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    frame = source.read(0.0)
    assert frame["value"].tolist() == [57, 91, 20]
    write(path, np.array([58], "i4"))
    frame = source.read(1.0)
    assert frame["value"].tolist() == [58, 91, 20]
    assert frame.fresh.tolist() == [True, False, False]
    assert source.read(2.0).fresh.any() == False  # noqa: E712 numpy's own False
    look = view(source).look
    assert look is not None
    assert (look.data.dtype, look.data.shape, look.guessed) == ("int32", (3,), "type and length")
    assert source.figures()["watch"] == {
        "dtype": "int32",
        "shape": [3],
        "reads": 3,
        "changed": 2,
        "mid_write": 0,
    }
    assert source.figures()["values"] == [58, 91, 20]


def test_a_guess_grows_with_what_is_written(subject):
    path = subject.add("a", np.zeros(1))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    write(path, np.array([1, 2, 3, 4], "i4"))
    source.read(1.0)
    frame = source.read(2.0)
    assert frame["value"].tolist() == [1, 2, 3, 4]
    write(path, np.array([5], "i4"), offset=20)
    source.read(3.0)
    assert source.read(4.0)["value"].tolist() == [1, 2, 3, 4, 0, 5]


def test_what_is_wished_for_is_no_guess(subject):
    subject.add("a", np.arange(12, dtype="f4"))
    wish = Wish(np.dtype("f4"), (2, 3), 8, columns=("x", "y", "z"))
    source = WatchSource(Settings("", subject, wish), 0.0)
    frame = source.read(0.0)
    assert frame.values.tolist() == [[2, 3, 4], [5, 6, 7]]
    assert list(frame.fields) == ["x", "y", "z"]
    assert source.next_type() == "its type is known: float32"
    look = view(source).look
    assert look is not None
    assert (look.guessed, look.offset, look.columns) == ("", 8, ("x", "y", "z"))


def test_the_key_goes_through_the_types(subject):
    subject.add("a", np.arange(1, 9.0))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    kinds = []
    for now in range(1, 11):
        source.next_type()
        source.read(float(now))
        look = view(source).look
        assert look is not None
        kinds.append(look.data.dtype.str[1:])
    assert sorted(kinds) == sorted(("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"))
    assert kinds[-1] == "f8"


def test_the_largest_that_changes_is_shown_first(subject):
    subject.add("large and still", np.arange(100.0))
    path = subject.add("small", np.arange(1, 4.0))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    assert view(source).shown == 0
    write(path, np.array([9.0]))
    source.read(0.1)
    assert view(source).shown == 1
    assert source.read(0.2)["value"].tolist() == [9, 2, 3]


def test_what_a_person_chose_stays(subject):
    subject.add("one", np.arange(1, 3.0))
    path = subject.add("two", np.arange(1, 4.0))
    source = WatchSource(Settings("", subject, Wish(array=0)), 0.0)
    source.read(0.0)
    write(path, np.array([9.0]))
    source.read(0.1)
    assert view(source).shown == 0
    assert source.next_array() == "two"
    assert source.read(0.2)["value"].tolist() == [9, 2, 3]
    assert source.next_array() == "one"


def test_after_a_while_the_choice_is_made(subject):
    subject.add("one", np.arange(1, 3.0))
    path = subject.add("two", np.arange(1, 4.0))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    source.read(CHOOSING + 1)
    write(path, np.array([9.0]))
    source.read(CHOOSING + 2)
    assert view(source).shown == 0, "a picture does not jump for ever"


def test_a_known_array_is_never_guessed_at(subject):
    elements = Elements(np.dtype("i8"), (4,), 0)
    subject.add("a", np.zeros(4, "i8"), elements=elements)
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    assert source.read(0.0)["value"].tolist() == [0, 0, 0, 0]


def test_its_lock_is_looked_at_before_and_after_each_copy(subject, tmp_path):
    (tmp_path / "lock").write_bytes(b"\1\0\0\0" * 2)
    memory = open_path(str(tmp_path / "lock"))
    subject.add(
        "a", np.zeros(1), elements=Elements(np.dtype("f8"), (1,)), lock=Semaphore(memory, 4)
    )
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    write(tmp_path / "lock", np.array([0], "i4"), 4)
    source.read(0.1)
    source.read(0.2)
    look = view(source).look
    assert look is not None
    assert look.lock == (3, 2)
    memory.close()


def test_the_end_of_its_program_is_kept(subject):
    subject.add("a", np.ones(1))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    source.read(0.0)
    subject.ended = "the program has ended"
    source.read(1.0)
    assert source.ended
    assert view(source).gone == "the program has ended"
    assert source.frame["value"].tolist() == [1.0]


def test_memory_that_shrinks_keeps_its_last_picture(subject):
    path = subject.add("a", np.arange(1, 9.0), room=64)
    source = WatchSource(Settings("", subject, Wish(np.dtype("f8"), (8,))), 0.0)
    source.read(0.0)
    path.write_bytes(b"")
    assert source.read(1.0)["value"].tolist() == list(range(1, 9))
    assert view(source).gone == "its memory was cut short"


def test_frames_never_change(subject):
    path = subject.add("a", np.arange(1, 4.0))
    source = WatchSource(Settings("", subject, Wish()), 0.0)
    frames = []
    for number in range(5):
        write(path, np.array([float(number + 1)]))
        frames.append(source.read(float(number)))
    assert [frame.values[0, 0] for frame in frames] == [1, 2, 3, 4, 5]
