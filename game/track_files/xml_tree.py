"""XML as a tree, without what can blow up: entities and document types are refused.

Used by the formats that are XML.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from game.track_files.outline import TrackError, shown


def tree(text: str, place: str) -> Element:
    """The root of a text in XML; raise TrackError naming the place."""
    # Entities are declared there alone; a billion of them can hide in a kilobyte.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TrackError(f"{place}: has a DTD (<!DOCTYPE ...>); leave it out")
    try:
        return fromstring(text)
    except (ParseError, ValueError) as error:
        raise TrackError(f"{place}: is not XML ({error}); write a whole GPX or KML file") from None


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def named(root: Element, *names: str) -> Iterator[Element]:
    """All elements below, with one of these names, whatever their namespace."""
    return (element for element in root.iter() if local(element) in names)


def text_of(root: Element, name: str) -> str:
    """The text of the first child with that name; "" if there is none."""
    return next(((e.text or "").strip() for e in root if local(e) == name), "")


def degree(cell: str | None, place: str, what: str) -> float:
    """The number in a text [degrees]; raise TrackError naming the place."""
    try:
        return float((cell or "").replace("_", "?"))
    except ValueError:
        raise TrackError(
            f"{place}: {what} is {shown(cell or '')}, not a number; write degrees such as 9.28"
        ) from None
