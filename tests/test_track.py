"""The track: what it measures, where `at` leads, and what it says about a bad file."""

import math
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game import track
from game.track import Track, TrackError, load, parse
from game.track_files import content as files
from game.track_files.repair import MOST_POINTS, thinned

ROOT = Path(__file__).parents[1]
KART = ROOT / "assets" / "tracks" / "kart.csv"
REAL = ROOT.parent / "shared" / "tracks"
HEADER = "# x_m,y_m,w_tr_right_m,w_tr_left_m\n"
SQUARE = "0,0,4,5\n10,0,4,5\n10,10,4,5\n0,10,4,5\n"


def closed(corners: list[tuple[float, float]]) -> Track:
    """Return a track through these points [m], 9 m wide."""
    x, y = (list(axis) for axis in zip(*corners, strict=True))
    return Track("made", x, y, [4.0] * len(x), [5.0] * len(x))


def circle(radius: float, angles: list[float]) -> Track:
    """Return a circular track [m] with points at these angles [rad]."""
    return closed([(radius * math.cos(a), radius * math.sin(a)) for a in angles])


def around(count: int, sense: int = 1) -> list[float]:
    """Return evenly spaced angles [rad] once around, counter-clockwise with sense 1."""
    return [sense * math.tau * i / count for i in range(count)]


def angle_between(one: float, other: float) -> float:
    """Return the angle [rad, 0..pi] between two headings."""
    return abs(math.remainder(one - other, math.tau))


# The kart circuit the project ships


@pytest.fixture(scope="module")
def kart() -> Track:
    return load(KART)


def test_kart_is_a_thousand_metres_with_even_points(kart: Track) -> None:
    assert kart.name == "kart"
    assert kart.length == pytest.approx(1000, abs=15)
    ends = [*kart.distance[1:], kart.length]
    gaps = [end - start for start, end in zip(kart.distance, ends, strict=True)]
    assert all(1.9 < gap < 2.1 for gap in gaps)  # the last one closes the track


def test_kart_is_eight_to_ten_metres_wide(kart: Track) -> None:
    assert all(8 <= r + left <= 10 for r, left in zip(kart.right, kart.left, strict=True))


def test_kart_bends_are_wider_than_the_track_and_turn_once_around(kart: Track) -> None:
    tightest = 1 / max(abs(c) for c in kart.curvature)
    assert 8 <= tightest <= 10  # the hairpin
    assert sum(c * 2 for c in kart.curvature) == pytest.approx(math.tau, rel=0.01)


def test_kart_has_no_kinks(kart: Track) -> None:
    bends = kart.curvature
    for i, bend in enumerate(bends):
        assert abs(bend - bends[i - 1]) < 0.04
        assert abs(bends[i - 1] - (bends[i - 2] + bend) / 2) < 0.01


def test_kart_keeps_clear_of_itself(kart: Track) -> None:
    count = len(kart.x)
    for i in range(count):
        for j in range(i + 1, count):
            apart = min(j - i, count - (j - i)) * 2
            if apart > 40:
                gap = math.hypot(kart.x[i] - kart.x[j], kart.y[i] - kart.y[j])
                assert gap >= 14, f"points {i} and {j}"


def test_kart_starts_on_its_long_straight_and_fills_a_wide_window(kart: Track) -> None:
    straight = [kart.at(metre)[2] for metre in range(-60, 61)]
    assert max(abs(heading) for heading in straight) < 0.01
    wide, high = max(kart.x) - min(kart.x), max(kart.y) - min(kart.y)
    assert wide / high == pytest.approx(16 / 9, rel=0.05)


# Real circuits


@pytest.mark.skipif(not REAL.is_dir(), reason="the real circuits are not beside the project")
@pytest.mark.parametrize(("name", "length"), [("Monza", 5790), ("Norisring", 2296), ("Spa", 7000)])
def test_real_circuit_has_its_length_and_turns_once(name: str, length: float) -> None:
    real = load(REAL / f"{name}.csv")
    assert real.name == name
    assert real.length == pytest.approx(length, rel=0.005)
    assert max(abs(c) for c in real.curvature) < 0.2
    total = sum(real.curvature_at(metre) for metre in range(round(real.length)))
    assert abs(total) == pytest.approx(math.tau, rel=0.02)


# Shapes with known answers


def test_square() -> None:
    square = parse(HEADER + SQUARE, "some/square.csv")
    assert (square.name, square.length) == ("square", 40)
    assert square.distance == [0, 10, 20, 30]
    assert (square.right, square.left) == ([4.0] * 4, [5.0] * 4)
    assert square.heading == pytest.approx([math.radians(a) for a in (-45, 45, 135, -135)])
    # Of a smooth line through the corners: a quarter turn in 10 m, or somewhat more.
    assert square.curvature == pytest.approx([math.pi / 2 / 10] * 4, rel=0.1)
    assert square.at(5)[:2] == (5, 0)
    assert square.at(35)[:2] == (0, 5)


