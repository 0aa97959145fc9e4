"""Unpacks data folders that earlier versions left, and reads them with strangers' tools."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIRST = HERE / "datafolder" / "datafolder.tar.xz"
WITH_SIGN_IN = HERE / "watchfolder" / "watchfolder.tar.xz"


def unpack_folder(into: Path, archive: Path = FIRST) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
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
