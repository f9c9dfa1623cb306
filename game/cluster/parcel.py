"""The parcel: all that travels to a node, as one zip file.

    code/game, code/assets   this package, as it runs here
    files/N/...              the files of a person: behaviours with what lies beside them, the
                             scene's folder, and the files that the settings name
    job                      the pickled Load, with paths as they are here

Packed by the publisher, unpacked by the node's actor, read by the node's program, which finds the
same files under other paths: see relocated().
"""

import io
import os
import pickle
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from game import assets
from game.child.job import Job, arrived

LARGEST = 20_000_000  # [bytes] of a person's file that travels
KINDS = (".py", ".csv", ".json", ".toml", ".txt")  # of files beside a behaviour that do


class Load(NamedTuple):
    """What a node's program begins with."""

    job: Job
    capacity: int  # agents
    method: str  # how its movers are started
    places: dict[str, str]  # of each folder of a person: path here -> path in the parcel


def pack(job: Job, capacity: int, method: str) -> bytes:
    """The parcel of a run."""
    folder = io.BytesIO()
    places = {path: f"files/{number}" for number, path in enumerate(folders(job))}
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        package = os.path.dirname(os.path.abspath(assets.__file__))
        add_tree(file, package, "code/game", (".py",))
        add_tree(file, assets.path("", ""), "code/assets", ())
        add_files(file, job, places)
        load = Load(job, capacity, method, places)
        # The scene's name first, without its module: it is loaded there from where it lies then.
        file.writestr("scene", pickle.dumps((job.scene, places)))
        file.writestr("job", pickle.dumps(load))
    return folder.getvalue()


def pack_files(job: Job) -> bytes:
    """A parcel of a person's files alone, as they are now."""
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        add_files(file, job, {p: f"files/{number}" for number, p in enumerate(folders(job))})
    return folder.getvalue()


def unpack_files(parcel: bytes, folder: str) -> None:
    """Put newer files in the place of those that were unpacked before."""
    with zipfile.ZipFile(io.BytesIO(parcel)) as file:
        for name in file.namelist():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path + ".new", "wb") as new:
                new.write(file.read(name))
            os.replace(path + ".new", path)


def load(folder: str) -> Load:
    """What a parcel that was unpacked into a folder begins with, with paths as they are there."""
    with open(os.path.join(folder, "scene"), "rb") as file:
        scene, places = pickle.load(file)
    there = {here: os.path.join(folder, place) for here, place in places.items()}
    arrived(relocated(scene, there))
    with open(os.path.join(folder, "job"), "rb") as file:
        found: Load = pickle.load(file)
    return found._replace(job=relocated(found.job, there), places=there)


def folders(job: Job) -> list[str]:
    """The folders of a person of which something travels; none lies in another one."""
    paths = [*(each.mover for each in job.behaviours), job.scene]
    found = {os.path.dirname(path) for path in paths if os.path.isabs(path)}
    found |= {os.path.dirname(path) for path in named_files(given(job))}
    return sorted(p for p in found if not any(within(p, other) for other in found - {p}))


def within(path: str, folder: str) -> bool:
    """Whether a path is a folder's, or lies in it."""
    return f"{path}{os.sep}".startswith(folder.rstrip(os.sep) + os.sep)


def given(job: Job) -> Any:
    """What may name files: the scene's settings, and what behaviours were told."""
    return job.settings, tuple(each.parameters for each in job.behaviours)


def named_files(settings: Any) -> Iterator[str]:
    """The files that plain settings name: strings that are absolute paths of files."""
    if isinstance(settings, str):
        if os.path.isabs(settings) and os.path.isfile(settings):
            yield settings
    elif isinstance(settings, dict):
        for value in settings.values():
            yield from named_files(value)
    elif isinstance(settings, tuple | list):
        for value in settings:
            yield from named_files(value)


def add_files(file: zipfile.ZipFile, job: Job, places: dict[str, str]) -> None:
    """Add the files of a person."""
    wanted = {*named_files(given(job))}
    for behaviour in job.behaviours:
        if os.path.isabs(behaviour.mover):
            wanted |= {behaviour.mover, *beside(os.path.dirname(behaviour.mover))}
    if os.path.isdir(job.scene):
        wanted |= {path for path, _ in tree(job.scene, KINDS)}
    elif os.path.isabs(job.scene):
        wanted |= {job.scene, *beside(os.path.dirname(job.scene))}
    for path in sorted(wanted):
        here = next(folder for folder in places if within(path, folder))
        if os.path.getsize(path) <= LARGEST:
            file.write(path, f"{places[here]}/{os.path.relpath(path, here)}")


def beside(folder: str) -> Iterator[str]:
    """The small files of a folder, which a behaviour may import or read."""
    for entry in os.scandir(folder):
        if entry.is_file() and entry.name.endswith(KINDS):
            yield entry.path


def add_tree(file: zipfile.ZipFile, folder: str, place: str, kinds: tuple[str, ...]) -> None:
    """Add a folder with all that is in it, of some kinds or (none) of any."""
    for path, name in tree(folder, kinds):
        file.write(path, f"{place}/{name}")


def tree(folder: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The files in a folder and in its folders: path, and path from there."""
    for base, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name[0] not in "_."]
        for name in names:
            path = os.path.join(base, name)
            if name[0] != "." and (not kinds or name.endswith(kinds)):
                yield path, os.path.relpath(path, folder)


def relocated(found: Any, places: dict[str, str]) -> Any:
    """The same with other paths, in whatever plain values they stand."""
    if isinstance(found, str):
        for here, there in places.items():
            if os.path.isabs(found) and within(found, here):
                return os.path.join(there, os.path.relpath(found, here))
        return found
    if isinstance(found, dict):
        return {key: relocated(value, places) for key, value in found.items()}
    if isinstance(found, tuple | list):
        inner = [relocated(value, places) for value in found]
        return type(found)(*inner) if hasattr(found, "_fields") else type(found)(inner)
    return found
