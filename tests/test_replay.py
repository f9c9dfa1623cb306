"""replay and export from the command line: what they make, and what they refuse in one line."""

import csv
import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from game import replaying
from game.__main__ import main
from game.recording.films import delays
from game.replay_arguments import parse
from game.view.hud import Status
from tests.recording.made import record, writer
from tests.scenes.moving import run


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replay") / "swarm.mcap"
    record(run("swarm", 8), [writer(path, "swarm")])
    return path


def refused(*arguments: object) -> None:
    """Have something refused with 2."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as error:
        status = int(error.code or 0)
    assert status == 2


def test_tables_equal_the_figures(recording: Path, tmp_path: Path, capsys):
    told, lines, arrays = (tmp_path / name for name in ("s.json", "t.csv", "t.npz"))
    assert main(["replay", str(recording), "--headless", "--to", "2.0", "--stats", str(told)]) == 0
    for out in (lines, arrays):
        assert main(["export", str(recording), str(out), "--to", "2.0"]) == 0
        assert capsys.readouterr().err.startswith(f"game: made {out}: ")
    figures = json.loads(told.read_text())
    with lines.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["time", "agent", "x", "y"]
    last = {int(row[1]): [float(value) for value in row[2:]] for row in rows[1:]}
    frame = run("swarm", 8)[40]
    assert figures["values"] == [last[agent] for agent in frame.agents.tolist()]
    assert figures["frames"] == 40
    found = np.load(arrays)
    table = np.array([[float(value) for value in row] for row in rows[1:]])
    np.testing.assert_array_equal(found["agent"], table[:, 1])
    np.testing.assert_array_equal(found["values"], table[:, 2:])
    np.testing.assert_allclose(found["time"], table[:, 0], atol=1e-6)
    assert found["fields"].tolist() == ["x", "y"]


def test_a_picture_and_films(recording: Path, tmp_path: Path):
    from PIL import Image

    sizes = {"a.png": (1280, 720), "a.gif": (640, 360), "a.webp": (400, 300)}
    for name, size in sizes.items():
        more = ["--size", "400x300"] if name.endswith("webp") else []
        assert main(["export", str(recording), str(tmp_path / name), "--to", "1", *more]) == 0
        with Image.open(tmp_path / name) as picture:
            assert picture.size == size
            if name == "a.gif":
                assert picture.n_frames == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(sizes)


def test_the_delays_of_a_gif_keep_its_rate():
    for rate in (10, 12.5, 20, 24, 30, 50):
        assert sum(delays(1000, rate)) == pytest.approx(1e6 / rate, abs=10)
        assert {time % 10 for time in delays(1000, rate)} == {0}


def test_what_is_wrong_is_refused_in_a_line(recording: Path, tmp_path: Path, capsys):
    other = tmp_path / "other.mcap"
    record(run("race", 8)[:5], [writer(other, "race")])
    gone = tmp_path / "gone.mcap"
    gone.write_bytes(other.read_bytes().replace(b'"race"', b'"cart"'))
    for number, arguments in enumerate(
        (
            ("replay", __file__),
            ("replay", tmp_path / "none.mcap"),
            ("replay",),
            ("replay", recording, "--from", 99),
            ("replay", recording, "--from", 2, "--to", 1),
            ("replay", recording, "--beside", other, "--headless"),
            ("replay", recording, "--screenshot", tmp_path / "no" / "x.png"),
            ("replay", gone),
            ("export", recording, tmp_path / "x.avi"),
            ("export", recording, tmp_path / "no" / "x.gif"),
            ("export", recording, recording.parent),
            ("export", recording),
        )
    ):
        refused(*arguments)
        said = capsys.readouterr().err
        assert said.startswith("game: "), number
        assert said.count("\n") == 1, said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gone.mcap", "other.mcap"]


def test_without_an_encoder_it_says_what_to_install(
    recording: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    refused("export", recording, tmp_path / "x.mp4")
    assert "install" in capsys.readouterr().err
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    monkeypatch.setitem(__import__("sys").modules, "PIL.Image", None)
    refused("export", recording, tmp_path / "x.gif")
    assert "array-arena[film]" in capsys.readouterr().err
    monkeypatch.setitem(__import__("sys").modules, "mcap.writer", None)
    refused("replay", recording, "--headless")
    assert "array-arena[record]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_beside_draws_a_ghost(recording: Path, tmp_path: Path):
    other = tmp_path / "other.mcap"
    record(run("swarm", 300)[:40], [writer(other, "swarm")])
    import pygame

    pictures = []
    for more in ([], ["--beside", str(other)]):
        shot = tmp_path / "x.png"
        given = ["replay", str(recording), "--headless", "--to", "1.5", "--screenshot", str(shot)]
        assert main([*given, *more]) == 0
        pictures.append(pygame.image.load(str(shot)).get_buffer().raw)
    assert pictures[0] != pictures[1]


def test_a_ghost_leaves_the_own_run_as_it_is(recording: Path, tmp_path: Path):
    other, nobody = tmp_path / "other.mcap", np.zeros(0, np.int64)
    record([frame.next(agents=nobody) for frame in run("swarm", 8)], [writer(other, "swarm")])
    with ExitStack() as ends:
        given = ["replay", str(recording), "--headless", "--from", "1.5"]
        grounds = []
        for more in ([], ["--beside", str(other)]):
            session = replaying.open_replay(parse([*given, *more]), lambda: 0.0, print, ends)
            session.last_picture()
            assert session.screen.canvas is not None
            view = session.window.surface.subsurface(session.screen.canvas.view)
            grounds.append(view.copy().get_buffer().raw)
    assert grounds[0] == grounds[1]


def test_what_is_faint_is_named(recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    other = tmp_path / "other.mcap"
    record(run("swarm", 8)[:20], [writer(other, "swarm")])
    given = ["replay", str(recording), "--beside", str(other), "--headless"]
    told: list[Status] = []
    with ExitStack() as ends:
        session = replaying.open_replay(parse(given), lambda: 0.0, print, ends)
        monkeypatch.setattr(session.screen, "draw", lambda _, status, *more: told.append(status))
        for time in (0.5, 2.0):
            session.past.playback.go(time)
            session.last_picture()
    assert [status.detail for status in told] == [
        "mover wander; faint: other.mcap",
        "mover wander; faint: other.mcap, ended",
    ]


def test_where_nobody_looks_the_last_picture_is_enough(recording: Path):
    with ExitStack() as ends:
        session = replaying.open_replay(
            parse(["replay", str(recording), "--headless"]), lambda: 0.0, print, ends
        )
        drawn = []
        session.screen.over = lambda canvas: drawn.append(session.player.at)
        while not session.over:
            session.frame()
        assert drawn == [session.tape.last]


def test_tables_of_an_array_that_became_another_one(tmp_path: Path, capsys):
    path, out = tmp_path / "x.mcap", tmp_path / "t.csv"
    first, then = run("swarm", 8)[:10], run("race", 8)[10:20]
    record([*first, *then], [writer(path, "swarm")])
    assert main(["export", str(path), str(out)]) == 0
    assert "10 updates of an array of other fields" in capsys.readouterr().err
    lines = out.read_text().splitlines()
    assert lines[0] == "time,agent,speed,distance"
    assert {line.count(",") for line in lines} == {3}
    assert main(["export", str(path), str(tmp_path / "t.npz")]) == 0
    found = np.load(tmp_path / "t.npz")
    assert found["values"].shape == (len(lines) - 1, 2)
    assert main(["export", str(path), str(out), "--to", "0.3"]) == 0
    assert out.read_text().startswith("time,agent,x,y\n")


def test_who_is_not_there_at_that_moment_is_no_fault(tmp_path: Path):
    from contextlib import ExitStack

    from game import replaying
    from game.replay_arguments import parse

    path = tmp_path / "x.mcap"
    record([*run("swarm", 8)[:10], *run("swarm", 300)[10:20]], [writer(path, "swarm")])
    with ExitStack() as ends:
        given = parse(["replay", str(path), "--headless"])
        session = replaying.open_replay(given, lambda: 0.0, lambda seconds: None, ends)
        session.screen.selected = 299
        seen = []
        for _ in range(80):
            session.frame()
            seen.append(session.past.inspection(session.agent_name) is not None)
        assert seen[0] is False
        assert seen[-1] is True
        assert session.player.broken == ""
