"""Films: pictures at an exact frame rate into a .gif, .webp or .mp4, and which encoder does it.

    Pillow            .gif, .webp          extra `film`
    a system ffmpeg   .mp4                 else imageio-ffmpeg, extra `video`

The encoder is looked for first. Written beside its place, and renamed by whoever calls.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Any, Protocol

from game.recording import RecordingError

FILMS = (".gif", ".webp", ".mp4")
COLOURS = 224  # of a GIF
QUALITY = 80  # of WebP, 0 to 100
GIF_TICK = 0.01  # [s] its delays are whole ones of
DEFAULT = {".gif": 20.0, ".webp": 30.0, ".mp4": 60.0}  # [Hz]
FASTEST = {".gif": 50.0, ".webp": 1000.0, ".mp4": 1000.0}  # [Hz]


class Film(Protocol):
    """A film that is being made."""

    def prepare(self, samples: Iterable[bytes]) -> None:
        """See some of the pictures, RGB, before the first one is added."""

    def add(self, pixels: bytes) -> None:
        """Add a picture, RGB."""

    def finish(self) -> None:
        """Bring it to its end."""

    def give_up(self) -> None:
        """Leave it."""


def check_encoder(path: str, option: str = "export") -> None:
    """See that there is something that makes such a film; RecordingError where there is not."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in FILMS:
        raise RecordingError(f"{option}: {path!r} does not end in {', '.join(FILMS)}")
    if ending == ".mp4":
        ffmpeg()
        return
    try:
        import PIL.Image
    except ImportError:
        raise RecordingError(
            f"{option}: {ending} needs Pillow: pip install 'array-arena[film]'"
        ) from None
    if ending == ".webp":
        from PIL import features

        if not features.check("webp"):
            raise RecordingError(f"{option}: this Pillow makes no .webp; take .gif or .mp4")
    del PIL


def ffmpeg() -> str:
    """The path of ffmpeg; RecordingError where there is none."""
    if found := shutil.which("ffmpeg"):
        return found
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        raise RecordingError(
            ".mp4 needs ffmpeg: install it, or pip install 'array-arena[video]'"
        ) from None


def film(path: str, size: tuple[int, int], rate: float) -> Film:
    """A new film of that ending."""
    if path.lower().endswith(".mp4"):
        return Mp4(path, size, rate)
    return Gif(path, size, rate) if path.lower().endswith(".gif") else WebP(path, size, rate)


class Gif:
    """A GIF: the same colours in every picture, of each only the part that is new."""

    def __init__(self, path: str, size: tuple[int, int], rate: float) -> None:
        self._path, self._size = path, size
        self._rate = min(rate, FASTEST[".gif"])
        self._pictures: list[Any] = []
        self._palette: Any = None

    def prepare(self, samples: Iterable[bytes]) -> None:
        """Choose the colours: a small spot has a say, too, however large the ground is."""
        import numpy as np
        from PIL import Image

        pixels = np.frombuffer(b"".join(samples), np.uint8).reshape(-1, 3)
        colours, counts = np.unique(pixels, axis=0, return_counts=True)
        chosen = colours.repeat(np.ceil(np.sqrt(counts)).astype(int), axis=0)
        row = Image.frombytes("RGB", (len(chosen), 1), chosen.tobytes())
        self._palette = row.quantize(COLOURS, dither=Image.Dither.NONE)

    def add(self, pixels: bytes) -> None:
        from PIL import Image

        picture = Image.frombytes("RGB", self._size, pixels)
        self._pictures.append(picture.quantize(palette=self._palette, dither=Image.Dither.NONE))

    def finish(self) -> None:
        first, *rest = self._pictures
        first.save(
            self._path,
            format="GIF",
            save_all=True,
            append_images=rest,
            duration=delays(len(self._pictures), self._rate),
            loop=0,
            optimize=False,
            disposal=1,
        )

    def give_up(self) -> None:
        self._pictures = []


def delays(pictures: int, rate: float) -> list[int]:
    """How long each picture stands [ms], in whole ticks that together keep the rate."""
    ticks = [round(number / rate / GIF_TICK) for number in range(pictures + 1)]
    return [10 * max(1, b - a) for a, b in pairwise(ticks)]


class WebP:
    """An animated WebP."""

    def __init__(self, path: str, size: tuple[int, int], rate: float) -> None:
        self._path, self._size, self._rate = path, size, rate
        self._pictures: list[Any] = []

    def prepare(self, samples: Iterable[bytes]) -> None:
        """It needs none."""

    def add(self, pixels: bytes) -> None:
        from PIL import Image

        self._pictures.append(Image.frombytes("RGB", self._size, pixels))

    def finish(self) -> None:
        ends = [round(1000 * n / self._rate) for n in range(len(self._pictures) + 1)]
        first, *rest = self._pictures
        first.save(
            self._path,
            format="WEBP",
            save_all=True,
            append_images=rest,
            duration=[b - a for a, b in pairwise(ends)],
            loop=0,
            quality=QUALITY,
            method=0,
        )

    def give_up(self) -> None:
        self._pictures = []


class Mp4:
    """H.264, made by ffmpeg, which gets the pictures through a pipe."""

    def __init__(self, path: str, size: tuple[int, int], rate: float) -> None:
        width, height = size
        shape = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{rate}")
        even = ("-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p")
        made = ("-c:v", "libx264", "-crf", "20", "-movflags", "+faststart", path)
        self._process = subprocess.Popen(
            [ffmpeg(), "-y", "-loglevel", "error", *shape, "-i", "-", *even, *made],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def prepare(self, samples: Iterable[bytes]) -> None:
        """It needs none."""

    def add(self, pixels: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(pixels)
        except BrokenPipeError:
            self._fail()

    def finish(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.wait():
            self._fail()

    def _fail(self) -> None:
        """Raise what ffmpeg had to say."""
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        self._process.wait()
        raise OSError(f"ffmpeg: {said[-1] if said else 'it ended'}")

    def give_up(self) -> None:
        self._process.kill()
        assert self._process.stdin is not None
        with suppress(OSError):  # what was not read yet
            self._process.stdin.close()
        self._process.wait()
