"""Notices to people on duty, what became of each attempt to tell them, and where they are reached.

An event has an id that its maker made: the same twice is one. A notice's row also says where its
ladder stands (respond/reach/ladder.py), so that what is under way is found quickly. Numbers of
staff are sealed and given only to what sends; of a text message that was sent stays a keyed hash
of the number, by which its status report is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.engine import Connection

from littoral.respond.reach.ladder import (
    EVENTS,
    Call,
    Channel,
    Event,
    EventKind,
    Notice,
    Person,
    Standing,
    State,
    Waits,
    standing,
    to_call,
)
from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.people.accounts import SUSPENDED
from littoral.store.people.credentials import Sealer
from littoral.store.people.tables import accounts
from littoral.store.tables import Json, metadata
from littoral.store.task_tables import tasks

notices = Table(
    "notices",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that its maker made
    Column("thing", String(200), nullable=False, index=True),  # what it is about, as `task:…`
    Column("unit", String(40), nullable=False),  # of the desk that wants them told
    Column("agency", String(40), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("wants_answer", Boolean, nullable=False),
    Column("people", Json, nullable=False),  # [reference, [channels]] in order of turn
    Column("deliver_s", Json, nullable=False),
    Column("answer_s", Integer, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", String(200)),  # who answered, or has it
    Column("ended_us", BigInteger),
    Column("next_us", BigInteger),  # when the ladder is to be looked at; null: it ended
)
Index(None, notices.c.next_us)
Index(None, notices.c.unit, notices.c.agency, notices.c.made_us)
# Asked at every step of a task, so built once: building a statement costs more than running it.
_ABOUT = (
    sa.select(notices)
    .where(notices.c.thing == sa.bindparam("thing"))
    .order_by(notices.c.made_us.desc(), notices.c.id)
)

notice_events = Table(
    "notice_events",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("notice_id", ForeignKey("notices.id"), nullable=False, index=True),
    Column("person", String(200), nullable=False, index=True),
    Column("channel", String(10)),
    Column("kind", String(20), nullable=False),
    Column("at_us", BigInteger, nullable=False),  # by our clock
    Column("by", String(200), nullable=False),  # who or what says so
    Column("detail", Text, nullable=False),  # why it failed, what was answered on the radio
)

# Text messages that a status report may still come for.
texts_sent = Table(
    "texts_sent",
    metadata,
    Column("sender", String(20), primary_key=True),  # modem, gateway
    Column("reference", String(200), primary_key=True),  # the sender's own
    Column("sent_us", BigInteger, primary_key=True),
    Column("notice_id", ForeignKey("notices.id"), nullable=False),
    Column("person", String(200), nullable=False),
    Column("number_mac", String(64), nullable=False),
    Column("state", String(20), nullable=False),  # trying, delivered, failed
)

# Where somebody on the staff is reached. Their own to write, and nobody's to read.
contacts = Table(
    "contacts",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("channel", String(10), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)


class Desk(NamedTuple):
    """A unit's code and the kind of agency."""

    unit: str
    agency: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: str
    thing: str
    unit: str
    agency: str
    zh: str
    en: str
    made_by: str
    notice: Notice
    state: State
    by: str | None
    ended_us: int | None


@dataclass(frozen=True, slots=True)
class EventRow:
    id: str
    event: Event
    by: str
    detail: str


def make(
    connection: Connection,
    key: UUID,
    thing: str,
    desk: Desk,
    words: tuple[str, str],
    notice: Notice,
    made_by: str,
) -> NoticeRow:
    """`words`: in Chinese and in English. The same notice again is the same; Conflict where the id
    is another's."""
    known = connection.execute(sa.select(notices).where(notices.c.id == str(key))).first()
    if known is not None:
        if (known.thing, known.unit, known.made_by) != (thing, desk.unit, made_by):
            raise Conflict(f"the id {key} is that of another notice")
        return _row(known)
    zh, en = words
    values = {
        "id": str(key), "thing": thing, "unit": desk.unit, "agency": desk.agency,
        "zh": zh, "en": en,
        "wants_answer": notice.wants_answer,
        "people": [[p.ref, list(p.channels)] for p in notice.people],
        "deliver_s": notice.waits.deliver_s, "answer_s": notice.waits.answer_s,
        "made_us": notice.made_us, "made_by": made_by, "state": "under_way",
        "next_us": notice.made_us,
    }  # fmt: skip
    connection.execute(sa.insert(notices).values(**values))
    return one(connection, str(key))


