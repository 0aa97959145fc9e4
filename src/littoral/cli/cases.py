"""`littoral cases`: cases of before that belong to no agency; giving one to the agency it is of.

Nobody works in a case without an agency, so nobody of the pages may say whose it is: an agency
could take another's. The operator of the machine does, who sees neither title nor person.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from littoral.access.words import AGENCIES
from littoral.cli import say
from littoral.cli.people import add_records, over_records, who

if TYPE_CHECKING:
    from littoral.store.people.base import Base


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("cases", help="cases that belong to no agency: list, assign")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="those without an agency; never what they are about")
    add_records(listing)
    listing.add_argument("--json", action="store_true")
    give = verbs.add_parser("assign", help="say which agency a case is of, once")
    give.add_argument("case", help="its id, as `list` shows it")
    give.add_argument("agency", choices=AGENCIES, metavar="AGENCY", help=", ".join(AGENCIES))
    add_records(give)
    return p


def run(args: argparse.Namespace) -> int:
    return over_records(args, {"list": _list, "assign": _assign}[args.verb])


def _list(args: argparse.Namespace, base: Base) -> int:
    from littoral.api.wire import iso
    from littoral.store.vault.cases import without_agency

    with base.database.read() as connection:
        found = without_agency(connection)
    for row in found:
        if args.json:
            say.json_line(
                {
                    "id": row.id, "unit": row.unit, "purpose": row.purpose, "state": row.state,
                    "opened_by": row.opened_by, "opened": iso(row.opened_us),
                }
            )  # fmt: skip
        else:
            print(f"{row.id}  {row.unit:<14} {row.purpose:<24} {row.state:<7} {row.opened_by}")
    return 0


def _assign(args: argparse.Namespace, base: Base) -> int:
    from littoral.store.vault.cases import assign

    with base.change(who()) as change:
        assign(change.connection, args.case, args.agency)
        change.tell("case.assign", args.case, args.agency)
    print(f"{args.case} is of {args.agency}")
    return 0
