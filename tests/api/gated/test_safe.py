"""A GET writes nothing to the records (RFC 9110, 9.2.1): every one of the OpenAPI document is asked
as somebody who may, and all tables are compared.

What it leaves is the trace that it must leave: the entry in the log that somebody saw personal
data, and what is made of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from littoral.api.app import build_app
from littoral.area.world import World

from .questions import Question, prepare
from .scene import ANONYMOUS, Scene, served_scene
from .tables import ALLOW, OPEN, operations, rows

# Tables in which a GET leaves its trace.
TRACES = {
    "sessions": "when a session was last seen",
    "api_keys": "when a key was last used",
    "log_outbox": "entries on their way into the log",
    "evidence_custody": "who saw a piece of evidence",
    "oversight_accesses": "a copy of the log, made from it",
    "oversight_actors": "of that copy",
    "oversight_words": "of that copy",
    "counters:oversight.index": "how far that copy goes",
    "settings:log.known": "how far the log goes, noted from time to time",
}
BY_ROW = frozenset({"counters", "settings", "checkpoints"})
# Navigations that a provider's answer makes, bound to their browser by a cookie.
NAVIGATIONS = {"/api/v1/oidc/start", "/api/v1/oidc/callback"}
ROWS = [r for r in rows("routes.csv") if r.method == "GET" and r.path not in NAVIGATIONS]
READS = sorted(p for m, p in operations(build_app().openapi()) if m == "GET")


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, world: World, empty_records: Path
) -> Iterator[Scene]:
    with served_scene(tmp_path_factory.mktemp("safe"), world, empty_records) as made:
        # The first to ask finds that policies which were signed beside the server are in force.
        made.ask("GET", "/api/v1/alerts", made.asker("watch_officer").headers)
        yield made


def told(scene: Scene) -> dict[str, str]:
    """A hash of each table's rows; of those that many write, by the name of the row."""
    found = sa.MetaData()
    with scene.watch.shore.records.database.read() as connection:
        found.reflect(connection)
        return {
            f"{name}:{row[0]}" if name in BY_ROW else name: said
            for name, table in found.tables.items()
            for row, said in _hashes(connection, table, name in BY_ROW)
        }


def _hashes(
    connection: sa.Connection, table: sa.Table, by_row: bool
) -> list[tuple[Sequence[Any], str]]:
    rows = sorted(connection.execute(sa.select(table)), key=repr)
    each = [[row] for row in rows] if by_row else [rows]
    return [
        (some[0] if by_row else (), hashlib.sha256(repr(some).encode()).hexdigest())
        for some in each
    ]


def test_every_get_is_asked() -> None:
    assert {r.path for r in ROWS} | NAVIGATIONS == set(READS)


@pytest.mark.parametrize("path", [p for p in READS if p not in NAVIGATIONS])
def test_a_get_writes_nothing(scene: Scene, path: str) -> None:
    may = [r for r in ROWS if r.path == path and r.expected in (ALLOW, OPEN)]
    role = next((r.role for r in may if r.role != ANONYMOUS), ANONYMOUS)
    question = Question(scene, "GET", path, scene.asker(role))
    prepare(question)
    url = path
    for name, value in question.values.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
    headers = {**question.asker.headers, **question.sent.pop("headers", {})}
    before = told(scene)
    answer = scene.ask("GET", url, headers, **question.sent)
    after = told(scene)
    assert answer.status_code < 500
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed - TRACES.keys() == set()