def happened(
    connection: Connection,
    notice_id: str,
    key: UUID,
    event: Event,
    by: str,
    detail: str = "",
) -> bool:
    """Keeps an event; False where it is known. NotFound for no notice, Conflict for another's id.
    The ladder is looked at again at once."""
    if event.kind not in EVENTS:
        raise ValueError(f"{event.kind} is none of {', '.join(EVENTS)}")
    e = notice_events.c
    known = connection.execute(sa.select(notice_events).where(e.id == str(key))).first()
    told = (notice_id, event.person, event.channel, event.kind)
    if known is not None:
        if (known.notice_id, known.person, known.channel, known.kind) != told:
            raise Conflict(f"the id {key} is that of another event")
        return False
    found = one(connection, notice_id)
    if event.person not in {p.ref for p in found.notice.people}:
        raise NotFound(f"the notice {notice_id} is not for {event.person}")
    connection.execute(
        sa.insert(notice_events).values(
            id=str(key), notice_id=notice_id, person=event.person, channel=event.channel,
            kind=event.kind, at_us=event.at_us, by=by, detail=detail[:500],
        )
    )  # fmt: skip
    n = notices.c
    connection.execute(sa.update(notices).where(n.id == notice_id).values(next_us=event.at_us))
    return True


def look(connection: Connection, notice_id: str, now_us: int) -> Standing:
    """Where it stands, which is kept with it."""
    row = one(connection, notice_id)
    found = standing(row.notice, [e.event for e in events_of(connection, notice_id)], now_us)
    # What is due stays due until it was done.
    next_us = now_us if found.due else found.next_us
    connection.execute(
        sa.update(notices)
        .where(notices.c.id == notice_id)
        .values(state=found.state, by=found.by, ended_us=found.ended_us, next_us=next_us)
    )
    return found


def to_look_at(connection: Connection, now_us: int) -> list[NoticeRow]:
    """Those whose ladder may go on, the longest waiting first."""
    n = notices.c
    query = sa.select(notices).where(n.next_us <= now_us).order_by(n.next_us, n.id)
    return [_row(r) for r in connection.execute(query)]


def next_look_us(connection: Connection) -> int | None:
    return cast(
        "int | None", connection.execute(sa.select(sa.func.min(notices.c.next_us))).scalar()
    )


def one(connection: Connection, notice_id: str) -> NoticeRow:
    """Raises NotFound."""
    row = connection.execute(sa.select(notices).where(notices.c.id == notice_id)).first()
    if row is None:
        raise NotFound(f"there is no notice {notice_id}")
    return _row(row)


def events_of(connection: Connection, notice_id: str) -> list[EventRow]:
    """In the order in which they happened."""
    e = notice_events.c
    query = sa.select(notice_events).where(e.notice_id == notice_id).order_by(e.at_us, e.id)
    return [
        EventRow(r.id, Event(r.person, r.channel, r.kind, r.at_us), r.by, r.detail)
        for r in connection.execute(query)
    ]


def calls_of(connection: Connection, row: NoticeRow, now_us: int) -> list[Call]:
    """Whom its desk has to call now."""
    if row.ended_us is not None:
        return []
    return to_call(row.notice, [e.event for e in events_of(connection, row.id)], now_us)


def about(connection: Connection, thing: str) -> list[NoticeRow]:
    """Newest first."""
    return [_row(r) for r in connection.execute(_ABOUT, {"thing": thing})]


def call_of(task: str) -> str:
    """What a notice is about by which the silence of a task's roll-call pages a watch: the steps of
    the task neither answer nor recall it."""
    return f"task:{task}/call"


def open_calls(connection: Connection, made_by: str) -> list[NoticeRow]:
    """Such notices that are still under way."""
    n = notices.c
    query = sa.select(notices).where(
        n.ended_us.is_(None), n.made_by == made_by, n.thing.like("task:%/call")
    )
    return [_row(r) for r in connection.execute(query)]


