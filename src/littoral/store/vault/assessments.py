"""Impact assessments (PIPL Art. 55 and 56): before sensitive data is used for a purpose, somebody
has written down why that is lawful and necessary, what it does to people and what protects them,
and another has agreed.

One covers a purpose for an agency (a kind) in a unit and all units within it, for three years at
most. A new version takes the place of the one before; nothing deletes either. What no assessment
covers `check` refuses: access to sensitive fields, and a form that asks for such.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.words import AGENCIES, PURPOSES
from littoral.store.forms.numbers import person_number
from littoral.store.vault import rules, tables
from littoral.store.vault.entries import AccessDenied, Ask, Record, deny, entry, places
from littoral.store.vault.fields import FIELDS
from littoral.store.vault.ids import new_id, ref
from littoral.store.vault.vault import NotThere, Vault

WRITE, AGREE = "assessment.write", "assessment.agree"
KIND = "assessment"
WAITING, AGREED, REFUSED, TAKEN_BACK, LAPSED = (
    "waiting", "agreed", "refused", "taken_back", "lapsed",
)  # fmt: skip
TO_COME, IN_FORCE, ENDED = "to_come", "in_force", "ended"
LONGEST_US = 3 * 366 * rules.DAY_US
# What is processed: a person's fields by name, files, answers to forms.
WHAT = (*FIELDS, "evidence", "answers")
MIN_TEXT, MAX_TEXT = 20, 4000  # characters: a sentence or two in Chinese, some pages
TEXTS = ("necessity", "impact", "measures")


class NotWaiting(Exception):
    """It was decided or has lapsed, or another version waits or has taken its place."""


class AssessmentRefused(ValueError):
    """What was written is none; `field` says where."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


class Unassessed(AccessDenied):
    """No assessment in force covers it."""

    def __init__(self, purpose: str, unit: str, agency: str) -> None:
        super().__init__(
            "no_assessment",
            f"no impact assessment in force covers {purpose} by {agency} in {unit}",
        )
        self.purpose, self.unit, self.agency = purpose, unit, agency


@dataclass(frozen=True)
class Wanted:
    """What somebody writes. `unit`: a code, with all units within it; `agency`: a kind; the three
    texts are the points of PIPL Art. 56."""

    purpose: str
    unit: str
    agency: str
    what: tuple[str, ...]
    necessity: str
    impact: str
    measures: str
    begins_us: int
    ends_us: int
    replaces: str | None = None


@dataclass(frozen=True)
class Assessment:
    id: str
    replaces: str | None
    version: int
    purpose: str
    unit: str
    agency: str
    what: tuple[str, ...]
    necessity: str
    impact: str
    measures: str
    begins_us: int
    ends_us: int
    written_by: str
    written_us: int
    state: str
    decided_by: str | None
    decided_us: int | None
    remark: str | None
    from_us: int | None
    replaced_us: int | None

    @property
    def until_us(self) -> int:
        """Before its end where the next version took its place."""
        return self.ends_us if self.replaced_us is None else min(self.ends_us, self.replaced_us)

    def state_at(self, now_us: int) -> str:
        """Of one that was agreed to whether it is in force; of one that waits past its end, that
        it has lapsed."""
        if self.state == WAITING:
            return LAPSED if now_us >= self.ends_us else WAITING
        if self.state != AGREED or self.from_us is None:
            return self.state
        if now_us >= self.until_us:
            return ENDED
        return TO_COME if now_us < self.from_us else IN_FORCE

    def covers(self, purpose: str, agency: str, units: Collection[str], at_us: int) -> bool:
        """`units`: the unit and all above it."""
        return (
            self.state_at(at_us) == IN_FORCE
            and (self.purpose, self.agency) == (purpose, agency)
            and self.unit in units
        )


@dataclass(frozen=True)
class Need:
    """Sensitive data that is kept for a purpose: in so many open cases of a unit and agency."""

    purpose: str
    unit: str
    agency: str
    cases: int


