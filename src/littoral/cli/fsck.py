"""`littoral fsck DIR`: reads a server's journal by a reader that shares no code with the writer."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("fsck", help="check the journal of a data folder")
    p.add_argument("data", type=Path, metavar="DIR")
    p.add_argument("--json", action="store_true")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.store.journal_fsck import fsck_journal

    folder = args.data / "journal"
    if not folder.is_dir():
        say.error(f"{args.data}: holds no journal")
        return 2
    found = fsck_journal(folder)
    if args.json:
        by_kind = {str(kind): n for kind, n in found.by_kind.items()}  # JSON has text keys alone
        say.json_line({**dataclasses.asdict(found), "by_kind": by_kind})
    else:
        print(
            f"{found.records:,} records in {found.segments} segments, "
            f"{found.torn_bytes:,} bytes cut off at the end, {len(found.damage)} damaged places"
        )
        for damage in found.damage:
            print(f"  {damage}")
    return 1 if found.damage else 0
