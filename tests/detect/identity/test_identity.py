"""Shared, changed and impossible identities, with their near-misses."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from littoral.detect.identity import DETECTOR
from littoral.detect.identity.settings import COASTAL, IdentitySettings
from littoral.schema.ais import CLASS_B, FLAG_BAD_MMSI
from littoral.schema.finding import CAUTION, WARNING
from littoral.schema.imo import imo_state
from littoral.schema.state import pack, unpack
from tests.fuse.scene import (
    M_PER_DEG,
    FakeWorld,
    Ship,
    gather,
    seconds,
    static,
    watch,
)

HOUR, NM = 3600.0, 1852.0
CSV = Path(__file__).parent / "imo_numbers.csv"
ALPHA = Ship(to_s=2 * HOUR)


def run(parts, to_s=2 * HOUR, settings=COASTAL, statics=()):
    positions = [p.reports() if isinstance(p, Ship) else p for p in parts]
    return watch(DETECTOR, gather(positions, statics), to_s, settings, FakeWorld(), quiet_s=600.0)


def kinds(told) -> Counter:
    return Counter(f.kind for f in told.alerts)


@pytest.mark.parametrize("row", list(csv.DictReader(CSV.open())), ids=lambda r: r["imo"])
def test_labelled_imo_numbers(row):
    assert imo_state(int(row["imo"])) == int(row["state"])


def test_an_honest_ship_is_not_told_of():
    told = run(
        [ALPHA], statics=[static(60, name=b"A", imo=9074729, to_bow_m=90.0, to_stern_m=10.0)]
    )
    assert told.versions == []


# -- clash ----------------------------------------------------------------------------------------

TWIN = ALPHA.but(lat=19.0, from_s=5.0)


def test_two_ships_under_one_mmsi_are_one_alert():
    told = run([ALPHA, TWIN])
    (alert,) = told.versions
    assert (alert.kind, alert.priority, alert.end_us) == ("clash", WARNING, None)
    assert len(alert.things) == 2
    assert seconds(alert.start_us) == 5.0
    assert (alert.facts["mmsi"], alert.facts["tracks"]) == (412_000_001, 2)
    assert alert.facts["distance_m"] == pytest.approx(60 * NM, rel=2e-3)


def test_a_third_ship_makes_a_new_version_and_their_end_another():
    told = run(
        [ALPHA.but(to_s=HOUR), TWIN.but(to_s=HOUR), ALPHA.but(lat=20.5, to_s=HOUR)], 3 * HOUR
    )
    assert [f.facts["tracks"] for f in told.versions] == [3, 3]
    assert seconds(told.versions[-1].end_us) == pytest.approx(HOUR, abs=15)
    late = ALPHA.but(lat=20.5, from_s=HOUR)
    assert [f.facts["tracks"] for f in run([ALPHA, TWIN, late]).versions] == [2, 3]


def test_one_after_the_other_and_a_default_mmsi_are_no_clash():
    assert run([ALPHA.but(to_s=HOUR), ALPHA.but(lat=20.0, from_s=HOUR)]).versions == []
    bad = [s.but(mmsi=111_111_111, flags=FLAG_BAD_MMSI) for s in (ALPHA, TWIN)]
    assert kinds(run(bad)) == {"bad_mmsi": 2}


# -- jump -----------------------------------------------------------------------------------------


def jumping(*places_m: float, every_s: float = 120.0, mmsi: int = 412_000_001):
    """A ship at rest that is `places_m` north of its place for one report each, every `every_s`."""
    ship = Ship(mmsi=mmsi, sog_kn=0.2, to_s=(len(places_m) + 8) * every_s, every_s=every_s)
    p = ship.reports()
    for i, north_m in enumerate(places_m):
        p.lat_deg[5 + i] += north_m / M_PER_DEG
    return p


def test_a_jump_and_back_are_one_alert_with_its_length_and_speed():
    told = run([jumping(8 * NM)], 3 * HOUR)
    (alert,) = told.alerts
    assert (alert.kind, alert.priority, alert.facts["jumps"]) == ("jump", CAUTION, 2)
    assert alert.facts["distance_m"] == pytest.approx(8 * NM, rel=1e-3)
    # 8 n mile in 120 s are 123.5 m/s, less or more the 0.1 m/s of its own drift.
    assert alert.facts["speed_mps"] == pytest.approx(8 * NM / 120, abs=0.2)
    assert seconds(alert.start_us) == 600.0
    assert alert.end_us is not None
    assert len(alert.evidence) == 4


def test_a_fast_boat_does_not_jump():
    assert run([Ship(sog_kn=45.0, every_s=30.0)]).versions == []


# -- change of MMSI -------------------------------------------------------------------------------

OLD = Ship(sog_kn=12.0, cog=70.0, to_s=HOUR)
NEW = OLD.but(mmsi=412_999_999, from_s=HOUR + 120, to_s=2 * HOUR)


def test_a_track_that_goes_on_under_another_mmsi_is_told_of():
    told = run([OLD, NEW])
    (alert,) = told.versions
    assert (alert.kind, alert.priority) == ("mmsi_change", WARNING)
    assert (alert.facts["old_mmsi"], alert.facts["new_mmsi"]) == (412_000_001, 412_999_999)
    assert alert.facts["gap_s"] == 130
    assert alert.facts["static"] == "fits"
    assert seconds(alert.start_us) == HOUR + 120
    assert alert.things[0].startswith("vessel:412999999-")


def test_the_same_name_is_said_and_another_length_is_another_ship():
    said = {"name": b"YUE XIA YU", "to_bow_m": 20.0, "to_stern_m": 10.0}
    same = [static(60, **said), static(HOUR + 130, mmsi=412_999_999, **said)]
    assert run([OLD, NEW], statics=same).versions[0].facts["static"] == "same"
    other = [static(60, **said), static(HOUR + 130, mmsi=412_999_999, **said | {"to_bow_m": 60.0})]
    assert run([OLD, NEW], statics=other).versions == []
    types = [static(60, ship_type=30), static(HOUR + 130, mmsi=412_999_999, ship_type=80)]
    assert run([OLD, NEW], statics=types).versions == []


def test_no_change_of_mmsi():
    for ships in (
        [OLD.but(to_s=2 * HOUR), NEW],  # the old goes on
        [OLD, NEW.but(to_s=HOUR + 150)],  # the new is not heard on
        [OLD, NEW.but(kind=CLASS_B, msg_type=18)],  # another class of set
        [OLD.but(sog_kn=0.3), NEW.but(sog_kn=0.3)],  # in port anybody begins there
        [NEW],
    ):
        assert run(ships).versions == [], ships


# -- numbers and static data ----------------------------------------------------------------------


def test_a_bad_mmsi_is_told_of_once():
    told = run([Ship(mmsi=123_456_789, flags=FLAG_BAD_MMSI, to_s=HOUR)])
    (alert,) = told.versions
    assert (alert.kind, alert.priority, alert.facts["mmsi"]) == ("bad_mmsi", CAUTION, 123_456_789)


def test_a_bad_imo_number_is_told_of_once():
    statics = [static(t, imo=9074728, name=b"N%d" % t) for t in (60, 420, 780)]
    told = run([ALPHA], statics=statics)
    (alert,) = told.versions
    assert (alert.kind, alert.priority, alert.facts["imo"]) == ("bad_imo", CAUTION, 9074728)
    assert alert.evidence == (int(told.fuse.fleet.static_obs_id[0]) - 2,)


def test_one_imo_number_on_two_ships_at_once_is_one_alert_while_both_are_heard():
    other = Ship(mmsi=412_000_002, lat=19.0, to_s=HOUR)
    statics = [static(60, imo=9074729), static(90, mmsi=412_000_002, imo=9074729)]
    told = run([ALPHA, other], 3 * HOUR, statics=statics)
    assert [f.kind for f in told.versions] == ["static_conflict"] * 2
    assert told.versions[0].facts == {"imo": 9074729, "vessels": 2}
    assert told.versions[0].priority == WARNING
    assert len(told.versions[0].evidence) == 2
    assert seconds(told.versions[1].end_us) == HOUR - 10


def test_a_ship_that_changed_its_mmsi_long_ago_is_no_conflict():
    first, second = ALPHA.but(to_s=600), Ship(mmsi=412_000_002, lat=19, from_s=HOUR, to_s=2 * HOUR)
    statics = [static(60, imo=9074729), static(HOUR + 60, mmsi=412_000_002, imo=9074729)]
    assert run([first, second], statics=statics).versions == []


@pytest.mark.parametrize(
    ("field", "a", "b"),
    [
        ("name", {"name": b"ALPHA"}, {"name": b"BRAVO"}),
        ("call_sign", {"call_sign": b"AAA"}, {"call_sign": b"BBB"}),
        (
            "dimensions",
            {"to_bow_m": 10.0, "to_stern_m": 5.0},
            {"to_bow_m": 90.0, "to_stern_m": 30.0},
        ),
    ],
)
def test_a_field_that_goes_to_and_fro(field, a, b):
    once = [static(60, **a), static(120, **b)]
    back = [static(180, **a)]
    assert run([ALPHA], statics=once + back).versions == []
    told = run([ALPHA], statics=[*once, *back, static(240, **b)])
    (alert,) = told.alerts
    assert (alert.kind, alert.priority) == ("static_conflict", CAUTION)
    assert (alert.facts["field"], alert.facts["changes"]) == (field, 3)
    assert alert.facts["before"] != alert.facts["now"]
    many = [static(60 * k, **(a if k % 2 else b)) for k in range(1, 61)]
    told = run([ALPHA], statics=many)
    assert len(told.alerts) == 1
    assert len(told.versions) == 5  # at 2, 4, 8, 16, 32 goings back


# -- each limit from both sides: no at 0.9, yes at 1.1 --------------------------------------------


def clash_positions(s, f):
    few = TWIN.but(every_s=100.0, to_s=5 + 100.0 * (9 if f < 1 else 11))
    return kinds(run([ALPHA, few], settings=s))["clash"] == 1


def clash_overlap(s, f):
    return kinds(run([ALPHA, TWIN.but(to_s=5 + 600 * f + 10)], settings=s))["clash"] == 1


def jump_m(s, f):
    return kinds(run([jumping(f * NM, every_s=11.0)], settings=s))["jump"] == 1


def jumps_many(s, f):
    # Each time 8 n mile on, never back: 4 or 5 jumps.
    told = run([jumping(*(8 * NM * k for k in range(1, 5 if f < 1 else 6)))], 3 * HOUR, s)
    return told.alerts[0].priority == WARNING


def quiet_s(s, f):
    p = jumping(8 * NM, *([0.0] * 40), every_s=120.0)
    again = round(f * HOUR / 120)
    p.lat_deg[6 + again] += 8 * NM / M_PER_DEG
    return kinds(run([p], 4 * HOUR, s))["jump"] == 2


def change_base(s, f):
    new = NEW.but(from_s=HOUR, lat=18.0 + (10.0 + f * 150.0) / M_PER_DEG, cog=90.0)
    return kinds(run([OLD.but(cog=90.0), new], settings=s))["mmsi_change"] == 0


def change_mps(s, f):
    # 800 s later: 150 m and f * 1 m/s beside.
    new = NEW.but(from_s=HOUR + 790, lat=18.0 + (150.0 + f * 800.0) / M_PER_DEG, cog=90.0)
    return kinds(run([OLD.but(cog=90.0), new], settings=s))["mmsi_change"] == 0


def change_gap(s, f):
    return kinds(run([OLD, NEW.but(from_s=HOUR - 10 + f * 900)], settings=s))["mmsi_change"] == 0


def change_min(s, f):
    slow = 2.0 * (2.0 - f)
    ships = [OLD.but(sog_kn=slow), NEW.but(sog_kn=slow)]
    return kinds(run(ships, settings=s))["mmsi_change"] == 0


def meets(old: Ship, sog_kn: float, cog: float) -> Ship:
    """A ship of that speed and course whose line meets the old one's at the change."""
    new = NEW.but(from_s=HOUR, sog_kn=sog_kn, cog=cog)
    lon, lat = old.at(np.array([HOUR]))
    at_lon, at_lat = new.at(np.array([HOUR]))
    return new.but(lon=new.lon + float(lon[0] - at_lon[0]), lat=new.lat + float(lat[0] - at_lat[0]))


