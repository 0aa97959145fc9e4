"""`littoral ask`: the past without SQL: who was where, who went on, voyages, an alert."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path

from littoral.cli import say

MOST_HOURS = 24 * 30  # as over HTTP
AREA = 'corners "lon,lat lon,lat lon,lat …", or fence:ID of a server\'s folder'


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("ask", help="questions to the past without SQL")
    asks = p.add_subparsers(dest="ask", required=True, metavar="QUESTION")
    inside = asks.add_parser("inside", help="vessels heard in an area between two times")
    inside.add_argument("area", help=AREA)
    then = asks.add_parser("then", help="vessels heard in one area and soon after in another")
    then.add_argument("area", help=AREA)
    then.add_argument("to_area", help="the second, likewise")
    then.add_argument("--within-hours", type=float, default=24.0, metavar="H")
    voyages = asks.add_parser("voyages", help="a vessel's voyages from port to port")
    voyages.add_argument("mmsi", type=int)
    alert = asks.add_parser(
        "alert", help="an alert's versions, and what it rests on down to the raw lines"
    )
    alert.add_argument("id")
    order = asks.add_parser(
        "prepare", help="put a run's lake in order of place once, so that questions read little"
    )
    order.add_argument("--data", type=Path, default=Path("demo-data"), metavar="DIR")
    for one in (inside, then, voyages):
        one.add_argument("--from", dest="from_", required=True, metavar="TIME", help="RFC 3339")
        one.add_argument("--to", required=True, metavar="TIME", help="before this time")
    for one in (inside, then, voyages, alert):
        one.add_argument("--data", type=Path, default=Path("demo-data"), metavar="DIR")
        one.add_argument("--json", action="store_true", help="one JSON object a row")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.store.lake import LakeError

    if not args.data.is_dir():
        say.error(f"{args.data}: no such folder; name one with --data")
        return 2
    try:
        if args.ask == "prepare":
            return _prepare(args.data)
        if args.ask == "alert":
            return _alert(args)
        rows = _asked(args)
    except ValueError as problem:
        say.error(str(problem))
        return 2
    except LakeError as problem:
        say.error(str(problem))
        return 1
    _print(args, rows)
    return 0


def _print(args: argparse.Namespace, rows: list[dict]) -> None:
    if args.json:
        for row in rows:
            say.json_line(row)
    else:
        import pyarrow as pa

        from littoral.cli.query import print_table

        print_table(pa.Table.from_pylist(rows))


def _prepare(data: Path) -> int:
    """A server does this by itself, for each day that is over."""
    from littoral.engine.figures import Figures
    from littoral.engine.served import lake_root
    from littoral.schema.span import LAST_US
    from littoral.store.lake import Lake

    with Lake(lake_root(data)) as lake:
        rows = lake.order_places(LAST_US)
        days = Figures(lake.root).keep_days(LAST_US)
    print(f"{rows:,} positions put in order of place, {days:,} days counted", file=sys.stderr)
    return 0


def _asked(args: argparse.Namespace) -> list[dict]:
    from littoral.api.params import parse_sane_us
    from littoral.api.past import answers
    from littoral.engine import asking
    from littoral.engine.served import lake_root

    from_us, to_us = parse_sane_us(args.from_), parse_sane_us(args.to)
    if from_us >= to_us:
        raise ValueError("--to: must be later than --from")
    world, lake = _world(args.data), lake_root(args.data)
    started = time.perf_counter()
    if args.ask == "voyages":
        past = asking.past_of(lake, args.mmsi, None, from_us, to_us, asking.places_of(world))
        rows, read = answers.part_rows(past.parts), past.read
    elif args.ask == "inside":
        found = asking.inside(lake, _area(args.area, world), from_us, to_us)
        rows, read = answers.visit_rows(found.visits, _names(args.data)), found.read
    else:
        if not 0 < args.within_hours <= MOST_HOURS:
            raise ValueError(f"--within-hours: must be above 0 and at most {MOST_HOURS}")
        first, second = (_area(a, world) for a in (args.area, args.to_area))
        within_us = int(args.within_hours * 3.6e9)
        went = asking.then(lake, first, second, from_us, to_us, within_us)
        rows, read = answers.passage_rows(went.passages, _names(args.data)), went.read
    plan = answers.plan_of(read, time.perf_counter() - started)
    print(
        f"read {plan['files']:,} of {plan['files_of']:,} files, {plan['rows']:,} rows, "
        f"in {plan['seconds']:.2f} s",
        file=sys.stderr,
    )
    return rows


def _world(data: Path):
    """The region's, with the fences that stand in the folder of a server."""
    from littoral.engine.reference import region_world
    from littoral.engine.served import fences

    world = region_world("hainan")
    drawn = fences(data)
    return world if drawn is None else dataclasses.replace(world, geofences=drawn)


def _area(text: str, world):
    from littoral.api.past.area_text import parse_area

    try:
        return parse_area(text, world)
    except ValueError as problem:
        raise ValueError(f"area {text}: {problem}") from None


def _names(data: Path):
    """The table of tracks as the folder has it, for their names."""
    from littoral.api.past.answers import Names
    from littoral.engine.served import fleet

    return Names(fleet(data))


def _alert(args: argparse.Namespace) -> int:
    """Its versions, then the observations that it rests on with their raw lines. What people did
    about it is on the page, for those who may see it."""
    from littoral.api.wire import iso
    from littoral.engine import trail
    from littoral.store.database import NotFound

    key = args.id
    if not key.isalnum():
        raise ValueError(f"{key}: not the id of an alert")
    try:
        versions = trail.versions(args.data, key)
    except NotFound:
        raise ValueError(f"{key}: no such alert in {args.data}") from None
    rests_on = trail.observations(args.data, versions[-1]["evidence"] or [])
    for part, at, rows in (("version", "updated_us", versions), ("observation", "t_us", rests_on)):
        told = [{"part": part, "t": iso(row.pop(at)), **row} for row in rows]
        _print(args, told)
    return 0
