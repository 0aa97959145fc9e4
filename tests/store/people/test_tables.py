"""The migration makes the tables that the code expects, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.people import tables

TABLES = [t for t in vars(tables).values() if isinstance(t, sa.Table)]


def test_the_migration_makes_the_tables_of_the_code(url: str) -> None:
    assert len(TABLES) == 14
    database = Database(url)
    try:
        found = sa.MetaData()
        with database.read() as connection:
            found.reflect(connection)
    finally:
        database.close()
    for expected in TABLES:
        there = found.tables[expected.name]
        assert [(c.name, c.nullable, c.primary_key) for c in there.c] == [
            (c.name, c.nullable, c.primary_key) for c in expected.c
        ]
        keys = {f.target_fullname for c in expected.c for f in c.foreign_keys}
        assert {f.target_fullname for c in there.c for f in c.foreign_keys} == keys
        unique = {c.name for c in expected.c if c.unique}
        made = [u for u in there.constraints if isinstance(u, sa.UniqueConstraint)]
        made_unique = {c.name for u in made for c in u.columns}
        made_unique |= {c.name for i in there.indexes if i.unique for c in i.columns}
        assert made_unique == unique
        assert {tuple(c.name for c in i.columns) for i in expected.indexes} <= {
            tuple(c.name for c in i.columns) for i in there.indexes
        }
        for column in expected.c:
            if isinstance(column.type, sa.String) and column.type.length:
                assert there.c[column.name].type.length == column.type.length
