"""Crossings of rings: counted each, told where the settings say so; and the laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.area.geofence import FenceRule, Geofence
from littoral.detect.area_rule import DETECTOR
from littoral.detect.area_rule.settings import ANYONE, AreaRuleSettings, RingAlert
from littoral.schema.ais import FLAG_BAD_MMSI, Positions, Statics, Texts
from littoral.schema.batch import Batch
from littoral.schema.finding import CAUTION, WARNING, Finding
from tests.detect.making import (
    at_us,
    final,
    fixes,
    fleet_of,
    mmsis,
    ordered,
    run,
    stretched,
    world,
)

COASTAL: AreaRuleSettings = DETECTOR.profiles["coastal"].settings
START = at_us("2026-11-24T04:00")
MINUTE_US = 60_000_000


def rings(codes: list[int], every_s: int = 60, **columns: object) -> Positions:
    t = START + np.arange(len(codes)) * every_s * 1_000_000
    p = fixes(0, t, 111.0, 18.0, 10.0, 270.0, **columns)
    p.ring[:] = codes
    return p


def crossings(
    part: Positions, chosen: AreaRuleSettings = COASTAL
) -> tuple[np.ndarray, list[Finding]]:
    state = DETECTOR.start(chosen, world())
    until = int(part.t_us[-1]) + 1
    batch = Batch(part, Statics.empty(), Texts.empty(), START, until)
    state, found = DETECTOR.step(state, batch, fleet_of({0: 70}), chosen, world())
    return state.crossings, found


def test_every_crossing_is_counted_once_and_merchant_ships_are_not_told() -> None:
    counts, found = crossings(rings([4] * 5 + [3] * 5 + [2] * 5 + [3] * 5))
    assert {(a, b): int(counts[a, b]) for a, b in zip(*np.nonzero(counts), strict=True)} == {
        (4, 3): 1, (3, 2): 1, (2, 3): 1,
    }  # fmt: skip
    assert found == []


@pytest.mark.parametrize(("every_s", "counted"), [(55, 0), (65, 1)])
def test_another_ring_must_hold_for_two_minutes(every_s: int, counted: int) -> None:
    """Three reports in the other ring span 110 s or 130 s."""
    counts, _ = crossings(rings([3, 3, 2, 2, 2, 3, 3], every_s))
    assert counts[3, 2] == counted


def test_what_cannot_be_judged_is_no_ring() -> None:
    counts, _ = crossings(rings([3, 3, -1, -1, -1, -1, 3, 3, -1, 3]))
    assert counts.sum() == 0


@pytest.mark.parametrize("outer", [3, 4])
def test_a_bad_mmsi_on_the_way_in_is_told(outer: int) -> None:
    part = rings([outer] * 5 + [2] * 5, flags=FLAG_BAD_MMSI)
    found = run(DETECTOR, COASTAL, [part], fleet_of({0: 70}))
    assert [(f.kind, f.priority, f.start_us) for f in found] == [
        ("ring", CAUTION, START + 5 * MINUTE_US)
    ]
    assert found[0].updated_us == START + 7 * MINUTE_US  # two minutes after the first report there
    assert DETECTOR.sentence(found[0], {}, "en").endswith("without saying who it is")
    outward = rings([2] * 5 + [3] * 5, flags=FLAG_BAD_MMSI)
    assert run(DETECTOR, COASTAL, [outward], fleet_of({0: 70})) == []


@pytest.mark.parametrize(("heard_min", "alerts"), [(28, 0), (32, 1)])
def test_no_static_data_for_half_an_hour_is_no_identity(heard_min: int, alerts: int) -> None:
    part = rings([3] * (heard_min - 2) + [2] * 5)
    assert len(run(DETECTOR, COASTAL, [part], fleet_of({0: -1}))) == alerts


def test_static_data_give_an_identity() -> None:
    part = rings([3] * 40 + [2] * 5)
    statics = Statics.empty(1)
    statics.track[0], statics.t_us[0] = 0, START + 10 * MINUTE_US + 7
    assert run(DETECTOR, COASTAL, [part], fleet_of({0: -1}), statics=statics) == []
    assert len(run(DETECTOR, COASTAL, [part], fleet_of({0: -1}))) == 1


def test_which_crossings_are_told_is_a_setting() -> None:
    chosen = replace(COASTAL, ring_alerts=(RingAlert(2, 1, ANYONE, WARNING),))
    part = rings([3] * 5 + [2] * 5 + [1] * 5)
    found = run(DETECTOR, chosen, [part], fleet_of({0: 70}))
    facts = [(f.facts["from_ring"], f.facts["to_ring"], f.priority) for f in found]
    assert facts == [(2, 1, WARNING)]


@pytest.mark.parametrize("factor", [0.8, 1.2])
@pytest.mark.parametrize("name", ["ring_hold_s", "identity_s"])
def test_every_threshold_is_pinned(name: str, factor: float) -> None:
    chosen = stretched(COASTAL, name, factor)
    if name == "ring_hold_s":
        got = [int(crossings(rings([3, 3, 2, 2, 2, 3, 3], e), chosen)[0][3, 2]) for e in (55, 65)]
    else:
        got = [
            len(run(DETECTOR, chosen, [rings([3] * (m - 2) + [2] * 5)], fleet_of({0: -1})))
            for m in (28, 32)
        ]
    assert got != [0, 1]


def box(name: str, west: float, east: float, *rules: FenceRule) -> Geofence:
    ring = ((west, 17.0), (east, 17.0), (east, 19.0), (west, 19.0), (west, 17.0))
    return Geofence(name, {"zh": name, "en": name}, ((ring,),), rules=rules)


WHERE = world(
    geofences=(
        box("a", 110.0, 110.5, FenceRule("entry"), FenceRule("exit"), FenceRule("night")),
        box("b", 110.3, 111.0, FenceRule("speed_over", speed_mps=4.0, ship_types=(30, 70)),
            FenceRule("presence", stay_s=600.0), FenceRule("speed_under", speed_mps=1.0)),
    )
)  # fmt: skip


def wandering(seed: int, vessels: int = 6) -> list[Positions]:
    rng = np.random.default_rng(seed)
    parts = []
    for track in range(vessels):
        t = START + 6 * 3_600_000_000 + np.cumsum(rng.exponential(70.0, 120) * 1e6).astype(np.int64)
        lon = 110.4 + np.cumsum(rng.normal(0.0, 0.08, 120))
        p = fixes(track, t, lon, 18.0, 0.0, 90.0)
        p.sog_mps[:] = np.abs(rng.normal(3.5, 2.0, 120))
        p.ring[:] = np.clip(np.round(2.5 + np.cumsum(rng.normal(0, 0.25, 120))), -1, 4)
        p.flags[:] = FLAG_BAD_MMSI if track % 2 else 0
        parts.append(p)
    return parts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_cut_and_a_checkpoint_do_not_matter(seed: int) -> None:
    fleet = fleet_of({k: (30, 70, -1)[k % 3] for k in range(6)})
    statics = Statics.empty(2)
    statics.track[:], statics.ship_type[:] = (2, 5), (30, 70)
    statics.t_us[:] = START + 6 * 3_600_000_000 + np.array([1000, 2000]) * 1_000_000
    parts = wandering(seed)
    whole = run(DETECTOR, COASTAL, parts, fleet, WHERE, statics=statics, after_s=900)
    assert len({f.kind for f in whole}) >= 5
    for slice_us in (15_000_000, 10_000_000, 90_000_000):
        other = run(
            DETECTOR, COASTAL, parts, fleet, WHERE, statics=statics, after_s=900, slice_us=slice_us
        )
        assert sorted(map(repr, other)) == sorted(map(repr, whole))
    again = run(DETECTOR, COASTAL, parts, fleet, WHERE, statics=statics, after_s=900, repack=True)
    assert again == whole


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)), st.integers(0, 100))
def test_the_order_of_vessels_does_not_matter(order: list[int], seed: int) -> None:
    def plain(found: list[Finding]) -> list[tuple]:
        return sorted((f.kind, mmsis(f), f.start_us, f.end_us or 0) for f in final(found).values())

    parts, moved = wandering(seed), []
    mixed = fleet_of(dict.fromkeys(range(6), 70))
    for p in parts:
        q = p.take(slice(None))
        q.track = np.full(len(q), order[int(p.track[0])], np.int32)
        moved.append(q)
    for track, new in enumerate(order):
        mixed.mmsi[new] = 412_000_000 + track
    one = run(
        DETECTOR, COASTAL, parts, fleet_of(dict.fromkeys(range(6), 70)), WHERE, slice_us=60_000_000
    )
    two = run(DETECTOR, COASTAL, moved, mixed, WHERE, slice_us=60_000_000)
    assert plain(one) == plain(two)


def test_a_fence_taken_away_lets_go_and_a_changed_one_is_another() -> None:
    """The operator edits the fence while a vessel is inside: the old version ends, and being inside
    the new one from its first moment is no entry."""
    rows = ordered([fixes(0, START + np.arange(20) * MINUTE_US, [109.9] + [110.2] * 19, 18.0, 5.0)])
    old = box("a", 110.0, 110.5, FenceRule("entry"))
    for after in ((), (replace(old, version=2),)):
        state, found = DETECTOR.start(COASTAL, world()), []
        for k in range(20):
            fences = (old,) if k < 10 else after
            batch = Batch(
                rows.take(slice(k, k + 1)), Statics.empty(), Texts.empty(),
                START + k * MINUTE_US, START + (k + 1) * MINUTE_US,
            )  # fmt: skip
            state, new = DETECTOR.step(
                state, batch, fleet_of({0: 70}), COASTAL, world(geofences=fences)
            )
            found += new
        assert [f.end_us for f in found] == [None, START + 9 * MINUTE_US]
        assert found[1].updated_us == START + 10 * MINUTE_US