@pytest.mark.parametrize("sense", [1, -1])
def test_circle_bends_left_counter_clockwise(sense: int) -> None:
    ring = circle(50, around(200, sense))
    assert ring.length == pytest.approx(math.tau * 50, rel=1e-3)
    assert ring.curvature == pytest.approx([sense / 50] * 200, rel=1e-3)
    assert ring.heading[0] == pytest.approx(sense * math.pi / 2)
    assert ring.curvature_at(123.4) == pytest.approx(sense / 50, rel=1e-3)


def test_heading_is_exact_on_unevenly_spaced_points() -> None:
    angles = [0.0, 0.1, 0.5, 0.6, 1.4, 2.0, 2.1, 3.0, 3.9, 4.0, 5.0, 5.9]
    ring = circle(30, angles)
    for angle, heading in zip(angles, ring.heading, strict=True):
        assert angle_between(heading, angle + math.pi / 2) < 0.01


def test_there_and_back_has_a_heading_and_a_curvature() -> None:
    needle = closed([(0, 0), (10, 0), (20, 0)])
    assert needle.length == 40
    assert all(map(math.isfinite, needle.heading + needle.curvature))


@pytest.mark.parametrize("distance", [0.0, 3.0, 17.25, 39.999])
@pytest.mark.parametrize("laps", [-3, -1, 1, 1000])
def test_at_wraps_both_ways(distance: float, laps: int) -> None:
    square = parse(SQUARE, "square.csv")
    there = square.at(distance + laps * square.length)
    assert there == pytest.approx(square.at(distance), abs=1e-6)


@pytest.mark.parametrize("seam", [0.0, -0.0, -1e-300, -1e-17, 40.0, math.nextafter(40, 0)])
def test_at_is_defined_on_the_seam(seam: float) -> None:
    square = parse(SQUARE, "square.csv")
    assert square.at(seam) == pytest.approx((0, 0, math.radians(-45)))


def test_at_is_continuous_all_around() -> None:
    ring = circle(20, around(30))
    step = 0.1
    before = ring.at(-1)
    for i in range(1, int(ring.length / step) + 20):
        after = ring.at(-1 + i * step)
        assert math.dist(before[:2], after[:2]) == pytest.approx(step, rel=0.02)
        assert angle_between(before[2], after[2]) < 2 * step / 20
        assert -math.pi <= after[2] <= math.pi
        before = after


def test_heading_turns_the_short_way_round() -> None:
    # Heading west, from just below +pi to just above -pi: the long way would pass 0, east.
    ring = circle(50, around(36))
    west = math.pi / 2 * 50
    assert all(abs(ring.at(west + d)[2]) > 3 for d in (-2, -1, 0, 1, 2))


# What a file may hold


@pytest.mark.parametrize(
    "content",
    [
        SQUARE,
        HEADER + SQUARE,
        "\ufeff" + HEADER + SQUARE,
        (HEADER + SQUARE).replace("\n", "\r\n"),
        (HEADER + SQUARE).replace("\n", "\r"),
        HEADER + "\n# a note\n" + SQUARE.replace("\n", "  \n\n") + "   \n# the end",
        SQUARE.replace(",", " , ").rstrip(),
    ],
    ids=["no header", "header", "mark", "crlf", "cr", "comments", "spaces"],
)
def test_harmless_differences_are_accepted(tmp_path: Path, content: str) -> None:
    file = tmp_path / "square.csv"
    file.write_bytes(content.encode())
    assert load(file).length == 40


def outcome(path: str | Path) -> Track | str:
    """Return the track at this path, or the message it is refused with."""
    try:
        return load(path)
    except TrackError as error:
        return str(error)


def complaint(path: str | Path) -> str:
    """Return the one line that loading this path is refused with."""
    message = outcome(path)
    assert isinstance(message, str), "loaded"
    assert message.isprintable()
    return message


