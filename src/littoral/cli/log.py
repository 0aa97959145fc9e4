"""`littoral log`: proofs from a log's files, and their verification anywhere else."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say

if TYPE_CHECKING:
    from littoral.store.log.checkpoint import SignedCheckpoint
    from littoral.store.log.note import VerifierKey

NO_KEY = (
    "--key K: a proof is worth as much as the key that it is checked with. Take the log's public "
    "key (name+id+key, or a file with it) from who runs the log, by another way than the proof; "
    "there it is the file vkey in the folder of the log"
)


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser("log", help="prove that an entry is in the log; verify a proof")
    asked = p.add_subparsers(dest="asked", required=True, metavar="WHAT")
    proof = asked.add_parser("proof", help="write the proof of an entry (.tlog-proof)")
    proof.add_argument("index", type=int, metavar="INDEX")
    proof.add_argument("--data", type=Path, default=Path("data"), metavar="DIR")
    proof.add_argument("--key", metavar="K", help="the log's public key or a file with it")
    proof.add_argument("--out", type=Path, metavar="FILE", help="else standard output")
    proof.add_argument(
        "--stamped",
        action="store_true",
        help="in the first checkpoint with a time stamp that has the entry; the stamp goes beside "
        "--out, with .tsr after its name",
    )
    check = asked.add_parser("check", help="verify a proof offline and show the entry")
    check.add_argument("proof", type=Path, metavar="FILE")
    check.add_argument("--key", metavar="K", help="of the log: name+id+key, or a file with it")
    check.add_argument("--witness-key", action="append", default=[], metavar="K")
    check.add_argument("--stamp", type=Path, metavar="FILE", help="time stamp of its checkpoint")
    check.add_argument(
        "--authority", type=Path, metavar="FILE", help="certificates (PEM) it is to hold under"
    )
    return p


def run(args: argparse.Namespace) -> int:
    from littoral.store.log.fsck import Unreadable
    from littoral.store.log.merkle import ProofError
    from littoral.store.log.note import NoteError
    from littoral.store.log.tiles import TileError
    from littoral.store.log.timestamp import StampError

    if args.asked == "proof" and args.stamped and not args.out:
        say.error("--stamped writes two files: name the first with --out")
        return 2
    if args.asked == "check" and args.key is None:
        say.error(NO_KEY)
        return 2
    if args.asked == "check" and bool(args.stamp) != bool(args.authority):
        say.error("--stamp and --authority go together")
        return 2
    try:
        return _proof(args) if args.asked == "proof" else _check(args)
    except (Unreadable, OSError) as error:
        say.error(say.reason(error))
        return 2
    except (ProofError, NoteError, TileError, StampError) as error:
        say.error(say.reason(error))
        return 1


def _proof(args: argparse.Namespace) -> int:
    from littoral.cli.key_arguments import verifier_key
    from littoral.store.log.fsck import read_vkey
    from littoral.store.log.reader import LogReader

    folder = args.data / "log" if (args.data / "log").is_dir() else args.data
    key = verifier_key(args.key) if args.key else read_vkey(folder)
    reader = LogReader(folder, key)
    if args.stamped:
        signed, stamp = stamped(folder, key, args.index)
        args.out.with_name(args.out.name + ".tsr").write_bytes(stamp.read_bytes())
        text = str(reader.proof(args.index, signed))
    else:
        text = str(reader.proof(args.index))
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def stamped(folder: Path, key: VerifierKey, index: int) -> tuple[SignedCheckpoint, Path]:
    """The first stamped checkpoint that has the entry, and its stamp. Raises StampError."""
    from littoral.store.log.fsck_stamps import read_stamps
    from littoral.store.log.timestamp import StampError

    for name, signed in read_stamps(folder, key).signed.items():
        if signed.size > index:
            return signed, (folder / name).with_suffix(".tsr")
    raise StampError(f"no checkpoint with a time stamp has entry {index}")


def _check(args: argparse.Namespace) -> int:
    from littoral.cli.key_arguments import verifier_key
    from littoral.store.log.checkpoint import moment
    from littoral.store.log.proof import parse_proof

    proof = parse_proof(args.proof.read_bytes())
    witnesses = [verifier_key(text) for text in args.witness_key]
    signed = proof.verify(verifier_key(args.key), witnesses)
    print((proof.entry or b"").decode("utf-8", "backslashreplace"))
    print(f"entry {proof.index} of {signed.size:,} in {signed.checkpoint.origin}", file=sys.stderr)
    for key, time_s in signed.seen:
        print(f"seen by {key.name} at {moment(time_s)}", file=sys.stderr)
    if args.stamp:
        from littoral.store.log.timestamp import certificates, verify

        trusted = certificates(args.authority.read_bytes())
        stamp = verify(args.stamp.read_bytes(), str(proof.note).encode(), trusted)
        said = f"its checkpoint existed at {stamp.time.isoformat()}: {stamp.authority}"
        print(said, file=sys.stderr)
    if witnesses and len(signed.seen) < len(witnesses):
        say.error(f"{len(witnesses) - len(signed.seen)} of the witnesses have not signed")
        return 1
    return 0
