"""CSV lines: cut anywhere, damaged anyhow, every one accounted for."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.schema.ais import Positions, Statics
from littoral.schema.columns import Rows
from littoral.sense.ais import identity
from littoral.sense.decoded import Decoded
from littoral.sense.table import csv_table
from littoral.sense.table.mmsi import allotted_form, kind_of
from tests.sense.table.reading import read_csv
from tests.sense.table.test_formats import DANISH, MARINE_CADASTRE

DAMAGED = (
    MARINE_CADASTRE
    + "\r\n"
    + "x,2020-01-01T00:00:00,1,2\r\n"
    + 'abc,2020-01-01T00:00:00,1,2,,,,"A, ""B""",,,,,,,,,\r\n'
    + '123456789,never,1,2,,,,"open,,,,,,,,,\n'
    + "123456789,,1,2,,,,,,,,,,,,,\n"
    + "123456789,2020-01-01 00:00:00.5,north,2,,,,,,,,,,,,,\n"
    + '235000000,2020-01-01T00:00:02.1234567+01:00,91,181,abc,,,"q"x"y",,,,,,,,,\n'
    + "235000000,2020-01-01T00:00:02Z,50.5,-1,1,,,a\rb,,,,,,,,,\n"
    + MARINE_CADASTRE
    + "235000000,2020-02-30T00:00:02,50,-1,1,,,,,,,,,,,,\n"
    + "235000000,2020-01-01T00:00:02,50,-1,1e1,,,琼临渔,,,,,,,,,"
).encode()


def same(one: Rows, other: Rows) -> None:
    for name in one.TABLE.names():
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def assert_same(one: Decoded, other: Decoded) -> None:
    same(one.observations.positions, other.observations.positions)
    same(one.observations.statics, other.observations.statics)
    assert one.counts == other.counts
    assert one.rejects.line.tolist() == other.rejects.line.tolist()
    assert (one.rejects.reason, one.rejects.field, one.rejects.raw) == (
        other.rejects.reason, other.rejects.field, other.rejects.raw,
    )  # fmt: skip


def test_damaged_lines_are_rejected_by_line_and_field() -> None:
    got = read_csv(DAMAGED)
    said = list(zip(got.rejects.line.tolist(), got.rejects.reason, got.rejects.field, strict=True))
    assert said == [
        (6, "bad_columns", ""),
        (7, "bad_number", "mmsi"),
        (8, "open_quote", ""),
        (9, "missing", "time"),
        (10, "bad_number", "lat"),
        (11, "bad_number", "sog"),
        (12, "control_character", ""),  # RFC 4180 has no return within a value
        (17, "bad_time", "time"),
    ]
    assert got.rejects.raw[1] == b'abc,2020-01-01T00:00:00,1,2,,,,"A, ""B""",,,,,,,,,'
    assert got.counts.ignored == {"blank": 1, "header": 2}
    assert (got.counts.lines, got.counts.used) == (18, 7)
    p = got.observations.positions
    assert p.t_us[-1:].tolist() == [1577836802_000000]
    np.testing.assert_allclose(p.sog_mps[-1], 10 * 1852 / 3600, rtol=1e-6)
    assert got.observations.statics.name[-1].decode() == "琼临渔"


def test_cut_byte_by_byte_gives_the_same() -> None:
    assert_same(read_csv(DAMAGED), read_csv(DAMAGED, *range(1, len(DAMAGED))))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_cut_does_not_matter(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([DAMAGED, DANISH.encode()]))
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    assert_same(read_csv(text), read_csv(text, *cuts))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2**32))
def test_rubbish_never_stops_the_rest(rubbish: bytes, seed: int) -> None:
    lines = MARINE_CADASTRE.encode().splitlines(keepends=True)
    at = random.Random(seed).randrange(1, len(lines) + 1)
    text = b"".join(lines[:at]) + rubbish + b"\n" + b"".join(lines[at:])
    got = read_csv(text)
    assert got.counts.lines == text.count(b"\n")
    assert got.counts.used >= 3
    assert len(got.rejects) == sum(got.counts.rejected.values())
    cut = len(text) // 2
    assert_same(got, read_csv(text, cut))


def test_lines_too_long_are_passed_over_wherever_they_are_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_table, "MAX_LINE", 600)
    long = b"x" * 900
    text = long + b"\n" + MARINE_CADASTRE.encode() + long + b"\n" + b"9,2020-01-01,1,2"
    text += b"," * 13 + b"\n" + long
    got = read_csv(text)
    assert got.counts.rejected == {"too_long": 3}
    assert got.counts.used == 4
    for cut in range(0, len(text), 97):
        assert_same(got, read_csv(text, cut))
    assert_same(got, read_csv(text, *range(0, len(text), 50)))


def test_a_separator_at_the_end_of_each_row_but_not_of_the_header() -> None:
    got = read_csv("mmsi,time,lat,lon\n1,2024-01-01,1,2,\n1,2024-01-01,1,2,\n1,2024-01-01,1,2\n")
    assert (got.counts.used, got.counts.rejected) == (2, {"bad_columns": 1})