def change_speed(s, f):
    return kinds(run([OLD, meets(OLD, 12.0 + 2.0 * f, 70.0)], settings=s))["mmsi_change"] == 0


def change_course(s, f):
    return kinds(run([OLD, meets(OLD, 12.0, 70.0 + 20.0 * f)], settings=s))["mmsi_change"] == 0


def change_length(s, f):
    statics = [
        static(60, to_bow_m=50.0, to_stern_m=0.0),
        static(HOUR + 130, mmsi=412_999_999, to_bow_m=50.0 + f * 3.0, to_stern_m=0.0),
    ]
    return kinds(run([OLD, NEW], settings=s, statics=statics))["mmsi_change"] == 0


def change_old_positions(s, f):
    old = OLD.but(every_s=120.0, from_s=HOUR - 120.0 * (18 if f < 1 else 22), to_s=HOUR)
    return kinds(run([old, NEW], settings=s))["mmsi_change"] == 1


def change_confirm(s, f):
    again = OLD.but(from_s=HOUR + 120 + f * 300, to_s=HOUR + 120 + f * 300 + 5)
    return kinds(run([OLD, NEW, again], settings=s))["mmsi_change"] == 1


def flips(s, f):
    names = [b"A", b"B", b"A", b"B"][: 3 if f < 1 else 4]
    statics = [static(60 * k + 60, name=n) for k, n in enumerate(names)]
    return bool(run([ALPHA], settings=s, statics=statics).versions)


