"""A made-up run for any scene, as frames: no processes and no clock.

Agents move, come late, leave and come back; one writes nonsense for a while, one falls silent, one
is done, one dies.
"""

from functools import lru_cache

import numpy as np

from game import scenes
from game.frame import Floats, Frame
from game.scenes.road.figures import SyncFigures, SyncView
from game.scenes.tally.figures import Count, TallyView

FPS, RATE = 20.0, 10.0  # [Hz] frames, and rows of each writer
FRAMES = 69
ARRIVES, NONSENSE, LEAVES, RETURNS = 9, range(20, 25), 30, 37  # which frame
DIES, FALLS_SILENT, DONE = 40, 45, 67
OPTIONS = {"race": ("--laps", "1")}  # of a scene, with which it has the most to remember


@lru_cache(maxsize=32)
def run(scene: str, agents: int, per_process: int = 1) -> tuple[Frame, ...]:
    """The frames of a run with so many agents, at most."""
    slots = agents // per_process
    slot = np.arange(slots + 2)  # two are nobody's
    frame = Frame(scenes.find(scene).fields, len(slot), per_process)
    period = np.full(len(slot), 1 / RATE)
    frame = frame.next(expected=1 / RATE, step=1 / RATE, interval=period, period=period)
    there = np.zeros(len(slot), np.bool_)
    frames = []
    for number in range(1, FRAMES + 1):
        now, before = number / FPS, there
        there = (slot < slots) & ((slot != 2) | (number >= ARRIVES))
        there &= (slot != 0) | (number < LEAVES) | (number >= RETURNS)
        died = there & (slot == 1) & (number >= DIES)
        done = there & (slot == 4) & (number >= DONE)
        begun = there & ~before
        writes = there & ~died & ~done & ((slot != 3) | (number < FALLS_SILENT))
        fresh = begun | (writes & (number % int(FPS / RATE) == 0))
        written = values(scene, len(frame.values), now)
        if number in NONSENSE:
            written[3] = np.nan
        frame = frame.next(
            now=now,
            agents=np.flatnonzero(there.repeat(per_process)),
            pid=np.where(there, 4710 + slot, 0),
            died=died,
            done=done,
            updates=np.where(begun, 1, np.where(there, frame.updates + fresh, 0)),
            fresh=fresh,
            first=np.where(begun, now, frame.first),
            changed=np.where(fresh, now, frame.changed),
            values=np.where(fresh.repeat(per_process)[:, None], written, frame.values),
        )
        frame = frame.next(element_wise=scene == "road", extra=extra(scene, number))
        frames.append(frame)
    return tuple(frames)


def values(scene: str, agents: int, now: float) -> Floats:
    """What all write at a moment, (agents, fields)."""
    n = np.arange(agents)
    if scene == "swarm":
        angle, away = 0.9 * now + n, 10 + 3 * n % 38
        return np.column_stack((50 + away * np.cos(angle), 50 + away * np.sin(angle)))
    if scene == "race":
        # Some finish the first lap, some overtake each other, the crowd crowds together and parts.
        speed = np.where(np.isin(n, (0, 5, 6, 7)), 380.0, 200.0)
        apart = 2.5 + 0.8 * np.sin(2 * np.pi * (now - 3.2))
        way = speed * now - apart * n + np.where(n < 20, 30.0, 0.0) * np.sin(5 * now + 2 * n)
        return np.column_stack((90 + 60 * np.sin(7 * now + n), way))
    if scene == "road":
        return np.maximum(np.floor(4 * now * RATE - n % 7 / 2), 0.0)[:, None]
    fields = np.arange(len(scenes.find(scene).fields))
    return 50 + 40 * np.sin(0.7 * now + n[:, None] + fields)


def extra(scene: str, number: int) -> object:
    """What a scene's own source adds to frame `number`."""
    if scene == "road":
        figures = dict.fromkeys(("none", "lock"), SyncFigures(number, 7, 2, 0.1, 2.0, 30.0, 1e6))
        return SyncView("none", figures, True, True, 5.0, 0.0, "", "It was killed.")
    if scene == "tally":
        count = Count(100 * number, 90 * number, number // 40, number / FPS)
        return TallyView("none", {"none": count}, count, False, "", "Process 2", "", "")
    return None


def blank(scene: str, agents: int, now: float = 1.0) -> Frame:
    """A frame of agents with no process behind any of them, and no updates counted."""
    frame = Frame(scenes.find(scene).fields, agents)
    return frame.next(now=now, agents=np.arange(agents), values=values(scene, agents, now))
