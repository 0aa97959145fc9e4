"""Rule identity, profile coastal: see docs/detectors/identity.md, and docs/tracks.md for what is a
jump and what a vessel of its own.

Judged from what planted ships sent and what of it was heard; the ways between are the true ones.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from littoral.sim.referee.ground import DEG_M, apart_m, on_course
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.said import Spoken

CLASH_LEAST, CLASH_US = 10, 600_000_000
JUMP_M, JUMPS_MANY, BASE_M, NEAR_MPS = 1_852.0, 5, 500.0, 25.72
REACH_MPS, REACH_M, REACH_CAP_MPS = 12.86, 74_080.0, 308.7
GAP_US, START_M, START_MPS = 900_000_000, 150.0, 1.0
UNDER_WAY_MPS, SPEEDS_MPS, COURSES_DEG, LENGTHS_M = 1.02889, 1.02889, 20.0, 3
OLD_LEAST, CONFIRM_US, HEARD_ON_US, HALF_MINUTE_US = 20, 300_000_000, 150_000_000, 30_000_000
FLIPS, FLIPS_US, TOGETHER_US, QUIET_US = 2, 21_600_000_000, 1_800_000_000, 3_600_000_000
SHIP_IMO, OTHER_IMO = (1_000_000, 9_999_999), (10_000_000, 1_073_741_823)  # M.1371-5, table 52
MMSI, CLASH, CHANGE, SHARED, NUMBER, FLIP, JUMP = "bad_mmsi", 3, 3, 3, 4, 4, 4


def is_mmsi(number: int) -> bool:
    """A form of M.585-9: ship stations 2 to 7, aircraft 111, handheld 8, groups and coast stations
    0, devices 970, 972, 974, craft of a ship 98, aids 99."""
    text = f"{number:09d}"
    if len(text) > 9:
        return False
    return text[0] in "2345678" or text[:3] in ("111", "970", "972", "974") or (
        text[:2] in ("98", "99") or (text[0] == "0" and number > 0)
    )  # fmt: skip


def is_imo(number: int) -> bool:
    """Seven digits with the check digit of A.1117(30), or a flag state's own number."""
    if OTHER_IMO[0] <= number <= OTHER_IMO[1]:
        return True
    if not SHIP_IMO[0] <= number <= SHIP_IMO[1]:
        return False
    digits = [int(c) for c in str(number)]
    return sum(d * (7 - k) for k, d in enumerate(digits[:6])) % 10 == digits[6]


def bad_numbers(r: Record) -> list[Happened]:
    found = []
    for mmsi in r.said.numbers():
        t = r.said.calls_of(mmsi)["t_us"]
        if not is_mmsi(mmsi):
            found.append(_event(MMSI, (mmsi,), int(t[0]), int(t[-1]), int(t[0]), NUMBER))
    for mmsi, spoken in r.said.statics_by_mmsi().items():
        bad = [s for s in spoken if s.imo and not is_imo(s.imo)]
        if bad:
            begin, end = bad[0].t_us, bad[-1].t_us
            heard = any(s.heard for s in bad)
            found.append(_event("bad_imo", (mmsi,), begin, end, begin, NUMBER, heard=heard))
    return found


def _event(
    kind: str, mmsis: tuple[int, ...], begin: int, end: int, told: int, priority: int,
    *, due: bool = True, heard: bool = True,
) -> Happened:  # fmt: skip
    return Happened("identity", kind, mmsis, begin, end, told, priority, due=due, heard=heard)


def clashes(r: Record) -> list[Happened]:
    """Two ships that speak by turns under one MMSI."""
    found = []
    for mmsi in r.said.numbers():
        calls = r.said.calls_of(mmsi)
        ships = [int(v) for v in np.unique(calls["ship"])]
        for a, b in itertools.combinations(ships, 2):
            one, two = (calls["t_us"][calls["ship"] == v] for v in (a, b))
            begin, end = max(one[0], two[0]), min(one[-1], two[-1])
            if end - begin < CLASH_US:
                continue
            least = min(int(((t >= begin) & (t <= end)).sum()) for t in (one, two))
            if least < CLASH_LEAST:
                continue
            told = int(begin) + CLASH_US
            found.append(_event("clash", (mmsi,), int(begin), int(end), told, CLASH))
    return found


