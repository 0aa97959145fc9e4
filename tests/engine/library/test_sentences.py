"""Tables that hold lines of AIS decode in one call and come back as the same kind.

The night of `scene` as a log is what a table of its lines must say; times of a column are checked
with `date -u -d 2026-06-01T14:00:00Z +%s` = 1780322400.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow as pa
import pytest

import littoral
from tests.engine.library import scene
from tests.engine.library.test_tables import CLASSES, KINDS, as_arrow

LINES = scene.log().decode().splitlines()
SENTENCE = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A"  # of docs/decode.md
PART_1 = "!AIVDM,2,1,4,A,569iJbp2ERK@9374QD0QD61T4pN374000000001?7`G7740Ht<P000000000,0*1E"
PART_2 = "!AIVDM,2,2,4,A,00000000000,2*20"
AT = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_lines_says_what_the_log_says(kind: str) -> None:
    found = littoral.decode(KINDS[kind](pa.table({"nmea": LINES})))
    assert [type(part) for part in found] == [CLASSES[kind]] * 3
    for ours, theirs in zip(found, littoral.decode(scene.log()), strict=True):
        assert as_arrow(ours).column_names == theirs.column_names
        for name in theirs.column_names:
            column = as_arrow(ours)[name].to_numpy()
            np.testing.assert_array_equal(column, theirs[name].to_numpy(), err_msg=name)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pandas.Series([SENTENCE]), "pandas"),
        (polars.Series("any", [SENTENCE]), "polars"),
        (pa.array([SENTENCE]), "arrow"),
        (pa.chunked_array([[SENTENCE]]), "arrow"),
        (pa.array([SENTENCE.encode()]), "arrow"),
    ],
)
def test_a_column_alone(column: Any, kind: str) -> None:
    positions = littoral.decode(column).positions
    assert type(positions) is CLASSES[kind]
    assert as_arrow(positions)["mmsi"].to_pylist() == [371_798_000]


@pytest.mark.parametrize("time", [1_780_322_400, "2026-06-01T22:00:00+08:00", AT])
def test_the_time_of_a_line_is_that_of_its_row(time: Any) -> None:
    """Where its row has none, that of the line before, as in a log."""
    table = pa.table({"received": [time, None], "raw": [SENTENCE, SENTENCE]})
    positions = littoral.decode(table, columns={"time": "received"}).positions
    assert positions["t"].to_pylist() == [AT, AT]
    named = littoral.decode(table.rename_columns(["timestamp", "raw"])).positions
    assert named["t"].to_pylist() == [AT, AT]
    in_ms = pa.table({"timestamp_ms": [1_780_322_400_000], "raw": [SENTENCE]})
    assert littoral.decode(in_ms).positions["t"].to_pylist() == [AT]


def test_the_time_in_a_line_goes_before_that_of_its_row() -> None:
    later = [1_790_000_000] * len(LINES)
    found = littoral.decode(pa.table({"timestamp": later, "line": LINES})).positions
    assert found["t"] == littoral.decode(scene.log()).positions["t"]


def test_a_row_is_the_line_that_obs_id_counts() -> None:
    table = pa.table({"line": [None, SENTENCE, "", SENTENCE]})
    found = littoral.decode(table).positions
    assert [n & ((1 << 40) - 1) for n in found["obs_id"].to_pylist()] == [2, 4]


def test_the_parts_of_a_message_may_share_a_row() -> None:
    table = polars.DataFrame({"timestamp": [AT], "message": [f"{PART_1}\n{PART_2}"]})
    statics = littoral.decode(table).statics
    assert statics["t"].to_list() == [AT]


def test_no_rows_are_no_messages() -> None:
    assert [len(part) for part in littoral.decode(pa.table({"nmea": pa.array([], "string")}))] == [
        0, 0, 0,
    ]  # fmt: skip


def test_a_kind_that_is_asked_for_counts() -> None:
    assert type(littoral.decode(pa.table({"nmea": LINES}), to="polars")[0]) is polars.DataFrame


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"a": [SENTENCE]}, 'no column for line among a; name it: columns={"line": "COLUMN"}'),
        ({"raw": ["x"], "nmea": [SENTENCE]}, "line may be any of raw, nmea; say which"),
        ({"nmea": [1]}, "column 'nmea' holds int64: no lines of AIS"),
        ({"nmea": ["rubbish"]}, "no AIS message in 1 lines: 1 not_a_sentence"),
    ],
)
def test_what_is_wrong_is_named(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        littoral.decode(pa.table(table))


def test_a_time_that_is_none_is_told_of() -> None:
    table = pa.table({"timestamp": ["yesterday"], "nmea": [SENTENCE]})
    with pytest.warns(littoral.RowsNotUsed, match="1 of 1 rows have no time: bad_time in column"):
        assert littoral.decode(table).positions["mmsi"].to_pylist() == [371_798_000]


def test_columns_go_with_tables_alone() -> None:
    with pytest.raises(littoral.TableError, match="a log has no columns"):
        littoral.decode([SENTENCE], columns={"line": "nmea"})
