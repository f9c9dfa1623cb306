"""What the selected car's driver looked at in its last step: a bracket along the track to each.

Called by the race's scene before it draws the cars.
"""

import numpy as np

from game.frame import Floats, Frame
from game.scenes.race.circuit import Circuit
from game.view import looks
from game.view.canvas import Canvas

FINE = 4.0  # [m] between two points of a bracket
THICK = 2.0  # [pt]


def draw(
    canvas: Canvas, frame: Frame, circuit: Circuit, distance: Floats, places: Floats, size: float
) -> None:
    """Draw it for cars at distances (n,) [m] and places (n, 2) [m], `size` [pt] long."""
    looked = frame.looked
    if looked is None or looked.agent != canvas.selected:
        return
    own = looks.found(frame, distance[:, None], (looked.agent,)).ravel()
    for other in looks.found(frame, distance[:, None], looked.numbers).ravel().tolist():
        if len(own):
            bracket(canvas, circuit, float(own[0]), other)
    looks.draw(canvas, frame, places, size)


def bracket(canvas: Canvas, circuit: Circuit, one: float, other: float) -> None:
    """A line along the shorter way from one distance [m] to another, with an end at each."""
    length, wider = circuit.track.length, circuit.wider(canvas.point)
    way = (other - one + length / 2) % length - length / 2
    along = np.linspace(one, one + way, max(2, int(abs(way) / FINE)))
    canvas.line(circuit.at(along, np.zeros(len(along)), wider)[0], "accent", THICK)
    for end in (one, one + way):
        ends = circuit.at(np.full(2, end), np.array((-0.5, 0.5)), wider)[0]
        canvas.line(ends, "accent", THICK)
