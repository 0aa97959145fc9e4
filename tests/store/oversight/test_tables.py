"""The migration makes the tables of the code, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.oversight import tables
from tests.test_never import FORBIDDEN

TABLES = [t for t in vars(tables).values() if isinstance(t, sa.Table)]


def test_the_migration_makes_the_tables_of_the_code(url: str) -> None:
    assert len(TABLES) == 4
    database = Database(url)
    found = sa.MetaData()
    with database.read() as connection:
        found.reflect(connection)
    database.close()
    for expected in TABLES:
        there = found.tables[expected.name]
        assert [(c.name, c.nullable, c.primary_key) for c in there.c] == [
            (c.name, c.nullable, c.primary_key) for c in expected.c
        ]
        assert {tuple(c.name for c in i.columns) for i in expected.indexes} <= {
            tuple(c.name for c in i.columns) for i in there.indexes
        }
        assert [c.name for c in expected.c if FORBIDDEN.search(c.name)] == []
        for column in expected.c:
            if isinstance(column.type, sa.String) and column.type.length:
                assert there.c[column.name].type.length == column.type.length
