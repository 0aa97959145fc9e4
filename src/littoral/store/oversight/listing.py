"""Pages of the index: who did what to which thing for which purpose, newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.oversight.index import word_ids
from littoral.store.oversight.places import Place
from littoral.store.oversight.tables import accesses, actors, words


@dataclass(frozen=True, slots=True)
class Access:
    """An entry of the log, by its place there. `manner`: of access to a person."""

    index: int
    time_us: int
    actor: str
    place: Place
    action: str
    thing: str
    verdict: str
    purpose: str | None
    case: str | None
    legal_basis: str | None
    manner: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means all. Times in microseconds, `to_us` excluded.

    `actors` are ids of `oversight_actors` that may be shown; None: everybody's entries.
    """

    actor: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    thing: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    from_us: int | None = None
    to_us: int | None = None
    actors: Collection[int] | None = None


_WORDS = ("action", "thing", "verdict", "purpose", "case_id", "legal_basis", "manner")


def page(
    connection: Connection, wanted: Wanted, before: int | None = None, limit: int = 100
) -> list[Access]:
    """The newest `limit` entries with an index below `before`."""
    where = conditions(connection, wanted)
    if where is None:
        return []
    if before is not None:
        where.append(accesses.c.log_index < before)
    query = sa.select(accesses).where(*where).order_by(accesses.c.log_index.desc()).limit(limit)
    return read(connection, connection.execute(query).all())


def all_of(connection: Connection, wanted: Wanted) -> list[Access]:
    """Every entry that fits, the oldest first."""
    where = conditions(connection, wanted)
    if where is None:
        return []
    query = sa.select(accesses).where(*where).order_by(accesses.c.log_index)
    return read(connection, connection.execute(query).all())


def conditions(connection: Connection, wanted: Wanted) -> list[sa.ColumnElement[bool]] | None:
    """None when nothing can fit: a word that no entry has."""
    a = accesses.c
    where: list[sa.ColumnElement[bool]] = []
    for name in ("action", "thing", "case", "purpose", "legal_basis", "verdict"):
        texts: tuple[str, ...] = getattr(wanted, name)
        if texts:
            ids = word_ids(connection, texts)
            if not ids:
                return None
            where.append(_in(a["case_id" if name == "case" else name], ids))
    if wanted.actor:
        query = sa.select(actors.c.id).where(actors.c.ref.in_(wanted.actor))
        ids = list(connection.execute(query).scalars())
        if wanted.actors is not None:
            ids = [i for i in ids if i in set(wanted.actors)]
        if not ids:
            return None
        where.append(_in(a.actor, ids))
    elif wanted.actors is not None:
        if not wanted.actors:
            return None
        where.append(_in(a.actor, wanted.actors))
    times = _times(wanted)
    if times:
        # Entries stand nearly in the order of time: their places bound the search in every index.
        span = sa.select(sa.func.min(a.log_index), sa.func.max(a.log_index)).where(*times)
        first, last = connection.execute(span).one()
        if first is None:
            return None
        where += [*times, a.log_index >= first, a.log_index <= last]
    return where


def _times(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    time_us = accesses.c.time_us
    from_us = [] if wanted.from_us is None else [time_us >= wanted.from_us]
    return from_us if wanted.to_us is None else [*from_us, time_us < wanted.to_us]


def read(connection: Connection, rows: Sequence[Any]) -> list[Access]:
    """Rows of `oversight_accesses` in words."""
    numbers = {getattr(r, name) for r in rows for name in _WORDS} - {None}
    text: dict[int | None, Any] = {None: None}
    for part in _parts(sorted(numbers)):
        query = sa.select(words.c.id, words.c.word).where(words.c.id.in_(part))
        text |= {r.id: r.word for r in connection.execute(query)}
    who: dict[int, tuple[str, Place]] = {}
    for part in _parts(sorted({r.actor for r in rows})):
        query = sa.select(actors).where(actors.c.id.in_(part))
        who |= {r.id: (r.ref, Place(r.unit, r.agency)) for r in connection.execute(query)}
    return [
        Access(
            r.log_index, r.time_us, who[r.actor][0], who[r.actor][1], text[r.action],
            text[r.thing], text[r.verdict], text[r.purpose], text[r.case_id],
            text[r.legal_basis], text[r.manner],
        )
        for r in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor where it acted; `id` as rows of the index name it."""

    id: int
    ref: str
    place: Place


def known_actors(connection: Connection) -> list[KnownActor]:
    """Everybody who ever acted, once for each place."""
    query = sa.select(actors).order_by(actors.c.id)
    return [KnownActor(r.id, r.ref, Place(r.unit, r.agency)) for r in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries had these words."""

    agency: str
    purpose: str | None
    legal_basis: str | None
    action: str
    verdict: str
    count: int


def counted(connection: Connection, wanted: Wanted) -> list[Count]:
    """Entries by the agency of who acted, purpose, legal basis, action and verdict."""
    where = conditions(connection, wanted)
    if where is None:
        return []
    a = accesses.c
    by = (a.actor, a.purpose, a.legal_basis, a.action, a.verdict)
    rows = connection.execute(sa.select(*by, sa.func.count()).where(*where).group_by(*by)).all()
    agency = {k.id: k.place.agency for k in known_actors(connection)}
    numbers = {n for r in rows for n in r[1:5] if n is not None}
    text: dict[int | None, Any] = {None: None}
    for part in _parts(sorted(numbers)):
        query = sa.select(words.c.id, words.c.word).where(words.c.id.in_(part))
        text |= {r.id: r.word for r in connection.execute(query)}
    totals: dict[tuple[Any, ...], int] = {}
    for actor, *rest, count in rows:
        key = (agency[actor], *(text[n] for n in rest))
        totals[key] = totals.get(key, 0) + count
    order = sorted(totals, key=lambda key: tuple(str(part or "") for part in key))
    return [Count(*(*key, totals[key])) for key in order]


def _in(column: sa.ColumnElement[Any], ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Numbers of our own go into the statement itself: there may be more of them than a statement
    takes parameters."""
    chosen = sorted(ids)
    if len(chosen) == 1:
        return column == chosen[0]
    return column.in_(sa.bindparam(None, chosen, expanding=True, literal_execute=True))


def _parts(numbers: Sequence[int], size: int = 10_000) -> Iterable[Sequence[int]]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
