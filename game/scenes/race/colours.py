"""The race's own colours, in each theme."""

COLOURS = {
    "dark": {
        "grass_mown": "#1e2d24",  # other stripes of the grass
        "shoulder": "#18251d",  # grass along the edges of the track
        "mark": "#8b9b92",  # distances, written on grass
        "kerb": "#c8443c",  # in the bends, in turn with
        "kerb_white": "#e6e6e6",
    },
    "light": {
        "grass_mown": "#d7e5d1",
        "shoulder": "#d0dfca",
        "mark": "#55625a",
        "kerb": "#c8443c",
        "kerb_white": "#ffffff",
    },
}
