"""`littoral export`: tracks, alerts or observations as GeoJSON, Parquet or CSV."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from littoral.cli import say

FORMATS = (".geojson", ".parquet", ".csv")


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("export", help="tracks, alerts, observations as GeoJSON, Parquet, CSV")
    p.add_argument("table", choices=("observations", "tracks", "alerts", "statics", "texts"))
    p.add_argument("file", type=Path, help="the ending decides the format: " + ", ".join(FORMATS))
    p.add_argument("--data", type=Path, default=Path("demo-data"), metavar="DIR")
    p.add_argument("--where", help='a condition in SQL, e.g. "mmsi = 412000001"')
    p.add_argument("--limit", type=int, help="rows at most")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.engine.export import write_table
    from littoral.engine.served import select
    from littoral.store.lake import LakeError

    if args.file.suffix not in FORMATS:
        say.error(f"{args.file}: the ending must be one of {', '.join(FORMATS)}")
        return 2
    if not args.data.is_dir():
        say.error(f"{args.data}: no such folder; name one with --data")
        return 2
    query = f"select * from {args.table}"
    if args.where:
        query += f" where {args.where}"
    if args.limit is not None:
        query += f" limit {args.limit}"
    try:
        table = select(args.data, query)
    except LakeError as problem:
        say.error(str(problem))
        return 1
    write_table(table, args.file)
    print(f"{table.num_rows:,} rows in {args.file}", file=sys.stderr)
    return 0
