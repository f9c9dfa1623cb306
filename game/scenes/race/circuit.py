"""The circuit: a track as arrays, for placing many cars at once and for painting the ground.

Used by the race's scene.
"""

import numpy as np

from game.frame import Flags, Floats
from game.scenes.race.folds import unfolded
from game.track import Track
from game.view.camera import Bounds
from game.view.canvas import Canvas, runs

BEND = 1 / 120  # [1/m] a curvature from which there are kerbs
KERB = 1.2  # [m] wide
BLOCK = 3.0  # [m] of one colour along a kerb
CHECKS = 8  # across the track at the start line
NARROWEST = 9.0  # [pt] that the track is drawn wide at least
SHOULDER = 3.5  # [m] of trodden grass along both edges
MOWN = (4, 10, 25, 60, 150, 400, 1000)  # [m] that a stripe of mown grass may be wide
STRIPE = 44.0  # [pt] that it is wide at least
SAMPLES = 20_000  # places along the track that the marks keep away from
MOST_MARKS = 200  # that are painted at once: each is compared with every sample
MOST_BLOCKS = 5_000  # of kerb along an edge
# [m] From a distance mark to the next.
MARKS = tuple(digit * 10**power for power in range(6) for digit in (1, 2, 5))
APART = 72.0  # [pt] between two marks at least
BESIDE = 0.025  # of the track's extent: room around it, for the numbers of the marks
TICK, NUMBER = 5.0, 14.0  # [pt] that a mark is long, and from the edge to its number's middle


