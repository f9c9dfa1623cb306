"""The benchmark's command line and its table: `python -m tests.bench [--quick]`."""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module, metadata
from typing import Any

from tests.bench.measure import Missing, Row

# Group -> its module and function there, in the order of the table.
GROUPS = {
    "snapshot": ("snapshot", "snapshots"),
    "publish": ("snapshot", "publishes"),
    "wait": ("waits", "waits"),
    "lockstep": ("lockstep", "locksteps"),
    "draw": ("draw", "draws"),
    "frame": ("frame", "frames"),
    "workers": ("workers", "workers"),
    "start": ("start", "starts"),
    "add": ("processes", "adds"),
    "close": ("processes", "closes"),
    "memory": ("processes", "memory"),
    "forks": ("forks", "forks"),
    "ends": ("forks", "ends"),
    "growth": ("growth", "growth"),
    "game": ("frame", "games"),
    "hundred": ("crowd", "hundred"),
    "busy": ("crowd", "busy"),
    "rest": ("crowd", "rest"),
    "watch": ("watching", "costs"),
    "attach": ("watching", "attaches"),
    "record": ("recording", "recordings"),
    "sight": ("flocks", "sights"),
    "flock": ("flocks", "flocks"),
    "thousand": ("frame", "thousand"),
    "twothousand": ("crowd", "two_thousand"),
    "cluster": ("cluster", "clusters"),
}
LONG = ("record", "thousand", "twothousand", "cluster")  # not with --quick
VERSIONS = ("numpy", "pygame", "pygame-ce", "gymnasium", "matplotlib", "psutil", "ray")
LINE = "{:11} {:31} {:>11} {:>11} {:5} {:>9}  {:10} {}"


def main() -> int:
    """Measure what was asked for, and print each row as soon as it is there."""
    given = parser().parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # cleans up
    os.environ.update(SDL_VIDEODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")
    began, about = time.perf_counter(), machine()
    for name, value in about.items():
        print(f"{name:9} {value}")
    print("Each figure is a median, measured in turn; less is better. ratio = other / ours.\n")
    print(LINE.format("row", "case", "ours", "other", "unit", "ratio", "", "other is; remarks"))
    rows = []
    for row in measured(given.row or chosen(given.quick), given.quick):
        print(line(row), flush=True)
        rows.append(row)
    about["seconds"] = round(time.perf_counter() - began, 1)
    lost = sum(row.verdict == "OURS LOSES" for row in rows)
    print(f"\n{len(rows)} rows in {about['seconds']} s; ours loses {lost}.")
    if given.json:
        write(given.json, about, rows)
    return 0


def parser() -> argparse.ArgumentParser:
    """The options and their help."""
    p = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    p.add_argument("--quick", action="store_true", help="about a minute: fewer rounds, no long row")
    p.add_argument("--json", metavar="FILE", help="save the figures")
    p.add_argument(
        "--row", action="append", choices=GROUPS, help="only this group; may be repeated"
    )
    return p


def chosen(quick: bool) -> list[str]:
    """The groups that a run without --row measures."""
    return [name for name in GROUPS if not (quick and name in LONG)]


def measured(names: list[str], quick: bool) -> Iterator[Row]:
    """The rows of some groups; where a group cannot be measured, a row that says why."""
    for name in names:
        module, function = GROUPS[name]
        try:
            yield from getattr(import_module(f"tests.bench.{module}"), function)(quick)
        except (Missing, ImportError, OSError) as why:
            yield Row(name, "", "", None, "-", None, f"not measured: {why}")


def machine() -> dict[str, Any]:
    """The machine, the date and the versions."""
    versions = [f"Python {platform.python_version()}"]
    for package in VERSIONS:
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "machine": f"{os.cpu_count()} cores, {platform.platform()}, load before the run {load}",
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "versions": ", ".join(versions),
    }


def line(row: Row) -> str:
    """A row of the table."""
    ratio = "-" if row.ratio is None else f"{figure(row.ratio)}x"
    words = f"{row.peer}; {row.note}" if row.note else row.peer
    costs = figure(row.ours), figure(row.theirs)
    return LINE.format(row.name, row.case, *costs, row.unit, ratio, row.verdict, words)


def figure(value: float | None) -> str:
    """A number with three digits that mean something."""
    if value is None:
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def write(path: str, about: dict[str, Any], rows: list[Row]) -> None:
    """Save the figures as one JSON object."""
    listed = [{**row._asdict(), "ratio": row.ratio, "verdict": row.verdict} for row in rows]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**about, "rows": listed}, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
