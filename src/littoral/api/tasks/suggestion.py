"""`/incidents/{id}/responders`: who can be there first."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.engine import Connection

from littoral.api.deps import Engine
from littoral.api.gate import Acting as Who
from littoral.api.gate import described, without_agreements
from littoral.api.incidents.sight import permit_reading, read
from littoral.api.tasks.models import Skill, SuggestionModel, choice_json, knots
from littoral.api.tasks.responders import MOST
from littoral.api.tasks.shown import shower, tracks_of
from littoral.api.tasks.sight import READ_RESPONDER, visible_responders
from littoral.api.wire import Json
from littoral.engine.sea_ways import SeaWays
from littoral.respond.incident.flow import Incident
from littoral.respond.intercept import Target
from littoral.respond.rank import Needs
from littoral.respond.task.first import Choice, Suggestion, suggest
from littoral.respond.task.responder import Responder, Track, best_fix
from littoral.respond.task.words import MOVES
from littoral.store import incidents, responders
from littoral.store.actions import NotFound
from littoral.store.clock import clock_us

# Slower, or not heard for so long, it is no target to be met but a place.
LEAST_MPS, SILENT_S = 0.5, 900.0

router = APIRouter(tags=["tasks"])


@router.get(
    "/incidents/{incident_id}/responders",
    response_model=SuggestionModel,
    summary="Who can be there first, and where a moving target is met",
    **described(READ_RESPONDER),
)
def suggest_responders(
    request: Request,
    engine: Engine,
    who: Who,
    incident_id: str,
    skill: Annotated[list[Skill] | None, Query(description="all of these are needed")] = None,
) -> Json:
    now_us = clock_us()
    with engine.records.database.read() as connection:
        kept = read(connection, incident_id)
        permit_reading(request, who, kept.incident)
        own = visible_responders(request, without_agreements(who))
        able = responders.listed(connection, MOST, own)
        parts = [k.incident for k in incidents.parts(connection, kept.incident.id)]
        things = list(_things(engine, connection, [kept.incident, *parts]))
    track = tracks_of(engine.fleet(), now_us)
    mmsi, target = _target(things, track, now_us)
    place = target.position if target is not None else _place(kept.incident)
    sea: SeaWays = request.app.state.sea_ways
    if place is None:
        found = _unplaced(able, track, sea)
    else:
        needs = Needs(frozenset(skill or ()))
        found = suggest(able, place, needs, sea.ways, now_us, track, target)
    show = shower(request, who, able, now_us)

    def shown(choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
        return [choice_json(c, show(c.responder, c.fix)) for c in choices]

    return Json(
        {
            "place": None if place is None else {"lon": place[0], "lat": place[1]},
            "target": None if target is None else _target_json(mmsi, target),
            "has_ways": found.has_ways,
            "first": shown(found.first),
            "near": shown(found.near),
        }
    )


def _place(incident: Incident) -> tuple[float, float] | None:
    if incident.lon_deg is None or incident.lat_deg is None:
        return None
    return incident.lon_deg, incident.lat_deg


def _things(engine: Engine, connection: Connection, of: list[Incident]) -> list[int]:
    """MMSI of the vessels that the alerts among its sources are about."""
    found: dict[int, None] = {}
    for incident in of:
        for source in sorted(incident.sources, key=lambda s: (s.kind, s.ref)):
            if source.kind != "alert":
                continue
            try:
                alert = engine.records.alert(source.ref).alert
            except NotFound:
                continue
            found |= {t["mmsi"]: None for t in alert.things if t.get("mmsi")}
    return list(found)


def _target(things: list[int], track: Track, now_us: int) -> tuple[int, Target | None]:
    """The first of them that is heard and moves, brought forward to now on its course."""
    for mmsi in things:
        fix = track(mmsi)
        if fix is None or fix.cog_deg is None or fix.sog_mps is None:
            continue
        age_s = max(0.0, (now_us - fix.at_us) / 1e6)
        if fix.sog_mps >= LEAST_MPS and age_s <= SILENT_S:
            then = Target((fix.lon_deg, fix.lat_deg), fix.cog_deg, fix.sog_mps)
            return mmsi, Target(then.after(age_s), fix.cog_deg, fix.sog_mps)
    return 0, None


def _target_json(mmsi: int, target: Target) -> dict[str, Any]:
    lon, lat = target.position
    return {
        "mmsi": mmsi, "lon": lon, "lat": lat, "cog_deg": target.course_deg,
        "sog_kn": knots(target.speed_mps),
    }  # fmt: skip


def _unplaced(able: list[Responder], track: Track, sea: SeaWays) -> Suggestion:
    """Where the place is not known: all of them, in no order of time."""
    choices = [Choice(r, best_fix(r, track), None, None) for r in able if not r.is_out]
    return Suggestion(
        tuple(c for c in choices if c.responder.kind in MOVES),
        tuple(c for c in choices if c.responder.kind not in MOVES),
        sea.ways is not None,
    )
