"""Where the nursery's process begins: light, because the window imports it in order to name it."""

from multiprocessing.connection import Connection
from typing import Any, NoReturn

from game.child.lifeline import Lifeline


def run(packed: bytes, connection: "Connection[Any, Any]", lifeline: Lifeline) -> NoReturn:
    """Be the nursery; `packed` is the pickled (Loaded, Table, Job)."""
    from game.child.nursery_process import run

    run(packed, connection, lifeline)
