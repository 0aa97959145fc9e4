"""`littoral keys`: keys of systems; list, make, revoke; and renew, by the system that holds it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from littoral.cli import renewal, say
from littoral.cli.people import add_records, guarded, who

if TYPE_CHECKING:
    from littoral.store.people.directory import Directory

DAY_US = 86_400_000_000


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("keys", help="keys of systems: list, make, revoke, renew")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="all keys, the newest first; never what they are")
    add_records(listing)
    listing.add_argument("--json", action="store_true")
    make = verbs.add_parser("create", help="make a key and print it, once")
    make.add_argument("name", help="of the system that holds it")
    make.add_argument(
        "--action", action="append", required=True, metavar="ACTION",
        help="that it may do, as intake.write; may be given several times",
    )  # fmt: skip
    make.add_argument("--unit", required=True, metavar="CODE")
    make.add_argument("--agency", metavar="CODE")
    make.add_argument("--days", type=int, default=90, help="that it is good for (%(default)s)")
    add_records(make)
    revoke = verbs.add_parser("revoke", help="end a key at once")
    revoke.add_argument("prefix", help="of the key, as `list` shows it")
    add_records(revoke)
    renewing = verbs.add_parser(
        "renew", help="change the key in a file for a new one, on the machine of its system"
    )
    renewal.add(renewing)
    return p


def run(args: argparse.Namespace) -> int:
    if args.verb == "renew":
        return renewal.run(args)
    return guarded(args, {"list": _list, "create": _create, "revoke": _revoke}[args.verb])


def _list(args: argparse.Namespace, directory: Directory) -> int:
    import time

    from littoral.api.wire import iso

    for key in directory.api_keys():
        until = iso(key.ends_us)
        over = not key.works(time.time_ns() // 1000)
        if args.json:
            shown = {"prefix": key.prefix, "name": key.name, "actions": key.actions}
            say.json_line({**shown, "unit": key.unit, "expires": until, "ended": over})
        else:
            state = "ended" if over else f"until {until}"
            print(f"{key.prefix:<12} {key.unit:<14} {state:<32} {key.name}")
    return 0


def _create(args: argparse.Namespace, directory: Directory) -> int:
    import time

    expires_us = time.time_ns() // 1000 + args.days * DAY_US
    written, _ = directory.create_key(
        args.name, args.action, args.unit, args.agency, expires_us, who()
    )
    print(written)
    return 0


def _revoke(args: argparse.Namespace, directory: Directory) -> int:
    found = [k for k in directory.api_keys() if k.prefix == args.prefix]
    if not any(directory.end_key(k.id, who()) for k in found):
        say.error(f"there is no key in use {args.prefix!r}")
        return 2
    print(f"revoked: {args.prefix}")
    return 0