class Circuit:
    """A track as arrays."""

    def __init__(self, track: Track) -> None:
        self.track = track
        # The first point again at the end: the closing edge is an edge like the others.
        self._distance = np.array([*track.distance, track.length])
        self._points = closed(track.x, track.y)
        angle = np.array([*track.heading, track.heading[0]])
        self._ahead = np.column_stack((np.cos(angle), np.sin(angle)))
        self._aside = np.column_stack((-self._ahead[:, 1], self._ahead[:, 0]))  # to the left
        self._left = closed(track.left)
        self._right = closed(track.right)
        self._curvature = closed(track.curvature)[:, 0]
        self.width = float((self._left + self._right).mean())  # [m] on average
        edges = np.concatenate((self._edge(1.0), self._edge(-1.0)))
        (left, bottom), (right, top) = edges.min(axis=0), edges.max(axis=0)
        room = BESIDE * max(right - left, top - bottom)
        self.bounds = Bounds(left - room, bottom - room, right + room, top + room)

    @property
    def line(self) -> Floats:
        """The points of the centre line, (points + 1, 2) [m]."""
        return self._points

    def at(self, distance: Floats, aside: Floats, wider: float = 1.0) -> tuple[Floats, Floats]:
        """Places (n, 2) [m] and headings (n,) [rad] at distances [m] along the centre line.

        `aside` is how far from it, as a part of the track's width there, left positive, on a
        track that is drawn so many times `wider`. A distance that is not finite is taken for 0.
        """
        d = np.nan_to_num(distance, nan=0.0, posinf=0.0, neginf=0.0) % self.track.length
        ahead, left = self._along(d, self._ahead), self._along(d, self._aside)
        width = self._along(d, self._left + self._right) * wider
        places = self._along(d, self._points) + left * width * aside[:, None]
        return places, np.arctan2(ahead[:, 1], ahead[:, 0])

    def width_at(self, distance: Floats) -> Floats:
        """How wide the track is at distances (n,) [m], (n,) [m]."""
        d = np.nan_to_num(distance, nan=0.0, posinf=0.0, neginf=0.0) % self.track.length
        width: Floats = self._along(d, self._left + self._right)[:, 0]
        return width

    def wider(self, point: float) -> float:
        """How many times wider than it is the track is drawn, where a point is so large [m]."""
        return max(1.0, NARROWEST * point / self.width)

    def _along(self, distance: Floats, values: Floats) -> Floats:
        """Values given at each point (points, k), interpolated at distances, (n, k)."""
        columns = [np.interp(distance, self._distance, column) for column in values.T]
        return np.column_stack(columns)

    def _edge(self, side: float, beyond: float = 0.0, wider: float = 1.0) -> Floats:
        """The left (side 1) or right (-1) edge of the track, or a line `beyond` it [m]."""
        width = self._left if side > 0 else self._right
        reach = width * wider + beyond
        edge: Floats = self._points + side * self._aside * reach
        return unfolded(edge, self._points, reach[:, 0])

    # The picture of the ground.

    def paint(self, canvas: Canvas) -> None:
        """Grass, kerbs in the bends, tarmac of the true width, the start line, distance marks."""
        wider = self.wider(canvas.point)
        self._paint_grass(canvas, wider)
        self._paint_kerbs(canvas, wider)
        canvas.strip(self._edge(1.0, 0.0, wider), self._edge(-1.0, 0.0, wider), ("tarmac",))
        for side in (1.0, -1.0):
            canvas.line(self._edge(side, 0.0, wider), "edge", 1.0)
        self._paint_start(canvas, wider)
        self._paint_marks(canvas, wider)

    def _paint_grass(self, canvas: Canvas, wider: float) -> None:
        """Mown stripes that run north, and a shoulder along the track."""
        canvas.fill("grass")
        left, bottom, right, top = canvas.sight
        stripes = [stripe * self.track.scale for stripe in MOWN]
        wide = next((m for m in stripes if m >= STRIPE * canvas.point), stripes[-1])
        for number in range(int(left // (2 * wide)), int(right // (2 * wide)) + 1):
            west = number * 2 * wide
            canvas.box(Bounds(west, bottom, west + wide, top), "grass_mown")
        beyond = max(SHOULDER * self.track.scale, 3 * canvas.point)
        one, other = (self._edge(side, beyond, wider) for side in (1.0, -1.0))
        canvas.strip(one, other, ("shoulder",))

    def _paint_kerbs(self, canvas: Canvas, wider: float) -> None:
        """Red and white blocks along both edges, wherever the track bends."""
        wide = self._kerb(canvas)
        block = max(BLOCK * self.track.scale, 5 * canvas.point, self.track.length / MOST_BLOCKS)
        blocks = 2 * max(1, round(self.track.length / block / 2))  # even: no seam at the start
        d = np.linspace(0.0, self.track.length, 4 * blocks + 1)
        bends = self._bends(d)
        for side in (1.0, -1.0):
            inner = self._along(d, self._edge(side, -wide / 2, wider))
            outer = self._along(d, self._edge(side, wide, wider))
            for first, last in runs(bends[:-1]):
                part = slice(first, last + 2)
                colours = [("kerb_white", "kerb")[i // 4 % 2] for i in range(first, last + 1)]
                canvas.strip(outer[part], inner[part], colours)

    def _kerb(self, canvas: Canvas) -> float:
        """How wide a kerb is drawn [m]."""
        return max(KERB * self.track.scale, min(3 * canvas.point, self.width / 3))

    def _bends(self, distance: Floats) -> Flags:
        bends: Flags = (
            np.abs(np.interp(distance, self._distance, self._curvature)) > BEND / self.track.scale
        )
        return bends

    def _paint_start(self, canvas: Canvas, wider: float) -> None:
        """The chequered line: two rows of squares across the track at distance 0."""
        right = self._points[0] - self._aside[0] * self._right[0] * wider
        square = (self._left[0] + self._right[0]) * wider / CHECKS
        along = self._ahead[0] * max(float(square[0]), 2.5 * canvas.point)
        across = self._aside[0] * square
        for row in range(2):
            for check in range(CHECKS):
                corner = right + across * check + along * (row - 1)
                one = np.array([corner, corner + along])
                colour = "edge" if (row + check) % 2 else "shade"
                canvas.strip(one, one + across, (colour,))

    def _paint_marks(self, canvas: Canvas, wider: float) -> None:
        """A tick and a number outside the track every so many metres, where there is room."""
        point = canvas.point
        least = max(APART * point, 10 * self.track.scale)
        for apart in (m for m in MARKS if m >= least or m == MARKS[-1]):
            d = np.arange(apart, self.track.length - apart / 2, apart, dtype=float)
            d = d[self._in_sight(canvas, d)]
            if len(d) <= MOST_MARKS:
                break
        near = max(
            BLOCK * self.track.scale, NUMBER * point
        )  # [m] a kerb that begins there is in the way, too
        bends = self._bends(d - near) | self._bends(d) | self._bends(d + near)
        kerb = self._kerb(canvas) * bends
        places, room = {}, {}
        for side in (1.0, -1.0):
            places[side] = [
                self._along(d, self._edge(side, 0.0, wider))
                + side * self._along(d, self._aside) * (kerb + far * point)[:, None]
                for far in (1.0, 1.0 + TICK, NUMBER)
            ]
            room[side] = self._away(places[side][-1])
        reach = self.width * wider / 2 + 10 * point
        for i in range(len(d)):
            side = 1.0 if room[1.0][i] > room[-1.0][i] + point else -1.0  # to the right, if equal
            edge, tip, middle = (place[i] for place in places[side])
            if room[side][i] > reach + kerb[i]:
                canvas.line(np.array([edge, tip]), "mark", 1.0)
                canvas.label(middle[0], middle[1], f"{d[i]:.0f}", "mark", 10)

    def _in_sight(self, canvas: Canvas, distance: Floats) -> Flags:
        """Which distances [m] are in view, or so near that a mark's number may be."""
        beyond = self.width + 2 * NUMBER * canvas.point
        low, high = np.array(canvas.sight).reshape(2, 2)
        places = self._along(distance, self._points)
        seen: Flags = np.all((places > low - beyond) & (places < high + beyond), axis=1)
        return seen

    def _away(self, places: Floats) -> Floats:
        """How far places (n, 2) [m] are from the nearest part of the centre line [m], (n,)."""
        step = max(self.width / 2, self.track.scale, self.track.length / SAMPLES)
        d = np.arange(0.0, self.track.length, step)
        x, y = self._along(d, self._points).T.copy()
        return np.sqrt([((x - a) ** 2 + (y - b) ** 2).min() for a, b in places.tolist()])


def closed(*columns: list[float]) -> Floats:
    """Columns of a track with their first value again at the end, (points + 1, columns)."""
    return np.column_stack([[*column, column[0]] for column in columns])
