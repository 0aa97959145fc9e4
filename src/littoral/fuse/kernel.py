"""The loop over one slice: each report to its track (compiled).

Positions, static data and texts are walked together by event time (at equal times in that order),
so that cutting a slice in two changes nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from littoral.fuse.attach import KIND, find_slot, most_recent, take_static, track_of_static
from littoral.fuse.gate import discrepancy_m, is_possible, near_m
from littoral.fuse.settings import (
    APART_M,
    CANDIDATE_SILENCE_S,
    CONFIRM_POSITIONS,
    CONFIRM_S,
    HEARD_S,
    MOST_OPEN,
    NEAR_BASE_M,
    NEAR_MPS,
    REPEAT_S,
    SILENCE_S,
    SPLIT_RETURNS,
    SPLIT_S,
)
from littoral.fuse.state import (
    ALT_US,
    COG,
    COUNT,
    EMPTY,
    ESTABLISHED,
    FIRST_US,
    HEARD_BEFORE,
    HEARD_NOW,
    HEARD_WINDOW,
    LAST_US,
    LAT,
    LON,
    NEXT,
    PLACE_COLUMNS,
    RETURNS,
    RETURNS_US,
    RING,
    SEEN,
    SOG,
)
from littoral.schema.ais import BASE, FLAG_JUMP

# `cursor`: where the walk stands, so that it can stop to let the tables grow and go on.
AT_POSITION, AT_STATIC, AT_TEXT, KEPT, WAITING, TRACKS, SLOTS = range(7)
DONE, NEEDS_TRACKS, NEEDS_SLOTS = range(3)


@njit(cache=True, nogil=True)
def hear(s: int, t_us: int, station: int, mark, stations, limits) -> None:
    """Notes which receiver heard track `s`, in windows of `heard_s` of event time."""
    window = t_us // np.int64(limits[HEARD_S] * 1e6)
    bit = np.int64(1) << np.int64(station) if 0 <= station < 64 else np.int64(0)
    if window == mark[s, HEARD_WINDOW] and mark[s, HEARD_NOW] & bit == bit:
        return
    if window != mark[s, HEARD_WINDOW]:
        mark[s, HEARD_BEFORE] = mark[s, HEARD_NOW] if window == mark[s, HEARD_WINDOW] + 1 else 0
        mark[s, HEARD_NOW] = 0
        mark[s, HEARD_WINDOW] = window
    mark[s, HEARD_NOW] |= bit
    stations[s] = mark[s, HEARD_NOW] | mark[s, HEARD_BEFORE]


# An entry of the ring: the upper 40 bits of the digest over the milliseconds modulo 2^24 (4.6 h:
# four reports later it is forgotten, so a full turn does no harm).
CLOCK = np.int64((1 << 24) - 1)


@njit(cache=True, nogil=True)
def is_repeat(s: int, entry: int, mark, limits) -> bool:
    for k in range(RING):
        seen = mark[s, SEEN + k]
        if (seen ^ entry) & ~CLOCK == 0 and seen != 0:
            return ((entry - seen) & CLOCK) <= limits[REPEAT_S] * 1e3
    return False


@njit(cache=True, nogil=True)
def add(s: int, t_us: int, lon, lat, sog, cog, entry: int, place, mark, limits) -> None:
    """Track `s` goes on with this position."""
    place[s, LON], place[s, LAT], place[s, SOG], place[s, COG] = lon, lat, sog, cog
    mark[s, LAST_US] = t_us
    for k in range(RING - 1, 0, -1):
        mark[s, SEEN + k] = mark[s, SEEN + k - 1]
    mark[s, SEEN] = entry
    if mark[s, ESTABLISHED] == 0:
        mark[s, COUNT] += 1
        if (
            mark[s, COUNT] >= limits[CONFIRM_POSITIONS]
            and (t_us - mark[s, FIRST_US]) * 1e-6 >= limits[CONFIRM_S]
        ):
            mark[s, ESTABLISHED] = 1


@njit(cache=True, nogil=True)
def opened(s: int, mmsi: int, t_us: int, established: int, head: int, place, mark, f_mmsi, f_first):
    """Starts row `s` as an open track before `head` in the chain. The time that names the track is
    moved on by milliseconds until no open track of the MMSI has it."""
    place[s, :] = math.nan
    mark[s, :] = 0
    mark[s, FIRST_US] = t_us
    mark[s, ESTABLISHED] = established
    mark[s, NEXT] = head
    f_mmsi[s] = mmsi
    first = t_us
    other = head
    while other != EMPTY:
        if f_first[other] // 1000 == first // 1000:
            first += 1000
            other = head
        else:
            other = mark[other, NEXT]
    f_first[s] = first


@njit(cache=True, nogil=True)
def drop_silent(head: int, t_us: int, mark, limits) -> int:
    """The chain without the tracks that have been silent too long; the new head."""
    before = EMPTY
    s = head
    while s != EMPTY:
        after = mark[s, NEXT]
        most = limits[SILENCE_S] if mark[s, ESTABLISHED] else limits[CANDIDATE_SILENCE_S]
        if (t_us - mark[s, LAST_US]) * 1e-6 > most:
            if before == EMPTY:
                head = after
            else:
                mark[before, NEXT] = after
        else:
            before = s
        s = after
    return head


@njit(cache=True, nogil=True)
def choose(head: int, t_us: int, lon, lat, sog, cog, place, mark, limits):
    """(track or -1, whether the report is near it, whether a new track would be established, open
    tracks, nearest track).

    Where an established track is near, the report is given to the one of all near ones under which
    it is most probable: a Gaussian about the expected position whose width is a third of what is
    allowed, so that a track just heard beats one long silent. Else to an established track for
    which it is possible, the least discrepancy first; else to a candidate that is near."""
    near, near_score = EMPTY, math.inf
    near_established = False
    far, far_d = EMPTY, math.inf
    closest, closest_d = EMPTY, math.inf
    apart = math.inf
    count = 0
    s = head
    while s != EMPTY:
        count += 1
        dt_s = (t_us - mark[s, LAST_US]) * 1e-6
        d, distance = discrepancy_m(
            place[s, LON], place[s, LAT], place[s, SOG], place[s, COG],
            lon, lat, sog, cog, dt_s, limits,
        )  # fmt: skip
        allowed = near_m(dt_s, place[s, SOG], sog, limits)
        if d < closest_d:
            closest, closest_d = s, d
        if mark[s, ESTABLISHED] and distance < apart:
            apart = distance
        if d <= allowed:
            ratio = 3.0 * d / allowed
            score = ratio * ratio + 2.0 * math.log(allowed)
            near_established |= mark[s, ESTABLISHED] != 0
            if score < near_score:
                near, near_score = s, score
        elif mark[s, ESTABLISHED] and d < far_d and is_possible(d, dt_s, limits):
            far, far_d = s, d
        s = mark[s, NEXT]
    is_new_established = apart > limits[APART_M]
    if near != EMPTY and (near_established or far == EMPTY):
        return near, True, is_new_established, count, closest
    return far, False, is_new_established, count, closest


@njit(cache=True, nogil=True)
def jump(s: int, t_us: int, lon, lat, sog, cog, place, alt, mark, limits) -> bool:
    """Notes that track `s` takes a report which cannot have come from its last position. True: this
    goes back to the line of travel before the last jump once too often, so two ships speak."""
    if mark[s, ALT_US] != 0:
        dt_s = (t_us - mark[s, ALT_US]) * 1e-6
        d, _ = discrepancy_m(
            alt[s, LON], alt[s, LAT], alt[s, SOG], alt[s, COG],
            lon, lat, sog, cog, dt_s, limits,
        )  # fmt: skip
        if d <= near_m(dt_s, alt[s, SOG], sog, limits):
            if (t_us - mark[s, RETURNS_US]) * 1e-6 > limits[SPLIT_S]:
                mark[s, RETURNS] = 0
                mark[s, RETURNS_US] = t_us
            mark[s, RETURNS] += 1
            if mark[s, RETURNS] >= limits[SPLIT_RETURNS]:
                mark[s, RETURNS] = 0
                mark[s, ALT_US] = 0
                return True
    for k in range(PLACE_COLUMNS):
        alt[s, k] = place[s, k]
    mark[s, ALT_US] = mark[s, LAST_US]
    return False


@njit(cache=True, nogil=True)
def walk(
    limits, cursor, place, alt, mark, slots,
    positions, statics, texts, known, fleet_rows, out, waiting,
):  # fmt: skip
    """Goes on from `cursor` until all is done or a table must grow. Arguments are tuples of arrays;
    `keep.run` says what is in each. Rows kept go to `out`, in order."""
    (p_t, p_mmsi, p_station, p_kind, p_lon, p_lat, p_sog, p_cog, p_content, p_flags) = positions
    (s_t, s_mmsi, s_obs, s_type, told, s_track, s_keep) = statics
    (x_t, x_mmsi, x_track) = texts
    (f_mmsi, f_first, f_stations, f_static_us, f_static_obs) = fleet_rows
    (row, track, flags) = out
    n_p, n_s, n_x = len(p_t), len(s_t), len(x_t)
    while True:
        i, j, x = cursor[AT_POSITION], cursor[AT_STATIC], cursor[AT_TEXT]
        far_future = np.int64(1) << np.int64(62)
        next_p = p_t[i] if i < n_p else far_future
        next_s = s_t[j] if j < n_s else far_future
        next_x = x_t[x] if x < n_x else far_future
        if next_p <= next_s and next_p <= next_x:
            if i >= n_p:
                return DONE
            # -- a position
            lon, lat = p_lon[i], p_lat[i]
            if p_kind[i] == BASE or math.isnan(lon) or math.isnan(lat):
                cursor[AT_POSITION] += 1
                continue
            mmsi, t = p_mmsi[i], p_t[i]
            sog, cog = np.float64(p_sog[i]), np.float64(p_cog[i])
            slot = find_slot(slots, mmsi)
            head = slots[slot, 1] if slots[slot, 0] == mmsi else EMPTY
            entry = (p_content[i] & ~CLOCK) | ((t // 1000) & CLOCK)
            s = head
            while s != EMPTY and not is_repeat(s, entry, mark, limits):
                s = mark[s, NEXT]
            if s != EMPTY:
                hear(s, t, p_station[i], mark, f_stations, limits)
                cursor[AT_POSITION] += 1
                continue
            chosen = EMPTY
            is_near = False
            is_established = 1
            if head != EMPTY:
                dt_s = (t - mark[head, LAST_US]) * 1e-6
                alone = mark[head, NEXT] == EMPTY and mark[head, ESTABLISHED] != 0
                if alone and dt_s <= limits[SILENCE_S]:
                    # The common case, without the sines: one track, and not far from where it was.
                    north = (lat - place[head, LAT]) * 111_194.9
                    east = (lon - place[head, LON]) * 111_194.9
                    reach = limits[NEAR_BASE_M] + limits[NEAR_MPS] * dt_s
                    if north * north + east * east <= reach * reach:
                        chosen, is_near = head, True
                if chosen == EMPTY:
                    head = drop_silent(head, t, mark, limits)
                    slots[slot, 1] = head
                    chosen, is_near, new_established, count, closest = choose(
                        head, t, lon, lat, sog, cog, place, mark, limits
                    )
                    is_established = 1 if new_established else 0
                    if chosen == EMPTY and count >= limits[MOST_OPEN]:
                        chosen = closest
                    if chosen != EMPTY and not is_near:
                        # Asked twice only if the table is full below: then nothing is noted yet.
                        if cursor[TRACKS] >= len(mark):
                            return NEEDS_TRACKS
                        is_split = jump(chosen, t, lon, lat, sog, cog, place, alt, mark, limits)
                        if is_split and count < limits[MOST_OPEN]:
                            chosen, is_established = EMPTY, 1
            is_first = head == EMPTY
            if chosen == EMPTY:
                if cursor[TRACKS] >= len(mark):
                    return NEEDS_TRACKS
                if slots[slot, 0] != mmsi:
                    if 2 * (cursor[SLOTS] + 1) > len(slots):
                        return NEEDS_SLOTS
                    slots[slot, 0] = mmsi
                    cursor[SLOTS] += 1
                chosen, is_near = cursor[TRACKS], True
                cursor[TRACKS] += 1
                opened(chosen, mmsi, t, is_established, head, place, mark, f_mmsi, f_first)
                known[KIND][chosen] = p_kind[i]
                slots[slot, 1] = chosen
            add(chosen, t, lon, lat, sog, cog, entry, place, mark, limits)
            hear(chosen, t, p_station[i], mark, f_stations, limits)
            k = cursor[KEPT]
            row[k] = i
            track[k] = chosen
            flags[k] = p_flags[i] if is_near else p_flags[i] | np.uint32(FLAG_JUMP)
            cursor[KEPT] += 1
            cursor[AT_POSITION] += 1
            if is_first:
                for w in range(cursor[WAITING]):
                    q = waiting[w]
                    if s_mmsi[q] == mmsi and s_track[q] == EMPTY:
                        s_track[q] = chosen
                        s_keep[q] = take_static(chosen, q, s_type[q], told, known, mark)
                        f_static_us[chosen] = s_t[q]
                        f_static_obs[chosen] = s_obs[q]
        elif next_s <= next_x:
            # -- static data
            slot = find_slot(slots, s_mmsi[j])
            s = EMPTY
            if slots[slot, 0] == s_mmsi[j] and slots[slot, 1] != EMPTY:
                s = track_of_static(slots[slot, 1], s_t[j], j, told, known, mark, limits)
            if s == EMPTY:
                waiting[cursor[WAITING]] = j
                cursor[WAITING] += 1
            else:
                s_track[j] = s
                s_keep[j] = take_static(s, j, s_type[j], told, known, mark)
                f_static_us[s] = s_t[j]
                f_static_obs[s] = s_obs[j]
            cursor[AT_STATIC] += 1
        else:
            # -- a text
            slot = find_slot(slots, x_mmsi[x])
            if slots[slot, 0] == x_mmsi[x] and slots[slot, 1] != EMPTY:
                x_track[x] = most_recent(slots[slot, 1], x_t[x], mark, limits)
            cursor[AT_TEXT] += 1
