"""What an id names that is kept for a time: a case, a person, a piece of evidence, an incident."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from littoral.store import incidents
from littoral.store.vault import tables
from littoral.store.vault.vault import Erased, NotThere, Vault


@dataclass(frozen=True)
class Thing:
    """`case`: empty for an incident, which has a unit and an agency of its own."""

    kind: str  # case, subject, evidence, incident
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
            return Thing("subject", row.case_id, data_class, row.erased_us is not None)
        file = connection.execute(
            sa.select(e.case_id, e.data_class, e.erased_us).where(e.id == key)
        ).first()
        if file is not None:
            return Thing("evidence", file.case_id, file.data_class, file.erased_us is not None)
        if (incident := incidents.found(connection, key)) is not None:
            gone = not incidents.one(connection, key).text_key
            return Thing(
                "incident", "", incidents.DATA_CLASS, gone, incident.desk, incident.lead_agency
            )
        state = connection.execute(sa.select(c.state).where(c.id == key)).scalar_one_or_none()
    if state is None:
        raise NotThere(f"nothing is kept as {key[:100]}")
    return Thing("case", key, "operational", state == "erased")


def kept(vault: Vault, key: str) -> Thing:
    """Raises NotThere, Erased."""
    found = thing(vault, key)
    if found.erased:
        raise Erased(f"{found.kind} {key} was erased")
    return found
