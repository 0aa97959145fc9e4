"""Persons: collecting, correcting, showing masked, showing plain, searching, exporting.

Each function checks, then writes the log, then unseals or changes. A person belongs to the case
under which the data was collected; another open case reaches it only by a grant that names it or
found it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.vault import grants, index, rules, tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.fields import (
    FIELDS,
    PERSONAL,
    SENSITIVE,
    checked,
    class_of,
    field,
    masked,
)
from littoral.store.vault.holds import check_held
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.keyfiles import KeyDestroyed, KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import commitment
from littoral.store.vault.vault import (
    Erased,
    NotThere,
    Vault,
    readable_text,
    require_case,
    seal_text,
)

KINDS = ("person", "crew_member", "reporter", "contact")
MASKED_AT_ONCE = 100
_log = logging.getLogger(__name__)

Values = dict[str, str | None]  # by field; None for one that is damaged


def add_subject(
    vault: Vault,
    ask: Ask,
    kind: str,
    values: Mapping[str, str],
    now_us: int,
    record: Record,
) -> str:
    """Collects a person's fields under the case; gives the opaque id.

    Raises AccessDenied, FieldRefused.
    """
    clean = {name: checked(name, value) for name, value in values.items()}
    subject_id = new_id(now_us)
    try:
        if kind not in KINDS:
            raise AccessDenied("kind", f"{kind!r} is no kind of subject")
        with vault.db.read() as connection:
            require_case(connection, ask)
            case_key_id = _case_key_id(connection, ask.case)
    except AccessDenied as denied:
        deny(record, ask, "intake.write", ref("subject", subject_id), now_us, denied)
    key = vault.keys.create("subject", now_us, vault.algorithm, parent=case_key_id)
    facts: dict[str, Any] = {
        "change": "collect",
        "kind": kind,
        "fields": sorted(clean),
        "key": key.id,
    }
    places(record, [entry(ask, "intake.write", ref("subject", subject_id), now_us, **facts)])
    with vault.db.write() as connection:
        require_case(connection, ask)
        connection.execute(
            sa.insert(tables.subjects),
            {
                "id": subject_id,
                "kind": kind,
                "purpose": ask.purpose,
                "case_id": ask.case,
                "key_id": key.id,
                "created_us": now_us,
            },
        )
        sealed = _seal(key, subject_id, clean)
        _put(vault, connection, subject_id, ask.purpose, key, clean, sealed, now_us)
    return subject_id


def correct(
    vault: Vault,
    ask: Ask,
    grant_id: str,
    subject_id: str,
    values: Mapping[str, str],
    now_us: int,
    record: Record,
) -> None:
    """Corrects or adds fields of a person of the case, under a grant to read these. The log has the
    names of the fields and commitments to what was and what is; under a legal hold nothing is
    altered. Raises AccessDenied (`Held` too), FieldRefused, Erased, NotThere."""
    clean = {name: checked(name, value) for name, value in values.items()}
    asked = class_of(clean)
    thing = ref("subject", subject_id)
    try:
        with vault.ending, vault.db.write() as connection:
            row = _subjects(connection, [subject_id])[subject_id]
            if row.case_id != ask.case:
                raise AccessDenied("other_case", "the person belongs to another case")
            only = [subject_id]
            grants.use(vault, connection, grant_id, ask, only, asked, (rules.READ,), now_us, only)
            check_held(connection, {subject_id, row.case_id})
            key = _key(vault, row)
            before, after = _sealed(connection, subject_id), _seal(key, subject_id, clean)
            facts: dict[str, Any] = {"change": "alter", "grant": grant_id}
            facts["commitments"] = {
                n: [_commitment(subject_id, n, before.get(n)), _commitment(subject_id, n, new)]
                for n, new in sorted(after.items())
            }
            places(record, [entry(ask, "intake.write", thing, now_us, **facts)])
            _put(vault, connection, subject_id, row.purpose, key, clean, after, now_us)
    except AccessDenied as denied:
        deny(record, ask, "intake.write", thing, now_us, denied)


def corrected(vault: Vault, subject_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """By id, the fields that were altered since they were collected, and when last."""
    s, f = tables.subjects.c, tables.fields.c
    query = (
        sa.select(f.subject_id, f.name, f.changed_us)
        .join_from(tables.fields, tables.subjects, s.id == f.subject_id)
        .where(s.id.in_(subject_ids), f.changed_us > s.created_us)
        .order_by(f.name)
    )
    found: dict[str, dict[str, int]] = {}
    with vault.db.read() as connection:
        for row in connection.execute(query):
            found.setdefault(row.subject_id, {})[row.name] = row.changed_us
    return found


def subjects_of(vault: Vault, case_id: str, after: str = "", limit: int | None = None) -> list[str]:
    """Opaque ids alone, oldest first. `after`: those behind this one, which may be erased by now;
    empty: from the first."""
    s = tables.subjects.c
    query = sa.select(s.id).where(s.case_id == case_id, s.erased_us.is_(None))
    if after:
        at_us = sa.select(s.created_us).where(s.id == after).scalar_subquery()
        same = sa.and_(s.created_us == at_us, s.id > after)
        query = query.where(sa.or_(s.created_us > at_us, same))
    with vault.db.read() as connection:
        return list(connection.execute(query.order_by(s.created_us, s.id).limit(limit)).scalars())


@dataclass(frozen=True, slots=True)
class Origin:
    """Under which case somebody was collected, and for what."""

    case: str
    purpose: str


def origins(vault: Vault, subject_ids: Sequence[str]) -> dict[str, Origin]:
    """Of these persons, whom the policies are asked about before they are shown. Raises NotThere,
    Erased."""
    with vault.db.read() as connection:
        return _origins(_subjects(connection, list(dict.fromkeys(subject_ids))))


def _origins(rows: Mapping[str, Any]) -> dict[str, Origin]:
    return {i: Origin(row.case_id, row.purpose) for i, row in rows.items()}


def show_masked(
    vault: Vault, ask: Ask, subject_ids: Sequence[str], now_us: int, record: Record
) -> dict[str, Values]:
    """All fields of persons of the case, or of one of the actor's grants in it, masked.

    Raises AccessDenied, Erased, NotThere.
    """
    ids = list(dict.fromkeys(subject_ids))
    try:
        if len(ids) > MASKED_AT_ONCE:
            raise AccessDenied("too_many", f"at most {MASKED_AT_ONCE} at once")
        with vault.db.read() as connection:
            require_case(connection, ask)
            rows = _subjects(connection, ids)
            other = [i for i in ids if rows[i].case_id != ask.case]
            if set(other) - _granted(connection, ask, now_us):
                raise AccessDenied("other_case", "some belong to another case")
    except AccessDenied as denied:
        deny(record, ask, "person.read", _first(ids, ask), now_us, denied)
    places(record, [entry(ask, "person.read", ref("subject", i), now_us, masked=True) for i in ids])
    return _masked(vault, rows)


def reveal(
    vault: Vault,
    ask: Ask,
    grant_id: str,
    subject_ids: Sequence[str],
    now_us: int,
    record: Record,
    names: Collection[str] | None = None,
) -> dict[str, Values]:
    """Plain fields under a grant; without `names` those of the grant's class.

    Raises AccessDenied, FieldRefused, Erased, NotThere.
    """
    kinds = (rules.READ, rules.BREAK_GLASS)
    return _plain(vault, ask, grant_id, subject_ids, now_us, record, names, kinds, "person.read")


def export(
    vault: Vault,
    ask: Ask,
    grant_id: str,
    subject_ids: Sequence[str],
    now_us: int,
    record: Record,
    names: Collection[str] | None = None,
) -> list[Values]:
    """Rows to take out, each with `id`; under a grant to export. Raises as `reveal`."""
    plain = _plain(
        vault, ask, grant_id, subject_ids, now_us, record, names, (rules.EXPORT,), "person.export"
    )
    return [{"id": i, **values} for i, values in plain.items()]


def search(
    vault: Vault,
    ask: Ask,
    grant_id: str,
    name: str,
    value: str,
    now_us: int,
    record: Record,
    may_see: Callable[[Mapping[str, Origin]], Collection[str]] = lambda found: found,
) -> dict[str, Values]:
    """Persons with this very value, collected for the case's purpose: ids and masked fields.

    `may_see`: those of them whom the policies show the asker; the others are not found. What is
    found comes into the grant's scope. The log names the field and the number found, never the
    value. Raises AccessDenied, FieldRefused, NotThere.
    """
    try:
        with vault.db.write() as connection:
            grants.use_search(vault, connection, grant_id, ask, name, now_us)
            key = index.known_key(vault, connection, ask.purpose)
            ids = [] if key is None else _found(connection, key, ask.purpose, name, value)
            if len(ids) > vault.limits.read_things:
                raise AccessDenied("too_many", "more persons have this value than may be shown")
            rows = _subjects(connection, ids)
            seen = may_see(_origins(rows))
            ids = [i for i in ids if i in seen]
            rows = {i: rows[i] for i in ids}
            facts: dict[str, Any] = {"field": name, "found": len(ids)}
            said = [entry(ask, "person.search", ref("grant", grant_id), now_us, **facts)]
            said += [
                entry(ask, "person.read", ref("subject", i), now_us, masked=True, grant=grant_id)
                for i in ids
            ]
            places(record, said)
            grants.add_found(connection, grant_id, ids)
    except AccessDenied as denied:
        deny(record, ask, "person.search", ref("grant", grant_id), now_us, denied)
    return _masked(vault, rows)


def _masked(vault: Vault, rows: Mapping[str, Any]) -> dict[str, Values]:
    """All fields of these subjects, masked, by id. One whose own key is lost has unreadable ones;
    where nobody's key is there, that of the case is lost: raises KeyMissing."""
    plain = _open(vault, rows.values(), FIELDS, passes_over=True)
    return {
        i: {n: None if v is None else masked(n, v) for n, v in values.items()}
        for i, values in plain.items()
    }


