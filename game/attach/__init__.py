"""Somebody else's memory, opened for reading alone.

    a process id ──maps──┐
    a name in /dev/shm ──┼──> Memory ──bytes──> what they mean (Elements)
    a file ──────────────┤
    an object in Python ─┘    its program watches itself: inside

We are guests: nothing here writes, takes a lock, unlinks a name, or stops a program. Used by the
reader that watches. Knows nothing of frames or pictures.
"""


class AttachError(ValueError):
    """Memory that cannot be watched; one line: what, why, and what would be right."""
