"""What a run leaves in the lake: observations, statics, texts, tracks, alerts, quarantine.

All is written by one thread: compression and the disk take place beside the steps, and the
allocator of Arrow, which keeps freed memory by thread, has it once. The writer is bounded: a slow
disk holds the run back, memory does not grow.
"""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from littoral.engine.core import Settled
from littoral.engine.export import GEOJSON_ROWS, write_geojson
from littoral.engine.ledger import Row
from littoral.schema.ais import Observations
from littoral.schema.fleet import FLEET_COLUMNS, Fleet
from littoral.sense.decoded import Rejects
from littoral.store.lake import Lake
from littoral.store.lake_counts import FOLDER as COUNTS
from littoral.store.lake_places import FOLDER as BY_PLACE
from littoral.store.lake_tables import ALERTS, SCHEMAS, TRACKS
from littoral.store.quarantine import Quarantine

ROWS_A_FILE = 1 << 20
ALERTS_ORDER = ("start_us", "id")  # within a file
ALERTS_AT_ONCE = 500  # some 4 KB each while they are turned into columns


def alerts_table(rows: list[Row]) -> pa.Table:
    """Alerts as Arrow; facts and settings as JSON text, since each rule has its own."""
    flat = [
        {
            **{name: r[name] for name in ALERTS.names if name in r},
            "revision": r.get("revision", 1),
            "lon_deg": r["lon"],
            "lat_deg": r["lat"],
            "things": [t["ref"] for t in r["things"]],
            "sentence_zh": r["sentence"]["zh"],
            "sentence_en": r["sentence"]["en"],
            "facts": orjson.dumps(r["facts"]).decode(),
            "settings": orjson.dumps(r["settings"]).decode(),
        }
        for r in rows
    ]
    return pa.Table.from_pylist(flat, schema=ALERTS)


def tracks_table(fleet: Fleet) -> pa.Table:
    """One row a track, with its id; nulls as in the schema."""
    n = fleet.count
    columns: dict[str, pa.Array] = {
        "track": pa.array(np.arange(n, dtype=np.int32)),
        "id": pa.array([fleet.track_id(i) for i in range(n)], pa.string()),
    }
    for name, dtype, null in FLEET_COLUMNS:
        values = getattr(fleet, name)[:n]
        if dtype.startswith("S"):
            columns[name] = pa.array(values, pa.binary(), mask=values == b"").cast(pa.string())
        elif dtype.startswith("f"):
            columns[name] = pa.array(values, from_pandas=True)
        else:
            columns[name] = pa.array(values, mask=values == null if null == -1 else None)
    return pa.table(columns, schema=TRACKS)


ROW_TABLES = ("observations", "statics", "texts")


def write_rows(lake: Lake, rows: Sequence[Observations], key: str) -> None:
    """Rows, in their order, into their tables of the lake, each under `key`."""
    columns = ("positions", "statics", "texts")
    for name, part in zip(ROW_TABLES, columns, strict=True):
        batches = [getattr(r, part).to_arrow() for r in rows if len(getattr(r, part))]
        if batches:
            lake.write(name, pa.Table.from_batches(batches), key)


@dataclass(slots=True)
class _Waiting:
    """What the writer has not been given yet."""

    observations: list[Observations] = field(default_factory=list)
    rejects: list[tuple[str, Rejects]] = field(default_factory=list)
    rows: int = 0


WRITTEN = (*SCHEMAS, "quarantine")
DERIVED = (BY_PLACE, COUNTS)


class LakeOut:
    """Writes one run into `root` in the place of an earlier one. `finish` must be called; it raises
    what the writer met.

    Raises ValueError where `root` is the data folder of a server, whose lake is no run's to clear.
    """

    def __init__(self, root: Path) -> None:
        if (root / "journal").exists():
            raise ValueError(f"{root} is the data folder of a server; choose another for --out")
        self._lake = Lake(root, durable=False)
        for table in SCHEMAS:
            self._lake.clear(table)
        for other in ("quarantine", "receivers", *DERIVED):
            shutil.rmtree(root / other, ignore_errors=True)
        (root / "alerts.geojson").unlink(missing_ok=True)
        self._root = root
        self._quarantine = Quarantine(root / "quarantine")
        self._waiting = _Waiting()
        self._parts = 0
        self._alert_parts = 0
        self._failed: BaseException | None = None
        self._queue: queue.Queue[Callable[[], None] | None] = queue.Queue(1)
        self._thread = threading.Thread(target=self._write_all, name="lake", daemon=True)
        self._thread.start()

    def add_settled(self, settled: Settled) -> None:
        for rows in settled.observations():
            self.add(rows)

    def add(self, rows: Observations) -> None:
        self._waiting.observations.append(rows)
        self._grown(len(rows))

    def quarantine(self, source: str, rejects: Rejects) -> None:
        if len(rejects):
            self._waiting.rejects.append((source, rejects))
            self._grown(len(rejects))

    def alerts(self, rows: list[Row]) -> None:
        """Final rows of alerts; may be called several times, each alert once."""
        rows = sorted(rows, key=itemgetter(*ALERTS_ORDER))
        for start in range(0, len(rows), ALERTS_AT_ONCE):
            self._put(partial(self._write_alerts, rows[start : start + ALERTS_AT_ONCE]))

    def finish(self, fleet: Fleet, receivers: Sequence[str]) -> None:
        self._flush()
        self._put(partial(self._write_last, fleet, receivers))
        self._queue.put(None)
        self._thread.join()
        self._raise()
        self._quarantine.close()
        self._lake.close()

    def _grown(self, rows: int) -> None:
        self._waiting.rows += rows
        if self._waiting.rows >= ROWS_A_FILE:
            self._flush()

    def _flush(self) -> None:
        if self._waiting.rows:
            self._put(partial(self._write, self._waiting))
            self._waiting = _Waiting()

    def _put(self, work: Callable[[], None]) -> None:
        self._queue.put(work)
        self._raise()

    def _raise(self) -> None:
        if self._failed is not None:
            raise self._failed

    # -- the writer's thread ----------------------------------------------------------------

    def _write_all(self) -> None:
        while (work := self._queue.get()) is not None:
            if self._failed is None:
                try:
                    work()
                except BaseException as error:  # raised to the run by _put or finish
                    self._failed = error
            del work  # a million rows need not wait here for the next million

    def _write(self, waiting: _Waiting) -> None:
        for source, rejects in waiting.rejects:
            self._quarantine.add(source, rejects)
        write_rows(self._lake, waiting.observations, f"{self._parts:06d}")
        self._parts += 1

    def _write_alerts(self, rows: list[Row]) -> None:
        self._lake.write("alerts", alerts_table(rows), f"{self._alert_parts:06d}")
        self._alert_parts += 1

    def _write_last(self, fleet: Fleet, receivers: Sequence[str]) -> None:
        for table in ("observations", "tracks", "alerts"):
            (self._root / table).mkdir(parents=True, exist_ok=True)
        self._lake.name_receivers(receivers)
        if fleet.count:
            self._lake.write("tracks", tracks_table(fleet), "all")
        alerts = self._lake.in_order("alerts", ALERTS_ORDER, GEOJSON_ROWS)
        write_geojson(alerts, self._root / "alerts.geojson")
