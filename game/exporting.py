"""Exporting: a recording as a film, a picture or a table.

    .gif .webp .mp4   pictures at an exact rate, drawn one after the other
    .png              the picture of one moment: --from, or the end
    .csv .npz         time, agent and values, a row for every row that was new

Nothing stands under its final name before it is whole. Called by replaying, and for --film.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pygame

from game import opening
from game.arguments import window_size
from game.frame import Floats, Integers
from game.recording import RecordingError
from game.recording.films import DEFAULT, FASTEST, film
from game.recording.reading import FileTape
from game.recording.tape import Playing
from game.scenes import one_line
from game.session.about import Recorded
from game.session.past import Past
from game.session.playback import Playback
from game.session.player import Player
from game.session.saving import save
from game.view.numbers import in_bytes
from game.view.screen import Screen

SMALL = (640, 360)  # [px] of a GIF
USUAL = (1280, 720)  # [px] where it is not known
SAMPLES = 8  # pictures that the colours of a film are chosen from
SMALL_SCALE = 0.75  # of its text


def write(given: argparse.Namespace, tape: FileTape, recorded: Recorded, playback: Playback) -> int:
    """Write what `given.out` names; returns the exit status."""
    ending = os.path.splitext(given.out)[1].lower()
    try:
        if ending == ".csv":
            save(given.out, lambda path: write_csv(path, tape, playback))
        elif ending == ".npz":
            save(given.out, lambda path: write_npz(path, tape, playback))
        else:
            with pictures(given, tape, recorded, playback) as drawn:
                if ending == ".png":
                    save(given.out, drawn.write_picture)
                else:
                    save(given.out, drawn.write_film)
    except OSError as error:
        print(f"game: not saved: {error}", file=sys.stderr)
        return 1
    except RecordingError:
        raise
    except Exception as error:  # nobody knows what stands in a file
        raise RecordingError(f"{tape.path}: it is broken: {one_line(error)}") from None
    print(f"game: made {given.out}: {in_bytes(os.path.getsize(given.out))}", file=sys.stderr)
    return 0


# Tables.


def rows(
    tape: FileTape, playback: Playback, fields: Sequence[str]
) -> Iterator[tuple[float, Integers, Floats]]:
    """The rows that were new in each update of a span: when [s], whose, (n, fields).

    Of a watched program another array may have been shown meanwhile, with other fields: those
    updates are left out, and counted.
    """
    first, last = tape.at(playback.start), tape.at(playback.end)
    begun, others = False, 0
    for number, update in enumerate(Playing(tape).through(first, last), first):
        frame = update.frame
        if [*frame.fields] != fields:
            others += len(frame.agents) > 0
            continue
        new = frame.fresh[frame.slots_shown] if begun else np.ones(len(frame.agents), np.bool_)
        begun, agents = True, frame.agents[new]
        if len(agents):
            yield tape.time(number), agents, frame.values[agents]
    if others:
        print(
            f"game: {others:,} updates of an array of other fields are not in it; --from, --to",
            file=sys.stderr,
        )


def write_csv(path: str, tape: FileTape, playback: Playback) -> None:
    """Write a line for each row, under the names of the fields."""
    fields = fields_of(tape, playback)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(map(quoted, ("time", "agent", *fields))) + "\n")
        for time, agents, values in rows(tape, playback, fields):
            told = f"{time:.6f}"
            file.writelines(
                f"{told},{agent},{','.join(map(repr, row))}\n"
                for agent, row in zip(agents.tolist(), values.tolist(), strict=True)
            )


def quoted(name: str) -> str:
    """A name as a cell of a CSV file (RFC 4180)."""
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"\r\n') else name


def fields_of(tape: FileTape, playback: Playback) -> Sequence[str]:
    """The names of an agent's values at the end of a span."""
    last = tape.at(playback.end)
    update = next(Playing(tape).through(last, last))
    return list(update.frame.fields)


