"""Targets: tables of decoded AIS (CSV, Arrow, Parquet) and the sheets of units and people."""

from __future__ import annotations

import io
import zipfile
from itertools import product
from pathlib import Path

from bench._fuzz_target import Differs, Target, pieces

CSV_HEADS = (
    b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,"
    b"Width,Draft,Cargo,TransceiverClass\n",
    b"# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,"
    b"IMO,Callsign,Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,"
    b"Destination,ETA,Data source type,A,B,C,D\n",
    b"time;mmsi;lat;lon;sog;cog\n",
)
CSV_ROWS = (
    b"412000001,2024-01-01T00:00:00,18.5,109.5,12.3,45.6,46,HAI XUN,9074729,BVA,70,0,100,20,5,0,A\n"
    b'412000001,2024-01-01T00:01:00,18.6,109.6,102.3,360,511,"HAI, XUN",,,,15,,,,,A\n',
    b"01/01/2024 00:00:00,Class A,412000001,18.5,109.5,Under way,0.0,12.3,45.6,46,9074729,BVAA,X,"
    b"Cargo,,20,100,GPS,5.0,HAIKOU,01/02/2024 10:00:00,AIS,50,50,10,10\n",
    b'1717200000;412000001;18,5;109,5;1,5;3\n2024-01-01 00:00:00+08:00;"412000002";1;2;;\n',
)


def csv_seeds() -> list[bytes]:
    whole = [head + row for head, row in zip(CSV_HEADS, CSV_ROWS, strict=True)]
    return whole + [w.replace(b"\n", b"\r\n") for w in whole] + [b"\xef\xbb\xbf" + whole[0]]


def csv_tables(_: Path) -> Target:
    """Whole and cut: the account of lines must be the same."""
    from littoral.sense.decoded import StationList
    from littoral.sense.table import CsvTable, TableError, TableOptions

    def read(parts: list[bytes]) -> tuple[int, int, int]:
        table = CsvTable(
            1, stations=StationList(), default_station="pier", options=TableOptions(datum="wgs84")
        )
        decoded = [table.feed(p) for p in parts] + [table.close()]
        for one in decoded:
            one.counts.check()
        counts = [d.counts for d in decoded]
        rows = sum(len(d.observations.positions) for d in decoded)
        return sum(c.lines for c in counts), sum(c.used for c in counts), rows

    def run(data: bytes) -> None:
        whole = read([data])
        if whole != read(pieces(data, 3)):
            raise Differs(f"cut otherwise than {whole}")

    return Target(run, (TableError,), csv_seeds)


