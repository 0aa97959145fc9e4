"""Verifier of a log: from its public key and its files alone, without a line of the writer.

`fsck_log` hashes every entry anew and holds each byte of bundles, tiles, tail and checkpoint
against the signature. That finds whatever was changed or dropped. Two things no folder can show
about itself: that others were shown another tree (a *fork*), and that entries were once there and
the whole folder was set back (a *rollback*). For these it needs a checkpoint that was kept
elsewhere, or witnesses; without, it says "not provable".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from littoral.store.log import merkle
from littoral.store.log.checkpoint import SignedCheckpoint, moment, open_checkpoint
from littoral.store.log.fsck_stamps import check_stamps, read_stamps
from littoral.store.log.fsck_tail import TailFound, check_tail, read_tail
from littoral.store.log.fsck_tiles import check_tiles, list_tiles
from littoral.store.log.note import NoteError, VerifierKey
from littoral.store.log.reader import LogReader
from littoral.store.log.tiles import TileError

NONE, FOUND, NOT_PROVABLE = "none", "found", "not provable"


class Unreadable(Exception):
    """There is nothing to verify: no log, no key, or evidence that is none."""


@dataclass(slots=True)
class LogReport:
    """What was found; `fork` and `rollback` are each NONE, FOUND or NOT_PROVABLE."""

    origin: str
    key_given: bool  # else it lay in the folder, and shows nothing about who signed
    size: int = 0  # entries under the published checkpoint
    tail: int = 0  # entries after it, each under a signature too
    files: int = 0
    torn_bytes: int = 0  # of a group at the end that nobody was answered for
    unfinished: list[str] = field(default_factory=list)  # begun when the writer was stopped
    damage: list[str] = field(default_factory=list)
    fork: str = NOT_PROVABLE
    rollback: str = NOT_PROVABLE
    told: list[str] = field(default_factory=list)  # why, for these two
    cosigned: dict[str, int] = field(default_factory=dict)  # witness -> seconds since 1970
    unverified: list[str] = field(default_factory=list)  # signatures of keys that were not given
    stamps: int = 0  # checkpoints with a time stamp
    stamped: list[str] = field(default_factory=list)  # what the stamps say, where they were judged

    @property
    def ok(self) -> bool:
        return not self.damage and FOUND not in (self.fork, self.rollback)


def read_vkey(root: Path) -> VerifierKey:
    """The key that lies in the folder."""
    try:
        return VerifierKey.parse((root / "vkey").read_text())
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise Unreadable(f"{root}/vkey: {error}; give the key of the log") from None


def fsck_log(
    root: Path,
    key: VerifierKey | None = None,
    earlier: Sequence[bytes] = (),
    witnesses: Sequence[VerifierKey] = (),
    authorities: Sequence[x509.Certificate] = (),
) -> LogReport:
    """Verifies everything; changes nothing; may run beside the writer.

    `earlier`: checkpoints of this log that were kept elsewhere or come from a witness;
    `authorities`: roots of time-stamp authorities. Unreadable when there is no log or one of them
    is not signed by the log.
    """
    if not root.is_dir() or not any((root / n).exists() for n in ("checkpoint", "tile", "vkey")):
        raise Unreadable(f"{root}: holds no log")
    known = key or read_vkey(root)
    report = LogReport(known.name, key is not None)
    evidence = [_evidence(data, known, witnesses) for data in earlier]
    _check_vkey(report, root, known)
    listed = list_tiles(root)  # first: see there
    tail = read_tail(root / "tail")
    signed = _check_checkpoint(report, root, known, witnesses)
    if signed is None:
        return report
    if tail is None:
        report.damage.append("tail: missing")
    stamps = read_stamps(root, known)
    sizes = {e.size for e in [*evidence, *stamps.signed.values()]}
    tree = _check_tree(report, root, known, signed, tail or {}, sizes)
    _check_files(report, root, listed, tree.entries)
    whole = report.size + report.tail
    report.stamps = len(stamps.signed)
    report.stamped = check_stamps(root, stamps, whole, tree.roots, authorities)
    report.damage += stamps.damage
    _judge(report, signed, evidence, witnesses, tree.roots)
    return report


def _evidence(data: bytes, key: VerifierKey, witnesses: Sequence[VerifierKey]) -> SignedCheckpoint:
    try:
        return open_checkpoint(data, key, witnesses)
    except NoteError as error:
        raise Unreadable(f"the earlier checkpoint is none of this log: {error}") from None


def _check_vkey(report: LogReport, root: Path, key: VerifierKey) -> None:
    path = root / "vkey"
    if not path.is_file() or path.read_bytes() != f"{key}\n".encode():
        report.damage.append("vkey: not the key of this log")


def _check_checkpoint(
    report: LogReport, root: Path, key: VerifierKey, witnesses: Sequence[VerifierKey]
) -> SignedCheckpoint | None:
    try:
        signed = open_checkpoint((root / "checkpoint").read_bytes(), key, witnesses)
    except FileNotFoundError:
        report.damage.append("checkpoint: missing")
        return None
    except NoteError as error:
        report.damage.append(f"checkpoint: {error}")
        return None
    report.size = signed.size
    report.cosigned = {k.name: time_s for k, time_s in signed.seen}
    keys = {(k.name, k.id) for k in (key, *witnesses)}
    for s in signed.note.signatures:
        if (s.name, s.id) in keys:
            continue
        report.unverified.append(s.name)
        if any(s.name == name or s.id == id_ for name, id_ in keys):  # a line that was spoilt
            report.damage.append(f"checkpoint: signed as {s.name}, by another key than its own")
    return signed


def _check_tree(
    report: LogReport,
    root: Path,
    key: VerifierKey,
    signed: SignedCheckpoint,
    files: dict[str, bytes],
    sizes: set[int],
) -> TailFound:
    """The entries of the tail, and the roots of the tree here at each of `sizes` it reaches."""
    roots: dict[int, bytes] = {}
    nodes = LogReader(root, key).nodes(signed.size)
    try:
        if merkle.root_hash(signed.size, nodes) != signed.root:
            report.damage.append("checkpoint: its root is not that of the tiles")
        for size in sizes:
            if size <= signed.size:
                roots[size] = merkle.root_hash(size, nodes)
    except (OSError, TileError) as error:
        report.damage.append(f"tiles: the root cannot be made: {error}")
    found = check_tail(files, key, signed.size, nodes, sizes - roots.keys())
    found.roots |= roots
    report.tail, report.torn_bytes = len(found.leaves), found.torn_bytes
    report.damage += found.damage
    return found


def _check_files(report: LogReport, root: Path, listed: set[str], tail: list[bytes]) -> None:
    found = check_tiles(root, listed, report.size, tail)
    report.files, report.unfinished = found.files, found.unfinished
    report.damage += found.damage


def _judge(
    report: LogReport,
    signed: SignedCheckpoint,
    evidence: Sequence[SignedCheckpoint],
    witnesses: Sequence[VerifierKey],
    roots: dict[int, bytes],
) -> None:
    """Fork and rollback, from what was kept elsewhere."""
    whole = report.size + report.tail
    for e in evidence:
        report.told.append(f"checkpoint of {e.size} entries: ")
        if e.size > whole:
            report.rollback = FOUND
            report.told[-1] += f"{e.size - whole} of them are no longer here"
        elif roots.get(e.size) != e.root:
            report.fork = FOUND
            report.told[-1] += "of another tree than the one here"
        else:
            report.told[-1] += "the tree here continues it"
    if evidence:
        if report.rollback != FOUND:
            report.rollback = NONE
            if report.fork != FOUND:
                report.fork = NONE
        return
    for key, time_s in signed.seen:
        report.fork = NONE
        report.told.append(
            f"{key.name} saw this tree as the newest at {moment(time_s)}; what was later "
            "set back cannot be told without a checkpoint from it"
        )
    if witnesses and not signed.seen:
        report.told.append("none of the witnesses has signed this checkpoint")
    elif not witnesses:
        report.told.append("no earlier checkpoint and no key of a witness was given")
