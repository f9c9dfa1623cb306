"""The behaviours of a run, from the command line: --mover, --set, and who drives how many.

    --mover mine.py --set mu=2 --mover yours.py:3 --mover folder/       in the order given

Called by the options, before anything starts; no behaviour's file is run. Every complaint is a
ValueError of one line.
"""

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from game import stated
from game.child.job import Behaviour
from game.scenes import OWN, Definition, Preset, find

Given = tuple[str, str]  # an option of the two, and its value


class Wish(NamedTuple):
    """A --mover and the --set behind it."""

    mover: str  # "": what the preset or the scene has
    agents: int = 0  # that it drives; 0: it shares the others
    settings: tuple[str, ...] = ()  # NAME=VALUE


class Found(NamedTuple):
    """A behaviour that is there, and what its file states."""

    wish: Wish
    mover: str  # the name of one of our scene's, or the absolute path of a file
    path: str  # its file
    fields: dict[str, str]  # that it states besides the scene's own: name -> unit
    parameters: dict[str, Any]
    set: tuple[str, ...]  # names and values of those that were set
    keys: bool  # whether the arrow keys drive it


def find_all(
    given: Sequence[Given] | None, scene: Definition, preset: Preset | None
) -> list[Found]:
    """The behaviours that the options name, else the preset's, else the scene's own."""
    return [
        look_at(wish, mover, scene)
        for wish in wishes(given or ())
        for mover in choose(wish.mover, scene, preset)
    ]


def wishes(given: Sequence[Given]) -> list[Wish]:
    """Each --mover with the --set that stand behind it."""
    found: list[Wish] = []
    for option, value in given:
        if option == "--mover":
            found.append(counted(value))
        elif found:
            found[-1] = found[-1]._replace(settings=(*found[-1].settings, value))
        elif any(other == "--mover" for other, _ in given):
            raise ValueError(f"--set: {value!r} stands before --mover; give it behind its own")
        else:
            found.append(Wish("", 0, (value,)))
    return found or [Wish("")]


def counted(value: str) -> Wish:
    """What --mover names, and how many agents are to do it: "FILE.py:3"."""
    mover, colon, many = value.rpartition(":")
    if not colon or not re.fullmatch(r"[0-9]+", many, re.ASCII) or os.path.exists(value):
        return Wish(value)
    if not mover or len(many) > 9 or int(many) == 0:
        raise ValueError(f"--mover: {value!r:.40} has no number of agents from 1 on behind its :")
    return Wish(mover, int(many))


def choose(wanted: str, scene: Definition, preset: Preset | None) -> Iterator[str]:
    """The names of our scene's behaviours that are wanted, or the absolute paths of files."""
    mover = wanted or (preset.mover if preset else scene.mover)
    have = scene.movers
    if not mover and not have:
        place = f"{'beside' if scene.path.endswith('.py') else 'in'} {os.path.basename(scene.path)}"
        raise ValueError(
            f"{scene.name} has no movers: put one into movers/ {place}, or add --mover FILE.py"
        )
    mover = mover or have[0]
    if mover in have:
        yield os.path.abspath(scene.mover_file(mover)) if scene.path else mover
    elif mover.endswith(".py") and not os.path.isdir(mover):
        if not wanted and scene.path:  # the scene's own words, which count from its folder
            mover = os.path.join(os.path.dirname(scene.path), mover)
        yield os.path.abspath(mover) if os.path.isfile(mover) else mover
    elif os.path.isdir(mover):
        yield from in_folder(mover, scene)
    elif os.path.isfile(mover):
        raise ValueError(f"--mover: {mover!r} does not end in .py; give a file of Python")
    else:
        raise ValueError(unknown(mover, scene))


def in_folder(folder: str, scene: Definition) -> list[str]:
    """The behaviours of a folder, by their names; files that hold none are passed over, and
    behaviours for another scene where some are for this one."""
    files = (name for name in os.listdir(folder) if name.endswith(".py") and name[0] not in "_.")
    paths = (os.path.abspath(os.path.join(folder, name)) for name in sorted(files))
    found = [path for path in paths if stated.made_of(path).behaves]
    if not found:
        raise ValueError(
            f"--mover: {folder!r} has no file with a class Mover; the README shows one"
        )
    return [path for path in found if scene_of(path, scene) in ("", scene.name)] or found


def unknown(mover: str, scene: Definition) -> str:
    """What there is to say of a name that is no behaviour of the scene."""
    have = f"one of {', '.join(scene.movers)}, or " if scene.movers else ""
    whose = [name for name in OWN if name != scene.name and mover in find(name).movers]
    other = f"; it is a mover of {' and '.join(whose)}" if whose else ""
    return (
        f"--mover: {scene.name} has no mover {mover!r}{other}; "
        f"give {have}a file that ends in .py, or a folder"
    )


