"""`littoral checklists`: what a desk sees to in an incident of a type, as files to edit."""

from __future__ import annotations

import argparse
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "checklists",
        help="checklists of incidents: list, check, copy to edit",
        description="A file DIR/checklists/*.toml of a data folder takes the place of the list of "
        "its type that comes with Littoral. A running server takes an edit from the next look on; "
        "it does not start with a file that is wrong.",
    )
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="each type, its number of items and its file")
    _add_data(listing)
    check = verbs.add_parser("check", help="name what is wrong by file, line and field")
    _add_data(check)
    copy = verbs.add_parser("copy", help="write the list that comes with Littoral, to edit it")
    copy.add_argument("type", help="as rescue; of which there are: list")
    _add_data(copy)
    return p


def _add_data(p: argparse.ArgumentParser) -> None:
    p.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data folder")


def run(args: argparse.Namespace) -> int:
    from littoral.store.checklists import FOLDER, FilesError

    if not args.data.is_dir():
        say.error(f"{args.data}: no such folder")
        return 2
    folder = args.data / FOLDER
    if args.verb == "copy":
        return _copy(folder, args.type)
    try:
        return _say(folder, args.verb)
    except FilesError as error:
        for line in str(error).splitlines():
            say.error(line)
        return 2


def _say(folder: Path, verb: str) -> int:
    from littoral.store.checklists import read

    found = read(folder)
    if verb == "check":
        print(f"{len(found.files)} own of {len(found.by_type)} checklists: nothing is wrong")
        return 0
    for kind, checklist in found.by_type.items():
        where = found.files[kind].name if kind in found.files else "(comes with Littoral)"
        print(f"{kind:14} {len(checklist.items):3} {where}  {checklist.en} {checklist.zh}")
    return 0


def _copy(folder: Path, kind: str) -> int:
    from littoral.store.checklists import shipped

    text = shipped().get(kind)
    if text is None:
        say.error(f"{kind}: there is none; of {', '.join(shipped())}")
        return 2
    path = folder / f"{kind}.toml"
    folder.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        say.error(f"{path}: is there already")
        return 1
    print(f"written: {path}")
    return 0
