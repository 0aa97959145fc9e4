"""The blind index: finds a person by a value without any value being stored in clear.

A token is a keyed hash of purpose, field and value, under a key of that purpose, so that what was
collected for one purpose cannot be joined with another's. Who has an old backup *and* the key
could try out all telephone numbers: so the key is replaced (`reindex`) after an erasure, and the
old one destroyed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.database import upsert
from littoral.store.vault import sealing, tables
from littoral.store.vault.entries import Ask, Record, entry, places
from littoral.store.vault.fields import FIELDS, normalised
from littoral.store.vault.ids import ref
from littoral.store.vault.keyfiles import KeyDamaged, KeyDestroyed, KeyMissing
from littoral.store.vault.keyring import DataKey
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Vault, open_text

PREFIX = "index/"
ANSWER = "answer"  # what a sealed number of an answer is bound to, with evidence, place, name
TOKEN_BYTES = 16  # of the hash: two of a million values agree by chance once in 10^26
SEARCHABLE = [x.name for x in FIELDS.values() if x.searchable]
_log = logging.getLogger(__name__)


def token(key: DataKey, purpose: str, name: str, value: str) -> bytes:
    """Raises FieldRefused for a field that cannot be searched."""
    text = normalised(name, value)
    return sealing.mac(key.algorithm, key.key, sealing.context(purpose, name, text))[:TOKEN_BYTES]


def with_value(
    connection: Connection, of: sa.Column[str], key: DataKey, purpose: str, name: str, value: str
) -> list[str]:
    """The values of `of`, such as ids of subjects, beside the tokens of this value in its table;
    `key`: of the purpose's index. Raises FieldRefused."""
    t = of.table.c
    query = sa.select(of).where(
        t.token == token(key, purpose, name, value), t.name == name, t.index_key_id == key.id
    )
    return sorted(set(connection.execute(query).scalars()))


def _name(purpose: str) -> str:
    return PREFIX + purpose


def current_key(vault: Vault, connection: Connection, purpose: str, now_us: int) -> DataKey:
    """Made when there is none yet. In a writing transaction."""
    k = tables.named_keys.c
    key_id = connection.execute(
        sa.select(k.key_id).where(k.name == _name(purpose))
    ).scalar_one_or_none()
    if key_id is not None:
        return vault.keys.get(key_id)
    made = vault.keys.create("index", now_us, vault.mac)
    row = {"name": _name(purpose), "key_id": made.id, "made_us": now_us}
    connection.execute(sa.insert(tables.named_keys), row)
    return made


def known_key(vault: Vault, connection: Connection, purpose: str) -> DataKey | None:
    """None when nothing was ever stored for the purpose."""
    k = tables.named_keys.c
    query = sa.select(k.key_id).where(k.name == _name(purpose))
    key_id = connection.execute(query).scalar_one_or_none()
    return None if key_id is None else vault.keys.get(key_id)


def dead(vault: Vault) -> list[str]:
    """Purposes whose index has lost its key, or has a damaged one, so that nothing can be found or
    collected."""
    k = tables.named_keys.c
    query = sa.select(k.name, k.key_id).where(k.name.startswith(PREFIX)).order_by(k.name)
    with vault.db.read() as connection:
        rows = connection.execute(query).all()
    return [r.name.removeprefix(PREFIX) for r in rows if _is_lost(vault, r.key_id)]


def _is_lost(vault: Vault, key_id: str) -> bool:
    """Not where the master is another one: with that nothing is lost."""
    try:
        vault.keys.get(key_id)
    except KeyDamaged:
        return not vault.keys.opens_none_but(key_id)
    except KeyMissing:
        return True
    return False


def unfinished(vault: Vault) -> list[str]:
    """Purposes whose index has to be made anew: it is `dead`; something was erased since its key
    was made, which a crash or a fault kept from being replaced; or what a lost key had left out of
    it can be read again."""
    k = tables.named_keys.c
    found = set(dead(vault))
    with vault.db.read() as connection:
        rows = connection.execute(
            sa.select(k.name, k.key_id, k.made_us).where(k.name.startswith(PREFIX))
        ).all()
        for row in rows:
            purpose = row.name.removeprefix(PREFIX)
            if _last_erased_us(connection, purpose) > row.made_us or _has_more(
                vault, connection, purpose, row.key_id
            ):
                found.add(purpose)
    return sorted(found)


def _last_erased_us(connection: Connection, purpose: str) -> int:
    """-1 where nothing was."""
    found = [
        connection.execute(
            sa.select(sa.func.max(table.c.erased_us)).where(table.c.purpose == purpose)
        ).scalar()
        for table in (tables.subjects, tables.evidence)
    ]
    return max((at_us for at_us in found if at_us is not None), default=-1)


def _has_more(vault: Vault, connection: Connection, purpose: str, index_key_id: str) -> bool:
    """Whether a person or an answer has a value without a token under this key, and it opens: what
    is damaged itself is left out by a new index too."""
    s, f, t = tables.subjects.c, tables.fields.c, tables.tokens.c
    n, e = tables.answer_numbers.c, tables.evidence.c
    known = sa.exists().where(
        t.subject_id == f.subject_id, t.name == f.name, t.index_key_id == index_key_id
    )
    persons = _persons(purpose).where(s.erased_us.is_(None), ~known)
    answers = _answers(purpose).where(e.erased_us.is_(None), n.index_key_id != index_key_id)
    return any(
        vault.keys.is_readable(row.key_id) and _opened(vault, row, where(row)) is not None
        for query, where in ((persons, _where_of_person), (answers, _where_of_answer))
        for row in connection.execute(query)
    )