@pytest.mark.parametrize(
    ("content", "place", "value"),
    [
        (b"", "bad.csv:", "empty"),
        (b" \n\n", "bad.csv:", "empty"),
        (HEADER.encode(), "bad.csv:", "points is 0"),
        (b"0,0,4,4\n9,0,4,4\n", "bad.csv:", "points is 2"),
        (b"0,0,4,4\n9,0,4\n9,9,4,4\n", "bad.csv:2:", "columns is 3 in '9,0,4'"),
        (b"0;0;4;4\n", "bad.csv:", "points is 1"),
        (b"#\n\n0,0,4,4,4\n", "bad.csv:3:", "columns is 5"),
        (b"# h\n0,0,4,4\nabc,0,4,4\n", "bad.csv:3:", "x_m is 'abc', not a number"),
        (b"0,,4,4\n", "bad.csv:1:", "y_m is '', not a number"),
        (b"0,1_0,4,4\n", "bad.csv:1:", "y_m is '1_0', not a number"),
        (b"0," + b"z" * 9999 + b",4,4\n", "bad.csv:1:", "'zzzzzzzzzzzzzzzzzzzzz...'"),
        (b"0,0,nan,4\n", "bad.csv:1:", "w_tr_right_m is 'nan'"),
        (b"0,0,4,-inf\n", "bad.csv:1:", "w_tr_left_m is '-inf'"),
        (b"0,0,4,4\n1e308,0,4,4\n-1e308,0,4,4\n", "bad.csv:2:", "x_m is '1e308'"),
        (b"0,0,-1,4\n", "bad.csv:1:", "w_tr_right_m is -1.0"),
        (b"0,0,0,0\n", "bad.csv:1:", "w_tr_right_m + w_tr_left_m is 0"),
        (b"0,0,4,4\n#\n0,0,4,4\n9,9,4,4\n", "bad.csv:", "points is 2"),
        (b"0,0,4,4\n9,0,4,4\n9,0,4,4\n0,0,4,4\n", "bad.csv:", "points is 2"),
        (b"0,0,4,4\n1e-200,0,4,4\n9,9,4,4\n", "bad.csv:", "points is 2"),
        (b"0,0,4,4\n\xff\xfe\n", "bad.csv:2:", "byte 0xff"),
        (b"# h\r\n\r\n0,0,\x004,4\n", "bad.csv:3:", "byte 0x00"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bad.csv:", "looks like a PNG image"),
    ],
)
def test_bad_content_is_named(tmp_path: Path, content: bytes, place: str, value: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    message = complaint(file)
    assert place in message
    assert value in message
    assert len(message) < len(str(tmp_path)) + 200


def test_parse_names_the_place_as_it_was_given() -> None:
    with pytest.raises(TrackError, match=r"^monza\.csv:2: x_m is 'abc', not a number; write "):
        parse(HEADER + "abc,0,4,4", "monza.csv")


@pytest.mark.parametrize("path", ["", "no such.csv", "nul\0byte", "two\nlines", "x" * 5000])
def test_missing_file_is_named(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert path.replace("\0", "?").replace("\n", "?") in complaint(path)


def test_folder_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path}: is a folder" in complaint(tmp_path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no endless device here")
def test_endless_device_is_refused() -> None:
    assert "/dev/zero: is a device" in complaint("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_without_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "pipe.csv: is a device or a pipe" in complaint(tmp_path / "pipe.csv")


def test_file_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as content:
        content.truncate(files.MAX_BYTES + 1)
    assert "large.csv: is larger than the 20,000,000 bytes" in complaint(file)


def test_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, mode: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    file = tmp_path / "secret.csv"
    file.write_text(SQUARE)
    # A mode of 000 does not stop root, whom tests in a container often run as.
    monkeypatch.setattr(files, "open", refuse, raising=False)
    assert "secret.csv: Permission denied; " in complaint(file)


CELLS = st.one_of(
    st.floats().map(str),
    st.integers(-20, 20).map(str),
    st.sampled_from(["", "#", "1e999", "-0", "1e8", "0x1", "\ufeff", "\u2028", "\x0c", "\u0663"]),
    st.text(max_size=4),
)
LINES = st.lists(CELLS, min_size=3, max_size=5).map(",".join)
NUMBERS = st.lists(st.integers(0, 9).map(str), min_size=4, max_size=4).map(",".join)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])
TEXTS = st.builds(
    lambda end, lines: end.join(lines), ENDS, st.lists(LINES | NUMBERS, max_size=6)
).map(lambda text: text.encode("utf-8", "surrogatepass"))
PLAIN = st.lists(NUMBERS, min_size=3, max_size=6).map(lambda lines: "\n".join(lines).encode())


@given(st.binary(max_size=200) | TEXTS | PLAIN)
@settings(deadline=None, max_examples=200, derandomize=True)
@example(b"0,0,1,1\n1e8,0,1,1\n-1e8,1e-3,1,1")
@example(b"0,0,1,1\n1,0,1,1\n0.5,0,1,1")
def test_any_bytes_give_a_track_or_one_line(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "any.csv")
        file.write_bytes(content)
        loaded = outcome(file)
    if isinstance(loaded, str):
        assert loaded.isprintable()
        return
    assert math.isfinite(loaded.length)
    assert all(map(math.isfinite, loaded.heading + loaded.curvature))
    for share in (-1.3, 0.0, 0.5, 0.999, 7.0):
        assert all(map(math.isfinite, loaded.at(share * loaded.length)))


