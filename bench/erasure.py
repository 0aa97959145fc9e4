"""After a key is destroyed no copy yields the field: `make bench NAME=erasure [QUICK=1]`.

A data folder as a server has it (records, log, evidence, and a lake of a short watch), persons,
photos and answers to forms with values that occur nowhere else. Half of them are erased one by
one, one case whole. Then it is tried to get at the erased fields by the front door, from every
file, with every key that is left, from a backup of the data made before and restored after, and
from a backup of the keys restored too. The scanner itself is tried on planted copies first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import _traces
from bench._harness import QUICK, report, row
from littoral.schema.logentry import from_bytes
from littoral.store.database import Database
from littoral.store.evidence import custody
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log
from littoral.store.vault import (
    answer_numbers,
    breakglass,
    cases,
    erasure,
    index,
    persons,
    sealing,
    tables,
)
from littoral.store.vault.entries import Ask, Record
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.logged import log_key, recorder
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, Vault

PERSONS = 40 if QUICK else 400
PHOTOS = 4 if QUICK else 20
ANSWERS = 4 if QUICK else 20
LINES = 2_000 if QUICK else 50_000
NOW = 1_790_000_000_000_000
HOUR = 3_600_000_000
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")


@dataclass
class Scene:
    """What was put in, so that it can be looked for; `keys` are the plain data keys, `answers` the
    numbers of persons in answers to forms, which lie in custody as photos do."""

    ask: Ask
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)

    def things(self) -> list[str]:
        return [*self.values, *self.photos, *self.answers]

    def halves(self) -> tuple[list[str], list[str]]:
        """Of each kind."""
        kinds = [list(kind) for kind in (self.values, self.photos, self.answers)]
        first = [thing for kind in kinds for thing in kind[: len(kind) // 2]]
        return first, [thing for kind in kinds for thing in kind[len(kind) // 2 :]]

    def said(self, thing: str) -> dict[str, str]:
        return self.values.get(thing) or self.answers.get(thing, {})


def fill(
    vault: Vault, folder: Path, record: Record, people: int, photos: int, answers: int
) -> Scene:
    case = cases.open_case(
        vault, "user:li", "案件", "anti_smuggling", "statutory_duty", "460100", NOW, record,
        "customs",
    )  # fmt: skip
    scene = Scene(Ask("user:li", case.id, "anti_smuggling", "statutory_duty"))
    for i in range(people):
        mark = os.urandom(8).hex()
        values = {
            "name": f"张{mark[:6]}", "phone": f"139{int(mark[:8], 16) % 10**8:08d}",
            "id_number": f"4601{int(mark, 16) % 10**13:013d}X", "note": f"笔录 {mark} 第 {i} 页",
        }  # fmt: skip
        scene.values[persons.add_subject(vault, scene.ask, "person", values, NOW, record)] = values
    for _ in range(photos):
        photo = JPEG + os.urandom(200_000)
        added = custody.add(
            vault, folder, scene.ask, [photo], "现场.jpg", "", "personal", NOW, record
        )
        scene.photos[added.id] = photo
    for _ in range(answers):
        mark = int(os.urandom(8).hex(), 16)
        numbers = {"phone": f"138{mark % 10**8:08d}", "id_number": f"4602{mark % 10**13:013d}X"}
        filled = f"<data><tel>{numbers['phone']}</tel><id>{numbers['id_number']}</id></data>"
        added = custody.add(
            vault, folder, scene.ask, [filled.encode()], "answers.txt", "text/plain", "personal",
            NOW, record,
        )  # fmt: skip
        with vault.db.write() as connection:
            answer_numbers.put(vault, connection, added.id, list(numbers.items()), NOW)
        scene.answers[added.id] = numbers
    with vault.db.read() as connection:
        for table in (tables.subjects, tables.evidence):
            for r in connection.execute(
                sa.select(table.c.id, table.c.key_id).where(table.c.case_id == case.id)
            ):
                scene.keys[r.id] = vault.keys.get(r.key_id).key
    return scene


def needles(scene: Scene, things: list[str]) -> set[bytes]:
    found: set[bytes] = set()
    for thing in things:
        found |= _traces.disguises(scene.keys[thing])
        for value in scene.said(thing).values():
            found |= _traces.of_text(value)
        if thing in scene.photos:
            found.add(scene.photos[thing][5_000:5_040])
    return found


def front_door(vault: Vault, folder: Path, scene: Scene, things: list[str], record: Record) -> int:
    """How many of the things are still shown, with every leave that there is."""
    shown = 0
    vault = replace(vault, limits=replace(vault.limits, unreviewed=1_000_000))  # nobody reviews
    for thing in things:
        try:
            grant, _ = breakglass.break_glass(
                vault, "user:li", "试图读取已删除的信息", "anti_smuggling", "statutory_duty",
                "46", NOW, record, scene.ask.case, things=[thing],
            )  # fmt: skip
            if thing in scene.values:
                persons.reveal(vault, scene.ask, grant.id, [thing], NOW, record)
            else:
                opened = custody.show(
                    vault, folder, scene.ask, thing, NOW, record, grant_id=grant.id
                )
                b"".join(opened.read())
            shown += 1
        except (Erased, KeyMissing, SealError, FileNotFoundError):
            continue
    return shown


def every_key(vault: Vault) -> list[bytes]:
    """All plain keys that can be had from what is left, and the master's."""
    found = [vault.keys.master.key]
    for key_id in vault.keys.files.ids():
        try:
            found.append(vault.keys.get(key_id).key)
        except (KeyMissing, SealError):
            continue
    return found


