"""SQL over a data folder, a run's or a server's.

A run is a lake. A server keeps its lake in `lake/`, its alerts in the records and its tracks in the
checkpoint: they are put beside the lake's tables, so that one question has one form.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyarrow as pa

from littoral.area.geofence import Geofence
from littoral.engine import core, live_state
from littoral.engine.lake_out import alerts_table, tracks_table
from littoral.engine.reference import region_world
from littoral.schema.fleet import Fleet
from littoral.schema.state import unpack
from littoral.store.lake import Lake
from littoral.store.lake_tables import TRACKS
from littoral.store.records import Records

RECORDS = "records.sqlite"
PAGE = 1000


def lake_root(data: Path) -> Path:
    """Where the lake of a data folder is."""
    return data / "lake" if (data / "lake").is_dir() else data


def select(data: Path, query: str) -> pa.Table:
    """One SELECT over the views observations, statics, texts, tracks, alerts. Raises LakeError."""
    beside = {}
    if (data / RECORDS).exists():
        words = query.lower()
        if "alerts" in words:
            beside["alerts"] = _alerts(data)
        if "tracks" in words:
            beside["tracks"] = _tracks(data)
    return Lake(lake_root(data)).sql(query, beside)


def _alerts(data: Path) -> pa.Table:
    """The current version of every alert, withdrawn ones too."""
    records = Records.open(f"sqlite:///{data / RECORDS}")
    try:
        rows, cursor = [], None
        while True:
            page = records.alerts(None, cursor, PAGE)
            rows += [dataclasses.asdict(a) for a in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return alerts_table(rows)
    finally:
        records.close()


def fleet(data: Path) -> Fleet:
    """The tracks of a folder with who they are, by row; of a server as of the last checkpoint."""
    if (data / RECORDS).exists():
        return _checkpointed(data) or Fleet.empty(0)
    rows = Lake(lake_root(data)).sql(
        "SELECT track, mmsi, first_us, name, ship_type FROM tracks ORDER BY track"
    )
    found = Fleet.empty(rows.num_rows)
    found.count = rows.num_rows
    at = rows["track"].to_numpy()
    found.mmsi[at], found.first_us[at] = rows["mmsi"].to_numpy(), rows["first_us"].to_numpy()
    found.ship_type[at] = rows["ship_type"].fill_null(-1).to_numpy()
    found.name[at] = [name.encode() for name in rows["name"].fill_null("").to_pylist()]
    return found


def fences(data: Path) -> tuple[Geofence, ...] | None:
    """Those that stand in the records of a server's folder; None where there are no records."""
    if not (data / RECORDS).exists():
        return None
    records = Records.open(f"sqlite:///{data / RECORDS}")
    try:
        return records.current_geofences()
    finally:
        records.close()


def _tracks(data: Path) -> pa.Table:
    """The fleet as of the last checkpoint, some ten seconds old while the server runs."""
    found = _checkpointed(data)
    return TRACKS.empty_table() if found is None else tracks_table(found)


def checkpointed(data: Path) -> live_state.LiveState | None:
    """A server's last checkpoint; None where there is none."""
    path = data / live_state.CHECKPOINT
    if not path.exists():
        return None
    like = live_state.fresh(core.choose_rules("coastal"), region_world("hainan", None))
    return unpack(path.read_bytes(), like=like)


def _checkpointed(data: Path) -> Fleet | None:
    state = checkpointed(data)
    return None if state is None else core.picture(state.core)
