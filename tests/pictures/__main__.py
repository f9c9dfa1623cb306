"""Makes the reference pictures anew: `python -m tests.pictures`. Look at them before a commit."""

import os
import struct
import zlib

import numpy as np
import pygame

from tests.pictures.cases import FOLDER, cases, paint


def png(picture: pygame.Surface) -> bytes:
    """A picture as a PNG file, a fifth smaller than pygame writes it: with no filter, packed hard.

    https://www.w3.org/TR/png-3/
    """
    pixels = pygame.surfarray.array3d(picture).swapaxes(0, 1)
    height, width, _ = pixels.shape
    no_filter = np.zeros((height, 1), np.uint8)
    lines = np.concatenate((no_filter, pixels.reshape(height, -1)), axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def main() -> None:
    """Draw every case and put its picture into the folder, where nothing else stays."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    pygame.display.init()
    pygame.font.init()
    files = {FOLDER / f"{case.name}.png": png(paint(case)) for case in cases()}
    for old in set(FOLDER.glob("*.png")) - set(files):
        old.unlink()
    for file, data in files.items():
        file.write_bytes(data)
    print(f"{FOLDER}: {len(files)} pictures, {sum(map(len, files.values())) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