def flips_s(s, f):
    ship = ALPHA.but(to_s=8 * HOUR, every_s=60.0)
    times = (60.0, 120.0, 180.0, 180.0 + f * 6 * HOUR)
    statics = [static(t, name=n) for t, n in zip(times, (b"A", b"B", b"A", b"B"), strict=True)]
    return not run([ship], 8 * HOUR, s, statics).versions


def together(s, f):
    other = Ship(mmsi=412_000_002, lat=19.0, to_s=605)
    statics = [static(60, mmsi=412_000_002, imo=9074729), static(600 + f * 1800, imo=9074729)]
    return not run([ALPHA, other], settings=s, statics=statics).versions


CASES = {
    "clash_positions": clash_positions,
    "clash_overlap_s": clash_overlap,
    "jump_m": jump_m,
    "jumps_many": jumps_many,
    "quiet_s": quiet_s,
    "change_gap_s": change_gap,
    "change_base_m": change_base,
    "change_mps": change_mps,
    "change_min_mps": change_min,
    "change_speed_mps": change_speed,
    "change_course_deg": change_course,
    "change_length_m": change_length,
    "change_old_positions": change_old_positions,
    "change_confirm_s": change_confirm,
    "flips": flips,
    "flips_s": flips_s,
    "together_s": together,
}


