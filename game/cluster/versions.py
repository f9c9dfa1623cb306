"""What a node runs, and whether that matches what runs here.

Said by the node's program, asked by the publisher.
"""

import platform
from importlib import metadata

from game.cluster.messages import Hello


def hello() -> Hello:
    """What this machine runs."""
    return Hello(platform.node(), platform.python_version(), numpy())


def numpy() -> str:
    """The version of numpy; "" where there is none."""
    try:
        return metadata.version("numpy")
    except metadata.PackageNotFoundError:
        return ""


def mismatch(there: Hello, crowds: bool = False) -> str:
    """What differs on a node from here, where that matters; "" if nothing does. numpy does where
    there are `crowds`, which drive with it."""
    here = hello()
    if here.python.split(".")[:2] != there.python.split(".")[:2]:
        return f"runs Python {there.python}, here it is {here.python}; movers may do other things"
    if crowds and here.numpy != there.numpy:
        have = f"numpy {there.numpy}" if there.numpy else "no numpy"
        return f"has {have}, here it is {here.numpy}; crowds may do other things there"
    return ""
