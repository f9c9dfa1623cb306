"""GeoJSON (RFC 7946): one LineString of longitudes and latitudes, or whatever else holds one.

A Feature, a FeatureCollection and a GeometryCollection are looked through for lines. A Polygon
with one hole is the track itself: its rings are the edges; without one its ring is the centre
line. The parts of a MultiLineString are joined where they meet. Of several lines the longest is
taken, unless two are named left and right.
"""

import json
from collections.abc import Iterator
from typing import Any

from game.track_files import edges, globe
from game.track_files.globe import Points, Shape
from game.track_files.outline import Outline, TrackError, shown

WHAT = "a GeoJSON LineString of [longitude, latitude]"
DEGREES = ("CRS84", "4326")  # how the coordinate systems in degrees are called


def read(text: str, place: str) -> Outline:
    """The outline that a text in GeoJSON holds; raise TrackError naming the place."""
    try:
        whole = json.loads(text)
        return globe.outline(list(_shapes(whole, "", place)), place, WHAT)
    except json.JSONDecodeError as error:
        what = f"{place}:{error.lineno}: is not JSON ({error.msg})"
        raise TrackError(f"{what}; write {WHAT}") from None
    except RecursionError:
        raise TrackError(f"{place}: is nested too deeply; write {WHAT}") from None
    except ValueError as error:
        if isinstance(error, TrackError):
            raise
        raise TrackError(f"{place}: holds a number that is too long; write {WHAT}") from None


def _shapes(thing: Any, name: str, place: str) -> Iterator[Shape]:
    """The lines in a GeoJSON object, with the name of the feature that they are in."""
    kind = thing.get("type") if isinstance(thing, dict) else None
    if kind == "Topology":
        raise TrackError(f"{place}: looks like TopoJSON; write {WHAT}")
    if not isinstance(kind, str):
        raise TrackError(f"{place}: looks like JSON, but not GeoJSON; write {WHAT}")
    system = str(thing.get("crs") or "")
    if system and not any(known in system for known in DEGREES):
        raise TrackError(f"{place}: crs is {shown(system)}; write degrees of EPSG:4326")
    for inner in _list(thing.get("features") or thing.get("geometries")):
        yield from _shapes(inner, name, place)
    if kind == "Feature" and thing.get("geometry") is not None:
        properties = thing.get("properties")
        names = properties.items() if isinstance(properties, dict) else ()
        named = next((str(value) for key, value in names if str(key).lower() == "name"), name)
        yield from _shapes(thing["geometry"], named, place)
    yield from _geometry(kind, _list(thing.get("coordinates")), name, place)


def _geometry(kind: str, coordinates: list[Any], name: str, place: str) -> Iterator[Shape]:
    if kind == "LineString":
        yield Shape(name, _line(coordinates, place))
    elif kind == "MultiLineString":
        parts = [part for part in (_line(part, place) for part in coordinates) if part]
        if len(parts) > globe.MOST:
            raise TrackError(f"{place}: has {len(parts):,} lines; leave the circuit's alone in it")
        yield from (Shape(name, part) for part in edges.chained(parts))
    elif kind == "Polygon":
        yield from _area(coordinates, name, place)
    elif kind == "MultiPolygon":
        for rings in coordinates:
            yield from _area(_list(rings), name, place)


def _area(rings: list[Any], name: str, place: str) -> Iterator[Shape]:
    lines = [_line(ring, place) for ring in rings]
    if lines:
        yield Shape(name, lines[0], tuple(line for line in lines[1:] if line))


def _line(coordinates: Any, place: str) -> Points:
    """The points of a line; a height is left out."""
    points = []
    for number, position in enumerate(_list(coordinates), start=1):
        pair = position[:2] if isinstance(position, list) else []
        if len(pair) < 2 or any(type(value) not in (int, float) for value in pair):
            what = f"{place}: point {number} is {shown(json.dumps(position))}"
            raise TrackError(f"{what}; write [longitude, latitude]")
        if not all(-1e9 <= value <= 1e9 for value in pair):  # an int may be too large for a float
            raise TrackError(f"{place}: point {number} is out of range; write degrees")
        points.append((float(pair[0]), float(pair[1])))
    return points


def _list(thing: Any) -> list[Any]:
    return thing if isinstance(thing, list) else []
