"""Where the data files are: tracks, sprites and themes that a person can edit."""

import os

_HERE = os.path.dirname(os.path.abspath(__file__))
# An installed package carries the folder inside it; a checkout has it beside the package.
_INSTALLED = os.path.join(_HERE, "assets")
FOLDER = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.join(_HERE, os.pardir, "assets")


def path(kind: str, file: str) -> str:
    """The path of an asset: `kind` is its folder ("tracks"), `file` its name with ending."""
    return os.path.normpath(os.path.join(FOLDER, kind, file))


def names(kind: str, ending: str) -> list[str]:
    """The names of all assets of a kind, sorted: its files with that ending, without it."""
    files = os.listdir(os.path.join(FOLDER, kind))
    kept = (file for file in files if file.endswith(ending) and not file.startswith("."))
    return sorted(file.removesuffix(ending) for file in kept)