def jumps(r: Record) -> list[Happened]:
    """Places where a ship is not, for more than one report; told of when it could still be thought
    to have come there (docs/tracks.md, rule 3) and it was not a mile."""
    found: list[Happened] = []
    for mmsi in r.said.numbers():
        calls = r.said.calls_of(mmsi)
        if len(np.unique(calls["ship"])) != 1:
            continue
        ship, t = int(calls["ship"][0]), calls["t_us"]
        off_m = _astray_m(r, ship, calls)
        away = np.flatnonzero(off_m > 300.0)
        spans = np.split(away, np.flatnonzero(np.diff(away) > 1) + 1) if len(away) else []
        times: list[tuple[int, int, bool]] = []
        for span in spans:
            if span[0] == 0 or len(span) == 0:
                continue
            d = float(off_m[span].mean())
            waits_s = (t[span] - t[span[0] - 1]) / 1e6
            near = d <= BASE_M + NEAR_MPS * waits_s[0]
            fastest = min(REACH_CAP_MPS, REACH_MPS * (1.0 + (REACH_M / d) ** 2))
            possible = bool((d <= 0.9 * fastest * waits_s[:-1]).any())
            sure = possible and not near and d >= 1.05 * JUMP_M and len(span) > 1
            if d >= 0.95 * JUMP_M:
                times.append((int(t[span[0]]), int(t[span[-1]]), sure))
        for begin, end, sure in times:
            if found and found[-1].mmsis == (mmsi,) and begin - found[-1].end_us <= QUIET_US:
                last = found[-1]
                found[-1] = replace(last, end_us=end, due=last.due or sure)
            else:
                found.append(_event("jump", (mmsi,), begin, end, begin, JUMP, due=sure))
    return found


def _astray_m(r: Record, ship: int, calls: np.ndarray) -> np.ndarray:
    """(n,) metres from where the ship was to where it said it was."""
    steps, state = r.times_us(), r.track(ship)
    lon, lat = (np.interp(calls["t_us"], steps, state[:, c]) for c in (0, 1))
    east = (calls["lon_deg"] - lon) * np.cos(np.radians(lat))
    return np.asarray(np.hypot(east, calls["lat_deg"] - lat) * DEG_M)


