"""Responders and tasks with names in place of ids and codes, and with where they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.deps import Engine
from littoral.api.gate import Actor, Gate, gate_of
from littoral.api.incidents.sight import names, names_by_id, tiers_above
from littoral.api.tasks.models import responder_json, task_json
from littoral.engine.fleet_view import FleetView
from littoral.respond.task.responder import Fix, Responder, Track, best_fix
from littoral.respond.task.words import TRACK
from littoral.store import incidents, responders
from littoral.store.clock import clock_us
from littoral.store.tasks import Kept


def tracks_of(view: FleetView, now_us: int) -> Track:
    """The last report of each MMSI. Its age is told by event time, which may be another than ours
    (a replay, the demonstration)."""
    fleet = view.fleet
    ahead_us = now_us - view.event_time_us

    def track(mmsi: int) -> Fix | None:
        rows = np.flatnonzero(fleet.mmsi == mmsi)
        rows = rows[np.isfinite(fleet.lon_deg[rows]) & np.isfinite(fleet.lat_deg[rows])]
        if not len(rows):
            return None
        row = int(rows[np.argmax(fleet.last_us[rows])])
        return Fix(
            float(fleet.lon_deg[row]), float(fleet.lat_deg[row]),
            int(fleet.last_us[row]) + ahead_us, TRACK,
            _known(fleet.cog_deg[row]), _known(fleet.sog_mps[row]),
        )  # fmt: skip

    return track


def _known(value: np.floating[Any]) -> float | None:
    return float(value) if np.isfinite(value) else None


Shower = Callable[[Responder, Fix | None], dict[str, Any]]


def shower(request: Request, who: Actor, found: Iterable[Responder], now_us: int) -> Shower:
    """Shows any of `found`."""
    gate = gate_of(request)
    units = {} if gate is None else gate.people.directory.organisation().units
    named = names(request, {r.account for r in found if r.account})

    def show(responder: Responder, fix: Fix | None) -> dict[str, Any]:
        unit = units.get(responder.office)
        office = {"zh": responder.office, "en": responder.office}
        if unit is not None:
            office = {"zh": unit.name_zh, "en": unit.name_en}
        account = named.get(responder.account, responder.account)
        is_mine = responder.account == who.id
        return responder_json(responder, fix, now_us, office, account, is_mine)

    return show


def shown_responders(
    request: Request, engine: Engine, who: Actor, found: Iterable[Responder]
) -> list[dict[str, Any]]:
    kept, now_us = list(found), clock_us()
    track = tracks_of(engine.fleet(), now_us)
    show = shower(request, who, kept, now_us)
    return [show(r, best_fix(r, track)) for r in kept]


def shown_tasks(
    gate: Gate | None, connection: Connection, me: str, found: Iterable[Kept],
    named: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """`me`: the id of the account whose own are marked, "" for none. `named`: names of accounts by
    id, where they are known already."""
    kept, now_us = list(found), clock_us()
    if not kept:
        return []
    of = {
        k.incident.id: k
        for k in incidents.by_ids(connection, {k.task.incident for k in kept}, None)
    }
    sent = responders.by_ids(connection, {k.task.responder for k in kept})
    if named is None:
        named = names_by_id(gate, {k.task.assigned_by for k in kept})
    return [
        shown_task(gate, k, of[k.task.incident], sent[k.task.responder], me, named, now_us)
        for k in kept
    ]


def shown_task(
    gate: Gate | None, kept: Kept, incident: incidents.Kept, responder: Responder, me: str,
    named: Mapping[str, str], now_us: int,
) -> dict[str, Any]:  # fmt: skip
    return task_json(
        kept, incident.incident, responder, named, now_us, tiers_above(gate, incident),
        me != "" and responder.account == me,
    )  # fmt: skip
