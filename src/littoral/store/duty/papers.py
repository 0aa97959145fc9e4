"""Papers of a desk and their steps. A step is kept for ever; the paper's row is what its steps make
of it (respond/duty/paper.py). The same step sent again is the same answer and nothing new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.respond.duty import paper as papers
from littoral.respond.duty.layers import Changes, Leave, Override, Swap
from littoral.respond.duty.paper import OVER, Paper, Step
from littoral.store.actions import NotFound
from littoral.store.duty.tables import duty_papers, duty_steps, next_seq
from littoral.store.geofences import Conflict

BEGIN = "begin"


@dataclass(frozen=True, slots=True)
class StepRow:
    step: Step
    version: int
    received_us: int


def begin(
    connection: Connection, kind: str, step: Step, unit: str, agency: str, now_us: int
) -> Paper:
    """Raises paper.Refused, Conflict when the id is of another paper or a shift is handed over a
    second time."""
    seq = next_seq(connection)
    if (done := known(connection, step)) is not None:
        return done
    made = papers.begun(kind, step, unit, agency)
    c = duty_papers.c
    if kind == papers.HANDOVER:
        same = sa.select(c.id).where(
            c.unit == unit, c.agency == agency, c.kind == kind, c.subject == subject_of(made)
        )
        if (other := connection.execute(same).scalar()) is not None:
            raise Conflict(f"this watch has its handover: {other}")
    text_us = now_us if _has_text(step, made) else None
    connection.execute(sa.insert(duty_papers).values(**_values(made), seq=seq, text_us=text_us))
    _keep(connection, step, 1, now_us)
    return made


def take(
    connection: Connection, step: Step, now_us: int, added: Mapping[str, Any] | None = None
) -> Paper:
    """The step is done; `added` is what the server knows besides. Raises paper.Refused, NotFound,
    Conflict when the id is of another step."""
    seq = next_seq(connection)
    if (done := known(connection, step)) is not None:
        return done
    now = papers.after(one(connection, step.paper), step, added)
    values = {**_values(now), "seq": seq}
    if _has_text(step, now):
        values["text_us"] = sa.func.coalesce(duty_papers.c.text_us, now_us)
    connection.execute(sa.update(duty_papers).where(duty_papers.c.id == now.id).values(**values))
    _keep(connection, step, now.version, now_us)
    return now


def one(connection: Connection, key: str) -> Paper:
    """Raises NotFound."""
    row = None
    if "\0" not in key:  # no database of PostgreSQL takes it
        row = connection.execute(sa.select(duty_papers).where(duty_papers.c.id == key)).first()
    if row is None:
        raise NotFound(f"there is no paper {key}")
    return _paper(row)


def steps(connection: Connection, key: str) -> list[StepRow]:
    query = sa.select(duty_steps).where(duty_steps.c.paper_id == key)
    return [
        StepRow(Step(r.id, r.paper_id, r.kind, r.at_us, r.by, r.fields), r.version, r.received_us)
        for r in connection.execute(query.order_by(duty_steps.c.version))
    ]


def listed(
    connection: Connection, unit: str, agency: str, kinds: Sequence[str], limit: int,
    waiting: bool = False, before_seq: int | None = None,
) -> list[tuple[int, Paper]]:  # fmt: skip
    """Last changed first, each with the number of its last change. `waiting`: without those that
    are over."""
    c = duty_papers.c
    query = sa.select(duty_papers).where(c.unit == unit, c.agency == agency)
    if kinds:
        query = query.where(c.kind.in_(kinds))
    if waiting:
        query = query.where(c.state.not_in(sorted(OVER)))
    if before_seq is not None:
        query = query.where(c.seq < before_seq)
    rows = connection.execute(query.order_by(c.seq.desc()).limit(limit))
    return [(r.seq, _paper(r)) for r in rows]


def changes_of(connection: Connection, unit: str, agency: str) -> Changes:
    """What lies over the desk's rosters, each in the order in which it came into force."""
    c = duty_papers.c
    query = (
        sa.select(duty_papers)
        .where(c.unit == unit, c.agency == agency, c.state == "in_force")
        .where(c.kind.in_([papers.SWAP, papers.LEAVE, papers.OVERRIDE]))
        .order_by(c.seq)
    )
    swaps: list[Swap] = []
    leaves: list[Leave] = []
    overrides: list[Override] = []
    for r in connection.execute(query):
        d = r.doc
        if r.kind == papers.SWAP:
            swaps.append(Swap(r.id, d["giver"], d["taker"], d["gives"], d["takes"]))
        elif r.kind == papers.LEAVE:
            leaves.append(Leave(d["account"], d["from_us"], d["until_us"]))
        else:
            overrides.append(
                Override(d["account"], d["from_us"], d["until_us"], d["post"], d["instead_of"])
            )
    return Changes(tuple(swaps), tuple(leaves), tuple(overrides))