def write_npz(path: str, tape: FileTape, playback: Playback) -> None:
    """Write the same as arrays: time (n,), agent (n,), values (n, fields), fields."""
    fields = fields_of(tape, playback)
    times, whose, values = [], [], []
    for time, agents, some in rows(tape, playback, fields):
        times.append(np.full(len(agents), time))
        whose.append(agents)
        values.append(some)
    blank = np.zeros((0, len(fields)))
    with open(path, "wb") as file:
        np.savez_compressed(
            file,
            time=np.concatenate([np.zeros(0), *times]),
            agent=np.concatenate([np.zeros(0, np.int64), *whose]),
            values=np.concatenate(values) if values else blank,
            fields=np.array(fields, dtype=np.str_),
        )


# Pictures.


class Pictures:
    """Draws a recording's moments, without a window."""

    def __init__(
        self,
        size: tuple[int, int],
        rate: float,
        player: Player,
        playback: Playback,
        agent_name: Any,
        moment: float | None,
    ) -> None:
        self._surface = pygame.Surface(size, 0, 32)
        self._size, self._rate = size, rate
        self._past = Past(player, playback, lambda message: None)
        self._playback, self._agent_name, self._moment = playback, agent_name, moment

    def __enter__(self) -> "Pictures":
        return self

    def __exit__(self, *error: object) -> None:
        pygame.display.quit()

    @property
    def times(self) -> Floats:
        """The moments of a film, exactly as far apart as its rate says [s]."""
        playback = self._playback
        span = (playback.end - playback.start) / playback.speed
        step = playback.speed / self._rate
        many = max(1, round(span * self._rate))
        return np.array([playback.start + number * step for number in range(many)])

    def draw(self, time: float) -> pygame.Surface:
        """The picture of a moment."""
        self._playback.go(time)
        self._past.advance(0.0)
        status = self._past.status._replace(hint="", pace="")
        screen = self._past.player.screen
        screen.draw(self._surface, status, self._past.inspection(self._agent_name))
        if self._past.player.broken:
            raise RecordingError(self._past.player.broken)
        return self._surface

    def _pixels(self, time: float) -> bytes:
        return pygame.image.tobytes(self.draw(time), "RGB")

    def write_picture(self, path: str) -> None:
        """Write the picture of --from, or of the end."""
        time = self._playback.end if self._moment is None else self._moment
        picture = self.draw(time)
        try:
            pygame.image.save(picture, path)
        except pygame.error as error:  # a disk that is full
            raise OSError(str(error)) from None

    def write_film(self, path: str) -> None:
        """Write a film."""
        made = film(path, self._size, self._rate)
        try:
            times = self.times.tolist()
            some = times[:: max(1, len(times) // SAMPLES)]
            made.prepare(self._pixels(time) for time in some)
            for time in progress(times):
                made.add(self._pixels(time))
            made.finish()
        except BaseException:
            made.give_up()
            raise


def pictures(
    given: argparse.Namespace, tape: FileTape, recorded: Recorded, playback: Playback
) -> Pictures:
    """What draws a recording as the command line asks."""
    from game.replaying import options_of

    ending = os.path.splitext(given.out)[1].lower()
    gif = ending == ".gif"
    size = given.size or (SMALL if gif else recorded_size(tape))
    given.size, given.scale = size, given.scale or (SMALL_SCALE if gif else 1.0)
    rate = min(given.fps or DEFAULT.get(ending, 60.0), FASTEST.get(ending, 1000.0))
    options = options_of(given, tape, recorded)
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    pygame.display.init()
    pygame.font.init()
    pygame.display.set_mode((1, 1))
    screen: Screen = opening.make_screen(recorded.definition, options)
    name = options.job.agent_names(recorded.definition)
    return Pictures(size, rate, Player(tape, screen), playback, name, given.start)


def recorded_size(tape: FileTape) -> tuple[int, int]:
    """The window of the run [px]; the usual one where that is none."""
    with suppress(argparse.ArgumentTypeError, TypeError, ValueError, LookupError):
        width, height = tape.about["size"]
        return window_size(f"{width}x{height}")
    return USUAL


def progress(times: Sequence[float]) -> Iterator[float]:
    """The times, one after the other, with a bar on a terminal."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield from times
        return
    try:
        from tqdm import tqdm
    except ImportError:
        yield from times
        return
    yield from tqdm(times, unit="picture", leave=False)
