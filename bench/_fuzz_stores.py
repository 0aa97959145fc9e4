"""Targets: what is kept, read again after it was damaged: journal, lake, states, keys."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zlib
from pathlib import Path
from types import SimpleNamespace

from bench._fuzz_target import Differs, Target

KEY_ID = "01940000-0000-7000-8000-00000000007f"


def journals(work: Path) -> Target:
    """A segment's bytes; the two readers must find the same records."""
    from littoral.store import journal_format as fmt
    from littoral.store.journal_fsck import fsck_journal
    from littoral.store.journal_read import read_segment, recover_tail

    folder = work / "journal"
    folder.mkdir(exist_ok=True)
    path = folder / fmt.segment_name(0)

    def repaired(data: bytes) -> bytes:
        """Checksums made right, so that what is behind them is reached."""
        if len(data) < fmt.HEADER_BYTES:
            return data
        salt = int.from_bytes(data[20:24], "little")
        out, at = fmt.pack_segment(0, salt) + data[fmt.HEADER_BYTES :], fmt.HEADER_BYTES
        while at + fmt.RECORD.size <= len(out):
            head = fmt.unpack_head(out, at, at)
            if head is None or at + fmt.RECORD.size + head.length > len(out):
                break
            body = at + fmt.RECORD.size
            check = fmt.record_check(salt, out[at:body], out[body : body + head.length])
            out = out[: at + 4] + check.to_bytes(4, "little") + out[at + 8 :]
            at = body + head.length
        return out

    def run(data: bytes) -> None:
        if not data:
            return
        content = repaired(data[1:]) if data[0] & 1 else data[1:]
        path.write_bytes(content)
        report = fsck_journal(folder)
        tail = recover_tail(folder, 0)
        read = sum(1 for _ in read_segment(folder, 0, 0, tail.end, None))
        if read != report.records:
            raise Differs(f"{read} records read, fsck finds {report.records}")

    def seeds() -> list[bytes]:
        found = []
        for payloads in ((), (b"abc",), (b"", b"x" * 300, b"\xa9LJR" * 9), (b"q",) * 12):
            data = fmt.pack_segment(0, 7)
            for number, payload in enumerate(payloads):
                at = len(data)
                data += fmt.pack_record(7, 1 + number % 3, 2, 5, payload, at, at)
            found += [b"\0" + data, b"\1" + data, b"\1" + data[:-2]]
        return found

    return Target(run, (fmt.JournalError,), seeds)


