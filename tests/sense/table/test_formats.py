"""Tables in common use, as their publishers write them, and the recording of the Solent.

Rows after the publishers' own descriptions: Marine Cadastre (AIS data dictionary, the layouts of
2018-2024 and of 2025), the Danish Maritime Authority (AIS data, column description). Expected
times are from `date -u -d ... +%s`, speeds by hand: 1 kn = 1852/3600 m/s.
"""

# ruff: noqa: E501 - lines of tables are as long as they are

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from littoral.schema.ais import (
    ATON,
    BASE,
    CLASS_A,
    CLASS_B,
    FLAG_BAD_MMSI,
    FLAG_FAST_LEFT,
    FLAG_FAST_RIGHT,
    SAR_AIRCRAFT,
)
from littoral.sense.decoded import StationList
from littoral.sense.table import ArrowTable, TableError, TableOptions
from tests.sense.table.reading import SOURCE, read_csv

KN = 1852 / 3600
MARINE_CADASTRE = """\
MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass
367390380,2020-01-01T00:00:00,42.37518,-71.04187,0.0,125.6,511.0,VINCENT D TIBBETTS J,IMO7719612,WDE5251,70,0,82,19,5.2,70,A
338327000,2020-01-01T00:00:03,25.77340,-80.18512,102.3,360.0,90.0,,,,37,,,,,,B
367390380,2020-01-01T00:01:10,42.37519,-71.04186,5.4,126.0,120.0,VINCENT D TIBBETTS J,IMO7719612,WDE5251,70,5,82,19,5.2,70,A
"""
CADASTRE_2025 = """\
mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver
368382440,2025-12-31 00:00:00,-76.43,36.96,4.7,321.6,327,PATRICIA B. MORAN,IMO1079618,WDP7519,52,0,26,11,5.0,52,A
"""
DANISH = """\
# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D
04/11/2018 03:57:16,Class A,219012382,57.123067,8.597717,Under way using engine,-3.0,10.2,359.9,358,9123456,OWAB2,NORDSOEN,Fishing,,9,31,GPS,4.5,HANSTHOLM,05/11/2018 06:30:00,AIS,20,11,6,3
04/11/2018 03:57:16,Class B,219999999,55.5,11.25,Unknown value,,,,,Unknown,Unknown,,Pleasure,,,,Undefined,,Unknown,,AIS,,,,
04/11/2018 03:57:17,Base Station,2190064,56.7166,11.519,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,GPS,,Unknown,,AIS,,,,
04/11/2018 03:57:18,AtoN,992191501,91.0,0.0,Unknown value,,,,,Unknown,Unknown,DROGDEN FYR,Undefined,,,,GPS,,Unknown,,AIS,,,,
04/11/2018 03:57:19,SAR Airborne,111219502,55.9,12.1,Unknown value,,140,90,,Unknown,Unknown,,Undefined,,,,GPS,,Unknown,,AIS,,,,
"""
# The recording has no licence line of its own, so it is read where somebody has put it: beside the
# repository or in the folder that LITTORAL_RECORDINGS names. Its form is tested either way.
RECORDINGS = Path(
    os.environ.get("LITTORAL_RECORDINGS", Path(__file__).parents[4] / "shared" / "data")
)
SOLENT = RECORDINGS / "ais" / "SolentAIS_20160112_130211.csv"
SOLENT_FORM = """Time,MMSI,Latitude_degrees,Longitude_degrees,COG_degrees,SOG_knots
2016-01-12 13:02:11.218,235099999,50.7730133333333,-1.092935,157.8,5.9
2016-01-12 13:02:11.327,235088888,50.7766666666667,-1.10866666666667,360.0,19.8
"""


def test_marine_cadastre() -> None:
    got = read_csv(MARINE_CADASTRE)
    p = got.observations.positions
    assert got.counts.used == 3
    assert got.counts.ignored == {"header": 1}
    assert p.t_us.tolist() == [1577836800_000000, 1577836803_000000, 1577836870_000000]
    assert p.mmsi.tolist() == [367390380, 338327000, 367390380]
    assert p.lat_deg.tolist() == [42.37518, 25.7734, 42.37519]
    assert p.lon_deg.tolist() == [-71.04187, -80.18512, -71.04186]
    np.testing.assert_allclose(p.sog_mps, [0.0, np.nan, 5.4 * KN], rtol=1e-6)
    np.testing.assert_allclose(p.cog_deg, [125.6, np.nan, 126.0], rtol=1e-6)
    np.testing.assert_allclose(p.heading_deg, [np.nan, 90.0, 120.0])
    assert p.nav_status.tolist() == [0, -1, 5]
    assert p.kind.tolist() == [CLASS_A, CLASS_B, CLASS_A]
    assert p.obs_id.tolist() == [SOURCE << 40 | line for line in (2, 3, 4)]


