"""Where the nursery's process begins: light, because the window imports it in order to name it."""

from multiprocessing.connection import Connection
from typing import Any, NoReturn


def run(packed: bytes, connection: "Connection[Any, Any]") -> NoReturn:
    """Be the nursery; `packed` is the pickled (Loaded, Table, Job)."""
    from game.child.nursery_process import run

    run(packed, connection)
