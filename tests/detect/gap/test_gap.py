"""Silences: which are told of, when, and what explains them away."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from littoral.detect.gap import DETECTOR
from littoral.detect.gap.settings import COASTAL, GFW, GapSettings
from littoral.schema.ais import ATON, CLASS_B, SAR_AIRCRAFT
from littoral.schema.batch import Outage
from littoral.schema.finding import CAUTION, WARNING
from littoral.schema.state import pack, unpack
from tests.fuse.scene import (
    SECOND_US,
    T0_US,
    Coast,
    FakeWorld,
    Place,
    Ship,
    gather,
    seconds,
    static,
    watch,
)

HOUR = 3600.0
NM = 1852.0


class Heard:
    """A place where a silence of `s` seconds happens by chance once in exp(s / mean_s)."""

    def __init__(self, mean_s: float = 100.0, per_day: float = 500.0, share: float = 0.001) -> None:
        self.mean_s, self.per_day, self.share = mean_s, per_day, share

    def silent_share(self, lon, lat, kind, silence_s):
        return np.full(len(lon), self.share)

    def survival(self, lon, lat, kind, silence_s):
        return np.exp(-np.asarray(silence_s) / self.mean_s)

    def positions_per_day(self, lon, lat):
        return np.full(len(lon), self.per_day)


KNOWN = FakeWorld(reception=Heard())
# Others go on being heard near by, but far enough to be others.
NEIGHBOUR = Ship(mmsi=412_000_777, lat=18.02, sog_kn=0.5, to_s=90 * HOUR, every_s=60.0)
BOAT = Ship(sog_kn=8.0, to_s=2 * HOUR, every_s=30.0)


def run(ships, to_s, settings=COASTAL, world=KNOWN, statics=(), outages=()):
    return watch(
        DETECTOR, gather([s.reports() for s in ships], statics), to_s, settings, world,
        outages=lambda a, b: tuple(o for o in outages if o.start_us < b), quiet_s=600.0,
    )  # fmt: skip


def gaps(told, mmsi=412_000_001):
    return [f for f in told.alerts if f":{mmsi}-" in f.things[0]]


def told_after(told) -> float | None:
    """Seconds of silence after which it was first told of."""
    first = [f for f in told.versions if ":412000001-" in f.things[0]][:1]
    return (first[0].updated_us - first[0].start_us) / SECOND_US if first else None


def outage(station: int, from_s: float, to_s: float | None, planned: bool = False) -> Outage:
    end = None if to_s is None else T0_US + round(to_s * SECOND_US)
    return Outage(station, "abc"[station], T0_US + round(from_s * SECOND_US), end, planned)


def test_a_class_a_vessel_is_told_of_at_its_due_time():
    told = run([BOAT], 3 * HOUR)
    (alert,) = told.alerts
    assert alert.kind == "gap"
    assert seconds(alert.start_us) == 2 * HOUR - 30  # the last position
    assert told_after(told) == 1800.0
    assert (alert.priority, alert.end_us) == (WARNING, None)
    assert alert.facts["reception"] == "known"
    # exp(-1800 / 100) by hand
    assert told.versions[0].facts["chance"] == pytest.approx(1.523e-8, abs=1e-9)
    assert alert.facts["shore_m"] == 20_000.0
    assert alert.evidence == (int(told.fuse.fleet.last_obs_id[0]),)


def test_it_is_told_again_when_the_silence_has_doubled_and_once_more_when_it_ends():
    back = BOAT.but(from_s=4 * HOUR, to_s=4 * HOUR + 60)
    told = run([BOAT, back], 5 * HOUR)
    assert [round((f.updated_us - f.start_us) / 60e6) for f in told.versions] == [30, 60, 120, 120]
    end = told.versions[-1]  # 30 s after the third time
    assert seconds(end.end_us) == 4 * HOUR
    assert end.facts["silence_s"] == 7230
    # 8 kn for 7230 s on a straight line: 8 * 1852 / 3600 * 7230 = 29,755 m.
    assert end.facts["distance_m"] == pytest.approx(29_755, rel=2e-3)
    assert end.facts["mean_speed_mps"] == pytest.approx(4.116, rel=2e-3)
    assert len(end.evidence) == 2
    assert len({f.alert_id() for f in told.versions}) == 1
    assert not len(told.state.open_whole)


def test_a_return_after_days_is_a_new_track_and_ends_it_all_the_same():
    back = BOAT.but(from_s=40 * HOUR, to_s=40 * HOUR + 60)
    told = run([BOAT, back], 40.2 * HOUR)
    (alert,) = gaps(told)
    assert told.fuse.fleet.count == 2
    assert seconds(alert.end_us) == 40 * HOUR
    assert alert.facts["new_track"] is True


def test_a_net_beacon_under_its_number_is_not_the_vessel_come_back():
    beacon = BOAT.but(
        lat=21.0,
        sog_kn=0.5,
        kind=CLASS_B,
        msg_type=18,
        from_s=5 * HOUR,
        to_s=9 * HOUR,
        every_s=180.0,
    )  # 180 n mile away: another track from the first report on
    name = static(5 * HOUR + 1, name=b"NET MARK-85%", msg_type=24, kind=CLASS_B)
    told = run([BOAT, NEIGHBOUR, beacon], 9 * HOUR, statics=[name])
    (gap,) = gaps(told)
    assert gap.end_us is None


def test_a_net_beacon_that_has_said_its_name_late_is_not_silent():
    """Under a ship's number it is a vessel until then, and heard all the same from then on."""
    net = BOAT.but(
        sog_kn=1.5, kind=CLASS_B, msg_type=18, nav_status=-1, every_s=120.0, to_s=40 * HOUR
    )
    name = static(2 * HOUR, name=b"WANG 07-85%", msg_type=24, kind=CLASS_B)
    assert gaps(run([net, NEIGHBOUR], 40 * HOUR, statics=[name])) == []
    (gap,) = gaps(run([net.but(to_s=2 * HOUR), NEIGHBOUR], 40 * HOUR))
    assert gap.end_us is None


