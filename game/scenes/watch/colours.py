"""The colours of a watched array: in each theme, and those that numbers are drawn in.

MAP are nine colours whose lightness rises evenly to the eye while the hue turns from violet over
blue and green to yellow. The idea is that of viridis (van der Walt and Smith, 2015); these were
computed in OKLab (Ottosson, 2020): lightness 0.27 to 0.94 in equal steps, hue 292 to 105 degrees,
as much chroma up to 0.14 as sRGB has there. Both themes' floors differ from all but its ends.
"""

MAP = {
    "map_0": "#2c0763",  # the least
    "map_1": "#1f3183",
    "map_2": "#00568b",
    "map_3": "#017591",
    "map_4": "#119498",
    "map_5": "#0db497",
    "map_6": "#68ce87",
    "map_7": "#b4e17a",
    "map_8": "#f9f07b",  # the most
}

COLOURS = {
    "dark": {
        "cell_old": "#262c36",  # an element that has not changed for long, or not yet
        "cell_new": "#2c6a9c",  # one that has just changed
        "cell_never": "#1a1e25",  # one that was never written: the floor
        "cell_rim": "#39414d",  # around it
        "nan": "#7d2a63",  # no number
        "nan_text": "#ffd9f1",
        "band": "#2b4257",  # from the least to the most
        **MAP,
    },
    "light": {
        "cell_old": "#e3e8ee",
        "cell_new": "#8cc6f2",
        "cell_never": "#fbfcfd",
        "cell_rim": "#c9d0d9",
        "nan": "#f0b4dc",
        "nan_text": "#5d0d45",
        "band": "#cfe2f3",
        **MAP,
    },
}
