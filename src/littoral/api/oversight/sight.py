"""Who oversees whom: the gate of the oversight routes, and the policies as a filter over actors.

What an entry of the log is about is an act of somebody at a place; so the thing that the policies
are asked for has the unit, agency and area of who acted, and that account as its owner.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Annotated

import numpy as np
from fastapi import Depends, Request

from littoral.access import Circumstances, Resource
from littoral.access.mask import mask
from littoral.access.retention import Decision
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    areas_of,
    gate_of,
    of_unit,
    safe_id,
    same_origin_if_signed_in,
)
from littoral.api.problems import ProblemError
from littoral.store.log.reader import LogReader
from littoral.store.oversight.index import Index
from littoral.store.oversight.listing import known_actors
from littoral.store.oversight.places import Place

OVERSIGHT = "oversight"
READ, LOG = "oversight.read", "log.read"


def door(request: Request) -> Gate:
    """Oversight is over people who have signed in; there is none over a local operator."""
    same_origin_if_signed_in(request)
    found = gate_of(request)
    if found is None:
        raise ProblemError(403, "Oversight needs sign-in; this server runs without it.")
    return found


Door = Annotated[Gate, Depends(door)]


def circumstances(gate: Gate, who: Actor) -> Circumstances:
    return replace(gate.circumstances(who), purpose=OVERSIGHT)


def require(gate: Gate, who: Actor, action: str, kind: str = OVERSIGHT, unit: str = "") -> None:
    """May they at all, in one of the places in which they have a role; with `unit`, there, for one
    of their agencies? Raises a 403 problem; what must be in the log is there."""
    context = circumstances(gate, who)
    places = dict.fromkeys((unit or p.unit, p.agency) for p in who.principals)
    asked = [of_unit(gate, kind, at, agency=agency) for at, agency in places]
    asked = asked or [Resource("operational")]
    for resource in asked:
        if gate.decide(who, action, resource, context).allowed:
            break
    else:
        resource = asked[0]
    gate.require(who, action, resource, context)


def act_of(gate: Gate, kind: str, ref: str, place: Place, key: str = "-") -> Resource:
    """An act of `ref` at a place, as the policies take it."""
    return Resource(
        "operational", safe_id(key), unit=place.unit, agency=place.agency,
        areas=areas_of(gate, place.unit), owner=ref.partition(":")[2], kind=kind,
    )  # fmt: skip


def seen(
    gate: Gate, who: Actor, action: str, kind: str, acts: Sequence[tuple[str, Place]]
) -> np.ndarray:
    """Which of these acts (actor, place) they may see: one bool each, by the policies' filter."""
    if not acts:
        return np.zeros(0, bool)
    condition = gate.filter(who, action, circumstances(gate, who))
    areas = {place.unit: areas_of(gate, place.unit) for _, place in acts}
    return mask(
        condition,
        {
            "data_class": ["operational"] * len(acts),
            "unit": [place.unit for _, place in acts],
            "agency": [place.agency for _, place in acts],
            "areas": [list(areas[place.unit]) for _, place in acts],
            "owner": [ref.partition(":")[2] for ref, _ in acts],
            "kind": [kind] * len(acts),
        },
    )


def seen_kept(gate: Gate, who: Actor, kind: str, decided: Sequence[Decision]) -> list[Decision]:
    """Of what is kept, what the caller oversees: by unit and agency of its case."""
    acts = [("", Place(d.item.unit, d.item.agency)) for d in decided]
    visible = seen(gate, who, READ, kind, acts)
    return [d for d, shown in zip(decided, visible, strict=True) if shown]


def seen_actors(gate: Gate, who: Actor, action: str, index: Index) -> Collection[int] | None:
    """Numbers of those in the index whose entries they may see; None: everybody's."""
    with index.database.read() as connection:
        known = known_actors(connection)
    visible = seen(gate, who, action, "log", [(k.ref, k.place) for k in known])
    if visible.all():
        return None
    return {k.id for k, shown in zip(known, visible, strict=True) if shown}


def indexed(request: Request, gate: Door, _: Acting) -> Index:
    """The index with all that is published: made once for a server, brought up to date here."""
    found: Index | None = getattr(request.app.state, "oversight_index", None)
    if found is None:
        trust = gate.trust
        found = request.app.state.oversight_index = Index(
            trust.vault.db,
            LogReader(trust.log.root, trust.log.key.public),
            trust.facts_key,
        )
    found.catch_up()
    return found


Indexed = Annotated[Index, Depends(indexed)]
