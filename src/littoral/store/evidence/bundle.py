"""The bundle for a court: original, what was noted, custody, proofs, and a program to check them.

    README.txt      what this is, in Chinese and English
    verify.py       checks all of it offline, with Python alone
    original/<name> byte for byte as handed in
    evidence.json   what was noted; the salt that opens the log's commitments
    custody.json    [{document, hash, log_index}], the bundle's own making last
    log/            where there is one: key.txt, witnesses.txt, checkpoint.txt, <index>.tlog-proof
    SHA256SUMS      of all the others

Written as a stream (ZIP, stored). The bundle's own making is in the log before its first byte.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, cast

from littoral.store.evidence import custody
from littoral.store.evidence.custody import Link, Opened
from littoral.store.evidence.media import TYPES
from littoral.store.vault.entries import Ask, Record
from littoral.store.vault.vault import Vault

SUMS = "SHA256SUMS"


class Altered(Exception):
    """The stored original is not the one that was taken in."""


@dataclass(frozen=True)
class LogParts:
    """What a log adds. `proof` gives the C2SP tlog-proof of an entry with the entry as its extra
    data, or None; keys are C2SP verifier keys; `checkpoint` the newest."""

    proof: Callable[[int], bytes | None] = lambda _: None
    key: str = ""
    witnesses: tuple[str, ...] = ()
    checkpoint: bytes = b""


class _Taken:
    """A file that cannot be sought, whose bytes are taken as they come."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        self._bytes += data
        return len(data)

    def flush(self) -> None:
        """`zipfile` asks for it; nothing is kept back."""

    def take(self) -> bytes:
        taken, self._bytes = bytes(self._bytes), bytearray()
        return taken


@dataclass
class _Zip:
    out: _Taken
    archive: zipfile.ZipFile
    time: tuple[int, int, int, int, int, int]
    sums: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        info = zipfile.ZipInfo(name, self.time)
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self.archive.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
                yield self.out.take()
        self.sums.append((digest.hexdigest(), name))
        yield self.out.take()


def open_bundle(
    vault: Vault,
    folder: Path,
    ask: Ask,
    evidence_id: str,
    now_us: int,
    record: Record,
    grant_id: str | None = None,
    log: LogParts | None = None,
) -> tuple[Opened, Iterator[bytes]]:
    """The evidence, whose export is in the log by then, and the bytes of the ZIP. Raises
    AccessDenied, NotThere, Erased; while the bytes are taken SealError, Altered."""
    opened = custody.show(vault, folder, ask, evidence_id, now_us, record, custody.BUNDLE, grant_id)
    links = custody.chain(vault, evidence_id)
    return opened, _pieces(opened, links, log or LogParts(), now_us)


def write_bundle(
    vault: Vault,
    folder: Path,
    ask: Ask,
    evidence_id: str,
    out: IO[bytes],
    now_us: int,
    record: Record,
    grant_id: str | None = None,
    log: LogParts | None = None,
) -> Opened:
    """Writes the ZIP to `out` (need not be seekable). Raises as `open_bundle` and its bytes do."""
    opened, pieces = open_bundle(vault, folder, ask, evidence_id, now_us, record, grant_id, log)
    for piece in pieces:
        out.write(piece)
    return opened