@pytest.mark.parametrize("mark", ["", "# "])
def test_the_first_line_may_name_the_columns(mark: str):
    square = "0,0,5,5\n50,0,5,5\n50,50,5,5\n0,50,5,5\n"
    heading = "x_m, y_m,w_tr_right_m,w_tr_left_m\n"
    assert track.parse(mark + heading + square, "a.csv").x == [0.0, 50.0, 50.0, 0.0]
    with pytest.raises(track.TrackError, match=r"a\.csv:5: x_m is 'x_m', not a number"):
        track.parse(square + heading, "a.csv")


def test_a_track_is_not_longer_than_a_window_can_show():
    corners = [(0, 0), (400_000, 0), (400_000, 400_000), (0, 400_000)]
    text = "".join(f"{x},{y},5,5\n" for x, y in corners)
    with pytest.raises(track.TrackError, match=r"1,600,000 m long; .* at most 1,000,000 m"):
        track.parse(text, "long.csv")


def ring(count: int, radius: float = 2000.0) -> list[str]:
    """The lines of a round track with so many points."""
    turns = (math.tau * i / count for i in range(count))
    return [f"{radius * math.cos(a):.5f},{radius * math.sin(a):.5f},5,5" for a in turns]


def test_a_dense_track_is_thinned_and_stays_the_same():
    track = parse("\n".join(ring(60_000)), "dense.csv")
    assert 9_000 < len(track.x) <= MOST_POINTS
    assert track.length == pytest.approx(math.tau * 2000, rel=1e-6)
    assert (track.x[0], track.y[0]) == (2000.0, 0.0)
    assert max(track.curvature) == pytest.approx(1 / 2000, rel=0.05)


def test_a_track_that_is_not_dense_is_left_alone():
    assert len(parse("\n".join(ring(MOST_POINTS)), "ring.csv").x) == MOST_POINTS


def test_where_points_are_rare_none_is_left_out():
    """Half of the way lies between four of them."""
    dense = [(i * 0.01, 0.0, 5.0, 5.0) for i in range(20_000)]
    far = [(200.0, 300.0, 5.0, 5.0), (100.0, 300.0, 5.0, 5.0), (0.0, 300.0, 5.0, 5.0)]
    kept = thinned([*dense, *far])
    assert len(kept) <= MOST_POINTS
    assert kept[-3:] == far


@pytest.mark.parametrize("away", [0.002, 50.0, 100_000.0])
def test_a_thinned_track_has_no_point_twice(away: float):
    """Neither one that goes to and fro, nor one with nearly all of its length in two edges."""
    points = [(away * (i % 2) + i * 1e-7, (i % 3) * 0.001, 5.0, 5.0) for i in range(30_000)]
    points.append((5e5, 0.0, 5.0, 5.0))
    kept = thinned(points)
    assert 3 <= len(kept) <= MOST_POINTS
    gaps = [math.dist(a[:2], b[:2]) for a, b in zip(kept, kept[1:] + kept[:1], strict=True)]
    assert min(gaps) > 0


@pytest.mark.parametrize("first", ["1_0,0,5,5", "x_m,y_m,w_tr_right_m,w_tr_left_m\n1_0,0,5,5"])
def test_the_quick_look_at_a_file_takes_no_other_numbers(first: str):
    with pytest.raises(TrackError, match="not a number"):
        parse("\n".join([first, *ring(10)[1:]]), "a.csv")


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_quick_and_slow_give_the_same_track(end: str):
    lines = ring(50)
    quick = parse("\n".join(lines) + end, "a.csv")
    slow = parse("\n".join(["# a remark", *lines]) + end, "a.csv")
    assert (quick.x, quick.y, quick.right) == (slow.x, slow.y, slow.right)


def test_a_thinned_track_that_comes_round_in_step_has_no_point_twice_either():
    """Three places again and again: every third point is the same one."""
    places = [(0.0, 0.0, 5.0, 5.0), (1.0, 0.0, 5.0, 5.0), (0.5, 0.9, 5.0, 5.0)]
    kept = thinned(places * 10_000)
    gaps = [math.dist(a[:2], b[:2]) for a, b in zip(kept, kept[1:] + kept[:1], strict=True)]
    assert 3 <= len(kept) <= MOST_POINTS
    assert min(gaps) > 0
