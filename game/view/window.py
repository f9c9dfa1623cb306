"""The window: opened, resized, shown and saved through SDL, with or without a display."""

import atexit
import ctypes
import io
import os
import sys
import warnings
from contextlib import suppress
from typing import Any

import pygame


class NoDisplay(Exception):
    """There is no display to open a window on."""


class LostDisplay(Exception):
    """The display that the window was on is gone; what was drawn last can still be saved."""


class Window:
    """The one surface that everything is drawn on.

    Its pixels have 32 bits, 8 for each colour, as all that draws into them expects. Where the
    display's have not, `surface` is one of our own, which present() copies.
    """

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
            self._show(pygame.display.set_mode(size, pygame.RESIZABLE))
            self._notices = pygame.display.get_driver() == "x11" and notice_loss()
        except pygame.error as error:
            pygame.display.quit()  # else the next window, a headless one, would be on it
            raise NoDisplay(str(error)) from None
        finally:
            for name, value in chosen.items():
                restore(name, value)
        self.full_screen = False

    def _show(self, shown: pygame.Surface) -> None:
        """Be on a surface of the display's, which SDL makes anew with each size."""
        self._shown = shown
        self.surface = shown if plain(shown) else pygame.Surface(shown.get_size(), 0, BITS)

    @property
    def lost(self) -> bool:
        """Whether the display is gone."""
        return self._notices and bool(_lost)

    def toggle_full_screen(self) -> None:
        """Fill the whole screen, or go back to a window."""
        self.full_screen = not self.full_screen
        if self.full_screen:
            self._size = self.surface.get_size()
            self._show(pygame.display.set_mode((0, 0), pygame.FULLSCREEN))
            return
        with warnings.catch_warnings():
            # The first call leaves full screen, and may not get the size: pygame-ce warns of it.
            warnings.simplefilter("ignore", RuntimeWarning)
            self._show(pygame.display.set_mode(self._size, pygame.RESIZABLE))
            if self.surface.get_size() != self._size:
                self._show(pygame.display.set_mode(self._size, pygame.RESIZABLE))

    def events(self) -> list[pygame.event.Event]:
        """What happened since the last call. Call it every frame, or the desktop takes the
        window for dead. Raises LostDisplay where it is gone."""
        self._see_display()
        events = pygame.event.get()
        self._see_display()
        surface = pygame.display.get_surface()
        if surface is not None and surface is not self._shown:
            self._show(surface)
        return events

    def present(self) -> None:
        """Show what was drawn; raises LostDisplay where there is nothing to show it on."""
        self._see_display()
        if self.surface is not self._shown:
            self._shown.blit(self.surface, (0, 0))
        pygame.display.flip()
        self._see_display()

    def _see_display(self) -> None:
        """See that SDL still has a display: what it asked of a lost one would never be answered."""
        if self.lost:
            raise LostDisplay("its X server has ended, or does not know us any more")

    def save(self, path: str) -> None:
        """Save what was drawn last as a picture; OSError where it cannot be written."""
        picture = io.BytesIO()  # so that the system's own error is met, which pygame keeps back
        try:
            pygame.image.save(self.surface, picture, path)
        except pygame.error as error:
            raise OSError(str(error)) from None
        with open(path, "wb") as file:
            file.write(picture.getbuffer())

    def close(self) -> None:
        """Close the window."""
        if self.lost:
            atexit.register(leave)
        else:
            pygame.display.quit()


BITS = 32  # of a pixel that everything here draws
VOID = ("dummy", "offscreen", "evdev")
PLAIN = "SDL_FRAMEBUFFER_ACCELERATION"  # 0: pixels go to the window as they are


def restore(name: str, value: str | None) -> None:
    """Put an environment variable back as it was."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def plain(surface: pygame.Surface) -> bool:
    """Whether a surface's pixels have 32 bits, 8 of them for each colour."""
    return surface.get_bitsize() == BITS and not any(surface.get_losses()[:3])


# A lost X server. By itself Xlib ends the program at once, from within SDL, with words of its own:
# nothing is saved then, and no process is ended in order.

_lost: list[bool] = []  # one for each display that is gone
_OnError = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_OnExit = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_say_nothing = _OnError(lambda display: 0)
_note_loss = _OnExit(lambda display, data: _lost.append(True))


def notice_loss() -> bool:
    """Have the loss of SDL's X server noted; False where Xlib cannot do so (before 1.7)."""
    with suppress(OSError, AttributeError, KeyError, ValueError):
        x11: Any = ctypes.CDLL("libX11.so.6")  # the one that SDL has loaded
        address: Any = ctypes.pythonapi.PyCapsule_GetPointer
        address.restype, address.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
        display = address(pygame.display.get_wm_info()["display"], b"display")
        x11.XSetIOErrorExitHandler.argtypes = (ctypes.c_void_p, _OnExit, ctypes.c_void_p)
        x11.XSetIOErrorExitHandler(display, _note_loss, None)
        x11.XSetIOErrorHandler(_say_nothing)
        _lost.clear()
        return True
    return False


def leave() -> None:
    """End the program, at Python's own end, without SDL's: on a lost X server that waits for an
    answer for ever."""
    atexit.unregister(leave)
    atexit.unregister(pygame.quit)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(1)