def arrow_tables(_: Path) -> Target:
    """Typed columns of every kind that Arrow has for such values, whatever they hold."""
    import numpy as np
    import pyarrow as pa

    from littoral.sense.decoded import StationList
    from littoral.sense.table import ArrowTable, TableError, TableOptions

    names = ("time", "mmsi", "lat", "lon", "sog", "cog", "heading", "status", "name", "imo", "eta")
    kinds = (
        pa.int8(), pa.int32(), pa.int64(), pa.uint64(), pa.float32(), pa.float64(), pa.string(),
        pa.large_string(), pa.binary(), pa.bool_(), pa.timestamp("s"), pa.timestamp("us", "UTC"),
        pa.timestamp("ns"), pa.date32(), pa.date64(), pa.null(), pa.decimal128(30, 3),
        pa.dictionary(pa.int32(), pa.string()), pa.string_view(), pa.list_(pa.int32()),
        pa.float16(), pa.time64("us"), pa.duration("s"), pa.binary(4),
    )  # fmt: skip
    rows = 4

    def column(kind: pa.DataType, source: bytes) -> pa.Array:
        numbers = np.frombuffer(source.ljust(8 * rows, b"\0")[: 8 * rows], np.int64)
        if pa.types.is_null(kind):
            return pa.nulls(rows)
        if pa.types.is_dictionary(kind):
            return column(pa.string(), source).dictionary_encode()
        if pa.types.is_list(kind):
            return pa.array([[1]] * rows, kind)
        if "string" in str(kind) or "binary" in str(kind):
            texts = (pieces(source, rows) + [b""] * rows)[:rows]
            if kind == pa.binary(4):
                return pa.array([t.ljust(4)[:4] for t in texts], kind)
            if "binary" in str(kind):
                return pa.array(texts, kind)
            return pa.array([t.decode("utf-8", "replace") for t in texts], kind)
        if pa.types.is_floating(kind):
            with np.errstate(all="ignore"):
                return pa.array(numbers.view(np.float64).astype(kind.to_pandas_dtype()), kind)
        if pa.types.is_decimal(kind):
            return pa.array([int(n) % 10**12 for n in numbers], pa.int64()).cast(kind)
        if pa.types.is_boolean(kind):
            return pa.array([bool(n & 1) for n in numbers.tolist()], kind)
        width = kind.bit_width
        raw = numbers.astype(f"int{width}")
        return pa.Array.from_buffers(kind, rows, [None, pa.py_buffer(raw.tobytes())])

    def run(data: bytes) -> None:
        plan, rest = data[: len(names)], data[len(names) :]
        columns, step = {}, max(1, len(rest) // len(names))
        for i, code in enumerate(plan):
            if code < 240:
                kind = kinds[code % len(kinds)]
                columns[names[i]] = column(kind, rest[i * step : (i + 1) * step])
        batch = pa.record_batch(columns)
        table = ArrowTable(
            1, batch.schema, stations=StationList(), default_station="pier",
            options=TableOptions(datum="wgs84"),
        )  # fmt: skip
        table.take(batch).counts.check()

    def seeds() -> list[bytes]:
        values = np.arange(64, dtype=np.int64).tobytes() + b"2024-01-01T00:00:00 name 412000001"
        plans = product((2, 5, 6, 10, 11, 12, 13), (1, 2, 6), (5, 16), (0, 6))
        return [bytes([a, b, 5, 5, c, 5, 5, d, 6, b, 6]) + values for a, b, c, d in plans]

    return Target(run, (TableError,), seeds)


def parquet_seeds() -> list[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = []
    for more in ({}, {"sog": [1.5, 2.5], "name": ["HAI", "XUN"]}):
        table = pa.table(
            {
                "time": pa.array([1_717_200_000, 1_717_200_060], pa.timestamp("s")),
                "mmsi": [412000001, 412000002], "lat": [18.5, 18.6], "lon": [109.5, 109.6], **more,
            }
        )  # fmt: skip
        for compression in ("none", "snappy", "zstd"):
            out = io.BytesIO()
            pq.write_table(table, out, compression=compression)
            found.append(out.getvalue())
    return found


def sheets(_: Path) -> Target:
    """Sheets of units, agencies and people: CSV as it comes, and Excel whose cells are mutated."""
    from littoral.store.people import importing
    from littoral.store.people.organisations import Organisation
    from littoral.store.people.packaged import hainan_units
    from littoral.store.people.sheets import UnreadableFile, template

    units = hainan_units()
    there = Organisation.of(1_767_225_600_000_000, units)
    plans = (
        lambda data, name: importing.plan_units(data, name, units),
        lambda data, name: importing.plan_agencies(data, name, lambda _: there, []),
        lambda data, name: importing.plan_users(data, name, there, {}, 0),
    )
    columns = list(importing.SHEETS.values())
    blanks = [template(c, "xlsx") for c in columns]

    def run(data: bytes) -> None:
        if len(data) < 2:
            return
        plan, way, rest = plans[data[0] % 3], data[1] % 3, data[2:]
        if way == 0:
            plan(rest, "people.csv")
        elif way == 1:
            plan(rest, "people.xlsx")
        else:
            plan(refilled(blanks[data[0] % 3], rest), "people.xlsx")

    def seeds() -> list[bytes]:
        found = []
        for i, c in enumerate(columns):
            found.append(bytes([i, 0]) + template(c, "csv"))
            found.append(bytes([i, 1]) + blanks[i])
            with zipfile.ZipFile(io.BytesIO(blanks[i])) as book:
                found.append(bytes([i, 2]) + book.read("xl/worksheets/sheet1.xml"))
        return found

    return Target(run, (UnreadableFile,), seeds)


def refilled(book: bytes, sheet: bytes) -> bytes:
    """The Excel file with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = sheet if name == "xl/worksheets/sheet1.xml" else old.read(name)
            new.writestr(name, data)
    return out.getvalue()