def _plain(
    vault: Vault,
    ask: Ask,
    grant_id: str,
    subject_ids: Sequence[str],
    now_us: int,
    record: Record,
    names: Collection[str] | None,
    kinds: Collection[str],
    action: str,
) -> dict[str, Values]:
    ids = list(dict.fromkeys(subject_ids))
    wanted = set(names) if names is not None else None
    asked = SENSITIVE if any(field(n).data_class == SENSITIVE for n in wanted or ()) else PERSONAL
    try:
        with vault.db.write() as connection:
            rows = _subjects(connection, ids)
            mine = [i for i in ids if rows[i].case_id == ask.case]
            grant = grants.use(vault, connection, grant_id, ask, ids, asked, kinds, now_us, mine)
            for row in rows.values():
                rules.check_collected_for(row.purpose, ask)
    except AccessDenied as denied:
        deny(record, ask, action, _first(ids, ask), now_us, denied)
    if wanted is None:
        sensitive = grant.facts.data_class == SENSITIVE
        wanted = {f.name for f in FIELDS.values() if sensitive or f.data_class == PERSONAL}
    facts: dict[str, Any] = {"grant": grant_id, "kind": grant.facts.kind, "fields": sorted(wanted)}
    places(record, [entry(ask, action, ref("subject", i), now_us, **facts) for i in ids])
    return _open(vault, rows.values(), wanted)


