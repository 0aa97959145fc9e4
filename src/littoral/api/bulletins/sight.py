"""Bulletins as the policies take them, and how they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.api.bulletins.models import bulletin_json
from littoral.api.gate import Actor, Gate, areas_of, gate_of, safe_id
from littoral.api.incidents.sight import names
from littoral.api.names import place_name
from littoral.api.problems import not_found
from littoral.api.visible import visible_by
from littoral.respond.bulletin.flow import Bulletin
from littoral.store import bulletins
from littoral.store.actions import NotFound
from littoral.store.bulletins import Kept
from littoral.store.clock import clock_us
from littoral.store.condition import Condition
from littoral.store.people.packaged import PROVINCE

READ, WRITE = "bulletin.read", "bulletin.write"


def thing_of(gate: Gate, of: Bulletin) -> Resource:
    return thing_for(gate, of.unit, of.agency, of.area, of.kind, of.id)


def thing_for(gate: Gate, unit: str, agency: str, area: str, kind: str, key: str = "-") -> Resource:
    """The desk's; it lies in the area that it is for, and is shared with all within that."""
    return Resource(
        bulletins.DATA_CLASS,
        safe_id(key),
        unit=unit,
        agency=agency,
        areas=areas_of(gate, area),
        shared_with=(area,),
        kind=kind,
    )


def visible(request: Request, who: Actor) -> Condition | None:
    """Which the caller may read, as a condition of the query; None: all. Raises a 403 problem where
    there can be none."""
    unit = who.principals[0].unit if who.principals else PROVINCE
    return visible_by(request, who, READ, "bulletin", bulletins.visible, shared_with=(unit,))


def read(connection: Connection, key: str) -> Kept:
    """Or a 404 problem."""
    try:
        return bulletins.one(connection, key)
    except NotFound as error:
        raise not_found("bulletin", key) from error


def may_write(gate: Gate | None, who: Actor, of: Bulletin) -> bool:
    return (
        gate is None or gate.decide(who, WRITE, thing_of(gate, of), gate.circumstances(who)).allowed
    )


def shown(
    request: Request, connection: Connection, who: Actor, found: Sequence[Kept]
) -> list[dict[str, Any]]:
    """With names in place of codes, and what of them the caller has read."""
    keys = [k.bulletin.id for k in found]
    read_by = bulletins.read_versions(connection, who.id, keys)
    codes = {code for k in found for code in (k.bulletin.unit, k.bulletin.area)}
    units = {code: unit_name(gate_of(request), code) for code in codes}
    named = names(request, {k.made_by for k in found})
    now_us = clock_us()
    return [bulletin_json(k, units, named, read_by.get(k.bulletin.id, 0), now_us) for k in found]


def unit_name(gate: Gate | None, code: str) -> dict[str, str]:
    organisation = None if gate is None else gate.people.directory.organisation()
    found = None if organisation is None else place_name(organisation, code)
    return found or {"zh": code, "en": code}
