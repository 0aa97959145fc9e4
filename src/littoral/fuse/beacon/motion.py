"""How what may be a net beacon moves, and what follows from it (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import EARTH_M, flat_m
from littoral.fuse.beacon.settings import (
    DRIFT_MPS,
    DRIFTED_S,
    FAR_M,
    FAR_REPORTS,
    FAR_S,
    FAST_REPORTS,
    PAUSE_S,
    REST_S,
    SHIP_LENGTH_M,
    SHIP_TYPE,
)
from littoral.fuse.beacon.state import (
    BEGIN_US,
    FAR,
    FAR_NOW_M,
    FAST,
    LAST_US,
    NONE,
    REF_LAT,
    REF_LON,
    REF_US,
    SAILED_US,
    SLOW,
)
from littoral.schema.ais import CLASS_A, CLASS_B, FLAG_BAD_MMSI, FLAG_JUMP
from littoral.schema.fleet import (
    GEAR_BEACON,
    GEAR_DRIFT,
    GEAR_FORM,
    GEAR_NAME,
    GEAR_SAILED,
    GEAR_SHIP,
)

# "AIS-SART active" (ITU-R M.1371-5 table 46): whoever calls for help is no beacon.
DISTRESS_STATUS = 14
RADIO_DEVICES_B = 979  # autonomous maritime radio devices of group B: by M.585-9 nets and the like
COAST_AND_GROUPS = 200  # 00MIDxxxx and 0MIDxxxxx lie below: shore stations and groups of ships


@njit(cache=True, nogil=True)
def no_ships_form(mmsi: int, flags: int) -> bool:
    """Whether no ship's station has an MMSI of this form (ITU-R M.585-9)."""
    head = mmsi // 1_000_000
    return (flags & FLAG_BAD_MMSI) != 0 or head == RADIO_DEVICES_B or head < COAST_AND_GROUPS


@njit(cache=True, nogil=True)
def forms_of_new(known, p_track, p_mmsi, p_kind, p_flags, row, gear):
    """Notes GEAR_FORM of tracks from `known` on that speak as a ship under such an MMSI; returns
    these tracks. `row` picks rows of p_mmsi and p_kind; p_track and p_flags have one entry each."""
    found = np.empty(len(row), np.int64)
    n = 0
    for i in range(len(row)):
        k = p_track[i]
        if k < known or gear[k] & GEAR_FORM:
            continue
        kind = p_kind[row[i]]
        if kind != CLASS_A and kind != CLASS_B:
            continue
        if no_ships_form(p_mmsi[row[i]], p_flags[i]):
            gear[k] |= GEAR_FORM
            found[n] = k
            n += 1
    return found[:n]


DEG_M = EARTH_M * math.pi / 180.0


@njit(cache=True, nogil=True)
def too_far(limits, m, t: int, lon: float, lat: float) -> bool:
    """Whether it came further than a drift reaches once more; `m`: its row of `moved`."""
    since_s = (t - m[REF_US]) * 1e-6
    allowed = limits[FAR_M] + limits[DRIFT_MPS] * since_s
    dlon, dlat = (lon - m[REF_LON]) * DEG_M, (lat - m[REF_LAT]) * DEG_M
    # Without the cosine it is no less: the common case ends here.
    if dlon * dlon + dlat * dlat > allowed * allowed:
        east, north = flat_m(m[REF_LON], m[REF_LAT], lon, lat)
        far = math.hypot(east, north)
        if far > allowed:
            m[FAR] = m[FAR] + 1.0 if far > m[FAR_NOW_M] else 1.0
            m[FAR_NOW_M] = far
            return m[FAR] >= limits[FAR_REPORTS]
    m[FAR] = m[FAR_NOW_M] = 0.0
    if since_s > limits[FAR_S]:
        m[REF_US], m[REF_LON], m[REF_LAT] = t, lon, lat
    return False


