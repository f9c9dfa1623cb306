"""Every format of circuit: the same ellipse comes out, and what was taken how is told."""

import json
import math
from pathlib import Path

import pytest

from game.track import Track, TrackError, load, parse
from tests.track_files import made
from tests.track_files.made import csv, degrees, geojson, gpx, kml, ring, saved

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
RING = ring()
CLOSED = [*RING, RING[0]]
LENGTH = parse(csv(RING), "ring.csv").length
GLOBE = degrees(CLOSED)
XY = [f"{x:.6f},{y:.6f}" for x, y in RING]
RACING = "# 1a\n# 2b\n# s_m; x_m; y_m; psi_rad; kappa_radpm; vx_mps; ax_mps2\n"
FORMATS = {
    "a.csv": csv(RING),
    "heading.csv": csv(RING, head=f"# {made.HEAD}\n"),
    "spaced.csv": csv(RING, head="# x_m, y_m, w_tr_right_m, w_tr_left_m\n"),
    "closed.csv": csv(CLOSED),
    "semicolons.csv": csv(RING, ";"),
    "commas.csv": csv(RING, ";", comma=True),
    "tabs.tsv": csv(RING, "\t"),
    "tabs_commas.txt": csv(RING, "\t", comma=True),
    "spaces.txt": csv(RING, "   "),
    "end.csv": csv(RING).replace("\n", ",\n"),
    "quoted.csv": "\n".join(f'"{x:.6f}","{y:.6f}","4","5"' for x, y in RING),
    "quoted_commas.csv": "\n".join(f'"{x:.6f}";"{y:.6f}"' for x, y in RING).replace(".", ","),
    "loud.csv": "X [m];Y [m]\n" + "\n".join(XY).replace(",", ";"),
    "z.csv": "x,y,z\n" + "\n".join(f"{line},7" for line in XY),
    "order.csv": "name,y_m,x_m\n" + "\n".join(f"p,{y:.6f},{x:.6f}" for x, y in RING),
    "two.csv": "\n".join(XY),
    "lat.csv": "lat,lon\n" + "\n".join(f"{lat:.9f},{lon:.9f}" for lon, lat in GLOBE),
    "racing.csv": RACING + "\n".join(f"0; {x:.6f}; {y:.6f}; 0; 0; 9; 0" for x, y in RING),
    "line.GeoJSON": geojson("LineString", [[*place, 3.0] for place in GLOBE]),
    "area.json": geojson("Polygon", [GLOBE]),
    "parts.json": geojson("MultiLineString", [GLOBE[:50], GLOBE[:79:-1], GLOBE[49:81]]),
    "bare.json": json.dumps({"type": "LineString", "coordinates": GLOBE}),
    "lap.GPX": gpx(GLOBE),
    "route.gpx": gpx(GLOBE).replace("trkpt", "rtept").replace("trkseg", "x").replace("trk", "rte"),
    "line.kml": kml(line=GLOBE),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_circuit(name: str, tmp_path: Path):
    track = load(saved(tmp_path, name, FORMATS[name]))
    assert track.length == pytest.approx(LENGTH, rel=0.001)
    assert len(track.x) == len(RING)
    assert track.x[0] - min(track.x) == pytest.approx(400, rel=0.001)
    assert max(track.y) - min(track.y) == pytest.approx(240, rel=0.001)
    assert min(track.curvature) > 0  # the way round that the file has it


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["heading.csv", "line.GeoJSON", "lap.GPX"])
def test_a_byte_order_mark_says_how_a_file_is_written(name: str, encoding: str, tmp_path: Path):
    mark = "\ufeff" if encoding[-2:] in ("le", "be") else ""
    track = load(saved(tmp_path, name, mark + FORMATS[name], encoding))
    assert track.length == pytest.approx(LENGTH, rel=0.001)


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("a.csv", []),
        ("closed.csv", []),
        ("lat.csv", ["taken as 10 m; --width"]),
        ("line.kml", ["taken as 10 m; --width"]),
        (
            "racing.csv",
            [
                "a racing line taken as the centre line; left out: psi_rad, kappa_radpm",
                "taken as 10 m",
            ],
        ),
    ],
)
def test_what_is_taken_for_something_is_told(name: str, notes: list[str]):
    told = parse(FORMATS[name], name).notes
    assert len(told) == len(notes)
    assert all(words in note for words, note in zip(notes, told, strict=True))


def test_a_third_column_without_a_name_is_no_width():
    track = parse("\n".join(f"{line},7" for line in XY), "three.csv")
    assert "taken as a height" in track.notes[0]
    assert set(track.left) == {5.0}


