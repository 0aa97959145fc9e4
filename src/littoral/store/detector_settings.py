"""Settings of detectors as they were in force: each change is a version, none is overwritten.

A version holds all settings flat (`detect.adjusting`), so that before and after can be told years
later, and what people gave over the profile, so that it is taken up at the next start. `from_us` is
the event time from which the engine judges by it; null until the engine has taken it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text
from sqlalchemy.engine import Connection

from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.tables import Json, metadata

FIRST, CHANGE, START = "first", "change", "start"
STARTED_BY = "start of the server"  # an account has no spaces

table = Table(
    "detector_settings",
    metadata,
    Column("rule", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("how", String(20), nullable=False),  # first, change, start
    Column("profile", String(80)),  # null: the rule does not run
    Column("code", String(40)),  # version of the detector
    Column("given", Json, nullable=False),  # by people, over the profile
    Column("settings", Json),  # all, flat; null: the rule does not run
    Column("blinder", Json, nullable=False),  # names of what is seen less than what was approved
    Column("from_us", BigInteger),
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),  # stands in the log
)


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    rule: str
    version: int
    how: str
    profile: str | None
    code: str | None
    given: dict[str, Any]
    settings: dict[str, Any] | None
    blinder: list[str]
    from_us: int | None
    who: str
    at_us: int
    why: str
    approved: bool
    told: bool

    @property
    def says(self) -> tuple[Any, ...]:
        """What decides; equal for two versions that judge alike."""
        return (self.profile, self.code, self.settings)


def versions(connection: Connection, rule: str | None = None) -> list[SettingsVersion]:
    """By rule and version."""
    query = sa.select(table).order_by(table.c.rule, table.c.version)
    if rule is not None:
        query = query.where(table.c.rule == rule)
    return [_row(r) for r in connection.execute(query)]


def current(connection: Connection, rule: str) -> SettingsVersion:
    """The last version. Raises NotFound for a rule that has never run here."""
    query = sa.select(table).where(table.c.rule == rule).order_by(table.c.version.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no rule {rule}")
    return _row(row)


def add(
    connection: Connection,
    rule: str,
    how: str,
    profile: str | None,
    code: str | None,
    given: Mapping[str, Any],
    settings: Mapping[str, Any] | None,
    blinder: Sequence[str],
    from_us: int | None,
    who: str,
    now_us: int,
    approved: bool,
    told: bool,
    why: str = "",
) -> SettingsVersion:
    """The next version of the rule."""
    last = sa.select(sa.func.max(table.c.version)).where(table.c.rule == rule)
    version = int(connection.execute(last).scalar_one() or 0) + 1
    row = {
        "rule": rule,
        "version": version,
        "how": how,
        "profile": profile,
        "code": code,
        "given": dict(given),
        "settings": None if settings is None else dict(settings),
        "blinder": list(blinder),
        "from_us": from_us,
        "who": who,
        "at_us": now_us,
        "why": why,
        "approved": approved,
        "told": told,
    }
    connection.execute(sa.insert(table).values(**row))
    return current(connection, rule)


def change(
    connection: Connection,
    rule: str,
    values: Mapping[str, Any],
    who: str,
    why: str,
    now_us: int,
    version: int | None = None,
) -> SettingsVersion:
    """Values that people give over what is in force; the caller has judged them and, where less is
    seen, has the word of two. `version`: that the change was made from. Raises NotFound when the
    rule does not run, Conflict when it was changed meanwhile."""
    now = current(connection, rule)
    if now.settings is None:
        raise NotFound(f"the rule {rule} does not run")
    if version is not None and version != now.version:
        raise Conflict(f"the settings of {rule} were changed by {now.who} meanwhile")
    return add(
        connection, rule, CHANGE, now.profile, now.code, {**now.given, **values},
        {**now.settings, **values}, (), None, who, now_us, now.approved, True, why,
    )  # fmt: skip


def begin(connection: Connection, from_us: int) -> bool:
    """The engine judges by what is new from `from_us` on, event time; True when there was any."""
    waits = sa.update(table).where(table.c.from_us.is_(None)).values(from_us=from_us)
    return connection.execute(waits).rowcount > 0


def approve(connection: Connection, rule: str) -> None:
    """A second person agrees to what a start changed."""
    connection.execute(sa.update(table).where(table.c.rule == rule).values(approved=True))


def mark_told(connection: Connection, rule: str, version: int) -> None:
    this = sa.and_(table.c.rule == rule, table.c.version == version)
    connection.execute(sa.update(table).where(this).values(told=True))


def _row(row: sa.Row[Any]) -> SettingsVersion:
    return SettingsVersion(**row._mapping)
