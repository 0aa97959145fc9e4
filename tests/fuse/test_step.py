"""What the step keeps, drops, attaches and remembers."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.fuse import start, step
from littoral.fuse.keep import MOST_PENDING
from littoral.schema.ais import ATON, BASE, Observations, Positions, Statics, Texts
from littoral.schema.fleet import FLEET_COLUMNS
from littoral.schema.state import clone, pack, unpack
from tests.fuse.scene import SECOND_US, T0_US, Ship, gather, in_order, static, text, track


def rows_of(rows) -> list[tuple]:
    """As plain tuples, NaN comparable."""
    names = rows.TABLE.names()
    return [tuple(repr(getattr(rows, n)[i]) for n in names) for i in range(len(rows))]


def fleet_of(state) -> dict[str, list]:
    n = state.fleet.count
    return {name: list(map(repr, getattr(state.fleet, name)[:n])) for name, *_ in FLEET_COLUMNS}


# -- positions ------------------------------------------------------------------------------------


def test_positions_without_coordinates_and_base_stations_are_left_out():
    p = Ship(to_s=50.0).reports()
    p.lon_deg[1] = np.nan
    p.lat_deg[2] = np.nan
    base = Ship(mmsi=4_120_001, kind=BASE, msg_type=4, to_s=50.0).reports()
    aton = Ship(mmsi=994_120_001, kind=ATON, msg_type=21, sog_kn=0.0, to_s=200.0, every_s=180.0)
    state, kept, *_ = track(gather([p, base, aton.reports()]))
    assert sorted(kept.mmsi.tolist()) == [412_000_001] * 3 + [994_120_001] * 2
    assert state.fleet.count == 2
    assert state.fleet.kind[: state.fleet.count].tolist() == [0, ATON]


def test_one_report_heard_by_three_receivers_is_one_and_all_three_are_remembered():
    p = Ship(to_s=100.0).reports()
    copies = []
    for station, late_s in ((1, 0.0), (2, 1.5), (63, 4.0)):
        c = p.take(slice(None))
        c.t_us = p.t_us + round(late_s * SECOND_US)
        c.station = np.full(len(p), station, np.int16)
        copies.append(c)
    state, kept, *_ = track(gather(copies))
    assert len(kept) == len(p) == 10
    assert kept.station.tolist() == [1] * 10
    assert int(state.fleet.stations[0]) == 1 << 1 | 1 << 2 | 1 << 63
    assert int(state.fleet.positions[0]) == 10


def test_a_moored_vessel_that_says_the_same_every_three_minutes_is_heard_each_time():
    moored = Ship(sog_kn=0.0, every_s=180.0, to_s=3600.0, nav_status=5)
    assert len(track(gather([moored.reports()]))[1]) == 20


@pytest.mark.parametrize("field", ["sog_mps", "cog_deg", "heading_deg", "rot_degpm"])
def test_another_value_is_no_repeat(field):
    p = Positions.concat([Ship(to_s=1.0).reports(), Ship(to_s=1.0).reports()])
    p.t_us[1] += SECOND_US
    getattr(p, field)[1] = 3.0
    assert len(track(gather([p]))[1]) == 2


def test_the_input_is_not_changed():
    o = gather([Ship().reports()], [static(5, name=b"A")])
    before = rows_of(o.positions), rows_of(o.statics)
    track(o)
    assert (rows_of(o.positions), rows_of(o.statics)) == before


def test_the_fleet_shows_the_last_position():
    o = gather([Ship(to_s=95.0, cog=45.0, nav_status=7, ring=3, station=4).reports()])
    state, kept, *_ = track(o)
    f = state.fleet
    assert (f.count, int(f.positions[0]), int(f.first_us[0])) == (1, 10, T0_US)
    assert int(f.last_us[0]) == T0_US + 90 * SECOND_US
    assert int(f.last_obs_id[0]) == int(o.positions.obs_id[-1])
    assert (f.lon_deg[0], f.lat_deg[0]) == (kept.lon_deg[-1], kept.lat_deg[-1])
    assert (f.nav_status[0], f.ring[0], f.station[0], f.cog_deg[0]) == (7, 3, 4, 45.0)


# -- static data ----------------------------------------------------------------------------------


def test_static_data_is_merged_and_given_on_only_when_it_changes():
    said = {"name": b"QIONG LIN YU 01", "call_sign": b"BABC1", "imo": 9074729, "to_bow_m": 20.0}
    o = gather(
        [Ship().reports()],
        [
            static(15, **said),
            static(375, **said),
            static(735, **said | {"destination": b"HAIKOU"}),
            static(1095, **said | {"destination": b"HAIKOU"}),
            static(1455, name=b"", imo=-1),  # null says nothing
            static(1500, **said),
        ],
    )
    state, _, kept, _ = track(o)
    assert [(int(t) - T0_US) // SECOND_US for t in kept.t_us] == [15, 735]
    f = state.fleet
    assert (f.name[0], f.call_sign[0], int(f.imo[0])) == (b"QIONG LIN YU 01", b"BABC1", 9074729)
    assert (f.destination[0], float(f.to_bow_m[0])) == (b"HAIKOU", 20.0)
    assert int(f.static_us[0]) == T0_US + 1500 * SECOND_US


def test_a_name_that_goes_to_and_fro_is_given_on_each_time():
    a, b = static(10, name=b"A"), static(20, name=b"B")
    o = gather([Ship().reports()], [a, b, static(30, name=b"A"), static(40, name=b"B")])
    assert track(o)[2].name.tolist() == [b"A", b"B", b"A", b"B"]


def test_what_two_message_types_say_in_turn_changes_each_time():
    # 24 A and 5 disagree about the name: nothing may be skipped for having been said before.
    o = gather(
        [Ship().reports()],
        [
            static(10 * k, name=b"A" if k % 2 else b"B", msg_type=24 if k % 2 else 5)
            for k in range(1, 7)
        ],
    )
    assert len(track(o)[2]) == 6


def test_the_parts_of_message_24_complete_each_other():
    part_a = static(10, name=b"YUE", msg_type=24)
    part_b = static(11, call_sign=b"BX1", ship_type=30, msg_type=24)
    again = [static(370, name=b"YUE", msg_type=24), static(371, call_sign=b"BX1", msg_type=24)]
    state, _, kept, _ = track(gather([Ship().reports()], [part_a, part_b, *again]))
    assert len(kept) == 2
    assert (state.fleet.name[0], int(state.fleet.ship_type[0])) == (b"YUE", 30)


def test_static_data_before_the_first_position_waits_for_it():
    early = [static(1, name=b"OLD"), static(2, name=b"NEW"), static(3, mmsi=5, name=b"NEVER")]
    o = gather([Ship(from_s=65.0, to_s=100.0).reports()], early)
    for cuts in ((), (30, 60, 90)):
        state, _, kept, _ = track(o, cuts)
        assert kept.name.tolist() == [b"OLD", b"NEW"]
        assert kept.track.tolist() == [0, 0]
        assert bytes(state.fleet.name[0]) == b"NEW"
        assert state.pending.mmsi.tolist() == [5]


def test_what_waits_is_bounded():
    flood = Statics.empty(MOST_PENDING + 500)
    flood.mmsi[:] = np.arange(len(flood)) + 1
    flood.t_us[:] = T0_US
    state = start()
    state, *_ = step(state, Observations(Positions.empty(), flood, Texts.empty()), T0_US, T0_US + 1)
    assert len(state.pending) == MOST_PENDING
    later = T0_US + 25 * 3600 * SECOND_US
    state, *_ = step(state, Observations.empty(), later, later + 1)
    assert len(state.pending) == 0


def test_static_data_goes_to_the_ship_that_said_the_same_before():
    a = Ship(to_s=3600.0)
    b = a.but(lat=20.0, from_s=5.0)
    o = gather(
        [a.reports(), b.reports()],
        [
            static(0.1, name=b"ALPHA", call_sign=b"AA", msg_type=5),  # only a has been heard
            static(5.1, name=b"BRAVO", call_sign=b"BB", msg_type=5),  # b is the latest
            static(601.0, name=b"ALPHA", call_sign=b"AA", destination=b"X"),  # a is the latest
            static(606.0, name=b"ALPHA", call_sign=b"AA", destination=b"Y"),  # b is, but a said so
            static(611.0, name=b"BRAVO", call_sign=b"BB", destination=b"Z"),
        ],
    )
    state, _, kept, _ = track(o)
    assert state.fleet.name[:2].tolist() == [b"ALPHA", b"BRAVO"]
    assert kept.track.tolist() == [0, 1, 0, 0, 1]


def test_static_data_goes_to_the_kind_of_transmitter_that_it_came_from():
    """A net beacon under a ship's number tells its battery in its name, which is new each time: the
    ship, which is the last heard, does not speak so."""
    ship = Ship(to_s=3600.0)
    beacon = ship.but(lat=20.0, from_s=5.0, every_s=120.0, sog_kn=0.5, kind=1, msg_type=18)
    o = gather(
        [ship.reports(), beacon.reports()],
        [
            static(0.1, name=b"QIONG", msg_type=5),
            static(5.1, name=b"WANG-96%", kind=1),
            static(601.0, name=b"WANG-95%", kind=1),
            static(606.0, kind=1, ship_type=30),
            static(661.0, name=b"QIONG 2", msg_type=5),
        ],
    )
    state, _, kept, _ = track(o)
    assert state.fleet.name[:2].tolist() == [b"QIONG 2", b"WANG-95%"]
    assert kept.name.tolist() == [b"QIONG", b"QIONG 2"]  # what a beacon says no rule hears


# -- texts ----------------------------------------------------------------------------------------


def test_texts_know_their_track():
    o = gather(
        [Ship(from_s=10.0).reports()],
        texts=[text(5, "EARLY"), text(20, "MAYDAY"), text(20, "HELLO", mmsi=7)],
    )
    _, _, _, texts = track(o)
    found = sorted(zip(texts.text.tolist(), texts.track.tolist(), strict=True))
    assert found == [(b"EARLY", -1), (b"HELLO", -1), (b"MAYDAY", 0)]


# -- laws -----------------------------------------------------------------------------------------


def busy() -> Observations:
    """Ships that share an MMSI, repeats, jumps, static data, texts, a gap of a day."""
    a = Ship(to_s=1500.0)
    b = a.but(lat=18.06, cog=200.0, from_s=3.0, station=1)
    far = a.but(lat=21.0, from_s=400.0, every_s=60.0)
    others = [
        Ship(
            mmsi=412_000_100 + k,
            lon=111 + k,
            to_s=1500.0,
            every_s=7.0,
            sog_kn=3.0 * k,
            cog=40.0 * k,
        )
        for k in range(6)
    ]
    late = others[2].but(from_s=90_000.0, to_s=90_300.0)
    copy = a.reports()
    copy.t_us, copy.station = copy.t_us + 2 * SECOND_US, np.full(len(copy), 5, np.int16)
    positions = [s.reports() for s in (a, b, far, late, *others)] + [copy]
    statics = [
        static(10.0 + 61 * k, mmsi=412_000_100 + k % 7, name=b"N%d" % (k % 9)) for k in range(24)
    ] + [static(100.0 * k, name=b"ALPHA" if k % 2 else b"BRAVO") for k in range(12)]
    return gather(positions, statics, [text(333.0 + k, f"T{k}") for k in range(5)])


WHOLE = busy()


@given(st.lists(st.floats(0.0, 91_000.0), max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_cut_does_not_matter(cuts):
    state, *rows = track(WHOLE)
    other, *rows_cut = track(WHOLE, cuts)
    assert fleet_of(state) == fleet_of(other)
    assert [rows_of(r) for r in rows[::2]] == [rows_of(r) for r in rows_cut[::2]]
    # Static data that waited comes out of the call that found its track: same rows, other order.
    assert sorted(rows_of(rows[1])) == sorted(rows_of(rows_cut[1]))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_arrival_does_not_matter(seed):
    chance = np.random.default_rng(seed)

    def shuffled(rows):
        return rows.take(chance.permutation(len(rows)))

    o = WHOLE
    mixed = in_order(Observations(shuffled(o.positions), shuffled(o.statics), shuffled(o.texts)))
    state, *rows = track(o)
    other, *rows_mixed = track(mixed)
    assert fleet_of(state) == fleet_of(other)
    assert [rows_of(r) for r in rows] == [rows_of(r) for r in rows_mixed]


def test_a_copy_of_the_state_is_its_own_and_a_checkpoint_goes_on_alike():
    half = T0_US + 700 * SECOND_US
    first = WHOLE.positions.take(WHOLE.positions.t_us < half)
    rest = WHOLE.positions.take(WHOLE.positions.t_us >= half)

    def only(p):
        return Observations(p, Statics.empty(), Texts.empty())

    state, *_ = step(start(), only(first), T0_US, half)
    copied, packed = clone(state), pack(state)
    before = fleet_of(copied)
    state, *_ = step(state, only(rest), half, 2**61)
    assert fleet_of(copied) == before
    again, *_ = step(unpack(packed, start()), only(rest), half, 2**61)
    assert fleet_of(again) == fleet_of(state)
    for f in fields(state):
        a, b = getattr(state, f.name), getattr(again, f.name)
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b)


def test_the_state_of_twenty_thousand_vessels_is_a_few_megabytes():
    p = Positions.empty(20_000)
    p.mmsi[:] = 412_000_000 + np.arange(20_000)
    p.lon_deg[:], p.lat_deg[:], p.t_us[:] = 110.0, np.linspace(10, 20, 20_000), T0_US
    state = track(Observations(p, Statics.empty(), Texts.empty()), state=start(20_000))[0]
    arrays = [state.place, state.alt, state.mark, state.slots]
    arrays += [getattr(state.fleet, n) for n, *_ in FLEET_COLUMNS]
    assert state.fleet.count == 20_000
    assert sum(a.nbytes for a in arrays) < 10e6