def of_subject(
    connection: Connection, kind: str, unit: str, agency: str, subject: str
) -> Paper | None:
    """The latest one of that kind about it."""
    c = duty_papers.c
    query = sa.select(duty_papers).where(
        c.kind == kind, c.unit == unit, c.agency == agency, c.subject == subject
    )
    row = connection.execute(query.order_by(c.made_us.desc()).limit(1)).first()
    return None if row is None else _paper(row)


class Written(NamedTuple):
    """A paper in which something is written, first at `text_us`. `over_us`: since when it has
    waited for nobody and changed nothing."""

    id: str
    unit: str
    agency: str
    text_us: int
    over_us: int | None


TEXT = frozenset({"name", "what", "who", "reason", "remark", "says"})


def without_text(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of a paper or a step, once what was written is erased."""
    return {name: {} if name == "says" else "" if name in TEXT else value
            for name, value in fields.items()}  # fmt: skip


def with_text(connection: Connection, key: str | None = None) -> list[Written]:
    c = duty_papers.c
    query = sa.select(duty_papers).where(c.text_us.is_not(None))
    if key is not None:
        query = query.where(c.id == key)
    return [
        Written(r.id, r.unit, r.agency, r.text_us, _over_us(r.state, r.since_us, r.doc))
        for r in connection.execute(query)
    ]


def _over_us(state: str, since_us: int, doc: Mapping[str, Any]) -> int | None:
    """Leave, overrides and windows say themselves until when they hold."""
    if state in OVER:
        return since_us
    return doc.get("until_us") if state == "in_force" else None


def forget_text(connection: Connection, key: str) -> None:
    """Erases what was written in a paper and its steps; who took which step when stays."""
    now, s = without_text(one(connection, key).doc), duty_steps.c
    paper = replace(one(connection, key), doc=now)
    values = {"doc": now, "subject": subject_of(paper), "text_us": None}
    connection.execute(
        sa.update(duty_papers)
        .where(duty_papers.c.id == key)
        .values(**values, seq=next_seq(connection))
    )
    for row in connection.execute(sa.select(s.id, s.fields).where(s.paper_id == key)).all():
        at = sa.update(duty_steps).where(s.id == row.id)
        connection.execute(at.values(fields=without_text(row.fields)))


def _has_text(step: Step, paper: Paper) -> bool:
    return any(fields != without_text(fields) for fields in (step.fields, paper.doc))


def subject_of(paper: Paper) -> str:
    doc = paper.doc
    match paper.kind:
        case papers.SWAP:
            return str(doc["gives"])
        case papers.HANDOVER:
            return str(doc["outgoing"])
        case papers.FAULT | papers.WINDOW:
            return f"{doc['thing']}:{doc['name']}"[:240]
        case _:
            return str(doc["account"])


def known(connection: Connection, step: Step) -> Paper | None:
    """The paper as it stands, where this step was taken before. Raises Conflict when the id is of
    another step, or of a step of another paper."""
    row = connection.execute(sa.select(duty_steps).where(duty_steps.c.id == step.id)).first()
    if row is None:
        return None
    same = (row.paper_id, row.kind) == (step.paper, step.kind)
    if not same or row.fields not in (dict(step.fields), without_text(step.fields)):
        raise Conflict(f"the id {step.id} is that of another step")
    return one(connection, step.paper)


def _keep(connection: Connection, step: Step, version: int, now_us: int) -> None:
    connection.execute(
        sa.insert(duty_steps).values(
            id=step.id, paper_id=step.paper, version=version, kind=step.kind, at_us=step.at_us,
            received_us=now_us, by=step.by, fields=dict(step.fields),
        )
    )  # fmt: skip


def _values(paper: Paper) -> dict[str, Any]:
    values = {name: getattr(paper, name) for name in Paper.__dataclass_fields__}
    return {**values, "doc": dict(paper.doc), "subject": subject_of(paper)}


def _paper(row: sa.Row[Any]) -> Paper:
    read = row._mapping
    return Paper(**{name: read[name] for name in Paper.__dataclass_fields__})
