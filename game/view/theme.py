"""The theme: every colour by its name, read from a file in assets/themes that a person may edit.

Knows nothing of pygame, so that the command line can check a theme before anything starts.
"""

import colorsys
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from game import assets

Colour = tuple[int, int, int]  # red, green, blue, 0 to 255

# What each colour is for; a scene has more of its own. Text is read on panel, shade, line,
# background and the scenes' grounds.
NAMES = {
    "background": "around a scene",
    "panel": "the ground of header, footer, table and caption",
    "shade": "the deepest ground: card, help, code; the numbers on agents stand in it",
    "line": "what parts one thing from another; the ground of the selected row",
    "text": "what is read",
    "dim": "what is read second",
    "accent": "what is selected, and what answers the person",
    "alarm": "what is wrong",
    "alarm_ground": "the ground of a whole caption about something wrong",
    "alarm_text": "what is read on it",
    "faded": "what the agents of silent processes fade to",
    "shadow": "what agents throw on their ground",
    "floor": "a plain ground",
    "grid": "its lines",
    "grid_ten": "its lines at every ten metres",
    "grass": "a ground beside a way",
    "tarmac": "a way",
    "edge": "lines on tarmac",
}
Colours = Mapping[str, Mapping[str, str]]  # of a scene: theme -> name -> "#rrggbb"
HUES = 60  # as many as an eye tells apart; a bound for the sprites that are kept
GOLDEN = 0.618034  # of a whole turn: each hue is far from the last, and none comes twice
SHADES = 32  # of a scale of values
HALVINGS = 16  # of the range of lightness: finer than a colour's 256 steps


class ThemeError(ValueError):
    """A theme's file is not what it has to be: the file, the name, and what would be right."""


class Theme:
    """Colours by name, and one for every agent."""

    def __init__(self, name: str, own: Colours | None = None) -> None:
        """Read the theme of that name; raises ThemeError where its file has a mistake.

        `own` are a scene's colours, for the theme of that name or else the most similar one.
        """
        self.name = name
        path = assets.path("themes", name + ".toml")
        try:
            data = read(path)
            self._colours = {key: colour(key, data.get(key)) for key in NAMES}
            self.density = several("density", data.get("density"))
            self._agents = several("agents", data.get("agents"))
            self.different = len(self._agents) + HUES  # colours that agents have, by turns
            others = data.get("others")
            self._saturation = fraction("others.saturation", others, "saturation")
            self._luminance = fraction("others.luminance", others, "luminance")
        except ValueError as error:
            raise ThemeError(f"{path}: {error}") from None
        try:
            self._add(own or {})
        except ValueError as error:
            raise ThemeError(f"the scene's COLOURS: {error}") from None

    def _add(self, own: Colours) -> None:
        """Take a scene's colours: those for this theme, else for the one that is as light."""
        if not own:
            return
        light = brightness(self["background"]) > 0.5
        chosen = self.name if self.name in own else "light" if light else "dark"
        colours = own.get(chosen, next(iter(own.values())))
        if not isinstance(colours, Mapping):
            raise ValueError(
                f'{colours!r:.40} is no theme; give them as {{"dark": {{NAME: "#rrggbb"}}}}'
            )
        for name, text in colours.items():
            self._colours[name] = colour(name, text)

    def __getitem__(self, name: str) -> Colour:
        """The colour of that name; KeyError if there is none."""
        return self._colours[name]

    @property
    def tints(self) -> int:
        """How many colours there are for agents, those of a scale of values included."""
        return self.different + SHADES + 1

    def tint(self, number: int) -> Colour:
        """The colour of that number: those that agents have by turns, a scale of SHADES of values,
        from the least to the largest, and that of whoever has no value."""
        level = number - self.different
        if level < 0:
            return self.agent(number)
        if level >= SHADES:
            return self["faded"]
        place = level / (SHADES - 1) * (len(self.density) - 1)
        first = min(int(place), len(self.density) - 2)
        return mixed(self.density[first], self.density[first + 1], place - first)

    def agent(self, number: int) -> Colour:
        """The colour of an agent: from the theme's list, then hues spread evenly, then again."""
        number %= self.different
        if number < len(self._agents):
            return self._agents[number]
        return spread(number, self._saturation, self._luminance)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the other one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=4 * HUES)
def spread(number: int, saturation: float, luminance: float) -> Colour:
    """A hue a golden ratio further round than the number before, as light as asked for."""
    hue = number * GOLDEN % 1.0
    low, high = 0.0, 1.0  # of HLS lightness, which is not what an eye takes for light
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        found = from_hls(hue, middle, saturation)
        low, high = (middle, high) if brightness(found) < luminance else (low, middle)
    return found


def from_hls(hue: float, lightness: float, saturation: float) -> Colour:
    """The colour of a hue, a lightness and a saturation, 0 to 1 each."""
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def brightness(colour: Colour) -> float:
    """The relative luminance of a colour, 0 for black to 1 for white (WCAG 2.2)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Reading the file. Each complaint is a ValueError of one line.


def read(path: str) -> dict[str, Any]:
    """What a TOML file holds."""
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"is not TOML: {str(error).splitlines()[0]}") from None


def colour(name: str, text: object) -> Colour:
    """A colour from "#rrggbb"."""
    if isinstance(text, str) and re.fullmatch("#[0-9a-fA-F]{6}", text):
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    have = "is missing" if text is None else f"{text!r:.40} is no colour"
    raise ValueError(f'{name}: {have}; give it as {name} = "#rrggbb"')


def several(name: str, texts: object) -> list[Colour]:
    """Two colours or more."""
    if not isinstance(texts, list) or len(texts) < 2:
        have = "is missing" if texts is None else "is no list of two colours or more"
        raise ValueError(f'{name}: {have}; give it as {name} = ["#rrggbb", "#rrggbb"]')
    return [colour(name, text) for text in texts]


def fraction(name: str, table: object, key: str) -> float:
    """A number from 0 to 1 in a table."""
    value = table.get(key) if isinstance(table, dict) else None
    if isinstance(value, int | float) and 0 <= value <= 1:  # false for nan, too
        return float(value)
    have = "is missing" if value is None else f"{value!r:.40} is not from 0 to 1"
    raise ValueError(f"{name}: {have}; give it as others = {{ saturation = 0.6, luminance = 0.4 }}")
