"""Running the rules of retention over the vault: preview, run, the end of a purpose."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access import retention
from littoral.access.retention import DUE, KEPT, Decision, Item, RetentionError, Rule
from littoral.access.words import AGENCIES, PURPOSES
from littoral.store import reach
from littoral.store.database import upsert
from littoral.store.evidence import custody
from littoral.store.tables import settings
from littoral.store.vault import (
    breakglass,
    cases,
    erasure,
    incident_text,
    index,
    tables,
    written,
)
from littoral.store.vault.entries import AccessDenied, Ask, Record, entry, places
from littoral.store.vault.erasure import Erase, Erasure
from littoral.store.vault.holds import holds_on
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.keyfiles import KeyMissing
from littoral.store.vault.rules import DAY_US
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Erased, NotThere, Vault

_log = logging.getLogger(__name__)
ENDS_AFTER_US = 3 * DAY_US  # long enough for a colleague to see it after a weekend's rest
OWN_RULES = "retention.toml"  # in the data folder; read at the start
LAST = "retention.last"  # what is shown of the last run that did something or that was asked for
BEGUN = "retention.begun"  # what a run has set out to erase, until all that follows is done


@dataclass(frozen=True)
class Ran:
    """`erased` in the order done; `refused`: due, but a hold came in between, it was gone, or what
    is kept of it is damaged (which the server's log tells)."""

    erased: tuple[str, ...]
    refused: tuple[str, ...]
    files: tuple[str, ...]
    proof: str


@dataclass(frozen=True)
class Ending:
    """A purpose that is over for an agency from `at_us` on, since `by` said so."""

    purpose: str
    agency: str
    at_us: int
    by: str


def packaged_rules() -> tuple[Rule, ...]:
    """Those that Littoral comes with."""
    return retention.parse(packaged_text())


def rules_of(data: Path) -> tuple[Rule, ...]:
    """The deployment's own, `retention.toml` in its data folder, else the packaged ones. Raises
    RetentionError."""
    path = data / OWN_RULES
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return packaged_rules()
    except UnicodeDecodeError as error:
        raise RetentionError(f"{path}: not UTF-8: {error}") from None
    try:
        return retention.parse(text)
    except RetentionError as error:
        raise RetentionError(f"{path}: {error}", error.field) from None


def packaged_text() -> str:
    return files("littoral.access").joinpath("retention.toml").read_text(encoding="utf-8")


def preview(vault: Vault, rules: Collection[Rule], now_us: int) -> list[Decision]:
    """Everything that is kept, with when it ends and by which rule; the first to end first. A case
    that is due is kept for the review of a break-glass under it (`breakglass.waited_for`)."""
    with vault.db.read() as connection:
        found = _items(connection)
        parents = _parents(connection) | reach.of_incidents(connection)
        everything = {i.id for i in found} | set(parents.values())
        held = holds_on(connection, everything)
        reviewed = breakglass.waited_for(connection, now_us)
    below: dict[str, set[str]] = {}
    for thing, case in parents.items():
        below.setdefault(case, set()).add(thing)
    holds = {
        item.id: [
            h
            for t in (item.id, parents.get(item.id), *sorted(below.get(item.id, ())))
            if t
            for h in held.get(t, [])
        ]
        for item in found
    }
    decided = [
        replace(d, state=KEPT) if d.state == DUE and d.item.id in reviewed else d
        for d in retention.decide(found, rules, now_us, holds)
    ]
    return sorted(decided, key=lambda d: (d.due_us is None, d.due_us or 0, d.item.id))


def run(
    vault: Vault,
    rules: Collection[Rule],
    actor: str,
    now_us: int,
    record: Record,
    folder: Path | None = None,
    chosen: Callable[[list[Decision]], list[Decision]] | None = None,
) -> Ran:
    """Erases what is due (and `chosen`, for who may not erase all of it). Persons and evidence
    first, then cases, then what was written of incidents and beside them. The log has an entry for
    each thing and one with the hash over all of them; then files are swept and the blind indexes of
    the purposes concerned are made anew. What is broken off is for `make_up`, which comes first."""
    make_up(vault, actor, now_us, record, folder)
    due = [d for d in preview(vault, rules, now_us) if d.state == DUE]
    if chosen is not None:
        due = chosen(due)
    order = {kind: place for place, kind in enumerate(ERASE)}
    due.sort(key=lambda d: (order[d.item.kind], d.item.id))
    ask = Ask(actor, "", "system_operation", "statutory_duty")
    counts = Counter(d.rule.id for d in due if d.rule)
    places(
        record,
        [entry(ask, "retention.run", "list:retention", now_us, due=len(due), rules=dict(counts))],
    )
    begun = Begun(now_us, actor, tuple((d.item.kind, d.item.id) for d in due))
    with vault.db.write() as connection:
        _keep(connection, BEGUN, asdict(begun), now_us)
    erased, refused = [], []
    for decision in due:
        item = decision.item
        ended = decision.rule is not None and decision.rule.start == retention.PURPOSE_ENDED
        reason = "purpose_ended" if ended else "retention"
        try:
            if item.kind == "case":
                _ready(vault, actor, item, ended, now_us, record)
            done = ERASE[item.kind](vault, ask, item.id, reason, now_us, record)
        except (AccessDenied, Erased):
            refused.append(item.id)
            continue
        except (KeyMissing, SealError) as unread:
            _log.error("the %s %s is due and could not be ended: %s", item.kind, item.id, unread)
            refused.append(item.id)
            continue
        erased.append((item.id, done.keys))
    proof = _prove(vault, ask, erased, len(refused), now_us, record)
    removed = _sweep(vault, now_us, folder)
    ids = {thing for thing, _ in erased}
    gone = {d.item.purpose for d in due if d.item.id in ids and d.item.kind in SEALED}
    for purpose in sorted(gone):
        index.reindex(vault, actor, purpose, now_us, record)
    return Ran(tuple(thing for thing, _ in erased), tuple(refused), removed, proof)


@dataclass(frozen=True)
class Begun:
    """A run that has not come to its end. `things`: kind and id of what was due, in order, until
    the log has the proof; then None, and only the files have to be swept."""

    at_us: int
    by: str
    things: tuple[tuple[str, str], ...] | None


def make_up(
    vault: Vault, actor: str, now_us: int, record: Record, folder: Path | None = None
) -> Ran | None:
    """At every start (after `erasure.reconcile`) and before every run: what a crash or a fault
    broke off. The log gets the proof of what the run had erased, files are swept, indexes made
    anew. What it had not come to is due still. None where no run waited for its proof."""
    with vault.db.read() as connection:
        begun = _begun(connection)
        erased = None if begun is None else _erased_of(connection, begun)
    made = None
    if begun is not None and erased is not None:
        ask = Ask(actor, "", "system_operation", "statutory_duty")
        facts: dict[str, Any] = {"begun_us": begun.at_us, "begun_by": begun.by}
        proof = _prove(vault, ask, erased, 0, now_us, record, **facts)
        made = Ran(tuple(thing for thing, _ in erased), (), (), proof)
    if begun is not None:
        removed = _sweep(vault, now_us, folder)
        made = None if made is None else replace(made, files=removed)
    for purpose in index.unfinished(vault):
        index.reindex(vault, actor, purpose, now_us, record)
    return made


def last(vault: Vault) -> dict[str, Any] | None:
    """`at_us`, `erased`, `refused`, `sha256` of the last run."""
    with vault.db.read() as connection:
        return _kept(connection, LAST)


def _prove(
    vault: Vault,
    ask: Ask,
    erased: Sequence[tuple[str, Collection[str]]],
    refused: int,
    now_us: int,
    record: Record,
    **facts: Any,
) -> str:
    """The hash over what was erased with its keys, which the log then has. `facts`: what the entry
    says besides."""
    digest = hashlib.sha256()
    for thing, keys in erased:
        for word in (thing, *keys):
            digest.update(word.encode() + b"\n")
    said: dict[str, Any] = {
        "erased": len(erased), "refused": refused, "sha256": digest.hexdigest(),
    }  # fmt: skip
    places(record, [entry(ask, "retention.run", "list:retention", now_us, **said, **facts)])
    with vault.db.write() as connection:
        _keep(connection, LAST, {"at_us": now_us, **said}, now_us)
        _keep(connection, BEGUN, asdict(Begun(now_us, ask.actor, None)), now_us)
    return digest.hexdigest()


def _sweep(vault: Vault, now_us: int, folder: Path | None) -> tuple[str, ...]:
    """The last of a run: then it has come to its end."""
    removed = tuple(custody.sweep(vault, folder)) if folder is not None else ()
    with vault.db.write() as connection:
        _keep(connection, BEGUN, None, now_us)
    return removed


def _erased_of(connection: Connection, begun: Begun) -> list[tuple[str, tuple[str, ...]]] | None:
    """What a run that was broken off had erased, with the keys, in its order. An erasure on request
    that came in between is not the run's."""
    if begun.things is None:
        return None
    kept = {(item.kind, item.id) for item in _items(connection)}
    gone = [(kind, thing) for kind, thing in begun.things if (kind, thing) not in kept]
    x = tables.erasures.c
    found: list[tuple[str, tuple[str, ...]]] = []
    for kind, thing in gone:
        if kind not in SEALED:
            found.append((thing, ()))
            continue
        of = _TABLES[kind].c
        query = sa.select(of.key_id, x.reason).outerjoin_from(
            _TABLES[kind], tables.erasures, x.key_id == of.key_id
        )
        row = connection.execute(query.where(of.id == thing)).one()
        if row.reason not in erasure.ON_REQUEST:
            found.append((thing, (row.key_id,)))
    return found


def _begun(connection: Connection) -> Begun | None:
    said = _kept(connection, BEGUN)
    if said is None:
        return None
    things = said["things"]
    pairs = None if things is None else tuple((kind, thing) for kind, thing in things)
    return Begun(said["at_us"], said["by"], pairs)


def _kept(connection: Connection, key: str) -> dict[str, Any] | None:
    query = sa.select(settings.c.value).where(settings.c.key == key)
    found: dict[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return found


def _keep(connection: Connection, key: str, value: dict[str, Any] | None, now_us: int) -> None:
    """None: no longer."""
    if value is None:
        connection.execute(sa.delete(settings).where(settings.c.key == key))
    else:
        upsert(connection, settings, [{"key": key, "value": value, "changed_us": now_us}])


def end_purpose(
    vault: Vault, actor: str, purpose: str, agency: str, now_us: int, record: Record
) -> Ending:
    """Says that a purpose (an epidemic) is over for an agency, `ENDS_AFTER_US` from now: what its
    cases have collected for it by then is due by the rules that count from there. Where it ends
    already it stays with that. Raises AccessDenied for no purpose, no agency."""
    if agency not in AGENCIES:
        raise AccessDenied("agency", f"{agency!r} is no agency")
    if purpose not in PURPOSES:
        raise AccessDenied("purpose", f"{purpose!r} is no purpose")
    with vault.ending:
        for known in endings(vault, now_us):
            if (known.purpose, known.agency) == (purpose, agency):
                return known
        made = Ending(purpose, agency, now_us + ENDS_AFTER_US, actor)
        ask = Ask(actor, "", purpose, "statutory_duty")
        facts: dict[str, Any] = {"change": "end", "agency": agency, "until_us": made.at_us}
        places(record, [entry(ask, "retention.run", ref("purpose", purpose), now_us, **facts)])
        row = {
            "id": new_id(now_us), "purpose": purpose, "agency": agency, "ended_us": made.at_us,
            "ended_by": actor,
        }  # fmt: skip
        with vault.db.write() as connection:
            connection.execute(sa.insert(tables.purpose_ends), row)
    return made


def take_end_back(
    vault: Vault, actor: str, purpose: str, agency: str, now_us: int, record: Record
) -> None:
    """By anybody who may end it, while it has not ended. Raises NotThere."""
    p = tables.purpose_ends.c
    with vault.ending:
        if (purpose, agency) not in {(e.purpose, e.agency) for e in endings(vault, now_us)}:
            raise NotThere(f"{purpose} is not about to end for {agency}")
        ask = Ask(actor, "", purpose, "statutory_duty")
        facts = {"change": "take_back", "agency": agency}
        places(record, [entry(ask, "retention.run", ref("purpose", purpose), now_us, **facts)])
        with vault.db.write() as connection:
            connection.execute(
                sa.delete(tables.purpose_ends).where(
                    p.purpose == purpose, p.agency == agency, p.ended_us > now_us
                )
            )


def endings(vault: Vault, now_us: int) -> list[Ending]:
    """Those that somebody has said and that have not come yet; the first to end first."""
    p = tables.purpose_ends.c
    query = sa.select(p.purpose, p.agency, p.ended_us, p.ended_by).where(p.ended_us > now_us)
    with vault.db.read() as connection:
        return [Ending(*row) for row in connection.execute(query.order_by(p.ended_us, p.id))]


def _written(kind: str) -> Erase:
    def erase(vault: Vault, ask: Ask, key: str, why: str, now_us: int, record: Record) -> Erasure:
        return written.erase(vault, kind, ask, key, why, now_us, record)

    return erase


# In the order in which a run erases.
SEALED: Mapping[str, Erase] = {
    "subject": erasure.erase_subject,
    "evidence": erasure.erase_evidence,
    "case": erasure.erase_case,
}
_TABLES = {"subject": tables.subjects, "evidence": tables.evidence, "case": tables.cases}
ERASE: Mapping[str, Erase] = {
    **SEALED,
    "incident": incident_text.erase,
    **{kind: _written(kind) for kind in written.KINDS},
}


def _ready(vault: Vault, actor: str, item: Item, ended: bool, now_us: int, record: Record) -> None:
    """A case goes last: not while something of it is still kept. One whose purpose has ended is
    closed for that. Raises AccessDenied."""
    with vault.db.read() as connection:
        if item.id in _parents(connection).values():
            raise AccessDenied("not_empty", "something of the case is still kept")
    if ended:
        cases.close_case(vault, actor, item.id, now_us, record)


def _items(connection: Connection) -> list[Item]:
    s, e, c, f = tables.subjects.c, tables.evidence.c, tables.cases.c, tables.fields.c
    ends: dict[str, list[tuple[int, str | None]]] = {}
    p = tables.purpose_ends.c
    for row in connection.execute(sa.select(p.purpose, p.ended_us, p.agency).order_by(p.ended_us)):
        ends.setdefault(row.purpose, []).append((row.ended_us, row.agency))
    sensitive = set(
        connection.execute(
            sa.select(f.subject_id).where(f.data_class == "sensitive").distinct()
        ).scalars()
    )

    def ended(purpose: str, agency: str | None, at_us: int) -> int | None:
        return next(
            (t for t, of in ends.get(purpose, ()) if t >= at_us and of in (None, agency)), None
        )

    def item(kind: str, data_class: str, at_us: int, r: Any) -> Item:
        over_us = ended(r.purpose, r.agency, at_us)
        return Item(
            r.id, kind, data_class, r.purpose, at_us, r.closed_us, over_us, r.unit, r.agency or ""
        )

    found = [
        item("subject", "sensitive" if r.id in sensitive else "personal", r.created_us, r)
        for r in connection.execute(
            sa.select(s.id, s.purpose, s.created_us, c.closed_us, c.unit, c.agency)
            .join_from(tables.subjects, tables.cases, c.id == s.case_id)
            .where(s.erased_us.is_(None))
        )
    ]
    found += [
        item("evidence", r.data_class, r.added_us, r)
        for r in connection.execute(
            sa.select(e.id, e.data_class, e.purpose, e.added_us, c.closed_us, c.unit, c.agency)
            .join_from(tables.evidence, tables.cases, c.id == e.case_id)
            .where(e.erased_us.is_(None))
        )
    ]
    found += [
        item("case", "personal", r.opened_us, r)
        for r in connection.execute(
            sa.select(c.id, c.purpose, c.opened_us, c.closed_us, c.unit, c.agency).where(
                c.state != "erased"
            )
        )
    ]
    return found + incident_text.kept(connection, ended) + written.kept(connection)


def _parents(connection: Connection) -> dict[str, str]:
    """The case of each living person and evidence."""
    s, e = tables.subjects.c, tables.evidence.c
    found: dict[str, str] = {}
    for query in (
        sa.select(s.id, s.case_id).where(s.erased_us.is_(None)),
        sa.select(e.id, e.case_id).where(e.erased_us.is_(None)),
    ):
        found |= {r.id: r.case_id for r in connection.execute(query)}
    return found
