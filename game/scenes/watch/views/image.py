"""The image: an array of rows and columns as a picture, three or four channels as colour.

Larger than its place, it is reduced: up to a million elements by the mean of what a pixel
covers, larger ones by leaving out rows and columns.
"""

from typing import NamedTuple

import numpy as np
import pygame

from game.scenes.watch import colour_map
from game.scenes.watch.elements import Elements, Numbers
from game.scenes.watch.history import widened
from game.scenes.watch.looks import Look
from game.scenes.watch.plot import Lens, indices, lens, paint
from game.scenes.watch.views import NOTHING, View
from game.scenes.watch.watched import Watched
from game.view.canvas import Canvas
from game.view.pixel_colours import PixelColours, as_pixels

CHANNELS = (3, 4)  # of a coloured picture
MEANT = 2**20  # elements up to which a smaller picture shows the means of them
EDGE = 10  # [pt] around the picture
SLIM = 6.0  # times as long as wide: such a picture is stretched, or it would be a line


class Layout(NamedTuple):
    """Where a picture is, before anything is enlarged [px]."""

    frame: pygame.Rect  # in which it is seen
    left: float
    top: float
    across: float  # wide, of an element
    up: float  # high


class Image(View):
    """A picture, with a scale of its colours beside it."""

    wants = "an image needs rows and columns"

    def __init__(self) -> None:
        self._reduced: tuple[Look, int, Numbers] | None = None  # of a look, in a smaller size
        self._painted: tuple[Look, object, PixelColours] | None = None

    def fits(self, elements: Elements) -> bool:
        """Two dimensions, or three with the channels last."""
        shape = elements.shape
        flat = len(shape) == 2 or (len(shape) == 3 and shape[2] in CHANNELS)
        return flat and elements.many > 1

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the part of the picture that is in sight."""
        elements, look = watched.elements, watched.look
        if elements is None or look is None:
            return ""
        layout, glass, scale = (
            lay_out(elements, area, canvas.scale),
            lens(canvas),
            contrast(watched),
        )
        every = max(1, int(1 / (min(layout.across, layout.up) * glass.nearness)))
        frame, key = layout.frame, (canvas.theme, tuple(area), glass, scale)
        if self._painted is None or self._painted[0] is not look or self._painted[1] != key:
            reduced = self._reduce(look, elements.numbers, every)
            pixels = picture(canvas, layout, glass, reduced, every, scale)
            self._painted = look, key, pixels
        paint(canvas, frame, self._painted[2])
        if len(elements.shape) == 2:
            edge = round(EDGE * canvas.scale)
            beside = pygame.Rect(frame.right, frame.y + edge, 0, frame.height - 2 * edge)
            colour_map.draw_scale(canvas, beside, *scale)
        return words(watched, elements, every)

    def _reduce(self, look: Look, numbers: Numbers, every: int) -> Numbers:
        """The picture with a pixel for `every` rows and columns."""
        if every == 1:
            return numbers
        if self._reduced is None or self._reduced[0] is not look or self._reduced[1] != every:
            self._reduced = look, every, reduced(numbers, every)
        return self._reduced[2]

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The element of the pixel at a place; of a coloured one, all channels."""
        elements = watched.elements
        if elements is None:
            return NOTHING
        layout = lay_out(elements, area, canvas.scale)
        x, y = lens(canvas).back(*place)
        column, row = (x - layout.left) // layout.across, (y - layout.top) // layout.up
        rows, columns = elements.shape[:2]
        if not (0 <= column < columns and 0 <= row < rows):
            return NOTHING
        channels = elements.many // (rows * columns)
        first = (int(row) * columns + int(column)) * channels
        return range(first, first + channels)

    def box(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, element: int
    ) -> pygame.Rect | None:
        """Where the pixel of an element is."""
        elements = watched.elements
        if elements is None:
            return None
        layout, glass = lay_out(elements, area, canvas.scale), lens(canvas)
        rows, columns = elements.shape[:2]
        row, column = divmod(element // (elements.many // (rows * columns)), columns)
        left, top = glass.place(layout.left + column * layout.across, layout.top + row * layout.up)
        side = layout.across * glass.nearness, layout.up * glass.nearness
        return pygame.Rect(round(left), round(top), max(3, round(side[0])), max(3, round(side[1])))


def lay_out(elements: Elements, area: pygame.Rect, scale: float) -> Layout:
    """The largest picture that fits, its elements square unless it is very slim."""
    edge = round(EDGE * scale)
    frame = pygame.Rect(area)
    if len(elements.shape) == 2:
        frame.width = max(8, frame.width - round(colour_map.SCALE * scale))
    rows, columns = elements.shape[:2]
    wide, high = max(8, frame.width - 2 * edge), max(8, frame.height - 2 * edge)
    across, up = wide / columns, high / rows
    if max(across, up) <= SLIM * min(across, up):
        across = up = min(across, up)
    left = frame.x + edge + (wide - across * columns) / 2
    return Layout(frame, left, frame.y + edge + (high - up * rows) / 2, across, up)


def contrast(watched: Watched) -> tuple[float, float]:
    """The values that are the darkest and the lightest."""
    assert watched.look is not None
    limits = watched.look.limits
    if len(limits) == 2:
        return widened(*limits)
    return watched.ranges.of("contrast")


def reduced(numbers: Numbers, every: int) -> Numbers:
    """A picture with a pixel for `every` rows and columns: the mean of few, one of many."""
    if numbers.size > MEANT:
        return numbers[every // 2 :: every, every // 2 :: every]
    rows, columns = (max(1, length // every) for length in numbers.shape[:2])
    cut = numbers[: rows * every, : columns * every]
    high, wide = cut.shape[0] // rows, cut.shape[1] // columns
    rest = numbers.shape[2:]
    with np.errstate(invalid="ignore", over="ignore"):
        lines = np.zeros((rows, columns * wide, *rest), np.float32)
        for row in range(high):
            lines += cut[row::high]
        found: Numbers = np.zeros((rows, columns, *rest), np.float32)
        for column in range(wide):
            found += lines[:, column::wide]
        found /= high * wide
    return found.astype(np.uint8) if numbers.dtype == np.uint8 else found


def picture(
    canvas: Canvas,
    layout: Layout,
    glass: Lens,
    numbers: Numbers,
    every: int,
    scale: tuple[float, float],
) -> PixelColours:
    """The pixels of a frame in which a picture is seen, (height, width)."""
    frame, masks = layout.frame, canvas.surface.get_masks()
    left, top = glass.place(layout.left, layout.top)
    pitch = every * glass.nearness
    columns, _ = indices(left, layout.across * pitch, frame.left, frame.right)
    rows, _ = indices(top, layout.up * pitch, frame.top, frame.bottom)
    held = (columns >= 0) & (columns < numbers.shape[1])
    seen = (rows >= 0) & (rows < numbers.shape[0])
    floor = canvas.surface.map_rgb(canvas.theme["floor"])
    pixels = np.full((frame.height, frame.width), floor, np.uint32)
    if not held.any() or not seen.any():
        return pixels
    across, down = columns[held], rows[seen]
    part = numbers[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    if numbers.ndim == 2:
        colours = colour_map.pixels(canvas, part, *scale)
    else:
        rgb = channels(part, scale, canvas)
        colours = as_pixels(rgb.reshape(-1, 3), masks).reshape(part.shape[:2])
    pixels[np.ix_(seen, held)] = colours[down - down[0]][:, across - across[0]]
    return pixels


def channels(part: Numbers, scale: tuple[float, float], canvas: Canvas) -> Numbers:
    """Colours (rows, columns, 3) of 0 to 255 from three channels or four; the fourth says how
    much of the ground is covered."""
    if part.dtype == np.uint8:
        made = part.astype(np.float32)
    else:
        low, high = unit(part, scale)
        made = np.nan_to_num((part.astype(np.float32) - low) * (255 / (high - low)))
        made = np.clip(made, 0, 255)
    if made.shape[2] == 3:
        return made.round()
    share = made[..., 3:] / 255
    ground = np.array(canvas.theme["floor"], np.float32)
    return (made[..., :3] * share + ground * (1 - share)).round()


def unit(part: Numbers, scale: tuple[float, float]) -> tuple[float, float]:
    """From where to where channels go: 0 to 1 where that holds all, else as the contrast is."""
    if part.dtype.kind == "f" and scale[0] >= -0.01 and scale[1] <= 1.01:
        return 0.0, 1.0
    return scale


def words(watched: Watched, elements: Elements, every: int) -> str:
    """What the picture is."""
    assert watched.look is not None
    size = ""
    if every > 1:
        how = "one" if elements.many > MEANT else "the mean"
        size = f"a pixel is {how} of {every} x {every}, "
    if len(elements.shape) == 3:
        return size + "channels as colour" + (" and cover" if elements.shape[2] == 4 else "")
    fit = "as it was set" if len(watched.look.limits) == 2 else "fits 98 % of the values"
    return f"{size}the scale {fit}"
