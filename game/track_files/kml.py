"""KML: a LineString, a LinearRing, a Polygon or a gx:Track of longitudes and latitudes.

Lines have the name of their Placemark: two with left and right in theirs are the edges. Of a
Polygon with one hole the rings are. Else the longest line is the centre line.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from game.track_files import globe
from game.track_files.globe import Points, Shape
from game.track_files.outline import Outline, TrackError, shown
from game.track_files.xml_tree import degree, local, named, text_of

WHAT = "a KML LineString"


def read(root: Element, place: str) -> Outline:
    """The outline that a KML file holds; raise TrackError naming the place."""
    shapes = [shape for mark in _placemarks(root) for shape in _shapes(mark, place)]
    return globe.outline(shapes, place, WHAT)


def _placemarks(root: Element) -> list[Element]:
    """The things that have names; a file of one line may have none."""
    return list(named(root, "Placemark")) or [root]


def _shapes(mark: Element, place: str) -> Iterator[Shape]:
    name = text_of(mark, "name")
    in_areas = {ring for area in named(mark, "Polygon") for ring in area.iter()}
    for area in named(mark, "Polygon"):
        outer, inner = (
            [_coordinates(ring, place) for side in named(area, f"{which}BoundaryIs")
             for ring in named(side, "LinearRing")]
            for which in ("outer", "inner")
        )  # fmt: skip
        if outer:
            yield Shape(name, outer[0], tuple(inner))
    for line in named(mark, "LineString", "LinearRing", "Track"):
        if line not in in_areas:
            yield Shape(name, _coordinates(line, place))


def _coordinates(line: Element, place: str) -> Points:
    """The points of a line: "lon,lat,height lon,lat,height", or "lon lat height" in each coord."""
    if local(line) == "Track":
        cells = [(element.text or "").split() for element in named(line, "coord")]
    else:
        cells = [cell.split(",") for cell in text_of(line, "coordinates").split()]
    return [_point(cell, f"{place}: point {i}") for i, cell in enumerate(cells, start=1)]


def _point(cells: list[str], place: str) -> tuple[float, float]:
    if len(cells) < 2:
        what = f"{place} is {shown(','.join(cells))}"
        raise TrackError(f"{what}; write longitude,latitude without spaces between")
    return degree(cells[0], place, "longitude"), degree(cells[1], place, "latitude")
