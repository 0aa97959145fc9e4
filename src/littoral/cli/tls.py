"""`littoral tls`: an authority of the deployment's own, and how phones come to trust it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.tls_options import FOLDER, own_authority, within_url

if TYPE_CHECKING:
    from littoral.store.certificates import Authority


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "tls", help="certificates of the deployment's own, so that phones reach it by HTTPS"
    )
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser(
        "make",
        help="make an authority and the server's certificate, once",
        description="For networks without a public name. The authority can vouch for the hosts "
        "given here and for nothing else; another host needs another authority.",
    )
    make.add_argument(
        "host", nargs="+", metavar="HOST", help="name or address that phones reach the server by; "
        "the first is the one they are given",
    )  # fmt: skip
    make.add_argument(
        "--name", default="Littoral 滨海", help="as phones list what they trust (%(default)s)"
    )
    show = verbs.add_parser("show", help="fingerprint, hosts and ends")
    show.add_argument("--json", action="store_true")
    renew = verbs.add_parser(
        "renew", help="a new certificate of the server; one that runs takes it at its next start"
    )
    sheet = verbs.add_parser("sheet", help="a page to print and hang up: code to scan, fingerprint")
    sheet.add_argument("file", type=Path, metavar="FILE", help="HTML")
    sheet.add_argument(
        "--tls-port", type=int, default=8443, help="of --tls of `littoral serve` (%(default)s)"
    )
    sheet.add_argument(
        "--trust-port", type=int, default=8080, help="of --trust-page there (%(default)s)"
    )
    for verb in (make, show, renew, sheet):
        verb.add_argument("--data", type=Path, required=True, metavar="DIR")
    return p


def run(args: argparse.Namespace) -> int:
    do = {"make": _make, "show": _show, "renew": _renew, "sheet": _sheet}[args.verb]
    try:
        return do(args)
    except ValueError as problem:
        say.error(str(problem))
        return 2


def _make(args: argparse.Namespace) -> int:
    from littoral.engine.trust import keys_folder
    from littoral.store.certificates import KEY, made

    authority = made(keys_folder(args.data) / FOLDER, args.name, args.host, datetime.now(UTC))
    _print(authority)
    print(
        f"\nThe key {authority.folder / KEY} is needed to renew the server's certificate alone: "
        "keep a copy apart from this machine."
    )
    return 0


def _show(args: argparse.Namespace) -> int:
    authority = own_authority(args.data)
    if args.json:
        server = authority.server_ends()
        say.json_line(
            {
                "name": authority.title,
                "hosts": [str(h) for h in authority.hosts],
                "sha256": authority.fingerprint,
                "ends": authority.ends.isoformat(),
                "server_ends": None if server is None else server.isoformat(),
            }
        )
    else:
        _print(authority)
    return 0


def _print(authority: Authority) -> None:
    server = authority.server_ends()
    ends = "there is none" if server is None else f"until {server:%Y-%m-%d}"
    print(f"authority: {authority.title}, until {authority.ends:%Y-%m-%d}")
    print(f"for: {', '.join(str(h) for h in authority.hosts)}, names below them, and nothing else")
    print(f"SHA-256: {authority.fingerprint}")
    print(f"the server's certificate: {ends}")


def _renew(args: argparse.Namespace) -> int:
    authority = own_authority(args.data)
    authority.issue(datetime.now(UTC))
    _print(authority)
    return 0


def _sheet(args: argparse.Namespace) -> int:
    import segno

    from littoral.api.trust_page import trust_page

    authority = own_authority(args.data)
    host = within_url(str(authority.hosts[0]))
    page = f"http://{host}:{args.trust_port}/"
    phone = f"https://{host}:{args.tls_port}/phone/"
    code = segno.make(page, error="m").svg_inline(scale=4, border=2)
    paper = trust_page(authority, phone, f"{code}<p><code>{page}</code></p>")
    args.file.write_text(paper, encoding="utf-8")
    print(f"print {args.file}: it leads to {page}")
    return 0
