"""Where --cluster leads: a cluster of our own, or one that is there. Nothing of Ray is loaded.

local[:N]    N nodes on this machine, which nobody else can reach
HOST:PORT, ray://HOST:PORT, auto
"""

import argparse
import importlib.util
import re
import sys
from typing import NamedTuple

from game.scenes import Definition

CONNECT = 3.0  # [s] that an address may take to answer
NODES = 2  # of a cluster of our own, unless told otherwise
MOST = 16  # of these; each takes some 400 MB
REFUSED = {  # other options that cannot hold on a cluster, and why
    "lockstep": "its steps would wait for the network; leave it out",
    "debug": "the one mover is the window's own process; leave one of them out",
    "log": "files of other machines would be theirs; what movers print stands on their cards",
    "rounds": "each round would need a cluster of its own; run it once for each --seed",
}


class Where(NamedTuple):
    """A cluster that is to be started, or joined."""

    own: bool
    nodes: int  # of our own; else 0
    address: str  # of one that is there; else ""

    @property
    def remote(self) -> bool:
        """Whether it is reached through Ray's own client, from a machine that is no part of it."""
        return self.address.startswith("ray://")


def where(text: str) -> Where:
    """A converter for the value of --cluster."""
    if match := re.fullmatch(r"local(?::([0-9]{1,3}))?", text):
        nodes = int(match[1] or NODES)
        if 1 <= nodes <= MOST:
            return Where(True, nodes, "")
        raise argparse.ArgumentTypeError(f"{text!r}: a cluster of our own has 1 to {MOST} nodes")
    if text == "auto" or re.fullmatch(r"(ray://)?[^\s/:]+:[0-9]{1,5}", text):
        return Where(False, 0, text)
    raise argparse.ArgumentTypeError(
        f"{text[:40]!r} is no cluster; give local, local:4, auto or HOST:PORT of its head"
    )


def check(given: argparse.Namespace, scene: Definition) -> Where | None:
    """The cluster of a run, if one is wanted; a ValueError of one line where it cannot be."""
    place: Where | None = given.cluster
    if place is None:
        return None
    for option, why in REFUSED.items():
        if getattr(given, option):
            raise ValueError(f"--{option}: with --cluster {why}")
    cells = None if scene.path.endswith(".py") else scene.offers("cells", "Cells")
    if scene.needs or (cells and not hasattr(cells, "give")):
        raise ValueError(
            f"--cluster: the processes of {scene.name} share memory beside the array, which "
            "machines have not in common; leave it out"
        )
    check_ray()
    check_address(place)
    return place


def check_ray() -> None:
    """See that there is Ray."""
    if importlib.util.find_spec("ray") is None:
        newest = "; there is none for this Python yet" if sys.version_info >= (3, 15) else ""
        raise ValueError(
            f"--cluster: Ray is not installed: pip install 'array-arena[cluster]'{newest}"
        )


def check_address(place: Where) -> None:
    """See that somebody answers at the address, before anything starts."""
    if place.own or place.address == "auto":
        return
    import socket

    try:
        socket.create_connection(split(place.address), CONNECT).close()
    except (OSError, OverflowError) as error:
        what = getattr(error, "strerror", None) or str(error) or "no answer"
        raise ValueError(
            f"--cluster: nobody answers at {place.address} ({what}); give the address of a Ray "
            "cluster's head, or local"
        ) from None


def split(address: str) -> tuple[str, int]:
    """Host and port of an address."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    return host, int(port)
