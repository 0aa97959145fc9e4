"""`littoral query SQL`: questions to the lake in SQL, answered by DuckDB."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from littoral.cli import say

MAX_WIDTH = 40


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "query",
        help="SQL over the lake",
        description="One SELECT over the views observations, statics, texts, tracks, alerts, and "
        "receivers, which names the numbers in the others' column station.",
    )
    p.add_argument("sql", help='e.g. "select rule, count(*) from alerts group by rule"')
    p.add_argument(
        "--data",
        type=Path,
        default=Path("demo-data"),
        metavar="DIR",
        help="of `littoral run --out` or of a server (default: %(default)s)",
    )
    p.add_argument("--json", action="store_true", help="one JSON object a row")
    p.add_argument("--csv", action="store_true")
    p.add_argument("--limit", type=int, default=1000, help="rows printed at most (%(default)s)")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.engine.served import select
    from littoral.store.lake import LakeError

    if not args.data.is_dir():
        say.error(f"{args.data}: no such folder; name one with --data")
        return 2
    try:
        table = select(args.data, args.sql)
    except LakeError as problem:
        say.error(str(problem))
        return 1
    more = table.num_rows - args.limit
    table = table.slice(0, args.limit)
    if args.json:
        for row in table.to_pylist():
            say.json_line(row)
    elif args.csv:
        import pyarrow.csv as pacsv

        from littoral.engine.export import flat, inert

        pacsv.write_csv(inert(flat(table)), sys.stdout.buffer)
    else:
        print_table(table)
    if more > 0:
        print(f"… {more:,} more rows; raise --limit to see them", file=sys.stderr)
    return 0


def print_table(table) -> None:
    """Aligned text; long values are cut."""
    names = table.schema.names
    rows = [[shown(v) for v in row.values()] for row in table.to_pylist()]
    widths = [max([len(n), *(len(r[i]) for r in rows)]) for i, n in enumerate(names)]
    print("  ".join(n.ljust(w) for n, w in zip(names, widths, strict=True)).rstrip())
    for row in rows:
        print("  ".join(v.ljust(w) for v, w in zip(row, widths, strict=True)).rstrip())


def shown(value) -> str:
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MAX_WIDTH else text[: MAX_WIDTH - 1] + "…"
