"""Trails: where each agent was in the last moments, as a line that fades behind it.

A scene owns them and feeds them with the places that it shows. They are kept in metres, so they
survive zoom and pan, and at fixed times of the reader's clock, so that any frame rate leaves the
same trail.
"""

import numpy as np

from game.frame import Flags, Floats, Frame, Integers
from game.view import strokes
from game.view.canvas import Canvas
from game.view.memory import Memory, State
from game.view.pixel_colours import PixelColours
from game.view.strokes import Touched

MOST = 3_000  # agents that leave a trail: of more, the ground would be covered
NUMBERS = 30_000  # agents that there is room for: the last ones of a million leave none
LASTS = 2.0  # [s] a trail
SHORTEST = 0.4  # [s] a trail of very many, so that they do not cover the ground
LONG = 200  # agents up to which trails are as long as they can be
PERIOD = 1 / 15  # [s] between two places that are kept
KEPT = round(LASTS / PERIOD)
STOOD = 0.5  # [s] without a frame: nobody knows the way that somebody took meanwhile
LEAP = 12.0  # [m] in an update or in a frame: farther is a jump, and no way
WIDE, THIN = 1.6, 1.0  # [pt] a trail, and one of many
STRONGEST = 0.75  # how much of the ground a trail covers where the agent is


