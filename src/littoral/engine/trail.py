"""An alert down to the lines that it rests on, from a data folder alone: a run's, or a server's
beside it or without it. What people did about it is left out: the policies say who may read that.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from littoral.engine.numbered import HEAD_BYTES, LINES
from littoral.engine.served import RECORDS, checkpointed, select
from littoral.schema.ais import SOURCE_SHIFT
from littoral.store.database import NotFound
from littoral.store.journal_read import kept_entries
from littoral.store.records import Records

PARTS = {
    "observations": "lon_deg, lat_deg, sog_mps, null AS name, null AS said",
    "statics": "null, null, null, name, null",
    "texts": "null, null, null, null, text",
}
KINDS = {"observations": "position", "statics": "static", "texts": "text"}
SAID = ("state", "priority", "sentence_zh", "sentence_en")


def versions(data: Path, alert_id: str) -> list[dict[str, Any]]:
    """Oldest first; a run keeps the last alone. `evidence` are its obs_ids. Raises NotFound."""
    if not (data / RECORDS).exists():
        query = f"select revision, updated_us, {', '.join(SAID)}, evidence from alerts "
        found = select(data, f"{query} where id = '{alert_id}'").to_pylist()
        if not found:
            raise NotFound(f"there is no alert {alert_id}")
        return found
    records = Records.open(f"sqlite:///{data / RECORDS}")
    try:
        rows = records.alert(alert_id).versions
    finally:
        records.close()
    return [
        {
            "revision": row.revision, "updated_us": row.document["updated_us"],
            "state": row.state, "priority": row.priority,
            "sentence_zh": row.document["sentence"]["zh"],
            "sentence_en": row.document["sentence"]["en"], "evidence": row.document["evidence"],
        }
        for row in rows
    ]  # fmt: skip


def observations(data: Path, ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the messages said, by time; `raw` is the line as it came, null where none is kept."""
    if not ids:
        return []
    listed = ", ".join(str(int(o)) for o in ids)
    one = " UNION ALL ".join(
        f"SELECT obs_id, '{KINDS[table]}' AS kind, t_us, mmsi, msg_type, {columns} "
        f"FROM {table} WHERE obs_id IN ({listed})"
        for table, columns in PARTS.items()
    )
    rows = select(data, f"SELECT * FROM ({one}) ORDER BY t_us, obs_id").to_pylist()
    raw = raw_lines(data, ids)
    for row in rows:
        row["source"] = row["obs_id"] >> SOURCE_SHIFT
        row["line"] = row["obs_id"] & ((1 << SOURCE_SHIFT) - 1)
        row["raw"] = raw.get(row["obs_id"])
    return rows


def raw_lines(data: Path, ids: Sequence[int]) -> dict[int, str]:
    """Lines by obs_id, of a server's journal as far as its last checkpoint knows it."""
    state = checkpointed(data)
    found: dict[int, str] = {}
    if state is None:
        return found
    for obs_id in ids:
        source, line = obs_id >> SOURCE_SHIFT, obs_id & ((1 << SOURCE_SHIFT) - 1)
        place = state.index.find(source, line)
        if place is None:
            continue
        position, first = place
        for entry in kept_entries(data / "journal", position):
            if entry.kind != LINES or entry.source != source:
                continue
            lines = entry.payload[HEAD_BYTES:].split(b"\n")
            if line - first < len(lines) - 1:
                text = lines[line - first].rstrip(b"\r")
                found[obs_id] = text.decode("ascii", "backslashreplace")
                break
            first += len(lines) - 1
    return found
