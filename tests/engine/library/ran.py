"""What `littoral run` writes of alerts, to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from littoral.cli import main

SAME = ("id", "rule", "kind", "profile", "start_us", "end_us", "sentence_en", "facts", "settings")


def ran(paths: Path | list[Path], out: Path, *options: str) -> list[tuple[Any, ...]]:
    """The columns SAME of all alerts, by start and id."""
    files = [str(p) for p in (paths if isinstance(paths, list) else [paths])]
    assert main(["run", *files, "--out", str(out), *options]) == 0
    written = sorted(str(p) for p in (out / "alerts").rglob("*.parquet"))
    if not written:
        return []
    columns = ", ".join(SAME)
    return duckdb.execute(
        f"select {columns} from read_parquet(?) order by start_us, id", [written]
    ).fetchall()


def called(alerts: Any) -> list[tuple[Any, ...]]:
    """The same columns of a table of Arrow that a call gave."""
    rows = alerts.to_pylist()
    for row in rows:
        for name in ("start", "end"):
            row[f"{name}_us"] = None if row[name] is None else round(row[name].timestamp() * 1e6)
    return [tuple(row[name] for name in SAME) for row in rows]
