"""Smooth lines a pixel wide, the same in every pygame. Used by the canvas and the painter."""

from collections.abc import Sequence

import pygame

from game.view.theme import Colour


def thin_line(surface: pygame.Surface, ink: Colour, places: Sequence[Sequence[float]]) -> None:
    """Draw a smooth line through two places [px] or more."""
    if len(places) == 2:
        # aalines() of pygame-ce draws these twice, and reads past the end of the list.
        pygame.draw.aaline(surface, ink, places[0], places[1])
    else:
        pygame.draw.aalines(surface, ink, False, places)
