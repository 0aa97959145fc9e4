"""`littoral replay`: a past stretch as raw lines at a chosen pace, for whatever reads a feed."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "replay",
        help="a past stretch to standard output, line by line at its pace",
        description="Of a server's folder the raw lines as they came, with their own times, by "
        "when they were received; of a run's lake, which keeps none, positions as JSON. "
        "`littoral replay DIR … | nc HOST PORT` plays it into another server.",
    )
    p.add_argument("lake", type=Path, metavar="DIR", help="of a server or of `littoral run --out`")
    p.add_argument("--from", dest="from_", required=True, metavar="TIME", help="RFC 3339")
    p.add_argument("--to", required=True, metavar="TIME", help="before this time")
    p.add_argument("--speed", type=float, default=1.0, help="0: as fast as it goes (%(default)g)")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.api.params import parse_sane_us
    from littoral.api.wire import iso
    from littoral.engine.served import lake_root

    if not args.lake.is_dir():
        say.error(f"{args.lake}: no such folder")
        return 2
    try:
        from_us, to_us = parse_sane_us(args.from_), parse_sane_us(args.to)
    except ValueError as problem:
        say.error(f"--from, --to: {problem}")
        return 2
    if from_us >= to_us:
        say.error("--to: must be later than --from")
        return 2
    if not (math.isfinite(args.speed) and args.speed >= 0):
        say.error("--speed: must be 0 or a number above it")
        return 2
    journal = args.lake / "journal"
    heard: list[int] = []
    if journal.is_dir():
        told = _raw(journal, from_us, to_us, heard)
    elif (lake_root(args.lake) / "observations").is_dir():
        told = _rows(args.lake, from_us, to_us)
    else:
        say.error(f"{args.lake}: is no folder of a server or a run: no journal, no observations")
        return 2
    count = 0
    started = time.monotonic()
    for at_us, text in told:
        if args.speed:
            ahead_s = (at_us - from_us) / 1e6 / args.speed - (time.monotonic() - started)
            if ahead_s > 0:
                sys.stdout.buffer.flush()
                time.sleep(ahead_s)
        sys.stdout.buffer.write(text)
        count += text.count(b"\n")
    sys.stdout.buffer.flush()
    print(f"{count:,} lines", file=sys.stderr)
    if not count and heard:
        first, last = iso(heard[0]), iso(heard[-1])
        print(f"received lines are there from {first} to {last}", file=sys.stderr)
    return 0


def _raw(journal: Path, from_us: int, to_us: int, heard: list[int]) -> Iterator[tuple[int, bytes]]:
    """(receive time, whole lines) as the journal has them. `heard` comes to hold the first and the
    last receive time there is."""
    from littoral.engine.numbered import HEAD_BYTES, LINES
    from littoral.store.journal_read import kept_entries

    for entry in kept_entries(journal):
        if entry.kind != LINES:
            continue
        heard[:] = [heard[0] if heard else entry.at_us, entry.at_us]
        if from_us <= entry.at_us < to_us:
            yield entry.at_us, entry.payload[HEAD_BYTES:]


def _rows(lake: Path, from_us: int, to_us: int) -> Iterator[tuple[int, bytes]]:
    """(event time, a JSON line) of each position, an hour in memory at a time."""
    import orjson

    from littoral.api.wire import iso
    from littoral.engine.replaying import stretch
    from littoral.engine.served import lake_root

    hour_us = 3_600_000_000
    names = ("mmsi", "lon_deg", "lat_deg", "sog_mps", "cog_deg", "heading_deg")
    for start in range(from_us, to_us, hour_us):
        rows = stretch(lake_root(lake), start, min(to_us, start + hour_us), False).then
        for i, at_us in enumerate(rows["t_us"].tolist()):
            told = {"t": iso(at_us)} | {name: rows[name][i] for name in names}
            yield at_us, orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"