def test_widths_are_to_the_right_first():
    track = parse(csv(RING), "a.csv")
    assert (set(track.right), set(track.left)) == ({4.0}, {5.0})
    named = parse("x,y,w_left,w_right\n" + csv(RING), "a.csv")
    assert (set(named.right), set(named.left)) == ({5.0}, {4.0})
    assert set(parse("x,y,w,z\n" + csv(RING), "a.csv").right) == {2.0}


def test_the_width_that_is_asked_for_counts():
    track = parse(csv(RING), "a.csv", width=7.0)
    assert set(track.right + track.left) == {3.5}
    assert parse("\n".join(XY), "two.csv", width=7.0).notes == ()


def test_a_small_circuit_of_no_width_is_not_taken_for_a_wide_one():
    small = "\n".join(f"{x:.6f},{y:.6f}" for x, y in ring(60, 10, 6))
    assert set(parse(small, "small.csv").right) == {0.5}


def test_reversed_it_is_driven_the_other_way_round_from_the_same_line():
    there = parse(csv(RING), "a.csv")
    back = parse(csv(RING), "a.csv", reverse=True)
    assert back.length == pytest.approx(there.length)
    assert back.at(0)[:2] == there.at(0)[:2]
    assert back.at(30)[:2] == pytest.approx(there.at(-30)[:2])
    assert max(back.curvature) < 0
    assert (set(back.right), set(back.left)) == ({5.0}, {4.0})


@pytest.mark.parametrize(("width", "scale"), [(12, 1), (4, 1), (2.2, 0.1), (0.3, 0.1), (60, 1)])
def test_a_narrow_circuit_is_a_model(width: float, scale: float):
    assert parse(csv(RING), "a.csv", width=width).scale == scale


# Edges.


def sides(by: float, count: int) -> made.Points:
    return degrees(ring(count, 200 + by, 120 + by))


@pytest.mark.parametrize("turned", [False, True])
def test_lines_named_left_and_right_are_the_edges(turned: bool):
    inner, outer = sides(-6, 100), sides(6, 131)[:: -1 if turned else 1]
    track = parse(kml(left=inner, right=outer), "edges.kml")
    assert track.length == pytest.approx(LENGTH, rel=0.002)
    assert "named left and right" in track.notes[0]
    assert all(w == pytest.approx(6, rel=0.04) for w in track.left + track.right)
    assert sum(track.curvature) > 0
    other = parse(kml(left=outer, right=inner), "edges.kml")
    assert sum(other.curvature) < 0  # so that its left is to the left


@pytest.mark.parametrize("way", [1, -1])
def test_the_rings_of_an_area_with_a_hole_are_the_edges(way: int):
    rings = [sides(6, 100)[::way], sides(-6, 100)[::-1]]
    track = parse(geojson("Polygon", rings), "area.geojson")
    assert track.length == pytest.approx(LENGTH, rel=0.002)
    assert math.copysign(1, sum(track.curvature)) == way
    assert all(w == pytest.approx(6, rel=0.04) for w in track.left)


def test_columns_of_both_edges_are_paired():
    lines = [
        f"{a},{b},{c},{d}"
        for (a, b), (c, d) in zip(ring(60, 90, 90), ring(60, 110, 110), strict=True)
    ]
    track = parse("left_x,left_y,right_x,right_y\n" + "\n".join(lines), "edges.csv")
    assert track.length == pytest.approx(math.tau * 100, rel=0.002)
    assert all(w == pytest.approx(10) for w in track.left)


def test_of_several_lines_the_longest_is_taken():
    track = parse(kml(pit=degrees(ring(20, 30, 9)), circuit=GLOBE), "town.kml")
    assert track.length == pytest.approx(LENGTH, rel=0.001)
    assert "the longest of 2 lines, 'circuit edge', taken" in track.notes[0]


# What is odd, and what is refused.


def test_an_open_end_is_closed_by_a_straight_and_told():
    assert "ends 400 m from its start" in parse(csv(RING[:61]), "half.csv").notes[0]


def test_points_that_repeat_are_left_out_and_told():
    lines = csv(RING).split("\n")
    track = parse("\n".join([*lines[:9], lines[8], lines[8], *lines[9:]]), "still.csv")
    assert len(track.x) == len(RING)
    assert track.notes == ("2 of 122 points repeat the one before, and are left out",)


def test_columns_that_may_be_degrees_are_not_guessed():
    track = parse("\n".join(f"{lon:.7f},{lat:.7f}" for lon, lat in GLOBE), "bare.csv")
    assert any("name the columns lat,lon" in note for note in track.notes)
    one = "\n".join(f"{8 + i / 1e6},49" for i in range(9))
    with pytest.raises(TrackError, match=r"points is 1, .* under lat,lon if they are degrees"):
        parse(one, "bare.csv")


