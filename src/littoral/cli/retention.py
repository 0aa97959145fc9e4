"""`littoral retention`: whether it is paused since a restore, and going on with it.

The operator of the machine put the records back and knows from when they are; so it is the operator
who says that the holds are looked at, here and not on a page.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.people import add_records, over_records, who

if TYPE_CHECKING:
    from littoral.store.people.base import Base


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("retention", help="paused since a restore: status, resume")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    status = verbs.add_parser("status", help="whether it is paused, and since what")
    add_records(status)
    resume = verbs.add_parser("resume", help="the holds were looked at: erase what is due again")
    add_records(resume)
    return p


def run(args: argparse.Namespace) -> int:
    return over_records(args, {"status": _status, "resume": _resume}[args.verb])


def _status(args: argparse.Namespace, base: Base) -> int:
    from littoral.api.wire import iso
    from littoral.store.vault.pausing import paused

    with base.database.read() as connection:
        found = paused(connection)
    if found is None:
        print("not paused")
    else:
        print(
            f"paused since {iso(found.at_us)}: the records know nothing of the entries "
            f"{found.first} to {found.until - 1} of the log"
        )
    return 0


def _resume(args: argparse.Namespace, base: Base) -> int:
    from littoral.store.vault import pausing

    with base.change(who()) as change:
        found = pausing.resume(change.connection)
        if found is not None:
            change.tell(pausing.RESUME, "retention", f"unknown {found.first} to {found.until}")
    if found is None:
        say.error("retention is not paused")
        return 2
    print("resumed")
    return 0
