"""What `littoral units`, `users` and `keys` share: the records, the log, and bulk imports."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say

if TYPE_CHECKING:
    from littoral.store.database import Database
    from littoral.store.people.base import Base
    from littoral.store.people.directory import Directory
    from littoral.store.people.importing import Plan
    from littoral.store.people.outbox import LogEnd


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


def who() -> str:
    """Who acts by the command line, as the log refers to it: `operator:` and the name of the
    system's account."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", getpass.getuser()).lstrip("._-")
    return f"operator:{name or 'unknown'}"


def guarded(args: argparse.Namespace, work: Callable[[argparse.Namespace, Directory], int]) -> int:
    """`over_records`, for what asks the directory."""
    from littoral.store.people.directory import Directory

    return over_records(args, lambda asked, base: work(asked, Directory(base)))


def over_records(args: argparse.Namespace, work: Callable[[argparse.Namespace, Base], int]) -> int:
    """Runs `work` over the records; what is refused is said, exit code 2. What it changed is in
    the log when it returns; while a server has the log, the server puts it there."""
    from littoral.store.database import Database, RecordsError
    from littoral.store.people.accounts import AccountRefused
    from littoral.store.people.api_keys import KeyRefused
    from littoral.store.people.base import Base
    from littoral.store.people.outbox import Outbox

    try:
        database = Database(args.records or f"sqlite:///{args.data / 'records.sqlite'}")
        try:
            outbox = Outbox(database)
            code = work(args, Base(database, keeper=outbox))
            if outbox.waiting():
                _settle(args.data, database)
            return code
        finally:
            database.close()
    except (AccountRefused, KeyRefused) as problem:
        say.error(f"{problem.field}: {problem}" if problem.field else str(problem))
    except (RecordsError, OSError) as problem:
        say.error(str(problem))
    return 2


def _settle(data: Path | None, database: Database) -> None:
    """Into the log where this process may write it; else it waits in the records for the server,
    which is said."""
    from littoral.store.log.note import NoteError
    from littoral.store.log.writer import LogError
    from littoral.store.people.outbox import Outbox
    from littoral.store.vault.keyfiles import KeyFolderError
    from littoral.store.vault.master import MasterError

    why = "no log is here that this account writes"
    if data is not None and _is_mine(data / "log"):
        try:
            with _log_end(data, database) as end:
                outbox = Outbox(database, end)
                outbox.settle()
                outbox.tidy()
                return
        except (LogError, NoteError, KeyFolderError, MasterError, TimeoutError, OSError) as problem:
            why = say.reason(problem)
    print(f"littoral: the server takes this into its log ({why})", file=sys.stderr)


def _is_mine(log: Path) -> bool:
    """A log that was begun, of this account: files of another owner would stop the server."""
    return (log / "checkpoint").exists() and log.stat().st_uid == os.geteuid()


@contextmanager
def _log_end(data: Path, database: Database) -> Iterator[LogEnd]:
    """Raises LogError while another process writes it."""
    from littoral.engine.trust import keys_folder
    from littoral.store.clock import clock_us
    from littoral.store.log.signing import load_key
    from littoral.store.log.writer import Log
    from littoral.store.people.outbox import LogEnd, Outbox
    from littoral.store.vault.keyring import KeyRing
    from littoral.store.vault.logged import log_key, recorder
    from littoral.store.vault.vault import Vault

    with Log(data / "log", load_key(keys_folder(data) / "log.key")) as log:
        vault = Vault(database, KeyRing.open(data, clock_us()))
        key = log_key(vault, clock_us(), Outbox(database).keep_entries)
        yield LogEnd(log, recorder(log.append, key), key)


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
