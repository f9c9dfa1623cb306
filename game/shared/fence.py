"""A memory fence, which Python does not have.

Called by whoever writes a row, and by whoever reads one.
"""

import _thread

_lock = _thread.allocate_lock()


def fence() -> None:
    """Keep the memory accesses before it apart from those after it.

    x86-64 keeps stores in order anyway, ARM64 does not: there the acquire and release of a
    private lock are barriers in one direction each, and two pairs of them let nothing across
    (see CPython's own seqlock, gh-121368).
    """
    with _lock:
        pass
    with _lock:
        pass
