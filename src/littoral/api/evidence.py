"""`GET /alerts/{id}/evidence`: the observations that an alert rests on, and their raw lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from littoral.api.alerts import read_alert
from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.gate import guarded
from littoral.api.quarantine import printable
from littoral.api.wire import Json, iso, knots, number
from littoral.engine.runtime import RawLine, Runtime
from littoral.schema.ais import SOURCE_SHIFT, Observations
from littoral.schema.columns import Rows
from littoral.sense.ais import AisDecoder, StationList
from littoral.store.records import AlertRow

router = APIRouter(tags=["alerts"])

DAY_US = 86_400_000_000
TABLES: tuple[tuple[Literal["position", "static", "text"], str], ...] = (
    ("position", "observations"), ("static", "statics"), ("text", "texts"),
)  # fmt: skip


class EvidenceObservation(BaseModel):
    """What one message said. Fields that its kind does not carry are null."""

    obs_id: int
    kind: Literal["position", "static", "text"]
    t: Time
    mmsi: int
    msg_type: int
    station: str | None
    lon: float | None
    lat: float | None
    sog_kn: float | None
    cog_deg: float | None
    heading_deg: float | None
    nav_status: int | None
    name: str | None
    call_sign: str | None
    imo: int | None
    text: str | None


class EvidenceLine(BaseModel):
    obs_id: int
    source: str
    line: int
    text: str = Field(description="as it came; other than printable ASCII as \\x..")


class EvidenceModel(BaseModel):
    observations: list[EvidenceObservation] = Field(description="by time")
    lines: list[EvidenceLine]
    missing: list[int] = Field(description="observations that are no longer kept")


@router.get(
    "/alerts/{alert_id}/evidence",
    response_model=EvidenceModel,
    summary="What an alert rests on",
    **guarded("alert.read", key="alert_id"),
)
def get_evidence(engine: Engine, alert_id: str) -> Json:
    return Json(evidence_of(engine, read_alert(engine, alert_id).alert))


def evidence_of(engine: Runtime, alert: AlertRow) -> dict[str, Any]:
    """As `EvidenceModel`."""
    found = _from_lake(engine, alert)
    lines = []
    for obs_id in alert.evidence:
        line = engine.raw_line(obs_id)
        if line is None:
            continue
        lines.append(
            {
                "obs_id": obs_id,
                "source": line.source,
                "line": line.line,
                "text": printable(line.raw),
            }
        )
        if obs_id not in found:  # what came last is not in the lake yet
            found |= _decoded(engine, obs_id, line)
    observations = sorted(found.values(), key=lambda o: (o["t"], o["obs_id"]))
    return {
        "observations": observations,
        "lines": lines,
        "missing": [o for o in alert.evidence if o not in found],
    }


def _from_lake(engine: Runtime, alert: AlertRow) -> dict[int, dict[str, Any]]:
    """Observations by id. Evidence lies within two days before the start and the last change."""
    if not alert.evidence:
        return {}
    ids = ", ".join(str(int(o)) for o in alert.evidence)
    from_us = alert.start_us - 2 * DAY_US
    to_us = max(alert.updated_us, alert.end_us or 0) + 1
    found: dict[int, dict[str, Any]] = {}
    for kind, table in TABLES:
        rows = engine.lake.sql(
            f"SELECT * FROM {table} WHERE obs_id IN ({ids}) "
            f"AND t_us >= {from_us} AND t_us <= {to_us} "
            f"AND date >= DATE '{iso(from_us)[:10]}' AND date <= DATE '{iso(to_us)[:10]}'"
        )
        for row in rows.to_pylist():
            found[row["obs_id"]] = _observation(kind, row, engine.world.stations)
    return found


def _decoded(engine: Runtime, obs_id: int, line: RawLine) -> dict[int, dict[str, Any]]:
    """The observation of a line by decoding it again; empty when it needs other lines too."""
    stations = StationList()
    decoder = AisDecoder(obs_id >> SOURCE_SHIFT, stations=stations, default_station="")
    got: Observations = decoder.feed(line.raw + b"\n").observations
    parts: tuple[tuple[Literal["position", "static", "text"], Rows], ...] = (
        ("position", got.positions), ("static", got.statics), ("text", got.texts),
    )  # fmt: skip
    for kind, rows in parts:
        for row in rows.to_arrow().to_pylist():
            return {obs_id: _observation(kind, {**row, "obs_id": obs_id}, tuple(stations.names))}
    return {}


def _observation(kind: str, row: Mapping[str, Any], stations: tuple[str, ...]) -> dict[str, Any]:
    station = row["station"]
    sog, cog = row.get("sog_mps"), row.get("cog_deg")
    name = stations[station] if station is not None and 0 <= station < len(stations) else None
    return {
        "obs_id": row["obs_id"],
        "kind": kind,
        "t": iso(row["t_us"]),
        "mmsi": row["mmsi"],
        "msg_type": row["msg_type"],
        "station": name or None,
        "lon": row.get("lon_deg"),
        "lat": row.get("lat_deg"),
        "sog_kn": None if sog is None else knots(sog),
        "cog_deg": None if cog is None else number(cog, 1),
        "heading_deg": row.get("heading_deg"),
        "nav_status": row.get("nav_status"),
        "name": row.get("name"),
        "call_sign": row.get("call_sign"),
        "imo": row.get("imo"),
        "text": row.get("text"),
    }