def write(vault: Vault, actor: str, wanted: Wanted, now_us: int, record: Record) -> Assessment:
    """It waits until another person agrees. Raises AssessmentRefused, NotThere, NotWaiting where
    another version of the same waits or has taken its place."""
    _check(wanted, now_us)
    key, before = new_id(now_us), None
    with vault.db.write() as connection:
        if wanted.replaces is not None:
            before = _one(connection, wanted.replaces, lock=True)
            _check_replaced(connection, before, wanted, now_us)
        made = Assessment(
            key, wanted.replaces, 1 if before is None else before.version + 1, wanted.purpose,
            wanted.unit, wanted.agency, tuple(dict.fromkeys(wanted.what)),
            wanted.necessity.strip(), wanted.impact.strip(), wanted.measures.strip(),
            wanted.begins_us, wanted.ends_us, actor, now_us, WAITING, None, None, None, None, None,
        )  # fmt: skip
        ask = Ask(actor, "", wanted.purpose, "statutory_duty")
        facts: dict[str, Any] = {
            "change": "write", "unit": made.unit, "agency": made.agency,
            "version": made.version, "begins_us": made.begins_us, "ends_us": made.ends_us,
            "before": None if before is None else digest(before), "after": digest(made),
        }  # fmt: skip
        places(record, [entry(ask, WRITE, ref(KIND, key), now_us, **facts)])
        connection.execute(
            sa.insert(tables.assessments).values(**{**asdict(made), "what": list(made.what)})
        )
    return made


def decide(
    vault: Vault, key: str, by: str, agree: bool, note: str, now_us: int, record: Record
) -> Assessment:
    """As another person than who wrote it; who wrote it may take it back (`agree` false). Agreed
    to it is in force from its begin on, or at once, and ends the version before. Raises NotThere,
    AccessDenied, AssessmentRefused, NotWaiting."""
    with vault.db.read() as connection:
        found = _one(connection, key)
    mine = by == found.written_by
    action = WRITE if mine and not agree else AGREE
    ask = Ask(by, "", found.purpose, "statutory_duty")
    _check_numbers("note", note)
    if mine and agree:
        why = AccessDenied("same_person", "another person has to agree to it")
        deny(record, ask, action, ref(KIND, key), now_us, why)
    state = AGREED if agree else TAKEN_BACK if mine else REFUSED
    from_us = max(found.begins_us, now_us) if agree else None
    values = {
        "state": state, "decided_by": by, "decided_us": now_us, "remark": note.strip() or None,
        "from_us": from_us,
    }  # fmt: skip
    return _close(vault, key, ask, action, values, now_us, record)


def lapse(vault: Vault, key: str, actor: str, now_us: int, record: Record) -> Assessment:
    """Since who wrote it may no longer write any. Raises NotThere, NotWaiting."""
    with vault.db.read() as connection:
        found = _one(connection, key)
    ask = Ask(actor, "", found.purpose, "statutory_duty")
    values = {"state": LAPSED, "decided_us": now_us}
    return _close(vault, key, ask, WRITE, values, now_us, record)


def one(vault: Vault, key: str) -> Assessment:
    """Raises NotThere."""
    with vault.db.read() as connection:
        return _one(connection, key)


def all_of(connection: Connection) -> list[Assessment]:
    """The last written first."""
    a = tables.assessments.c
    query = sa.select(tables.assessments).order_by(a.written_us.desc(), a.id.desc())
    return [_as_assessment(row) for row in connection.execute(query)]


def check(
    connection: Connection, purpose: str, unit: str, above: Collection[str], agency: str,
    now_us: int,
) -> None:  # fmt: skip
    """`above`: the codes of the units around it. Raises Unassessed."""
    if not covering(connection, purpose, agency, {unit, *above}, now_us):
        raise Unassessed(purpose, unit, agency)


def check_case(connection: Connection, case_id: str, above: Collection[str], now_us: int) -> None:
    """Of the case's purpose, unit and agency. Raises Unassessed."""
    c = tables.cases.c
    row = connection.execute(sa.select(c.purpose, c.unit, c.agency).where(c.id == case_id)).one()
    check(connection, row.purpose, row.unit, above, row.agency or "", now_us)


def covering(
    connection: Connection, purpose: str, agency: str, units: Collection[str], at_us: int
) -> bool:
    """Whether one in force then covers it; `units`: the unit and all above it."""
    a = tables.assessments.c
    query = sa.select(tables.assessments).where(
        a.purpose == purpose, a.agency == agency, a.unit.in_(units), a.state == AGREED
    )
    found = (_as_assessment(row) for row in connection.execute(query))
    return any(f.covers(purpose, agency, units, at_us) for f in found)


