"""The columns of a circuit as text: what a heading's names and a line's separator mean.

Used by game.track_files.separated.
"""

from typing import NamedTuple

from game.track_files.outline import TrackError, one_line

COLUMNS = ("x_m", "y_m", "w_tr_right_m", "w_tr_left_m")
EDGES = ("left_x", "left_y", "right_x", "right_y")
SEPARATORS = (";", "\t", ",", None)  # None: spaces
# What a column may be called, without its unit.
NAMES = {
    "x": ("x", "x_ref", "x_center", "x_centre", "pos_x", "easting"),
    "y": ("y", "y_ref", "y_center", "y_centre", "pos_y", "northing"),
    "right": ("w_tr_right", "w_right", "width_right", "right", "right_width"),
    "left": ("w_tr_left", "w_left", "width_left", "left", "left_width"),
    "width": ("width", "w", "track_width", "w_tr"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "long", "longitude"),
    "left_x": ("left_x", "x_left", "left_border_x", "left_bound_x"),
    "left_y": ("left_y", "y_left", "left_border_y", "left_bound_y"),
    "right_x": ("right_x", "x_right", "right_border_x", "right_bound_x"),
    "right_y": ("right_y", "y_right", "right_border_y", "right_bound_y"),
}
MEANS = {name: column for column, names in NAMES.items() for name in names}
PLACES = (("x", "y"), ("lat", "lon"), EDGES)  # what can tell where a point is
OURS = ("_m", "[m]", "(m)", "_deg", "[deg]", "(deg)", "(degrees)")  # units
FOREIGN = ("km", "ft", "feet", "mi", "miles", "cm", "mm", "yd", "inch", "in")
RACING = ("psi_rad", "kappa_radpm", "vx_mps", "ax_mps2")  # what only a racing line has


class Layout(NamedTuple):
    """How the lines of a file are to be read."""

    separator: str | None
    cells: int  # of a line
    titles: tuple[str, ...]  # as the file calls them, for messages
    columns: dict[str, int]  # what is taken, and the place of its column
    notes: tuple[str, ...] = ()


def cells_of(line: str, separator: str | None) -> list[str]:
    """The cells of a line without what is around them: spaces and quotes."""
    if '"' in line and separator:
        from csv import reader

        try:
            cells = next(iter(reader([line], delimiter=separator, skipinitialspace=True)), [])
        except Exception:  # csv.Error: a cell of 131,072 characters
            cells = line.split(separator)
    else:
        cells = line.split(separator)
    return [cell.strip().strip("\"'").strip() for cell in cells]


def filled(cells: list[str]) -> list[str]:
    """The cells of a line without the empty ones at its end."""
    count = len(cells)
    while count > 1 and not cells[count - 1]:
        count -= 1
    return cells[:count]


def number(cell: str, separator: str | None) -> float:
    """A cell's number, with a decimal comma where that does not separate; raise ValueError."""
    # float() takes 1_000 too, which no spreadsheet writes.
    cell = cell.replace("_", "?")
    return float(cell if separator == "," else cell.replace(",", "."))


def separator_of(line: str) -> str | None:
    """What separates the numbers of a line, or stands in it where there are none."""
    for separator in SEPARATORS:
        cells = cells_of(line, separator)
        try:
            if len(cells) > 1 and [number(cell, separator) for cell in cells[:2]]:
                return separator
        except ValueError:
            pass
    return next((s for s in (";", "\t", ",") if s in line), ",")


def heading_of(line: str, place: str) -> list[str]:
    """The titles in a line that names a point's columns; [] if it does not."""
    for separator in SEPARATORS:
        titles = filled(cells_of(line, separator))
        means = [meaning(title) for title in titles]
        if any(set(names) <= set(means) for names in PLACES):
            return titles
        for title in titles:
            if len(titles) > 1 and (unit := foreign_unit(title)):
                raise TrackError(f"{place}: {title} is in {unit}; write metres, as {COLUMNS[0]}")
    return []


def meaning(title: str) -> str:
    """What a column with that title holds; "" if nothing of ours."""
    name = title.strip().lower()
    for unit in OURS:
        name = name.removesuffix(unit).strip()
    return MEANS.get(name.replace(" ", "_"), "")


def foreign_unit(title: str) -> str:
    """The unit of a title that means a column of ours, if it is neither metres nor degrees."""
    name = title.strip().lower()
    for unit in FOREIGN:
        for end in (f"_{unit}", f"[{unit}]", f"({unit})"):
            if name.endswith(end) and meaning(name.removesuffix(end)):
                return unit
    return ""


def named(titles: list[str], separator: str | None) -> Layout:
    """The layout that a heading states."""
    means = [meaning(title) for title in titles]
    place = next(names for names in PLACES if set(names) <= set(means))
    widths: tuple[str, ...] = ()
    if place != EDGES:
        widths = ("right", "left") if {"right", "left"} <= set(means) else ("width",)
    columns = {name: means.index(name) for name in (*place, *widths) if name in means}
    racing = [title for title in titles if title.lower() in RACING]
    note = f"a racing line taken as the centre line; left out: {', '.join(racing)}"
    return Layout(
        separator, len(titles), tuple(map(one_line, titles)), columns, (note,) if racing else ()
    )


def unnamed(cells: list[str], separator: str | None, place: str, line: str) -> Layout:
    """The layout of a file without a heading, whose first line has these cells."""
    count = len(cells)
    if count in (2, 4):
        columns = dict(zip(("x", "y", "right", "left")[:count], range(count), strict=True))
        return Layout(separator, count, COLUMNS[:count], columns)
    if count == 3:
        note = "the third column, without a name, taken as a height and left out"
        return Layout(separator, 3, (*COLUMNS[:2], "z_m"), {"x": 0, "y": 1}, (note,))
    seems = "; this looks like a racing line" if count >= 6 else ""
    raise TrackError(
        f"{place}: number of columns is {count} in {line}{seems}; "
        f"write 2 or 4: {','.join(COLUMNS)}, or name them so in the first line"
    )
