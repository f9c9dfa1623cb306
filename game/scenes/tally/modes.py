"""Four ways to add 1 to what several processes share.

          one addition                           what one learns
none      raw[0] += 1                            read, add, write: another comes in between
element   a[0] += 1 on the Array                 the lock for the read, again for the write
lock      a.get_lock() around the addition       nothing is lost, everybody waits
own       a cell each, the reader adds up        nothing to lose, nobody waits
"""

from collections.abc import Callable

from game.scenes.tally.cells import OWN, Cells

NAMES = ("none", "element", "lock", "own")

Add = Callable[[], None]


def make(cells: Cells, slot: int) -> tuple[Add, ...]:
    """How the process of a slot adds 1 in each mode, in the order of `NAMES`."""
    a = cells.counter
    raw, lock, own = a.get_obj(), a.get_lock(), cells.row(slot)

    def none() -> None:
        raw[0] += 1

    def element() -> None:
        a[0] += 1

    def locked() -> None:
        with lock:
            a[0] += 1

    def separate() -> None:
        own[OWN] += 1

    return none, element, locked, separate