@njit(cache=True, nogil=True)
def follow(
    limits, row_of, moved, touched,
    p_track, p_flags, row, p_t, p_kind, p_lon, p_lat, p_sog, p_status,
):  # fmt: skip
    """Every position of a track that has a row in `moved`, in order of time. `touched` (rows,)
    uint8 is set for those that moved."""
    drift, pause_us = limits[DRIFT_MPS], limits[PAUSE_S] * 1e6
    for i in range(len(p_track)):
        r = row_of[p_track[i]]
        if r == NONE:
            continue
        touched[r] = 1
        q = row[i]
        t, lon, lat, sog = p_t[q], p_lon[q], p_lat[q], p_sog[q]
        m = moved[r]
        if m[LAST_US] == 0.0:
            m[BEGIN_US] = t
        paused = t - m[LAST_US] > pause_us
        m[LAST_US] = t
        if (p_kind[q] != CLASS_A and p_kind[q] != CLASS_B) or p_status[q] == DISTRESS_STATUS:
            m[SAILED_US] = m[BEGIN_US] = t
            continue
        if paused:
            m[FAST] = 0.0
        sailed = False
        if sog > drift:
            m[FAST] += 1.0
            sailed = m[FAST] >= limits[FAST_REPORTS]
        else:
            m[SLOW] = 1.0
            if sog <= drift:  # one that tells no speed says nothing against it
                m[FAST] = 0.0
        if paused or (p_flags[i] & FLAG_JUMP) != 0 or math.isnan(m[REF_LON]):
            anew = True
        else:
            anew = too_far(limits, m, t, lon, lat)
            sailed |= anew
        if anew:
            m[REF_US], m[REF_LON], m[REF_LAT] = t, lon, lat
            m[FAR] = m[FAR_NOW_M] = 0.0
        if sailed:
            m[SAILED_US] = m[BEGIN_US] = t


@njit(cache=True, nogil=True)
def is_imo_number(number: int) -> bool:
    """Seven digits, the last being that of the sum of the others by 7 to 2 (IMO A.1117(30))."""
    if not 1_000_000 <= number <= 9_999_999:
        return False
    rest, total = number // 10, 0
    for weight in range(2, 8):
        total += weight * (rest % 10)
        rest //= 10
    return total % 10 == number % 10


@njit(cache=True, nogil=True)
def decide(
    limits, touched, track, moved, aside, gear, heard, ship_type, bow, stern, imo
):  # fmt: skip
    """Writes `gear` of the tracks whose rows are `touched`, and `aside`: whether detectors are
    kept from seeing it. Returns the rows that were beacons and are vessels now.

    One that detectors have seen (`heard`: its positions in the fleet) leaves them with the slice
    after the one in which it is recognised."""
    back = np.empty(len(touched), np.int64)
    n = 0
    for r in range(len(touched)):
        if touched[r] == 0:
            continue
        k = track[r]
        was = gear[k] & GEAR_BEACON != 0
        bits = gear[k] & (GEAR_FORM | GEAR_NAME)
        speaks = bits != 0
        last_us, sailed_us = moved[r, LAST_US], moved[r, SAILED_US]
        if sailed_us != 0.0 and (last_us - sailed_us) * 1e-6 < limits[REST_S]:
            bits |= GEAR_SAILED
        elif (last_us - moved[r, BEGIN_US]) * 1e-6 >= limits[DRIFTED_S]:
            bits |= GEAR_DRIFT
        long = bow[k] + stern[k] >= limits[SHIP_LENGTH_M]
        if long or ship_type[k] >= limits[SHIP_TYPE] or is_imo_number(imo[k]):
            bits |= GEAR_SHIP
        is_beacon = speaks and moved[r, SLOW] != 0.0 and bits & (GEAR_SAILED | GEAR_SHIP) == 0
        if is_beacon:
            bits |= GEAR_BEACON
        elif was:
            back[n] = r
            n += 1
        aside[r] = is_beacon and (was or heard[k] == 0)
        gear[k] = bits
    return back[:n]
