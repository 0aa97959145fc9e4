"""`littoral learn`: what receivers hear where, or where traffic goes, as a versioned file."""

from __future__ import annotations

import argparse
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "learn",
        help="learn reception or lanes from past data",
        description="What is learned is an input of its own, with a version: a run never learns "
        "silently. Give the file to `run`, `serve` or `demo` with --reception or --lanes.",
    )
    p.add_argument("what", choices=("reception", "lanes"))
    p.add_argument("--data", type=Path, required=True, metavar="DIR")
    p.add_argument("--out", type=Path, required=True, metavar="FILE")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.engine.learn import learn_reception
    from littoral.engine.learn_lanes import learn_lanes
    from littoral.engine.reference import write_lanes, write_reception
    from littoral.engine.served import lake_root

    root = lake_root(args.data)
    if not root.is_dir():
        say.error(f"{args.data}: no such folder")
        return 2
    progress = say.Progress("learning")
    if args.what == "lanes":
        lanes, rows = learn_lanes(root, progress.update)
        version = lanes.version
    else:
        reception, rows = learn_reception(root, progress.update)
        version = reception.version
    progress.done()
    if not rows:
        say.error(f"{args.data}: holds no positions to learn from")
        return 1
    if args.what == "lanes":
        write_lanes(args.out, lanes)
    else:
        write_reception(args.out, reception)
    print(f"learned from {rows:,} positions: version {version}, {args.out}")
    return 0
