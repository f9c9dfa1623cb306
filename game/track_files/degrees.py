"""Degrees to metres: a circuit on the globe, projected to the plane around its middle.

Used by the formats that have longitudes and latitudes.
"""

import math

from game.track_files.outline import TrackError

AXIS = 6_378_137.0  # [m] the equator's radius: WGS 84, EPSG:4326
ECCENTRICITY = 0.006_694_379_990_14  # of the meridians, squared: WGS 84

Points = list[tuple[float, float]]


def check(points: Points, place: str) -> None:
    """Raise TrackError unless these are longitudes and latitudes [degrees]."""
    for number, (lon, lat) in enumerate(points, start=1):
        if not abs(lat) <= 90:
            here = f"{place}: point {number}: latitude is {lat:g}"
            raise TrackError(f"{here}; write degrees, longitude before latitude, not metres")
        if not abs(lon) <= 360:
            here = f"{place}: point {number}: longitude is {lon:g}"
            raise TrackError(f"{here}; write degrees, between -180 and 180")


def middle(points: Points) -> tuple[float, float]:
    """The longitude and latitude in the middle of some points, of which there is one at least."""
    first = points[0][0]
    around = [_near(lon, first) for lon, _ in points]
    lats = [lat for _, lat in points]
    return (min(around) + max(around)) / 2, (min(lats) + max(lats)) / 2


def projected(points: Points, about: tuple[float, float]) -> Points:
    """Points (longitude, latitude) [degrees] as (east, north) [m] of `about`.

    Equirectangular, with the radii of curvature of the ellipsoid at that latitude (Snyder, "Map
    Projections: A Working Manual", 1987, page 24): right to a ten-thousandth over a few
    kilometres.
    """
    sine = math.sin(math.radians(about[1]))
    flat = 1 - ECCENTRICITY * sine * sine
    east = math.radians(1) * AXIS / math.sqrt(flat) * math.cos(math.radians(about[1]))
    north = math.radians(1) * AXIS * (1 - ECCENTRICITY) / flat**1.5
    return [
        ((_near(lon, about[0]) - about[0]) * east, (lat - about[1]) * north) for lon, lat in points
    ]


def _near(lon: float, other: float) -> float:
    """The same longitude, at most half around the globe from another one [degrees]."""
    return other + math.remainder(lon - other, 360.0)
