"""An outline made fit to drive on: closed, no point twice, with widths, not denser than needed.

Used by game.track_files.
"""

import math

from game.track_files.outline import NEAREST, Outline, TrackError, gaps

# With more, a track is thinned: points so dense show nothing, and each costs time in every process.
MOST_POINTS = 10_000
# [m] Once around: with more, the picture's kerbs and marks would take the window's time.
LONGEST = 1_000_000.0
WIDTH = 10.0  # [m] of a track whose file does not say, but no more than
SHARE = 1 / 20  # of how far it reaches
CIRCUIT = 26_000.0  # [m] of the longest real one: the Nuerburgring, with all of it, has 25.9 km
OPEN = 5.0  # times the longest way between two points: an end so far from the start is told
SHORTEST = 1.0  # [m] a track shorter than this may be one in degrees
SHRUNK = 0.001  # of its length that a track may lose unsaid

Point = tuple[float, float, float, float]


def repaired(outline: Outline, width: float, place: str) -> Outline:
    """The outline as a track has it, `width` [m] wide unless that is 0; raise TrackError."""
    notes = list(outline.notes)
    outline = _apart(outline, notes)
    if len(outline.x) < 3:
        raise TrackError(
            f"{place}: number of points is {len(outline.x)}, each {NEAREST} m or more from the"
            " one before; write 3 or more, under lat,lon if they are degrees"
        )
    ways = gaps(outline.x, outline.y)
    length = sum(ways)
    if length > LONGEST:
        what = f"{place}: is {length:,.0f} m long"
        raise TrackError(f"{what}; write a track of at most {LONGEST:,.0f} m")
    if length < SHORTEST:
        notes.append(f"is {length:.3g} m long; name the columns lat,lon if they are degrees")
    if ways[-1] > OPEN * max(ways[:-1]):
        notes.append(f"ends {ways[-1]:,.0f} m from its start; closed by a straight")
    outline = _wide(outline, width, notes)
    if min(a + b for a, b in zip(outline.right, outline.left, strict=True)) <= 0:
        raise TrackError(f"{place}: the edges touch; write a track wider than 0 metres")
    return _thin(outline, length, notes)._replace(notes=tuple(notes))


def _apart(outline: Outline, notes: list[str]) -> Outline:
    """Without points that repeat the one before, or at the end the first, as a ring's does."""
    x, y = outline.x, outline.y
    if min(gaps(x, y)) >= NEAREST:
        return outline
    kept = [0]
    for i in range(1, len(x)):
        if math.hypot(x[i] - x[kept[-1]], y[i] - y[kept[-1]]) >= NEAREST:
            kept.append(i)
    repeats = len(x) - len(kept)
    while len(kept) > 1 and math.hypot(x[kept[-1]] - x[0], y[kept[-1]] - y[0]) < NEAREST:
        kept.pop()
    if repeats:
        notes.append(f"{repeats} of {len(x)} points repeat the one before, and are left out")
    x, y, right, left = ([column[i] for i in kept] if column else [] for column in outline[:4])
    return Outline(x, y, right, left)


def _wide(outline: Outline, width: float, notes: list[str]) -> Outline:
    """With widths: the one that was asked for, else the file's, else a likely one."""
    if outline.right and not width:
        return outline
    if not width:
        reach = max(max(axis) - min(axis) for axis in (outline.x, outline.y))
        width = float(f"{min(WIDTH, SHARE * reach):.2g}")
        notes.append(f"of unknown width, taken as {width:g} m; --width says otherwise")
    half = [width / 2] * len(outline.x)
    return outline._replace(right=half, left=list(half))


def _thin(outline: Outline, length: float, notes: list[str]) -> Outline:
    """Not more points than are of use; told where it is shorter then."""
    count = len(outline.x)
    if count <= MOST_POINTS:
        return outline
    kept = thinned(list(zip(*outline[:4], strict=True)))
    x, y, right, left = (list(column) for column in zip(*kept, strict=True))
    outline = Outline(x, y, right, left)
    less = length - sum(gaps(outline.x, outline.y))
    if less > SHRUNK * length:
        notes.append(
            f"{len(kept):,} of {count:,} points taken, which makes it {less:,.0f} m shorter"
        )
    return outline


def thinned(points: list[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most so many of a track's points, evenly along the way; those that are rare anyway stay.

    Two that are left never are the same place, nor are the last and the first.
    """
    edges = gaps([point[0] for point in points], [point[1] for point in points])
    step, way = sum(edges) / most, 0.0  # [m]
    kept = [points[0]]
    for point, edge in zip(points[1:], edges, strict=False):
        way += edge
        if way >= step and math.dist(point[:2], kept[-1][:2]) >= NEAREST:
            kept.append(point)
            way = 0.0
    while len(kept) > 1 and (len(kept) > most or math.dist(kept[-1][:2], kept[0][:2]) < NEAREST):
        kept.pop()
    # Nearly all of its length is in an edge or two.
    return kept if len(kept) >= 3 else points[:: -(-len(points) // most)]


def scale_of(width: float, length: float) -> float:
    """The scale of a circuit that is so wide on average, and so long [m]: 1, 0.1, 0.01 and so on.

    A real circuit is some 10 m wide; what is nearer to a tenth of that, 1.1 m to either side,
    say, is a model of scale 1:10, unless no real circuit is so long that it could be one of it.
    """
    narrow = min(0, round(math.log10(width / WIDTH)))
    short = min(0, math.ceil(math.log10(length / CIRCUIT)))
    return 10.0 ** max(narrow, short)
