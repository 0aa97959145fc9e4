"""Options of sign-in; apart from `sign_in`, so that the command line starts without the stores."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_sign_in(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--no-sign-in",
        action="store_true",
        help="nobody signs in: one local operator, named by --operator, does everything; every "
        "page says so",
    )
    p.add_argument(
        "--origin",
        default="",
        metavar="URL",
        help="how browsers reach the server, through a proxy on this machine that terminates TLS: "
        "https://watch.example",
    )
    p.add_argument("--oidc", type=Path, metavar="FILE", help="OpenID providers (docs/accounts.md)")
    p.add_argument(
        "--password-alone",
        action="append",
        default=[],
        metavar="ROLE",
        help="who holds this role and no other may work without a second factor; the page of "
        "oversight says so",
    )
    p.add_argument(
        "--breached-passwords",
        type=Path,
        metavar="FILE",
        help="passwords that leaked and are refused: lines HASH:COUNT sorted by SHA-1 hash",
    )
