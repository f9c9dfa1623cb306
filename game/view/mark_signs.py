"""The signs of the marks on a timeline: told apart by shape, and by colour.

Drawn by the timeline.
"""

from game.view.painter import Ink

HALF = 4  # [pt] from the middle of a sign to its edge
# Polylines in a square from -1 to 1, y downwards.
Shape = tuple[tuple[tuple[float, float], ...], ...]
SHAPES: dict[str, tuple[Ink, Shape]] = {  # the weightiest first
    "death": ("alarm", (((-1, -1), (1, 1)), ((-1, 1), (1, -1)))),  # a cross
    "violation": ("alarm", (((0, -1), (1, 0), (0, 1), (-1, 0), (0, -1)),)),  # a diamond
    "torn": ("alarm", (((-1, -0.6), (0, -0.6)), ((0, 0.6), (1, 0.6)))),  # a line that is crooked
    "freeze": ("accent", (((-0.7, -1), (-0.7, 1)), ((0.7, -1), (0.7, 1)))),  # two bars
    "restart": ("text", (((-0.7, -1), (1, 0), (-0.7, 1), (-0.7, -1)),)),  # a triangle: go
    "mode": ("text", (((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)),)),  # a square
    "lap": ("dim", (((-0.7, 1), (-0.7, -1), (1, -0.4), (-0.7, 0.2)),)),  # a flag
}
OTHER: tuple[Ink, Shape] = ("text", (((0, -1), (0, 1)),))
IMPORTANT = {kind: place for place, kind in enumerate(SHAPES)}  # 0: seen before all others


def ink(kind: str) -> Ink:
    """The colour of a kind of mark."""
    return SHAPES.get(kind, OTHER)[0]


def sign(kind: str, x: float, y: float) -> list[list[tuple[float, float]]]:
    """The polylines [pt] of a kind's sign around a place [pt]."""
    shape = SHAPES.get(kind, OTHER)[1]
    return [[(x + HALF * right, y + HALF * down) for right, down in line] for line in shape]