def test_marine_cadastre_static_data_once_until_they_change() -> None:
    s = read_csv(MARINE_CADASTRE).observations.statics
    assert s.mmsi.tolist() == [367390380, 338327000]
    assert s.name.tolist() == [b"VINCENT D TIBBETTS J", b""]
    assert s.imo.tolist() == [7719612, -1]
    assert s.call_sign.tolist() == [b"WDE5251", b""]
    assert s.ship_type.tolist() == [70, 37]
    # No reference point: A = C = 0, B and D the whole (ITU-R M.1371-5, Annex 8, figure 41).
    np.testing.assert_array_equal(s.to_bow_m, [0.0, np.nan])
    np.testing.assert_array_equal(s.to_stern_m, [82.0, np.nan])
    np.testing.assert_array_equal(s.to_starboard_m, [19.0, np.nan])
    np.testing.assert_allclose(s.draught_m, [5.2, np.nan], rtol=1e-6)
    changed = MARINE_CADASTRE + MARINE_CADASTRE.splitlines()[1].replace("5.2", "6.1") + "\n"
    assert read_csv(changed).observations.statics.draught_m[2] == np.float32(6.1)


def test_marine_cadastre_of_2025() -> None:
    got = read_csv(CADASTRE_2025).observations
    assert got.positions.t_us.tolist() == [1767139200_000000]
    assert (got.positions.lat_deg[0], got.positions.lon_deg[0]) == (36.96, -76.43)
    assert got.statics.name.tolist() == [b"PATRICIA B. MORAN"]


