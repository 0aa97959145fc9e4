"""Options of what evidence passes before it is kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from littoral.link.clamd import Scanner


def add_evidence_options(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--virus-scanner",
        default="",
        metavar="HOST:PORT|unix:PATH",
        help="a clamd that looks at all evidence before it is kept; while it cannot be reached "
        "none is taken in (docs/operate.md)",
    )


def scanner_of(args: argparse.Namespace) -> Scanner | None:
    """Raises ValueError."""
    from littoral.link.clamd import Scanner

    if not args.virus_scanner:
        return None
    if args.no_sign_in:
        raise ValueError("--virus-scanner: without sign-in no evidence is taken in")
    try:
        return Scanner(args.virus_scanner)
    except ValueError as error:
        raise ValueError(f"--virus-scanner: {error}") from None
