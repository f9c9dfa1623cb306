"""One circuit, written in every format."""

import json
import math
from pathlib import Path

Points = list[tuple[float, float]]
HEAD = "x_m,y_m,w_tr_right_m,w_tr_left_m"
LAT, LON = 49.33, 8.57
NORTH, EAST = 111_204.0, 72_670.0  # [m] of a degree there


def ring(count: int = 120, across: float = 200.0, up: float = 120.0) -> Points:
    """An ellipse [m], counter-clockwise."""
    turns = [math.tau * i / count for i in range(count)]
    return [(across * math.cos(a), up * math.sin(a)) for a in turns]


def degrees(points: Points) -> Points:
    """Longitudes and latitudes of places [m] around the middle."""
    return [(LON + x / EAST, LAT + y / NORTH) for x, y in points]


def csv(points: Points, separator: str = ",", comma: bool = False, head: str = "") -> str:
    lines = [separator.join((f"{x:.6f}", f"{y:.6f}", "4", "5")) for x, y in points]
    text = "\n".join(lines)
    return head + (text.replace(".", ",") if comma else text) + "\n"


def geojson(kind: str, coordinates: object, **properties: object) -> str:
    geometry = {"type": kind, "coordinates": coordinates}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def gpx(points: Points, name: str = "a lap") -> str:
    inner = "".join(
        f'<trkpt lat="{lat:.9f}" lon="{lon:.9f}"><ele>3</ele></trkpt>' for lon, lat in points
    )
    trk = f"<trk><name>{name}</name><trkseg>{inner}</trkseg></trk>"
    return f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">{trk}</gpx>'


def kml(**lines: Points) -> str:
    marks = "".join(
        f"<Placemark><name>{name} edge</name><LineString><coordinates>"
        + " ".join(f"{lon:.9f},{lat:.9f},3" for lon, lat in points)
        + "</coordinates></LineString></Placemark>"
        for name, points in lines.items()
    )
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'


def saved(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
