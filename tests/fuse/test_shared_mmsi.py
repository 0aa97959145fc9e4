"""One MMSI, several lines of travel: Global Fishing Watch's recording, and made-up pairs."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from math import comb, cos, hypot, radians
from pathlib import Path

import numpy as np
import pytest

from littoral.fuse import FuseSettings
from littoral.schema.ais import FLAG_JUMP, Observations, Positions, Statics, Texts
from tests.fuse.scene import KNOT, SECOND_US, T0_US, Ship, gather, track

FILE = Path(__file__).parent / "data" / "338013000.json"
DIFFERENCES = FILE.with_name("differences.json")
# Lines of the file, from 0, that have a position.
ROWS = [i for i, line in enumerate(FILE.read_text().splitlines()) if '"lon": null' not in line]


def recording(keep_course: bool = True) -> tuple[Positions, list[str]]:
    """The positions of the file that have coordinates, and the segment expected of each."""
    lines = [json.loads(line) for line in FILE.read_text().splitlines()]
    lines = [line for line in lines if line["lon"] is not None]
    p = Positions.empty(len(lines))
    for i, line in enumerate(lines):
        when = datetime.fromisoformat(line["timestamp"].replace("Z", "+00:00"))
        p.t_us[i] = round(when.timestamp() * SECOND_US)
        p.lon_deg[i], p.lat_deg[i] = line["lon"], line["lat"]
        p.sog_mps[i] = line["speed"] * KNOT
        p.cog_deg[i] = line["course"] if keep_course else np.nan
    p.mmsi[:], p.msg_type[:] = 338_013_000, 1
    p.obs_id[:] = np.arange(len(lines)) + 1
    return p, [line["expected"] for line in lines]


def row_of(place: int) -> int:
    """The line of the file that the position at `place` comes from."""
    return ROWS[place]


def adjusted_rand(a: list, b: list) -> float:
    """Hubert and Arabie 1985: pairs put together by both, corrected for chance; 1 is equality."""

    def pairs(counts: Counter) -> int:
        return sum(comb(n, 2) for n in counts.values())

    both, of_a, of_b = pairs(Counter(zip(a, b, strict=True))), pairs(Counter(a)), pairs(Counter(b))
    chance = of_a * of_b / comb(len(a), 2)
    return (both - chance) / ((of_a + of_b) / 2 - chance)


def tracks_of_all(p: Positions, kept: Positions) -> list[int]:
    """The track of every position; a repeat has that of the report that it repeats."""
    by_obs = dict(zip(kept.obs_id.tolist(), kept.track.tolist(), strict=True))
    said: dict[tuple, int] = {}
    found = []
    for i in range(len(p)):
        content = (p.lon_deg[i], p.lat_deg[i], p.sog_mps[i])
        if int(p.obs_id[i]) in by_obs:
            said[content] = by_obs[int(p.obs_id[i])]
        found.append(said[content])
    return found


def test_adjusted_rand_of_the_textbook():
    # Hubert & Arabie's form worked by hand: {1,2}{3,4} against {1,2,3}{4}: both 1 of C(4,2) = 6,
    # a 2, b 3, chance 1: (1 - 1) / (2.5 - 1) = 0.
    assert adjusted_rand([0, 0, 1, 1], [0, 0, 0, 1]) == 0.0
    assert adjusted_rand([0, 0, 1, 1], [5, 5, 7, 7]) == 1.0


def differing(expected: list[str], found: list[int]) -> list[set[int]]:
    """Reports, by place, whose segment and track do not hold exactly the same reports: in groups
    that belong together."""
    segment_of, track_of = dict(enumerate(expected)), dict(enumerate(found))
    groups = []
    left = set(segment_of)
    while left:
        group, more = set(), {min(left)}
        while more:
            group |= more
            segments, tracks = {segment_of[i] for i in group}, {track_of[i] for i in group}
            more = {i for i in left if segment_of[i] in segments or track_of[i] in tracks} - group
        if len({segment_of[i] for i in group}) > 1 or len({track_of[i] for i in group}) > 1:
            groups.append(group)
        left -= group
    return groups


def test_differing_of_a_case_worked_by_hand():
    assert differing(["a", "a", "b", "c", "d"], [1, 1, 2, 2, 3]) == [{2, 3}]
    assert differing(["a", "a", "b"], [1, 2, 2]) == [{0, 1, 2}]


@pytest.mark.parametrize("cuts", [(), (86_400.0 * 0.7, 1e5, 2e5)])
def test_expected_segments_come_out(cuts):
    p, expected = recording()
    first_s = (int(p.t_us[0]) - T0_US) / SECOND_US
    _, kept, _, _ = track(
        Observations(p, Statics.empty(), Texts.empty()), [first_s + c for c in cuts]
    )
    found = tracks_of_all(p, kept)
    assert len(found) == 1193
    assert adjusted_rand(expected, found) >= 0.99
    # Which reports are the ship's is the same to the last one.
    assert [t == found[0] for t in found] == [e == expected[0] for e in expected]
    # All else that differs stands in the committed list, and all in the list differs.
    listed = json.loads(DIFFERENCES.read_text())
    groups = differing(expected, found)
    assert [[row_of(i) for i in sorted(g)] for g in groups] == [d["rows"] for d in listed]
    for group, said in zip(groups, listed, strict=True):
        assert len({expected[i] for i in group}) == said["expected_segments"]
        assert len({found[i] for i in group}) == said["our_tracks"]


def test_the_reasons_for_the_differences_hold():
    """One vessel's reports follow one another at the speed that they say."""
    p, _expected = recording()
    for said in json.loads(DIFFERENCES.read_text()):
        places = [i for i in range(len(p)) if row_of(i) in said["rows"]]
        # Some are there twice; the distance is on a plane, at 3 nm and 10 degrees good to 1e-6.
        at = sorted({(int(p.t_us[i]), float(p.lon_deg[i]), float(p.lat_deg[i])) for i in places})
        knots = [
            60 * hypot((lon - lon0) * cos(radians(lat)), lat - lat0) / ((t - t0) / SECOND_US / 3600)
            for (t0, lon0, lat0), (t, lon, lat) in pairwise(at)
        ]
        assert len(knots) == said["expected_segments"] - 1
        assert round(min(knots), 1) == said["least_kn"]
        assert round(max(knots), 1) == said["most_kn"]


