"""Runs the whole engine in process over bytes, and reads back what it left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.dataset as ds

from littoral.engine import core
from littoral.engine.files_in import Merge
from littoral.engine.history import History, Report
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import Decoded, StationList

from .scene import world

ROWS = ("observations", "statics", "texts")


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What a run left: its report, and its tables in an order of their own."""

    report: Report
    alerts: dict[str, dict[str, Any]]
    tables: dict[str, pa.Table]

    def __repr__(self) -> str:
        return f"<{len(self.alerts)} alerts, {self.report.counts.lines} lines>"

    def kinds(self) -> set[tuple[str, str]]:
        return {(a["rule"], a["kind"]) for a in self.alerts.values()}


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """`data` cut at these places."""
    return [data[a:b] for a, b in pairwise([0, *sorted(cuts), len(data)])]


def run(feeds: Sequence[Sequence[bytes]], out: Path) -> Outcome:
    """A history run with all detectors; each feed is one source, given in chunks."""
    stations = StationList()

    def open_input(source: int, path: str) -> Iterator[tuple[Decoded, float]]:
        decoder = AisDecoder(source, stations=stations, default_station=path)
        for chunk in feeds[source - 1]:
            yield decoder.feed(chunk), 0.0
        yield decoder.close(), 1.0

    merged = Merge([f"feed {i}" for i in range(1, len(feeds) + 1)], open_input)
    report = History(core.choose_rules("coastal"), world(), stations, out).run(merged)
    return Outcome(report, alerts_of(out), {t: table_of(out, t) for t in (*ROWS, "tracks")})


def table_of(root: Path, name: str) -> pa.Table:
    """A table of a lake, by observation or track, with the names of receivers: their numbers are
    given as they are first heard, and which of two feeds is decoded first is a matter of cut."""
    if not (root / name).is_dir():
        return pa.table({})
    table = ds.dataset(root / name, partitioning=None).to_table()
    names = ds.dataset(root / "receivers").to_table()["name"].to_pylist()
    for column, of in (("station", _named), ("stations", _all_named)):
        if column in table.column_names:
            texts = [of(v, names) for v in table[column].to_pylist()]
            table = table.set_column(table.column_names.index(column), column, [texts])
    keys = [k for k in ("obs_id", "track") if k in table.column_names]
    return table.sort_by([(keys[0], "ascending")]) if len(table) else table


def _named(station: int | None, names: list[str]) -> str:
    return "" if station is None or station < 0 else names[station]


def _all_named(stations: int, names: list[str]) -> str:
    return " ".join(sorted(name for i, name in enumerate(names) if stations >> i & 1))


def alerts_of(root: Path) -> dict[str, dict[str, Any]]:
    """Alerts of a lake by id."""
    rows = as_said(ds.dataset(root / "alerts", partitioning=None).to_table())
    assert len({r["id"] for r in rows}) == len(rows)
    return {r["id"]: r for r in rows}


def as_said(alerts: pa.Table) -> list[dict[str, Any]]:
    """Rows of a table of alerts with what is JSON in them read."""
    rows = alerts.to_pylist()
    for row in rows:
        for name in ("facts", "settings"):
            row[name] = orjson.loads(row[name])
    return rows