def changes(r: Record) -> list[Happened]:
    """A ship that goes on under another MMSI, under way."""
    found = []
    statics = r.said.statics_by_mmsi()
    for ship in np.unique(r.said.calls["ship"]).tolist():
        calls = np.sort(r.said.calls[r.said.calls["ship"] == ship], order="t_us")
        turns = np.flatnonzero(np.diff(calls["mmsi"]) != 0)
        for k in turns.tolist():
            old, new = int(calls["mmsi"][k]), int(calls["mmsi"][k + 1])
            last, first = int(calls["t_us"][k]), int(calls["t_us"][k + 1])
            # Of this ship alone: another under one of the numbers is a track of its own.
            before, on = (calls["t_us"][calls["mmsi"] == m] for m in (old, new))
            told = first + CONFIRM_US
            judged = -(-told // HALF_MINUTE_US) * HALF_MINUTE_US
            back = bool(((before > last) & (before < judged)).any())
            many = int((before <= last).sum())
            stays = bool(((on >= first + HEARD_ON_US) & (on < judged)).any())
            stays &= not (on < first).any()
            if back or not stays or many < OLD_LEAST or first - last > GAP_US:
                continue
            p, q = r.at(ship, last), r.at(ship, first)
            gap_s = (first - last) / 1e6
            there = on_course(float(p[0]), float(p[1]), float(p[3]), float(p[2]) * gap_s)
            off = float(apart_m(*there, float(q[0]), float(q[1])))
            turned = abs((float(p[3] - q[3]) + 180.0) % 360.0 - 180.0)
            if min(p[2], q[2]) < UNDER_WAY_MPS or abs(p[2] - q[2]) >= SPEEDS_MPS:
                continue
            by_then = [_lengths(statics, ship, mmsi, judged) for mmsi in (old, new)]
            if all(by_then) and abs(by_then[0][-1] - by_then[1][-1]) > LENGTHS_M:
                continue
            allowed = START_M + START_MPS * gap_s
            if off > allowed or turned >= COURSES_DEG:
                continue
            # At the limits of place and course noise decides.
            due = off <= 0.7 * allowed and turned <= 0.6 * COURSES_DEG
            # Where another has the new number too, nobody knows who of them says its length.
            said = [s for s in statics.get(new, ()) if s.heard and s.t_us < judged]
            alone = all(s.ship == ship for s in said)
            found.append(
                _event("mmsi_change", (old, new), last, told, told, CHANGE, due=due, heard=alone)
            )  # fmt: skip
    return found


def _lengths(statics: dict[int, list[Spoken]], ship: int, mmsi: int, until_us: int) -> list[int]:
    """What was heard of a ship's length under one number by then."""
    return [
        s.size[0] + s.size[1]
        for s in statics.get(mmsi, [])
        if s.ship == ship and s.heard and s.t_us < until_us and s.size[0] + s.size[1]
    ]


def shared_imo(r: Record) -> list[Happened]:
    """Two MMSIs with one IMO number, both heard within half an hour."""
    found = []
    users: dict[int, dict[int, list[Spoken]]] = {}
    for s in r.said.statics:
        if s.imo and is_imo(s.imo):
            users.setdefault(s.imo, {}).setdefault(s.mmsi, []).append(s)
    for by_mmsi in users.values():
        for a, b in itertools.combinations(sorted(by_mmsi), 2):
            one, two = (np.array([s.t_us for s in by_mmsi[m]]) for m in (a, b))
            apart = np.abs(one[:, None] - two[None, :])
            if apart.min() > TOGETHER_US:
                continue
            hits = np.concatenate([one[apart.min(1) <= TOGETHER_US],
                                   two[apart.min(0) <= TOGETHER_US]])  # fmt: skip
            heard = [[s.t_us for s in by_mmsi[m] if s.heard] for m in (a, b)]
            both = any(abs(x - y) <= TOGETHER_US for x in heard[0] for y in heard[1])
            begin, end = int(hits.min()), int(hits.max())
            found.append(_event("static_conflict", (a, b), begin, end, begin, SHARED, heard=both))
    return found


def goings_back(values: list[tuple[int, object]]) -> list[tuple[int, int]]:
    """Of (time, value): (time of the change before, time) of each going back to an earlier one."""
    found, seen, now, changed = [], set(), None, 0
    for t, value in values:
        if value == now:
            continue
        if value in seen:
            found.append((changed, t))
        now, changed = value, t
        seen.add(value)
    return found


def to_and_fro(r: Record) -> list[Happened]:
    """Two goings back to an earlier name, call sign or size within six hours."""
    found = []
    for mmsi, spoken in r.said.statics_of_tracks():
        spans = [[_flips(spoken, field, heard) for field in ("name", "call_sign", "size")]
                 for heard in (False, True)]  # fmt: skip
        sent = [s for s in spans[0] if s is not None]
        if sent:
            begin, told = min(s[0] for s in sent), min(s[1] for s in sent)
            end = max(s[2] for s in sent)
            heard = any(s is not None for s in spans[1])
            found.append(_event("static_conflict", (mmsi,), begin, end, told, FLIP, heard=heard))
    return found


def _flips(spoken: list[Spoken], field: str, heard: bool) -> tuple[int, int, int] | None:
    """The first change, the going back that is one too many, and the last."""
    values = [(s.t_us, getattr(s, field)) for s in spoken if s.heard or not heard]
    back = goings_back([(t, v) for t, v in values if v and v != (0, 0, 0, 0)])
    for first, second in zip(back, back[FLIPS - 1 :], strict=False):
        if second[1] - first[1] <= FLIPS_US:
            return first[0], second[1], back[-1][1]
    return None


def happened(r: Record) -> list[Happened]:
    return [
        *bad_numbers(r), *clashes(r), *jumps(r), *changes(r), *shared_imo(r), *to_and_fro(r),
    ]  # fmt: skip
