"""The swarm's own colours, by theme."""

COLOURS = {
    "dark": {"obstacle": "#3a3f49", "obstacle_edge": "#5d6675"},
    "light": {"obstacle": "#c3c7ce", "obstacle_edge": "#8f97a3"},
}
