"""The theme: every colour by its name, read from a file in assets/themes."""

import colorsys
import tomllib
from functools import cache

from game import assets

Colour = tuple[int, int, int]


class Theme:
    """Colours by name, and one for every agent."""

    def __init__(self, name: str) -> None:
        self.name = name
        with open(assets.path("themes", name + ".toml"), "rb") as file:
            data = tomllib.load(file)
        self._agents = [parse(text) for text in data.pop("agents")]
        self.density = [parse(text) for text in data.pop("density")]
        self._colours = {key: parse(text) for key, text in data.items()}

    def __getitem__(self, name: str) -> Colour:
        """The colour of that name, (red, green, blue) of 0 to 255; KeyError if there is none."""
        return self._colours[name]

    def agent(self, number: int) -> Colour:
        """The colour of an agent: from the theme's list, then hues spread evenly."""
        if number < len(self._agents):
            return self._agents[number]
        return spread(number)


@cache
def spread(number: int) -> Colour:
    """A hue a golden ratio further round than the number before, so that neighbours differ."""
    # 60 hues are as many as an eye tells apart, and bound the sprites that are kept.
    hue = (number % 60) * 0.618034 % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, 0.66, 0.62)
    return round(red * 255), round(green * 255), round(blue * 255)


def parse(text: str) -> Colour:
    """A colour from "#rrggbb"."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
