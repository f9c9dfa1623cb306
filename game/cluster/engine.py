"""Ray, as far as we need it: join a cluster, an actor on each node, is it still there, leave it.

    join() ──> places ──> open(place, parcel) ──> an actor of game.cluster.host.Host ──> exchange()

The one file that knows Ray's interface, and loads it; in the publisher's process alone.
"""

import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from game.cluster.keeper import end_session
from game.cluster.site import ClusterError, Host, Place, in_a_line
from game.cluster.where import CONNECT, Where, split

JOIN = 15.0  # [s] that a cluster which is there may take to take us in
START = 90.0  # [s] that one of our own may take to come up
OPEN = 30.0  # [s] that a node may take to start our actor
LEAVE = 4.0  # [s] that a cluster of our own has for its end
QUIET = {  # Ray reports nothing to anybody, and prints nothing
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
OWN = {
    **QUIET,
    # With it Ray takes 127.0.0.1 for what it is, and neither listens nor connects elsewhere.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_worker_niceness": "0",  # our nodes' programs go before the movers, as a window does
    "RAY_enable_worker_prestart": "0",
}


class Ray:
    """A cluster, joined from this process."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._keeper: Keeper | None = None
        self._ray: Any = None
        self._head = ""  # host:port
        self._refused = 0  # times in a row that nobody answered there
        self._actors: list[Any] = []

    def join(self) -> list[Place]:
        """Be part of the cluster; its nodes that have processors to offer."""
        os.environ.update(OWN if self._where.own else QUIET)
        address = self._where.address
        if self._where.own:
            self._keeper = Keeper(self._where.nodes)
            address = self._keeper.address()
        within(JOIN, lambda: self._init(address), f"no Ray cluster answered at {address}")
        nodes = [node for node in self._ray.nodes() if node["Alive"]]
        offering = [node for node in nodes if node["Resources"].get("CPU", 0) > 0]
        if not offering:
            raise ClusterError(f"the cluster at {address} has no node with a processor to offer")
        return named(sorted(offering, key=order), self._where.own)

    def _init(self, address: str) -> None:
        import ray

        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:
            raise ClusterError(f"{address}: {reason(error)}") from error
        self._ray = ray
        remote = self._where.remote
        self._head = address if remote else ray.get_runtime_context().gcs_address

    def open(self, place: Place, parcel: bytes) -> Host:
        """Start our actor on a node."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        from game.cluster import host

        self._ray.cloudpickle.register_pickle_by_value(host)
        made = self._ray.remote(host.Host).options(
            num_cpus=0,
            max_restarts=0,
            scheduling_strategy=NodeAffinitySchedulingStrategy(place.key, soft=False),
        )
        actor = made.remote(parcel)
        self._actors.append(actor)
        return Actor(self._ray, actor)

    def amiss(self) -> str:
        """Why the cluster is gone: nobody answers any more where its head was."""
        if self._keeper and self._keeper.ended:
            return "its keeper died"
        try:
            socket.create_connection(split(self._head), CONNECT).close()
        except OSError as error:
            self._refused += 1
            if self._refused > 1 or isinstance(error, TimeoutError):
                what = error.strerror or str(error) or "no answer"
                return f"its head at {self._head} is gone ({what})"
        else:
            self._refused = 0
        return ""

    def close(self) -> None:
        """Leave nothing of ours in it."""
        with suppress(Exception):
            within(1.0, self._kill, "")
        if self._keeper:
            self._keeper.close()

    def _kill(self) -> None:
        for actor in self._actors:
            self._ray.kill(actor)
        if not self._where.own:
            self._ray.shutdown()


class Actor:
    """A node's actor, called and waited for."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray, self._actor = ray, actor

    def hello(self) -> bytes:
        """What its program says first."""
        return bytes(self._get(self._actor.hello.remote(), OPEN))

    def exchange(self, request: bytes) -> bytes:
        """Ask its program."""
        return bytes(self._get(self._actor.exchange.remote(request)))

    def close(self) -> None:
        """End its program."""
        self._get(self._actor.close.remote(), OPEN)

    def _get(self, reference: Any, seconds: float | None = None) -> Any:
        try:
            return self._ray.get(reference, timeout=seconds)
        except Exception as error:
            raise ClusterError(reason(error)) from error


class Keeper:
    """The process that keeps a cluster of our own: see game.cluster.keeper."""

    def __init__(self, nodes: int) -> None:
        self._folder = tempfile.mkdtemp(prefix="arena-")
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "game.cluster", "keeper", str(nodes)],
            stdin=subprocess.PIPE,  # it ends when this closes, however this process ends
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **folders(self._folder)},
        )

    def address(self) -> str:
        """Where the head of its cluster is, once that is up."""
        assert self._process.stdout is not None
        line: list[bytes] = []
        read = self._process.stdout.readline
        within(START, lambda: line.append(read()), "a cluster of our own did not come up")
        word, _, rest = line[0].decode(errors="replace").strip().partition(" ")
        if word != "at":
            raise ClusterError(f"a cluster of our own did not come up: {rest or 'it died'}")
        return rest

    def close(self) -> None:
        """End the cluster."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVE)
        self._process.kill()
        end_session(self._process.pid)  # where it was killed itself, nobody else did
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def ended(self) -> bool:
        """Whether it is gone, and with it whoever would end the cluster."""
        return self._process.poll() is not None


def folders(folder: str) -> dict[str, str]:
    """Variables by which a process finds our code, and keeps all its files in a folder."""
    code = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (code, os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "RAY_TMPDIR": folder, "TMPDIR": folder}


def order(node: dict[str, Any]) -> tuple[str, int, str]:
    """What nodes are sorted by: their host, and which of its raylets is theirs."""
    raylet = node["RayletSocketName"]
    return node["NodeManagerHostname"], len(raylet), raylet


def named(nodes: list[dict[str, Any]], own: bool) -> list[Place]:
    """Nodes with the names that a person knows them by: no two have the same one."""
    hosts = ["node" if own else node["NodeManagerHostname"] for node in nodes]
    many, seen = Counter(hosts), Counter[str]()
    found = []
    for host, node in zip(hosts, nodes, strict=True):
        seen[host] += 1
        name = f"{host} {seen[host]}" if own or many[host] > 1 else host
        found.append(Place(name, float(node["Resources"]["CPU"]), node["NodeID"]))
    return found


def reason(error: BaseException) -> str:
    """What Ray has to say, in a line: its words for a dead actor fill a screen."""
    words = str(error)
    if type(error).__name__ in ("ActorDiedError", "RayActorError", "ActorUnavailableError"):
        if "node" in words and ("terminated" in words or "died" in words or "dead" in words):
            at = "its node died" if "its node" in words or "node has" in words else ""
            return at or "its actor died"
        return "its actor died"
    if "Could not find any running Ray" in words:
        return "no Ray cluster runs here; start one (ray start --head), or give the address of one"
    if "ersion mismatch" in words:
        lines = [line.strip(" -") for line in words.splitlines()]
        versions = [line for line in lines if "Python: " in line or "Ray: " in line]
        return f"its versions are not ours: {', '.join(versions)[:200]}"
    return in_a_line(error)


def within(seconds: float, act: Any, what: str) -> None:
    """Do something that may never come to its end; ClusterError where it takes too long."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise ClusterError(f"{what} within {seconds:g} s")
    if failed:
        raise failed[0]
