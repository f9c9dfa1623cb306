"""The behaviour of a mover: the module that is found by its name, or loaded from its file.

Used in a mover's process.
"""

import importlib
import os
import sys
from types import ModuleType

from game import scenes

STANDARD = os.path.normcase(os.path.dirname(os.path.abspath(os.__file__)))
ZIP = f"python{sys.version_info.major}{sys.version_info.minor}.zip"


def load(scene: str, mover: str) -> ModuleType:
    """The module of a behaviour: one of the scene's own by name, else the file at a path."""
    if not mover.endswith(".py"):
        return importlib.import_module(f"game.scenes.{scene}.movers.{mover}")
    path = os.path.abspath(mover)
    look_into(os.path.dirname(path))  # so that it may import its neighbours
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    name = module_name(path)
    module = ModuleType(name)
    module.__file__ = path
    if scene and os.path.dirname(os.path.dirname(path)) == scene:  # one of a folder from outside
        module.__package__ = f"{scenes.module_name(scene)}.movers"
    sys.modules[name] = module  # dataclasses and pickle look their module up here
    exec(code, module.__dict__)
    if not hasattr(module, "Mover") and not hasattr(module, "drive"):
        raise AttributeError(f"{path} has no class Mover")
    return module


def module_name(path: str) -> str:
    """What the module of a file is called: as the file, unless another module is called so."""
    name = os.path.basename(path).removesuffix(".py")
    loaded = sys.modules.get(name)
    another = loaded is not None and getattr(loaded, "__file__", None) != path
    return f"mover_{name}" if another or name in sys.stdlib_module_names else name


def look_into(folder: str) -> None:
    """Have imports look into a folder, after the standard library and before all else.

    A file called `random.py` in it would else be imported in place of what everybody means.
    """
    standard = [place for place in sys.path if is_standard(place)]
    others = [place for place in sys.path if place != folder and place not in standard]
    sys.path[:] = [*standard, folder, *others]


def is_standard(place: str) -> bool:
    """Whether a place on the path has the standard library, or the compiled part of it."""
    place = os.path.normcase(place)
    if os.path.basename(place) == ZIP or place == os.path.join(sys.base_prefix, "DLLs"):
        return True
    return place == STANDARD or (
        place.startswith(STANDARD + os.sep) and not place.endswith("-packages")
    )
