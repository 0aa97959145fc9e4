"""`littoral detectors`: rules, versions, profiles, settings and where they come from."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("detectors", help="rules, their versions, profiles and sources")
    p.add_argument("name", nargs="?", help="one rule, with all its settings")
    p.add_argument("--json", action="store_true")
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.detect import find_detectors

    found = find_detectors()
    if args.name and args.name not in found:
        say.error(f"no detector {args.name!r}; there are: {', '.join(found)}")
        return 2
    chosen = {args.name: found[args.name]} if args.name else found
    described: list[dict[str, Any]] = [
        {
            "rule": d.name,
            "version": d.version,
            "summary": dict(d.summary),
            "profiles": {
                n: {"settings": dataclasses.asdict(p.settings), "source": p.source, "why": p.why}
                for n, p in d.profiles.items()
            },
        }
        for d in chosen.values()
    ]
    if args.json:
        say.json_line(described)
        return 0
    for rule in described:
        print(f"{rule['rule']} {rule['version']}  {rule['summary']['en']}")
        print(f"    {rule['summary']['zh']}")
        for name, profile in rule["profiles"].items():
            print(f"    {name}: {profile['source']}")
            if args.name:
                print(f"        {profile['why']}")
                for key, value in profile["settings"].items():
                    print(f"        {key} = {value}")
    return 0
