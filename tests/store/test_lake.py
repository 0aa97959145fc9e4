"""The lake: hours, keys, plain Parquet, reading."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.lake import Lake, LakeError
from tests.store.lake_rows import DAY_US, HOUR_US, rows


def ids(lake: Lake) -> list[int]:
    return lake.sql("SELECT obs_id FROM observations ORDER BY obs_id")["obs_id"].to_pylist()


def parquet(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*.parquet"))


def test_rows_lie_by_event_hour_in_plain_parquet(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        assert lake.write("observations", rows(range(6), [23, 0, 7]), "k1") == 6
    assert parquet(tmp_path) == [
        "observations/date=2025-11-25/hour=00/part-k1.parquet",
        "observations/date=2025-11-25/hour=07/part-k1.parquet",
        "observations/date=2025-11-25/hour=23/part-k1.parquet",
    ]
    found = duckdb.sql(
        f"SELECT obs_id, hour FROM '{tmp_path}/observations/**/*.parquet' ORDER BY obs_id"
    ).fetchall()
    assert [(i, int(h)) for i, h in found] == [(0, 23), (1, 0), (2, 7), (3, 23), (4, 0), (5, 7)]


def test_written_and_read_back_whole(tmp_path: Path) -> None:
    written = rows(range(50), [3, 4])
    with Lake(tmp_path) as lake:
        lake.write("observations", written, "k")
        found = lake.sql("SELECT * EXCLUDE (date, hour, t) FROM observations ORDER BY obs_id")
    assert found.cast(written.schema).equals(written)
    assert found["heading_deg"].null_count == 50  # not available is null, not NaN


def test_times_read_as_timestamps_with_zone(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        lake.write("observations", rows(range(1), [5]), "k")
        found = lake.sql("SELECT t::VARCHAR AS t, typeof(t) AS kind FROM observations")
    assert found.to_pylist() == [
        {"t": "2025-11-25 05:00:00+00", "kind": "TIMESTAMP WITH TIME ZONE"}
    ]


def test_same_key_replaces_also_in_hours_it_left(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        lake.write("observations", rows(range(10), [1, 2]), "k")
        lake.write("observations", rows(range(100, 103), [2, 3]), "k")
        assert ids(lake) == [100, 101, 102]
    with Lake(tmp_path) as lake:  # another process, that knows the keys from the disk alone
        lake.write("observations", rows(range(7, 8), [4]), "k")
        assert ids(lake) == [7]
        lake.write("observations", rows(range(0)), "k")
        assert ids(lake) == []


def test_discard_takes_only_the_keys_named(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        for i in range(4):
            lake.write("observations", rows(range(10 * i, 10 * i + 2), [1, 2]), f"k{i}")
        assert lake.keys("observations") == {"k0", "k1", "k2", "k3"}
        assert lake.discard("observations", ["k1", "k3", "unknown"]) == 4
        assert lake.keys("observations") == {"k0", "k2"}
        assert ids(lake) == [0, 1, 20, 21]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=6), st.booleans()),
        max_size=12,
    )
)
def test_any_run_of_writes_and_compactions_keeps_the_last_of_each_key(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, list[int], bool]]
) -> None:
    """Model: key → ids of its last write. A key once compacted is final and not written again."""
    model: dict[str, list[int]] = {}
    final: set[str] = set()
    with Lake(tmp_path_factory.mktemp("lake"), durable=False) as lake:
        for number, (k, hours, compact) in enumerate(steps):
            key = f"k{k}"
            if key not in final:
                own = range(number * 100, number * 100 + len(hours))
                lake.write("observations", rows(own, hours), key)
                model[key] = list(own)
            if compact:
                keep = {f"k{k}"}
                final |= model.keys() - keep
                lake.compact("observations", keep=keep)
            assert ids(lake) == sorted(i for own in model.values() for i in own)


def test_empty_lake_has_all_views_with_their_columns(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "none")
    for table, column in (
        ("observations", "sog_mps"),
        ("statics", "call_sign"),
        ("texts", "text"),
        ("tracks", "first_us"),
        ("alerts", "things"),
    ):
        assert lake.sql(f"SELECT {column}, t, date, hour FROM {table}").num_rows == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1) TO '{root}/x.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{root}/x.csv'",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SET enable_external_access = true",
        "INSTALL spatial",
        "ATTACH '{root}/x.db'",
        "SELECT nothing FROM observations",
        "",
    ],
)
def test_queries_can_only_read_the_lake(tmp_path: Path, query: str) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(LakeError):
        lake.sql(query.format(root=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_pattern_characters_in_its_name(tmp_path: Path) -> None:
    with Lake(tmp_path / "we[i]rd * 'quoted'") as lake:
        lake.write("observations", rows(range(3)), "k")
        assert ids(lake) == [0, 1, 2]
        assert lake.positions_of(412_000_001).num_rows == 3


def test_older_files_with_fewer_columns_still_read(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        lake.write("observations", rows(range(2), [1]).drop_columns(["ring"]), "old")
        lake.write("observations", rows(range(2, 4), [1]), "new")
        assert ids(lake) == [0, 1, 2, 3]
        lake.compact("observations")
        assert ids(lake) == [0, 1, 2, 3]


def test_positions_of_a_vessel(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        lake.write("observations", rows(range(20), [0, 1, 2, 3], mmsi=111), "a")
        lake.write("observations", rows(range(20, 40), [0, 1, 2, 3], mmsi=222), "b")
        for _ in range(2):
            every = lake.positions_of(111)
            assert sorted(every["obs_id"].to_pylist()) == list(range(20))
            times = every["t_us"].to_pylist()
            assert times == sorted(times)
            part = lake.positions_of(222, DAY_US + HOUR_US, DAY_US + 2 * HOUR_US)
            assert part["obs_id"].to_pylist() == [21, 25, 29, 33, 37]
            assert lake.positions_of(222, limit=2)["obs_id"].to_pylist() == [20, 24]
            newest = lake.positions_of(222, limit=2, newest=True)
            assert newest["obs_id"].to_pylist() == [35, 39]
            track = lake.positions_of("000000111-20251125T010000.500Z")
            assert track["t_us"].to_pylist() == [
                t for t in times if t >= DAY_US + HOUR_US + 500_000
            ]
            assert lake.positions_of(111, track=5).num_rows == 0
            assert lake.positions_of(333).num_rows == 0
            assert lake.compact("observations").hours == (4 if _ == 0 else 0)


@pytest.mark.parametrize(
    "wrong", ["", "412000001", "x-20251125T010000.500Z", "412000001-20251399T010000Z"]
)
def test_what_is_no_track_id_is_said(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(LakeError, match="not the id of a track"):
        Lake(tmp_path).positions_of(wrong)


def test_times_that_no_calendar_names_are_kept(tmp_path: Path) -> None:
    data = rows(range(2))
    times = np.array([-(2**63), 2**63 - 1])
    data = data.set_column(0, data.schema.field(0), pa.array(times, pa.int64()))
    with Lake(tmp_path) as lake:
        lake.write("observations", data, "k")
    assert parquet(tmp_path) == [
        "observations/date=0001-01-01/hour=00/part-k.parquet",
        "observations/date=9999-12-31/hour=23/part-k.parquet",
    ]


@pytest.mark.parametrize("key", ["", "../x", "a/b", ".hidden", "x" * 121, "a b", "a\n"])
def test_keys_that_are_no_file_names_are_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Lake(tmp_path).write("observations", rows(range(1)), key)


def test_alerts_go_by_their_start(tmp_path: Path) -> None:
    alerts = pa.table(
        {
            "id": ["a"],
            "start_us": pa.array([DAY_US + 9 * HOUR_US], pa.int64()),
            "things": pa.array([["vessel:1"]], pa.list_(pa.string())),
        }
    )
    with Lake(tmp_path) as lake:
        lake.write("alerts", alerts, "run")
        assert parquet(tmp_path) == ["alerts/date=2025-11-25/hour=09/part-run.parquet"]
        assert lake.sql("SELECT id, hour(t) AS h FROM alerts").to_pylist() == [{"id": "a", "h": 9}]
        lake.write("alerts", alerts, "run2")
        lake.compact("alerts")
        assert lake.sql("SELECT count(*) AS n FROM alerts").to_pylist() == [{"n": 2}]


def test_fresh_files_use_the_measured_encodings(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        lake.write("observations", rows(range(100)), "k")
    group = pq.read_metadata(next(tmp_path.rglob("*.parquet"))).row_group(0)
    seen = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert "DELTA_BINARY_PACKED" in seen["t_us"].encodings
    assert "BYTE_STREAM_SPLIT" in seen["lon_deg"].encodings
    assert {c.compression for c in seen.values()} == {"LZ4"}


def test_numbers_of_receivers_have_names(tmp_path: Path) -> None:
    with Lake(tmp_path) as lake:
        assert lake.sql("SELECT * FROM receivers").to_pylist() == []
        lake.name_receivers(["YULIN"])
        lake.name_receivers(["YULIN", "SANYA"])
        assert lake.sql("SELECT * FROM receivers ORDER BY station").to_pylist() == [
            {"station": 0, "name": "YULIN"},
            {"station": 1, "name": "SANYA"},
        ]
    assert [p.name for p in (tmp_path / "receivers").iterdir()] == ["receivers.parquet"]


def test_rows_come_in_order_from_any_number_of_files(tmp_path: Path) -> None:
    """Ascending over hours and files, where one file has many rows and many have few."""
    written = [0, 300, *range(310, 500, 2)]
    with Lake(tmp_path) as lake:
        for first, end in pairwise(written):
            hours = [3 * i // (end - first) for i in range(end - first)]
            lake.write("observations", rows(range(first, end), hours), f"{first:06d}")
        told = list(lake.in_order("observations", ("t_us", "obs_id"), 7))
    keys = [(row["t_us"], row["obs_id"]) for row in told]
    assert keys == sorted(keys)
    assert sorted(row["obs_id"] for row in told) == list(range(written[-1]))
