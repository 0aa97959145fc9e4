"""From what the loop told to findings."""

from __future__ import annotations

from littoral.area.destinations import load_destinations
from littoral.area.lane_grid import GROUP_NAMES, group_of
from littoral.detect.deviation.loop import Told
from littoral.detect.deviation.settings import DeviationSettings
from littoral.detect.deviation.state import (
    AWAY,
    ELSEWHERE,
    FAST,
    ROUTE,
    DeviationState,
)
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

HOW = {ROUTE: "off_lanes", FAST: "fast", ELSEWHERE: "elsewhere", AWAY: "away"}


def finding_of(
    told: Told, i: int, state: DeviationState, fleet: Fleet, settings: DeviationSettings,
    rule: str, version: str,
) -> Finding:  # fmt: skip
    """Entry `i` of what the loop told."""
    row, run, start_us, end_us, updated_us, first_obs, last_obs, place, said_obs = told.whole[
        i
    ].tolist()
    lon, lat, worst, limit = told.real[i].tolist()
    track = int(state.track[row])
    how = HOW.get(run, "slow")
    facts: dict[str, Fact] = {
        "how": how,
        "duration_s": ((end_us or updated_us) - start_us) // 1_000_000,
        "group": GROUP_NAMES[group_of(int(fleet.ship_type[track]))],
    }
    kind = "speed"
    if run == ROUTE:
        kind = "route"
        facts["lane_m"] = None if worst >= 1e8 else round(worst)  # beyond what is looked for
        facts["beyond_m"] = round(limit)
    elif run in (AWAY, ELSEWHERE):
        kind = "destination"
        table = load_destinations()
        facts["destination"] = table.names[place]
        facts["place"] = table.ids[place]
        facts["distance_m"] = round(worst)
        if run == AWAY:
            facts["least_m"] = round(limit)
    else:
        facts["sog_mps"] = round(worst, 2)
        facts["usual_mps"] = round(limit, 2)
    evidence = {first_obs, last_obs}
    if kind == "destination":
        evidence.add(said_obs)
    return Finding(
        rule=rule,
        version=version,
        kind=kind,
        things=(fleet.thing(track),),
        start_us=start_us,
        end_us=end_us or None,
        updated_us=updated_us,
        lon_deg=lon,
        lat_deg=lat,
        priority=settings.elsewhere_priority if run == ELSEWHERE else settings.priority,
        facts=facts,
        evidence=tuple(sorted(evidence)),
    )
