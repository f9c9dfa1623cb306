"""A screen without a monitor, and the hands and eyes of a person in front of it.

    test -> xdotool -> Xvfb -> window         keys and the mouse, as from a real device
    window -> Xvfb -> its framebuffer -> test     what a person would see

Used by test_window. There is no window manager: the program's window is the only one.
"""

import ctypes
import os
import select
import shutil
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.conftest import LIMIT

SIZE = (1600, 1000)  # [px] of the screen
NEEDS = ("Xvfb", "xdotool")
MISSING = [name for name in NEEDS if not shutil.which(name)]

Picture = NDArray[np.uint8]  # (height, width, 3), as on the screen


class Screen:
    """An X server that draws into a file; it takes a display number that is free."""

    def __init__(self, folder: Path, bits: int = 24) -> None:
        """`bits` is the depth of its pixels; AssertionError where the server has no such one."""
        mine, its = os.pipe()
        self._framebuffer = folder / "Xvfb_screen0"
        width, height = SIZE
        # Without -noreset it would forget everything each time that xdotool leaves.
        arguments = ["-displayfd", str(its), "-fbdir", str(folder), "-noreset", "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            ["Xvfb", *arguments, "-screen", "0", f"{width}x{height}x{bits}"],
            pass_fds=[its],
            stderr=subprocess.DEVNULL,
        )
        os.close(its)
        with os.fdopen(mine) as told:
            ready, _, _ = select.select([told], [], [], LIMIT)
            number = told.readline().strip() if ready else ""
        if not number:
            self.close()
            raise AssertionError("Xvfb did not start")
        self.name = f":{number}"

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait(LIMIT)

    def die(self) -> None:
        """Be gone at once, as when the machine at the other end of the line is switched off."""
        self._server.kill()
        self._server.wait(LIMIT)

    def picture(self) -> Picture:
        """What is on the screen at this moment."""
        data = self._framebuffer.read_bytes()
        # An X window dump: 25 numbers, a table of colours, then the lines of pixels.
        header = np.frombuffer(data, ">u4", 25)
        width, height, line, colours = (int(header[i]) for i in (4, 5, 12, 19))
        lines = np.frombuffer(data, np.uint8, line * height, int(header[0]) + 12 * colours)
        pixels = lines.reshape(height, line)[:, : 4 * width].reshape(height, width, 4)
        return pixels[:, :, 2::-1]

    def xdotool(self, *words: object) -> str:
        """What xdotool answers; "" where it finds nothing."""
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        return done.stdout.strip()

    def press_close_button(self, window: str) -> None:
        """Send a window what a window manager sends for its close button."""
        x11 = ctypes.CDLL("libX11.so.6")  # xdotool stands on it
        x11.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        x11.XInternAtom.restype = ctypes.c_ulong
        protocols, delete = (
            x11.XInternAtom(display, name, False) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
        )
        message = ClientMessage(
            kind=33, window=int(window), protocol=protocols, bits=32, data=(delete,)
        )
        x11.XSendEvent(display, ctypes.c_ulong(int(window)), False, 0, ctypes.byref(message))
        x11.XCloseDisplay(display)  # sends it first


class ClientMessage(ctypes.Structure):
    """An XClientMessageEvent, as Xlib.h has it."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("sent", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("protocol", ctypes.c_ulong),
        ("bits", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("room_of_the_union", ctypes.c_long * 16),
    )