def _seal(key: DataKey, subject_id: str, clean: Mapping[str, str]) -> dict[str, bytes]:
    return {n: seal_text(key, value, "field", subject_id, n) for n, value in clean.items()}


def _sealed(connection: Connection, subject_id: str) -> dict[str, bytes]:
    """The fields as they are stored."""
    f = tables.fields.c
    query = sa.select(f.name, f.ciphertext).where(f.subject_id == subject_id)
    return {row.name: row.ciphertext for row in connection.execute(query)}


def _commitment(subject_id: str, name: str, ciphertext: bytes | None) -> str | None:
    return None if ciphertext is None else commitment([(subject_id, name, ciphertext)])


def _put(
    vault: Vault,
    connection: Connection,
    subject_id: str,
    purpose: str,
    key: DataKey,
    clean: Mapping[str, str],
    sealed: Mapping[str, bytes],
    now_us: int,
) -> None:
    rows = [
        {
            "subject_id": subject_id,
            "name": name,
            "data_class": field(name).data_class,
            "algorithm": key.algorithm,
            "ciphertext": ciphertext,
            "changed_us": now_us,
        }
        for name, ciphertext in sealed.items()
    ]
    upsert(connection, tables.fields, rows)
    searchable = {n: v for n, v in clean.items() if field(n).searchable}
    if searchable:
        over = index.current_key(vault, connection, purpose, now_us)
        found = [
            {
                "subject_id": subject_id,
                "name": name,
                "index_key_id": over.id,
                "token": index.token(over, purpose, name, value),
            }
            for name, value in searchable.items()
        ]
        upsert(connection, tables.tokens, found)


