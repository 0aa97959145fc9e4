"""Presence in areas: expected values counted by hand, and by a plain loop over random reports."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.analyse import presence
from littoral.analyse.area import Area

MIN_US = 60_000_000
SQUARE = (((110.0, 19.0), (111.0, 19.0), (111.0, 20.0), (110.0, 20.0), (110.0, 19.0)),)
HOLE = ((110.4, 19.4), (110.6, 19.4), (110.6, 19.6), (110.4, 19.6), (110.4, 19.4))


def reports(*rows: tuple[int, int, float]) -> dict[str, np.ndarray]:
    """(mmsi, minute, longitude) at 19.5 N."""
    mmsi, minute, lon = (np.array(v) for v in zip(*rows, strict=True))
    return {
        "t_us": minute.astype(np.int64) * MIN_US,
        "mmsi": mmsi.astype(np.int32),
        "track": np.zeros(len(mmsi), np.int32),
        "lon_deg": lon.astype(np.float64),
        "lat_deg": np.full(len(mmsi), 19.5),
    }


def test_an_area_with_a_hole_and_boxes_against_it() -> None:
    area = Area.of(((*SQUARE, HOLE),))
    lon = np.array([110.2, 110.5, 109.9, 110.0])
    assert area.holds(lon, np.full(4, 19.5)).tolist() == [True, False, False, False]
    boxes = np.array([
        [110.1, 19.1, 110.2, 19.2],  # within
        [110.3, 19.3, 110.5, 19.5],  # reaches into the hole
        [110.45, 19.45, 110.55, 19.55],  # in the hole alone
        [112.0, 19.0, 113.0, 20.0],  # apart
    ])  # fmt: skip
    assert area.relation(boxes).tolist() == [2, 1, 0, 0]


def test_a_visit_ends_where_nothing_is_heard_for_an_hour() -> None:
    area = Area.of((SQUARE,))
    rows = reports((1, 0, 110.1), (1, 60, 110.2), (1, 121, 110.3), (2, 5, 110.5), (2, 6, 112.0))
    found = presence.visits(presence.runs(presence.within(area, rows, False)))
    assert found.mmsi.tolist() == [1, 2, 1]
    assert (found.first_us // MIN_US).tolist() == [0, 5, 121]
    assert (found.last_us // MIN_US).tolist() == [60, 5, 121]
    assert found.positions.tolist() == [2, 1, 1]


def test_two_ships_under_one_mmsi_are_two() -> None:
    rows = reports((1, 0, 110.1), (1, 1, 110.1))
    rows["track"] = np.array([3, 4], np.int32)
    found = presence.visits(presence.runs(rows))
    assert found.track.tolist() == [3, 4]


def test_nothing_in_nothing_out() -> None:
    none = {name: column[:0] for name, column in reports((1, 0, 110.1)).items()}
    assert len(presence.visits(presence.runs(none)).mmsi) == 0
    assert len(presence.passages(none, none, MIN_US).mmsi) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 400
    rows = reports(*[(int(m), int(t), 110.5) for m, t in rng.integers(0, [6, 3000], (n, 2))])
    found = presence.visits(presence.runs(rows))
    want = []
    for mmsi in range(6):
        times = np.sort(rows["t_us"][rows["mmsi"] == mmsi]).tolist()
        chain: list[int] = []
        for t in times:
            if chain and t - chain[-1] > presence.APART_US:
                want.append((chain[0], mmsi, chain[-1], len(chain)))
                chain = []
            chain.append(t)
        want.append((chain[0], mmsi, chain[-1], len(chain)))
    got = zip(
        found.first_us.tolist(),
        found.mmsi.tolist(),
        found.last_us.tolist(),
        found.positions.tolist(),
        strict=True,
    )
    assert list(got) == sorted(want)


@pytest.mark.parametrize("seed", range(5))
def test_passages_are_those_of_a_loop_over_all_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = reports(*[(int(m), int(t), 110.5) for m, t in rng.integers(0, [8, 1500], (60, 2))])
    then = reports(*[(int(m), int(t), 110.5) for m, t in rng.integers(0, [8, 1500], (60, 2))])
    limit = 90 * MIN_US
    found = presence.passages(first, then, limit)
    kept = [
        (m, t)
        for m, t in zip(then["mmsi"].tolist(), then["t_us"].tolist(), strict=True)
        if any(
            0 <= t - a <= limit
            for k, a in zip(first["mmsi"].tolist(), first["t_us"].tolist(), strict=True)
            if k == m
        )
    ]
    assert len(kept) > 5
    assert {
        (m, t) for m, t in zip(found.mmsi.tolist(), found.reached_us.tolist(), strict=True)
    } <= set(kept)
    assert sorted({m for m, _ in kept}) == sorted(set(found.mmsi.tolist()))
    for m, left, reached in zip(
        found.mmsi.tolist(), found.left_us.tolist(), found.reached_us.tolist(), strict=True
    ):
        own = first["t_us"][first["mmsi"] == m]
        assert left == own[own <= reached].max()


def test_who_was_in_the_second_area_first_does_not_count() -> None:
    first, then = reports((1, 100, 110.5), (2, 0, 110.5)), reports((1, 50, 110.5), (2, 61, 110.5))
    found = presence.passages(first, then, 60 * MIN_US)
    assert len(found.mmsi) == 0
    found = presence.passages(first, then, 61 * MIN_US)
    assert found.mmsi.tolist() == [2]