def known(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Those of the ids that are notices."""
    query = sa.select(notices.c.id).where(notices.c.id.in_(sorted(keys)))
    return frozenset(connection.execute(query).scalars())


def of_desk(connection: Connection, desk: Desk, limit: int) -> list[NoticeRow]:
    """Newest first."""
    n = notices.c
    query = sa.select(notices).where(n.unit == desk.unit, n.agency == desk.agency)
    query = query.order_by(n.made_us.desc(), n.id)
    return [_row(r) for r in connection.execute(query.limit(limit))]


# Built once: each question of a phone asks it, and building it costs more than running it.
_e = notice_events.c
_TOLD = sa.select(_e.notice_id).where(
    _e.person == sa.bindparam("to"), _e.channel == "app", _e.kind == "sent"
)
_FOR_PERSON = (
    sa.select(notices)
    .where(notices.c.id.in_(_TOLD), notices.c.made_us >= sa.bindparam("since_us"))
    .order_by(notices.c.made_us.desc(), notices.c.id)
)


def for_person(connection: Connection, person: str, since_us: int) -> list[NoticeRow]:
    """Those whose turn on the page or phone it has been, made since, newest first."""
    found = connection.execute(_FOR_PERSON, {"to": person, "since_us": since_us})
    return [_row(r) for r in found]


def said_by(
    connection: Connection, person: str, keys: Sequence[str]
) -> dict[str, frozenset[EventKind]]:
    """Kinds of what happened to the attempts to tell somebody, by notice; by any channel."""
    if not keys:
        return {}
    e = notice_events.c
    query = sa.select(e.notice_id, e.kind).where(e.person == person, e.notice_id.in_(keys))
    found: dict[str, set[EventKind]] = {}
    for row in connection.execute(query):
        found.setdefault(row.notice_id, set()).add(row.kind)
    return {key: frozenset(kinds) for key, kinds in found.items()}


def text_sent(
    connection: Connection,
    sender: str,
    references: Iterable[str],
    notice_id: str,
    person: str,
    number_mac: str,
    now_us: int,
) -> None:
    connection.execute(
        sa.insert(texts_sent),
        [
            {"sender": sender, "reference": r, "sent_us": now_us, "notice_id": notice_id,
             "person": person, "number_mac": number_mac, "state": "trying"}
            for r in references
        ],
    )  # fmt: skip


def text_reported(
    connection: Connection,
    sender: str,
    reference: str,
    state: str,
    since_us: int,
    number_mac: str | None = None,
) -> tuple[str, str, EventKind] | None:
    """What a status report says of a notice: its id, the person, and "delivered" once all parts
    are, "failed" once one is; None where it says nothing new. `since_us`: a modem counts to 255
    and begins anew, so only newer ones are meant. `number_mac`: of the number reported on."""
    t = texts_sent.c
    query = sa.select(texts_sent).where(
        t.sender == sender, t.reference == reference, t.sent_us >= since_us, t.state == "trying"
    )
    if number_mac is not None:
        query = query.where(t.number_mac == number_mac)
    row = connection.execute(query.order_by(t.sent_us.desc()).limit(1)).first()
    if row is None or state == "trying":
        return None
    connection.execute(
        sa.update(texts_sent)
        .where(t.sender == sender, t.reference == reference, t.sent_us == row.sent_us)
        .values(state=state)
    )
    same = (t.notice_id == row.notice_id) & (t.person == row.person) & (t.sent_us == row.sent_us)
    states = list(connection.execute(sa.select(t.state).where(same)).scalars())
    if state == "failed":
        return row.notice_id, row.person, "failed"
    return (row.notice_id, row.person, "delivered") if set(states) == {"delivered"} else None


def forget_texts(connection: Connection, before_us: int) -> int:
    """Whose reports will not come any more."""
    t = texts_sent.c
    return connection.execute(sa.delete(texts_sent).where(t.sent_us < before_us)).rowcount


class Told(NamedTuple):
    """A notice in which something is written."""

    id: str
    unit: str
    agency: str
    made_us: int
    ended_us: int | None


def with_text(connection: Connection, notice_id: str | None = None) -> list[Told]:
    """Notices in whose words, or in what was said of their attempts, something is written."""
    n, e = notices.c, notice_events.c
    said = sa.select(e.notice_id).where(e.detail != "")
    query = sa.select(n.id, n.unit, n.agency, n.made_us, n.ended_us).where(
        sa.or_(n.zh != "", n.en != "", n.id.in_(said))
    )
    if notice_id is not None:
        query = query.where(n.id == notice_id)
    return [Told(*row) for row in connection.execute(query)]


def forget_text(connection: Connection, notice_id: str) -> None:
    """Erases the words of a notice and of its events; who was told when stays."""
    n, e = notices.c, notice_events.c
    connection.execute(sa.update(notices).where(n.id == notice_id).values(zh="", en=""))
    connection.execute(sa.update(notice_events).where(e.notice_id == notice_id).values(detail=""))


def of_incidents(connection: Connection) -> dict[str, str]:
    """Notices about incidents and their tasks, each with the incident."""
    n = notices.c
    of = {
        r.id: r.incident_id for r in connection.execute(sa.select(tasks.c.id, tasks.c.incident_id))
    }
    about = sa.or_(n.thing.startswith("task:"), n.thing.startswith("incident:"))
    found = {}
    for key, thing in connection.execute(sa.select(n.id, n.thing).where(about)):
        kind, _, of_thing = thing.partition("/")[0].partition(":")
        if (incident := of.get(of_thing) if kind == "task" else of_thing) is not None:
            found[key] = incident
    return found


def incident_of(connection: Connection, notice_id: str) -> str | None:
    """The incident that a notice is about, or a task of which."""
    n = notices.c
    thing = connection.execute(sa.select(n.thing).where(n.id == notice_id)).scalar_one_or_none()
    kind, _, key = (thing or "").partition("/")[0].partition(":")
    if kind == "incident":
        return key
    if kind != "task":
        return None
    of = sa.select(tasks.c.incident_id).where(tasks.c.id == key)
    return connection.execute(of).scalar_one_or_none()


def about_incident(connection: Connection, incident: str) -> list[str]:
    """Ids of the notices about it and its tasks."""
    n = notices.c
    query = sa.select(tasks.c.id).where(tasks.c.incident_id == incident)
    of = list(connection.execute(query).scalars())
    things = [f"incident:{incident}", *(f"task:{key}" for key in of), *map(call_of, of)]
    return list(connection.execute(sa.select(n.id).where(n.thing.in_(things))).scalars())


def contacts_kept(
    connection: Connection, account: str | None = None
) -> list[tuple[str, int, int | None]]:
    """Accounts that gave a number, when, and since when they have been suspended."""
    c, a = contacts.c, accounts.c
    left_us = sa.case((a.status == SUSPENDED, a.changed_us), else_=None)
    query = sa.select(c.account, sa.func.min(c.changed_us), sa.func.min(left_us)).join(
        accounts, a.id == c.account
    )
    if account is not None:
        query = query.where(c.account == account)
    rows = connection.execute(query.group_by(c.account))
    return [(key, changed_us, left) for key, changed_us, left in rows]


def forget_contacts(connection: Connection, account: str) -> None:
    connection.execute(sa.delete(contacts).where(contacts.c.account == account))


def set_contact(
    connection: Connection, account: str, channel: Channel, value: str, sealer: Sealer, now_us: int
) -> None:
    """`value` empty: it is forgotten."""
    c = contacts.c
    connection.execute(sa.delete(contacts).where(c.account == account, c.channel == channel))
    if value:
        sealed = sealer.seal(value.encode(), _about(account, channel))
        row = {"account": account, "channel": channel, "sealed": sealed, "changed_us": now_us}
        connection.execute(sa.insert(contacts).values(**row))


def contact(connection: Connection, account: str, channel: Channel, sealer: Sealer) -> str | None:
    c = contacts.c
    query = sa.select(c.sealed).where(c.account == account, c.channel == channel)
    sealed = connection.execute(query).scalar_one_or_none()
    return None if sealed is None else sealer.open(sealed, _about(account, channel)).decode()


def with_contact(
    connection: Connection, accounts: Sequence[str], channel: Channel
) -> frozenset[str]:
    c = contacts.c
    query = sa.select(c.account).where(c.account.in_(accounts), c.channel == channel)
    return frozenset(connection.execute(query).scalars())


def _about(account: str, channel: Channel) -> str:
    return f"contact {channel} {account}"


def _row(row: sa.Row[Any]) -> NoticeRow:
    people = tuple(Person(ref, tuple(channels)) for ref, channels in row.people)
    waits = Waits(row.deliver_s, row.answer_s)
    notice = Notice(row.made_us, people, row.wants_answer, waits)
    return NoticeRow(
        row.id, row.thing, row.unit, row.agency, row.zh, row.en, row.made_by, notice, row.state,
        row.by, row.ended_us,
    )  # fmt: skip
