"""`littoral units`: cities, townships, villages, grids and agencies; lists and bulk imports."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.people import (
    add_import,
    add_records,
    add_template,
    guarded,
    told,
    who,
    write_template,
)
from littoral.cli.sharings import add_sharings, share, sharings, unshare

if TYPE_CHECKING:
    from littoral.store.people.directory import Directory


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("units", help="units and agencies: list, import from Excel or CSV")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="units that are valid today")
    add_records(listing)
    listing.add_argument("--under", metavar="CODE", help="those within this unit alone")
    listing.add_argument("--tier", help="province, city, township, village or grid")
    listing.add_argument("--agencies", action="store_true", help="agencies in place of units")
    listing.add_argument("--json", action="store_true")
    bring = verbs.add_parser("import", help="look at a file of units; with --apply take it")
    add_import(bring)
    bring.add_argument("--agencies", action="store_true", help="the file has agencies")
    add_records(bring)
    out = verbs.add_parser("export", help="write units and agencies as sheets to take back")
    out.add_argument("file", type=Path, metavar="FILE", help="to write: xlsx")
    add_records(out)
    sheet = verbs.add_parser("template", help="write an empty sheet to fill in")
    add_template(sheet)
    sheet.add_argument("--agencies", action="store_true", help="for agencies")
    add_sharings(verbs)
    packaged = verbs.add_parser("packaged", help="put in Hainan's cities and counties")
    add_records(packaged)
    packaged.add_argument(
        "--synthetic", action="store_true", help="and made-up townships, villages and grids"
    )
    return p


def run(args: argparse.Namespace) -> int:
    if args.verb == "template":
        return write_template(args, "agencies" if args.agencies else "units")
    verbs = {
        "list": _list, "import": _import, "export": _export, "packaged": _packaged,
        "share": share, "sharings": sharings, "unshare": unshare,
    }  # fmt: skip
    return guarded(args, verbs[args.verb])


def _list(args: argparse.Namespace, directory: Directory) -> int:
    there = directory.organisation()
    if args.under is not None and args.under not in there.units:
        say.error(f"there is no unit {args.under}")
        return 2
    if args.agencies:
        for agency in there.agencies.values():
            if args.under is None or there.within(agency.unit, args.under):
                _print(args, agency.code, agency.kind, agency.unit, agency)
        return 0
    codes = sorted(there.units) if args.under is None else there.descendants(args.under)
    for code in codes:
        unit = there.units[code]
        if args.tier in (None, unit.tier):
            _print(args, code, unit.tier, unit.parent or "", unit)
    return 0


def _print(args: argparse.Namespace, code: str, kind: str, around: str, thing) -> None:
    if args.json:
        from dataclasses import asdict

        say.json_line(asdict(thing))
    else:
        mark = "  (synthetic)" if thing.synthetic else ""
        print(f"{code:<18} {kind:<16} {around:<16} {thing.name_zh}  {thing.name_en}{mark}")


def _import(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.importing import carry_out, plan_agencies, plan_units

    data = args.file.read_bytes()
    if args.agencies:
        versions = directory.agency_versions()
        plan = plan_agencies(data, args.file.name, directory.organisation, versions)
        what = f"{len(plan.agencies):,} versions of agencies"
    else:
        plan = plan_units(data, args.file.name, directory.unit_versions())
        what = f"{len(plan.units):,} versions of units"
    done = told(args, plan, what)
    if done is None:
        carry_out(directory, plan, who())
        print(f"taken: {what}")
    return done or 0


def _export(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.exporting import units_book

    units, agencies = directory.unit_versions(), directory.agency_versions()
    args.file.write_bytes(units_book(units, agencies))
    print(f"{len(units):,} versions of units, {len(agencies):,} of agencies: {args.file}")
    return 0


def _packaged(args: argparse.Namespace, directory: Directory) -> int:
    from littoral.store.people.packaged import PROVINCE, day_us, hainan_units
    from littoral.store.people.synthetic import synthetic_units

    changed = directory.put_units(hainan_units(), who())
    if args.synthetic:
        there = directory.organisation()
        cities = [there.units[c] for c in there.children(PROVINCE)]
        changed += directory.put_units(synthetic_units(cities, day_us("2026-01-01")), who())
    print(f"taken: {changed:,} versions of units")
    return 0