def _found(connection: Connection, key: DataKey, purpose: str, name: str, value: str) -> list[str]:
    t = tables.tokens.c
    query = sa.select(t.subject_id).where(
        t.token == index.token(key, purpose, name, value),
        t.name == name,
        t.index_key_id == key.id,
    )
    return sorted(connection.execute(query).scalars())


def _granted(connection: Connection, ask: Ask, now_us: int) -> set[str]:
    """Things in grants that the actor holds now under this case."""
    g, t = tables.grants.c, tables.grant_things.c
    query = (
        sa.select(t.thing)
        .join_from(tables.grant_things, tables.grants, g.id == t.grant_id)
        .where(
            g.who == ask.actor, g.case_id == ask.case, g.state == rules.ACTIVE,
            g.from_us <= now_us, g.until_us > now_us,
        )
    )  # fmt: skip
    return set(connection.execute(query).scalars())


def _subjects(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    """Rows by id, in the order asked. Raises NotThere, Erased."""
    s = tables.subjects.c
    found = {
        row.id: row for row in connection.execute(sa.select(tables.subjects).where(s.id.in_(ids)))
    }
    for i in ids:
        if i not in found:
            raise NotThere(f"there is no subject {i}")
        if found[i].erased_us is not None:
            raise Erased(f"subject {i} was erased")
    return {i: found[i] for i in ids}


def _open(
    vault: Vault, rows: Iterable[Any], names: Collection[str], passes_over: bool = False
) -> dict[str, Values]:
    f = tables.fields.c
    found = {}
    lost: list[KeyMissing] = []
    with vault.db.read() as connection:
        for row in rows:
            key: DataKey | None = None
            try:
                key = _key(vault, row)
            except KeyMissing as missing:
                if not passes_over:
                    raise
                lost.append(missing)
            query = sa.select(f.name, f.algorithm, f.ciphertext).where(f.subject_id == row.id)
            found[row.id] = {
                r.name: None
                if key is None
                else readable_text(key, r.ciphertext, "field", row.id, r.name)
                for r in connection.execute(query.order_by(f.name))
                if r.name in names
            }
    if lost and len(lost) == len(found):
        raise lost[0]
    for why in lost:
        _log.warning("a person cannot be read: %s", why)
    return found


def _first(ids: Sequence[str], ask: Ask) -> str:
    """What a refusal names: the only person asked for, else the case."""
    return ref("subject", ids[0]) if len(ids) == 1 else ref("case", ask.case or "none")


def _key(vault: Vault, row: Any) -> DataKey:
    try:
        return vault.keys.get(row.key_id)
    except KeyDestroyed:
        raise Erased(f"subject {row.id} was erased") from None


def _case_key_id(connection: Connection, case_id: str) -> str:
    c = tables.cases.c
    return str(connection.execute(sa.select(c.key_id).where(c.id == case_id)).scalar_one())
