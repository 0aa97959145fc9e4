"""docs/limits.md, the lines that a schema could cross: no field of any schema may carry these."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

import littoral.schema.ais as ais
from littoral.schema.columns import Rows
from littoral.schema.fleet import FLEET_COLUMNS

FORBIDDEN = re.compile(
    r"ethnic|nationality_of_person|religio|faith|political|party_member|face_|gait|biometric"
    r"|person_score|risk_score|credit_score|social_media|wechat|weibo",
    re.IGNORECASE,
)
ROOT = Path(__file__).resolve().parent.parent


def schema_names() -> list[str]:
    names = [n for n, _, _ in FLEET_COLUMNS]
    for _, table in inspect.getmembers(ais, inspect.isclass):
        if issubclass(table, Rows) and table is not Rows:
            names += table.TABLE.names()
    return names


def test_there_are_schemas_to_read():
    assert len(schema_names()) > 60


def test_no_column_crosses_the_lines():
    assert [n for n in schema_names() if FORBIDDEN.search(n)] == []


WRITTEN = (
    "contracts/openapi.json",
    "src/littoral/schema/finding.py",
    "src/littoral/sense/table/names.py",
    "src/littoral/store/migrations/versions/0001_first.py",
    "src/littoral/access/schema.cedarschema",
    "src/littoral/schema/logentry.py",
    "src/littoral/store/changes.py",
    "src/littoral/store/migrations/versions/0100_people.py",
    "src/littoral/store/migrations/versions/0200_vault.py",
    "src/littoral/store/migrations/versions/0300_changes.py",
    "src/littoral/store/migrations/versions/0400_administration.py",
    "src/littoral/store/people/tables.py",
    "src/littoral/store/tables.py",
)


@pytest.mark.parametrize("where", WRITTEN)
def test_no_written_schema_crosses_the_lines(where):
    text = (ROOT / where).read_text()
    assert len(text) > 500
    assert FORBIDDEN.search(text) is None


def test_no_route_lists_persons():
    """What is about persons is asked for by a case, never by a list to browse."""
    document = json.loads((ROOT / "contracts" / "openapi.json").read_text())
    listing = [
        path
        for path, item in document["paths"].items()
        if "get" in item
        and re.search(r"/(persons?|subjects?|people)$", path)
        and "{case_id}" not in path
    ]
    assert len(document["paths"]) > 40
    assert listing == []
