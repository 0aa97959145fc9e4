"""Contacts as the policies take them, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.contacts.models import contact_json
from littoral.api.gate import Actor, Gate, of_the_province, safe_id
from littoral.api.incidents.sight import names_by_id
from littoral.api.problems import not_found
from littoral.respond.contact.flow import Contact
from littoral.store import sea_contacts
from littoral.store.actions import NotFound
from littoral.store.clock import clock_us
from littoral.store.sea_contacts import Kept

READ, ADD = "contact.read", "contact.add"


def thing_of(key: str = "-") -> Resource:
    """The sea belongs to no county, and neither does what is on it."""
    return of_the_province("contact", safe_id(key))


def read(connection: Connection, key: str) -> Kept:
    """Or a 404 problem."""
    try:
        return sea_contacts.one(connection, key)
    except NotFound as error:
        raise not_found("contact", key) from error


def may_add(gate: Gate | None, who: Actor, key: str) -> bool:
    return gate is None or gate.decide(who, ADD, thing_of(key), gate.circumstances(who)).allowed


def shown(gate: Gate | None, found: Iterable[Kept]) -> list[dict[str, Any]]:
    """With names of people in place of ids."""
    kept, now_us = list(found), clock_us()
    named = names_by_id(gate, people_of(k.contact for k in kept))
    return [contact_json(k.contact, k.number, k.seq, named, now_us) for k in kept]


def people_of(contacts: Iterable[Contact]) -> set[str]:
    """Accounts that entered what is shown of them."""
    return {
        account
        for c in contacts
        for account in (c.opened_by, c.last.by, *([] if c.ended is None else [c.ended.by]))
    }
