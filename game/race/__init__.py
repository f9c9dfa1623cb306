"""What the race's scene is made of: its circuit, its standings, and the last seconds of it."""
