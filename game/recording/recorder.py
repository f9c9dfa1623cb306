"""The recorder: takes every frame that was shown, and has a thread write it.

    session ──take──> queue, at most ROOM ──> thread ──> Memory, Writer
                        │ full
                        v
              left out, whole, and counted

Nothing here waits for the thread, but the end. Made by the session's side.
"""

import signal
from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any, Protocol

from game.frame import Frame
from game.recording.changes import Buffer, Encoder
from game.recording.tape import Mark
from game.recording.update import Parts, Taken

ROOM = 64_000_000  # [bytes] of frames that wait to be written
SECONDS = 30.0  # [s] that the end waits for the thread


class Sink(Protocol):
    """Where messages go."""

    def write(self, time: float, message: Sequence[Buffer], whole: bool, checkpoint: Any) -> None:
        """Keep an update."""

    def note(self, mark: Mark) -> None:
        """Keep a mark."""

    def finish(self) -> None:
        """Nothing more comes."""


class Recorder:
    """Hands frames to sinks, each an update and a few marks, without waiting for them."""

    def __init__(self, failed: Callable[[Sink, Exception], object], single: bool = False) -> None:
        """`failed` is told, from the thread, of a sink that cannot go on; `single` keeps the
        values as float32."""
        self.left_out = 0  # updates that there was no room for
        self._failed = failed
        self._single = ("frame.values",) if single else ()
        self._changed = Condition()
        self._waiting: deque[tuple[Taken, Sequence[Mark], int]] = deque()
        self._held = 0  # [bytes] that wait
        self._missed: Taken | None = None  # the ones that were left out, together
        self._marks: list[Mark] = []
        self._sinks: list[Sink] = []
        self._new = False  # one of them has got nothing yet
        self._closed = False
        self._thread: Thread | None = None
        self.began: float | None = None  # [s] on the session's clock: when the first was shown

    # For the session.

    @property
    def sinks(self) -> Sequence[Sink]:
        """Where it goes at this moment."""
        return self._sinks

    def add(self, sink: Sink) -> None:
        """Hand everything to a sink as well, from the next frame on."""
        with self._changed:
            self._sinks = [*self._sinks, sink]
            self._new = True

    def remove(self, sink: Sink) -> None:
        """Hand nothing more to a sink, and finish it, once what waits is written."""
        self.wait()
        if self.drop(sink):
            self._finish(sink)

    def drop(self, sink: Sink) -> bool:
        """Hand nothing more to a sink, from now on; whether it got anything until now."""
        with self._changed:
            there = sink in self._sinks
            self._sinks = [one for one in self._sinks if one is not sink]
        return there

    def take(self, taken: Taken, marks: Sequence[Mark] = ()) -> bool:
        """Have a frame written; False where there was no room for it."""
        if self._missed is not None:
            taken = together(self._missed, taken)
        size = weight(taken.frame)
        with self._changed:
            if self._held and self._held + size > ROOM:
                self.left_out += 1
                self._missed = taken._replace(checkpoint=None)
                self._marks += marks
                return False
            if self.began is None:
                self.began = taken.frame.now
            self._waiting.append((taken, [*self._marks, *marks], size))
            self._held += size
            self._missed, self._marks = None, []
            self._changed.notify_all()
        if self._thread is None:
            self._start()
        return True

    def wait(self, seconds: float = SECONDS) -> bool:
        """Wait until all that waits is written; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, seconds)

    def close(self) -> None:
        """Write what waits, and finish every sink."""
        self.wait()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(SECONDS)
        for sink in self._sinks:
            self._finish(sink)
        self._sinks = []

    def _finish(self, sink: Sink) -> None:
        try:
            sink.finish()
        except Exception as error:
            self._failed(sink, error)

    # The thread.

    def _start(self) -> None:
        self._thread = Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # it is the main thread's
        encoder, parts = Encoder(self._single), Parts()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                taken, marks, size = self._waiting.popleft()
                sinks, new, self._new = self._sinks, self._new, False
            time, whole = taken.frame.now - (self.began or 0.0), new or taken.checkpoint is not None
            try:
                message = encoder.message(*parts.of(taken), whole)
            except Exception as error:  # what a scene from outside remembers may be anything
                for sink in sinks:
                    self.drop(sink)
                    self._failed(sink, error)
            else:
                for sink in sinks:
                    self._write(sink, time, message, whole, taken.checkpoint, marks)
                del message
            del taken
            with self._changed:
                self._held -= size
                self._changed.notify_all()

    def _write(
        self,
        sink: Sink,
        time: float,
        message: Sequence[Buffer],
        whole: bool,
        checkpoint: Any,
        marks: Sequence[Mark],
    ) -> None:
        """Have a sink keep an update; one that cannot is left out from then on."""
        try:
            for mark in marks:
                sink.note(mark)
            sink.write(time, message, whole, checkpoint or None)
        except Exception as error:
            self.drop(sink)
            self._failed(sink, error)


def together(missed: Taken, taken: Taken) -> Taken:
    """A frame with what happened in those before it that were left out."""
    frame = taken.frame
    if missed.frame.fresh.shape == frame.fresh.shape:
        frame = frame.next(fresh=frame.fresh | missed.frame.fresh)
    events = [*missed.own.get("events", ()), *taken.own.get("events", ())]
    own = {**missed.own, **taken.own, "events": events}
    return taken._replace(frame=frame, own=own, members={**missed.members, **taken.members})


def weight(frame: Frame) -> int:
    """The room that a frame takes, about, while it waits [bytes]."""
    return frame.values.nbytes + 80 * len(frame.updates) + 2000
