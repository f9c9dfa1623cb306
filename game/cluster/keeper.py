"""The keeper: starts a Ray cluster of our own on this machine, and ends it, come what may.

    publisher ──stdin──> keeper ──> Ray's processes, all of them in its session ──> nodes, movers

It says `at HOST:PORT` on its stdout once the cluster is up, or `no WORDS`. When its stdin closes,
because the publisher has had enough or was killed, it kills its whole session.
Everything listens on 127.0.0.1 alone.
"""

import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn

import psutil

from game.child.children import be_called

STORE = 80 * 2**20  # [bytes] that each node has for objects on their way; less Ray refuses
LIMIT = 4.0  # [s] that the end may take
GLANCE = 0.02  # [s] between two looks at who is left


def keep(nodes: int) -> NoReturn:
    """Keep a cluster of so many nodes until stdin closes, which ends this process."""
    if sys.platform == "linux":
        be_called("ray keeper")
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever Ray prints
    threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        words = f"at {start(nodes)}"
    except BaseException as error:
        words = f"no {type(error).__name__}: {error}".replace("\n", " ")[:300]
    with suppress(OSError):
        print(words, file=out, flush=True)
    while True:  # a raylet that is a zombie is alive to its workers, which would drive on
        try:
            os.wait()
        except ChildProcessError:
            time.sleep(1.0)


def start(nodes: int) -> str:
    """Start the cluster; the address of its head."""
    from ray.cluster_utils import Cluster

    given: dict[str, Any] = {
        "node_ip_address": "127.0.0.1",
        "num_cpus": 1,
        "include_dashboard": False,
        "include_log_monitor": False,
        "object_store_memory": STORE,
    }
    cluster = Cluster(initialize_head=True, head_node_args=given, shutdown_at_exit=False)
    for _ in range(nodes - 1):
        cluster.add_node(wait=False, **given)
    cluster.wait_for_nodes()
    return str(cluster.address)


def end_with_stdin() -> None:
    """Wait until stdin closes; then end everybody, and this process."""
    with suppress(OSError):
        while os.read(0, 1):
            pass
    end_session(os.getsid(0))
    if folder := os.environ.get("RAY_TMPDIR"):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def end_session(session: int) -> None:
    """Kill all of a session but this process, and wait until nobody is left."""
    until = time.monotonic() + LIMIT
    while (left := members(session)) and time.monotonic() < until:
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(GLANCE)


def members(session: int) -> list[psutil.Process]:
    """The living processes of a session, but for this one."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            alive = process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid()
            if alive and os.getsid(process.pid) == session:
                found.append(process)
    return found
