"""`/oversight/patterns`: unusual patterns of access, as facts to be looked at."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from littoral.api.deps import Engine
from littoral.api.gate import Acting, described
from littoral.api.oversight.models import PatternsModel
from littoral.api.oversight.sight import READ, Door, Indexed, require, seen_actors
from littoral.api.oversight.who import Cast
from littoral.api.wire import Json, iso
from littoral.store.oversight.listing import Wanted, all_of
from littoral.store.oversight.opened import with_shown_files
from littoral.store.oversight.patterns import ACTIONS, RULES, Finding, Settings, find
from littoral.store.vault.rules import DAY_US

router = APIRouter(tags=["oversight"])

NOTE = {
    "zh": "以下为访问事实，供审计人员查看；不是对任何人的评分或排名。",
    "en": "These are facts about accesses, to be looked at; no score and no rank of anybody.",
}
UNITS = {
    "days": "d", "persons_an_hour": "persons", "times_usual": "times", "night_from_h": "h",
    "night_to_h": "h", "night_least": "accesses", "night_share": "share", "refusals": "refusals",
    "within_minutes": "min", "break_glass_more_than": "times", "accounts_a_person": "accounts",
    "exports_least": "persons",
}  # fmt: skip
USUAL = Settings()


@router.get(
    "/oversight/patterns",
    response_model=PatternsModel,
    summary="Unusual patterns of access, by rules with their numbers",
    **described(READ),
)
def list_patterns(
    gate: Door,
    who: Acting,
    index: Indexed,
    engine: Engine,
    days: Annotated[int, Query(ge=1, le=366)] = USUAL.days,
    persons_an_hour: Annotated[int, Query(ge=2, le=1000)] = USUAL.persons_an_hour,
    times_usual: Annotated[float, Query(ge=1, le=1000)] = USUAL.times_usual,
    night_from_h: Annotated[int, Query(ge=0, le=23)] = USUAL.night_from_h,
    night_to_h: Annotated[int, Query(ge=0, le=23)] = USUAL.night_to_h,
    night_least: Annotated[int, Query(ge=1, le=1000)] = USUAL.night_least,
    night_share: Annotated[float, Query(gt=0, le=1)] = USUAL.night_share,
    refusals: Annotated[int, Query(ge=1, le=1000)] = USUAL.refusals,
    within_minutes: Annotated[int, Query(ge=1, le=1440)] = USUAL.within_minutes,
    break_glass_more_than: Annotated[int, Query(ge=0, le=1000)] = USUAL.break_glass_more_than,
    accounts_a_person: Annotated[int, Query(ge=2, le=1000)] = USUAL.accounts_a_person,
    exports_least: Annotated[int, Query(ge=1, le=1000)] = USUAL.exports_least,
) -> Json:
    """Each rule says what it looks for with the numbers that it was asked with. They apply to the
    accesses that the caller may see; a list of masked fields counts as no access."""
    require(gate, who, READ)
    settings = Settings(
        days, persons_an_hour, times_usual, night_from_h, night_to_h, night_least, night_share,
        refusals, within_minutes, break_glass_more_than, accounts_a_person, exports_least,
    )  # fmt: skip
    zone = engine.settings.time_zone
    now_us = gate.trust.now_us()
    wanted = Wanted(
        action=ACTIONS,
        from_us=now_us - days * DAY_US,
        actors=seen_actors(gate, who, READ, index),
    )
    with index.database.read() as connection:
        rows = with_shown_files(connection, all_of(connection, wanted))
    found = find(rows, settings, ZoneInfo(zone))
    cast = Cast(gate, refs=[f.actor for f in found if f.actor is not None])
    return Json(
        {
            "note": NOTE,
            "time_zone": zone,
            "rules": [
                {"id": name, "says": dict(zip(("zh", "en"), say(settings), strict=True))}
                for name, say in RULES.items()
            ],
            "settings": [
                {"name": name, "value": value, "unit": UNITS[name]}
                for name, value in asdict(settings).items()
            ],
            "items": [_finding(cast, f) for f in found],
        }
    )


def _finding(cast: Cast, found: Finding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "actor": None if found.actor is None else cast.at(found.actor, found.place),
        "thing": found.thing,
        "from": iso(found.from_us),
        "to": iso(found.to_us),
        "numbers": found.numbers,
        "entries": found.entries,
    }
