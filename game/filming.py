"""Filming: --film, a film of a live run. It is drawn from a recording, once the run is over.

Called by the app before a run and after it.
"""

import argparse
import os
import sys
from contextlib import ExitStack, suppress

from game.interrupts import Interrupted, raised
from game.options import Options
from game.scenes import OWN

UNOPENED = 2  # the exit status of a run that there never was
SPARE = ".array-arena-film-"  # a recording that a film is made of, and nobody asked for


def filmed(options: Options) -> Options:
    """The options of a run; one that is to be filmed is recorded, too."""
    if not options.film or options.record:
        return options
    folder = os.path.dirname(os.path.realpath(options.film))
    return options._replace(record=os.path.join(folder, f"{SPARE}{os.getpid()}.mcap"))


def film(options: Options, recording: str, status: int) -> int:
    """Make the film of a recording; returns the exit status, 1 where that failed."""
    from game.exporting import write
    from game.recording import RecordingError
    from game.replaying import opened, playback_of

    given = argparse.Namespace(
        file=recording,
        out=options.film,
        start=None,
        end=None,
        speed=1.0,
        fps=None,
        size=None,
        theme=options.theme,
        scale=None,
        scene="" if options.scene in OWN else options.scene,
    )
    try:
        if status == UNOPENED:
            return status
        with raised(), ExitStack() as ends:
            tape, recorded = opened(recording, ends, given.scene)
            return write(given, tape, recorded, playback_of(tape, given)) or status
    except RecordingError as error:
        print(f"game: no film: {error}", file=sys.stderr)
        return status or 1
    except Interrupted as interrupted:
        print("game: no film: it was interrupted", file=sys.stderr)
        return interrupted.status
    finally:
        if not options.record:
            with suppress(OSError):
                os.remove(recording)
