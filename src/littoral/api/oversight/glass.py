"""`/oversight/break-glass`: each use of break-glass is reviewed by another person within a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from littoral.api.assessed import above
from littoral.api.cases import refusals
from littoral.api.fields import Page
from littoral.api.gate import Acting, Actor, Gate, described
from littoral.api.oversight.models import GlassDecision, GlassReviewDetail, GlassReviewModel, Id
from littoral.api.oversight.sight import (
    READ,
    Door,
    Indexed,
    act_of,
    circumstances,
    require,
    seen,
)
from littoral.api.oversight.who import Act, Cast
from littoral.api.problems import not_found
from littoral.api.wire import Json, iso, iso_or_none
from littoral.store.oversight.listing import Wanted, page
from littoral.store.oversight.waiting import Glass, glass, glass_texts, one_glass
from littoral.store.vault import assessments, breakglass
from littoral.store.vault.fields import SENSITIVE
from littoral.store.vault.vault import NotThere

router = APIRouter(tags=["oversight"])

REVIEW = "breakglass.review"
KIND = "breakglass"


@router.get(
    "/oversight/break-glass",
    response_model=Page[GlassReviewModel],
    summary="Uses of break-glass: those whose review is open, or those reviewed",
    **described(READ),
)
def list_break_glass(
    gate: Door, who: Acting, state: Annotated[Literal["open", "done"], Query()] = "open"
) -> Json:
    """Open: the one due first is first. A review is due within 24 hours; late ones are marked."""
    require(gate, who, READ)
    with gate.trust.vault.db.read() as connection:
        found = glass(connection, done=state == "done")
    return Json({"items": reviews_json(gate, who, found), "next_cursor": None})


@router.get(
    "/oversight/break-glass/{review_id}",
    response_model=GlassReviewDetail,
    summary="A use of break-glass with the reason stated, and where its acts are in the log",
    **described(REVIEW),
)
def get_break_glass(gate: Door, who: Acting, index: Indexed, review_id: Id) -> Json:
    found = _allowed(gate, who, review_id)
    gate.trust.tell(who.ref, REVIEW, f"review:{found.id}", "done", "oversight", change="read")
    return Json(_detail(gate, index, found))


@router.post(
    "/oversight/break-glass/{review_id}",
    response_model=GlassReviewDetail,
    summary="Say whether the use was justified, as another person than who broke the glass",
    **described(REVIEW),
)
def review_break_glass(
    gate: Door, who: Acting, index: Indexed, review_id: Id, decision: GlassDecision
) -> Json:
    found = _allowed(gate, who, review_id)
    with refusals():
        breakglass.review(
            gate.trust.vault, found.id, who.ref, decision.justified, decision.note,
            gate.trust.now_us(), gate.trust.record,
        )  # fmt: skip
    return Json(_detail(gate, index, one_glass(gate.trust.vault, found.id)))


def reviews_json(gate: Gate, who: Actor, found: Sequence[Glass]) -> list[dict[str, Any]]:
    """Those that the caller may see."""
    cast = _cast(gate, found)
    acts = [(f.used_by, cast.place(used(f))) for f in found]
    visible = seen(gate, who, READ, KIND, acts)
    now_us = gate.trust.now_us()
    shown = [f for f, is_seen in zip(found, visible, strict=True) if is_seen]
    return [_glass_json(gate, cast, f, now_us) for f in shown]


def _allowed(gate: Gate, who: Actor, review_id: str) -> Glass:
    try:
        found = one_glass(gate.trust.vault, review_id)
    except NotThere as error:
        require(gate, who, REVIEW, KIND)
        raise not_found("review", review_id) from error
    place = _cast(gate, [found]).place(used(found))
    resource = act_of(gate, KIND, found.used_by, place, found.id)
    gate.require(who, REVIEW, resource, circumstances(gate, who))
    return found


def used(found: Glass) -> Act:
    return found.used_by, found.opened_us, found.case


def _reviewed(found: Glass) -> Act | None:
    if found.reviewer is None or found.reviewed_us is None:
        return None
    return found.reviewer, found.reviewed_us, ""


def _cast(gate: Gate, found: Sequence[Glass]) -> Cast:
    by = [act for f in found if (act := _reviewed(f)) is not None]
    return Cast(gate, [*map(used, found), *by])


def _glass_json(gate: Gate, cast: Cast, row: Glass, now_us: int) -> dict[str, Any]:
    reviewed = _reviewed(row)
    return {
        "id": row.id,
        "grant": row.grant,
        "case": row.case,
        "used_by": cast.who(used(row)),
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "data_class": row.data_class,
        "opened": iso(row.opened_us),
        "due": iso(row.due_us),
        "state": row.state(now_us),
        "late": row.late(now_us),
        "reviewer": None if reviewed is None else cast.who(reviewed),
        "reviewed": iso_or_none(row.reviewed_us),
        "finding": row.finding,
        "assessed": _assessed(gate, row),
    }


def _assessed(gate: Gate, row: Glass) -> bool | None:
    """Whether an impact assessment was in force; None where nothing sensitive was opened."""
    if row.data_class != SENSITIVE:
        return None
    around = above(gate, row.unit)
    with gate.trust.vault.db.read() as connection:
        return assessments.covering(connection, row.purpose, row.agency, around, row.opened_us)


def _detail(gate: Gate, index: Indexed, found: Glass) -> dict[str, Any]:
    texts = glass_texts(gate.trust.vault, found)
    with index.database.read() as connection:
        acts = page(
            connection,
            Wanted(
                actor=(found.used_by,), case=(f"case:{found.case}",), from_us=found.opened_us,
                to_us=found.due_us,
            ),
            limit=200,
        )  # fmt: skip
    return {
        **_glass_json(gate, _cast(gate, [found]), found, gate.trust.now_us()),
        "reason": texts.reason,
        "note": texts.note,
        "subjects_shown": texts.shown,
        "entries": sorted(a.index for a in acts),
    }
