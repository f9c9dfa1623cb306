"""Makes the reference pictures anew: `python -m tests.pictures`. Look at them before a commit."""

import os

import pygame

from tests.pictures.cases import FOLDER, cases, paint

os.environ["SDL_VIDEODRIVER"] = "dummy"
pygame.display.init()
pygame.font.init()
for old in FOLDER.glob("*.png"):
    old.unlink()
for case in cases():
    pygame.image.save(paint(case), FOLDER / f"{case.name}.png")
total = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
print(f"{FOLDER}: {len(list(cases()))} pictures, {total / 1e6:.2f} MB")