def _pieces(opened: Opened, links: list[Link], log: LogParts, now_us: int) -> Iterator[bytes]:
    when = datetime.fromtimestamp(now_us // 1_000_000, UTC)
    name = f"original/{safe_name(opened)}"
    out = _Taken()
    with zipfile.ZipFile(cast(IO[bytes], out), "w") as archive:
        zipped = _Zip(out, archive, when.timetuple()[:6])
        yield from zipped.add(name, opened.read())
        if zipped.sums[0][0] != opened.row.sha256:
            raise Altered(f"the original of {opened.row.id} is not the one that was taken in")
        yield from zipped.add("evidence.json", [_json(_evidence(opened, name))])
        yield from zipped.add("custody.json", [_json([_link(x) for x in links])])
        for path, data in _log_files(log, links):
            yield from zipped.add(path, [data])
        yield from zipped.add("README.txt", [_readme(opened, links, log, when).encode()])
        yield from zipped.add("verify.py", [verifier()])
        listing = "".join(f"{d}  {n}\n" for d, n in zipped.sums)
        yield from zipped.add(SUMS, [listing.encode()])
    yield out.take()


def verifier() -> bytes:
    """The checking program as it goes into the bundle."""
    return files("littoral.store.evidence").joinpath("verify.py").read_bytes()


def safe_name(opened: Opened) -> str:
    """The name that it was handed in under, as far as it is harmless; always with a suffix."""
    given = str(opened.about.get("name") or "").replace("\\", "/").rsplit("/", 1)[-1]
    stem = re.sub(r"[^\w.-]+", "_", given, flags=re.UNICODE).strip("._")[:80]
    suffixes = TYPES[opened.row.media_type].suffixes
    if "." in stem and stem.rsplit(".", 1)[1].lower() in suffixes:
        return stem
    return f"{stem or 'original'}.{suffixes[0]}"


def _evidence(opened: Opened, name: str) -> dict[str, Any]:
    row = opened.row
    return {
        "format": "littoral-evidence/1",
        "id": row.id,
        "case": row.case,
        "original": name,
        "sha256": row.sha256,
        "size": row.size,
        "media_type": row.media_type,
        "data_class": row.data_class,
        "purpose": row.purpose,
        "added_by": row.added_by,
        "added_us": row.added_us,
        "about": opened.about,
        "salt": opened.salt.hex(),
    }


def _link(link: Link) -> dict[str, Any]:
    return {"document": link.document, "hash": link.hash, "log_index": link.log_index}


def _log_files(log: LogParts, links: list[Link]) -> Iterator[tuple[str, bytes]]:
    """Path in the bundle and bytes of each."""
    if log.key:
        yield "log/key.txt", f"{log.key}\n".encode()
    if log.witnesses:
        yield "log/witnesses.txt", "".join(f"{w}\n" for w in log.witnesses).encode()
    if log.checkpoint:
        yield "log/checkpoint.txt", log.checkpoint
    for link in links:
        proof = None if link.log_index is None else log.proof(link.log_index)
        if proof is not None:
            yield f"log/{link.log_index}.tlog-proof", proof


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _readme(opened: Opened, links: list[Link], log: LogParts, when: datetime) -> str:
    row = opened.row
    proofs = (
        "每一步监管记录的日志证明在 log/ 中。\nProofs that the log contains each step are in log/."
        if log.key
        else "本包不含日志证明。\nThis bundle holds no proofs of a log."
    )
    return f"""证据包 / Bundle of evidence
编号 / id: {row.id}
案件 / case: {row.case}
SHA-256: {row.sha256}
大小 / size: {row.size} 字节 / bytes
类型 / type: {row.media_type}
监管步骤 / steps of custody: {len(links)}
制作时间 / made: {when:%Y-%m-%d %H:%M:%S} UTC

original/ 中为原件，逐字节与提交时相同，未作任何处理。
evidence.json 为登记内容，custody.json 为监管链：
每一步写明何人、何时、为何目的，并含上一步的哈希值。
{proofs}

核验：解包后在无网络的计算机上运行 python3 verify.py（仅需 Python 3.9 以上，无需其他软件）。
请将 log/key.txt 与制作机关公布的公钥核对，或以 --key 给出该公钥。
亦可自行核验：对 original/ 中的文件计算 SHA-256，与上面的值比较。

The original is byte for byte as it was handed in. evidence.json is what was noted with it;
custody.json who did what with it, when and for what purpose, each step with the hash of the one
before. To check all of it, unpack and run `python3 verify.py` on a computer without a network
(Python 3.9 or later is all it needs). Compare log/key.txt with the key that the agency has
published, or give that one with --key. Without any program: compute SHA-256 of the original and
compare it with the value above.
"""