@pytest.mark.parametrize("name", CASES)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(name):
    case = CASES[name]
    assert [case(COASTAL, 0.9), case(COASTAL, 1.1)] == [False, True]
    for factor in (0.8, 1.25):
        value = getattr(COASTAL, name) * factor
        if isinstance(getattr(COASTAL, name), int):  # whole numbers move by one at least
            value = round(value + 2 * (factor - 1))
        s = replace(COASTAL, **{name: value})
        assert [case(s, 0.9), case(s, 1.1)] != [False, True], factor


def test_every_limit_has_a_case():
    limits = {f.name for f in fields(IdentitySettings) if not f.name.endswith("_priority")}
    assert limits == set(CASES)


# -- laws -----------------------------------------------------------------------------------------


def test_run_b_after_run_a_is_run_b():
    b = [OLD, NEW, ALPHA.but(mmsi=412_000_005), TWIN.but(mmsi=412_000_005)]
    alone = run(b).versions
    run([ALPHA, TWIN, jumping(8 * NM)], statics=[static(60, imo=9074728)])
    assert run(b).versions == alone
    assert Counter(f.kind for f in alone) == {"clash": 1, "mmsi_change": 1}


def test_the_state_survives_a_checkpoint():
    told = run([ALPHA, TWIN], statics=[static(60, name=b"A")])
    again = unpack(pack(told.state), DETECTOR.start(COASTAL, FakeWorld()))
    assert again.open == told.state.open
    assert list(again.open) == ["clash 412000001"]
    np.testing.assert_array_equal(again.now, told.state.now)


def test_sentences():
    def said(told, lang):
        alert = told.versions[0]
        names = {t: f"SHIP {chr(65 + i)}" for i, t in enumerate(alert.things)}
        return DETECTOR.sentence(alert, names, lang)

    clash = run([ALPHA, TWIN])
    assert said(clash, "en") == (
        "2 vessels use MMSI 412000001 at once: SHIP A and SHIP B, 60.0 n mile apart"
    )
    assert said(clash, "zh") == "2艘船同时使用MMSI 412000001：SHIP A与SHIP B相距60.0海里"
    changed = run([OLD, NEW])
    assert "MMSI changed under way: 412000001 ended and after 2 min 412999999" in said(
        changed, "en"
    )
    assert "疑似更换MMSI" in said(changed, "zh")
    jump = run([jumping(8 * NM)])
    assert said(jump, "en") == (
        "SHIP A jumped once, up to 8.0 n mile (240 kn): positions not to be trusted"
    )
    assert "船位跳变" in said(jump, "zh")
    bad = run([ALPHA], statics=[static(60, imo=9074728)])
    assert said(bad, "en") == "SHIP A claims IMO number 9074728, which cannot be (check digit)"
