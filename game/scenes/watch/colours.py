"""The colours of a watched array, in each theme."""

COLOURS = {
    "dark": {
        "cell_old": "#262c36",  # an element that has not changed for long, or not yet
        "cell_new": "#2c6a9c",  # one that has just changed
        "cell_never": "#1a1e25",  # one that was never written: the floor
        "cell_rim": "#39414d",  # around it
        "nan": "#7d2a63",  # no number
        "nan_text": "#ffd9f1",
        "band": "#2b4257",  # from the least to the most
    },
    "light": {
        "cell_old": "#e3e8ee",
        "cell_new": "#8cc6f2",
        "cell_never": "#fbfcfd",
        "cell_rim": "#c9d0d9",
        "nan": "#f0b4dc",
        "nan_text": "#5d0d45",
        "band": "#cfe2f3",
    },
}