def test_what_the_ship_takes_but_cannot_have_sailed_is_flagged():
    p, _expected = recording()
    _, kept, _, _ = track(Observations(p, Statics.empty(), Texts.empty()))
    flagged = kept.obs_id[(kept.flags & FLAG_JUMP) != 0] - 1
    # Rows of the recording counted by hand: where the satellite's clock was off by minutes to two
    # hours, and where it came right again.
    assert [row_of(i) for i in flagged] == [330, 375, 657, 658, 846, 869, 920, 921, 1122, 1180]


def two(a: Ship, b: Ship) -> list[tuple[int, int]]:
    """(reports, tracks) of the two ships' positions, by ship."""
    o = gather([a.reports(), b.reports()])
    _state, kept, _, _ = track(o)
    assert len(kept) == len(o.positions)
    of_a = np.isin(kept.lat_deg, a.reports().lat_deg)
    return [Counter(kept.track[m].tolist()).most_common(1)[0] for m in (of_a, ~of_a)]


@pytest.mark.parametrize("apart_nm", [1.5, 3.0, 6.0, 20.0, 80.0])
@pytest.mark.parametrize("every_s", [10.0, 30.0])
def test_two_ships_in_turn_become_two_tracks(apart_nm, every_s):
    a = Ship(every_s=every_s, to_s=7200.0)
    b = a.but(lat=18.0 + apart_nm / 60.0, cog=95.0, sog_kn=13.0, from_s=every_s / 2)
    n = len(a.reports())
    (track_a, count_a), (track_b, count_b) = two(a, b)
    assert track_a != track_b
    # The first minutes may be mixed, until it is clear that there are two.
    assert min(count_a, count_b) >= 0.9 * n


def test_a_second_ship_far_off_is_a_track_from_its_first_report():
    a = Ship(to_s=3600.0)
    b = a.but(lat=18.0 + 120.0 / 60.0, from_s=5.0)
    assert [c for _, c in two(a, b)] == [360, 360]


@pytest.mark.parametrize("says_sog", [True, False])
@pytest.mark.parametrize("every_s", [2.0, 30.0, 180.0])
def test_a_boat_at_45_knots_stays_one_track(says_sog, every_s):
    boat = Ship(sog_kn=45.0, every_s=every_s, to_s=5400.0, says_sog=says_sog)
    state, kept, _, _ = track(gather([boat.reports()]))
    assert len(kept) == len(boat.reports())
    assert state.fleet.count == 1
    assert not (kept.flags & FLAG_JUMP).any()


def test_a_boat_at_45_knots_that_turns_about_stays_one_track():
    out = Ship(sog_kn=45.0, to_s=1800.0)
    lon, _lat = out.at(np.array([1800.0]))
    # Back on the opposite course: at T0 it would have been as far beyond.
    back = out.but(cog=270.0, lon=2 * float(lon[0]) - 110.0, from_s=1830.0, to_s=3600.0)
    state, kept, _, _ = track(gather([out.reports(), back.reports()]))
    assert state.fleet.count == 1
    assert not (kept.flags & FLAG_JUMP).any()


def test_ships_across_the_antimeridian_stay_one_track():
    ship = Ship(lon=179.9, sog_kn=20.0, to_s=7200.0)
    p = ship.reports()
    p.lon_deg = (p.lon_deg + 540.0) % 360.0 - 180.0
    assert p.lon_deg.min() < -179.0
    assert track(gather([p]))[0].fleet.count == 1


def test_a_track_silent_for_a_day_is_closed():
    for hours, tracks in ((23.5, 1), (24.5, 2)):
        again = Ship(sog_kn=0.1, from_s=hours * 3600 + 600, to_s=hours * 3600 + 1200)
        state, *_ = track(gather([Ship(sog_kn=0.1, to_s=610.0).reports(), again.reports()]))
        assert state.fleet.count == tracks


def test_ids_of_tracks_that_begin_together_differ():
    o = gather([Ship(lat=18.0, to_s=5.0).reports(), Ship(lat=20.5, to_s=5.0).reports()])
    state, _kept, _, _ = track(o)
    assert state.fleet.count == 2
    assert state.fleet.track_id(0) != state.fleet.track_id(1)
    assert abs(int(state.fleet.first_us[0]) - int(state.fleet.first_us[1])) == 1000


def test_one_mmsi_used_by_a_hundred_does_not_grow_without_end():
    ships = [Ship(mmsi=0, lat=-60.0 + k, from_s=k * 0.05, to_s=1800.0) for k in range(120)]
    state, kept, _, _ = track(gather([s.reports() for s in ships]))
    assert len(kept) == 120 * 180
    assert state.fleet.count == FuseSettings().most_open == 64
