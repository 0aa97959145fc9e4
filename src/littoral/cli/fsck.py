"""`littoral fsck DIR`: reads a server's journal by a reader that shares no code with the writer.

`littoral fsck log DIR` verifies its log, from the log's public key and the files alone.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("fsck", help="check the journal of a data folder, or its log")
    p.add_argument(
        "data",
        type=Path,
        nargs="+",
        metavar="[log] DIR",
        help="a data folder: its journal; after the word log: its log (or the log's own folder)",
    )
    p.add_argument("--key", metavar="K", help="log: its public key or a file with it")
    p.add_argument(
        "--earlier",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="log: a checkpoint that was kept elsewhere, or a witness's",
    )
    p.add_argument(
        "--witness-key",
        action="append",
        default=[],
        metavar="K",
        help="log: public key of a witness, or a file with it",
    )
    p.add_argument(
        "--authority",
        type=Path,
        metavar="FILE",
        help="log: certificates (PEM) under which its time stamps are to hold",
    )
    p.add_argument("--json", action="store_true")
    return p


def run(args: argparse.Namespace) -> int:
    words = [str(p) for p in args.data]
    if len(words) == 2 and words[0] == "log":
        return _log(args, args.data[1])
    if len(words) > 1:
        say.error(f"one folder, or `log` and one folder, not {' '.join(words)}")
        return 2
    if args.key or args.earlier or args.witness_key or args.authority:
        say.error("--key, --earlier, --witness-key and --authority are for `littoral fsck log DIR`")
        return 2
    return _journal(args, args.data[0])


def _journal(args: argparse.Namespace, data: Path) -> int:
    from littoral.store.journal_fsck import fsck_journal

    folder = data / "journal"
    if not folder.is_dir():
        say.error(f"{data}: holds no journal")
        return 2
    found = fsck_journal(folder)
    if args.json:
        by_kind = {str(kind): n for kind, n in found.by_kind.items()}  # JSON has text keys alone
        say.json_line({**dataclasses.asdict(found), "by_kind": by_kind})
    else:
        print(
            f"{found.records:,} records in {found.segments} segments, "
            f"{found.torn_bytes:,} bytes cut off at the end, {len(found.damage)} damaged places"
        )
        for damage in found.damage:
            print(f"  {damage}")
    return 1 if found.damage else 0


def _log(args: argparse.Namespace, data: Path) -> int:
    from littoral.cli.key_arguments import verifier_key
    from littoral.store.log.fsck import Unreadable, fsck_log
    from littoral.store.log.note import NoteError
    from littoral.store.log.timestamp import StampError, certificates

    folder = data / "log" if (data / "log").is_dir() else data
    try:
        key = verifier_key(args.key) if args.key else None
        witnesses = [verifier_key(text) for text in args.witness_key]
        earlier = [path.read_bytes() for path in args.earlier]
        trusted = certificates(args.authority.read_bytes()) if args.authority else []
        found = fsck_log(folder, key, earlier, witnesses, trusted)
    except (Unreadable, NoteError, StampError, OSError) as error:
        say.error(say.reason(error))
        return 2
    if args.json:
        say.json_line({**dataclasses.asdict(found), "ok": found.ok})
    else:
        _print(found)
    return 0 if found.ok else 1


def _print(found) -> None:
    print(f"{found.origin}: {found.size:,} entries published, {found.tail:,} after them")
    if not found.key_given:
        print("the key lay beside the log: this shows that the log fits itself, not who signed it")
    print(f"changed or dropped: {len(found.damage) or 'none'}")
    for said in found.damage:
        print(f"  {said}")
    for said in found.unfinished:
        print(f"  {said} (not damage: the writer was stopped)")
    if found.torn_bytes:
        print(f"  {found.torn_bytes:,} bytes at the end were never answered for")
    print(f"fork: {found.fork}\nrollback: {found.rollback}")
    for said in found.told:
        print(f"  {said}")
    if found.stamps:
        known = f"{len(found.stamped)} by an authority given" if found.stamped else "not judged"
        print(f"time stamps: {found.stamps} ({known})")
    for said in found.stamped[-1:]:
        print(f"  {said}")
    for name in found.unverified:
        print(f"  signed by {name} too, whose key was not given")
