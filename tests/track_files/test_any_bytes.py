"""Whatever bytes a file holds: a track, or one line."""

import math
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.test_track import outcome
from tests.track_files.test_formats import FORMATS

PIECES = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ";",
    "\t",
    "<",
    "/>",
    "1",
    "-1e308",
    "nan",
    "\n",
    "#",
    "x,y",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file of some format, with a part of it replaced by something else."""
    text = draw(st.sampled_from(sorted(FORMATS.values())))
    start = draw(st.integers(0, len(text)))
    length = draw(st.integers(0, 30) | st.integers(0, len(text)))
    return (text[:start] + draw(TEXTS) + text[start + length :]).encode("utf-8", "surrogatepass")


@given(damaged() | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(deadline=None, max_examples=300, derandomize=True)
@example(b'{"type": "LineString", "coordinates": [[NaN, 1], [1, Infinity], [1, 1]]}')
@example(b'{"type": "MultiLineString", "coordinates": [[[1, 1]], [[2, 2], [2, 2]], [], 7]}')
@example(b'{"type": "Polygon", "coordinates": [[[1, 1], [1, 1]], [[1, 1], [1, 1], [1, 1]]]}')
@example(b'{"type": "FeatureCollection", "features": [null]}')
@example(b"<kml><Polygon><outerBoundaryIs/></Polygon></kml>")
@example(b"left_x,left_y,right_x,right_y\n1,1,2,2\n")
@example(b"lat,lon\n90,0\n90,1\n90,2\n-90,7\n")
@example(b'"\n1,"2\n')
def test_a_track_or_one_line(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "any.csv")
        file.write_bytes(content)
        track = outcome(file)
    if isinstance(track, str):
        assert track.isprintable()
        return
    assert math.isfinite(track.length)
    assert track.scale > 0
    assert all(map(math.isfinite, track.heading + track.curvature + track.left + track.right))
    assert all(note.isprintable() for note in track.notes)
