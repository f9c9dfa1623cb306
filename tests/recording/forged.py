"""Recordings that somebody has made up: of the right format, with anything in them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

Change = Callable[[str, dict[str, Any]], None]  # of a message's topic and its line of JSON


def forged(
    path: Path,
    out: Path,
    change: Change = lambda topic, header: None,
    about: Mapping[str, Any] | None = None,
    packed: CompressionType = CompressionType.ZSTD,
) -> Path:
    """Write a recording once more, with its lines changed and other values in what it says of
    itself: text stands there as it is, all else as JSON."""
    with path.open("rb") as file:
        reader = make_reader(file)
        told = dict(next(iter(reader.iter_metadata())).metadata)
        messages = [(c.topic, m.log_time, m.data) for _, c, m in reader.iter_messages()]
    for key, value in (about or {}).items():
        told[key] = value if isinstance(value, str) else json.dumps(value)
    with out.open("wb") as file:
        made = Writer(file, 1 << 20, packed)
        made.start(profile="array-arena")
        made.add_metadata("run", told)
        schema = made.register_schema("array-arena.changes", "", b"")
        channels = {topic: made.register_channel(topic, "x", schema) for topic, _, _ in messages}
        for topic, time, data in messages:
            line, end, rest = data.partition(b"\n")
            header = json.loads(line)
            change(topic, header)
            data = json.dumps(header).encode() + end + rest
            made.add_message(channels[topic], time, data, time)
        made.finish()
    return out
