"""From what the loop told to findings."""

from __future__ import annotations

from collections.abc import Sequence

from littoral.area.places import Place
from littoral.detect.port_visit.loop import OUT_END_US, OUT_UPDATED_US
from littoral.detect.port_visit.state import (
    BEGIN_US,
    BITS,
    GAPS,
    HAS_ENTRY,
    HAS_EXIT,
    OBS_FIRST,
    OBS_LAST,
    OBS_STOP,
    POINT,
    SECOND_US,
    STOPPED_US,
    STOPS,
    THING,
    TOLD,
)
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet


def finding_of(
    told: Sequence[int],
    fleet: Fleet,
    points: Sequence[Place],
    priority: int,
    rule: str,
    version: str,
) -> Finding:
    """One row of what the loop told."""
    point = points[told[POINT]] if told[POINT] >= 0 else None
    facts: dict[str, Fact] = {
        "confidence": told[TOLD],
        "entered": bool(told[BITS] & HAS_ENTRY),
        "left": bool(told[BITS] & HAS_EXIT),
        "stops": told[STOPS],
        "stopped_s": told[STOPPED_US] // SECOND_US,
        "gaps": told[GAPS],
        "place": None if point is None else point.id,
        "place_kind": None if point is None else point.kind,
        "place_zh": None if point is None else point.name.get("zh", ""),
        "place_en": None if point is None else point.name.get("en", ""),
    }
    if told[OUT_END_US]:
        facts["duration_s"] = (told[OUT_END_US] - told[BEGIN_US]) // SECOND_US
    return Finding(
        rule=rule,
        version=version,
        kind="port_visit",
        things=(fleet.thing(told[THING]),),
        start_us=told[BEGIN_US],
        end_us=told[OUT_END_US] or None,
        updated_us=told[OUT_UPDATED_US],
        lon_deg=None if point is None else point.lon_deg,
        lat_deg=None if point is None else point.lat_deg,
        priority=priority,
        facts=facts,
        evidence=tuple(sorted({told[c] for c in (OBS_FIRST, OBS_STOP, OBS_LAST) if told[c]})),
    )
