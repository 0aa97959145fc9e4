"""A live server fed over HTTP and killed: what its sender was told must hold afterwards.

Every kill aims at a moment: while a request is under way (the journal's write), while the
checkpoint's file is being written, while the lake's file is, during start-up, or any. Whether it
hit is judged by what the dead process left behind. A seed decides everything that we decide.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from bench._serve import API, Server
from littoral.engine.numbered import HEAD_BYTES, LINES
from littoral.sim import damage, traffic
from littoral.sim.feed import lines_of, region_coast
from littoral.store.alert_rows import NEWS
from littoral.store.journal import Journal
from littoral.store.lake import Lake
from littoral.store.quarantine import Quarantine
from littoral.store.records import Records

SOURCE = "crash-test"
START_US = 1_786_795_200_000_000  # 2026-08-15T12:00:00Z, as the demo
HISTORY_MIN = 40  # planted events lie around the end of the history
OPTIONS = ("--checkpoint-every", "0.5")
AIMS = ("journal", "checkpoint", "lake", "start-up", "any")
AIM_WAIT_S = 4.0  # then the kill comes all the same
POLL_S = 0.0002


def stream(vessels: int, minutes: int, seed: int) -> bytes:
    """Lines of the simulated coast with its planted events, 2 % of them damaged."""
    settings = traffic.Settings(vessels, seed, history_us=HISTORY_MIN * traffic.BLOCK_US)
    world = traffic.start(region_coast(), START_US, settings)
    pieces = [data for _, _, data, _ in islice(lines_of(world), minutes)]
    lines = b"".join(pieces)
    spoilt, _ = damage.spoil(np.frombuffer(lines, np.uint8), 0.02, 0, 1 << 62, seed)
    return spoilt.tobytes()


class Sender(threading.Thread):
    """Sends the stream in pieces from where it is held, repeats some, remembers what it was told
    is safe. Once it has come to `limit` it goes on with repetitions, until it is told to quit."""

    def __init__(
        self, server: Server, data: bytes, held: int, limit: int, seed: int, pause_s: float
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.data, self.pause_s = server, data, pause_s
        self.limit = limit
        self.chance = random.Random(seed)
        self.acknowledged = held
        self.perhaps = held  # held, if a request that got no answer was taken all the same
        self.answers = 0
        self.sending = threading.Event()  # a request is under way
        self.asked_s = 0.0  # since when
        self.unanswered = False  # the connection broke while one was
        self.wrong: str | None = None
        self.quit = threading.Event()

    def run(self) -> None:
        """As a careful sender does it: connect anew when the line breaks, send the same again."""
        while not self._done() and self.server.process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            try:
                connection.connect()
                while not self._done():
                    self._send(connection)
                    time.sleep(self.pause_s * self.chance.random())
            except (OSError, http.client.HTTPException):
                self.unanswered = self.sending.is_set()
                time.sleep(0.05)
            finally:
                connection.close()

    def _done(self) -> bool:
        return self.acknowledged >= len(self.data) or self.quit.is_set()

    def _send(self, connection: http.client.HTTPConnection) -> None:
        """One piece: mostly what is next, sometimes from before, cut anywhere in a line."""
        back = self.chance.choice((0, 0, 0, 1, 500, 20_000))
        size = self.chance.choice((100, 1_000, 4_000, 12_000)) + back
        if self.acknowledged >= self.limit:
            back = size = 4_000
        position = max(0, self.acknowledged - back)
        piece = self.data[position : position + size]
        self.perhaps = max(self.perhaps, position + piece.rfind(b"\n") + 1)
        self.asked_s = time.monotonic()
        self.sending.set()
        connection.request(
            "POST",
            f"{API}/intake/{SOURCE}?position={position}",
            piece,
            {"content-type": "application/octet-stream"},
        )
        answer = connection.getresponse()
        body = answer.read()
        self.sending.clear()
        self.unanswered = False
        if answer.status == 503:
            return
        said = orjson.loads(body)
        known = max(self.acknowledged, position + piece.rfind(b"\n") + 1)
        if answer.status != 200 or not known <= said["held"] <= max(known, self.perhaps):
            self.wrong = f"{answer.status} {body[:200]!r}, expected held {known}"
            self.quit.set()
            return
        self.acknowledged = said["held"]
        self.answers += 1


@dataclass(slots=True)
class Toll:
    """What became of a run with kills."""

    aimed: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    lost_bytes: int = 0  # acknowledged and not held after a restart
    start_s: list[float] = field(default_factory=list)


def run_with_kills(folder: Path, data: bytes, kills: int, seed: int, pause_s: float) -> Toll:
    """Kills `kills` times, then sends the rest and stops cleanly. RuntimeError when a server does
    not come back or answers what it should not."""
    chance = random.Random(seed)
    toll = Toll()
    acknowledged = 0
    for number in range(kills + 1):
        aim = AIMS[number % len(AIMS)] if number < kills else "end"
        server = Server(folder, *OPTIONS)
        try:
            if aim == "start-up":
                quickest = min(toll.start_s, default=2.0)
                time.sleep(chance.uniform(0.0, quickest))
                toll.aimed[aim] += 1
                toll.hit[aim] += not _answers(server)
                server.kill()
                continue
            server.wait()
            toll.start_s.append(time.monotonic() - server.started)
            held = server.get(f"/intake/{SOURCE}")["held"]
            toll.lost_bytes += max(0, acknowledged - held)
            last = number == kills
            share = 2 * (len(data) - held) // (kills + 1 - number)
            limit = len(data) if last else min(held + share, len(data) - 1)
            sender_seed = chance.randrange(1 << 32)
            sender = Sender(server, data, held, limit, sender_seed, 0 if last else pause_s)
            sender.start()
            if aim == "end":
                sender.join()
                _judge(sender, server)
                server.drain()
                server.stop()
            else:
                _await(aim, folder, sender, chance)
                killed_s = time.monotonic()
                server.kill()
                sender.join()
                _judge(sender, server)
                toll.aimed[aim] += 1
                toll.hit[aim] += _was_hit(aim, folder, sender, killed_s)
            acknowledged = max(held, sender.acknowledged)
            toll.answers += sender.answers
        finally:
            if server.process.poll() is None:
                server.kill()
    if acknowledged != len(data):
        raise RuntimeError(f"{acknowledged} of {len(data)} bytes were acknowledged")
    return toll


def _answers(server: Server) -> bool:
    try:
        server.get("/settings")
    except OSError:
        return False
    return True


def _judge(sender: Sender, server: Server) -> None:
    if sender.wrong is not None:
        raise RuntimeError(f"the intake answered {sender.wrong}\n{server.said()}")


def _await(aim: str, folder: Path, sender: Sender, chance: random.Random) -> None:
    """Until the moment that `aim` names, after some input."""
    time.sleep(chance.uniform(0.2, 0.8))
    deadline = time.monotonic() + AIM_WAIT_S
    while time.monotonic() < deadline and sender.is_alive():
        if aim == "journal" and sender.sending.is_set():
            time.sleep(chance.uniform(0.0, 0.003))
            if sender.sending.is_set():
                return
        elif aim in ("checkpoint", "lake") and _being_written(aim, folder):
            return
        elif aim == "any":
            time.sleep(chance.uniform(0.0, 1.5))
            return
        time.sleep(POLL_S)


def _being_written(aim: str, folder: Path) -> bool:
    """Is there an unfinished file of the checkpoint, or of the lake?"""
    if aim == "checkpoint":
        return (folder / "checkpoint.arrow.tmp").exists()
    stage = folder / "lake" / ".stage"
    return any(p.name != "lock" for own in stage.glob("*/") for p in own.iterdir())


def _was_hit(aim: str, folder: Path, sender: Sender, killed_s: float) -> bool:
    if aim == "journal":
        return sender.unanswered and sender.asked_s < killed_s
    return _being_written(aim, folder) if aim in ("checkpoint", "lake") else True


def run_without(folder: Path, data: bytes, seed: int) -> None:
    """The same input without a kill."""
    run_with_kills(folder, data, 0, seed, 0.0)


@dataclass(slots=True)
class Kept:
    """What a folder holds after its server has stopped."""

    journal: bytes
    tables: dict[str, pa.Table]  # by obs_id
    doubled: int  # rows of the lake whose obs_id was there already
    rejected: dict[str, int]
    alerts: dict[str, dict[str, Any]]  # last settled version, by id
    repeated: list[str]  # alerts with a version that says what the one before said


def kept(folder: Path) -> Kept:
    with Journal.open(folder / "journal") as journal:
        entries = [e for e in journal.read(0) if e.kind == LINES]
        lines = b"".join(e.payload[HEAD_BYTES:] for e in entries)
    tables, doubled = {}, 0
    with Lake(folder / "lake") as lake:
        for name in ("observations", "statics", "texts"):
            table = lake.sql(f"select * from {name} order by obs_id")
            doubled += table.num_rows - pc.count_distinct(table["obs_id"]).as_py()
            tables[name] = table.drop_columns(["received_us"])  # by the clock of each run
    quarantine = Quarantine(folder / "quarantine")
    rejected = quarantine.counts()
    quarantine.close()
    with Records.open(f"sqlite:///{folder / 'records.sqlite'}") as records:
        settled, _ = records.ledger_rows()
        repeated = []
        for row in settled:
            versions = records.alert(row["id"]).versions
            said = [(v.state, v.escalated, _content(v.document)) for v in versions]
            if any(a == b for a, b in pairwise(said)):
                repeated.append(f"{row['id']} says twice the same: {said}")
    alerts = {row["id"]: _content(row) for row in settled}
    return Kept(lines, tables, doubled, rejected, alerts, repeated)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    """What an alert says: a change of anything else is no new version."""
    refs = [thing["ref"] for thing in row["things"]]
    return {**{name: row[name] for name in ("rule", "version", *NEWS)}, "things": refs}


def differences(one: Kept, other: Kept) -> dict[str, int]:
    """Rows and alerts in which two runs differ."""
    found = {}
    for name, table in one.tables.items():
        theirs = other.tables[name]
        same = table.num_rows == theirs.num_rows and table.equals(theirs)
        found[name] = 0 if same else max(1, _rows_apart(table, theirs))
    found["alerts"] = len(alerts_apart(one, other))
    reasons = set(one.rejected) | set(other.rejected)
    found["rejects"] = sum(abs(one.rejected.get(r, 0) - other.rejected.get(r, 0)) for r in reasons)
    found["journal bytes"] = abs(len(one.journal) - len(other.journal)) or int(
        one.journal != other.journal
    )
    return found


def alerts_apart(one: Kept, other: Kept) -> list[str]:
    """Each alert that differs, in words."""
    said = []
    for key in sorted(set(one.alerts) | set(other.alerts)):
        a, b = one.alerts.get(key), other.alerts.get(key)
        if a is None or b is None:
            said.append(f"{key} only {'here' if a else 'there'}: {a or b}")
        elif a != b:
            said.append(f"{key}: {[(n, a[n], b[n]) for n in a if a[n] != b[n]]}")
    return said


def _rows_apart(one: pa.Table, other: pa.Table) -> int:
    a, b = (set(map(repr, t.to_pylist())) for t in (one, other))
    return len(a ^ b)
