"""What is said of a writer that is paused inside a pass: where it stands, and what one sees.

Asked by the road's drawing, for the caption.
"""

from game.scenes.road.figures import SyncView

SEEN = {
    "none": "The picture is the array at this moment, half updated.",
    "element": "The picture is the array at this moment, half updated: between two elements the "
    "lock is free.",
    "lock": "The writer keeps the lock meanwhile: nobody can read. The reader does not wait for "
    "it; the picture is its last whole copy.",
    "seqlock": "The writer moves a copy of its own, and publishes it at the end: the array, and "
    "the picture, are whole.",
}
KEYS = " The key . goes on by one element, Space for good."


def state(sync: SyncView, vehicles: int) -> str:
    """Where in its pass the writer stands; "" if it is not paused inside one."""
    return f"paused in a pass, {sync.inside} of {vehicles} moved" if sync.inside else ""


def notice(sync: SyncView) -> str:
    """What is shown meanwhile, and the keys that go on."""
    return SEEN[sync.mode] + KEYS if sync.inside else ""
