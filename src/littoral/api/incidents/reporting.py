"""Where a report is put: its area, the desk that answers for it, the agency that leads it."""

from __future__ import annotations

import numpy as np

from littoral.access import Resource
from littoral.api.deps import Engine
from littoral.api.gate import NO_AGENCY, Actor, Gate, areas_of, safe_id
from littoral.api.incidents.models import ReportInput
from littoral.api.incidents.sight import rules_of, when_us
from littoral.area.rings import RING_SLUGS
from littoral.respond.incident.flow import Incident, place_of
from littoral.respond.incident.leads import lead_of, may_lead
from littoral.respond.incident.step import Refused, Step
from littoral.store import incidents
from littoral.store.people.packaged import PROVINCE

# Where nobody verifies or closes: what is reported there comes before the county around it.
SMALL = frozenset({"township", "village", "grid"})


def report_step(engine: Engine, gate: Gate | None, who: Actor, given: ReportInput) -> Step:
    """With what was left out as the own unit, the type and the place have it."""
    seat = who.principals[0] if who.principals else None
    own = seat.unit if seat is not None else PROVINCE
    area = given.area or own
    own_agency = seat.agency if seat is not None else NO_AGENCY
    ring = ring_at(engine, given.lon, given.lat)
    leads = rules_of(gate).leads
    fields = {
        **given.model_dump(mode="json", exclude={"id", "at", "lon", "lat"}),
        "area": area,
        "desk": given.desk or desks_of(gate, own)[-1],
        "lead_agency": given.lead_agency or lead_of(given.type, ring, leads) or own_agency,
        "lon_deg": given.lon,
        "lat_deg": given.lat,
    }
    key = str(given.id)
    return Step(key, key, "report", when_us(given.at), who.id, who.desk, fields)


def reported_thing(gate: Gate, incident: Incident) -> Resource:
    """What is reported, as the policies take it: it lies in its area, whoever answers for it."""
    return Resource(
        incidents.DATA_CLASS,
        safe_id(incident.id),
        unit=incident.desk,
        agency=incident.lead_agency,
        areas=areas_of(gate, place_of(incident)),
        owner=incident.opened_by,
        kind=incident.type,
    )


def check_choice(gate: Gate | None, who: Actor, wanted: Incident) -> None:
    """A report comes before the own unit or that of its area, and is led by the own agency or one
    that leads such matters: it lands on no other board. Raises Refused."""
    if gate is None:
        return
    own = {code for p in who.principals for code in desks_of(gate, p.unit)}
    if wanted.desk not in own | set(desks_of(gate, place_of(wanted))):
        raise Refused(
            "desk", "只能由本单位或事发地所属单位受理。",
            "It comes before the own unit or that of its area.", "desk",
        )  # fmt: skip
    may = may_lead(wanted.type, rules_of(gate).leads) | {p.agency for p in who.principals}
    if wanted.lead_agency not in may:
        listed = ", ".join(sorted(may))
        raise Refused(
            "lead_agency", f"牵头部门须为以下之一：{listed}。", f"It is led by one of {listed}.",
            "lead_agency",
        )  # fmt: skip


def desks_of(gate: Gate | None, area: str) -> tuple[str, ...]:
    """Who answers for what lies there, smallest first: its own unit; of a township, village or grid
    also the county around it, which is last."""
    units = {} if gate is None else gate.people.directory.organisation().units
    if gate is None or area not in units or units[area].tier not in SMALL:
        return (area,)
    around = (c for c in areas_of(gate, area) if c in units and units[c].tier not in SMALL)
    county = next(around, area)
    return tuple(dict.fromkeys((area, county)))


def ring_at(engine: Engine, lon_deg: float | None, lat_deg: float | None) -> str:
    """Empty where the place is not known, or in no ring."""
    if lon_deg is None or lat_deg is None:
        return ""
    (code,) = engine.world.rings.codes(np.array([lon_deg]), np.array([lat_deg]))
    return RING_SLUGS.get(int(code), "")
