"""pandas, Polars and Arrow in, the same kind out; columns by the names in common use; clear errors.

Expected times are from `date -u -d ... +%s`, speeds by hand: 1 kn = 1852/3600 m/s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas
import polars
import pyarrow as pa
import pytest

import littoral
from littoral.engine.library import own
from littoral.engine.library.reading import read
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList
from tests.engine.library import scene
from tests.engine.library.ran import called

KINDS: dict[str, Callable[[pa.Table], Any]] = {
    "pandas": lambda table: table.to_pandas(),
    "polars": polars.from_arrow,
    "arrow": lambda table: table,
}
CLASSES = {"pandas": pandas.DataFrame, "polars": polars.DataFrame, "arrow": pa.Table}
TEN_O_CLOCK = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)
ROW = {"mmsi": [413_000_001], "t": [scene.START_US], "lon": [110.0], "lat": [18.0]}
HALF = pa.table({k: [v[0], None if k == "mmsi" else v[0]] for k, v in ROW.items()})


def as_arrow(table: Any) -> pa.Table:
    if isinstance(table, pandas.DataFrame):
        return pa.Table.from_pandas(table, preserve_index=False)
    return table.to_arrow() if isinstance(table, polars.DataFrame) else table


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_kind_comes_back_with_the_same_in_it(kind: str) -> None:
    table = KINDS[kind](scene.table())
    found = littoral.detect.encounters(table)
    assert type(found) is CLASSES[kind]
    assert called(as_arrow(found)) == called(littoral.detect.encounters(scene.table()))
    (alert,) = as_arrow(found).to_pylist()
    assert sorted(alert["mmsi"]) == [scene.FIRST_MMSI + scene.SAILING + k for k in range(2)]
    assert alert["start"].replace(second=0) == TEN_O_CLOCK
    rows = scene.table()["mmsi"].to_numpy()[alert["evidence"]]
    assert set(rows.tolist()) == set(alert["mmsi"])


@pytest.mark.parametrize("kind", KINDS)
def test_tracks_are_a_column_beside_the_others(kind: str) -> None:
    table = KINDS[kind](scene.table())
    tracks = littoral.tracks(table)
    assert type(tracks) is CLASSES[kind]
    assert list(tracks.columns if kind != "arrow" else tracks.column_names) == [
        *scene.table().column_names,
        "track",
    ]
    found = as_arrow(tracks)
    assert found.drop_columns("track") == as_arrow(table)
    by_mmsi = set(zip(found["mmsi"].to_pylist(), found["track"].to_pylist(), strict=True))
    assert len(by_mmsi) == scene.SAILING + scene.PAIR
    assert (scene.FIRST_MMSI, f"{scene.FIRST_MMSI}-20260601T140000.000Z") in by_mmsi
    again = as_arrow(littoral.tracks(tracks))
    assert again["track"].to_pylist() == found["track"].to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_messages_of_any_kind_say_the_same(kind: str) -> None:
    messages = littoral.decode(scene.log(), to=kind)  # type: ignore[arg-type]
    assert [type(part) for part in messages] == [CLASSES[kind]] * 3
    ours = called(littoral.alerts(littoral.decode(scene.log()), detectors=["encounter", "gap"]))
    found = littoral.alerts(messages, detectors=["encounter", "gap"])
    assert called(as_arrow(found)) == ours
    assert len(ours) == 2
    track = as_arrow(littoral.tracks(messages))["track"]
    assert (len(track), track.null_count) == (len(scene.positions()), 0)


def test_a_pandas_index_counts_when_it_says_something() -> None:
    frame = scene.table().to_pandas()
    expected = called(littoral.detect.gaps(scene.table()))
    assert len(expected) == 1
    by_time = frame.set_index("timestamp")
    unnamed = by_time.rename_axis(None)
    by_vessel = frame.set_index(["mmsi", "timestamp"])
    shuffled = frame.sample(frac=1.0, random_state=1)
    for given in (by_time, unnamed, by_vessel, shuffled):
        found = littoral.detect.gaps(given)
        assert [row[0] for row in called(as_arrow(found))] == [row[0] for row in expected]
    assert littoral.tracks(shuffled).index.equals(shuffled.index)


def test_what_arrow_cannot_hold_may_stand_beside() -> None:
    frame = scene.table().to_pandas()
    frame["geometry"] = [
        complex(x, y) for x, y in zip(frame.longitude, frame.latitude, strict=True)
    ]
    assert len(littoral.detect.gaps(frame)) == 1
    assert "geometry" in littoral.tracks(frame).columns


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("sog", 10.0, 10.0 * 1852 / 3600),
        ("speed", 10.0, 10.0 * 1852 / 3600),
        ("sog_mps", 10.0, 10.0),
        ("speed_kmh", 36.0, 10.0),
        ("sog", 102.3, None),
    ],
)
def test_units_by_name(name: str, value: float, kept: float | None) -> None:
    table = pa.table(
        {"mmsi": [413_000_001], "t": [0], "lon": [110.0], "lat": [18.0], name: [value]}
    )
    ((_, statics), (_, rows)) = read(table).pieces
    assert len(statics.statics) == 0
    (sog,) = rows.positions.sog_mps.tolist()
    assert (sog != sog) if kept is None else sog == pytest.approx(kept, rel=1e-6)


@pytest.mark.parametrize(
    "times",
    [
        pa.array([TEN_O_CLOCK.replace(tzinfo=None)], pa.timestamp("ms")),
        pa.array([TEN_O_CLOCK], pa.timestamp("ns", "Asia/Shanghai")),
        pa.array(["2026-06-01T22:00:00+08:00"]),
        pa.array(["2026-06-01 14:00:00"]),
        pa.array([scene.START_US // 1_000_000]),
    ],
)
def test_times_with_a_zone_and_utc_without(times: pa.Array) -> None:
    table = pa.table({"MMSI": [413_000_001], "Timestamp": times, "LON": [110.0], "LAT": [18.0]})
    assert littoral.tracks(table)["track"].to_pylist() == ["413000001-20260601T140000.000Z"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lat": None}, 'no column for lat among mmsi, t, lon; name it: columns={"lat": "COLUMN"}'),
        ({"y": [18.0]}, 'lat may be any of lat, y; say which: columns={"lat": "COLUMN"}'),
        ({"lat": ["north"]}, "1 of 1 rows were not used: 1 bad_number in column 'lat'"),
        ({"t": ["yesterday"]}, "1 of 1 rows were not used: 1 bad_time in column 't'"),
        ({"mmsi": [None]}, "1 of 1 rows were not used: 1 missing in column 'mmsi'"),
        (
            {"sog": [[1.0]]},
            "column 'sog' holds list<item: double>: neither text, numbers nor",
        ),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_names_the_column(kind: str, change: dict[str, Any], said: str) -> None:
    columns = {k: v for k, v in {**ROW, **change}.items() if v is not None}
    with pytest.raises(littoral.TableError) as raised:
        littoral.detect.gaps(KINDS[kind](pa.table(columns)))
    assert said in str(raised.value).replace("large_list", "list")


def test_columns_by_another_name_and_unit() -> None:
    table = scene.table().rename_columns(
        ["who", "when", "x1", "y1", "v", "cog", "ship_type", "name"]
    )
    names = {"mmsi": "who", "time": "when", "lon": "x1", "lat": "y1", "sog:kn": "v"}
    found = littoral.detect.encounters(table, columns=names, datum="wgs84")
    assert called(found) == called(littoral.detect.encounters(scene.table()))
    with pytest.raises(littoral.TableError, match="add datum="):
        littoral.detect.encounters(table, columns=names)


def test_rows_that_cannot_be_used_are_told_of() -> None:
    table = pa.table({k: [v[0], v[0]] for k, v in ROW.items()} | {"lat": [18.0, None]})
    with pytest.warns(littoral.RowsNotUsed, match="1 of 2 rows were not used: 1 missing in column"):
        tracks = littoral.tracks(HALF)
    assert tracks["track"].to_pylist() == ["413000001-20260601T140000.000Z", None]
    assert littoral.tracks(table)["track"].null_count == 1  # no latitude is no fault


def test_places_beyond_the_earth_are_told_of() -> None:
    """Longitude and latitude exchanged, as they often are: no place, and no word would be no
    alerts. 181 and 91 are the codes of AIS for none (ITU-R M.1371-5, Annex 8)."""
    table = scene.table()
    turned = table.rename_columns({"longitude": "latitude", "latitude": "longitude"})
    said = "4,081 of 4,081 rows have no place: beyond 90 or 180 degrees in 'latitude', 'longitude'"
    assert table.num_rows == 4_081
    with pytest.warns(littoral.RowsNotUsed, match=said):
        littoral.detect.gaps(turned)
    row = {k: v * 3 for k, v in ROW.items()} | {"lon": [181.0, None, 181.0], "lat": [91.0, 18, 95]}
    with pytest.warns(littoral.RowsNotUsed, match="1 of 3 rows have no place") as told:
        littoral.tracks(pa.table(row))
    assert [warning.filename for warning in told] == [__file__]


def test_what_is_no_table() -> None:
    with pytest.raises(TypeError, match=r"a builtins\.dict is no table; give a DataFrame"):
        littoral.detect.gaps(ROW)
    with pytest.raises(TypeError, match="is no table"):
        littoral.detect.gaps(polars.LazyFrame(ROW))
    for column in (pandas.Series([1]), polars.Series([1])):
        with pytest.raises(TypeError, match=r"Series is no table"):
            littoral.detect.gaps(column)


@pytest.mark.parametrize(
    "call",
    [
        lambda: littoral.detect.gaps(HALF),
        lambda: littoral.alerts(HALF, detectors=[]),
        lambda: littoral.tracks(HALF),
        lambda: littoral.decode([*scene.log().splitlines(), b"rubbish"]),
    ],
)
def test_a_warning_stands_where_the_call_does(call: Callable[[], Any]) -> None:
    with pytest.warns(littoral.RowsNotUsed) as told:
        call()
    assert [warning.filename for warning in told] == [__file__]


def test_late_rows_are_told_of_and_those_of_a_wrong_clock() -> None:
    """A log in which a line comes two minutes after its time: a run leaves it out, too."""
    lines = scene.log().splitlines(keepends=True)
    late = [*lines[1:400], lines[0], *lines[400:]]
    with pytest.warns(littoral.RowsNotUsed, match="1 rows were not used: they are over a minute"):
        tracks = littoral.tracks(littoral.decode(b"".join(late)))
    assert tracks["track"].null_count == 1


def test_whatever_streams_arrow_is_a_table() -> None:
    relation = duckdb.from_arrow(scene.table())
    assert isinstance(littoral.detect.gaps(relation), pa.Table)
    assert littoral.detect.gaps(relation).num_rows == 1


def test_a_stream_that_can_be_read_once_is_read_once() -> None:
    expected = called(littoral.detect.encounters(scene.table()))
    assert len(expected) == 1
    assert called(littoral.detect.encounters(scene.table().to_reader())) == expected
    assert littoral.tracks(scene.table().to_reader()) == littoral.tracks(scene.table())
    messages = littoral.decode(scene.log())
    streams = littoral.Messages(*(part.to_reader() for part in messages))
    assert called(littoral.alerts(streams)) == called(littoral.alerts(messages))


def test_no_rows_are_no_alerts() -> None:
    empty = pa.table(ROW).slice(0, 0)
    assert littoral.detect.gaps(empty).num_rows == 0
    assert littoral.tracks(empty).num_rows == 0


def test_numbers_that_are_not_there_stay_whole_in_pandas() -> None:
    positions = littoral.decode(scene.log(), to="pandas").positions
    assert str(positions.dtypes["nav_status"]) == "Int8"
    assert positions.nav_status.isna().all()
    assert str(positions.dtypes["t"]) == "datetime64[us, UTC]"
    assert positions.mmsi.dtype == np.int32


def test_messages_may_be_kept_as_csv_or_parquet(tmp_path: Path) -> None:
    kept = []
    for n, part in enumerate(littoral.decode(scene.log(), to="pandas")):
        part.to_csv(tmp_path / f"{n}.csv", index=False)
        part.to_parquet(tmp_path / f"{n}.parquet")
        kept.append((pandas.read_csv(tmp_path / f"{n}.csv"), tmp_path / f"{n}.parquet"))
    ours = called(littoral.alerts(littoral.decode(scene.log())))
    assert len(ours) > 0
    csv = littoral.Messages(*(frame for frame, _ in kept))
    parquet = littoral.Messages(*(polars.read_parquet(path) for _, path in kept))
    assert called(as_arrow(littoral.alerts(csv))) == ours
    assert called(as_arrow(littoral.alerts(parquet))) == ours


def test_what_is_wrong_in_our_own_table_is_named() -> None:
    positions = littoral.decode(scene.log(), to="polars").positions
    with pytest.raises(TypeError, match="column 't': yesterday is no time"):
        littoral.detect.gaps(positions.with_columns(t=polars.lit("yesterday")))
    with pytest.raises(TypeError, match="column 'kind': "):
        littoral.detect.gaps(positions.with_columns(kind=polars.lit("frigate")))
    with pytest.raises(littoral.TableError, match="column 'obs_id' has a number twice"):
        littoral.detect.gaps(polars.concat([positions, positions]))


def test_our_own_tables_are_read_as_they_were_decoded() -> None:
    stations = StationList()
    rows = AisDecoder(1, stations=stations, default_station="").feed(scene.log()).observations
    for part in (rows.positions, rows.statics):
        again = StationList()
        back = own.from_table(type(part), own.as_table(part, stations), again)
        assert len(back) > 0
        assert again.names == stations.names
        for name in part.TABLE.names():
            np.testing.assert_array_equal(getattr(back, name), getattr(part, name))