def lakes(work: Path) -> Target:
    """A damaged file of an hour: listed, counted, queried."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from littoral.store import lake_query
    from littoral.store.lake_files import KEYS_METADATA, Hour, LakeError, hour_folder
    from littoral.store.lake_tables import SCHEMAS

    root = work / "lake"
    folder = root / "observations" / hour_folder(480_000)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "merged-0.parquet"

    def run(data: bytes) -> None:
        path.write_bytes(data)
        Hour.look(folder)
        lake_query.positions_of(root, 412000001, None, None, 10, True, None)
        lake_query.select(root, "SELECT count(*), max(mmsi), min(lon_deg) FROM observations", {})

    def seeds() -> list[bytes]:
        schema = SCHEMAS["observations"]
        found = []
        for rows in (0, 3):
            columns = {
                f.name: pa.array(np.zeros(rows, np.int64)).cast(f.type)
                if not pa.types.is_string(f.type)
                else pa.array([""] * rows, f.type)
                for f in schema
            }
            table = pa.table(columns, schema=schema)
            keyed = table.replace_schema_metadata({KEYS_METADATA: b'{"000001": 3}'})
            for compression in ("none", "zstd"):
                out = io.BytesIO()
                pq.write_table(keyed, out, compression=compression)
                found.append(out.getvalue())
        return found

    return Target(run, (LakeError,), seeds)


def states(_: Path) -> Target:
    """The state of a step as a checkpoint holds it; the tree alone is mutated as well."""
    import numpy as np
    import pyarrow as pa

    from littoral.schema.finding import Finding
    from littoral.schema.state import ARRAYS, FORMAT, TRAILER, TRAILER_MAGIC, pack, unpack

    def run(data: bytes) -> None:
        if data[:1] == b"t":
            sink = pa.BufferOutputStream()
            arrays = pa.record_batch(
                [["<f8", "|S3", "|O"], [[2], [1], [1]], [bytes(16), b"abc", bytes(8)]],
                schema=ARRAYS,
            )
            tree = data[1:].decode("utf-8", "replace")
            document = {"tree": tree, "format": FORMAT}
            with pa.ipc.new_stream(sink, ARRAYS.with_metadata(document)) as writer:
                writer.write_batch(arrays.replace_schema_metadata(document))
            stream = sink.getvalue().to_pybytes()
            unpack(stream + TRAILER.pack(TRAILER_MAGIC, 0, zlib.crc32(stream)))
        elif data in written or not is_forged(data):
            unpack(data)

    def is_forged(data: bytes) -> bool:
        """The fuzzer finds out how to make a checksum right, damage does not."""
        return data[-4:] == zlib.crc32(data[: -TRAILER.size]).to_bytes(4, "little")

    written: list[bytes] = []

    def seeds() -> list[bytes]:
        value = {
            "a": np.arange(3), "b": [1, 2.5, "x", None, True], 3: (1, {2}), "c": b"\0\1",
            "d": np.array([b"ab"], "S4"),
        }  # fmt: skip
        written[:] = [pack(value), pack({})]
        kind = f"{Finding.__module__}:{Finding.__qualname__}"
        trees = [
            {"m": [["a", {"a": 0}], ["b", {"l": [1, {"t": []}]}], ["c", {"b": "00ff"}]]},
            {"d": [kind, {}]}, {"n": [kind, [1, 2]]}, {"s": [1, 2]}, {"f": []}, {"a": 1}, {"a": 2},
        ]  # fmt: skip
        return written + [b"t" + json.dumps(t).encode() for t in trees]

    return Target(run, (ValueError,), seeds)


def quarantines(work: Path) -> Target:
    """Rejected lines and their counts, read again."""
    import numpy as np

    from littoral.store.quarantine import Quarantine

    folder = work / "quarantine"

    def run(data: bytes) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        counts, _, lines = data.partition(b"\0\0")
        if counts:
            (folder / "counts.json").write_bytes(counts)
        (folder / "0000000001.jsonl").write_bytes(lines)
        quarantine = Quarantine(folder)
        try:
            quarantine.recent(5)
            quarantine.recent(5, "1-10")
            quarantine.counts()
        finally:
            quarantine.close()

    def seeds() -> list[bytes]:
        shutil.rmtree(folder, ignore_errors=True)
        quarantine = Quarantine(folder)
        raw, where = [b"a\xff"] * 3, [""] * 3
        lines = SimpleNamespace(line=np.arange(3), reason=["bad"] * 3, raw=raw, field=where)
        quarantine.add("pier", lines, 4)
        quarantine.close()
        kept = next(folder.glob("*.jsonl")).read_bytes()
        counts = (folder / "counts.json").read_bytes()
        return [counts + b"\0\0" + kept, b"\0\0" + kept]

    return Target(run, (), seeds)


def keys(work: Path) -> Target:
    """Key files, master keys, the printed copy of one, a sealed piece of evidence."""
    from littoral.store.evidence.sealed_file import MAGIC, read_sealed, sealed_size
    from littoral.store.vault import master, sealing
    from littoral.store.vault.keyfiles import KeyFile, KeyFiles, KeyFolderError, KeyMissing
    from littoral.store.vault.keyring import DataKey
    from littoral.store.vault.sealing import SealError

    files = KeyFiles(work / "keys")
    known = KeyFile(KEY_ID, "subject", KEY_ID, sealing.AES, sealing.AES, "00" * 60, 5)
    files.write(known)
    place = work / "keys" / "keys" / KEY_ID[-2:] / f"{KEY_ID}.json"
    lone = work / "master.key"
    sealed = work / "piece"
    data_key = DataKey(KEY_ID, sealing.AES, bytes(32))

    def run(data: bytes) -> None:
        way, rest = data[:1], data[1:]
        if way == b"k":
            place.write_bytes(rest)
            files.read(KEY_ID)
        elif way == b"m":
            lone.write_bytes(rest)
            lone.chmod(0o600)
            master.read_masters(lone)
        elif way == b"c":
            master.open_copy(rest.decode("utf-8", "replace"), "correct horse battery")
        elif way == b"j":
            text = "\n".join(["LITTORAL", base64.b64encode(rest).decode(), "END"])
            master.open_copy(text, "correct horse battery")
        else:
            sealed.write_bytes(rest)
            for size in (0, 5, max(0, len(rest) - len(MAGIC) - 28)):
                if sealed_size(size) == len(rest):
                    list(read_sealed(sealed, data_key, "x", size))

    def seeds() -> list[bytes]:
        made = master.new_master(5)
        master.write_masters(lone, [made, made])
        body = {
            "format": master.SEALED_FORMAT, "custodian": "a", "id": "x", "algorithm": sealing.AES,
            "wrapping": sealing.AES, "sealed": "00" * 60,
            "kdf": {"name": "scrypt", "n": 2, "r": 1, "p": 1, "salt": "00"},
        }  # fmt: skip
        piece = MAGIC + sealing.seal(
            sealing.AES, bytes(32), b"hello", sealing.context("evidence", "x", "0", "last")
        )
        files.write(known)
        return [
            b"k" + place.read_bytes(), b"m" + lone.read_bytes(), b"j" + json.dumps(body).encode(),
            b"s" + piece, b"c" + b"LITTORAL\nAAAA\nEND\n", b"s" + zlib.compress(piece),
        ]  # fmt: skip

    refusals = (KeyMissing, KeyFolderError, master.MasterError, SealError)
    return Target(run, refusals, seeds)
