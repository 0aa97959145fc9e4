"""Other rules of retention than the records last went by: told in the log with before and after,
and given days in which somebody looks at the preview before anything is erased by them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.retention import Rule
from littoral.store.database import upsert
from littoral.store.tables import settings
from littoral.store.vault import tables

KEPT = "retention.rules"  # among the settings
CHANGE = "retention.rules"  # action in the log
WAIT_US = 7 * 86_400_000_000


@dataclass(frozen=True)
class Changed:
    """Ids of the rules that are new, other or gone, and the hashes of all before and after."""

    rules: tuple[str, ...]
    before: str
    after: str


def digests(rules: Sequence[Rule], more: Mapping[str, object]) -> dict[str, str]:
    """By id; `more`: what else decides of which class a thing is, by name."""
    found: dict[str, object] = {rule.id: asdict(rule) for rule in rules}
    return {key: _hash(value) for key, value in (found | dict(more)).items()}


def changed(connection: Connection, now: Mapping[str, str]) -> Changed | None:
    """None where they are as they were, and where nothing is kept yet that could end by others."""
    said = connection.execute(
        sa.select(settings.c.value).where(settings.c.key == KEPT)
    ).scalar_one_or_none()
    if said is None and connection.execute(sa.select(tables.cases.c.id).limit(1)).first() is None:
        return None
    before: Mapping[str, str] = {} if said is None else said["rules"]
    differing = tuple(sorted(k for k in {*before, *now} if before.get(k) != now.get(k)))
    if not differing:
        return None
    return Changed(differing, "" if said is None else _hash(before), _hash(now))


def keep(connection: Connection, now: Mapping[str, str], waits: bool, now_us: int) -> None:
    """The rules that the records go by. `waits`: what ends by itself waits for `WAIT_US`."""
    value = {"rules": dict(now), "until_us": now_us + WAIT_US if waits else _until(connection)}
    upsert(connection, settings, [{"key": KEPT, "value": value, "changed_us": now_us}])


def waits_until(connection: Connection, now_us: int) -> int | None:
    """When retention by itself goes on; None: it does not wait."""
    until_us = _until(connection)
    return until_us if now_us < until_us else None


def _until(connection: Connection) -> int:
    query = sa.select(settings.c.value).where(settings.c.key == KEPT)
    said = connection.execute(query).scalar_one_or_none()
    return 0 if said is None else int(said["until_us"])


def _hash(value: object) -> str:
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return "sha256:" + hashlib.sha256(text).hexdigest()