def by_hand(vault: Vault, url: str, scene: Scene, things: list[str]) -> tuple[int, int]:
    """(fields unsealed, tokens recomputed) of the erased, from the rows of the database at `url`
    as they lie there, with every key that is left, by one who knows where each belongs."""
    raw = sa.create_engine(url)
    keys = every_key(vault)
    opened = guessed = 0
    with raw.connect() as connection:
        sealed = [
            (r.subject_id, r.algorithm, r.ciphertext, ("field", r.subject_id, r.name))
            for r in connection.execute(sa.select(tables.fields))
        ]
        sealed += [
            (r.evidence_id, sealing.AES, r.ciphertext,
             (index.ANSWER, r.evidence_id, str(r.number), r.name))
            for r in connection.execute(sa.select(tables.answer_numbers))
        ]  # fmt: skip
        for thing, algorithm, ciphertext, where in sealed:
            for key in keys if thing in things else []:
                try:
                    sealing.unseal(algorithm, key, ciphertext, sealing.context(*where))
                    opened += 1
                except SealError:
                    continue
        stored = {
            r.token
            for table in (tables.tokens, tables.answer_numbers)
            for r in connection.execute(sa.select(table.c.token))
        }
        for thing in things:
            for name in ("name", "phone", "id_number"):
                value = scene.said(thing).get(name)
                for key in keys if value else []:
                    if len(key) == 32:
                        data = index.DataKey("", sealing.HMAC_SHA256, key)
                        guessed += index.token(data, "anti_smuggling", name, value) in stored
    raw.dispose()
    return opened, guessed


def lake(data: Path) -> None:
    lines = data.parent / "lines.aivdm"
    with open(lines, "wb") as out:
        words = [sys.executable, "-m", "littoral.sim.lines", "--lines", str(LINES)]
        subprocess.run(words, check=True, stdout=out)
    words = [sys.executable, "-m", "littoral.cli", "run", str(lines), "--out", str(data / "lake")]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def planted(folder: Path, values: list[str]) -> int:
    """How many of the planted copies the scanner finds, each in another disguise."""
    import base64
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    value = values[0]
    (folder / "plain").write_text(f"x{value}y", encoding="utf-8")
    (folder / "utf16").write_bytes(f"x{value}y".encode("utf-16-le"))
    (folder / "hex").write_text(f"x{value}y".encode().hex())
    for i in range(3):
        (folder / f"base64-{i}").write_bytes(base64.b64encode(b"x" * i + f"{value}yz".encode()))
    (folder / "gzip").write_bytes(gzip.compress(value.encode()))
    pq.write_table(pa.table({"a": [value]}), folder / "parquet", compression="zstd")
    found = len(_traces.traces([folder], _traces.of_text(value)))
    total = len(list(folder.iterdir()))
    shutil.rmtree(folder)
    if found != total:
        raise RuntimeError(f"the scanner found {found} of {total} planted copies")
    return found


def swap(target: Path, source: Path) -> None:
    shutil.rmtree(target)
    shutil.copytree(source, target)


