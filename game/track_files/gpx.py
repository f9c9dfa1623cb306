"""GPX: the points of a track or of a route, latitudes and longitudes.

The segments of a track follow one another. Of several tracks the longest is taken, unless two
are named left and right.
"""

from xml.etree.ElementTree import Element

from game.track_files import globe
from game.track_files.globe import Points, Shape
from game.track_files.outline import Outline
from game.track_files.xml_tree import degree, named, text_of

WHAT = "a GPX track (trkpt) or route (rtept)"


def read(root: Element, place: str) -> Outline:
    """The outline that a GPX file holds; raise TrackError naming the place."""
    for line, point in (("trk", "trkpt"), ("rte", "rtept")):
        shapes = [
            Shape(text_of(element, "name"), _points(element, point, place))
            for element in named(root, line)
        ]
        if any(len(shape.points) >= 2 for shape in shapes):
            return globe.outline(shapes, place, WHAT)
    return globe.outline([], place, WHAT)


def _points(line: Element, name: str, place: str) -> Points:
    found = []
    for number, point in enumerate(named(line, name), start=1):
        here = f"{place}: {name} {number}"
        lon, lat = (degree(point.get(axis), here, axis) for axis in ("lon", "lat"))
        found.append((lon, lat))
    return found
