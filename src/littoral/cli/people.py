"""What `littoral units` and `littoral users` share: the records they open, and bulk imports."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say

if TYPE_CHECKING:
    from littoral.store.people.base import Base
    from littoral.store.people.directory import Directory
    from littoral.store.people.importing import Plan


def add_records(p: argparse.ArgumentParser) -> None:
    where = p.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, metavar="DIR", help="data folder of the server")
    where.add_argument("--records", metavar="URL", help="postgresql://... or sqlite:///...")


def add_import(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE", help="xlsx or csv")
    p.add_argument(
        "--apply", action="store_true", help="take it all; without this it is only looked at"
    )


def add_template(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE", help="to write: xlsx or csv")


def base_of(args: argparse.Namespace) -> Base:
    """Raises RecordsError, OSError. The database is made where the folder has none."""
    from littoral.store.database import Database
    from littoral.store.people.base import Base

    url = args.records or f"sqlite:///{args.data / 'records.sqlite'}"
    return Base(Database(url))


def who() -> str:
    """Who acts by the command line: `cli:` and the name of the system's account."""
    return f"cli:{getpass.getuser()}"


def guarded(args: argparse.Namespace, work: Callable[[argparse.Namespace, Directory], int]) -> int:
    """Runs `work` over the records; what is refused is said, exit code 2."""
    from littoral.store.database import RecordsError
    from littoral.store.people.accounts import AccountRefused
    from littoral.store.people.directory import Directory

    try:
        base = base_of(args)
        try:
            return work(args, Directory(base))
        finally:
            base.database.close()
    except AccountRefused as problem:
        say.error(f"{problem.field}: {problem}" if problem.field else str(problem))
    except (RecordsError, OSError) as problem:
        say.error(str(problem))
    return 2


def write_template(args: argparse.Namespace, what: str) -> int:
    from littoral.store.people.importing import SHEETS
    from littoral.store.people.sheets import CSV, XLSX, template

    kind = args.file.suffix.lower().lstrip(".")
    if kind not in (XLSX, CSV):
        say.error(f"{args.file}: must end in .xlsx or .csv")
        return 2
    args.file.write_bytes(template(SHEETS[what], kind))
    return 0


def told(args: argparse.Namespace, plan: Plan, what: str) -> int | None:
    """Says what the file would do. The exit code when that is all, None to carry it out."""
    for fault in plan.faults:
        say.error(f"{args.file}: {fault}")
    if plan.faults:
        print(f"{len(plan.faults):,} faults in {plan.rows:,} rows; nothing was taken")
        return 2
    if not args.apply:
        print(f"{plan.rows:,} rows are fit: {what}. Nothing was taken; --apply takes it")
        return 0
    return None