def logged_keys(root: Path, log: Log) -> list[str]:
    """From the log's published files, as a start reads them."""
    signed = log.publish()
    reader = LogReader(root, log.key.public)
    raw = [e for b in range(-(-signed.size // 256)) for e in reader.entries(b, signed.size)]
    return erasure.destroyed_keys(from_bytes(e) for e in raw)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-erasure-") as name:
        return report("erasure", measure(Path(name)))


def measure(root: Path) -> list[dict[str, Any]]:
    data, folder = root / "data", root / "data" / "evidence"
    data.mkdir()
    lake(data)
    url = f"sqlite:///{data / 'records.sqlite'}"
    vault = Vault(Database(url), KeyRing.open(data, NOW))
    log = Log(data / "log", Signer.generate("littoral.example/log"))
    record = recorder(log.append, log_key(vault, NOW))
    one = fill(vault, folder, record, PERSONS, PHOTOS, ANSWERS)
    whole = fill(vault, folder, record, PERSONS // 10, PHOTOS // 2, ANSWERS // 2)
    copies = planted(root / "planted", [next(iter(one.values.values()))["id_number"]])
    tried = [*list(one.values)[:3], *list(one.photos)[:1], *list(one.answers)[:1]]
    before = front_door(vault, folder, one, tried, record)
    log.publish()
    vault.db.close()
    shutil.copytree(data, root / "backup")
    shutil.copytree(root / "data-keys", root / "keys-backup")
    vault = Vault(Database(url), KeyRing.open(data, NOW))

    gone, kept = one.halves()
    times = []
    for thing in gone:
        erase = erasure.erase_subject if thing in one.values else erasure.erase_evidence
        started = time.perf_counter()
        erase(vault, one.ask, thing, "request", NOW, record)
        times.append(time.perf_counter() - started)
    cases.close_case(vault, "user:li", whole.ask.case, NOW, record)
    started = time.perf_counter()
    erasure.erase_case(vault, whole.ask, whole.ask.case, "case_end", NOW, record)
    case_s = time.perf_counter() - started
    started = time.perf_counter()
    index.reindex(vault, "user:dpo", "anti_smuggling", NOW, record)
    reindex_s = time.perf_counter() - started
    custody.sweep(vault, folder)
    logged = logged_keys(data / "log", log)

    sought = needles(one, gone) | needles(whole, whole.things())
    places = [data, root / "data-keys", root / "data-master"]
    live = front_door(vault, folder, one, gone, record)
    still = front_door(vault, folder, one, kept, record)
    log.close()  # a log that goes on replaces files of tiles while they are read
    left = _traces.traces(places, sought)
    in_backup = _traces.traces([root / "backup"], sought)
    vault.db.close()
    everything = [*gone, *whole.things()]
    both = Scene(
        one.ask, one.values | whole.values, one.photos | whole.photos, one.answers | whole.answers
    )

    def restored(keys_too: bool, reconcile: bool) -> tuple[int, int, int, int]:
        """(shown, unsealed by hand, tokens, traces) after backups were put back."""
        swap(data, root / "backup")
        if keys_too:
            swap(root / "data-keys", root / "keys-backup")
        vault = Vault(Database(url), KeyRing.open(data, NOW))
        if reconcile:
            erasure.reconcile(vault, logged, NOW)
        shown = front_door(vault, folder, both, gone, lambda _: None)
        opened, guessed = by_hand(vault, f"sqlite:///{root / 'backup' / 'records.sqlite'}", both,
                                  everything)  # fmt: skip
        vault.db.close()
        return shown, opened, guessed, sum(_traces.traces(places, sought).values())

    shutil.copytree(root / "data-keys", root / "keys-after")
    data_back = restored(keys_too=False, reconcile=False)
    data_back_started = restored(keys_too=False, reconcile=True)
    keys_back = restored(keys_too=True, reconcile=True)
    swap(root / "data-keys", root / "keys-backup")
    ignored = restored(keys_too=True, reconcile=False)
    swap(root / "data-keys", root / "keys-after")
    KeyRing.open(data, NOW).rotate(NOW)
    rotated = restored(keys_too=True, reconcile=False)
    ordered = sorted(times)
    things = len(everything)
    return [
        row("persons, photos and answers erased", things, "1", at_least=things),
        row("planted copies that the scanner finds, of 8", copies, "1", at_least=8),
        row("shown before, of 5 tried", before, "1", at_least=5),
        row("shown after, by the front door with break-glass", live, "1", at_most=0),
        row("files with a field or key in clear: data, keys, log, lake", len(left), "1", at_most=0),
        row("files of the backup with a field or key in clear", len(in_backup), "1", at_most=0),
        row("others still shown", still, f"of {len(kept)}", at_least=len(kept)),
        *(
            row(f"{what}: {name}", n, "1", at_most=0)
            for what, found in (
                ("backup of data restored, before the start's check", data_back),
                ("backup of data restored, after it", data_back_started),
                ("backups of data and keys restored, after it", keys_back),
                ("the same, log ignored, after a rotation of the master key", rotated),
            )
            for name, n in zip(
                ("shown", "fields unsealed by hand", "tokens recomputed", "traces"),
                found, strict=True,
            )
        ),
        # That the attempts above can succeed at all: without the log's list an old backup of the
        # keys gives everything, which is why a start reads the log and the master key is rotated.
        row("control, log ignored and no rotation: shown", ignored[0], "1", at_least=1),
        row("control: fields unsealed by hand", ignored[1], "1", at_least=1),
        row("control: tokens recomputed", ignored[2], "1", at_least=1),
        row("erasing a person, p50", ordered[len(ordered) // 2] * 1e3, "ms"),
        row("erasing a person, p99", ordered[int(len(ordered) * 0.99)] * 1e3, "ms"),
        row("erasing a case, a thing in it", case_s * 1e3 / (len(whole.keys) + 1), "ms"),
        row("a new blind index, a person", reindex_s * 1e3 / len(kept), "ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
