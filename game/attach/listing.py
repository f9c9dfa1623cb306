"""What there is to watch: every process of mine that shares memory, and how often that changes."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import psutil

from game.attach import AttachError, arenas
from game.attach.arenas import Arena, open_arena
from game.attach.memory import Memory
from game.attach.program import Program

LOOKS = 20  # at each array
APART = 0.02  # [s] between two of them
SAMPLE = 1 << 16  # [bytes] of an array that are compared


class Shared(NamedTuple):
    """One array, and who has it."""

    arena: Arena
    size: int  # [bytes]
    changes: int  # of LOOKS, at how many it was another one than before
    also: list[int]  # other processes of mine that map it


def processes(sleep: Callable[[float], None]) -> Iterator[tuple[Program, list[Shared]]]:
    """Every process of mine with shared arrays. Who shares what another one made is told with
    the first of them."""
    found: dict[int, list[Arena]] = {}
    for pid in psutil.pids():
        with suppress(OSError):
            if shared := arenas.arenas(pid):
                found[pid] = shared
    sharers: dict[tuple[str, int], list[int]] = {}
    for pid, shared in found.items():
        for arena in shared:
            sharers.setdefault(arena.key, []).append(pid)
    counts = changes((arena for shared in found.values() for arena in shared), sleep)
    for pid, shared in found.items():
        mine = [
            Shared(arena, *counts[arena.key], [one for one in sharers[arena.key] if one != pid])
            for arena in shared
            if arena.key in counts and sharers[arena.key][0] == pid
        ]
        if mine:
            with suppress(AttachError):
                yield Program(pid), mine


def changes(
    given: Iterator[Arena], sleep: Callable[[float], None]
) -> dict[tuple[str, int], tuple[int, int]]:
    """Of each arena its size [bytes], and in how many of LOOKS it had changed."""
    opened: dict[tuple[str, int], Memory] = {}
    for arena in given:
        if arena.key not in opened:
            with suppress(AttachError):
                opened[arena.key] = open_arena(arena)
    before = {key: sample(memory) for key, memory in opened.items()}
    changed = dict.fromkeys(opened, 0)
    for _ in range(LOOKS):
        sleep(APART)
        for key, memory in opened.items():
            now = sample(memory)
            changed[key] += now != before[key]
            before[key] = now
    sizes = {key: memory.size for key, memory in opened.items()}
    for memory in opened.values():
        memory.close()
    return {key: (sizes[key], changed[key]) for key in opened}


def sample(memory: Memory) -> bytes:
    """The first bytes of a memory."""
    some = bytearray(min(SAMPLE, memory.size))
    memory.read(some, 0)
    return bytes(some)


def as_text(sleep: Callable[[float], None] = time.sleep) -> str:
    """The list, for a person."""
    arenas.need_linux("--list")
    lines = []
    for program, shared in processes(sleep):
        lines.append(f"{program.pid:>8}  {program.words.rpartition(', ')[0] or program.words}")
        for number, array in enumerate(shared, 1):
            also = f", also in {', '.join(map(str, array.also))}" if array.also else ""
            lines.append(
                f"          array {number}: {called(array.arena)}{array.size:,} bytes, "
                f"changed in {array.changes} of {LOOKS} looks{also}"
            )
    if not lines:
        return "no process of yours shares memory at this moment"
    return "\n".join(lines)


def called(arena: Arena) -> str:
    """The name that it can be watched by, if it has one."""
    return f"{arena.name}, " if arena.name else ""


def as_json(sleep: Callable[[float], None] = time.sleep) -> str:
    """The list, for a program."""
    arenas.need_linux("--list")
    listed: list[dict[str, Any]] = []
    for program, shared in processes(sleep):
        arrays = [
            {
                "array": number,
                "name": array.arena.name or None,
                "bytes": array.size,
                "changed": array.changes,
                "looks": LOOKS,
                "also": array.also,
            }
            for number, array in enumerate(shared, 1)
        ]
        listed.append({"pid": program.pid, "program": program.words, "arrays": arrays})
    return json.dumps(listed, indent=2)
