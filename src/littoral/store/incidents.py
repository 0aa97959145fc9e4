"""Incidents and their steps. A step is kept for ever; the incident's row is what its steps make of
it (respond/incident/flow.py), kept beside them so that boards are quick.

A step has an id that its client made: the same step again is the same answer and nothing new, also
when it comes from a phone that heard no answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import Filter
from littoral.access.request import agency_at, agency_in, at_unit
from littoral.respond.incident.flow import Incident, Joint, Source, after, place_of
from littoral.respond.incident.lineage import check_merge
from littoral.respond.incident.step import Step
from littoral.store.actions import NotFound
from littoral.store.condition import Condition, Within, alone, condition_of, one_of
from littoral.store.counted import NEXT, next_of
from littoral.store.geofences import Conflict
from littoral.store.incident_tables import (
    incident_reach,
    incident_sources,
    incident_steps,
    incidents,
)
from littoral.store.tables import counters

COUNTER = "incidents"
# What an incident says is for whoever handles it; persons are named in a case alone.
DATA_CLASS = "operational"

# What every report and step asks for. Building a statement costs SQLAlchemy two to four times what
# running it does, so these are built once.
_BY_ID = sa.select(incidents).where(incidents.c.id == sa.bindparam("key"))
_BY_ID_OR_CODE = sa.select(incidents).where(
    sa.or_(incidents.c.id == sa.bindparam("key"), incidents.c.code == sa.bindparam("key"))
)
_BY_IDS = sa.select(incidents).where(incidents.c.id.in_(sa.bindparam("keys", expanding=True)))
_STEP = sa.select(incident_steps).where(incident_steps.c.id == sa.bindparam("key"))
_INSERT = sa.insert(incidents)
_UPDATE = sa.update(incidents).where(incidents.c.id == sa.bindparam("key"))
_INSERT_STEP = sa.insert(incident_steps)
_INSERT_REACH = sa.insert(incident_reach)
_LOCK = sa.select(counters.c.value).where(counters.c.name == COUNTER).with_for_update()


@dataclass(frozen=True, slots=True)
class Kept:
    """An incident as it stands, under the code by which people name it. `text_key`: of the log's
    commitments to its free text, hexadecimal, empty once the text is erased, last at `erased_us`.
    `fresh`: False when the step was there already."""

    incident: Incident
    code: str
    seq: int
    text_key: str
    erased_us: int | None = None
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class StepRow:
    step: Step
    version: int
    received_us: int


def lock(connection: Connection) -> None:
    """Until the transaction ends no step of anybody is taken: what is read from here on is what
    the step that follows finds. The row is there since the migration; on SQLite a transaction that
    writes holds everything from its start."""
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK)


def again(connection: Connection, step: Step) -> Kept | None:
    """The incident as it is now, where the step was taken already; whenever it was sent again.
    Raises Conflict when its id is that of another step, or of somebody else."""
    known = connection.execute(_STEP, {"key": step.id}).first()
    if known is None:
        return None
    kept = _kept(_row(connection, known.incident_id), fresh=False)
    same = (known.incident_id, known.kind, known.by) == (step.incident, step.kind, step.by)
    said = [dict(step.fields)]
    if kept.erased_us is not None:  # then what it said besides is known no more
        said.append(without_text(step.fields))
    if not same or known.fields not in said:
        raise Conflict(f"the id {step.id} is that of another step")
    return kept


def take(
    connection: Connection,
    step: Step,
    year: int,
    now_us: int,
) -> Kept:
    """The step is done. `year`: of the watch's calendar, for the code of a new incident.

    Raises step.Refused when it does not follow, NotFound, Conflict when the id is of another step.
    """
    # First: it locks, as `lock` does.
    seq = next_of(connection, COUNTER)
    if (known := again(connection, step)) is not None:
        return known
    row = connection.execute(_BY_ID, {"key": step.incident}).first()
    before = None if row is None else _kept(row, fresh=True)
    if before is None and step.kind != "report":
        raise NotFound(f"there is no incident {step.incident}")
    now = after(None if before is None else before.incident, step)
    if step.kind == "merge":
        check_merge(now, found(connection, now.merged_into))
    return _keep(connection, before, [(step, now)], seq, year, now_us)


def follow(connection: Connection, before: Kept, steps: Iterable[Step], now_us: int) -> Kept:
    """Steps in a row of an incident that was read under `lock`, no merge among them, are done at
    once. They come of something that is done for the first time, so none of them was taken before.

    Raises step.Refused when one does not follow."""
    seq = next_of(connection, COUNTER)
    done, now = list[tuple[Step, Incident]](), before.incident
    for step in steps:
        now = after(now, step)
        done.append((step, now))
    return _keep(connection, before, done, seq, 0, now_us)


def _keep(
    connection: Connection, before: Kept | None, done: list[tuple[Step, Incident]], seq: int,
    year: int, now_us: int,
) -> Kept:  # fmt: skip
    """What follows on `before` by each step of `done`."""
    now = done[-1][1]
    values = {**_values(now), "seq": seq}
    if before is None:
        code, text_key, was = _next_code(connection, year), secrets.token_hex(32), None
        made = {**values, "code": code, "text_key": text_key}
        connection.execute(_INSERT, made)
    else:
        code, was = before.code, before.incident
        text_key = before.text_key or secrets.token_hex(32)
        values["text_key"] = text_key  # what is written after an erasure has a key of its own
        del values["id"]
        connection.execute(_UPDATE, {**values, "key": now.id})
    connection.execute(
        _INSERT_STEP,
        [
            {
                "id": step.id, "incident_id": now.id, "version": then.version, "kind": step.kind,
                "at_us": step.at_us, "received_us": now_us, "by": step.by, "desk": step.desk,
                "fields": dict(step.fields),
            }
            for step, then in done
        ],
    )  # fmt: skip
    _index(connection, now, frozenset() if was is None else was.sources)
    _keep_reach(connection, now.id, _reach(now), frozenset() if was is None else _reach(was))
    if was is not None and now.merged_into != was.merged_into:
        _renumber(connection, now.merged_into or was.merged_into)
    return Kept(now, code, seq, text_key, None if before is None else before.erased_us)


def _renumber(connection: Connection, key: str) -> None:
    """What a matter shows of its parts has changed, though none of its own steps was taken."""
    c = incidents.c
    while key:
        new = {"seq": next_of(connection, COUNTER)}
        connection.execute(sa.update(incidents).where(c.id == key).values(new))
        key = connection.execute(sa.select(c.merged_into).where(c.id == key)).scalar_one()


TEXT = frozenset({"title", "reason"})
OURS = ("alert", "contact")  # kinds of sources whose refs are ids of ours: they name nobody


def without_text(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A step's fields once what was written is erased: words, codes, times and ids of ours stay;
    the numbers of calls, reports and bulletins go with the text."""
    left: dict[str, Any] = {name: value for name, value in fields.items() if name not in TEXT}
    if isinstance(seen := left.get("seen"), Mapping):
        left["seen"] = {name: value for name, value in seen.items() if name not in TEXT}
    if "ref" in left:
        left = _nameless(left)
    if "sources" in left:
        left["sources"] = [_nameless(source) for source in left["sources"]]
    return left