def test_an_outage_of_all_its_receivers_explains_a_silence():
    end = 2 * HOUR - 30
    for outages, expected in (
        ((), 1800),
        ((outage(0, end + 10, None),), None),  # still out
        ((outage(0, end + 10, end + 1810),), 1800 + 1800),  # out for half an hour
        ((outage(0, end + 10, end + 910), outage(0, end + 910, end + 1810)), 1800 + 1800),
        ((outage(1, end + 10, None),), 1800),  # another receiver
        ((outage(0, end + 10, None, planned=True),), None),
        ((outage(0, end - 600, end - 60),), 1800),  # over before
    ):
        told = run([BOAT], 5 * HOUR, outages=outages)
        assert told_after(told) == expected, outages


def test_behind_a_long_outage_the_vessel_is_no_longer_where_it_was_heard():
    """At 8 kn it has gone 8 n mile in an hour: reception is not known. At anchor it is."""
    end = 2 * HOUR - 30
    hour = (outage(0, end + 10, end + 3610),)
    told = run([BOAT, NEIGHBOUR.but(station=1, lat=18.15)], 6 * HOUR, outages=hour)
    assert told_after(told) == 3600 + 6 * 1800
    assert gaps(told)[0].facts["reception"] == "unknown"
    anchored = BOAT.but(nav_status=1, sog_kn=0.1)
    told = run([anchored], 10 * HOUR, outages=(outage(0, end + 10, end + 7210),))
    assert told_after(told) == 6 * HOUR + 7200
    assert told.alerts[0].facts["reception"] == "known"


def test_while_one_of_its_receivers_hears_nothing_is_explained():
    # Heard by both receivers in turn, so both must be out.
    both = [BOAT, BOAT.but(from_s=15.0, station=1)]
    end = 2 * HOUR - 15
    assert told_after(run(both, 4 * HOUR, outages=(outage(0, end + 5, None),))) == 1800
    two = (outage(0, end + 5, None), outage(1, end + 305, end + 2105))
    assert told_after(run(both, 4 * HOUR, outages=two)) == 1800 + 1800


