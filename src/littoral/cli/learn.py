"""`littoral learn`: from a lake, what receivers hear where, where vessels lie, or where traffic
goes, as a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "learn",
        help="learn reception, anchorages or lanes from past data",
        description="What is learned is an input of its own, with a version: a run never learns "
        "silently. Give the file to `run`, `serve` or `demo` with --reception, --anchorages or "
        "--lanes; anchorages.geojson and lanes.arrow in a data folder are taken by themselves.",
    )
    p.add_argument("what", choices=("reception", "anchorages", "lanes"))
    p.add_argument("--data", type=Path, required=True, metavar="DIR")
    p.add_argument("--out", type=Path, required=True, metavar="FILE")
    p.add_argument("--region", default="hainan", help="whose ports anchorages are called after")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.engine.served import lake_root

    root = lake_root(args.data)
    if not root.is_dir():
        say.error(f"{args.data}: no such folder")
        return 2
    progress = say.Progress("learning")
    if args.what == "reception":
        return _reception(args, root, progress)
    if args.what == "lanes":
        return _lanes(args, root, progress)
    return _anchorages(args, root, progress)


def _reception(args: argparse.Namespace, root: Path, progress: say.Progress) -> int:
    from littoral.engine.learn import learn_reception
    from littoral.engine.reference import write_reception

    learned, rows = learn_reception(root, progress.update)
    progress.done()
    if not rows:
        return _nothing(args)
    write_reception(args.out, learned)
    print(f"learned from {rows:,} positions: version {learned.version}, {args.out}")
    return 0


def _lanes(args: argparse.Namespace, root: Path, progress: say.Progress) -> int:
    from littoral.engine.learn_lanes import learn_lanes
    from littoral.engine.reference import write_lanes

    learned, rows = learn_lanes(root, progress.update)
    progress.done()
    if not rows:
        return _nothing(args)
    write_lanes(args.out, learned)
    print(f"learned from {rows:,} positions: version {learned.version}, {args.out}")
    return 0


def _anchorages(args: argparse.Namespace, root: Path, progress: say.Progress) -> int:
    from littoral.area.anchorage_file import named
    from littoral.engine.learn import learn_anchorages
    from littoral.engine.reference import region_world, write_anchorages

    try:
        world = region_world(args.region)
    except KeyError as problem:
        say.error(say.reason(problem))
        return 2
    learned, rows = learn_anchorages(root, progress.update)
    progress.done()
    if not rows:
        return _nothing(args)
    version = write_anchorages(args.out, named(learned, world))
    print(
        f"learned {len(learned):,} anchorage points from {rows:,} positions: version {version}, "
        f"{args.out}"
    )
    if not learned:
        print("nowhere have 20 vessels lain for 12 hours: the file would say there is no anchorage")
    return 0


def _nothing(args: argparse.Namespace) -> int:
    say.error(f"{args.data}: holds no positions to learn from")
    return 1
