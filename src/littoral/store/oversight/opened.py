"""Files that show persons, answers to forms among them, as they were looked at, copied or taken out
as a bundle: each counts as a person opened (docs/personal-data.md, rule 5).

The entry in the log names no class and no step, so both come from custody: of what class a file is
known to be now, also where it was looked at before somebody said that it shows persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.oversight.listing import Access, Wanted, conditions
from littoral.store.oversight.tables import accesses
from littoral.store.vault import tables

READ = "evidence.read"
SHOWS_NOBODY = "operational"
AT_ONCE = 10_000  # parameters of a statement


def with_shown_files(connection: Connection, rows: Sequence[Access]) -> list[Access]:
    """The same accesses; those by which a file that shows persons was opened have how as their
    `manner`: view, copy or bundle."""
    read = [r for r in rows if r.action == READ and r.thing.startswith("evidence:")]
    files = sorted({r.thing.partition(":")[2] for r in read})
    c = tables.custody.c
    steps: dict[int, str] = {}
    for at in range(0, len(files), AT_ONCE):
        query = _shown(sa.select(c.log_index, c.document).select_from(tables.custody))
        for row in connection.execute(query.where(c.evidence_id.in_(files[at : at + AT_ONCE]))):
            steps[row.log_index] = str(row.document["step"])
    return [replace(r, manner=steps[r.index]) if r.index in steps else r for r in rows]


def shown_files(connection: Connection, wanted: Wanted) -> int:
    """How often a file that shows persons was opened."""
    where = conditions(connection, wanted)
    if where is None:
        return 0
    query = _shown(sa.select(sa.func.count()).select_from(tables.custody))
    query = query.join(accesses, accesses.c.log_index == tables.custody.c.log_index)
    return int(connection.execute(query.where(*where)).scalar_one())


def _shown(query: sa.Select[Any]) -> sa.Select[Any]:
    """Of custody: the steps after the first, which takes a file in."""
    c, e = tables.custody.c, tables.evidence.c
    return query.join(tables.evidence, e.id == c.evidence_id).where(
        c.number > 0, c.log_index.is_not(None), e.data_class != SHOWS_NOBODY
    )
