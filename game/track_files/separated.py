"""Columns of text: CSV with commas, semicolons, tabs or spaces, with or without a heading.

A heading may stand in a comment, as TUM's and f1tenth's do. Without one the columns are x, y and
the widths to the right and to the left, all in metres; columns that a heading names otherwise are
left out.
"""

from math import hypot, isfinite
from operator import add, sub

from game.track_files import columns as names
from game.track_files import degrees
from game.track_files.columns import COLUMNS, EDGES, Layout, cells_of, filled
from game.track_files.outline import FARTHEST, Outline, TrackError, shown

Columns = dict[str, list[float]]  # as they are called in game.track_files.columns
MOST = {"lat": 90.0, "lon": 360.0}  # [degrees]
WIDTHS = ("right", "left", "width")


def read(text: str, place: str) -> Outline:
    """The outline that a text holds; raise TrackError naming the place."""
    lines = text.split("\n")
    first, layout = _layout(lines, place)
    columns = _quick(lines[first:], layout)
    if columns is None:  # whatever it is: it takes longer to tell where
        columns = _slow(lines, first, layout, place)
    return _outline(columns, layout.notes)


def _layout(lines: list[str], place: str) -> tuple[int, Layout]:
    """The first line with numbers, and how it and those after it are to be read."""
    titles: list[str] = []
    for index, line in enumerate(lines):
        bare, here = line.strip(), f"{place}:{index + 1}"
        if not bare:
            continue
        found = names.heading_of(bare.lstrip("# "), here)
        if found or bare.startswith("#"):
            titles = found or titles
            continue
        separator = names.separator_of(bare)
        cells = filled(cells_of(bare, separator))
        if titles and (len(titles) == len(cells) or not _commented(lines[:index])):
            return index, names.named(titles, separator)
        if len(cells) > 1 and not any(c.isdigit() for c in bare):
            what = f"{here}: {shown(bare)} names no columns that tell where a point is"
            raise TrackError(f"{what}; write {','.join(COLUMNS)}, or lat,lon")
        return index, names.unnamed(cells, separator, here, shown(bare))
    found_none = "number of points is 0" if "".join(lines).strip() else "is empty"
    raise TrackError(f"{place}: {found_none}; write 3 or more, as {','.join(COLUMNS)}")


def _commented(lines: list[str]) -> bool:
    """Whether all lines are comments, so that none of them need be a heading."""
    return all(line.strip().startswith("#") for line in lines if line.strip())


def _quick(lines: list[str], layout: Layout) -> Columns | None:
    """What is taken of lines that are all as they should be; None where one may not be.

    A twentieth of the time that it takes to look at each line and each cell for itself.
    """
    separator = layout.separator
    text = "\n".join(lines).rstrip("\n")
    if separator is None or "_" in text or '"' in text:
        return None
    if {line.count(separator) for line in text.split("\n")} != {layout.cells - 1}:
        return None
    if separator != ",":
        text = text.replace(",", ".")
    cells = text.replace("\n", separator).split(separator)
    try:
        columns = {
            name: list(map(float, cells[column :: layout.cells]))
            for name, column in layout.columns.items()
        }
    except ValueError:
        return None
    return columns if _sound(columns) else None


def _sound(columns: Columns) -> bool:
    """Whether all numbers are finite, on the map, and widths wider than nothing."""
    for name, column in columns.items():
        most = MOST.get(name, FARTHEST)
        # Of NaN a minimum says nothing, a sum does.
        if not (isfinite(sum(column)) and -most <= min(column) <= max(column) <= most):
            return False
        if name in WIDTHS and min(column) < 0:
            return False
    wide = [columns[name] for name in WIDTHS if name in columns]
    return not wide or min(map(add, wide[0], wide[-1])) > 0


def _slow(lines: list[str], first: int, layout: Layout, place: str) -> Columns:
    """What is taken of the lines, one by one; raise TrackError naming the place."""
    rows = []
    for number, line in enumerate(lines[first:], start=first + 1):
        line = line.strip()
        if line and not line.startswith("#"):
            rows.append(_row(line, layout, f"{place}:{number}"))
    return dict(zip(layout.columns, map(list, zip(*rows, strict=True)), strict=True))


def _row(line: str, layout: Layout, place: str) -> tuple[float, ...]:
    cells = cells_of(line, layout.separator)
    if len(cells) > layout.cells:
        cells = cells[: max(layout.cells, len(filled(cells)))]
    if len(cells) != layout.cells:
        raise TrackError(
            f"{place}: number of columns is {len(cells)} in {shown(line)};"
            f" write {layout.cells}: {','.join(title[:16] for title in layout.titles[:8])}"
        )
    values = {}
    for name, column in layout.columns.items():
        title = layout.titles[column][:24]
        values[name] = _number(cells[column], layout.separator, f"{place}: {title}", name)
        if name in WIDTHS and values[name] < 0:
            what = f"{place}: {title} is {values[name]}, negative"
            raise TrackError(f"{what}; write 0 or more metres")
    wide = [name for name in WIDTHS if name in values]
    if wide and not any(values[name] for name in wide):
        titles = " + ".join(layout.titles[layout.columns[name]][:24] for name in wide)
        raise TrackError(f"{place}: {titles} is 0.0; write more than 0 metres")
    return tuple(values.values())


def _number(cell: str, separator: str | None, place: str, name: str) -> float:
    """Return a cell's number; raise TrackError unless it is finite and on the map."""
    unit = "degrees" if name in MOST else "metres"
    try:
        number = names.number(cell, separator)
    except ValueError:
        what = f"{place} is {shown(cell)}, not a number"
        raise TrackError(f"{what}; write {unit} such as 12.5") from None
    most = MOST.get(name, FARTHEST)
    # Written so that NaN, which compares false with everything, is refused as well.
    if not abs(number) <= most:
        swapped = "; are lat and lon swapped?" if name == "lat" else ""
        what = f"{place} is {shown(cell)}; write {unit} between {-most:,.0f} and {most:,.0f}"
        raise TrackError(what + swapped)
    return number


def _outline(columns: Columns, notes: tuple[str, ...]) -> Outline:
    """The outline that columns of these names mean."""
    right, left = (columns.get(side, []) for side in ("right", "left"))
    if "width" in columns:
        right, left = ([width / 2 for width in columns["width"]] for _ in range(2))
    if "lat" in columns:
        points = list(zip(columns["lon"], columns["lat"], strict=True))
        flat = degrees.projected(points, degrees.middle(points))
        x, y = (list(axis) for axis in zip(*flat, strict=True))
        return Outline(x, y, right, left, notes)
    if "left_x" in columns:
        return _middle([columns[name] for name in EDGES], notes)
    return Outline(columns["x"], columns["y"], right, left, notes)


def _middle(edges: list[list[float]], notes: tuple[str, ...]) -> Outline:
    """The centre line between two edges, left x and y, right x and y, a point of each a line."""
    left_x, left_y, right_x, right_y = edges
    x = [(a + b) / 2 for a, b in zip(left_x, right_x, strict=True)]
    y = [(a + b) / 2 for a, b in zip(left_y, right_y, strict=True)]
    ways = map(sub, x, left_x), map(sub, y, left_y)
    half = list(map(hypot, *ways))
    return Outline(x, y, half, list(half), notes)
