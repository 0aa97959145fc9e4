"""How what may be a net beacon moves, and what follows from it (compiled)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.area.geodesy import flat_m
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
    FAST_US,
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


@njit(cache=True, nogil=True)
def follow(
    limits, row_of, when, place, tally, touched,
    p_track, p_flags, row, p_t, p_kind, p_lon, p_lat, p_sog, p_status,
):  # fmt: skip
    """Every position of a track that has a row in `when`, in order of time. `touched` (rows,) uint8
    is set for those that moved."""
    drift, pause_us = limits[DRIFT_MPS], limits[PAUSE_S] * 1e6
    for i in range(len(p_track)):
        r = row_of[p_track[i]]
        if r == NONE:
            continue
        touched[r] = 1
        q = row[i]
        t, lon, lat, sog = p_t[q], p_lon[q], p_lat[q], p_sog[q]
        if when[r, LAST_US] == 0:
            when[r, BEGIN_US] = t
        paused = t - when[r, LAST_US] > pause_us
        when[r, LAST_US] = t
        if (p_kind[q] != CLASS_A and p_kind[q] != CLASS_B) or p_status[q] == DISTRESS_STATUS:
            when[r, SAILED_US] = t
            continue
        if paused:
            tally[r, FAST] = 0
        if sog > drift:
            tally[r, FAST] += 1
            when[r, FAST_US] = t
            if tally[r, FAST] >= limits[FAST_REPORTS]:
                tally[r, FAST] = np.int16(limits[FAST_REPORTS])
                when[r, SAILED_US] = t
        else:
            tally[r, SLOW] = 1
            if sog <= drift:  # one that tells no speed says nothing against it
                tally[r, FAST] = 0
        if paused or (p_flags[i] & FLAG_JUMP) != 0 or math.isnan(place[r, REF_LON]):
            anew = True
        else:
            east, north = flat_m(place[r, REF_LON], place[r, REF_LAT], lon, lat)
            far = math.hypot(east, north)
            since_s = (t - when[r, REF_US]) * 1e-6
            if far > limits[FAR_M] + drift * since_s:
                further = far > place[r, FAR_NOW_M]
                tally[r, FAR] = tally[r, FAR] + 1 if further else 1
                place[r, FAR_NOW_M] = far
                anew = tally[r, FAR] >= limits[FAR_REPORTS]
                if anew:
                    when[r, SAILED_US] = t
            else:
                tally[r, FAR] = 0
                place[r, FAR_NOW_M] = 0.0
                anew = since_s > limits[FAR_S]
        if anew:
            place[r, REF_LON], place[r, REF_LAT], place[r, FAR_NOW_M] = lon, lat, 0.0
            when[r, REF_US] = t
            tally[r, FAR] = 0
        if when[r, SAILED_US] == t:
            when[r, BEGIN_US] = t


@njit(cache=True, nogil=True)
def is_imo_number(number: int) -> bool:
    """Seven digits of which the last is that of the sum of the others by 7 to 2 (IMO A.1117(30))."""
    if not 1_000_000 <= number <= 9_999_999:
        return False
    rest, total = number // 10, 0
    for weight in range(2, 8):
        total += weight * (rest % 10)
        rest //= 10
    return total % 10 == number % 10


@njit(cache=True, nogil=True)
def decide(
    limits, touched, track, when, tally, aside, gear, heard, ship_type, bow, stern, imo
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
        last_us, sailed_us = when[r, LAST_US], when[r, SAILED_US]
        if sailed_us != 0 and (last_us - sailed_us) * 1e-6 < limits[REST_S]:
            bits |= GEAR_SAILED
        elif (last_us - when[r, BEGIN_US]) * 1e-6 >= limits[DRIFTED_S]:
            bits |= GEAR_DRIFT
        long = bow[k] + stern[k] >= limits[SHIP_LENGTH_M]
        if long or ship_type[k] >= limits[SHIP_TYPE] or is_imo_number(imo[k]):
            bits |= GEAR_SHIP
        is_beacon = speaks and tally[r, SLOW] != 0 and bits & (GEAR_SAILED | GEAR_SHIP) == 0
        if is_beacon:
            bits |= GEAR_BEACON
        elif was:
            back[n] = r
            n += 1
        aside[r] = is_beacon and (was or heard[k] == 0)
        gear[k] = bits
    return back[:n]
