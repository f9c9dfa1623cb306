"""The command line: `python -m game swarm`.

Light, so that --help answers at once: it imports nothing but argparse until the arguments are
known to be well-formed.
"""

import os
import sys
import time

from game.arguments import SCENES, parser

BEGUN = time.perf_counter()  # [s] as near to the program's start as Python lets us


def list_movers(scenes: list[str]) -> None:
    """Print each scene's behaviours and presets, a line each."""
    from game import movers

    for scene in scenes:
        world = movers.world(scene)
        print(f"{scene}  --mover NAME")
        for name in movers.names(scene):
            print(f"  {name:10} {movers.describe(scene, name)}")
        print(f"{scene}  --preset NAME")
        for name, preset in world.PRESETS.items():
            print(f"  {name:10} {preset.about}")


def fill_standard_streams() -> None:
    """Open what is closed of stdin, stdout and stderr, so that no other file takes its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    p = parser()
    given = p.parse_args(arguments)
    have = ", ".join(SCENES)
    if given.scene is not None and given.scene not in SCENES:
        p.error(f"there is no scene {given.scene!r}; give one of {have}")
    if given.list_movers:
        list_movers([given.scene] if given.scene else SCENES)
        return 0
    if given.scene is None:
        p.error(f"which scene? Give one of {have}; --help shows the options")
    from game.options import settle

    try:
        options = settle(given)
    except ValueError as error:
        p.error(str(error))
    from game import app

    return app.run(options, BEGUN)


if __name__ == "__main__":
    fill_standard_streams()
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the app listens for it
        sys.exit(130)
    except BrokenPipeError:  # nobody reads any more, as with `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
