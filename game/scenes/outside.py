"""Scenes from outside: a file or a folder of somebody's own, loaded as a module, and anew.

Called by game.scenes.find.
"""

import os
import sys
from importlib import util
from types import ModuleType

from game.scenes.failure import SceneError, one_line, place_of
from game.scenes.stating import check_stated


def is_outside(word: str) -> bool:
    """Whether a word is meant as the path of a scene of somebody's own."""
    return word.endswith(".py") or os.sep in word or "/" in word or os.path.isdir(word)


def module_name(path: str) -> str:
    """What the module of a scene from outside is called."""
    return "outside_" + "".join(c if c.isalnum() else "_" for c in os.path.basename(path))


def load(path: str, anew: bool = False) -> ModuleType:
    """The module of a scene's file or folder; SceneError of one line where it is none."""
    file = path if path.endswith(".py") else os.path.join(path, "__init__.py")
    if not os.path.isfile(file):
        raise SceneError(f"{file}: there is no such file; give a scene's file or folder")
    name = module_name(path)
    places = None if file == path else [path]
    spec = util.spec_from_file_location(name, file, submodule_search_locations=places)
    assert spec is not None
    assert spec.loader is not None
    loaded = sys.modules.get(name)
    another = loaded is not None and loaded.__file__ != file  # of the same name
    if anew or another:
        forget(name, drawing_alone=places is not None and not another)
    if loaded := sys.modules.get(name):
        return loaded
    module = sys.modules[name] = util.module_from_spec(spec)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        raise SceneError(f"{place_of(error, path)}: {one_line(error)}") from error
    check_stated(module, file)
    return module


def forget(name: str, drawing_alone: bool) -> None:
    """Forget the modules of a scene from outside; they are loaded anew when they are wanted."""
    for loaded in list(sys.modules):
        whole = not drawing_alone and f"{loaded}.".startswith(f"{name}.")
        if whole or loaded == f"{name}.drawing":
            del sys.modules[loaded]
