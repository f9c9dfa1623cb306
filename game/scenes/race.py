"""The race: cars on a closed circuit, and who leads."""

import numpy as np

from game.glide import Glide
from game.movers.race import name
from game.snapshot import Floats, Integers, Snapshot
from game.track import Track, load
from game.view import crowd
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.panel import Column, Panel

LONGEST, SHORTEST = 32.0, 9.0  # [pt] of a car
REAL = 4.5  # [m] a car is never drawn smaller than it is
LANES = 3  # cars side by side, so that they do not hide each other
BEND = 1 / 120  # [1/m] a curvature from which there are kerbs
KERB = 1.2  # [m] wide
BLOCK = 3.0  # [m] of one colour along a kerb
FAR = 1e9  # a speed [km/h] or a distance [m] beyond it is no car's
CHECKS = 8  # across the track at the start line


class Scene:
    """Cars that publish `speed` [km/h] and `distance` [m] from the start line."""

    layers = frozenset(("labels",))

    def __init__(self, place: str) -> None:
        self.circuit = Circuit(load(place))
        self.title = f"Race, {self.circuit.track.name}, {self.circuit.track.length:,.0f} m"
        self.bounds = self.circuit.bounds
        self._glide = Glide()
        self._distance: Floats = np.zeros(0)  # [m] of the agents shown, as they are shown

    def draw(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the circuit and every car at its distance along it."""
        canvas.background(self.circuit.paint)
        self._distance = self._glide.follow(snapshot)[:, snapshot.columns["distance"]]
        places, headings = self._places(self._distance, snapshot.agents)
        size = self._size(canvas, len(places))
        values = snapshot.values[snapshot.agents]
        odd = np.asarray(~(np.abs(values) < FAR).all(axis=1))
        crowd.draw(canvas, "car", places, headings, snapshot, size, odd, first=1, name=name)

    def where(self, snapshot: Snapshot, agent: int) -> tuple[float, float]:
        """The place of a car as it is shown at this moment [m]."""
        index = np.searchsorted(snapshot.agents, [agent])
        distance = self._glide.follow(snapshot)[index, snapshot.columns["distance"]]
        (x, y), *_ = self._places(distance, np.array([agent]))[0].tolist()
        return x, y

    def _places(self, distance: Floats, agents: Integers) -> tuple[Floats, Floats]:
        """Places (n, 2) [m] and headings (n,) [rad] of cars at distances [m], each in its lane."""
        lane = agents % LANES - (LANES - 1) / 2
        return self.circuit.at(distance, lane / LANES)

    def _size(self, canvas: Canvas, cars: int) -> float:
        """How long a car is drawn [px]: large enough to see, smaller where they are many."""
        room = LANES * self.circuit.track.length / canvas.point / max(cars, 1) * 0.6
        return max(
            REAL / canvas.point,
            min(LONGEST, canvas.view[2] / canvas.scale / 30, max(SHORTEST, room)),
        )

    def panel(self, snapshot: Snapshot, rows: int) -> Panel:
        """The leaderboard: who is how far, as it is drawn."""
        columns = (
            Column("", 0.10, to_left=True),
            Column("car", 0.34, to_left=True),
            Column("lap", 0.44),
            Column("km/h", 0.68),
            Column("gap", 1.0),
        )
        order = np.argsort(-self._distance, kind="stable")[:rows]
        lead = float(self._distance[order[0]]) if order.size else 0.0
        speeds = snapshot["speed"]
        shown = []
        for place, index in enumerate(order.tolist(), start=1):
            distance, agent = float(self._distance[index]), int(snapshot.agents[index])
            gap = "leader" if place == 1 else self._gap(lead - distance)
            cells = (str(place), f"Car {agent + 1}", str(self._lap(distance)))
            shown.append((agent, (*cells, f"{speeds[index]:.0f}", gap)))
        return Panel("Leaderboard", columns, shown, len(snapshot.agents))

    def _lap(self, distance: float) -> int:
        return max(1, int(distance // self.circuit.track.length) + 1)

    def _gap(self, metres: float) -> str:
        laps = int(metres // self.circuit.track.length)
        if laps:
            return f"+{laps} lap{'s' if laps > 1 else ''}"
        return f"+{metres:.0f} m"


class Circuit:
    """A track as arrays, for placing many cars at once and for painting it."""

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
        edges = np.concatenate((self._edge(1.0), self._edge(-1.0)))
        (left, bottom), (right, top) = edges.min(axis=0), edges.max(axis=0)
        self.bounds = Bounds(left, bottom, right, top)

    def at(self, distance: Floats, aside: Floats) -> tuple[Floats, Floats]:
        """Places (n, 2) [m] and headings (n,) [rad] at distances [m] along the centre line.

        `aside` is how far from it, as a part of the track's width there, left positive. A
        distance that is not finite is taken for 0.
        """
        d = np.nan_to_num(distance, nan=0.0, posinf=0.0, neginf=0.0) % self.track.length
        ahead, left = self._along(d, self._ahead), self._along(d, self._aside)
        width = self._along(d, self._left + self._right)
        places = self._along(d, self._points) + left * width * aside[:, None]
        return places, np.arctan2(ahead[:, 1], ahead[:, 0])

    def _along(self, distance: Floats, values: Floats) -> Floats:
        """Values given at each point (points, k), interpolated at distances, (n, k)."""
        columns = [np.interp(distance, self._distance, column) for column in values.T]
        return np.column_stack(columns)

    def _edge(self, side: float, beyond: float = 0.0) -> Floats:
        """The left (side 1) or right (-1) edge of the track, or a line `beyond` it [m]."""
        width = self._left if side > 0 else self._right
        edge: Floats = self._points + side * self._aside * (width + beyond)
        return edge

    def paint(self, canvas: Canvas) -> None:
        """Grass, kerbs in the bends, tarmac of the true width, the start line."""
        canvas.fill("grass")
        self._paint_kerbs(canvas)
        canvas.strip(self._edge(1.0), self._edge(-1.0), ("tarmac",))
        for side in (1.0, -1.0):
            canvas.line(self._edge(side), "edge", 1.0)
        self._paint_start(canvas)

    def _paint_kerbs(self, canvas: Canvas) -> None:
        """Red and white blocks along both edges, wherever the track bends."""
        width = float((self._left + self._right).mean())
        wide = max(KERB, min(3 * canvas.point, width / 3))
        block = max(BLOCK, 5 * canvas.point)
        blocks = 2 * max(1, round(self.track.length / block / 2))  # even: no seam at the start
        d = np.linspace(0.0, self.track.length, 4 * blocks + 1)
        bends = np.abs(np.interp(d, self._distance, self._curvature)) > BEND
        for side in (1.0, -1.0):
            inner = self._along(d, self._edge(side, -wide / 2))
            outer = self._along(d, self._edge(side, wide))
            for i in np.flatnonzero(bends[:-1]).tolist():
                colour = "kerb" if i // 4 % 2 else "kerb_white"
                canvas.strip(outer[i : i + 2], inner[i : i + 2], (colour,))

    def _paint_start(self, canvas: Canvas) -> None:
        """The chequered line: two rows of squares across the track at distance 0."""
        right = self._points[0] - self._aside[0] * self._right[0]
        square = (self._left[0] + self._right[0]) / CHECKS
        along = self._ahead[0] * max(float(square[0]), 2.5 * canvas.point)
        across = self._aside[0] * square
        for row in range(2):
            for check in range(CHECKS):
                corner = right + across * check + along * (row - 1)
                one = np.array([corner, corner + along])
                colour = "edge" if (row + check) % 2 else "shade"
                canvas.strip(one, one + across, (colour,))


def closed(*columns: list[float]) -> Floats:
    """Columns of a track with their first value again at the end, (points + 1, columns)."""
    return np.column_stack([[*column, column[0]] for column in columns])