def test_danish_maritime_authority() -> None:
    got = read_csv(DANISH)
    p, s = got.observations.positions, got.observations.statics
    assert got.counts.used == 5
    assert p.t_us.tolist() == [1541303836_000000 + i * 1_000_000 for i in (0, 0, 1, 2, 3)]
    assert p.kind.tolist() == [CLASS_A, CLASS_B, BASE, ATON, SAR_AIRCRAFT]
    assert p.msg_type.tolist() == [1, 18, 4, 21, 9]
    assert p.nav_status.tolist() == [0, -1, -1, -1, -1]
    np.testing.assert_allclose(p.rot_degpm, [-3, np.nan, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(np.isnan(p.lat_deg), [False, False, False, True, False])
    np.testing.assert_array_equal(np.isnan(p.lon_deg), [False, False, False, True, False])
    assert p.flags.tolist() == [0, 0, 0, 0, 0]
    assert s.mmsi.tolist() == [219012382, 219999999, 992191501]
    assert s.ship_type.tolist() == [30, 37, -1]
    assert s.eta.tolist() == [b"11-05T06:30Z", b"", b""]
    assert s.destination.tolist() == [b"HANSTHOLM", b"", b""]
    sides = (s.to_bow_m[0], s.to_stern_m[0], s.to_starboard_m[0], s.to_port_m[0])
    assert sides == (20, 11, 6, 3)  # C to starboard, D to port, as the authority describes them


def test_the_form_of_the_solent_recording() -> None:
    """Named columns of units; the datum is settled by AIS's own standard, course 360 is none."""
    got = read_csv(SOLENT_FORM)
    p = got.observations.positions
    assert (got.counts.used, got.counts.ignored) == (2, {"header": 1})
    assert p.t_us.tolist() == [1452603731_218000, 1452603731_327000]
    np.testing.assert_allclose(p.sog_mps, [5.9 * KN, 19.8 * KN], rtol=1e-6)
    np.testing.assert_allclose(p.lat_deg, [50.7730133333333, 50.7766666666667])
    np.testing.assert_allclose(p.cog_deg, [157.8, np.nan])


def the_solent_recording() -> None:
    """18,623 reports of 91 vessels in 84 minutes (docs/reports/solent.md)."""
    got = read_csv(SOLENT.read_bytes())
    p = got.observations.positions
    assert (got.counts.lines, got.counts.used, len(got.rejects)) == (18624, 18623, 0)
    assert len(set(p.mmsi.tolist())) == 91
    assert (p.t_us[0], p.t_us[-1] - p.t_us[0]) == (1452603731_218000, 5070_706000)
    assert 50.5 < p.lat_deg.min() < p.lat_deg.max() < 51.0


if SOLENT.is_file():
    test_the_solent_recording = the_solent_recording


@pytest.mark.parametrize(
    "header",
    ["mmsi,time,lat,lon", "MMSI;Timestamp;Latitude;Longitude", "lon\tlat\tt\tmmsi", "x|y|ts|mmsi"],
)
def test_simple_headers_and_separators(header: str) -> None:
    separator = next(c for c in ",;\t|" if c in header)
    values = {"mmsi": "412000001", "la": "19.5", "y": "19.5", "lo": "110.25", "x": "110.25"}
    row = [
        next((v for k, v in values.items() if n.lower().startswith(k)), "2024-02-29T23:59:59Z")
        for n in header.split(separator)
    ]
    p = read_csv(f"{header}\n{separator.join(row)}\n").observations.positions
    assert (p.t_us[0], p.lat_deg[0], p.lon_deg[0]) == (1709251199_000000, 19.5, 110.25)


@pytest.mark.parametrize(
    ("header", "value", "mps"),
    [
        ("speed", 10, 10 * KN),
        ("SOG_knots", 10, 10 * KN),
        ("speed_mps", 10, 10.0),
        ("Speed (km/h)", 36, 10.0),
        ("sog [m/s]", 10, 10.0),
    ],
)
def test_units_in_names(header: str, value: int, mps: float) -> None:
    p = read_csv(f"mmsi,time,lat,lon,{header}\n1,2024-01-01,1,2,{value}\n").observations.positions
    np.testing.assert_allclose(p.sog_mps, [mps], rtol=1e-6)


def test_columns_named_by_the_user() -> None:
    table = "boat,when,Breite,Laenge,v\n412000001,1700000000000,19,110,10\n"
    columns = {"mmsi": "boat", "time": "when", "lat": "Breite", "lon": "4", "sog:mps": "v"}
    got = read_csv(table, columns=columns, datum="wgs84").observations.positions
    assert (got.t_us[0], got.lon_deg[0], got.sog_mps[0]) == (1700000000_000000, 110.0, 10.0)
    with pytest.raises(TableError, match="--datum"):
        read_csv(table, columns=columns)


def test_a_declared_datum_is_converted() -> None:
    """Tiananmen in GCJ-02 and BD-09, after the worked example that many libraries share:
    WGS 84 (116.391275, 39.906216) is GCJ-02 (116.397518, 39.907618) to a few metres."""
    table = (
        "mmsi,time,lat,lon\n412000001,0100-01-01,1,2\n412000001,2024-01-01,39.907618,116.397518\n"
    )
    p = read_csv(table, datum="gcj02").observations.positions
    np.testing.assert_allclose((p.lon_deg, p.lat_deg), [[116.391275], [39.906216]], atol=5e-5)
    assert read_csv(table).observations.positions.lon_deg.tolist() == [116.397518]


def test_chinese_headers_ask_for_the_datum() -> None:
    table = (
        "船名,MMSI,时间,经度,纬度,航速(节)\n琼临渔01234,412000001,2024-01-01 08:00:00,110,19,5\n"
    )
    with pytest.raises(TableError, match=r"wgs84.cgcs2000.gcj02.bd09"):
        read_csv(table)
    got = read_csv(table, datum="cgcs2000", columns={"time:+08:00": "时间"}).observations
    assert got.positions.t_us.tolist() == [1704067200_000000]
    assert got.statics.name[0].decode() == "琼临渔01234"


def test_chinese_headers_as_maritime_tables_have_them() -> None:
    """Words of AIS displays and of tables that maritime authorities hand out: 九位码 is the MMSI, 航迹向 the course over ground."""
    table = (
        "九位码,船舶名称,定位时间,经度,纬度,对地速度(节),航迹向,船艏向,船舶种类,船舶长度,船舶宽度,吃水深度,目的港\n"
        "412000001,HAI 1,2024-01-01 00:00:00,110,19,10,90,91,70,100,16,5.5,HAIKOU\n"
    )
    got = read_csv(table, datum="wgs84").observations
    p, s = got.positions, got.statics
    assert p.mmsi.tolist() == [412_000_001]
    np.testing.assert_allclose(p.sog_mps, [10 * 1852 / 3600], rtol=1e-6)
    assert (p.cog_deg.tolist(), p.heading_deg.tolist()) == ([90.0], [91.0])
    assert (s.name[0], s.ship_type[0], s.destination[0]) == (b"HAI 1", 70, b"HAIKOU")
    assert (s.draught_m[0], s.to_bow_m[0] + s.to_stern_m[0]) == (5.5, 100)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("a,b,c\n1,2,3\n", "no column for time, mmsi, lat, lon among a, b, c"),
        ("mmsi,time,lat,lon,latitude\n", "lat may be any of lat, latitude"),
        ("", "holds no line"),
        ("\xff\xfea\x00".encode("latin-1").decode("latin-1"), "no column"),
    ],
)
def test_what_is_no_table_of_ais_is_said(table: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        read_csv(table)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"depth": "a"}, "fields are time"),
        ({"lat": "nowhere"}, "no column of this name"),
        ({"lat": "99"}, "no column of this name"),
        ({"sog:furlongs": "a"}, "units of sog are knots"),
        ({"time:later": "a"}, "write s, ms"),
    ],
)
def test_wrong_mappings_are_said(columns: dict[str, str], said: str) -> None:
    with pytest.raises(TableError, match=said):
        read_csv("mmsi,time,lat,lon,a\n", columns=columns)


