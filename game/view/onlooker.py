"""The onlooker: a process that only reads, in a line above the array that it reads.

Drawn by the screen where the session has one.
"""

from game.view.hud import EDGE, GAP, Onlooker
from game.view.painter import Area, Painter


def draw(painter: Painter, area: Area, onlooker: Onlooker) -> None:
    """Write who it is, and behind it what it printed last, as far as there is room."""
    painter.fill("shade", area)
    x, right = float(area.x + EDGE), area.right - EDGE
    who = painter.cut(onlooker.who, right - x)
    x += painter.write(who, x, area.centery, "dim", down=0.5) + GAP
    if right > x:
        line = painter.cut(onlooker.line, right - x)
        painter.write(line, x, area.centery, "accent", down=0.5)
