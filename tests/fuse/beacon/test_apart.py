"""Which tracks come before detectors, when they leave them and when they come back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from littoral.fuse import start, step
from littoral.fuse.beacon import DEFAULT, with_beacons
from littoral.schema.ais import FLAG_BAD_MMSI, Positions
from littoral.schema.batch import SLICE_US
from littoral.schema.fleet import (
    GEAR_BEACON,
    GEAR_DRIFT,
    GEAR_FORM,
    GEAR_NAME,
    GEAR_SAILED,
    GEAR_SHIP,
    Fleet,
)
from littoral.schema.state import clone, pack, unpack
from tests.fuse.scene import KNOT, SECOND_US, T0_US, Ship, between, gather, static

NO_MID = 900_123_456  # no form of M.585-9 begins with 90
CHINESE = 413_412_345
DRIFT_KN = 0.8


def beacon(**more) -> Ship:
    """As they report: class B, every 3 minutes, 0.8 kn in the tide."""
    said = {
        "mmsi": NO_MID, "kind": 1, "msg_type": 18, "every_s": 180.0, "sog_kn": DRIFT_KN,
        "flags": FLAG_BAD_MMSI, "nav_status": -1, "to_s": 4 * 3600.0, **more,
    }  # fmt: skip
    return Ship(**said)


def named(t_s: float, name: bytes, mmsi: int = NO_MID, **said):
    return static(t_s, mmsi, msg_type=24, name=name, kind=1, **said)


@dataclass
class Seen:
    """What came out, slice by slice."""

    vessels: list[Positions] = field(default_factory=list)
    beacons: list[Positions] = field(default_factory=list)
    statics: list = field(default_factory=list)
    fleet: Fleet | None = None
    picture: Fleet | None = None
    state: object = None

    def times(self, part: str) -> list[float]:
        found = Positions.concat(getattr(self, part))
        return ((found.t_us - T0_US) / SECOND_US).tolist()

    @property
    def gear(self) -> int:
        return int(self.fleet.gear[0])


def run(positions, statics=(), state=None, to_s: float = 12 * 3600.0) -> Seen:
    o = gather([s.reports() if isinstance(s, Ship) else s for s in positions], statics)
    seen, state = Seen(), state or start(4)
    a = T0_US
    while a < T0_US + to_s * SECOND_US:
        state, p, s, _, b = step(state, between(o, a, a + SLICE_US), a, a + SLICE_US)
        seen.vessels.append(p)
        seen.beacons.append(b)
        seen.statics.append(s)
        a += SLICE_US
    seen.fleet, seen.state = state.fleet, state
    seen.picture = with_beacons(state.fleet, state.beacons)
    return seen


@pytest.mark.parametrize(
    ("mmsi", "flags"),
    [
        (NO_MID, FLAG_BAD_MMSI),
        (123, FLAG_BAD_MMSI),
        (979_412_345, 0),  # group B of autonomous maritime radio devices (M.585-9, annex 2)
        (4_120_001, 0),  # a coast station's, 00MIDxxxx
        (41_200_001, 0),  # a group's, 0MIDxxxxx
    ],
)
def test_a_form_no_ship_has_and_only_drifting_is_a_beacon_from_the_first_report(mmsi, flags):
    seen = run([beacon(mmsi=mmsi, flags=flags)])
    assert seen.times("vessels") == []
    assert len(seen.times("beacons")) == 80
    assert seen.gear == GEAR_BEACON | GEAR_FORM | GEAR_DRIFT


def test_a_ships_mmsi_without_such_a_name_is_a_vessel_however_it_drifts():
    seen = run([beacon(mmsi=CHINESE, flags=0)], [named(5, b"88123", CHINESE)])
    assert seen.times("beacons") == []
    assert seen.gear == 0
    assert sum(map(len, seen.statics)) == 1


def test_by_its_name_it_leaves_the_detectors_from_the_next_slice_on():
    net = beacon(mmsi=CHINESE, flags=0)
    seen = run([net], [named(1801, b"B-7-87%", CHINESE), named(3601, b"B-7-86%", CHINESE)])
    assert max(seen.times("vessels")) == 1800.0
    assert min(seen.times("beacons")) == 1980.0
    assert seen.gear == GEAR_BEACON | GEAR_NAME | GEAR_DRIFT
    assert [len(s) for s in seen.statics if len(s)] == [1]  # the second is of a beacon already


def test_named_in_the_slice_of_its_first_report_no_detector_ever_sees_it():
    seen = run([beacon(mmsi=CHINESE, flags=0)], [named(2, b"NET MARK-85%", CHINESE)])
    assert seen.times("vessels") == []
    assert sum(map(len, seen.statics)) == 0


def test_another_name_makes_it_a_vessel_again():
    seen = run(
        [beacon(mmsi=CHINESE, flags=0)],
        [named(2, b"NET MARK-85%", CHINESE), named(3600, b"QIONG YU 7", CHINESE)],
    )
    assert max(seen.times("beacons")) == 3420.0
    assert min(seen.times("vessels")) == 3600.0
    assert seen.gear == GEAR_DRIFT


def poser(**more) -> list[Ship]:
    """Drifts for two hours, then sails at 12 kn for one and lies still."""
    drift = beacon(to_s=7200.0, **more)
    lon, lat = drift.at(np.array([7200.0]))
    run_kn = beacon(**{"sog_kn": 12.0, "every_s": 30.0, **more})
    away = run_kn.but(from_s=7200.0, to_s=10_800.0)
    dlon, dlat = run_kn.at(np.array([7200.0]))
    away = away.but(lon=away.lon + float(lon[0] - dlon[0]), lat=float(lat[0] - dlat[0]) + away.lat)
    lon, lat = away.at(np.array([10_800.0]))
    still = beacon(sog_kn=0.0, from_s=10_800.0, to_s=12 * 3600.0, **{**more, "every_s": 180.0})
    return [drift, away, still.but(lon=float(lon[0]), lat=float(lat[0]))]


def test_who_poses_as_a_beacon_and_sails_is_a_vessel_from_the_second_fast_report_on():
    seen = run(poser(), [named(3, b"NET MARK-72%")])
    sailed = [t for t in seen.times("vessels") if t < 10_800]
    # Slices begin at multiples of 30 s, the second fast report is in that of 7230 s.
    assert min(sailed) == 7230.0
    assert len(sailed) == 119
    # It is watched for six more hours after the last fast report.
    assert max(seen.times("vessels")) == pytest.approx(10_770 + DEFAULT.rest_s, abs=181)
    assert seen.gear == GEAR_BEACON | GEAR_FORM | GEAR_NAME | GEAR_DRIFT


def test_one_that_tells_a_false_speed_is_found_by_how_far_it_comes():
    ships = poser()
    reports = [s.reports() for s in ships]
    reports[1].sog_mps[:] = 0.3
    seen = run(reports, [named(3, b"NET MARK-72%")])
    first = min(t for t in seen.times("vessels"))
    # 12 kn is 6.17 m/s, 4.17 more than a drift. From where it was reckoned last, at most 1,800 s
    # and so 3,600 m of drift before (of which it went 740 m), it is 2,000 m too far after at most
    # 1,166 s; then four reports in a row.
    assert 7200 < first < 7200 + 1166 + 4 * 30
    assert seen.gear & GEAR_BEACON  # and after its rest it is one again


def test_one_fast_report_is_a_hiccup():
    net = beacon().reports()
    net.sog_mps[10] = 7.0
    net.sog_mps[30] = 7.0
    assert run([net]).times("vessels") == []


def test_one_that_sails_from_the_first_report_on_is_never_hidden():
    seen = run([beacon(sog_kn=9.0, every_s=30.0, to_s=3600.0)], to_s=3600.0)
    assert seen.times("beacons") == []
    assert seen.gear == GEAR_FORM | GEAR_SAILED


def test_hauled_and_set_anew_it_is_a_beacon_still():
    first = beacon(to_s=3600.0)
    anew = beacon(from_s=3 * 3600.0, lon=110.6)  # 63 km away, two hours later
    seen = run([first, anew])
    assert seen.times("vessels") == []


def test_the_tide_turns_and_it_is_a_beacon_still():
    """1.9 m/s at most and to and fro over 27 km: what a strong tide does in 12.42 hours."""
    net = beacon(to_s=24 * 3600.0, sog_kn=0.0).reports()
    t = (net.t_us - T0_US) / SECOND_US
    omega = 2 * np.pi / 44_712
    net.lon_deg[:] += 1.9 / omega * (1 - np.cos(omega * t)) / (111_194.9 * np.cos(np.radians(18)))
    net.sog_mps[:] = np.abs(1.9 * np.sin(omega * t))
    assert run([net], to_s=24 * 3600.0).times("vessels") == []


def test_a_string_under_one_mmsi_speaks_from_several_places():
    strings = [beacon(lon=110.0 + 0.008 * k, from_s=37.0 * k, every_s=180.0) for k in range(3)]
    assert run(strings).times("vessels") == []


@pytest.mark.parametrize(
    "said",
    [
        {"imo": 9_074_729},  # the example of IMO A.1117(30): 9x7+0x6+7x5+4x4+7x3+2x2 ends in 9
        {"ship_type": 70},
        {"to_bow_m": 15.0, "to_stern_m": 5.0},
    ],
)
def test_static_data_of_a_ship_makes_it_a_vessel(said):
    seen = run([beacon(nav_status=5, kind=0, msg_type=1)], [static(400, NO_MID, **said)])
    assert max(seen.times("beacons")) == 360.0
    assert seen.gear == GEAR_FORM | GEAR_DRIFT | GEAR_SHIP


@pytest.mark.parametrize("said", [{"imo": 9_074_728}, {"ship_type": 30}, {"to_bow_m": 4.0}])
def test_static_data_that_a_beacon_sends_too_does_not(said):
    assert run([beacon()], [static(400, NO_MID, **said)]).times("vessels") == []


@pytest.mark.parametrize(("kind", "status"), [(2, -1), (3, -1), (4, -1), (5, 14), (0, 14)])
def test_what_is_no_ship_or_calls_for_help_is_never_taken_for_one(kind, status):
    calls = beacon(kind=kind, nav_status=status, msg_type=1)
    seen = run([calls], [named(2, b"NET MARK-85%")])
    assert seen.times("beacons") == []


def test_a_beacon_that_calls_for_help_is_heard_at_once():
    net = beacon(kind=0, msg_type=1).reports()
    net.nav_status[40:] = 14
    seen = run([net])
    assert min(seen.times("vessels")) == 7200.0


# -- both sides of each number, within a tenth of it


def reports_at(times_s: list[float], sog_mps: float, east_m: list[float] | None = None):
    """One report at each time, at this speed, so far east of where it began."""
    p = Positions.empty(len(times_s))
    p.t_us[:] = T0_US + np.rint(np.array(times_s) * SECOND_US).astype(np.int64)
    p.mmsi[:], p.kind[:], p.msg_type[:], p.nav_status[:] = NO_MID, 1, 18, -1
    p.flags[:], p.sog_mps[:], p.lat_deg[:] = FLAG_BAD_MMSI, sog_mps, 0.0
    p.lon_deg[:] = 110.0 + np.array(east_m or np.arange(len(times_s)) * 0.1) / 111_194.9
    return p


SLOW = reports_at([0.0, 60.0], 0.1, [0.0, 0.1])


@pytest.mark.parametrize(
    ("positions", "statics", "gear"),
    [
        # drift_mps, fast_reports
        ([SLOW, reports_at([120, 150], 1.95)], [], GEAR_BEACON | GEAR_FORM),
        ([SLOW, reports_at([120, 150], 2.05)], [], GEAR_FORM | GEAR_SAILED),
        ([SLOW, reports_at([120], 9.0)], [], GEAR_BEACON | GEAR_FORM),
        # pause_s
        ([SLOW, reports_at([120, 1980], 9.0)], [], GEAR_FORM | GEAR_SAILED),
        ([SLOW, reports_at([120, 2060], 9.0)], [], GEAR_BEACON | GEAR_FORM | GEAR_DRIFT),
        # far_m and drift_mps * since, far_reports: 2,000 + 2 * 240 m at the last of the four
        (
            [SLOW, reports_at([150, 180, 210, 240], 0.1, [2310, 2370, 2430, 2490])],
            [],
            GEAR_FORM | GEAR_SAILED,
        ),
        (
            [SLOW, reports_at([150, 180, 210, 240], 0.1, [2310, 2370, 2430, 2470])],
            [],
            GEAR_BEACON | GEAR_FORM,
        ),
        ([SLOW, reports_at([150, 180, 210], 0.1, [2310, 2370, 2430])], [], GEAR_BEACON | GEAR_FORM),
        # drifted_s
        ([SLOW, reports_at([1770], 0.1, [0.2])], [], GEAR_BEACON | GEAR_FORM),
        ([SLOW, reports_at([1830], 0.1, [0.2])], [], GEAR_BEACON | GEAR_FORM | GEAR_DRIFT),
        # ship_length_m, ship_type
        ([SLOW], [static(1, NO_MID, to_bow_m=19.0, to_stern_m=0.0)], GEAR_BEACON | GEAR_FORM),
        ([SLOW], [static(1, NO_MID, to_bow_m=20.0, to_stern_m=1.0)], GEAR_FORM | GEAR_SHIP),
        ([SLOW], [static(1, NO_MID, ship_type=39)], GEAR_BEACON | GEAR_FORM),
        ([SLOW], [static(1, NO_MID, ship_type=40)], GEAR_FORM | GEAR_SHIP),
    ],
)
def test_both_sides_of_each_limit(positions, statics, gear):
    assert run(positions, statics, to_s=3600.0).gear == gear


@pytest.mark.parametrize(("minutes", "sails"), [(11, False), (12, True)])
def test_where_it_was_is_reckoned_anew_every_half_hour(minutes, sails):
    """far_s: after 94 minutes at 1 m/s it goes 6 m/s and tells 0.5. Reckoned from where it was at
    93 minutes, 60 m back, it is too far when 360 n + 60 > 2000 + 2 (60 n + 60), for n = 9 to 12."""
    times = [60.0 * k for k in range(95 + minutes)]
    east = [60.0 * k if k <= 94 else 5_640.0 + 360.0 * (k - 94) for k in range(95 + minutes)]
    seen = run([reports_at(times, 0.5, east)], to_s=7_200.0)
    assert bool(seen.gear & GEAR_SAILED) == sails


# -- the fleet that detectors read, and the picture


def test_detectors_find_it_nowhere_in_the_fleet_and_readers_do():
    ship = Ship(to_s=3600.0)
    seen = run([beacon(to_s=3600.0, lon=110.01), ship], to_s=3600.0)
    k = int(np.flatnonzero(seen.fleet.mmsi[:2] == NO_MID)[0])
    assert seen.fleet.last_us[k] == 0
    assert seen.fleet.positions[k] == 0
    assert np.isnan(seen.fleet.lon_deg[k])
    assert seen.picture.last_us[k] == T0_US + 3420 * SECOND_US
    assert seen.picture.positions[k] == 20
    assert seen.picture.lon_deg[k] == pytest.approx(
        110.01 + 3420 * DRIFT_KN * KNOT / 111_194.9 / np.cos(np.radians(18.0)), abs=1e-9
    )
    assert seen.picture.kind[k] == 1
    other = 1 - k
    assert seen.picture.last_us[other] == seen.fleet.last_us[other]


def test_back_among_the_vessels_it_stands_where_it_was_shown():
    seen = run(poser(), to_s=8000.0)
    assert seen.gear & GEAR_SAILED
    assert seen.fleet.positions[0] == 40 + 27  # 40 while it drifted
    assert seen.fleet.last_us[0] == T0_US + 7980 * SECOND_US
    assert seen.picture is seen.fleet


def test_a_vessel_that_turns_out_a_beacon_stands_where_it_was_last_seen():
    net = beacon(mmsi=CHINESE, flags=0)
    seen = run([net], [named(1801, b"B-7-87%", CHINESE)])
    assert seen.fleet.last_us[0] == T0_US + 1800 * SECOND_US
    assert seen.picture.last_us[0] == T0_US + 14_220 * SECOND_US
    assert seen.picture.positions[0] == 80


def test_packed_and_unpacked_it_goes_on_the_same():
    o = gather([s.reports() for s in poser()], [named(3, b"NET MARK-72%")])
    half = T0_US + 7230 * SECOND_US
    states = [start(4)]
    states.append(clone(states[0]))
    for i, state in enumerate(states):
        a = T0_US
        while a < T0_US + 12 * 3600 * SECOND_US:
            if i and a == half:
                state = unpack(pack(state), start(4))
            state, *_ = step(state, between(o, a, a + SLICE_US), a, a + SLICE_US)
            a += SLICE_US
        states[i] = state
    assert pack(states[0]) == pack(states[1])


def test_a_fleet_packed_before_there_was_gear_opens():
    fleet = Fleet.empty(3000)
    columns = {n: getattr(fleet, n) for n in Fleet.__slots__ if n not in ("count", "gear")}
    assert len(Fleet(0, **columns, gear=Fleet.empty(4).gear).gear) == 3000
