"""The window: opened, resized, shown and saved through SDL, with or without a display."""

import os
import warnings

import pygame


class NoDisplay(Exception):
    """There is no display to open a window on."""


class Window:
    """The one surface that everything is drawn on."""

    def __init__(self, size: tuple[int, int], title: str, headless: bool) -> None:
        """Open the window; raises NoDisplay where there is none and `headless` is not asked."""
        chosen = {name: os.environ.get(name) for name in ("SDL_VIDEODRIVER", PLAIN)}
        if headless:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        try:
            # Only these two: pygame.init() would open the sound card as well.
            pygame.display.init()
            pygame.font.init()
            # SDL may take a driver that draws into the void when it finds nothing better.
            if (
                not headless
                and not chosen["SDL_VIDEODRIVER"]
                and pygame.display.get_driver() in VOID
            ):
                raise NoDisplay
            # On X11, SDL would show the pixels through OpenGL. Without a graphics card a frame then
            # takes up to three times as long, and full screen is a new window, which loses keys.
            if pygame.display.get_driver() == "x11":
                os.environ.setdefault(PLAIN, "0")
            self._size = size
            pygame.display.set_caption(title)
            self.surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        except pygame.error as error:
            raise NoDisplay(str(error)) from None
        finally:
            for name, value in chosen.items():
                restore(name, value)
        self.full_screen = False

    def toggle_full_screen(self) -> None:
        """Fill the whole screen, or go back to a window."""
        self.full_screen = not self.full_screen
        if self.full_screen:
            self._size = self.surface.get_size()
            self.surface = pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            return
        with warnings.catch_warnings():
            # The first call leaves full screen, and may not get the size: pygame-ce warns of it.
            warnings.simplefilter("ignore", RuntimeWarning)
            self.surface = pygame.display.set_mode(self._size, pygame.RESIZABLE)
            if self.surface.get_size() != self._size:
                self.surface = pygame.display.set_mode(self._size, pygame.RESIZABLE)

    def events(self) -> list[pygame.event.Event]:
        """What happened since the last call. Call it every frame, or the desktop takes the
        window for dead."""
        events = pygame.event.get()
        surface = pygame.display.get_surface()
        if surface is not None:
            self.surface = surface  # SDL makes a new one when the window changes size
        return events

    def present(self) -> None:
        """Show what was drawn."""
        pygame.display.flip()

    def save(self, path: str) -> None:
        """Save what was drawn last as a picture; OSError where it cannot be written."""
        try:
            pygame.image.save(self.surface, path)
        except pygame.error as error:
            raise OSError(f"{path}: {error}") from None

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()


VOID = ("dummy", "offscreen", "evdev")
PLAIN = "SDL_FRAMEBUFFER_ACCELERATION"  # 0: pixels go to the window as they are


def restore(name: str, value: str | None) -> None:
    """Put an environment variable back as it was."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
