"""Failures of a scene: what is wrong with it in one line, and where in its files.

For whoever loads a scene or calls something of it; light, as all that movers import.
"""

import os


class SceneError(ValueError):
    """A scene that cannot be used; one line: its place, what is wrong, what would be right."""


def place_of(error: BaseException, path: str) -> str:
    """Where in a scene's own files an exception came from, as file:line."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    found, trace = path, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file == path or file.startswith(path + os.sep):
            found = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def one_line(error: BaseException) -> str:
    """An exception in one line."""
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    first = words.strip().partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