def look_at(wish: Wish, mover: str, scene: Definition) -> Found:
    """A behaviour with what it states, checked to be one, and one of this scene."""
    path = mover if mover.endswith(".py") else scene.mover_file(mover)
    if path == mover:
        check(path, scene)
    try:
        fields = stated.fields(path, scene.name, scene.fields)
        parameters, keys = stated.parameters(path), stated.keys(path)
    except ValueError as error:
        raise ValueError(f"--mover: {error}") from None
    if fields and scene.needs:
        raise ValueError(f"--mover: {path}: {scene.name} has no further FIELDS; leave them out")
    changed = dict(stated.setting(text, parameters, mover) for text in wish.settings)
    told = tuple(f"{name}={value}".removesuffix(".0") for name, value in changed.items())
    return Found(wish, mover, path, fields, {**parameters, **changed}, told, keys)


def check(path: str, scene: Definition) -> None:
    """See that a file holds a behaviour of this scene, without running it."""
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise ValueError(f"--mover: {path!r} is not a file that can be read")
    whose = scene_of(path, scene)
    if whose and whose != scene.name:
        raise ValueError(
            f"--mover: {path} is a mover of {whose}, and this is {scene.name}; "
            f"give it to {whose}, or another mover to {scene.name}"
        )
    made = stated.made_of(path)
    if scene.needs and not made.has(scene.needs):
        raise ValueError(
            f"--mover: {path} has no function {scene.needs}, and {scene.name} takes no other "
            "(see game/agent.py)"
        )
    if not made.behaves:
        raise ValueError(f"--mover: {path} has no class Mover; the README shows one")


def scene_of(path: str, scene: Definition) -> str:
    """The scene that a behaviour is for: as it states, or as its folder says; "" if none does."""
    try:
        if named := stated.scene(path):
            return named
    except ValueError as error:
        raise ValueError(f"--mover: {error}") from None
    if scene.path:  # which may take movers of ours
        return ""
    folder = os.path.realpath(os.path.dirname(path))
    return next((name for name in OWN if os.path.realpath(find(name).movers_folder) == folder), "")


def behaviours(found: Sequence[Found], per_process: int) -> tuple[Behaviour, ...]:
    """The behaviours as a job has them, each with a name of its own."""
    return tuple(
        Behaviour(
            each.mover,
            tuple(each.fields),
            name,
            -(-each.wish.agents // per_process),
            tuple(each.parameters.items()),
            each.keys,
        )
        for each, name in zip(found, short_names(found), strict=True)
    )


def short_names(found: Sequence[Found]) -> list[str]:
    """What a person calls each: as its file, with the folder where two files are called alike,
    with what was set where it is the same file, and with a number where even that is the same."""
    stems = [os.path.basename(each.path).removesuffix(".py") for each in found]
    names = list(stems)
    for at, (each, stem) in enumerate(zip(found, stems, strict=True)):
        alike = {o.path for o, other in zip(found, stems, strict=True) if other == stem}
        if len(alike) > 1:
            names[at] = f"{os.path.basename(os.path.dirname(each.path))}/{stem}"
        if sum(other.path == each.path for other in found) > 1:
            names[at] = " ".join([names[at], *each.set])
    for name in {name for name in names if names.count(name) > 1}:
        numbers = count(1)
        names = [f"{n} {next(numbers)}" if n == name else n for n in names]
    return names


def agents(
    given: argparse.Namespace, found: Sequence[Found], otherwise: int, per_process: int
) -> int:
    """How many agents there are: as --agents says, else as many as the counts take; ValueError
    where the two do not fit."""
    counts = [each.wish.agents for each in found]
    if counts == [0]:
        return int(given.agents or otherwise)
    taken, sharing = sum(counts), counts.count(0)
    for each, wanted_of in zip(found, counts, strict=True):
        if wanted_of % per_process:
            raise ValueError(
                f"--mover: {each.wish.mover}:{wanted_of} is no multiple of --per-process "
                f"{per_process}; a process has one behaviour"
            )
    least = taken + sharing * per_process
    wanted: int = given.agents or (taken if not sharing else max(otherwise, least))
    processes = -(-wanted // per_process)
    if processes < taken // per_process + sharing or (not sharing and wanted != taken):
        right = f"{taken}" if not sharing else f"{least} or more"
        raise ValueError(
            f"--agents: {wanted} does not fit what --mover asks for, which is {right}; "
            f"give {right}, or other counts"
        )
    return wanted