def test_decimal_comma_where_the_separator_is_another() -> None:
    p = read_csv("mmsi;time;lat;lon\n1;2024-01-01;19,5;-110,25\n").observations.positions
    assert (p.lat_deg[0], p.lon_deg[0]) == (19.5, -110.25)


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1700000000", 1700000000_000000),
        ("1700000000.25", 1700000000_250000),
        ("1700000000123", 1700000000_123000),
        ("1700000000123456", 1700000000_123456),
        ("1700000000123456789", 1700000000_123456),
        ("2023-11-14T22:13:20", 1700000000_000000),
        ("2023-11-14 22:13:20.123456789", 1700000000_123456),
        ("2023/11/14 22:13:20", 1700000000_000000),
        ("2023-11-15T06:13:20+08:00", 1700000000_000000),
        ("2023-11-14T17:13:20-0500", 1700000000_000000),
        ("2023-11-14T22:13:20Z", 1700000000_000000),
        ("2023-11-14 22:13:20 UTC", 1700000000_000000),
        ("2023-11-14", 1699920000_000000),
        ("2016-12-31T23:59:60", 1483228800_000000),
    ],
)
def test_forms_of_time(text: str, us: int) -> None:
    """All but the last two are the instant 1,700,000,000 s, `date -u -d @1700000000`."""
    table = f"mmsi,time,lat,lon\n1,{text},1,2\n1,2020-01-01T00:00:00,1,2\n"
    p = read_csv(table).observations.positions
    assert p.t_us.tolist() == [us, 1577836800_000000]


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2023-13-01",
        "2023-02-29",
        "2023-11-14T24:00:00",
        "1e400",
        "inf",
        "0001-01-01",
    ],
)
def test_what_is_no_time(text: str) -> None:
    got = read_csv(f"mmsi,time,lat,lon\n1,{text},1,2\n")
    assert (got.rejects.reason, got.rejects.field) == (["bad_time"], ["time"])


def test_seconds_of_another_beginning_are_as_they_are() -> None:
    """A small number is 1970, which the engine flags as far from the others' time."""
    p = read_csv("mmsi,time,lat,lon\n1,5,1,2\n").observations.positions
    assert p.t_us.tolist() == [5_000_000]


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("lat", "91", "lat_deg"),
        ("lat", "-90.01", "lat_deg"),
        ("lon", "181", "lon_deg"),
        ("sog", "102.3", "sog_mps"),
        ("sog", "1023", "sog_mps"),
        ("sog", "-0.1", "sog_mps"),
        ("cog", "360", "cog_deg"),
        ("cog", "-49.6", "cog_deg"),
        ("cog", "511", "cog_deg"),
        ("heading", "511", "heading_deg"),
        ("sog", "nan", "sog_mps"),
        ("sog", "inf", "sog_mps"),
        ("sog", "", "sog_mps"),
        ("cog", "null", "cog_deg"),
    ],
)
def test_reserved_codes_and_values_out_of_range_are_null(
    field: str, value: str, column: str
) -> None:
    """ITU-R M.1371-5, Annex 8, table 45: 91, 181, 1023 (102.3 kn), 3600 (360.0), 511."""
    row = {"mmsi": "1", "time": "2024-01-01", "lat": "1", "lon": "2", "sog": "3", "cog": "4",
           "heading": "5"} | {field: value}  # fmt: skip
    got = read_csv(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    p = got.observations.positions
    if value == "inf":
        assert got.rejects.field == ["sog"] or np.isnan(p.sog_mps).all()
        return
    assert len(p) == 1
    assert np.isnan(getattr(p, column)).all()
    assert np.isnan(p.lat_deg).all() == (field in ("lat", "lon"))
    nulls = sum(np.isnan(getattr(p, c)).all() for c in ("sog_mps", "cog_deg", "heading_deg"))
    assert nulls == (field not in ("lat", "lon"))


def test_the_largest_speed_is_a_speed() -> None:
    p = read_csv("mmsi,time,lat,lon,sog\n1,2024-01-01,1,2,102.2\n").observations.positions
    np.testing.assert_allclose(p.sog_mps, [102.2 * 1852 / 3600], rtol=1e-6)


def test_forms_of_mmsi_agree_with_the_decoders() -> None:
    """The decoder of sentences has the same recommendation in compiled code."""
    rng = np.random.default_rng(3)
    mmsi = np.r_[
        rng.integers(0, 1_073_741_823, 20_000),
        rng.integers(0, 10**8, 5_000),
        np.array([111_232_501, 111_000_001, 970_012_345, 972_000_000, 974_000_000, 2_320_001]),
        np.arange(800_000_000, 1_000_000_000, 99_991),
    ]
    fine, kind = allotted_form(mmsi), kind_of(mmsi)
    assert 0.1 < fine.mean() < 0.9
    for value, ours, mine in zip(mmsi.tolist(), fine.tolist(), kind.tolist(), strict=True):
        assert ours == identity.is_allotted_form(value), value
        assert mine == identity.kind_of(1, value), value


def test_stations_of_a_table() -> None:
    p = read_csv("mmsi,time,lat,lon,station\n1,2024-01-01,1,2,sanya\n1,2024-01-01,1,2,\n")
    assert p.observations.positions.station.tolist() == [1, 0]
    assert isinstance(p.observations.positions, Positions)
    assert isinstance(p.observations.statics, Statics)
