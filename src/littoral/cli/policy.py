"""`littoral policy explain|check|hash|standing`: ask the policies, check them, name them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from littoral.cli.people import add_records, over_records

WHO = """WHO is ROLE[+ROLE]@UNIT/AGENCY[/TIER[/AREA]], or JSON of an account (inline or a file):
  investigator@harbour/police/city/4602
  {"roles": ["analyst"], "unit": "harbour", "agency": "police", "tier": "city", "area": ["4602"]}
WHAT is ACTION:CLASS, or JSON with "action", "data_class" and more of the thing:
  person.read:personal
  {"action": "alert.act", "data_class": "operational", "areas": ["4601"], "shared_with": ["police"]}
A thing of which nothing is said is the own unit's, in the own area."""


def add(commands: Any) -> argparse.ArgumentParser:
    top = commands.add_parser("policy", help="ask, check and name the policies of access")
    parts = top.add_subparsers(dest="part", required=True, metavar="PART")
    asked = parts.add_parser(
        "explain",
        help="say which rule allows or denies, and why",
        epilog=WHO,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("who", metavar="WHO")
    asked.add_argument("what", metavar="WHAT")
    asked.add_argument("--purpose", default="", help="what it is asked for")
    asked.add_argument("--basis", default="", help="the legal basis")
    asked.add_argument("--case", default="", help="the id of an open case of the own unit")
    asked.add_argument("--closed", action="store_true", help="that case is closed")
    asked.add_argument("--case-unit", help="the unit of the case, if not the own")
    asked.add_argument("--hours", type=float, default=0.0, help="hours until the grant ends")
    asked.add_argument("--second-person", action="store_true", help="a second person approved")
    asked.add_argument("--break-glass", action="store_true", help="by break-glass")
    asked.add_argument("--network", default="internal", help="internal, field or public")
    asked.add_argument("--first-start", action="store_true", help="policies signed by one person")
    for part in (
        asked,
        parts.add_parser("check", help="hold the policies against their schema"),
        parts.add_parser("hash", help="print the hash that is signed"),
    ):
        part.add_argument("--folder", type=Path, help="a policy set other than the shipped one")
        part.add_argument("--json", action="store_true", help="as JSON")
    stands = parts.add_parser(
        "standing", help="say who signed the installed set and whether a server loads it"
    )
    add_records(stands)
    stands.add_argument("--json", action="store_true", help="as JSON")
    return top


def run(args: argparse.Namespace) -> int:
    from littoral.cli import policies, policy_standing

    if args.part == "standing":
        return over_records(args, policy_standing.show)
    return policies.run(args)
