"""Filming: --film, a film of a live run. It is drawn from a recording, once the run is over.

Called by the app before a run and after it.
"""

import argparse
import os
import sys
from contextlib import ExitStack, suppress

from game.options import Options

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
    )
    try:
        with ExitStack() as ends:
            tape, recorded = opened(recording, ends)
            return write(given, tape, recorded, playback_of(tape, given)) or status
    except RecordingError as error:
        print(f"game: no film: {error}", file=sys.stderr)
        return status or 1
    finally:
        if not options.record:
            with suppress(OSError):
                os.remove(recording)
