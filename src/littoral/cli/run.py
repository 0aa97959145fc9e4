"""`littoral run FILE...`: recordings to tracks and alerts."""

from __future__ import annotations

import argparse
from pathlib import Path

from littoral.cli import say

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
PROFILE_HELP = "coastal (the product) or a published one; a rule without it runs as coastal"


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "run",
        help="recordings of AIS to tracks and alerts",
        description="Reads AIS logs (NMEA 0183; plain, gzip, zstd; - is standard input) and tables "
        "(CSV, Parquet), writes observations, tracks and alerts below --out.",
    )
    p.add_argument("files", nargs="+", metavar="FILE")
    p.add_argument("--out", type=Path, metavar="DIR", help="where to write; made if absent")
    add_rules(p)
    p.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        dest="columns",
        help="a table's column by name, e.g. lat=Breite; may be repeated",
    )
    p.add_argument(
        "--datum",
        choices=DATUMS,
        help="of a table's positions; asked for where no standard says it",
    )
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.add_argument(
        "--decode-only",
        action="store_true",
        help="print the messages of AIS logs and nothing else: no tracks, no alerts, no --out",
    )
    p.add_argument(
        "--json-lines",
        action="store_true",
        help="with --decode-only, and its only form: one message a line as gpsd's scaled AIS JSON, "
        "null for what is not available; the account of the lines goes to standard error, "
        "with --json as one JSON object",
    )
    return p


def add_rules(p: argparse.ArgumentParser) -> None:
    """What decides the rules of a run, live or over recordings."""
    p.add_argument("--profile", default="coastal", help=PROFILE_HELP)
    p.add_argument("--detectors", metavar="A,B", help="only these; all when absent")
    p.add_argument("--region", default="hainan", help="whose coast, rings and ports")
    p.add_argument(
        "--reception", type=Path, metavar="FILE", help="made by `littoral learn reception`"
    )
    p.add_argument(
        "--anchorages",
        type=Path,
        metavar="FILE",
        help="made by `littoral learn anchorages` (anchorages.geojson in the folder, if any)",
    )
    p.add_argument(
        "--lanes",
        type=Path,
        metavar="FILE",
        help="made by `littoral learn lanes` (lanes.arrow in the folder, if any)",
    )


def run(args: argparse.Namespace) -> int:
    if args.decode_only:
        from littoral.cli import decode_only  # compiled kernels, as below

        return decode_only.run(args.files, args.json)
    if args.json_lines:
        say.error("--json-lines goes with --decode-only")
        return 2
    if args.out is None:
        say.error("--out DIR is needed: where to write observations, tracks and alerts")
        return 2
    columns = {}
    for item in args.columns:
        name, equals, column = item.partition("=")
        if not equals or not name or not column:
            say.error(f"--map {item}: write FIELD=COLUMN, e.g. lat=Breite")
            return 2
        columns[name] = column
    names = args.detectors.split(",") if args.detectors else None
    return run_history(args, names, columns)


def not_of(files: list[str], tables: list[Path]) -> None:
    """Raises ValueError when an input is of the tables that the run writes anew."""
    for path in files:
        within = Path(path).resolve()
        if path != "-" and any(within.is_relative_to(t.resolve()) for t in tables):
            raise ValueError(f"{path} is of an earlier run in --out, which this one replaces")


def run_history(args: argparse.Namespace, names: list[str] | None, columns: dict[str, str]) -> int:
    # Imported here: compiled kernels take a second to load, and `--help` should not wait for them.
    from littoral.engine import core, warm
    from littoral.engine.history import History
    from littoral.engine.inputs import merge
    from littoral.engine.lake_out import WRITTEN
    from littoral.engine.reference import region_world
    from littoral.sense.decoded import StationList
    from littoral.sense.table import TableOptions

    try:
        rules = core.choose_rules(args.profile, names)
        world = region_world(args.region, args.reception, args.anchorages, args.lanes, args.out)
        not_of(args.files, [args.out / name for name in WRITTEN])
        progress = say.Progress("reading")
        stations = StationList()
        history = History(rules, world, stations, args.out, on_progress=progress.update)
    except (KeyError, ValueError, OSError) as problem:
        say.error(say.reason(problem))
        return 2
    inputs = merge(args.files, stations, TableOptions(args.datum, columns))
    warm.load(rules, world)
    report = history.run(inputs)
    progress.done()
    for failed in report.problems:
        say.error(f"{failed.path}: {failed.message}")
    if args.json:
        say.json_line(report.as_json())
    else:
        print(report.as_text(args.out))
    return 2 if report.problems else 0
