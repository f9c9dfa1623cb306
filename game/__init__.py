"""Array Arena: watch Python processes share memory, live. See the README."""

__version__ = "0.2.0"

TYPE_CHECKING = False  # as in typing, which takes longer than all of this
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from game.attach.viewer import Viewer


def watch(
    array: "Any" = None,
    *,
    dtype: "Any" = None,
    shape: "Sequence[int] | None" = None,
    columns: "Sequence[str] | None" = None,
    limits: "Sequence[float] | None" = None,
    view: "str | None" = None,
    check: "str | None" = None,
    settled: float = 0.0,
    title: "str | None" = None,
    headless: bool = False,
    **arrays: "Any",
) -> "Viewer":
    """Open a window on shared memory of this program, and go on at once.

    `array`, or several by name, are what processes can share: `multiprocessing.Array`, `Value`,
    `RawArray`, `SharedMemory` (with a `dtype`), `ShareableList`, `numpy.memmap`, or a numpy
    array or memoryview over one of these. `columns` names what stands along the last axis;
    `limits` are the edges x0, x1, y0, y1 of points, or low and high of values; `view` is one of
    those that `python -m game watch --help` lists. Returns a Viewer: `running`, `wait()`,
    `close()`, a context manager. ValueError, of one line, where something is not shared or
    does not fit.

    `check` is what has to hold, such as "a.sum() == 1000", where `a` is the array, or each has
    its name: see `viewer.violations`. `settled` is for how many milliseconds it has to be
    violated to count.

    The viewer is a program of its own. It only reads, takes no lock, and whatever becomes of it,
    this program notices nothing.
    """
    if array is not None and "a" in arrays:
        raise ValueError("a: the array without a name is called so; give both by name")
    given = arrays if array is None else {"a": array, **arrays}
    described = {
        "dtype": dtype,
        "shape": shape,
        "columns": columns,
        "limits": limits,
        "view": view,
        "check": check,
        "settled": settled,
        "title": title,
    }
    try:
        from game.scenes.watch.inside import watch_arrays

        return watch_arrays(given, described, headless)
    except OSError as error:  # a module that cannot be loaded
        raise ValueError(f"the viewer could not be started: {error}") from None