def _nameless(source: Mapping[str, Any]) -> dict[str, Any]:
    is_ours = source.get("kind") in OURS
    return {name: value for name, value in source.items() if is_ours or name != "ref"}


def forget_text(connection: Connection, key: str, now_us: int) -> None:
    """Erases what was written of the incident, in its row, its steps and their sources."""
    seq = next_of(connection, COUNTER)
    c, s, src = incidents.c, incident_steps.c, incident_sources.c
    row = _row(connection, key)
    ours = [list(pair) for pair in row.sources if pair[0] in OURS]
    connection.execute(
        sa.update(incidents)
        .where(c.id == row.id)
        .values(title="", sources=ours, text_key="", erased_us=now_us, seq=seq)
    )
    for step in connection.execute(sa.select(s.id, s.fields).where(s.incident_id == row.id)).all():
        connection.execute(
            sa.update(incident_steps)
            .where(s.id == step.id)
            .values(fields=without_text(step.fields))
        )
    connection.execute(
        sa.delete(incident_sources).where(src.incident_id == row.id, src.kind.not_in(OURS))
    )


def visible(found: Filter, within: Within = alone) -> Condition:
    """A condition of queries here: incidents for which a filter of the policies holds."""
    c = incidents.c
    scalars: dict[str, sa.ColumnElement[str]] = {
        "data_class": sa.literal(DATA_CLASS), "unit": c.desk, "agency": c.lead_agency,
        "kind": c.type, "case": sa.literal(""), "purpose": sa.literal(""),
        "owner": c.opened_by,
    }  # fmt: skip

    def holds(attribute: str, codes: frozenset[str]) -> Condition:
        return reaches(c.id, attribute, codes, within)

    return condition_of(found, scalars, holds)


