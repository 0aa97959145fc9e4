"""From changes for good to findings, and how urgent they are."""

from __future__ import annotations

from littoral.detect.particulars.change import FORGET_US
from littoral.detect.particulars.flags import flag_of, mid_of
from littoral.detect.particulars.settings import ParticularsSettings
from littoral.detect.particulars.state import (
    DRAUGHT,
    FIELD_NAMES,
    SECOND_US,
    ParticularsState,
    Settled,
)
from littoral.detect.particulars.values import HALF_DM
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet


def _is_at_sea(sea_us: int, for_s: float) -> bool:
    return sea_us >= 0 and sea_us >= for_s * SECOND_US


def finding_of(
    track: int,
    changes: tuple[tuple[int, Settled], ...],
    fleet: Fleet,
    s: ParticularsSettings,
    rule: str,
    version: str,
) -> Finding:
    """A change of one field, or of name and call sign together."""
    first = min((change.began for _, change in changes), key=lambda began: began.t_us)
    facts: dict[str, Fact] = {
        "at_sea_s": None if first.sea_us < 0 else first.sea_us // SECOND_US,
    }
    priority = s.noted_priority
    kind = FIELD_NAMES[changes[0][0]]
    if kind == FIELD_NAMES[DRAUGHT]:
        ((_, change),) = changes
        before_m, now_m = float(change.before), float(change.began.shown)
        facts |= {"before_m": before_m, "now_m": now_m}
        differs_m = abs(now_m - before_m) + HALF_DM
        if (
            differs_m >= s.sea_draught_m
            and differs_m >= s.sea_draught_share * before_m
            and _is_at_sea(first.sea_us, s.draught_sea_s)
        ):
            kind, priority = "draught_without_call", s.without_call_priority
    else:
        for f, change in changes:
            facts[f"{FIELD_NAMES[f]}_before"] = change.before
            facts[f"{FIELD_NAMES[f]}_now"] = change.began.shown
        if len(changes) == 2:
            kind = "renamed"
            if _is_at_sea(first.sea_us, s.name_sea_s):
                priority = s.renamed_priority
    evidence = {o for _, c in changes for o in (c.before_obs_id, c.began.obs_id)}
    has_place = first.lon_deg != 0.0 or first.lat_deg != 0.0  # said before any position: none
    return Finding(
        rule=rule,
        version=version,
        kind=kind,
        things=(fleet.thing(track),),
        start_us=first.t_us,
        end_us=first.t_us,
        updated_us=max(c.began.t_us for _, c in changes) + round(s.hold_s * SECOND_US),
        lon_deg=first.lon_deg if has_place else None,
        lat_deg=first.lat_deg if has_place else None,
        priority=priority,
        facts=facts,
        evidence=tuple(sorted(evidence)),
    )


def reflagged(
    state: ParticularsState,
    until_us: int,
    fleet: Fleet,
    s: ParticularsSettings,
    rule: str,
    version: str,
) -> list[Finding]:
    """IMO numbers that have gone to another flag, once time has confirmed it."""
    hold_us = round(s.hold_s * SECOND_US)
    found, waiting = [], []
    for r in state.flags:
        due_us = r.t_us + hold_us
        goes_on = fleet.last_us[r.old] == r.old_last_us and fleet.imo[r.track] == r.imo
        old_mmsi, new_mmsi = int(fleet.mmsi[r.old]), int(fleet.mmsi[r.track])
        flags = flag_of(old_mmsi), flag_of(new_mmsi)
        if not goes_on or 0 in flags or flags[0] == flags[1] or due_us + FORGET_US < until_us:
            continue
        if due_us > until_us or fleet.static_us[r.track] < due_us:
            waiting.append(r)
            continue
        silence_us = r.t_us - r.old_last_us
        at_sea = _is_at_sea(r.old_sea_us, s.name_sea_s) and silence_us <= s.flag_sea_s * SECOND_US
        facts: dict[str, Fact] = {
            "imo": r.imo,
            "old_mmsi": old_mmsi,
            "new_mmsi": new_mmsi,
            "old_mid": mid_of(old_mmsi),
            "new_mid": mid_of(new_mmsi),
            "silence_s": silence_us // SECOND_US,
            "at_sea": at_sea,
        }
        found.append(
            Finding(
                rule=rule,
                version=version,
                kind="flag",
                things=(fleet.thing(r.track), fleet.thing(r.old)),
                start_us=r.t_us,
                end_us=r.t_us,
                updated_us=due_us,
                lon_deg=r.lon_deg,
                lat_deg=r.lat_deg,
                priority=s.flag_priority if at_sea else s.noted_priority,
                facts=facts,
                evidence=tuple(sorted({r.old_obs_id, r.obs_id})),
            )
        )
    state.flags = waiting
    return found
