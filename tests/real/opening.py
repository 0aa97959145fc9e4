"""Unpacks the data folder that an earlier version left, and reads it with strangers' tools."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

ARCHIVE = Path(__file__).parent / "datafolder" / "datafolder.tar.xz"


def unpack_folder(into: Path) -> Path:
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(into, filter="data")
    return into / "data"


def stored(folder: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table of its records, documents read."""
    with closing(sqlite3.connect(folder / "records.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(r) for r in connection.execute(f"select * from {table}")]
    for row in rows:
        for name in ("document", "value", "before", "after", "about"):
            if isinstance(row.get(name), str):
                row[name] = json.loads(row[name])
    return rows
