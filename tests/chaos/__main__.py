"""The long storm and the soak: `python -m tests.chaos --kills 10000`, `--soak 600`."""

import argparse
import os
import time

os.environ.update(SDL_VIDEODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

from tests.chaos.storm import CROWD, Left, Storm, left, rage, storm, survivors


def soak(seconds: float, seed: int, method: str) -> None:
    """Add and remove for so long, and show what is held before, meanwhile and after."""
    with storm(seed, method) as made:
        moves = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(10):
                made.crew.add()
            made.frames(10)
            for slot in list(made.crew.members)[:10]:
                made.crew.remove(slot)
            made.frames(10)
            moves += 20
            if moves % 10_000 == 0:
                print(f"{moves:7,} moves", at_rest(made), flush=True)
        print(f"{moves:7,} moves", at_rest(made), flush=True)


def at_rest(made: Storm) -> Left:
    """What is held when as many processes run as at the start."""
    for slot in list(made.crew.members)[CROWD:]:
        made.crew.remove(slot)
    while len(made.crew.members) < CROWD:
        made.crew.add()
    made.settle()
    return left()


def main() -> None:
    p = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    p.add_argument("--kills", type=int, default=10_000)
    p.add_argument("--soak", type=float, default=0.0, metavar="SECONDS")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--start-method", default="forkserver", choices=("forkserver", "spawn"))
    given = p.parse_args()
    if given.soak:
        soak(given.soak, given.seed, given.start_method)
        return
    rage(given.seed, given.start_method, kills=10)  # imports, fonts and pictures that stay
    before = left()
    seen = rage(given.seed, given.start_method, given.kills, report=True)
    ratio = seen.raging / seen.calm
    print(f"reader's p99: calm {seen.calm:.3f} ms, storm {seen.raging:.3f} ms, ratio {ratio:.1f}")
    print(f"{seen.reads:,} reads, {seen.waits:,} of them waited for something")
    print(f"{seen.looks:,} rows viewed elsewhere, {seen.torn:,} torn, {seen.missed:,} not whole")
    print(f"{seen.nursery:,} kills and freezes of the nursery")
    print("before", before)
    print("after ", left(), "survivors", survivors())


if __name__ == "__main__":
    main()
