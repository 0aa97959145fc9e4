"""Learned reception: counts by hand, independence of the cut, and what is unknown."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.area.reception import (
    BINS,
    Reception,
    ReceptionBuilder,
    bin_edges_s,
)


def steady(
    n: int, every_s: float, lon: float = 110.05, lat: float = 18.05, track: int = 1, kind: int = 0
) -> dict[str, np.ndarray]:
    return {
        "t_us": (np.arange(n) * every_s * 1e6).astype(np.int64),
        "track": np.full(n, track),
        "lon": np.full(n, lon),
        "lat": np.full(n, lat),
        "kind": np.full(n, kind),
        "sog_mps": np.full(n, 5.0),
    }


def test_intervals_by_hand() -> None:
    """100 intervals of 10 s: bin of 8 s to 11.3 s; 1000 s spent there; 8640 positions a day."""
    learned = Reception.learn(**steady(101, 10.0))
    assert learned.cell.tolist() == [1080 * 3600 + 2900]
    edges = bin_edges_s()
    assert learned.counts.sum() == 100
    (at,) = np.flatnonzero(learned.counts[0, 0])
    assert edges[at] == 8.0
    assert edges[at + 1] == pytest.approx(11.3137, abs=1e-4)
    assert learned.present_s[0].tolist() == [1000.0, 0.0]
    assert learned.positions_per_day([110.05], [18.05])[0] == pytest.approx(8640.0)
    assert learned.vessel_days.tolist() == [[1, 0]]


def test_survival_falls_with_the_silence() -> None:
    learned = Reception.learn(**steady(101, 10.0))
    got = learned.survival(110.05, 18.05, 0, [0.0, 5.0, 8.0, 12.0, 3600.0])
    assert got == pytest.approx([100.5 / 101, 100.5 / 101, 100.5 / 101, 0.5 / 101, 0.5 / 101])
    many = learned.survival(110.05, 18.05, 0, np.linspace(0.1, 1e5, 500))
    assert (np.diff(many) <= 1e-12).all()


def test_a_tenth_of_the_silences_is_long() -> None:
    """90 intervals of 10 s, 10 of one hour (bins 2048 s to 2896 s and 2896 s to 4096 s)."""
    one = steady(91, 10.0)
    t = np.concatenate([one["t_us"], one["t_us"][-1] + (np.arange(10) + 1) * 3_600_000_000])
    all_of = {k: np.concatenate([v, np.repeat(v[-1:], 10)]) for k, v in one.items()}
    learned = Reception.learn(**{**all_of, "t_us": t})
    assert learned.survival(110.05, 18.05, 0, 600.0)[0] == pytest.approx(10.5 / 101)


def fleet(last_s: list[float], every_s: float = 10.0) -> dict[str, np.ndarray]:
    """A vessel for each of `last_s`, heard every ten seconds from 0 up to then."""
    parts = [steady(int(s / every_s) + 1, every_s, track=k) for k, s in enumerate(last_s)]
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def test_who_is_not_heard_again_is_silent_to_the_end() -> None:
    """19 vessels leave for good after 1000 s, 100 intervals each; the last is heard for 2 h (720
    intervals) and so shows how long the others were silent: 6200 s."""
    learned = Reception.learn(**fleet([1000.0] * 19 + [7200.0]))
    assert (learned.counts.sum(), learned.left.sum()) == (19 * 100 + 720, 19)
    # Whoever left may have left the sea: their silence is no time that they were there.
    assert learned.positions_per_day([110.05], [18.05])[0] == pytest.approx(8640.0)
    assert learned.vessel_days.tolist() == [[20, 0]]
    # Of the intervals few are long, of the vessels nearly all go silent there.
    assert learned.survival(110.05, 18.05, 0, 1800.0)[0] == pytest.approx(19.5 / 2640)
    assert learned.silent_share(110.05, 18.05, 0, 1800.0)[0] == pytest.approx(19.5 / 21)
    assert learned.silent_share(110.05, 18.05, 0, 10_000.0)[0] == pytest.approx(0.5 / 21)


def test_silences_are_shared_among_the_vessels_of_their_class() -> None:
    learned = Reception.learn(**fleet([1000.0] * 20))
    assert learned.silent_share(110.05, 18.05, 0, 60.0)[0] == pytest.approx(0.5 / 21)
    assert np.isnan(learned.silent_share(110.05, 18.05, 1, 60.0)[0])
    few = Reception.learn(**fleet([1000.0] * 9))
    assert np.isnan(few.silent_share(110.05, 18.05, 0, 60.0)[0])
    assert few.survival(110.05, 18.05, 0, 60.0)[0] == pytest.approx(0.5 / 901)


def test_learning_goes_on_after_it_was_asked() -> None:
    reports = fleet([1000.0] * 19 + [7200.0])
    order = np.argsort(reports["t_us"], kind="stable")
    builder = ReceptionBuilder()
    builder.add(**{k: v[order][:500] for k, v in reports.items()})
    builder.build()
    builder.add(**{k: v[order][500:] for k, v in reports.items()})
    assert same(builder.build(), Reception.learn(**reports))


def test_unknown_is_nan() -> None:
    learned = Reception.learn(**steady(101, 10.0))
    lon = [110.05, 110.05, 110.05, 112.0, np.nan, 110.05]
    kind = [0, 1, 5, 0, 0, 0]
    silence = [60.0, 60.0, 60.0, 60.0, 60.0, np.nan]
    got = learned.survival(lon, [18.05] * 6, kind, silence)
    assert np.isnan(got).tolist() == [False, True, True, True, True, True]
    assert np.isnan(learned.positions_per_day([112.0], [18.0]))[0]
    none = Reception.learn(**steady(1, 10.0))
    assert np.isnan(none.survival(110.05, 18.05, 0, 60.0))[0]


def test_neighbouring_cells_count_a_quarter() -> None:
    learned = Reception.learn(**steady(401, 10.0))
    assert learned.survival(110.15, 18.15, 0, 60.0)[0] == pytest.approx(0.5 / 101)
    assert np.isnan(learned.survival(110.25, 18.05, 0, 60.0))[0]


def test_vessels_at_rest_and_other_stations_count_for_nothing() -> None:
    reports = steady(101, 180.0)
    for change in (
        {"sog_mps": np.zeros(101)},
        {"sog_mps": np.full(101, np.nan)},
        {"kind": np.full(101, 2)},
        {"lon": np.full(101, np.nan)},
        {"track": np.full(101, -1)},
    ):
        assert Reception.learn(**{**reports, **change}).counts.sum() == 0


def random_reports(seed: int, n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "t_us": rng.integers(0, 86_400 * 3, n) * 1_000_000,
        "track": rng.integers(0, 5, n),
        "lon": rng.choice([110.05, 110.15, 179.95, -179.95, np.nan], n),
        "lat": rng.choice([18.05, 18.15, 89.95], n),
        "kind": rng.choice([0, 1, 2], n),
        "sog_mps": rng.choice([0.0, 5.0, np.nan], n),
    }


def same(a: Reception, b: Reception) -> bool:
    return a.version == b.version


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 300), st.lists(st.integers(0, 300), max_size=6))
def test_neither_the_cut_nor_the_order_within_a_piece_matters(
    seed: int, n: int, cuts: list[int]
) -> None:
    reports = random_reports(seed, n)
    whole = Reception.learn(**reports)
    order = np.argsort(reports["t_us"], kind="stable")
    ordered = {k: v[order] for k, v in reports.items()}
    rng = np.random.default_rng(seed + 1)
    builder = ReceptionBuilder()
    # cuts between two instants: a piece holds all reports of an instant
    t = ordered["t_us"]
    places = sorted({int(np.searchsorted(t, t[min(c, n - 1)])) for c in cuts} | {0, n})
    for a, b in itertools.pairwise(places):
        shuffled = rng.permutation(np.arange(a, b))
        builder.add(**{k: v[shuffled] for k, v in ordered.items()})
    assert builder.late == 0
    assert same(builder.build(), whole)


def test_late_pieces_are_counted_not_taken() -> None:
    reports = steady(101, 10.0)
    builder = ReceptionBuilder()
    builder.add(**{k: v[50:] for k, v in reports.items()})
    builder.add(**{k: v[:50] for k, v in reports.items()})
    assert builder.late == 50
    assert builder.build().counts.sum() == 50


def test_arrow_keeps_everything_and_notices_damage() -> None:
    learned = Reception.learn(**random_reports(5, 4000), made="2026-11-24", source="a test")
    table = learned.to_arrow()
    again = Reception.from_arrow(table)
    assert same(again, learned)
    assert (again.made, again.source) == ("2026-11-24", "a test")
    assert np.array_equal(again.counts, learned.counts)
    assert again.counts.shape[1:] == (2, BINS)
    assert np.array_equal(again.vessel_days, learned.vessel_days)
    with pytest.raises(ValueError, match="damaged"):
        Reception.from_arrow(table.slice(1))
    with pytest.raises(ValueError, match="format"):
        Reception.from_arrow(table.replace_schema_metadata({}))


def test_outline_is_one_square_a_cell() -> None:
    learned = Reception.learn(**steady(101, 10.0))
    (square,) = learned.outline()["features"]
    assert square["geometry"]["coordinates"][0][0] == [110.0, 18.0]
    assert square["geometry"]["coordinates"][0][2] == [110.1, 18.1]
    assert square["properties"]["positions_per_day"] == 8640.0
    assert square["properties"]["vessel_days"] == 1


def test_nothing_learned_is_a_reception_too() -> None:
    nothing = ReceptionBuilder().build()
    again = Reception.from_arrow(nothing.to_arrow())
    assert len(again.cell) == 0
    assert np.isnan(again.survival(110.0, 18.0, 0, 60.0)).all()
    assert again.outline()["features"] == []