class Trails(Memory):
    """The places of all agents at the last KEPT times, and the lines through them."""

    REMEMBERS = ("_kept", "_last", "_broken", "_now", "_time", "_agents", "_per_process")

    def __init__(self, leap: float = LEAP) -> None:
        """`leap` [m] in an update, or more, is a jump."""
        self._leap = leap
        super().__init__()

    def reset(self) -> None:
        """Forget where everybody was."""
        self._kept: Floats = np.full((KEPT, 0, 2), np.nan)  # (times, agents, 2) [m], a ring
        self._last: Floats = np.full((0, 2), np.nan)  # (agents, 2) [m] in the frame before
        self._broken: Flags = np.zeros(0, np.bool_)  # (agents,) jumped since the last time
        self._now = 0.0  # [s] of the frame before, on the reader's clock
        self._time = 0.0  # [s] in which somebody moved so far: a pause lets no trail fade
        self._agents: Integers = np.zeros(0, np.int64)  # of the frame before
        self._per_process = 1  # agents that have the colour of one process
        self._look: object = None  # what the lines were found for
        self._parts: dict[int, list[Touched]] = {}  # of the way to each moment that is kept

    def follow(self, places: Floats, frame: Frame) -> None:
        """Note the `places` (len(agents), 2) [m] of the agents shown."""
        agents = frame.agents
        self._per_process = frame.per_process
        if not kept(agents):
            if len(self._agents):
                self.reset()
            return
        self._make_room(int(agents[-1]) + 1)
        here = np.where(np.isfinite(places).all(axis=1, keepdims=True), places, np.nan)
        appeared = frame.first[frame.slots_shown] > self._now
        new = agents[appeared]
        self._forget(self._left(agents))
        self._forget(new)
        self._last[new] = here[appeared]
        elapsed = frame.now - self._now
        before = self._last[agents]
        far = np.hypot(*(here - before).T)
        updates = min(elapsed / frame.expected, 1.0)
        # False for a place that is no number, too.
        self._broken[agents] |= ~(far <= self._leap * updates) | ((elapsed > STOOD) & (far > 0))
        self._broken[new] = True
        time = self._time + (elapsed if appeared.any() or (far > 0).any() else 0.0)
        self._keep(agents, before, here, time)
        self._last[agents] = here
        self._now, self._time = frame.now, time

    def _make_room(self, agents: int) -> None:
        have = len(self._last)
        if have >= agents:
            return
        more = max(agents, 2 * have) - have
        self._kept = np.concatenate((self._kept, np.full((KEPT, more, 2), np.nan)), axis=1)
        self._last = np.concatenate((self._last, np.full((more, 2), np.nan)))
        self._broken = np.concatenate((self._broken, np.zeros(more, np.bool_)))

    def _left(self, agents: Integers) -> Integers:
        """Who of the frame before is there no more."""
        before, self._agents = self._agents, agents
        if before is agents:
            return before[:0]
        return np.setdiff1d(before, agents, assume_unique=True)

    def _forget(self, agents: Integers) -> None:
        """Forget where agents were; the lines of all are found anew if one of theirs was seen."""
        if np.isfinite(self._kept[:, agents]).any():
            self._parts.clear()
        self._kept[:, agents], self._last[agents] = np.nan, np.nan

    def _keep(self, agents: Integers, before: Floats, here: Floats, time: float) -> None:
        """Keep where everybody was at each moment that has come since the frame before."""
        last, newest = int(self._time // PERIOD), int(time // PERIOD)
        for moment in range(max(last, newest - KEPT) + 1, newest + 1):
            part = (moment * PERIOD - self._time) / (time - self._time)
            place = before + (here - before) * part
            place[self._broken[agents]] = np.nan
            self._kept[moment % KEPT] = np.nan
            self._kept[moment % KEPT, agents] = place
        if newest > last:
            self._broken[agents] = np.isnan(here[:, 0])

    def restore(self, state: State) -> None:
        """Remember what it did when `state` was saved."""
        super().restore(state)
        self._parts.clear()

    def draw(self, canvas: Canvas) -> None:
        """Draw the trails of the agents of the last frame, oldest parts first."""
        agents = self._agents
        if not kept(agents):
            return
        wide = (WIDE if len(agents) <= 2 * LONG else THIN) * canvas.scale
        look = canvas.camera, canvas.view, canvas.pitch, canvas.theme, wide, canvas.colouring.choice
        if look != self._look:
            self._look = look
            self._parts.clear()
        lasts = max(LASTS * min(1.0, LONG / len(agents)), SHORTEST)
        newest = int(self._time // PERIOD)
        moments = range(newest - round(lasts / PERIOD) + 2, newest + 1)
        self._parts = {moment: self._part(moment, canvas, agents, wide) for moment in moments}
        # From one place kept to the next, and from the last one to where the agent is.
        here = np.where(self._broken[agents][:, None], np.nan, self._last[agents])
        colours = canvas.tinted(canvas.tints(agents, self._per_process))
        tip = _lines(canvas, colours, self._kept[newest % KEPT, agents], here, wide)
        ages = [self._time - (moment - 0.5) * PERIOD for moment in moments]
        ages.append((self._time - newest * PERIOD) / 2)
        shares = [STRONGEST * min(max(1 - age / lasts, 0.0), 1.0) for age in ages]
        parts = [*self._parts.values(), tip]
        strokes.paint(
            canvas,
            # What lies at the edge of a line is painted before all that lies in the middle of one.
            [
                (part[depth], share)
                for depth in range(len(tip))
                for part, share in zip(parts, shares, strict=True)
            ],
        )

    def _part(self, moment: int, canvas: Canvas, agents: Integers, wide: float) -> list[Touched]:
        """What the way to a moment from the one before it touches."""
        if moment in self._parts:
            return self._parts[moment]
        before, place = self._kept[(moment - 1) % KEPT, agents], self._kept[moment % KEPT, agents]
        colours = canvas.tinted(canvas.tints(agents, self._per_process))
        return _lines(canvas, colours, before, place, wide)


def kept(agents: Integers) -> bool:
    """Whether agents (n,), in ascending order, leave trails."""
    return 0 < len(agents) <= MOST and bool(agents[-1] < NUMBERS)


def _lines(
    canvas: Canvas, colours: PixelColours, starts: Floats, ends: Floats, wide: float
) -> list[Touched]:
    """What the lines in these colours (n,) from starts to ends (n, 2) [m] touch."""
    one, other = (canvas.camera.pixels(*places.T) for places in (starts, ends))
    return strokes.find(canvas, colours, one, other, wide)
