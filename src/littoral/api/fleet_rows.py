"""Rows of the fleet as JSON objects, and whether a vessel is still heard."""

from __future__ import annotations

from typing import Any

import numpy as np

from littoral.api.gear import gear_rows, is_beacon, shown_kind
from littoral.api.wire import iso_many
from littoral.area.geodesy import KNOT_MPS
from littoral.area.rings import RING_SLUGS
from littoral.engine.fleet_view import FleetView
from littoral.schema.ais import FLAG_NAMES, KIND_NAMES
from littoral.schema.fleet import Fleet

LIVE, LOST, GONE = 0, 1, 2
STATE_NAMES = ("live", "lost", "gone")

# A track is lost when it was silent for several reporting intervals (ITU-R M.1371-5, Annex 1,
# table 1): class A at anchor and class B adrift and AtoN report every 3 minutes, base stations
# every 10 s, SAR aircraft every 10 s, an AIS-SART once a minute but seldom heard over the horizon;
# net beacons every 1 to 30 minutes (docs/net-beacons.md), which nobody can tell from outside.
LOST_AFTER_US = np.array([600, 900, 900, 900, 300, 1800, 5400], np.int64) * 1_000_000
GONE_AFTER_US = 6 * 3600 * 1_000_000
# Tracks that a picture carries; beyond, net beacons are left out, then those silent longest.
MAX_SHOWN = 50_000


def states(view: FleetView, max_shown: int = MAX_SHOWN) -> np.ndarray:
    """0 live, 1 lost, 2 gone for each row, u1 (count,); a row without position is gone."""
    fleet = view.fleet
    age_us = view.event_time_us - fleet.last_us
    kind = np.clip(shown_kind(fleet), 0, len(LOST_AFTER_US) - 1)
    state = (age_us > LOST_AFTER_US[kind]).astype(np.uint8)
    gone = (age_us > GONE_AFTER_US) | np.isnan(fleet.lon_deg) | np.isnan(fleet.lat_deg)
    state[gone] = GONE
    shown = np.flatnonzero(~gone)
    if len(shown) > max_shown:
        least_first = shown[np.lexsort((fleet.last_us[shown], ~is_beacon(fleet)[shown]))]
        state[least_first[: len(shown) - max_shown]] = GONE
    return state


def track_ids(fleet: Fleet, index: np.ndarray) -> list[str]:
    """`Fleet.track_id` of each row."""
    return [
        f"{mmsi:09d}-{stamp.replace('-', '').replace(':', '')}"
        for mmsi, stamp in zip(
            fleet.mmsi[index].tolist(), iso_many(fleet.first_us[index]), strict=True
        )
    ]


def vessel_rows(fleet: Fleet, index: np.ndarray) -> list[dict[str, Any]]:
    """Who they are: the rows of the live stream's `vessels` message."""
    columns = {
        "track": index.tolist(),
        "id": track_ids(fleet, index),
        "mmsi": fleet.mmsi[index].tolist(),
        "name": _texts(fleet.name[index]),
        "call_sign": _texts(fleet.call_sign[index]),
        "imo": _codes(fleet.imo[index]),
        "ship_type": _codes(fleet.ship_type[index]),
        "kind": _names(KIND_NAMES, fleet.kind[index]),
        "length_m": _numbers(fleet.to_bow_m[index] + fleet.to_stern_m[index], 1),
        "beam_m": _numbers(fleet.to_port_m[index] + fleet.to_starboard_m[index], 1),
        "draught_m": _numbers(fleet.draught_m[index], 1),
        "destination": _texts(fleet.destination[index]),
        "eta": _texts(fleet.eta[index]),
        "gear": gear_rows(fleet, index),
    }
    return _records(columns)


def track_rows(view: FleetView, index: np.ndarray, state: np.ndarray) -> list[dict[str, Any]]:
    """Who they are and where: the items of `GET /tracks`. `state` has one entry a fleet row."""
    fleet = view.fleet
    moving = {
        "first": iso_many(fleet.first_us[index]),
        "last": iso_many(fleet.last_us[index]),
        "state": _names(STATE_NAMES, state[index]),
        "lon": _numbers(fleet.lon_deg[index], 7),
        "lat": _numbers(fleet.lat_deg[index], 7),
        "sog_kn": _numbers(fleet.sog_mps[index] / KNOT_MPS, 2),
        "cog_deg": _numbers(fleet.cog_deg[index], 1),
        "heading_deg": _numbers(fleet.heading_deg[index], 1),
        "rot_degpm": _numbers(fleet.rot_degpm[index], 1),
        "nav_status": _codes(fleet.nav_status[index]),
        "ring": [RING_SLUGS.get(code) for code in fleet.ring[index].tolist()],
        "flags": [flag_names(bits) for bits in fleet.flags[index].tolist()],
        "positions": fleet.positions[index].tolist(),
    }
    rows = vessel_rows(fleet, index)
    for row, more in zip(rows, _records(moving), strict=True):
        row.update(more)
    return rows


def flag_names(bits: int) -> list[str]:
    return [name for bit, name in FLAG_NAMES.items() if bits & bit]


def find_track(fleet: Fleet, track_id: str) -> int | None:
    """Row of a track id (`<mmsi>-<first report>`), None when the fleet has no such track."""
    mmsi, _, _ = track_id.partition("-")
    if not (mmsi.isascii() and mmsi.isdigit() and len(mmsi) <= 10):
        return None
    for row in np.flatnonzero(fleet.mmsi[: fleet.count] == int(mmsi)).tolist():
        if fleet.track_id(row) == track_id:
            return row
    return None


def _records(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _texts(values: np.ndarray) -> list[str | None]:
    return [v.decode(errors="replace").strip() or None for v in values.tolist()]


def _codes(values: np.ndarray) -> list[int | None]:
    return [None if v < 0 else v for v in values.tolist()]


def _numbers(values: np.ndarray, digits: int) -> list[float | None]:
    rounded = np.round(values.astype(np.float64), digits)
    return [None if v != v else v for v in rounded.tolist()]


def _names(names: tuple[str, ...], codes: np.ndarray) -> list[str]:
    return [names[c] for c in codes.tolist()]