def reaches(
    key: sa.ColumnElement[str], attribute: str, codes: frozenset[str], within: Within
) -> Condition:
    """Whether the areas of the incident beside it in a query, or those with whom it is shared,
    hold one of the codes; `key`: the column of its id."""
    c, r = incidents.c, incident_reach.c
    if attribute == "areas":
        return sa.or_(one_of(c.area, within(codes)), one_of(c.desk, codes))

    def kept(how: str, wanted: frozenset[str]) -> Condition:
        # Not one subquery a row: that would read the codes each time.
        of = sa.select(r.incident_id).where(r.attribute == how, one_of(r.code, wanted))
        return key.in_(of)

    # A joint agency is shared with in its unit and around it.
    seats = (code.partition("@") for code in codes)
    around = [_seats_in(a, within([unit])) for a, _, unit in seats if a and unit]
    return sa.or_(kept(attribute, codes), *(kept("joint", codes) for codes in around))


@lru_cache(maxsize=64)
def _seats_in(agency: str, units: frozenset[str]) -> frozenset[str]:
    return frozenset(agency_at(agency, unit) for unit in units)


Reach = frozenset[tuple[str, str]]


def guests(incident: Incident, areas_of: Callable[[str], Sequence[str]]) -> frozenset[str]:
    """With whom it is shared beside those who handle it: the seats of the unit that is asked to
    take it over, those of the joint agencies in their unit and around it."""
    asked = {at_unit(incident.asked)} if incident.asked else set()
    return frozenset(
        asked
        | {agency_at(j.agency, code) for j in incident.joint_agencies for code in areas_of(j.unit)}
    )


def leading(incident: Incident) -> str:
    """Under what it is shared with the lead agency: with its seats in the area."""
    return agency_in(incident.lead_agency, place_of(incident))


def _reach(incident: Incident) -> Reach:
    found = {("shared_with", leading(incident))}
    found |= {("shared_with", at_unit(incident.asked))} if incident.asked else set()
    return frozenset(
        found | {("joint", agency_at(j.agency, j.unit)) for j in incident.joint_agencies}
    )


def _keep_reach(connection: Connection, key: str, reach: Reach, before: Reach) -> None:
    if reach == before:
        return
    r = incident_reach
    if before:
        connection.execute(sa.delete(r).where(r.c.incident_id == key))
    rows = [{"incident_id": key, "attribute": a, "code": c} for a, c in sorted(reach)]
    if rows:
        connection.execute(_INSERT_REACH, rows)


def found(connection: Connection, key: str) -> Incident | None:
    row = connection.execute(_BY_ID, {"key": key}).first()
    return None if row is None else _incident(row)


def one(connection: Connection, key: str) -> Kept:
    """By its id or its code. Raises NotFound."""
    return _kept(_row(connection, key), fresh=False)


def parts(connection: Connection, key: str) -> list[Kept]:
    """Those merged into it, directly or by way of others, in order of report."""
    out: dict[str, Kept] = {}
    waiting = [key]
    while waiting:
        query = sa.select(incidents).where(incidents.c.merged_into.in_(waiting))
        new = [_kept(r, fresh=False) for r in connection.execute(query)]
        waiting = [k.incident.id for k in new if k.incident.id not in out]
        out |= {k.incident.id: k for k in new}
    return sorted(out.values(), key=lambda k: (k.incident.opened_us, k.incident.id))


def reporters(connection: Connection, incident: Incident) -> frozenset[str]:
    """The accounts that reported it, what is merged into it, or what it was split off."""
    found = {incident.opened_by, *(k.incident.opened_by for k in parts(connection, incident.id))}
    up, seen = incident.split_from, {incident.id}
    while up and up not in seen:
        seen.add(up)
        row = connection.execute(
            sa.select(incidents.c.opened_by, incidents.c.split_from).where(incidents.c.id == up)
        ).one()
        found.add(row.opened_by)
        up = row.split_from
    return frozenset(found)


def steps(connection: Connection, key: str) -> list[StepRow]:
    """Its running log, in the order in which they were taken."""
    query = sa.select(incident_steps).where(incident_steps.c.incident_id == key)
    return [step_row(r) for r in connection.execute(query.order_by(incident_steps.c.version))]


def step_row(row: Any) -> StepRow:
    """From a row of `incident_steps`."""
    step = Step(row.id, row.incident_id, row.kind, row.at_us, row.by, row.desk, row.fields)
    return StepRow(step, row.version, row.received_us)


def changed_since(
    connection: Connection, seq: int, limit: int, where: Condition | None = None
) -> list[Kept]:
    """Those changed after `seq`, in the order of their changes; for boards that follow live."""
    query = sa.select(incidents).where(incidents.c.seq > seq).order_by(incidents.c.seq)
    if where is not None:
        query = query.where(where)
    return [_kept(r, fresh=False) for r in connection.execute(query.limit(limit))]


