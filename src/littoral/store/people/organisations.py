"""Units in tiers and agencies across them, as they were at a moment; read and changed in versions.

Below a province stand cities and counties, townships, villages, grids. No boundary is stored, so a
place cannot be asked for its unit: things carry the codes of their units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.people.sharings import Sharing, by_token, in_force
from littoral.store.people.tables import agencies, sharings, units

_CHUNK = 500  # rows an insert: SQLite takes at most 32,766 parameters a statement


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of a unit. `code` is GB/T 2260 for real ones; times in microseconds UTC."""

    code: str
    tier: str
    parent: str | None
    name_zh: str
    name_en: str
    valid_from_us: int
    valid_to_us: int | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Agency:
    """One version of an agency; `unit` is the area that it works for."""

    code: str
    kind: str
    unit: str
    name_zh: str
    name_en: str
    valid_from_us: int
    valid_to_us: int | None = None
    synthetic: bool = False


Version = TypeVar("Version", Unit, Agency)


def valid(row: Unit | Agency, at_us: int) -> bool:
    return row.valid_from_us <= at_us and (row.valid_to_us is None or at_us < row.valid_to_us)


@dataclass(frozen=True)
class Organisation:
    """Everything that was valid at one moment. Never changes; readers share it."""

    at_us: int
    units: Mapping[str, Unit]
    agencies: Mapping[str, Agency]
    _children: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    _inside: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _given: Mapping[str, tuple[Sharing, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        at_us: int,
        unit_versions: Iterable[Unit],
        agency_versions: Iterable[Agency] = (),
        agreements: Iterable[Sharing] = (),
    ) -> Organisation:
        """Of all versions those that are valid at `at_us`; `agreements`: those in force then."""
        current = {u.code: u for u in unit_versions if valid(u, at_us)}
        children: dict[str, list[str]] = {}
        for unit in current.values():
            if unit.parent is not None:
                children.setdefault(unit.parent, []).append(unit.code)
        agencies = {a.code: a for a in agency_versions if valid(a, at_us)}
        there = cls(at_us, current, agencies, children)
        return replace(there, _given=by_token(agreements, there))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes of the units around it, nearest first, itself not included. KeyError: no such."""
        found: list[str] = []
        parent = self.units[code].parent
        while parent is not None and parent in self.units and parent not in found:
            found.append(parent)
            parent = self.units[parent].parent
        return tuple(found)

    def descendants(self, code: str) -> tuple[str, ...]:
        """Codes of all units within it, wider before narrower, itself not included."""
        self.units[code]  # KeyError: no such
        found: list[str] = []
        level = self._children.get(code, [])
        while level:
            found += level
            level = [c for parent in level for c in self._children.get(parent, [])]
        return tuple(found)

    def children(self, code: str) -> tuple[str, ...]:
        self.units[code]
        return tuple(self._children.get(code, ()))

    def within(self, code: str, around: str) -> bool:
        """Is `code` the unit `around` or inside it? False for a code that is not there."""
        return code == around or (code in self.units and around in self.ancestors(code))

    @cached_property
    def shape(self) -> str:
        """The same while every unit has the same parent: SHA-256, hexadecimal."""
        pairs = sorted((u.code, u.parent or "") for u in self.units.values())
        return hashlib.sha256(repr(pairs).encode()).hexdigest()

    def codes_within(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes and those of all units within them; of one that is not there itself alone."""
        return frozenset().union(*(self._within(code) for code in codes))

    def _within(self, code: str) -> frozenset[str]:
        found = self._inside.get(code)
        if found is None:
            inside = self.descendants(code) if code in self.units else ()
            found = self._inside[code] = frozenset((code, *inside))
        return found

    def received(self, circles: Iterable[str]) -> tuple[Sharing, ...]:
        """Agreements in force that are made with one of a user's circles."""
        return tuple(s for circle in circles for s in self._given.get(circle, ()))


def read(connection: Connection, at_us: int) -> Organisation:
    """What was valid at that moment."""

    def current(table: sa.Table) -> sa.Select[Any]:
        until = table.c.valid_to_us
        return (
            sa.select(table)
            .where(table.c.valid_from_us <= at_us, sa.or_(until.is_(None), until > at_us))
            .order_by(*table.primary_key)
        )

    return Organisation.of(
        at_us,
        (_unit(r) for r in connection.execute(current(units))),
        (_agency(r) for r in connection.execute(current(agencies))),
        in_force(connection, at_us),
    )


def next_change(connection: Connection, after_us: int) -> int | None:
    """When the organisation or an agreement next changes of itself, as was written before."""
    times = [
        sa.select(sa.func.min(column)).where(column > after_us)
        for table in (units, agencies, sharings)
        for column in (table.c.valid_from_us, table.c.valid_to_us)
    ]
    found = [t for query in times if (t := connection.execute(query).scalar()) is not None]
    return min(found, default=None)


def unit_versions(connection: Connection, code: str | None = None) -> list[Unit]:
    """All versions, or those of one unit, oldest first."""
    query = sa.select(units).order_by(units.c.valid_from_us, units.c.code)
    if code is not None:
        query = query.where(units.c.code == code)
    return [_unit(r) for r in connection.execute(query)]


def agency_versions(connection: Connection) -> list[Agency]:
    query = sa.select(agencies).order_by(agencies.c.valid_from_us, agencies.c.code)
    return [_agency(r) for r in connection.execute(query)]


def put_units(connection: Connection, rows: Sequence[Unit], by: str, now_us: int) -> int:
    """Stores versions: each ends the one before it where that is still open. Returns how many
    versions are new or differ from what was there."""
    return _put(connection, units, rows, lambda: unit_versions(connection), by, now_us)


def put_agencies(connection: Connection, rows: Sequence[Agency], by: str, now_us: int) -> int:
    return _put(connection, agencies, rows, lambda: agency_versions(connection), by, now_us)


def succeed(rows: Iterable[Version], added: Iterable[Version]) -> list[Version]:
    """`rows` with `added`: a version replaces the one of its own start, and ends an earlier one
    that is still valid at its start."""
    by_code: dict[str, dict[int, Version]] = {}
    for version in chain(rows, added):
        by_code.setdefault(version.code, {})[version.valid_from_us] = version
    return [v for versions in by_code.values() for v in _chained(versions)]


def _chained(versions: dict[int, Version]) -> Iterator[Version]:
    starts: list[int | None] = [*sorted(versions), None]
    for start, after in pairwise(starts):
        row = versions[start or 0]
        if after is not None and (row.valid_to_us is None or row.valid_to_us > after):
            row = replace(row, valid_to_us=after)
        yield row


def _put(
    connection: Connection,
    table: sa.Table,
    rows: Sequence[Version],
    stored: Callable[[], list[Version]],
    by: str,
    now_us: int,
) -> int:
    old = {(r.code, r.valid_from_us): r for r in stored()}
    touched = {r.code for r in rows}
    kept = [r for r in old.values() if r.code in touched]
    changed = [r for r in succeed(kept, rows) if old.get((r.code, r.valid_from_us)) != r]
    for start in range(0, len(changed), _CHUNK):
        values = [
            {**asdict(r), "changed_us": now_us, "changed_by": by}
            for r in changed[start : start + _CHUNK]
        ]
        upsert(connection, table, values)
    return len(changed)


def _unit(row: Any) -> Unit:
    return Unit(
        row.code, row.tier, row.parent, row.name_zh, row.name_en, row.valid_from_us,
        row.valid_to_us, row.synthetic,
    )  # fmt: skip


def _agency(row: Any) -> Agency:
    return Agency(
        row.code, row.kind, row.unit, row.name_zh, row.name_en, row.valid_from_us,
        row.valid_to_us, row.synthetic,
    )  # fmt: skip
