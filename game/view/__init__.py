"""Everything that draws: camera, canvas, panels, keys, theme. Never hears of processes."""
