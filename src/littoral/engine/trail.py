"""An alert down to the lines that it rests on, from a data folder alone: a run's, or a server's
beside it or without it. What people did about it is left out: the policies say who may read that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from littoral.engine.resume import line_among
from littoral.engine.served import RECORDS, checkpointed, select
from littoral.schema.ais import source_and_line
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
        row["source"], row["line"] = source_and_line(row["obs_id"])
        row["raw"] = raw.get(row["obs_id"])
    return rows


def raw_lines(data: Path, ids: Sequence[int]) -> dict[int, str]:
    """Lines by obs_id, of a server's journal as far as its last checkpoint knows it."""
    state = checkpointed(data)
    if state is None:
        return {}
    read = partial(kept_entries, data / "journal")
    found = {obs_id: line_among(read, state, obs_id) for obs_id in ids}
    return {
        obs_id: raw.decode("ascii", "backslashreplace")
        for obs_id, raw in found.items()
        if raw is not None
    }