def test_a_receiver_far_off_that_hears_it_now_and_then_does_not_bear_witness_against_it():
    """Its own receiver falls silent; for a while another hears one report in ten minutes, then it
    is out of that one's reach: nothing but the outage stands behind the silence."""
    faint = BOAT.but(from_s=2 * HOUR, to_s=2 * HOUR + 1801, every_s=600.0, station=1)
    begin, end = 2 * HOUR - 10, 2 * HOUR + 1800
    back = BOAT.but(from_s=end + 3700, to_s=end + 7200)
    ships = [BOAT, faint, back]
    assert told_after(run(ships, 4 * HOUR)) == 1800
    assert run(ships, 4 * HOUR, outages=(outage(0, begin, end + 3700),)).alerts == []
    # The outage ends and it stays silent: told when half an hour has passed that counts.
    assert told_after(run(ships[:2], 4 * HOUR, outages=(outage(0, begin, end + 600),))) == 2400


def test_where_few_vessels_were_heard_reception_is_not_known():
    world = FakeWorld(reception=Heard(share=np.nan))
    told = run([BOAT.but(sog_kn=1.5), NEIGHBOUR], 9 * HOUR, world=world)
    assert told_after(told) == 3 * 1800
    assert (gaps(told)[0].facts["reception"], gaps(told)[0].facts["chance"]) == ("unknown", None)


def test_two_thousand_dark_ships_are_one_dead_feed():
    ships = [BOAT.but(mmsi=412_001_000 + k, lat=10 + 0.005 * k, every_s=600.0) for k in range(2000)]
    s = replace(COASTAL, min_positions=5, own_means=0.0)
    assert len(run(ships, 4 * HOUR, s).alerts) == 2000
    assert run(ships, 4 * HOUR, s, outages=(outage(0, 2 * HOUR - 500, None),)).alerts == []


def test_who_is_not_judged():
    jumpy = BOAT.reports()
    jumpy.lat_deg[-1] += 0.05
    in_port = FakeWorld(reception=Heard(), ports=(Place(110.0, 18.0, 60_000.0),))
    for kind in (ATON, SAR_AIRCRAFT):
        assert run([BOAT.but(kind=kind)], 30 * HOUR).alerts == []
    assert run([BOAT], 30 * HOUR, world=in_port).alerts == []
    assert watch(DETECTOR, gather([jumpy]), 9 * HOUR, COASTAL, KNOWN).alerts == []
    # Its MMSI is heard on another track: a matter for `identity`.
    twin = BOAT.but(lat=21.0, to_s=9 * HOUR)
    assert run([BOAT, twin], 8 * HOUR).alerts == []


def test_longer_for_the_moored_for_class_b_and_for_fishing_boats():
    for ship, statics, expected in (
        (BOAT.but(nav_status=1), (), 6 * HOUR),
        (BOAT.but(nav_status=5), (), 6 * HOUR),
        (BOAT.but(sog_kn=0.9), (), 6 * HOUR),
        (BOAT.but(sog_kn=1.1), (), 0.5 * HOUR),
        (BOAT.but(kind=CLASS_B, msg_type=18, nav_status=-1), (), 1 * HOUR),
        (BOAT, (static(60, ship_type=30),), 1 * HOUR),
        (BOAT, (static(60, ship_type=70),), 0.5 * HOUR),
    ):
        told = run([ship], 10 * HOUR, statics=statics)
        assert told_after(told) == expected
        assert told.alerts[0].priority == (CAUTION if expected == 6 * HOUR else WARNING)


