"""What several routes ask of notices, and who can be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.gate import Actor, Gate, areas_of, gate_of, of_unit
from littoral.api.names import ACCOUNT, names_of
from littoral.api.problems import ProblemError, not_found
from littoral.engine.reaching import Reaching
from littoral.respond.reach.ladder import Channel, Person, Waits
from littoral.store import reach
from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.people import accounts
from littoral.store.reach import Desk, NoticeRow

READ, SEND, NOTE, REPORT = "notice.read", "notice.send", "notice.note", "notice.report"
# A page that polls asks every minute where nobody looks at it, so a phone's page has that long;
# the network's text and the call follow.
WAITS = Waits({"app": 90, "sms": 120, "voice": 300}, answer_s=300)


def running(request: Request) -> Reaching | None:
    """None without sign-in: then there are no people here."""
    return getattr(request.app.state, "reaching", None)


def reaching(request: Request) -> Reaching:
    """Raises a 503 problem where there is none."""
    found = running(request)
    if found is None:
        raise ProblemError(503, "This server runs without sign-in, so there is nobody to tell.")
    return found


def own_desk(who: Actor) -> Desk:
    """Of the seat acted in."""
    place = who.principals[0] if who.principals else None
    return Desk("-", "") if place is None else Desk(place.unit, place.agency)


def thing_of(gate: Gate, desk: Desk, key: str = "-") -> Resource:
    return of_unit(gate, "notice", desk.unit, key, agency=desk.agency)


def permit(request: Request, who: Actor, action: str, desk: Desk, key: str = "-") -> None:
    """Raises a 403 problem that says why not."""
    gate = gate_of(request)
    if gate is not None:
        gate.require(who, action, thing_of(gate, desk, key))


def names(request: Request, rows: Iterable[NoticeRow], more: Iterable[str] = ()) -> dict[str, str]:
    gate = gate_of(request)
    if gate is None:
        return {}
    refs = {p.ref for row in rows for p in row.notice.people}
    return names_of(gate, refs | {row.made_by for row in rows} | set(more))


def people_of(
    gate: Gate, desk: Desk, ids: Sequence[str], channels: Sequence[Channel]
) -> tuple[Person, ...]:
    """Whom the desk may tell: active accounts with a seat in its unit or below. Raises a 422
    problem that names the one who is not."""
    now_us = gate.people.base.now_us()
    found = []
    with gate.people.base.database.read() as connection:
        for at, key in enumerate(dict.fromkeys(ids)):
            try:
                account = accounts.one(connection, key)
            except accounts.AccountRefused:
                account = None
            seats = () if account is None else account.memberships
            if account is None or not account.active or not any(
                desk.unit in areas_of(gate, m.unit) for m in seats if m.valid(now_us)
            ):  # fmt: skip
                said = "is nobody of the own unit or below"
                raise ProblemError(422, f"to[{at}]: {said}.", {f"to.{at}": said})
            found.append(person(connection, key, channels))
    return tuple(found)


def person(connection: Connection, account: str, channels: Sequence[Channel]) -> Person:
    """With the channels by which the account can be reached here."""
    has_number = bool(reach.with_contact(connection, [account], "sms"))
    return Person(ACCOUNT + account, tuple(c for c in channels if c != "sms" or has_number))


@contextmanager
def refusals(key: str) -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise not_found("notice", key) from error
    except Conflict as error:
        raise ProblemError(409, str(error)) from error
