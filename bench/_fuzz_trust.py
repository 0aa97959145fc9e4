"""Targets: the log, its notes, entries and proofs."""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path

from bench._fuzz_target import Differs, Target

SEED = bytes(range(32))
NOW_S = 1_767_225_600


def notes(_: Path) -> Target:
    """Signed notes, checkpoints, keys, cosignatures, proofs, requests to a witness."""
    from littoral.store.log import merkle
    from littoral.store.log.checkpoint import Checkpoint, open_checkpoint, parse_text
    from littoral.store.log.cosign import parse_witnesses
    from littoral.store.log.note import (
        COSIGNATURE,
        Note,
        NoteError,
        VerifierKey,
        parse_note,
        parse_signatures,
    )  # fmt: skip
    from littoral.store.log.proof import HEAD, parse_proof
    from littoral.store.log.signing import Signer
    from littoral.store.log.witness import judge

    key, by = Signer("log.example/a", 1, SEED), Signer("witness.example/w", COSIGNATURE, SEED)

    def signed(text: str) -> Note:
        return key.sign(text).with_signatures([by.cosign(text, NOW_S)])

    def request(body: bytes) -> None:
        asked = judge.parse_request(body)
        judge.check_signature(asked, {key.public.name: [key.public]})
        judge.check_consistency(asked, Checkpoint(key.public.name, 3, bytes(32)))

    def resigned(data: bytes) -> None:
        """Whatever the text says, under signatures that are right."""
        text = data.decode("utf-8", "replace") + "\n"
        open_checkpoint(str(signed(text)).encode(), key.public, [by.public])

    def proof(data: bytes) -> None:
        found = parse_proof(data)
        found.verify(key.public, [by.public])
        if parse_proof(str(found).encode()) != found:
            raise Differs("another proof")

    def note(data: bytes) -> None:
        found = parse_note(data)
        if parse_note(str(found).encode()) != found:
            raise Differs("another note")
        parse_text(found.text)

    readers = (
        note,
        lambda data: open_checkpoint(data, key.public, [by.public]),
        resigned,
        proof,
        request,
        lambda data: VerifierKey.parse(data.decode("utf-8", "replace")),
        lambda data: Signer.parse(data.decode("utf-8", "replace")),
        lambda data: parse_signatures(data.decode("utf-8", "replace")),
        lambda data: parse_witnesses(data.decode("utf-8", "replace").split("\n")),
    )

    def run(data: bytes) -> None:
        if data:
            readers[data[0] % len(readers)](data[1:])

    def seeds() -> list[bytes]:
        leaf = merkle.leaf_hash(b"e")
        text = Checkpoint(key.public.name, 1, leaf, ("more",)).text
        whole = str(signed(text))
        proved = f"{HEAD}\nextra {base64.b64encode(b'e').decode()}\nindex 0\n\n{whole}"
        words = [
            whole, text[:-1], proved, f"old 3\n\n{whole}", str(key.public), key.private_text,
            whole.partition("\n\n")[2], f"https://w.example/a {by.public}",
        ]  # fmt: skip
        return [bytes([i]) + w.encode() for w in words for i in range(len(readers))]

    refusals = (NoteError, merkle.ProofError, judge.Refused)
    return Target(run, refusals, seeds)


def entries(_: Path) -> Target:
    """Entries, bundles of them, groups of the tail."""
    from littoral.schema.logentry import EntryError, LogEntry, Verdict, from_bytes, to_bytes
    from littoral.store.log.tail import read_group
    from littoral.store.log.tiles import TileError, pack_entries, unpack_entries

    def bundle(data: bytes) -> None:
        if pack_entries(unpack_entries(data)) != data:
            raise Differs("another bundle")

    readers = (from_bytes, bundle, lambda data: read_group(data, 0))

    def run(data: bytes) -> None:
        if data:
            readers[data[0] % len(readers)](data[1:])

    def seeds() -> list[bytes]:
        entry = to_bytes(
            LogEntry(5, "account:a", "alert.act", "alert:b", Verdict.ALLOW, "oversight", "case:c")
        )
        words = [entry, pack_entries([entry, b"", b"x" * 300])]
        return [bytes([i]) + w for w in words for i in range(len(readers))]

    return Target(run, (EntryError, TileError), seeds)


def logs(work: Path) -> Target:
    """A log's folder with one file damaged: verified, read, opened again by the writer's part."""
    from bench import _tampering as tampering
    from littoral.store.log import recover
    from littoral.store.log.fsck import Unreadable, fsck_log
    from littoral.store.log.merkle import ProofError
    from littoral.store.log.note import NoteError
    from littoral.store.log.reader import LogReader
    from littoral.store.log.tiles import TileError

    scene = tampering.make_scene(work / "scene", 300, True)
    names = [p.relative_to(scene.root) for p in tampering.files_of(scene.root)]
    whole = {name: (scene.root / name).read_bytes() for name in names}

    def run(data: bytes) -> None:
        if not data:
            return
        name = names[data[0] % len(names)]
        path = scene.root / name
        path.write_bytes(data[1:])
        try:
            report = fsck_log(scene.root, tampering.KEY.public, [scene.last], scene.witnesses)
            if report.ok and data[1:] != whole[name] and name.name == "checkpoint":
                raise Differs("a changed checkpoint passes")
            reader = LogReader(scene.root, tampering.KEY.public)
            with contextlib.suppress(OSError, NoteError, TileError, ProofError):
                reader.proof(7)
            with contextlib.suppress(recover.LogError):
                recover.standing(scene.root, tampering.KEY.public)
        finally:
            for each, kept in whole.items():  # reopening cuts what is torn
                at = scene.root / each
                if not at.exists() or at.read_bytes() != kept:
                    at.write_bytes(kept)

    def seeds() -> list[bytes]:
        return [bytes([i]) + whole[name] for i, name in enumerate(names)]

    return Target(run, (Unreadable,), seeds)
