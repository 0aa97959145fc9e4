"""Reading the lake with DuckDB: read-only, from the lake's folder alone, nothing downloaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from littoral.store import lake_files as files
from littoral.store.lake_files import HOUR_US, LakeError
from littoral.store.lake_tables import RECEIVERS, SCHEMAS, time_column

MEMORY = "1GB"
THREADS = 2
_TRACK_ID = re.compile(r"(\d{9,10})-(\d{8})T(\d{6})(?:\.(\d{1,6}))?Z\Z")


def connect(root: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can read below `root` and do nothing else outside its own memory."""
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY,
            "threads": THREADS,
        },
    )
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = false")
    folder = str(root.resolve())
    allowed = ", ".join(_quoted(p) for p in {folder, _globbed(folder)})
    con.execute(f"SET allowed_directories = [{allowed}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def select(root: Path, query: str, beside: Mapping[str, pa.Table]) -> pa.Table:
    def run() -> pa.Table:
        with connect(root) as con:
            for table in SCHEMAS:
                if table in beside:
                    con.register(table, beside[table])
                else:
                    con.execute(f"CREATE VIEW {table} AS {_view(root, table)}")
            con.execute(f"CREATE VIEW receivers AS {_receivers(root)}")
            statements = con.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise LakeError("one SELECT at a time; the lake is read-only")
            return _fetch(con.sql(statements[0].query))

    try:
        return files.again(run, duckdb.IOException)
    except duckdb.Error as error:
        raise LakeError(str(error)) from None


def positions_of(
    root: Path,
    thing: int | str,
    from_us: int | None,
    to_us: int | None,
    limit: int,
    newest: bool,
    track: int | None,
) -> pa.Table:
    if isinstance(thing, str):
        thing, start_us = parse_track_id(thing)
        from_us = start_us if from_us is None else max(from_us, start_us)

    def run() -> pa.Table:
        paths = _paths(root, "observations", from_us, to_us)
        if not paths:
            return SCHEMAS["observations"].empty_table()
        listed = ", ".join(_quoted(p) for p in paths)
        where = [f"mmsi = {int(thing)}"]
        if track is not None:
            where.append(f"track = {int(track)}")
        if from_us is not None:
            where.append(f"t_us >= {int(from_us)}")
        if to_us is not None:
            where.append(f"t_us < {int(to_us)}")
        text = (
            f"SELECT * FROM read_parquet([{listed}], union_by_name = true, "
            f"hive_partitioning = false) WHERE {' AND '.join(where)} "
            f"ORDER BY t_us {'DESC' if newest else 'ASC'}, obs_id {'DESC' if newest else 'ASC'} "
            f"LIMIT {max(0, int(limit))}"
        )
        with connect(root) as con:
            found = _fetch(con.sql(text))
        if newest:
            found = found.take(pa.array(np.arange(found.num_rows)[::-1].copy()))
        return found

    try:
        return files.again(run, duckdb.IOException)
    except duckdb.Error as error:
        raise LakeError(str(error)) from None


def parse_track_id(track_id: str) -> tuple[int, int]:
    """(MMSI, first report in us) of an id as `Fleet.track_id` makes it; LakeError if it is none."""
    match = _TRACK_ID.match(track_id)
    if match is None:
        raise LakeError(f"not the id of a track: {track_id!r}")
    d, t = match[2], match[3]
    text = f"{d[:4]}-{d[4:6]}-{d[6:]}T{t[:2]}:{t[2:4]}:{t[4:]}.{match[4] or '0'}"
    try:
        return int(match[1]), int(np.datetime64(text, "us").astype(np.int64))
    except ValueError:
        raise LakeError(f"not the id of a track: {track_id!r}") from None


def _fetch(relation: duckdb.DuckDBPyRelation) -> pa.Table:
    return relation.to_arrow_table()


def _view(root: Path, table: str) -> str:
    time = time_column(table)
    if any(_parquet(folder) for _, folder in files.hour_folders(root, table)):
        pattern = f"{_globbed(str((root / table).resolve()))}/date=*/hour=*/*.parquet"
        return (
            f"SELECT *, make_timestamptz({time}) AS t FROM read_parquet({_quoted(pattern)}, "
            "union_by_name = true, hive_partitioning = true, "
            "hive_types = {'date': DATE, 'hour': INTEGER})"
        )
    partition = ["NULL::DATE AS date", "NULL::INTEGER AS hour", "NULL::TIMESTAMPTZ AS t"]
    return _nothing(SCHEMAS[table], *partition)


def _receivers(root: Path) -> str:
    path = files.receivers_file(root.resolve())
    if path.is_file():
        return f"SELECT * FROM read_parquet({_quoted(_globbed(str(path)))})"
    return _nothing(RECEIVERS)


def _nothing(schema: pa.Schema, *more: str) -> str:
    columns = [f"NULL::{_duck(f.type)} AS {f.name}" for f in schema]
    return f"SELECT {', '.join([*columns, *more])} WHERE false"


def _paths(root: Path, table: str, from_us: int | None, to_us: int | None) -> list[str]:
    paths: list[str] = []
    for hour, folder in files.hour_folders(root.resolve(), table):
        if from_us is not None and (hour + 1) * HOUR_US <= from_us:
            continue
        if to_us is not None and hour * HOUR_US >= to_us:
            continue
        paths += _parquet(folder)
    return paths


def _parquet(folder: Path) -> list[str]:
    return sorted(str(p) for p in folder.glob("*.parquet"))


_DUCK = {
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.uint32(): "UINTEGER",
    pa.uint64(): "UBIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
}


def _duck(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_DUCK[kind.value_type]}[]"
    return _DUCK[kind]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _globbed(path: str) -> str:
    """The path with what a glob would take for a pattern made literal."""
    return re.sub(r"([\[*?])", r"[\1]", path)