def test_the_date_line_is_no_wall():
    over = [((lon - made.LON + 180 + 180) % 360 - 180, lat) for lon, lat in GLOBE]
    assert parse(gpx(over), "fiji.gpx").length == pytest.approx(LENGTH, rel=0.001)


HERE = "a.csv"
REFUSED = {
    "swapped": (
        "lat,lon\n151.2,-33.8\n151.3,-33.8\n151.2,-33.9\n",
        "2: lat is '151.2'; .* swapped",
    ),
    "kilometres": ("x_km,y_km\n1,2\n", "1: x_km is in km; write metres"),
    "feet": ("x [ft],y [ft]\n1,2\n", "in ft; write metres"),
    "names": ("a,b,c\n1,2,3\n", "1: 'a,b,c' names no columns .* or lat,lon"),
    "six": ("1;2;3;4;5;6;7\n", "columns is 7 .* racing line; write 2 or 4"),
    "one point": ("1,2,3,4\n", "points is 1"),
    "zero width": ("x,y,w\n1,2,0\n", "2: w is 0"),
    "infinite": ("x,y\n1,2\n3,inf\n", "3: y is 'inf'; write metres between"),
    "no number": ("1;2\n3;x\n", "2: y_m is 'x', not a number"),
    "not geojson": ('{"a": 1}', "looks like JSON, but not GeoJSON"),
    "topojson": ('{"type": "Topology"}', "looks like TopoJSON"),
    "half": ('{"type": "Feature",\n', "2: is not JSON"),
    "deep": ('{"type":"FeatureCollection","features":' + "[" * 99_999, "nested too deeply"),
    "long": ("[" + "9" * 5000 + "]", "number that is too long"),
    "crs": ('{"type":"Feature","crs":{"n":"EPSG:25832"}}', "write degrees of EPSG:4326"),
    "metres": (geojson("LineString", [[400_000, 5e6], [1, 1]]), "latitude is 5e.06"),
    "nan": (geojson("LineString", [[1, 1], [float("nan"), 5], [2, 1]]), "point 2 is out of range"),
    "huge": (geojson("LineString", [[10**400, 5], [1, 1]]), "out of range"),
    "pair": (geojson("LineString", [[1], [1, 1]]), r"point 1 is '\[1\]'; write \[longitude"),
    "points": (geojson("Point", [1, 1]), "has no line; write a GeoJSON LineString"),
    "waypoints": ('<gpx><wpt lat="1" lon="2"/></gpx>', "has no line; write a GPX track"),
    "lat": ('<gpx><trk><trkpt lat="x" lon="2"/></trk></gpx>', "trkpt 1: lat is 'x', not a number"),
    "cut": ("<gpx><trk>", "is not XML"),
    "bomb": ('<!DOCTYPE a [<!ENTITY b "c">]><gpx>&b;</gpx>', "has a DTD .* leave it out"),
    "opendrive": ("<?xml version='1.0'?><OpenDRIVE/>", "looks like an OpenDRIVE file"),
    "osm": ("<osm/>", "looks like an OpenStreetMap extract; write CSV, GeoJSON"),
    "page": ("<!DOCTYPE html><p>", "looks like a web page"),
    "other xml": ("<a/>", "XML of another kind"),
    "gap in kml": (
        "<kml><LineString><coordinates>1, 2</coordinates></LineString></kml>",
        "point 1: latitude is '', not a number",
    ),
    "zip": ("PK\x03\x04", "looks like a zip file .KMZ"),
    "lfs": ("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer; fetch"),
    "touch": ("left_x,left_y,right_x,right_y\n0,0,0,0\n9,0,9,0\n9,9,9,9\n", "edges touch"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_told_in_one_line(case: str, tmp_path: Path):
    text, words = REFUSED[case]
    path = saved(tmp_path, HERE, text)
    with pytest.raises(TrackError, match=words) as raised:
        load(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert message.isprintable()
    assert len(message) < len(str(path)) + 220


# The files beside the project.


def shared(folder: str) -> list[object]:
    found = sorted(path for path in (SHARED / folder).glob("*") if path.is_file())
    found = [path for path in found if path.suffix != ".md"]
    skipped = pytest.mark.skip(reason="the files of circuits are not beside the project")
    return [pytest.param(p, id=p.name) for p in found] or [pytest.param(None, marks=skipped)]


@pytest.mark.parametrize(
    "path", [*shared("cases/tracks"), *shared("tracks/racelines"), *shared("tracks/formats")]
)
def test_circuits_as_people_have_them_are_taken(path: Path):
    track = load(path)
    assert isinstance(track, Track)
    assert math.isfinite(track.length)


@pytest.mark.parametrize("path", shared("tracks/formats"))
def test_a_circuit_in_degrees_is_as_long_as_in_metres(path: Path):
    assert load(path).length == pytest.approx(5790, rel=0.002)
