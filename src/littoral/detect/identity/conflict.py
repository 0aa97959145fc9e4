"""Static data in conflict: one IMO number on two ships, a name that changes to and fro."""

from __future__ import annotations

import numpy as np

from littoral.detect.identity.pairs import SECOND_US, together
from littoral.detect.identity.settings import IdentitySettings
from littoral.detect.identity.state import (
    FIELD_NAMES,
    NAME,
    SIZE,
    Going,
    IdentityState,
    read_statics,
)
from littoral.schema.ais import Statics
from littoral.schema.columns import as_bytes
from littoral.schema.fleet import Fleet

MOST_EVIDENCE = 64


def events_of(state: IdentityState, s: Statics, settings: IdentitySettings) -> list[list[int]]:
    """(event, row, field, goings back) of each thing that the static messages show."""
    if not len(s):
        return []
    out = np.zeros((4 * len(s), 4), np.int64)
    n = read_statics(
        s.track, s.t_us, s.imo, as_bytes(s.name), as_bytes(s.call_sign), s.to_bow_m,
        s.to_stern_m, s.to_port_m, s.to_starboard_m, state.imo, state.now, state.before,
        state.flips, state.flips_us, int(settings.flips_s * SECOND_US), out,
    )  # fmt: skip
    return out[:n].tolist()


def claimed_twice(fleet: Fleet) -> set[int]:
    """IMO numbers that more than one track claims."""
    imo = np.sort(fleet.imo[: fleet.count])
    again = imo[1:][imo[1:] == imo[:-1]]
    return set(again[again > 0].tolist())


def shared_imo(
    state: IdentityState, s: Statics, row: int, fleet: Fleet, settings: IdentitySettings
) -> set[str]:
    """Keys of alerts to tell again: another MMSI claims the same IMO number and is about."""
    imo, track, t_us = int(s.imo[row]), int(s.track[row]), int(s.t_us[row])
    others = together(imo, track, t_us, fleet, settings)
    if not others:
        return set()
    key = f"imo {imo}"
    g = state.open.get(key)
    things = (fleet.thing(track), *sorted(fleet.thing(k) for k in others))
    state.open[key] = Going(
        "static_conflict",
        g.things if g else things,
        g.start_us if g else t_us,
        t_us,
        float(fleet.lon_deg[track]),
        float(fleet.lat_deg[track]),
        settings.conflict_priority,
        len(things),
        g.told if g else 0,
        (("imo", imo), ("vessels", len(things))),
        (int(s.obs_id[row]), *(int(fleet.static_obs_id[k]) for k in others))[:MOST_EVIDENCE],
        (track, *others),
    )
    return {key} if len(things) > state.open[key].told else set()


def keep_together(state: IdentityState, fleet: Fleet) -> None:
    """A number claimed by two goes on as long as two of those that claimed it are heard."""
    for key, g in state.open.items():
        if len(g.tracks) > 1:
            heard = np.sort(fleet.last_us[list(g.tracks)])
            state.open[key] = g._replace(last_us=max(g.last_us, int(heard[-2])))


def flip(
    state: IdentityState,
    s: Statics,
    row: int,
    f: int,
    flips: int,
    fleet: Fleet,
    settings: IdentitySettings,
) -> set[str]:
    """A field of a track went back to what it said before, `flips` times by now."""
    track, t_us = int(s.track[row]), int(s.t_us[row])
    now = said(s, row, f)
    memory = f"{track} {f}"
    before = state.flipped.get(memory, "")
    state.flipped[memory] = now
    if flips < settings.flips:
        return set()
    key = f"flip{f} {track}"
    g = state.open.get(key)
    state.open[key] = Going(
        "static_conflict",
        (fleet.thing(track),),
        g.start_us if g else t_us,
        t_us,
        float(fleet.lon_deg[track]),
        float(fleet.lat_deg[track]),
        settings.flip_priority,
        flips,
        g.told if g else 0,
        (("field", FIELD_NAMES[f]), ("changes", flips + 1), ("before", before), ("now", now)),
        (*(g.evidence if g else ()), int(s.obs_id[row]))[:MOST_EVIDENCE],
        (),
    )
    told = state.open[key].told
    return {key} if told == 0 or flips >= 2 * told else set()


def said(s: Statics, row: int, f: int) -> str:
    """The value of a field that can flip, as people read it."""
    if f == SIZE:
        length = s.to_bow_m[row] + s.to_stern_m[row]
        beam = s.to_port_m[row] + s.to_starboard_m[row]
        return f"{length:.0f} m" if np.isnan(beam) else f"{length:.0f} x {beam:.0f} m"
    column = s.name if f == NAME else s.call_sign
    return bytes(column[row]).decode(errors="replace").strip()