def test_a_place_heard_badly_is_given_time():
    # exp(-s / 600) is below 0.001 from 4145 s on: looked at every 5 min, so after 4200 s.
    assert told_after(run([BOAT], 9 * HOUR, world=FakeWorld(reception=Heard(600.0)))) == 4200
    # exp(-s / 2000): 0.01 from 9211 s on, more than 3 * 1800 s.
    assert told_after(run([BOAT], 9 * HOUR, world=FakeWorld(reception=Heard(2000.0)))) == 9300
    assert run([BOAT], 9 * HOUR, world=FakeWorld(reception=Heard(1e5))).alerts == []


def test_where_reception_is_unknown_time_alone_decides_and_says_so():
    world = FakeWorld()
    told = run([BOAT.but(sog_kn=1.5), NEIGHBOUR], 9 * HOUR, world=world)
    assert told_after(told) == 3 * 1800
    assert gaps(told)[0].facts["reception"] == "unknown"
    assert (gaps(told)[0].facts["chance"], gaps(told)[0].priority) == (None, CAUTION)
    assert told_after(run([BOAT.but(sog_kn=1.5)], 9 * HOUR, world=world)) == 6 * 1800
    for ring, count in ((0, 1), (3, 1), (4, 0), (-1, 0)):
        assert len(run([BOAT.but(ring=ring)], 9 * HOUR, world=world).alerts) == count


def test_a_neighbour_heard_only_before_the_silence_is_none():
    early = NEIGHBOUR.but(to_s=2 * HOUR)
    told = run([BOAT.but(sog_kn=1.5), early], 9 * HOUR, world=FakeWorld())
    assert told_after(told) == 6 * 1800


# -- each limit from both sides -------------------------------------------------------------------


def silence_case(ship, need_s, world=KNOWN, others=()):
    """Silent for f times the time that counts, then back: told or not."""

    def case(s, f):
        back_s = float(ship.reports().t_us[-1] - T0_US) / SECOND_US + f * need_s
        back = ship.but(from_s=back_s, to_s=back_s + 30)
        return bool(gaps(run([ship, back, *others], back_s + 60, s, world)))

    return case


def own_means(s, f):
    # Reports every 6 min: 20 means are 2 h.
    slow = BOAT.but(every_s=360.0, to_s=12 * HOUR)
    return silence_case(slow, 2 * HOUR)(s, f)


def min_positions(s, f):
    return bool(run([BOAT.but(every_s=110.0, to_s=110.0 * round(20 * f))], 5 * HOUR, s).alerts)


def min_age(s, f):
    return bool(run([BOAT.but(to_s=1800 * f + 30)], 5 * HOUR, s).alerts)


def survival_max(s, f):
    # At 1800 s the chance is 0.001 / f.
    world = FakeWorld(reception=Heard(1800 / np.log(f / 0.001)))
    return told_after(run([BOAT], 2 * HOUR + 1900, s, world)) is not None


def weak_survival_max(s, f):
    # At 5400 s, three times as long, the chance is 0.01 / f.
    world = FakeWorld(reception=Heard(5400 / np.log(f / 0.01)))
    return told_after(run([BOAT], 2 * HOUR + 5500, s, world)) is not None


def silent_share_max(s, f):
    world = FakeWorld(reception=Heard(share=0.05 / f))
    return told_after(run([BOAT], 3 * HOUR, s, world)) is not None


def main_positions(s, f):
    # Its receiver falls silent and another hears it round(40 f) times.
    heard = BOAT.but(from_s=2 * HOUR, to_s=2 * HOUR + 30 * round(40 * f), station=1)
    outages = (outage(0, 2 * HOUR - 10, None),)
    return bool(gaps(run([BOAT, heard], 4 * HOUR, s, outages=outages)))


def near_by(s, f):
    boat = BOAT.but(sog_kn=1.5)
    end_lon, end_lat = boat.at(np.array([7170.0]))
    other = NEIGHBOUR.but(
        sog_kn=0.0, lon=float(end_lon[0]), lat=float(end_lat[0]) + f * 10_000 / 111_194.9
    )
    return not gaps(run([boat, other], 2 * HOUR + 3.2 * 1800, s, FakeWorld()))


