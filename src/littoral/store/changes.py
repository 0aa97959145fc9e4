"""Changes that make the watch blinder, and dismissals of distress alerts: one person proposes,
another agrees, then they are made.

And dismissals of alerts: each is kept with the desk by whose right it was done, so that they can be
counted by vessel and desk, and with all seats (unit and agency) of whoever did it: a sample goes
for review to people who share none of them.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Connection

from littoral.store import actions, agreed, detector_settings, geofences, outages
from littoral.store.actions import NotFound
from littoral.store.alert_rows import AlertRow
from littoral.store.database import RecordsError
from littoral.store.tables import Json, metadata

WAITING, MADE, REFUSED, TAKEN_BACK, LAPSED = "waiting", "made", "refused", "taken_back", "lapsed"
# Made already, by who started the server; a second person has not agreed to it yet.
AT_START = "at_start"
# Kinds of things that change; an alert of distress by its dismissal, a class of alerts by being set
# aside on a shelf, a vessel by being taken off the watch-list.
GEOFENCE, OUTAGE, SETTINGS, ALERT, SHELF = "geofence", "outage", "settings", "alert", "shelf"
LISTED = "listed"
DISTRESS = "distress"  # the reason for which a dismissal waits
LASTS_US = 7 * 86_400_000_000  # a proposal that nobody answers lapses

# Share of dismissed warnings and cautions that another desk looks at; of alarms and emergency
# alarms (priority 1, 2), which are few, all.
REVIEW_SHARE = 0.1
ALWAYS_REVIEWED = 2
CHANCE = random.SystemRandom()  # nobody can foresee which dismissal is looked at again

changes = Table(
    "changes",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID that the client made
    Column(
        "thing", String(120), nullable=False, index=True
    ),  # geofence:<id>, outage:<id>, settings:<rule>, alert:<id>, shelf:<id>, listed:<id>
    Column("revision", Integer, nullable=False),  # that the change starts from
    Column("blinder", Json, nullable=False),  # names of reasons
    Column("before", Json, nullable=False),
    Column("after", Json),  # null: removed
    Column("why", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("proposed_by", String(200), nullable=False),
    Column("proposed_us", BigInteger, nullable=False),
    Column("decided_by", String(200)),
    Column("decided_us", BigInteger),
    Column("note", Text),
)

dismissals = Table(
    "dismissals",
    metadata,
    Column("action_id", ForeignKey("alert_actions.id"), primary_key=True),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False, index=True),
    Column("things", Json, nullable=False),  # refs of the alert's things
    Column("desk", String(80), nullable=False, index=True),  # unit/agency by whose right it was
    Column("who", String(200), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("reviewed_by", String(200)),
    Column("reviewed_desk", String(80)),
    Column("reviewed_us", BigInteger),
    Column("agreed", Boolean),
    Column("note", Text),
)

# Every seat, unit/agency, that those who dismissed it held then; the desk is among them.
dismissal_seats = Table(
    "dismissal_seats",
    metadata,
    Column("action_id", ForeignKey("dismissals.action_id"), primary_key=True),
    Column("seat", String(80), primary_key=True),
    Index("ix_dismissal_seats_seat", "seat"),
)


class SecondPersonNeeded(RecordsError):
    """Who proposed or did it may not be the one who agrees to it."""


@dataclass(frozen=True, slots=True)
class Change:
    id: str
    thing: str
    revision: int
    blinder: list[str]
    before: dict[str, Any]
    after: dict[str, Any] | None
    why: str
    state: str
    proposed_by: str
    proposed_us: int
    decided_by: str | None
    decided_us: int | None
    note: str | None

    @property
    def kind(self) -> str:
        return self.thing.partition(":")[0]

    @property
    def key(self) -> str:
        return self.thing.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Dismissal:
    action_id: str
    alert_id: str
    things: list[str]
    desk: str
    who: str
    at_us: int
    review: bool
    reviewed_by: str | None
    reviewed_desk: str | None
    reviewed_us: int | None
    agreed: bool | None
    note: str | None


def propose_fence(
    connection: Connection,
    key: str,
    fence_id: str,
    after: Mapping[str, Any] | None,
    blinder: Sequence[str],
    why: str,
    by: str,
    now_us: int,
    revision: int | None = None,
) -> Change:
    """A change of a geofence that waits for a second person. `revision`: that it was judged by.

    Raises NotFound when there is no such fence, Conflict when it was changed since, and as
    `propose`.
    """
    now = geofences.standing(connection, fence_id, revision)
    return propose(
        connection, key, f"{GEOFENCE}:{fence_id}", now.revision, now.document, after, blinder, why,
        by, now_us,
    )  # fmt: skip


def propose(
    connection: Connection,
    key: str,
    thing: str,
    revision: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    blinder: Sequence[str],
    why: str,
    by: str,
    now_us: int,
    state: str = WAITING,
) -> Change:
    """A change that waits for a second person; the same key again changes nothing. `state`: or is
    made already (`AT_START`).

    Raises RecordsError when no reason is given, Conflict when another change of the thing waits.
    """
    if not why.strip():
        raise RecordsError("say why the watch may get blinder")
    known = connection.execute(sa.select(changes).where(changes.c.id == key)).first()
    if known is not None:
        return _change(known)
    lapse(connection, now_us)
    if state == WAITING and (other := waiting(connection, thing)) is not None:
        raise geofences.Conflict(f"a change of it by {other.proposed_by} waits already")
    row = {
        "id": key,
        "thing": thing,
        "revision": revision,
        "blinder": list(blinder),
        "before": dict(before),
        "after": None if after is None else dict(after),
        "why": why.strip(),
        "state": state,
        "proposed_by": by,
        "proposed_us": now_us,
    }
    connection.execute(sa.insert(changes).values(**row))
    return one(connection, key)


def waiting(connection: Connection, thing: str, state: str = WAITING) -> Change | None:
    """The change of the thing that is in this state, if there is one."""
    query = sa.select(changes).where(changes.c.thing == thing, changes.c.state == state)
    row = connection.execute(query.order_by(changes.c.proposed_us.desc()).limit(1)).first()
    return None if row is None else _change(row)


def decide(
    connection: Connection,
    key: str,
    agree: bool,
    note: str,
    by: str,
    now_us: int,
    seats: Collection[str] = (),
) -> Change:
    """Make the change, or refuse it; `seats`: all of `by`. Raises NotFound, SecondPersonNeeded,
    Conflict when the thing was changed meanwhile, the proposal no longer waits, or what is in force
    would be refused."""
    lapse(connection, now_us)
    wanted = one(connection, key, lock=True)
    if wanted.state not in (WAITING, AT_START):
        raise geofences.Conflict(f"the change is {wanted.state} already")
    if wanted.proposed_by == by:
        raise SecondPersonNeeded("another person than the one who proposed it must decide")
    if wanted.state == AT_START:
        if not agree:
            raise geofences.Conflict(
                "it is in force since the start of the server: put it back there, or propose a "
                "change of the settings"
            )
        detector_settings.approve(connection, wanted.key)
    elif agree:
        _make(connection, wanted, f"{wanted.proposed_by} + {by}", now_us, seats)
    return _decided(connection, key, MADE if agree else REFUSED, note, by, now_us)


def _make(
    connection: Connection, wanted: Change, both: str, now_us: int, seats: Collection[str]
) -> None:
    after = wanted.after
    if wanted.kind == GEOFENCE and after is None:
        geofences.delete(connection, wanted.key, both, now_us, wanted.revision)
    elif wanted.kind == GEOFENCE and after is not None:
        geofences.update(connection, wanted.key, after, both, now_us, wanted.revision)
    elif wanted.kind == OUTAGE and after is not None:
        outages.update(
            connection, wanted.key, after["start_us"], after["end_us"], after["reason"],
            after["holds_alerts"], both, wanted.revision,
        )  # fmt: skip
    elif wanted.kind == SHELF and after is not None:
        agreed.shelve_class(connection, wanted.key, after, both, now_us)
    elif wanted.kind == LISTED:
        agreed.change_listed(connection, wanted.key, after, both, now_us, wanted.revision)
    elif wanted.kind == ALERT and after is not None:
        # One proposed before seats were kept names its desk alone.
        held = {*after.get("seats", ()), *seats}
        _dismiss(connection, wanted, after["desk"], held, now_us)
    elif after is not None:
        detector_settings.change(
            connection, wanted.key, after["values"], both, wanted.why, now_us, wanted.revision
        )


def propose_dismissal(
    connection: Connection,
    key: str,
    alert: AlertRow,
    why: str,
    desk: str,
    seats: Collection[str],
    by: str,
    now_us: int,
) -> Change:
    """Of a distress alert, which stays open until a second person agrees; `key`: id of the action
    that it becomes; `desk` and `seats` as for `dismissed`. Raises as `propose`."""
    before = {"handling": alert.handling, "sentence": dict(alert.sentence)}
    after = {"handling": "dismissed", "desk": desk, "seats": sorted({desk, *seats})}
    return propose(
        connection, key, f"{ALERT}:{alert.id}", alert.revision, before, after, [DISTRESS], why, by,
        now_us,
    )  # fmt: skip


def _dismiss(
    connection: Connection, wanted: Change, desk: str, seats: Collection[str], now_us: int
) -> None:
    """The act of who proposed it: the reason is his; who agreed is kept with the change."""
    act = {"id": wanted.id, "action": "dismiss", "by": wanted.proposed_by, "reason": wanted.why}
    try:
        alert = actions.act(connection, wanted.key, act, now_us)
    except actions.ActionRefused as error:
        raise geofences.Conflict(str(error)) from error
    dismissed(
        connection, wanted.id, alert.id, [t["ref"] for t in alert.things], alert.priority, desk,
        seats, wanted.proposed_by, now_us, CHANCE,
    )  # fmt: skip


def put_back(connection: Connection, thing: str, by: str, now_us: int) -> None:
    """What a start changed is as it was before, so nothing is left to agree to."""
    open_one = waiting(connection, thing, AT_START)
    if open_one is not None:
        _decided(connection, open_one.id, TAKEN_BACK, "", by, now_us)


def take_back(connection: Connection, key: str, by: str, now_us: int) -> Change:
    """By who proposed it. Raises NotFound, Conflict."""
    wanted = one(connection, key, lock=True)
    if wanted.state != WAITING or wanted.proposed_by != by:
        raise geofences.Conflict("only who proposed a change that waits can take it back")
    return _decided(connection, key, TAKEN_BACK, "", by, now_us)


def one(connection: Connection, key: str, lock: bool = False) -> Change:
    """`lock`: nobody else decides on it until the transaction is over. Raises NotFound."""
    query = sa.select(changes).where(changes.c.id == key)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(f"there is no change {key}")
    return _change(row)


def listed(
    connection: Connection, now_us: int, state: str | None = None, limit: int = 200
) -> list[Change]:
    """Newest first, as they stand at `now_us`: a proposal whose time has passed has lapsed, whether
    that was written down or not. Writes nothing."""
    c = changes.c
    over = sa.and_(c.state == WAITING, c.proposed_us < now_us - LASTS_US)
    query = sa.select(changes).order_by(c.proposed_us.desc(), c.id).limit(limit)
    if state == LAPSED:
        query = query.where(sa.or_(c.state == LAPSED, over))
    elif state is not None:
        query = query.where(c.state == state, sa.not_(over))
    return [_standing(_change(row), now_us) for row in connection.execute(query)]


def _standing(change: Change, now_us: int) -> Change:
    if change.state != WAITING or change.proposed_us >= now_us - LASTS_US:
        return change
    return replace(change, state=LAPSED, decided_us=change.proposed_us + LASTS_US)


def dismissed(
    connection: Connection,
    action_id: str,
    alert_id: str,
    things: Sequence[str],
    priority: int,
    desk: str,
    seats: Collection[str],
    by: str,
    now_us: int,
    chance: random.Random,
) -> Dismissal:
    """Keep a dismissal; the same action again changes nothing (nor is the lot drawn again).
    `desk`: the seat by whose right it is done; `seats`: all that those who do it hold."""
    where = dismissals.c.action_id == action_id
    if (row := connection.execute(sa.select(dismissals).where(where)).first()) is not None:
        return Dismissal(*row)
    review = priority <= ALWAYS_REVIEWED or chance.random() < REVIEW_SHARE
    connection.execute(
        sa.insert(dismissals).values(
            action_id=action_id,
            alert_id=alert_id,
            things=list(things),
            desk=desk,
            who=by,
            at_us=now_us,
            review=review,
        )
    )
    held = [{"action_id": action_id, "seat": seat} for seat in sorted({desk, *seats})]
    connection.execute(sa.insert(dismissal_seats), held)
    row = connection.execute(sa.select(dismissals).where(where)).one()
    return Dismissal(*row)


def to_review(
    connection: Connection, seats: Collection[str], by: str, limit: int = 200
) -> list[Dismissal]:
    """Dismissals that wait for a look by somebody with these seats, all that `by` holds: those by
    people who held none of them, oldest first."""
    query = (
        sa.select(dismissals)
        .where(
            dismissals.c.review,
            dismissals.c.reviewed_us.is_(None),
            dismissals.c.who != by,
            dismissals.c.action_id.not_in(_shared(seats)),
        )
        .order_by(dismissals.c.at_us)
        .limit(limit)
    )
    return [Dismissal(*row) for row in connection.execute(query)]


def review(
    connection: Connection,
    action_id: str,
    agreed: bool,
    note: str,
    desk: str,
    seats: Collection[str],
    by: str,
    now_us: int,
) -> Dismissal:
    """What another desk thinks of it; `desk`: the seat by whose right `by` says so, of `seats`, all
    that he holds. Raises NotFound, SecondPersonNeeded, Conflict."""
    where = dismissals.c.action_id == action_id
    row = connection.execute(sa.select(dismissals).where(where)).first()
    if row is None or not row.review:
        raise NotFound(f"no review of {action_id} is asked for")
    mine = connection.execute(_shared({desk, *seats}).where(dismissal_seats.c.action_id == row[0]))
    if row.who == by or mine.first() is not None:
        raise SecondPersonNeeded("somebody who shares no desk with who dismissed it must review it")
    if row.reviewed_us is not None:
        raise geofences.Conflict(f"it was reviewed by {row.reviewed_by} already")
    connection.execute(
        sa.update(dismissals)
        .where(where)
        .values(
            reviewed_by=by,
            reviewed_desk=desk,
            reviewed_us=now_us,
            agreed=agreed,
            note=note.strip() or None,
        )
    )
    return Dismissal(*connection.execute(sa.select(dismissals).where(where)).one())


def _shared(seats: Collection[str]) -> sa.Select[tuple[str]]:
    """Ids of dismissals by people who held one of these seats."""
    s = dismissal_seats.c
    return sa.select(s.action_id).where(s.seat.in_(sorted(seats)))


def lapse(connection: Connection, now_us: int) -> None:
    """Proposals that nobody answered in time. Kept by the transaction of the caller, so it is
    called in one of its own where what follows may be refused."""
    connection.execute(
        sa.update(changes)
        .where(changes.c.state == WAITING, changes.c.proposed_us < now_us - LASTS_US)
        .values(state=LAPSED, decided_us=now_us)
    )


def lapse_of(
    connection: Connection, proposed_by: str, now_us: int, key: str | None = None
) -> list[str]:
    """What that login proposed (or `key` alone) and nobody has decided ends: nobody agrees to the
    wish of somebody who may no longer have it. Returns the ids of what lapsed."""
    mine = sa.and_(changes.c.state == WAITING, changes.c.proposed_by == proposed_by)
    if key is not None:
        mine = sa.and_(mine, changes.c.id == key)
    query = sa.select(changes.c.id).where(mine).order_by(changes.c.id).with_for_update()
    found = list(connection.execute(query).scalars())
    connection.execute(sa.update(changes).where(mine).values(state=LAPSED, decided_us=now_us))
    return found


def _decided(
    connection: Connection, key: str, state: str, note: str, by: str, now_us: int
) -> Change:
    values = {"state": state, "decided_by": by, "decided_us": now_us, "note": note.strip() or None}
    connection.execute(sa.update(changes).where(changes.c.id == key).values(**values))
    return one(connection, key)


def _change(row: sa.Row[Any]) -> Change:
    return Change(**row._mapping)
