"""Where the publisher's process begins: light, because the window imports it to name it."""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from game.child import messages
from game.child.channel import Channel
from game.child.children import be_called
from game.child.lifeline import Lifeline
from game.child.parent_watch import (
    STOPS,
    die_with_parent,
    keep_channels_private,
    restore_environment,
)


def run(
    packed: bytes, connection: "Connection[Any, Any]", lifeline: Lifeline, where: Any, method: str
) -> NoReturn:
    """Be the publisher of a Ray cluster; `packed` is the pickled (Loaded, Table, Job)."""

    def engine() -> Any:
        from game.cluster.engine import Ray

        return Ray(where)

    serve(packed, connection, lifeline, engine, method)


def serve(
    packed: bytes,
    connection: "Connection[Any, Any]",
    lifeline: Lifeline,
    engine: Callable[[], Any],
    method: str,
) -> NoReturn:
    """Be the publisher, by an engine that is made once this process has settled in."""
    if hasattr(os, "setsid"):
        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    restore_environment()
    keep_channels_private()
    die_with_parent()
    lifeline.cut()
    if sys.platform == "linux":
        be_called("publisher")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):  # Ray prints more than anybody wants to read
        os.dup2(nowhere, descriptor)
    channel = Channel(connection)
    status = 1
    try:
        _, table, job = pickle.loads(packed)
        from game.cluster.publisher import Publisher

        Publisher(channel, table, job, engine(), method).serve()
        status = 0
    except BaseException as error:
        channel.send(messages.Failed(f"{type(error).__name__}: {error}"))
    finally:
        os._exit(status)
