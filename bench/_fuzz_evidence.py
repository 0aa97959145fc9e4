"""Targets: evidence, as it is handed in and as it is handed to a court."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import json
import shutil
from pathlib import Path

from bench._fuzz_target import Differs, Target, pieces

SEED = bytes(range(32))


def bundles(work: Path) -> Target:
    """An unpacked bundle of evidence, one file of it replaced and the list of sums made right."""
    from littoral.store.evidence import verify
    from littoral.store.log.signing import Signer
    from littoral.store.log.writer import Log

    folder = work / "bundle"
    names = make_bundle(folder, work / "log", Log, Signer)
    whole = {n: (folder / n).read_bytes() for n in [*names, "SHA256SUMS"]}

    def run(data: bytes) -> None:
        if not data:
            return
        number = data[0] % (len(names) + 1)
        if number == len(names):
            (folder / "SHA256SUMS").write_bytes(data[1:])
        else:
            (folder / names[number]).write_bytes(data[1:])
            write_sums(folder, names)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                code = verify.main([str(folder)])
            if code not in (0, 1, 2):
                raise Differs(f"exit code {code}")
        finally:
            for name, kept in whole.items():
                (folder / name).write_bytes(kept)

    def seeds() -> list[bytes]:
        return [bytes([i]) + whole[n] for i, n in enumerate([*names, "SHA256SUMS"])]

    return Target(run, (), seeds)


def write_sums(folder: Path, names: list[str]) -> None:
    sums = "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums)


def make_bundle(folder: Path, log_root: Path, log_of: type, signer_of: type) -> list[str]:
    """A bundle of one step of custody, written after docs/evidence.md; gives its files' names."""
    from littoral.schema.logentry import Details, LogEntry, Verdict, to_bytes
    from littoral.store.evidence.verify import canonical

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "original").mkdir(parents=True)
    (folder / "log").mkdir()
    original, salt = b"\xff\xd8\xff photo", bytes(32)
    digest = hashlib.sha256(original).hexdigest()
    evidence = {
        "id": "e1", "original": "original/a.jpg", "sha256": digest, "size": len(original),
        "salt": salt.hex(),
    }  # fmt: skip
    document = {
        "number": 0, "previous": "", "evidence": "e1", "step": "add", "size": len(original),
        "content": hmac.new(salt, digest.encode(), hashlib.sha256).hexdigest(), "time_us": 5,
        "actor": "account:a", "purpose": "oversight", "legal_basis": "statutory_duty",
    }  # fmt: skip
    committed = hmac.new(salt, canonical(document), hashlib.sha256).digest()
    entry = LogEntry(
        5, "account:a", "evidence.add", "evidence:e1", Verdict.ALLOW, "oversight", None,
        "statutory_duty", None, Details("HMAC-SHA256", "evidence:e1", committed),
    )  # fmt: skip
    key = signer_of("log.example/a", 1, SEED)
    with log_of(log_root, key) as log:
        index = log.append([b"first", to_bytes(entry)]).result() + 1
        note = str(log.publish().note)
        proof = str(log.proof(index))
    link = {
        "document": document, "hash": hashlib.sha256(canonical(document)).hexdigest(),
        "log_index": index,
    }  # fmt: skip
    files = {
        "original/a.jpg": original,
        "evidence.json": json.dumps(evidence).encode(),
        "custody.json": json.dumps([link]).encode(),
        "log/key.txt": f"{key.public}\n".encode(),
        "log/witnesses.txt": b"",
        "log/checkpoint.txt": note.encode(),
        f"log/{index}.tlog-proof": proof.encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    write_sums(folder, list(files))
    return list(files)


def media(_: Path) -> Target:
    """Files handed in as evidence: how they come in pieces must not matter."""
    from littoral.store.evidence.media import TYPES, Inspector, MediaRefused

    def look(parts: list[bytes], name: str) -> tuple[str, int]:
        inspector = Inspector(name, "")
        try:
            size = sum(len(inspector.feed(p)) for p in parts) + len(inspector.finish())
        except MediaRefused as error:
            return error.code, -1
        return inspector.type, size

    def run(data: bytes) -> None:
        suffixes = ["", *sorted({s for t in TYPES.values() for s in t.suffixes})]
        name = f"a.{suffixes[data[0] % len(suffixes)]}" if data[:1] else ""
        whole = look([data[1:]], name)
        cut = look(pieces(data[1:], 4), name)
        if whole != cut:
            raise Differs(f"whole {whole}, cut {cut}")

    def seeds() -> list[bytes]:
        starts = [
            b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"RIFF\0\0\0\0WAVE",
            b"\0\0\0\x18ftypmp42", b"\0\0\0\x18ftypheic", b"\x1aE\xdf\xa3webm", b"ID3", b"%PDF-1.7",
            b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + b"word/document.xml", b"text\n",
            b"<html>", b"MZ", b"\xef\xbb\xbf<?xml", "航迹".encode("gb18030"), b"a" * 5000,
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
        ]  # fmt: skip
        return [b"\0" + s + bytes(40) for s in starts] + [b"\0" + s for s in starts]

    return Target(run, (), seeds)
