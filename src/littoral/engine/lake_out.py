"""What a run leaves in the lake: observations, statics, texts, tracks, alerts, quarantine.

Rows are gathered and written by one thread, so that compression and the disk take place beside the
steps. The writer is bounded: a slow disk holds the run back, memory does not grow.
"""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from littoral.engine.core import Settled
from littoral.engine.ledger import Row
from littoral.schema.ais import Observations
from littoral.schema.fleet import FLEET_COLUMNS, Fleet
from littoral.sense.decoded import Rejects
from littoral.store.lake import Lake
from littoral.store.quarantine import Quarantine

ROWS_A_FILE = 1 << 20

ALERT_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("rule", pa.string()),
        ("version", pa.string()),
        ("profile", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("priority", pa.int8()),
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("updated_us", pa.int64()),
        ("lon_deg", pa.float64()),
        ("lat_deg", pa.float64()),
        ("things", pa.list_(pa.string())),
        ("labels", pa.list_(pa.string())),
        ("sentence_zh", pa.string()),
        ("sentence_en", pa.string()),
        ("facts", pa.string()),
        ("settings", pa.string()),
        ("evidence", pa.list_(pa.int64())),
        ("held_by", pa.string()),
    ]
)


def alerts_table(rows: list[Row]) -> pa.Table:
    """Alerts as Arrow; facts and settings as JSON text, since each rule has its own."""
    flat = [
        {
            **{name: r.get(name) for name in ALERT_SCHEMA.names if name in r},
            "lon_deg": r["lon"],
            "lat_deg": r["lat"],
            "things": [t["ref"] for t in r["things"]],
            "labels": [t["label"] for t in r["things"]],
            "sentence_zh": r["sentence"]["zh"],
            "sentence_en": r["sentence"]["en"],
            "facts": orjson.dumps(r["facts"]).decode(),
            "settings": orjson.dumps(r["settings"]).decode(),
        }
        for r in rows
    ]
    return pa.Table.from_pylist(flat, schema=ALERT_SCHEMA)


def tracks_table(fleet: Fleet) -> pa.Table:
    """One row a track, with its id; nulls as in the schema."""
    n = fleet.count
    columns: dict[str, pa.Array] = {
        "track": pa.array(np.arange(n, dtype=np.int32)),
        "track_id": pa.array([fleet.track_id(i) for i in range(n)], pa.string()),
    }
    for name, dtype, null in FLEET_COLUMNS:
        values = getattr(fleet, name)[:n]
        if dtype.startswith("S"):
            columns[name] = pa.array(values, pa.binary(), mask=values == b"").cast(pa.string())
        elif dtype.startswith("f"):
            columns[name] = pa.array(values, from_pandas=True)
        else:
            columns[name] = pa.array(values, mask=values == null if null == -1 else None)
    return pa.table(columns)


class LakeOut:
    """Writes one run into `root`. `finish` must be called; it raises what the writer met."""

    def __init__(self, root: Path) -> None:
        self._lake = Lake(root)
        self._root = root
        self._quarantine = Quarantine(root / "quarantine")
        self._waiting: list[Observations] = []
        self._rows = 0
        self._parts = 0
        self._alert_parts = 0
        self._failed: BaseException | None = None
        self._queue: queue.Queue[tuple[list[Observations], str] | None] = queue.Queue(1)
        self._thread = threading.Thread(target=self._write_all, name="lake", daemon=True)
        self._thread.start()

    def add_settled(self, settled: Settled) -> None:
        self.add(Observations(settled.positions, settled.statics, settled.texts))

    def add(self, rows: Observations) -> None:
        self._waiting.append(rows)
        self._rows += len(rows)
        if self._rows >= ROWS_A_FILE:
            self._flush()

    def quarantine(self, source: str, rejects: Rejects) -> None:
        if len(rejects):
            self._quarantine.add(source, rejects)

    def alerts(self, rows: list[Row]) -> None:
        """Final rows of alerts; may be called several times, each alert once."""
        if rows:
            folder = self._root / "alerts"
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(alerts_table(rows), folder / f"part-{self._alert_parts:06d}.parquet")
            self._alert_parts += 1

    def finish(self, fleet: Fleet) -> None:
        self._flush()
        self._queue.put(None)
        self._thread.join()
        if self._failed is not None:
            raise self._failed
        folder = self._root / "tracks"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(tracks_table(fleet), folder / "tracks.parquet")
        if not self._alert_parts:
            (self._root / "alerts").mkdir(parents=True, exist_ok=True)
            pq.write_table(alerts_table([]), self._root / "alerts" / "part-000000.parquet")

    def _flush(self) -> None:
        if self._waiting:
            self._queue.put((self._waiting, f"{self._parts:06d}"))
            self._waiting, self._rows = [], 0
            self._parts += 1
        if self._failed is not None:
            raise self._failed

    def _write_all(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._failed is None:
                try:
                    self._write(*item)
                except BaseException as error:  # raised to the run by _flush or finish
                    self._failed = error

    def _write(self, parts: list[Observations], key: str) -> None:
        rows = Observations.concat(parts)
        for name, part in (
            ("observations", rows.positions),
            ("statics", rows.statics),
            ("texts", rows.texts),
        ):
            if len(part):
                self._lake.write(name, pa.Table.from_batches([part.to_arrow()]), key)
