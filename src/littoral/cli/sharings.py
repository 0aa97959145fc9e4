"""`littoral units share`, `sharings`, `unshare`: what a unit shows others of its own."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.people import add_records, who

if TYPE_CHECKING:
    from littoral.store.people.directory import Directory


def add_sharings(verbs) -> None:
    p = verbs.add_parser("share", help="let another unit or an agency see things of a unit")
    p.add_argument("unit", metavar="UNIT", help="whose things are shown, and of all within it")
    p.add_argument("other", metavar="WITH", help="code of the unit or the agency that sees them")
    p.add_argument(
        "--kind", required=True,
        help="incident, task, responder, duty, case, evidence, or * for all but the last two",
    )  # fmt: skip
    p.add_argument("--agency", default="", help="those of this agency alone, as police")
    p.add_argument("--reason", required=True)
    p.add_argument("--from", dest="begins", metavar="DAY", help="from that day on; else now")
    p.add_argument("--until", dest="ends", metavar="DAY", help="until that day; else open")
    add_records(p)
    listing = verbs.add_parser("sharings", help="agreements, by when they were made")
    listing.add_argument("--ended", action="store_true", help="also those that have ended")
    add_records(listing)
    over = verbs.add_parser("unshare", help="end an agreement now")
    over.add_argument("id", metavar="ID")
    over.add_argument("--reason", required=True)
    add_records(over)


def share(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.importing import read_day
    from littoral.store.people.sharings import SharingRefused, Wanted

    try:
        begins, ends = (None if d is None else read_day(d) for d in (args.begins, args.ends))
        wanted = Wanted(args.unit, args.other, args.kind, args.reason, args.agency, begins, ends)
        made = directory.share(wanted, who())
    except SharingRefused as error:
        say.error(f"{error.field}: {error}")
        return 2
    except ValueError as error:  # no day
        say.error(str(error))
        return 2
    print(made.id)
    return 0


def sharings(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.api.wire import iso, iso_or_none
    from littoral.store.clock import clock_us

    ended_us = None if args.ended else clock_us()
    for row in directory.sharings(ended_us=ended_us):
        whose = f"{row.unit}/{row.agency}" if row.agency else row.unit
        until = iso_or_none(row.valid_to_us) or "open"
        print(f"{row.id}  {row.kind:<9} {whose:<20} {row.shared_with:<20} "
              f"{iso(row.valid_from_us)} {until}  {row.reason}")  # fmt: skip
    return 0


def unshare(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.sharings import SharingRefused

    try:
        done = directory.unshare(args.id, args.reason, who())
    except SharingRefused as error:
        say.error(f"{error.field}: {error}")
        return 2
    if not done:
        say.error(f"there is no agreement {args.id} that goes on")
        return 1
    print(f"ended: {args.id}")
    return 0
