"""Array Arena under a name that nobody else has.

    import array_arena                     the same as `import game`
    python -m array_arena SCENE            the same as `python -m game SCENE`
    array-arena SCENE                      the installed command

People have files called `game.py`: this module takes the package that lies beside it, whatever
the current folder holds.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module, util
from types import ModuleType
from typing import Any

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def _package() -> ModuleType:
    """The package `game` beside this file; ImportError where another one is loaded already."""
    file = os.path.join(_FOLDER, "game", "__init__.py")
    loaded = sys.modules.get("game")
    if loaded is not None:
        if os.path.abspath(loaded.__file__ or "") != file:
            raise ImportError(f"array_arena: another module called game is loaded: {loaded!r}")
        return loaded
    place = [os.path.dirname(file)]
    spec = util.spec_from_file_location("game", file, submodule_search_locations=place)
    assert spec is not None
    assert spec.loader is not None
    package = util.module_from_spec(spec)
    sys.modules["game"] = package
    spec.loader.exec_module(package)
    return package


_game = _package()


def __getattr__(name: str) -> Any:
    """Whatever the package has of that name, its modules included."""
    if name == "__path__":  # else `import array_arena.frame` would load a second copy
        raise AttributeError(name)
    try:
        return getattr(_game, name)
    except AttributeError:
        if name.startswith("__") or not util.find_spec(f"game.{name}"):
            raise AttributeError(f"module 'array_arena' has no attribute {name!r}") from None
    return import_module(f"game.{name}")


def command() -> int:
    """What the installed program does; returns the exit status."""
    # What lies in the current folder is no module of ours, nor of the processes that we start.
    here = {""}
    with suppress(OSError):  # the folder was deleted
        here |= {os.getcwd()} - {_FOLDER}
    sys.path[:] = [place for place in sys.path if place not in here]
    from game.__main__ import command as run

    return run()


if __name__ == "__main__":
    sys.exit(command())