def test_dates_with_slashes_are_read_only_as_told() -> None:
    table = "mmsi,time,lat,lon\n1,03/04/2024 00:00,1,2\n"
    got = read_csv(table)
    assert (got.rejects.reason, got.rejects.field) == (["bad_time"], ["time"])
    for unit, day in (("dmy", 1712102400), ("mdy", 1709510400)):  # 3 April, 4 March 2024
        p = read_csv(table, columns={f"time:{unit}": "time"}).observations.positions
        assert p.t_us.tolist() == [day * 1_000_000]


def test_date_and_time_apart() -> None:
    p = read_csv("mmsi,date,time,lat,lon\n1,2024-01-02,03:04:05,1,2\n").observations.positions
    assert p.t_us.tolist() == [1704164645_000000]


def test_turn_rate_only_with_its_unit() -> None:
    """ROTais 20 is (20/4.733)^2 = 17.86 degrees a minute; without a unit 20 may be either."""
    table = (
        "mmsi,time,lat,lon,rot\n1,2024-01-01,1,2,20\n1,2024-01-01,1,2,-128\n1,2024-01-01,1,2,127\n"
    )
    assert np.isnan(read_csv(table).observations.positions.rot_degpm).all()
    coded = read_csv(table, columns={"rot:code": "rot"}).observations.positions
    np.testing.assert_allclose(coded.rot_degpm, [17.856, np.nan, np.nan], rtol=1e-3)
    assert coded.flags.tolist() == [FLAG_BAD_MMSI, FLAG_BAD_MMSI, FLAG_BAD_MMSI | FLAG_FAST_RIGHT]
    turned = read_csv(table, columns={"rot:degpm": "rot"}).observations.positions
    np.testing.assert_allclose(turned.rot_degpm, [20.0, np.nan, 127.0])
    # 708.7 is code 126; 720 (gpsd's scale of +-127) is a direction alone.
    text = "mmsi,time,lat,lon,rot\n" + "".join(
        f"412000001,2024-01-01,1,2,{v}\n" for v in (708.7, 720, -720)
    )
    fast = read_csv(text, columns={"rot:degpm": "rot"}).observations.positions
    np.testing.assert_allclose(fast.rot_degpm, [708.7, np.nan, np.nan], rtol=1e-6)
    assert fast.flags.tolist() == [0, FLAG_FAST_RIGHT, FLAG_FAST_LEFT]


def test_odd_mmsi_is_flagged_and_kept() -> None:
    p = read_csv("mmsi,time,lat,lon\n5,2024-01-01,1,2\n412000001,2024-01-01,1,2\n")
    assert p.observations.positions.flags.tolist() == [FLAG_BAD_MMSI, 0]


def test_arrow_gives_the_same_as_csv() -> None:
    for text in (MARINE_CADASTRE, DANISH.removeprefix("# "), SOLENT_FORM):
        whole = pyarrow.csv.read_csv(pa.BufferReader(text.encode()))
        table = ArrowTable(SOURCE, whole.schema, stations=StationList(), default_station="file")
        parts = [table.take(b) for b in whole.to_batches(max_chunksize=7)]
        got = np.concatenate([p.observations.positions.t_us for p in parts])
        expected = read_csv(text).observations.positions
        np.testing.assert_array_equal(got, expected.t_us)
        for name in ("lon_deg", "sog_mps", "heading_deg", "nav_status", "kind", "flags"):
            values = np.concatenate([getattr(p.observations.positions, name) for p in parts])
            np.testing.assert_array_equal(values, getattr(expected, name))
        statics = np.concatenate([p.observations.statics.name for p in parts])
        np.testing.assert_array_equal(statics, read_csv(text).observations.statics.name)
        assert sum(p.counts.lines for p in parts) == whole.num_rows


def test_arrow_reads_typed_and_coded_columns_and_names_bad_rows() -> None:
    table = pa.table(
        {
            "mmsi": pa.array(["412000001", "x"]).dictionary_encode(),
            "timestamp": pa.array([1, 2], pa.timestamp("ms", "Asia/Shanghai")),
            "lat": pa.array([19.0, None], pa.float32()),
            "lon": pa.array([110, 111], pa.int16()),
        }
    )
    reader = ArrowTable(1, table.schema, stations=StationList(), default_station="f")
    got = reader.take(table.to_batches()[0])
    assert got.observations.positions.t_us.tolist() == [1000]
    assert (got.rejects.line.tolist(), got.rejects.field) == ([2], ["mmsi"])
    assert b'"mmsi": "x"' in got.rejects.raw[0]
    with pytest.raises(TableError):
        ArrowTable(1, pa.schema([("a", pa.int8())]), stations=StationList(), default_station="f")
    assert TableOptions().datum is None
