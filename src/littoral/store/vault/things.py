"""What an id names that is kept for a time: a case, a person, a piece of evidence, an incident, or
what is written beside them (`written`)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store import incidents, reach
from littoral.store.actions import NotFound
from littoral.store.duty import entries, papers
from littoral.store.vault import reasons, tables
from littoral.store.vault.vault import Erased, NotThere, Vault

NOTICE, WATCH_LOG, PAPER, CONTACT = "notice", "watch_log", "duty_paper", "contact"


@dataclass(frozen=True)
class Thing:
    """`case`: empty for an incident and what is written beside them, which have a unit and an
    agency of their own. `id`: under which it is kept, of an entry of a watch log that of the log.
    """

    id: str
    kind: str  # case, subject, evidence, incident, notice, watch_log, duty_paper, contact, reason
    case: str
    data_class: str
    erased: bool
    unit: str = ""
    agency: str = ""


def thing(vault: Vault, key: str) -> Thing:
    """Raises NotThere."""
    s, e, c, f = tables.subjects.c, tables.evidence.c, tables.cases.c, tables.fields.c
    with vault.db.read() as connection:
        row = connection.execute(sa.select(s.case_id, s.erased_us).where(s.id == key)).first()
        if row is not None:
            sensitive = connection.execute(
                sa.select(f.subject_id).where(f.subject_id == key, f.data_class == "sensitive")
            ).first()
            data_class = "personal" if sensitive is None else "sensitive"
            return Thing(key, "subject", row.case_id, data_class, row.erased_us is not None)
        file = connection.execute(
            sa.select(e.case_id, e.data_class, e.erased_us).where(e.id == key)
        ).first()
        if file is not None:
            erased = file.erased_us is not None
            return Thing(key, "evidence", file.case_id, file.data_class, erased)
        if (incident := incidents.found(connection, key)) is not None:
            gone = not incidents.one(connection, key).text_key
            return Thing(
                key, "incident", "", incidents.DATA_CLASS, gone, incident.desk,
                incident.lead_agency,
            )  # fmt: skip
        if (beside := _written(connection, key)) is not None:
            return beside
        state = connection.execute(sa.select(c.state).where(c.id == key)).scalar_one_or_none()
    if state is None:
        raise NotThere(f"nothing is kept as {key[:100]}")
    return Thing(key, "case", key, "operational", state == "erased")


def kept(vault: Vault, key: str) -> Thing:
    """Raises NotThere, Erased."""
    found = thing(vault, key)
    if found.erased:
        raise Erased(f"{found.kind} {key} was erased")
    return found


def _written(connection: Connection, key: str) -> Thing | None:
    try:
        notice = reach.one(connection, key)
        gone = not reach.with_text(connection, key)
        return Thing(key, NOTICE, "", "operational", gone, notice.unit, notice.agency)
    except NotFound:
        pass
    if (watch := entries.watch_of(connection, key)) is not None:
        of, unit, agency = watch
        gone = not entries.with_text(connection, of)
        return Thing(of, WATCH_LOG, "", "operational", gone, unit, agency)
    try:
        paper = papers.one(connection, key)
        gone = not papers.with_text(connection, key)
        return Thing(key, PAPER, "", "operational", gone, paper.unit, paper.agency)
    except NotFound:
        pass
    if reach.contacts_kept(connection, key):
        return Thing(key, CONTACT, "", "personal", False)
    if (place := reasons.place(connection, key)) is not None:
        gone = not reasons.kept(connection, key)
        return Thing(key, reasons.KIND, "", reasons.DATA_CLASS, gone, *place)
    return None