def needs(connection: Connection) -> list[Need]:
    """Where open cases hold sensitive fields or evidence."""
    c, s, f, e = tables.cases.c, tables.subjects.c, tables.fields.c, tables.evidence.c
    persons = (
        sa.select(s.case_id)
        .join_from(tables.subjects, tables.fields, f.subject_id == s.id)
        .where(f.data_class == "sensitive", s.erased_us.is_(None))
    )
    files = sa.select(e.case_id).where(e.data_class == "sensitive", e.erased_us.is_(None))
    query = (
        sa.select(c.purpose, c.unit, c.agency, sa.func.count())
        .where(c.state == "open", sa.or_(c.id.in_(persons), c.id.in_(files)))
        .group_by(c.purpose, c.unit, c.agency)
        .order_by(c.purpose, c.unit, c.agency)
    )
    return [Need(p, unit, agency or "", n) for p, unit, agency, n in connection.execute(query)]


def digest(found: Assessment) -> str:
    """SHA-256 of what it says and whether it holds, by which the log names it."""
    text = orjson.dumps({**asdict(found), "what": list(found.what)}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _close(
    vault: Vault, key: str, ask: Ask, action: str, values: Mapping[str, Any], now_us: int,
    record: Record,
) -> Assessment:  # fmt: skip
    """Of one that waits; the log has it first. Raises NotWaiting."""
    a = tables.assessments.c
    with vault.db.write() as connection:
        found = _one(connection, key, lock=True)
        if found.state_at(now_us) != WAITING:
            raise NotWaiting(f"it is {found.state_at(now_us).replace('_', ' ')}")
        done = replace(found, **values)
        facts = {
            "change": values["state"], "before": digest(found), "after": digest(done),
            "written_by": found.written_by,
        }  # fmt: skip
        places(record, [entry(ask, action, ref(KIND, key), now_us, **facts)])
        connection.execute(sa.update(tables.assessments).where(a.id == key).values(**values))
        if values["state"] == AGREED and found.replaces is not None:
            connection.execute(
                sa.update(tables.assessments)
                .where(a.id == found.replaces)
                .values(replaced_us=values["from_us"])
            )
    return done


def _check(wanted: Wanted, now_us: int) -> None:
    if wanted.purpose not in PURPOSES:
        raise AssessmentRefused("purpose", f"{wanted.purpose!r} is no purpose")
    if wanted.agency not in AGENCIES:
        raise AssessmentRefused("agency", f"{wanted.agency!r} is no agency")
    if not wanted.what:
        raise AssessmentRefused("what", "say what is processed")
    if unknown := [name for name in wanted.what if name not in WHAT]:
        raise AssessmentRefused("what", f"{unknown[0]!r} is none of {', '.join(WHAT)}")
    for name in TEXTS:
        text = getattr(wanted, name).strip()
        if not MIN_TEXT <= len(text) <= MAX_TEXT:
            raise AssessmentRefused(name, f"{MIN_TEXT} to {MAX_TEXT} characters")
        _check_numbers(name, text)
    if not max(wanted.begins_us, now_us) < wanted.ends_us:
        raise AssessmentRefused("ends", "it would have ended before it begins, or by now")
    if wanted.ends_us - wanted.begins_us > LONGEST_US:
        raise AssessmentRefused("ends", "three years at most; write the next version then")


def _check_numbers(name: str, text: str) -> None:
    if number := person_number(text):
        raise AssessmentRefused(name, f"{number} stands in it; an assessment is about no person")


def _check_replaced(
    connection: Connection, before: Assessment, wanted: Wanted, now_us: int
) -> None:
    place = (wanted.purpose, wanted.unit, wanted.agency)
    if (before.purpose, before.unit, before.agency) != place:
        raise AssessmentRefused("replaces", "a new version is of the same purpose, unit and agency")
    if before.state != AGREED:
        raise NotWaiting("only one that was agreed to gets a new version")
    a = tables.assessments.c
    query = sa.select(tables.assessments).where(a.replaces == before.id)
    for later in (_as_assessment(row) for row in connection.execute(query)):
        if later.state == AGREED or later.state_at(now_us) == WAITING:
            raise NotWaiting(f"version {later.version} of it waits, or was agreed to, already")


def _one(connection: Connection, key: str, lock: bool = False) -> Assessment:
    query = sa.select(tables.assessments).where(tables.assessments.c.id == key)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotThere(f"there is no impact assessment {key}")
    return _as_assessment(row)


def _as_assessment(row: sa.Row[Any]) -> Assessment:
    read = dict(row._mapping)
    return Assessment(**{**read, "what": tuple(read["what"])})
