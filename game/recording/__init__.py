"""Recordings: what was shown, kept frame by frame, in memory or in a file, and read again.

    session ──Taken──> queue ──> a thread: Encoder ──message──> Memory (the last seconds)
                                                     └────────> Writer ──pipe──┐
                                      a process of its own: McapFile <─────────┘ (MCAP)
    Memory | FileTape = a Tape ──message──> Decoder ──Update──> whoever shows it

A message is handed on as the arrays' own bytes, without a copy. What a file holds stands in
CHANNELS.md. Used by the session, by replay and by export.
"""

VERSION = 1  # of what the channels hold


class RecordingError(ValueError):
    """A recording that cannot be written or read; one line: what, and what would be right."""