def stationary_mps(s, f):
    return not run([BOAT.but(sog_kn=2.0 - f)], 2 * HOUR + 2400, s).alerts


def ring_max(s, f):
    return not run([BOAT.but(ring=3 if f < 1 else 4)], 9 * HOUR, s, FakeWorld()).alerts


ADRIFT = BOAT.but(nav_status=1)
COASTAL_CASES = {
    "class_a_s": silence_case(BOAT, 1800),
    "class_b_s": silence_case(BOAT.but(kind=CLASS_B, msg_type=18), 3600),
    "stationary_s": silence_case(ADRIFT, 6 * HOUR),
    "stationary_mps": stationary_mps,
    "own_means": own_means,
    "min_positions": min_positions,
    "min_age_s": min_age,
    "survival_max": survival_max,
    "weak_survival_max": weak_survival_max,
    "silent_share_max": silent_share_max,
    "main_positions": main_positions,
    "unknown_factor": silence_case(BOAT.but(sog_kn=1.5), 3 * 1800, FakeWorld(), (NEIGHBOUR,)),
    "alone_factor": silence_case(BOAT, 6 * 1800, FakeWorld()),
    "near_by_m": near_by,
    "unknown_ring_max": ring_max,
}


def fishing(s, f):
    back_s = 2 * HOUR - 30 + f * 3600
    ships = [BOAT, BOAT.but(from_s=back_s, to_s=back_s + 30)]
    return bool(run(ships, back_s + 60, s, statics=[static(60, ship_type=30)]).alerts)


COASTAL_CASES["fishing_s"] = fishing

FAR = FakeWorld(coast=Coast(60 * NM))
TANKER = BOAT.but(every_s=600.0, to_s=4 * HOUR)


def off_shore(s, f):
    return bool(run([TANKER], 20 * HOUR, s, FakeWorld(coast=Coast(f * 50 * NM))).alerts)


def per_day(s, f):
    world = FakeWorld(coast=Coast(60 * NM), reception=Heard(per_day=f * 10.0))
    return bool(run([TANKER], 20 * HOUR, s, world).alerts)


def before_positions(s, f):
    ship = TANKER.but(to_s=600.0 * (13 if f < 1 else 15))
    return bool(run([ship], 20 * HOUR, s, FAR).alerts)


def before_s(s, f):
    # 13 positions at the end and one more f * 12 h before the last.
    last = 20 * HOUR
    few = TANKER.but(from_s=last - 12 * 600, to_s=last + 1)
    one = TANKER.but(from_s=last - f * 12 * HOUR, to_s=last - f * 12 * HOUR + 1)
    return not run([one, few], 34 * HOUR, s, FAR).alerts


GFW_CASES = {
    "class_a_s": silence_case(TANKER, 12 * HOUR, FAR),
    "class_b_s": silence_case(TANKER.but(kind=CLASS_B, msg_type=18), 12 * HOUR, FAR),
    "off_shore_m": off_shore,
    "min_per_day": per_day,
    "before_positions": before_positions,
    "before_s": before_s,
}
ALL = [("coastal", n) for n in COASTAL_CASES] + [("gfw", n) for n in GFW_CASES]


@pytest.mark.parametrize(("profile", "name"), ALL)
def test_both_sides_of_each_limit_and_a_moved_one_is_noticed(profile, name):
    base = {"coastal": COASTAL, "gfw": GFW}[profile]
    case = {"coastal": COASTAL_CASES, "gfw": GFW_CASES}[profile][name]
    assert [case(base, 0.9), case(base, 1.1)] == [False, True]
    for factor in (0.8, 1.25):
        value = getattr(base, name) * factor
        moved = round(value + (factor - 1)) if isinstance(getattr(base, name), int) else value
        s = replace(base, **{name: moved})
        assert [case(s, 0.9), case(s, 1.1)] != [False, True], factor