def reindex(vault: Vault, actor: str, purpose: str, now_us: int, record: Record) -> int:
    """New key, new tokens, the old key destroyed; the number of tokens. What a lost or damaged key
    seals is left out, and the server's log names the key.

    Killed anywhere it leaves the old index or the new one; a key without an index is destroyed
    by the next `erasure.reconcile`, and so is the key of the old one once the log has said so: then
    the index is `dead` and has to be made anew, as `unfinished` tells.
    """
    ask = Ask(actor, "", purpose, "statutory_duty")
    k, s = tables.named_keys.c, tables.subjects.c
    with vault.db.read() as connection:
        old = connection.execute(sa.select(k.key_id).where(k.name == _name(purpose))).scalar()
    said = [entry(ask, "retention.run", ref("index", purpose), now_us)]
    said += [entry(ask, "person.erase", ref("key", old), now_us, kind="index")] if old else []
    places(record, said)
    with vault.db.write() as connection:
        # Again, under the lock: another process may have made or replaced one meanwhile.
        current = connection.execute(sa.select(k.key_id).where(k.name == _name(purpose))).scalar()
        if current != old:
            return 0
        made = vault.keys.create("index", now_us, vault.mac)
        rows = list(_of_persons(vault, connection, made, purpose))
        answers = list(_of_answers(vault, connection, made, purpose))
        of_purpose = sa.select(s.id).where(s.purpose == purpose)
        connection.execute(
            sa.delete(tables.tokens).where(tables.tokens.c.subject_id.in_(of_purpose))
        )
        connection.execute(sa.delete(tables.named_keys).where(k.name == _name(purpose)))
        if rows:
            connection.execute(sa.insert(tables.tokens), rows)
        if answers:
            n = tables.answer_numbers.c
            here = (n.evidence_id == sa.bindparam("of"), n.number == sa.bindparam("at"))
            connection.execute(sa.update(tables.answer_numbers).where(*here), answers)
        current_row = {"name": _name(purpose), "key_id": made.id, "made_us": now_us}
        connection.execute(sa.insert(tables.named_keys), current_row)
        if old:
            gone = {
                "key_id": old, "thing": old, "kind": "index", "reason": "reindex",
                "destroyed_us": now_us,
            }  # fmt: skip
            upsert(connection, tables.erasures, [gone])
    if old:
        vault.keys.destroy(old, now_us, "reindex")
    return len(rows) + len(answers)


def _persons(purpose: str) -> sa.Select[Any]:
    s, f = tables.subjects.c, tables.fields.c
    return (
        sa.select(f.subject_id, f.name, f.ciphertext, s.key_id)
        .join_from(tables.fields, tables.subjects, s.id == f.subject_id)
        .where(s.purpose == purpose, f.name.in_(SEARCHABLE))
        .order_by(f.subject_id)
    )


def _answers(purpose: str) -> sa.Select[Any]:
    n, e = tables.answer_numbers.c, tables.evidence.c
    return (
        sa.select(n.evidence_id, n.number, n.name, n.ciphertext, e.key_id)
        .join_from(tables.answer_numbers, tables.evidence, e.id == n.evidence_id)
        .where(e.purpose == purpose)
        .order_by(n.evidence_id, n.number)
    )


def _where_of_person(row: Any) -> tuple[str, ...]:
    return "field", row.subject_id, row.name


def _where_of_answer(row: Any) -> tuple[str, ...]:
    return ANSWER, row.evidence_id, str(row.number), row.name


def _of_persons(
    vault: Vault, connection: Connection, made: DataKey, purpose: str
) -> Iterator[dict[str, Any]]:
    for row in connection.execute(_persons(purpose)).all():
        value = _opened(vault, row, _where_of_person(row))
        if value is None:
            continue
        yield {
            "subject_id": row.subject_id,
            "name": row.name,
            "index_key_id": made.id,
            "token": token(made, purpose, row.name, value),
        }


def _of_answers(
    vault: Vault, connection: Connection, made: DataKey, purpose: str
) -> Iterator[dict[str, Any]]:
    for row in connection.execute(_answers(purpose)).all():
        value = _opened(vault, row, _where_of_answer(row))
        if value is None:
            continue
        yield {
            "of": row.evidence_id,
            "at": row.number,
            "index_key_id": made.id,
            "token": token(made, purpose, row.name, value),
        }


def _opened(vault: Vault, row: Any, where: tuple[str, ...]) -> str | None:
    """None where the key was destroyed, is lost or damaged, or the value is."""
    try:
        return open_text(vault.keys.get(row.key_id), row.ciphertext, *where)
    except KeyDestroyed:
        return None
    except (KeyMissing, SealError) as unread:
        _log.warning(
            "nobody is found by what the key %s seals (%s: %s): restore the keys",
            row.key_id, type(unread).__name__, unread,
        )  # fmt: skip
        return None
