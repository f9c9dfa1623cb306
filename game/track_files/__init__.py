"""Files of circuits: what people have, read into one closed line with widths.

Called by game.track alone. The content decides what format a file has, whatever its ending.

A further format is a file here with `read(text, place) -> Outline`, or `read(root, place)` if it
is XML, and a line in `_read`. Imports only what starts in milliseconds, and what a format needs
when there is such a file: every process that drives on a track reads it for itself.
"""

from game.track_files import content, separated
from game.track_files.outline import Outline, TrackError, one_line
from game.track_files.repair import repaired

ENDINGS = (".csv", ".geojson", ".json", ".gpx", ".kml", ".txt", ".tsv")
# XML that is no circuit of ours, by its root, in lower case.
FOREIGN = {
    "opendrive": "an OpenDRIVE file",
    "osm": "an OpenStreetMap extract",
    "svg": "an SVG picture",
    "html": "a web page",
    "trainingcenterdatabase": "a TCX workout",
    "commonroad": "a CommonRoad scenario",
}
REMEDY = "write CSV, GeoJSON, GPX or KML"


def read(path: str) -> str:
    """The text of a track's file; raise TrackError."""
    return content.decode(content.read(path), path)


def parse(text: str, path: str, width: float = 0.0) -> Outline:
    """The closed line that a file's text holds; raise TrackError naming the path.

    `width` [m] counts instead of what the file says, unless it is 0.
    """
    place = one_line(path)
    return repaired(_read(text.removeprefix("\ufeff"), place), width, place)


def _read(text: str, place: str) -> Outline:
    """The line as the file has it, by the format that its text begins with."""
    begins = text[:400].lstrip()
    if begins.startswith(("{", "[")):
        from game.track_files import geojson

        return geojson.read(text, place)
    if begins.startswith("<"):
        return _read_xml(text.lstrip(), place)
    return separated.read(text, place)


def _read_xml(text: str, place: str) -> Outline:
    """The line in a GPX or a KML file."""
    from game.track_files import gpx, kml, xml_tree

    if text[:15].lower().startswith(("<!doctype html", "<html")):  # which is seldom whole XML
        raise TrackError(f"{place}: looks like a web page; {REMEDY}")
    root = xml_tree.tree(text, place)
    name = xml_tree.local(root) or root.tag
    if name == "gpx":
        return gpx.read(root, place)
    if name == "kml":
        return kml.read(root, place)
    what = FOREIGN.get(name.lower(), f"XML of another kind (<{one_line(name[:24])}>)")
    raise TrackError(f"{place}: looks like {what}; {REMEDY}")