def test_every_limit_of_the_coastal_profile_has_a_case():
    off = {f.name for f in fields(GapSettings) if not getattr(COASTAL, f.name)}
    named = {f.name for f in fields(GapSettings) if f.name.endswith("_priority")}
    every = {f.name for f in fields(GapSettings)}
    assert every - off - named - set(COASTAL_CASES) == {"before_s"}
    assert off == {"ports_judged", "off_shore_m", "min_per_day", "before_positions"}


# -- Global Fishing Watch's definition ------------------------------------------------------------


def test_gfw_definition_with_its_stand_ins():
    told = run([TANKER], 20 * HOUR, GFW, FAR)
    (alert,) = told.alerts
    assert told_after(told) == 12 * HOUR
    assert (alert.facts["reception"], alert.facts["positions_before"]) == ("unknown", 14)
    assert alert.facts["shore_m"] == round(60 * NM)


@pytest.mark.parametrize(
    ("positions", "span_s", "alerts"),
    [(14, 12 * HOUR, 1), (14, 12 * HOUR + 13, 0), (14, 11.9 * HOUR, 1), (13, 11.9 * HOUR, 0)],
)
@pytest.mark.parametrize("phase_s", [0.0, 290.0, 599.0])
def test_gfw_counts_the_twelve_hours_to_the_second(positions, span_s, alerts, phase_s):
    """Both ends count, as in the published query: BETWEEN off - 12 hours AND off."""
    every_s = span_s / (positions - 1)
    ship = TANKER.but(from_s=phase_s, every_s=every_s, to_s=phase_s + span_s + 1)
    assert len(ship.reports()) == positions
    assert len(run([ship], 30 * HOUR, GFW, FAR).alerts) == alerts


def test_where_no_shore_is_known_gfw_is_not_evaluable():
    told = run([TANKER], 20 * HOUR, GFW, FakeWorld(coast=Coast(np.nan)))
    assert told.alerts == []
    assert told.state.not_evaluable == 1


# -- laws -----------------------------------------------------------------------------------------


def test_run_b_after_run_a_is_run_b():
    b = [BOAT, NEIGHBOUR.but(to_s=HOUR), BOAT.but(from_s=4 * HOUR, to_s=4.2 * HOUR)]
    alone = run(b, 8 * HOUR).versions
    run([BOAT.but(lat=19.0)], 8 * HOUR, GFW, FAR)
    assert run(b, 8 * HOUR).versions == alone
    assert len(alone) >= 4


def test_the_state_survives_a_checkpoint():
    told = run([BOAT], 3 * HOUR)
    again = unpack(pack(told.state), DETECTOR.start(COASTAL, KNOWN))
    np.testing.assert_array_equal(again.open_whole, told.state.open_whole)
    assert len(again.open_whole) == 1


def test_sentences():
    back = BOAT.but(from_s=4 * HOUR, to_s=4 * HOUR + 60)
    told = run([BOAT, back], 5 * HOUR)
    thing = told.versions[0].things[0]
    names = {thing: "QIONG LIN YU 01"}
    assert DETECTOR.sentence(told.versions[0], names, "en") == (
        "QIONG LIN YU 01 without AIS for more than 30 min, last at 8.0 kn, 10.8 n mile off shore; "
        "a vessel heard there goes unheard so long by chance once in 1,000,000 times or less"
    )
    assert DETECTOR.sentence(told.versions[0], names, "zh") == (
        "QIONG LIN YU 01已超过30分钟没有AIS信号，当时航速8.0节，离岸10.8海里；"
        "该处接收正常时，如此久收不到的机会不到1000000分之一"
    )
    assert DETECTOR.sentence(told.versions[-1], names, "en") == (
        "QIONG LIN YU 01 is heard again after 2.0 h without AIS, 16.1 n mile from before"
    )
    unknown = run([BOAT.but(sog_kn=1.5)], 9 * HOUR, world=FakeWorld()).versions[0]
    assert "reception there is not known" in DETECTOR.sentence(unknown, {}, "en")
    assert "接收情况未知" in DETECTOR.sentence(unknown, {}, "zh")