def listed(
    connection: Connection,
    limit: int,
    states: Sequence[str] = (),
    types: Sequence[str] = (),
    before: tuple[int, str] | None = None,
    where: Condition | None = None,
) -> list[Kept]:
    """Newest first, without those merged into others. `before`: opened_us and id of the last one
    of the page before."""
    c = incidents.c
    query = sa.select(incidents).where(c.merged_into == "")
    if where is not None:
        query = query.where(where)
    if states:
        query = query.where(c.state.in_(states))
    if types:
        query = query.where(c.type.in_(types))
    if before is not None:
        at_us, key = before
        query = query.where(sa.or_(c.opened_us < at_us, (c.opened_us == at_us) & (c.id < key)))
    query = query.order_by(c.opened_us.desc(), c.id.desc()).limit(limit)
    return [_kept(r, fresh=False) for r in connection.execute(query)]


def near_in_time(connection: Connection, opened_us: int, within_us: int) -> list[Incident]:
    """Open ones that were reported about that time: among them are duplicates."""
    c = incidents.c
    query = sa.select(incidents).where(
        c.opened_us.between(opened_us - within_us, opened_us + within_us),
        c.merged_into == "",
        c.outcome == "",
    )
    return [_incident(r) for r in connection.execute(query.order_by(c.opened_us, c.id))]


def by_ids(connection: Connection, keys: Iterable[str], where: Condition | None) -> list[Kept]:
    if not (wanted := sorted(keys)):
        return []
    query = _BY_IDS if where is None else _BY_IDS.where(where)
    return [_kept(r, fresh=False) for r in connection.execute(query, {"keys": wanted})]


def of_source(
    connection: Connection, kind: str, ref: str, where: Condition | None = None
) -> list[Kept]:
    """Incidents that came from it, oldest first."""
    if "\0" in ref:
        return []
    query = (
        sa.select(incidents)
        .join(incident_sources, incident_sources.c.incident_id == incidents.c.id)
        .where(incident_sources.c.kind == kind, incident_sources.c.ref == ref)
        .order_by(incidents.c.opened_us, incidents.c.id)
    )
    if where is not None:
        query = query.where(where)
    return [_kept(r, fresh=False) for r in connection.execute(query)]


def _row(connection: Connection, key: str) -> sa.Row[Any]:
    if "\0" in key:  # no database of PostgreSQL takes it
        raise NotFound("there is no incident with a NUL in its id")
    row = connection.execute(_BY_ID_OR_CODE, {"key": key}).first()
    if row is None:
        raise NotFound(f"there is no incident {key}")
    return row


def _kept(row: sa.Row[Any], fresh: bool) -> Kept:
    return Kept(_incident(row), row.code, row.seq, row.text_key, row.erased_us, fresh)


def _incident(row: sa.Row[Any]) -> Incident:
    read = row._mapping
    values = {name: read[name] for name in Incident.__dataclass_fields__}
    return Incident(
        **{
            **values,
            "joint_agencies": frozenset(Joint(*pair) for pair in row.joint_agencies),
            "linked": frozenset(row.linked),
            "sources": frozenset(Source(kind, ref) for kind, ref in row.sources),
        }
    )


def _values(incident: Incident) -> dict[str, Any]:
    return {
        **asdict(incident),
        "joint_agencies": [[j.agency, j.unit] for j in sorted(incident.joint_agencies)],
        "linked": sorted(incident.linked),
        "sources": _pairs(incident.sources),
    }


def _pairs(sources: Iterable[Source]) -> list[list[str]]:
    return sorted([s.kind, s.ref] for s in sources)


def _index(connection: Connection, now: Incident, before: frozenset[Source]) -> None:
    s = incident_sources
    for gone in before - now.sources:
        connection.execute(
            sa.delete(s).where(
                s.c.incident_id == now.id, s.c.kind == gone.kind, s.c.ref == gone.ref
            )
        )
    new = [
        {"kind": a.kind, "ref": a.ref, "incident_id": now.id}
        for a in sorted(now.sources - before, key=lambda a: (a.kind, a.ref))
    ]
    if new:
        connection.execute(sa.insert(s), new)


def _next_code(connection: Connection, year: int) -> str:
    """`2026-000123`: what people say on the radio; counted anew each year. While a year's row is
    made, the lock of COUNTER's holds others off."""
    name = f"{COUNTER}.{year}"
    value = connection.execute(NEXT, {"counter": name}).scalar_one_or_none()
    if value is None:
        value = 1
        connection.execute(sa.insert(counters).values(name=name, value=value))
    return f"{year}-{value:06d}"
