"""Options of who else keeps watch over the log: witnesses, and a time-stamp authority."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from littoral.store.log.cosign import Witness
    from littoral.store.log.stamping import Authority


def add_log_options(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="'URL KEY'",
        help="address and public key of a witness that cosigns the log, or a file with one a "
        "line; once for each (docs/log.md)",
    )
    p.add_argument(
        "--timestamp-authority",
        default="",
        metavar="URL",
        help="stamps the log's checkpoints (RFC 3161), at most one in ten minutes",
    )
    p.add_argument(
        "--timestamp-certificates",
        type=Path,
        metavar="FILE",
        help="certificates (PEM) under which its stamps are trusted",
    )


def witnesses_of(args: argparse.Namespace) -> tuple[Witness, ...]:
    """Raises ValueError, OSError."""
    from littoral.store.log.cosign import parse_witnesses

    if args.witness and args.no_sign_in:
        raise ValueError("--witness: without sign-in there is no log")
    lines: list[str] = []
    for text in args.witness:
        if " " in text.strip():
            lines.append(text)
        else:
            lines += [line for line in Path(text).read_text().splitlines() if line.strip()]
    return parse_witnesses(lines).all


def authority_of(args: argparse.Namespace) -> Authority | None:
    """Raises ValueError, OSError."""
    from littoral.store.log.stamping import Authority
    from littoral.store.log.timestamp import StampError, certificates

    if bool(args.timestamp_authority) != bool(args.timestamp_certificates):
        raise ValueError("--timestamp-authority and --timestamp-certificates go together")
    if not args.timestamp_authority:
        return None
    if args.no_sign_in:
        raise ValueError("--timestamp-authority: without sign-in there is no log")
    try:
        roots = certificates(args.timestamp_certificates.read_bytes())
    except StampError as error:
        raise ValueError(f"{args.timestamp_certificates}: {error}") from None
    return Authority(args.timestamp_authority, tuple(roots))
