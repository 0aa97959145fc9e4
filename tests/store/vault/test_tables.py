"""The migration makes the tables of the code, on both databases, and none crosses the lines."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.vault import tables
from tests.test_never import FORBIDDEN

ROOT = Path(__file__).resolve().parents[3]
TABLES = [t for t in vars(tables).values() if isinstance(t, sa.Table)]


def test_the_migration_makes_the_tables_of_the_code(url: str) -> None:
    assert len(TABLES) == 16
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
        assert {f.target_fullname for c in there.c for f in c.foreign_keys} == {
            f.target_fullname for c in expected.c for f in c.foreign_keys
        }
        assert {tuple(c.name for c in i.columns) for i in expected.indexes} <= {
            tuple(c.name for c in i.columns) for i in there.indexes
        }
        for column in expected.c:
            if isinstance(column.type, sa.String) and column.type.length:
                assert there.c[column.name].type.length == column.type.length


def test_no_written_schema_crosses_the_lines() -> None:
    for where in (
        "src/littoral/store/vault/tables.py",
        "src/littoral/store/migrations/versions/0200_vault.py",
        "src/littoral/access/retention.toml",
    ):
        text = (ROOT / where).read_text(encoding="utf-8")
        assert len(text) > 500
        assert FORBIDDEN.search(text) is None


def test_no_column_holds_a_personal_field_in_clear() -> None:
    """Only sealed bytes may: LargeBinary. No text column is named as a personal field."""
    from littoral.store.vault.fields import FIELDS

    names = {c.name for t in TABLES for c in t.c if not isinstance(c.type, sa.LargeBinary)}
    assert len(names) > 40
    # `name` is the name of a field or of a key, not of a person.
    assert names & FIELDS.keys() == {"name"}
