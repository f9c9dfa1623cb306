"""What travels to a node: our code, a person's files under other paths, rows between tables."""

import multiprocessing
import pickle
import zipfile
from array import array
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from game.child.job import Behaviour, Job
from game.cluster import parcel
from game.cluster.rows import collect, put, put_note, put_whole
from game.scenes.race.cells import COUNT, GENERATION, TIMES, Cells
from game.shared.keys import LEFT, UP, KeyCells
from game.shared.table import AGENTS, PID, SEQUENCE, STATE, UPDATES, Slice, State, Table

HERE = multiprocessing.get_context("spawn")


class Settings(NamedTuple):
    track: str
    more: tuple[str, ...] = ()


def job(mover: str, settings=None, scene: str = "swarm") -> Job:
    return Job(scene, {"x": "m"}, (Behaviour(mover),), 1, 10.0, 0, settings=settings)


def unpacked(tmp_path: Path, made: Job) -> tuple[Path, parcel.Load]:
    folder = tmp_path / "there"
    with zipfile.ZipFile(BytesIO(parcel.pack(made, 8, "forkserver"))) as file:
        file.extractall(folder)
    return folder, parcel.load(str(folder))


class TestParcel:
    def test_our_code_is_in_it(self, tmp_path):
        folder, load = unpacked(tmp_path, job("jump"))
        assert (folder / "code/game/cluster/node.py").exists()
        assert (folder / "code/game/scenes/swarm/movers/jump.py").exists()
        assert any((folder / "code/assets/tracks").iterdir())
        assert load.job.behaviours[0].mover == "jump"
        assert load.capacity == 8

    def test_a_mover_with_its_neighbours(self, tmp_path):
        here = tmp_path / "here"
        here.mkdir()
        for name in ("mine.py", "helpers.py", "data.csv", "film.mp4"):
            (here / name).write_text(name)
        folder, load = unpacked(tmp_path, job(str(here / "mine.py")))
        mover = Path(load.job.behaviours[0].mover)
        assert mover.is_relative_to(folder)
        assert {p.name for p in mover.parent.iterdir()} == {"mine.py", "helpers.py", "data.csv"}

    def test_files_that_the_settings_name(self, tmp_path):
        track = tmp_path / "mine.csv"
        track.write_text("0,0")
        settings = Settings(str(track), ("plain", "/not/there.csv"))
        folder, load = unpacked(tmp_path, job("jump", settings))
        found = load.job.settings
        assert isinstance(found, Settings)
        assert Path(found.track).read_text() == "0,0"
        assert Path(found.track).is_relative_to(folder)
        assert found.more == settings.more

    def test_newer_files_take_the_place_of_the_old_ones(self, tmp_path):
        mover = tmp_path / "mine.py"
        mover.write_text("old")
        folder, load = unpacked(tmp_path, job(str(mover)))
        mover.write_text("new")
        parcel.unpack_files(parcel.pack_files(job(str(mover))), str(folder))
        assert Path(load.job.behaviours[0].mover).read_text() == "new"

    def test_a_folder_within_another_travels_once(self, tmp_path):
        (tmp_path / "inner").mkdir()
        outer, inner = tmp_path / "a.py", tmp_path / "inner" / "b.py"
        outer.touch()
        inner.touch()
        made = job(str(outer))._replace(behaviours=(Behaviour(str(outer)), Behaviour(str(inner))))
        assert parcel.folders(made) == [str(tmp_path)]
        assert parcel.within("/a/bc", "/a/b") is False

    def test_no_file_of_a_person_in_a_job_of_ours(self):
        assert parcel.folders(job("jump")) == []


@pytest.fixture
def tables():
    return [Table(HERE, {"x": "m", "y": "m"}, 4, remote=True) for _ in range(2)]


def publish(table: Table, slot: int, *values: float) -> None:
    part = Slice(table, slot)
    part.row[STATE], part.row[PID] = State.RUNNING, 4711
    part.publish(memoryview(array("d", values)))


class TestRows:
    def test_only_what_is_new(self, tables):
        table, sent = tables[0], {}
        table.open(1, 1)
        publish(table, 1, 1.0, 2.0)
        (row,) = collect(table, range(4), sent) if sent else collect(table, [1], sent)
        assert (row.slot, array("d", row.values).tolist()) == (1, [1.0, 2.0])
        assert collect(table, [1], sent) == []
        publish(table, 1, 3.0, 4.0)
        assert [r.slot for r in collect(table, [1], sent)] == [1]
        table.row(1)[STATE] = State.DONE  # without another row
        assert [r.slot for r in collect(table, [1], sent)] == [1]

    def test_a_row_that_is_half_written_is_not_sent(self, tables):
        table, sent = tables[0], {}
        table.open(1, 1)
        publish(table, 1, 1.0, 2.0)
        table.row(1)[SEQUENCE] += 1
        assert collect(table, [1], sent) == []
        table.row(1)[SEQUENCE] += 1
        assert len(collect(table, [1], sent)) == 1

    def test_a_movers_row_leaves_what_is_the_windows(self, tables):
        there, here = tables
        for table in tables:
            table.open(2, 1)
        here.open(2, 1)  # its second process
        publish(there, 2, 1.0, 2.0)
        (row,) = collect(there, [2], {})
        put(here, row)
        cells = here.row(2)
        assert (cells[UPDATES], cells[PID], cells[STATE]) == (1, 4711, State.RUNNING)
        assert cells[2] == 2, "the generation is what it was here"
        assert cells[SEQUENCE] % 2 == 0

    def test_a_whole_row_makes_it_somebodys_and_an_empty_one_nobodys(self, tables):
        there, here = tables
        there.open(2, 1)
        publish(there, 2, 1.0, 2.0)
        put_whole(here, collect(there, [2], {})[0])
        assert here.row(2)[AGENTS] == 1
        assert here.slice(2).tolist() == [1.0, 2.0]
        there.clear(2)
        put_whole(here, collect(there, [2], {})[0])
        assert here.row(2)[STATE] == State.FREE
        assert here.slice(2).tolist() == [0.0, 0.0]

    def test_a_note_is_never_longer_than_its_place(self, tables):
        put_note(tables[0], 0, b"x" * 9999)
        put_note(tables[0], 1, b"")
        assert len(tables[0].note(0)[0]) == 4095
        assert tables[0].note(1) == ("", "")


def test_the_laps_of_a_car_are_given_and_taken():
    there, here = Cells(HERE), Cells(HERE)
    for cells in (there, here):
        cells.make_room(4)
    row = there.row(2)
    row[GENERATION], row[COUNT], row[TIMES] = 3, 1, 82.5
    here.take(2, there.give(2, 1))
    assert here.row(2).tolist()[:4] == row.tolist()[:4]
    assert here.row(1)[COUNT] == 0
    many = Cells(HERE)
    many.make_room(30_000)
    assert many.give(0, 4) == b""
    many.take(0, b"")


def test_the_keys_that_are_held_travel():
    here, there = KeyCells(HERE), KeyCells(HERE)
    here.hold(UP, True)
    there.state = here.state
    assert (there.held(UP), there.held(LEFT)) == (True, False)


def test_a_table_that_travels_knows_where_its_rows_come_from(tables):
    origins = tables[0].origins
    assert origins.hosts.tolist() == [-1] * 4
    origins.note(1, 0.5, lambda: 10.0)
    assert origins.ages(lambda: 11.0) == [0.0, 1.5, 0.0, 0.0]
    origins.forget(1)
    assert origins.ages(lambda: 11.0) == [0.0] * 4
    assert pickle.loads is not None
