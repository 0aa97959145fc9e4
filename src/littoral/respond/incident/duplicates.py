"""Which incidents may be one matter: proposed to a person, never merged by itself.

Two are proposed when they share a source, or are of kinds that are taken for one another, near in
place and time. Why is said with each proposal, nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyproj import Geod

from littoral.respond.incident.flow import Incident
from littoral.respond.incident.words import CLOSED

WGS84 = Geod(ellps="WGS84")
HOUR_US = 3_600_000_000

# How near two reports of one matter lie. A caller ashore names a vessel's place to a few
# kilometres; a matter on land is named to the street.
AT_SEA = frozenset({"smuggling", "rescue", "collision", "fire", "landing", "pollution", "storm"})
NEAR_SEA_M, NEAR_LAND_M = 5_000.0, 300.0
WITHIN_US = 6 * HOUR_US
# Who sees from afar does not know what it is.
TAKEN_FOR = (
    frozenset({"smuggling", "landing"}),
    frozenset({"rescue", "collision", "fire"}),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`shared`: sources of both; `distance_m`: None where a place is not known."""

    other: str
    shared: int
    distance_m: float | None
    apart_us: int
    zh: str
    en: str


def proposals(incident: Incident, others: Iterable[Incident]) -> list[Proposal]:
    """Of `others` those that may be the same matter, most likely first."""
    found = [
        made
        for other in others
        if other.id != incident.id and not other.merged_into and other.state != CLOSED
        for made in (_proposal(incident, other),)
        if made is not None
    ]
    return sorted(found, key=lambda p: (-p.shared, p.distance_m or 0.0, p.apart_us, p.other))


def _proposal(incident: Incident, other: Incident) -> Proposal | None:
    shared = len(incident.sources & other.sources)
    apart_us = abs(incident.opened_us - other.opened_us)
    away_m = distance_m(incident, other)
    if shared:
        return Proposal(
            other.id, shared, away_m, apart_us,
            f"有 {shared} 条相同来源", f"{shared} source{'s' if shared > 1 else ''} in common",
        )  # fmt: skip
    if away_m is None or apart_us > WITHIN_US or not alike(incident.type, other.type):
        return None
    sea = {incident.type, other.type} <= AT_SEA
    if away_m > (NEAR_SEA_M if sea else NEAR_LAND_M):
        return None
    minutes = apart_us // 60_000_000
    return Proposal(
        other.id, 0, away_m, apart_us,
        f"相距 {away_m:.0f} 米、相隔 {minutes} 分钟", f"{away_m:.0f} m and {minutes} min apart",
    )  # fmt: skip


def alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in TAKEN_FOR)


def distance_m(one: Incident, other: Incident) -> float | None:
    """Geodesic on WGS 84; None where a place is not known."""
    if one.lon_deg is None or one.lat_deg is None or other.lon_deg is None or other.lat_deg is None:
        return None
    return float(WGS84.inv(one.lon_deg, one.lat_deg, other.lon_deg, other.lat_deg)[2])
