"""`littoral vault`: the keys of personal data. Mirrors of their folder, rotation of the master key,
and its sealed copies for custodians (docs/personal-data.md)."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from littoral.cli import say
from littoral.cli.people import over_records, who

if TYPE_CHECKING:
    from littoral.store.people.base import Base

ROTATE_AFTER_DAYS = 92  # a quarter


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "vault", help="keys of personal data: show, mirror, unmirror, rotate, seal, open"
    )
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("show", help="how many keys, how old their master, which mirrors")
    show.add_argument("--json", action="store_true")
    mirror = verbs.add_parser(
        "mirror",
        help="keep the keys in another folder too",
        description="Makes the folder if it is not there, and copies. On a machine without keys a "
        "mirror of before brings them back. Not while a server runs.",
    )
    unmirror = verbs.add_parser("unmirror", help="no longer keep them there; not beside a server")
    for verb in (mirror, unmirror):
        verb.add_argument("folder", type=Path, metavar="FOLDER", help="on another disk or machine")
    rotate = verbs.add_parser(
        "rotate",
        help="a new master key; backups of the keys and sealed copies of before open nothing then",
        description="Not while a server runs. Every mirror has to be in reach.",
    )
    seal = verbs.add_parser("seal", help="a copy of the master key for a custodian, to be printed")
    seal.add_argument("file", type=Path, metavar="FILE", help="to write: text")
    seal.add_argument("--custodian", required=True, metavar="NAME", help="who keeps it")
    opening = verbs.add_parser(
        "open",
        help="bring the master key back from a sealed copy",
        description="Where no master key is. The keys have to be there first.",
    )
    opening.add_argument("file", type=Path, metavar="FILE", help="as it was sealed, or typed off")
    for verb in (seal, opening):
        verb.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="asked for when absent"
        )
    for verb in (show, mirror, unmirror, rotate, seal, opening):
        verb.add_argument("--data", type=Path, required=True, metavar="DIR", help="of the server")
        verb.set_defaults(records=None)
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.store.vault.keyfiles import KeyFolderError
    from littoral.store.vault.master import MasterError

    if not args.data.is_dir():
        say.error(f"{args.data}: no data folder is here")
        return 2
    if args.data.stat().st_uid != os.geteuid():  # its server could not read what this one writes
        say.error(f"{args.data} belongs to another account: run this as that one")
        return 2
    work: dict[str, Callable[[argparse.Namespace, Base], int]] = {
        "mirror": _alone(_mirror), "unmirror": _alone(_unmirror), "rotate": _alone(_rotate),
        "seal": _seal, "open": _alone(_open),
    }  # fmt: skip
    try:
        return _show(args) if args.verb == "show" else over_records(args, work[args.verb])
    except (KeyFolderError, MasterError) as problem:
        say.error(str(problem))
    except OSError as problem:
        say.error(say.reason(problem))
    return 2


def _alone(
    work: Callable[[argparse.Namespace, Base], int],
) -> Callable[[argparse.Namespace, Base], int]:
    """While no server holds the log: it would not know of other mirrors, nor wait for a rotation
    without keeping everybody waiting."""

    def run_alone(args: argparse.Namespace, base: Base) -> int:
        with _held(args.data):
            return work(args, base)

    return run_alone


@contextmanager
def _held(data: Path) -> Iterator[None]:
    from littoral.store.files import Held, lock_alone
    from littoral.store.vault.keyfiles import KeyFolderError

    if not (data / "log").is_dir():  # no server has ever run
        yield
        return
    try:
        fd = lock_alone(data / "log")
    except Held:
        raise KeyFolderError(
            f"a server, or another command, works over {data}: stop it, then run this again"
        ) from None
    try:
        yield
    finally:
        os.close(fd)


def _tell(base: Base, action: str, thing: str, verdict: str = "done", **facts: Any) -> None:
    """On its way into the log, durable in the records."""
    from littoral.store.clock import clock_us
    from littoral.store.people.outbox import Outbox
    from littoral.store.vault.entries import Entry

    entry = Entry(who(), action, thing, "", "", "", clock_us(), verdict, facts)
    with base.database.write() as connection:
        Outbox(base.database).keep_entries(connection, [entry])


def _keys(data: Path) -> Path:
    """The key folder. Raises KeyFolderError where there is none: an empty one must not be made in
    place of one that is lost."""
    from littoral.engine.trust import keys_folder
    from littoral.store.vault.keyfiles import KeyFolderError

    keys = keys_folder(data)
    if not (keys / "keys").is_dir():
        raise KeyFolderError(
            f"{keys}: no keys are here. The first start of the server makes them; those that are "
            "lost a mirror brings back: littoral vault mirror FOLDER --data DIR"
        )
    return keys


def _show(args: argparse.Namespace) -> int:
    from littoral.store.clock import clock_us
    from littoral.store.vault.ids import made_us
    from littoral.store.vault.keyfiles import KeyFiles
    from littoral.store.vault.master import master_file, read_masters
    from littoral.store.vault.mirrors import named, on_one_disk

    keys = _keys(args.data)
    files = KeyFiles(keys, named(keys), to_read=True)
    pending = files.pending()
    mirrors = {str(m): pending.get(str(m), 0) for m in files.mirrors}
    beside = {str(m) for m in files.mirrors if on_one_disk(keys, m)}
    masters = read_masters(master_file(args.data))
    at_us = made_us(masters[0].id)
    made = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    days = (clock_us() - at_us) // 86_400_000_000
    if args.json:
        say.json_line(
            {
                "master": masters[0].id, "master_made": made.isoformat(), "master_days": days,
                "rotation_finished": len(masters) == 1, "keys": len(files.ids()),
                "destroyed": len(files.tombstones()),
                "mirrors": [
                    {"folder": m, "reached": n >= 0, "keys_behind": max(0, n),
                     "on_the_disk_of_the_keys": m in beside}
                    for m, n in mirrors.items()
                ],
            }
        )  # fmt: skip
        return 0
    late = ": rotate it (littoral vault rotate)" if days > ROTATE_AFTER_DAYS else ""
    print(f"master key: {masters[0].id}, made {made:%Y-%m-%d}, {days} days ago{late}")
    if len(masters) > 1:
        print("a rotation is not finished: it goes on once every mirror is in reach")
    print(f"keys: {len(files.ids()):,}, destroyed: {len(files.tombstones()):,}")
    for mirror, behind in mirrors.items():
        state = {0: "all", -1: "out of reach"}.get(behind, f"{behind:,} keys otherwise")
        print(f"mirror: {mirror}, {state}{', on the disk of the keys' if mirror in beside else ''}")
    if len(beside) == len(mirrors):
        print("no mirror on another disk: with that of the keys all persons are lost (littoral")
        print("vault mirror)")
    return 0


def _mirror(args: argparse.Namespace, base: Base) -> int:
    from littoral.engine.trust import keys_folder
    from littoral.store.vault import mirrors
    from littoral.store.vault.keyfiles import KeyFiles, check_apart
    from littoral.store.vault.master import master_file

    keys, mirror = keys_folder(args.data), args.folder.resolve()
    check_apart(args.data, mirror)
    check_apart(keys, mirror)
    check_apart(master_file(args.data).parent, mirror)
    mirrors.add(keys, mirror)
    _tell(base, "vault.mirror", "vault:mirrors", folder=str(mirror))
    files = KeyFiles(keys, mirrors.named(keys))
    if (behind := files.pending().get(str(mirror))) is not None:
        say.error(f"{mirror}: {behind:,} keys could not be written; the next start tries again")
        return 1
    print(f"{mirror} mirrors {keys}: {len(files.ids()):,} keys")
    if mirrors.on_one_disk(keys, mirror):
        print("littoral: both lie on one disk, and would be lost with it", file=sys.stderr)
    return 0


def _unmirror(args: argparse.Namespace, base: Base) -> int:
    from littoral.engine.trust import keys_folder
    from littoral.store.vault import mirrors

    mirror = args.folder.resolve()
    mirrors.remove(keys_folder(args.data), mirror)
    _tell(base, "vault.unmirror", "vault:mirrors", folder=str(mirror))
    print(f"{mirror} is no mirror any more. What it holds outlives erasures: rotate now, then it")
    print("opens nothing (littoral vault rotate)")
    return 0


def _rotate(args: argparse.Namespace, base: Base) -> int:
    from littoral.store.clock import clock_us
    from littoral.store.vault.ids import ref
    from littoral.store.vault.keyring import KeyRing

    _keys(args.data)
    ring = KeyRing.open(args.data, clock_us())
    ring.require_mirrors()
    _tell(base, "vault.rotate", ref("key", ring.master.id), "allow")  # before it is gone
    done = ring.rotate(clock_us())
    _tell(base, "vault.rotate", ref("key", done.new), wrapped=done.wrapped, finished=done.finished)
    print(f"master key {done.new} wraps {done.wrapped:,} keys anew")
    if not done.finished:
        say.error("a mirror could not be written: the old master key is kept until the next start")
        return 1
    print("sealed copies of before open nothing: make two anew (littoral vault seal), shred those")
    return 0


def _seal(args: argparse.Namespace, base: Base) -> int:
    from littoral.store.files import write_secret
    from littoral.store.vault.ids import ref
    from littoral.store.vault.keyring import KeyRing
    from littoral.store.vault.master import MasterError, seal_copy

    ring = KeyRing.to_read(args.data, _keys(args.data))
    if ring.opens_none_but(""):
        raise MasterError(f"{ring.master_file}: opens none of the keys here, so no copy is made")
    if args.file.exists():
        raise MasterError(f"{args.file} is there already")
    text = seal_copy(ring.master, args.custodian, _passphrase(args, twice=True))
    _tell(base, "vault.seal", ref("key", ring.master.id), custodian=args.custodian)
    write_secret(args.file, text.encode())
    print(f"print {args.file} for {args.custodian}, remove it, and keep its passphrase apart")
    if ring.is_rotating:
        print("a rotation is not finished: this copy opens every key only once it is")
    return 0


def _open(args: argparse.Namespace, base: Base) -> int:
    from littoral.store.vault.ids import ref
    from littoral.store.vault.keyfiles import KeyFiles
    from littoral.store.vault.keyring import KeyRing
    from littoral.store.vault.master import MasterError, master_file, open_copy, write_masters
    from littoral.store.vault.mirrors import named

    keys, file = _keys(args.data), master_file(args.data)
    if file.exists():
        raise MasterError(f"{file}: a master key is here; move it away if it is not the one")
    files = KeyFiles(keys, named(keys))
    master = open_copy(args.file.read_text("utf-8"), _passphrase(args))
    write_masters(file, [master])
    if KeyRing(files, file).opens_none_but(""):
        file.unlink()
        raise MasterError(f"{args.file} is of a master key of before: it opens none of the keys")
    _tell(base, "vault.open", ref("key", master.id))
    print(f"{file}: master key {master.id} is back")
    return 0


def _passphrase(args: argparse.Namespace, twice: bool = False) -> str:
    """Raises MasterError when the two differ, or nobody can be asked."""
    from littoral.store.vault.master import MasterError

    if args.passphrase_file is not None:
        return args.passphrase_file.read_text("utf-8").strip("\r\n")
    try:
        given = getpass.getpass("passphrase: ")
        again = getpass.getpass("again: ") if twice else given
    except EOFError:
        raise MasterError("no terminal to ask for the passphrase: --passphrase-file") from None
    if again != given:
        raise MasterError("the two passphrases differ")
    return given
