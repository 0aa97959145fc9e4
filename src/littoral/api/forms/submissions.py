"""`/form-submissions`: what was handed in within the own area, as far as it is open. The whole
answers lie in evidence custody, in the case that is named, and are opened there alone."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from littoral.api.cases import ask_of, refusals
from littoral.api.custody import begun
from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.forms.models import AnswersInput, AnswersModel, FormSubmissionModel
from littoral.api.forms.sight import ANSWERS, gate_there, handed_in, may
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    of_case,
    same_origin_if_signed_in,
    under_case,
)
from littoral.api.incidents.sight import names
from littoral.api.params import CursorQuery, LimitQuery, before_of, encode_cursor
from littoral.api.problems import not_found
from littoral.api.wire import Json, iso
from littoral.engine.export import inert_text
from littoral.engine.runtime import Runtime
from littoral.store.evidence import custody
from littoral.store.forms import submissions, versions
from littoral.store.forms.answers import all_answers
from littoral.store.forms.submissions import Place
from littoral.store.vault import cases, grants, holds

router = APIRouter()
FormQuery = Annotated[str, Query(max_length=100, description="its form_id; empty: all")]
MOST_ROWS = 10_000  # in one table


@router.get(
    "/form-submissions",
    response_model=Page[FormSubmissionModel],
    summary="What was handed in by forms within the own area, newest first, sealed answers counted",
    **described(ANSWERS),
)
def list_form_submissions(
    request: Request,
    engine: Engine,
    who: Acting,
    form: FormQuery = "",
    cursor: CursorQuery = None,
    limit: LimitQuery = 100,
) -> Json:
    before = before_of(cursor)
    gate = gate_there(request)
    found = _found(request, engine, gate, who, form, before, limit + 1)
    more = len(found) > limit
    after = None
    if more:
        last = found[limit - 1]
        after = encode_cursor(last["received_us"], last["id"])
    for item in found:
        del item["received_us"]
    _tell(gate, who, form, min(len(found), limit))
    return Json({"items": found[:limit], "next_cursor": after})


@router.get(
    "/form-submissions.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    summary="The same as a table: the open answers of one form, a column a question",
    **described(ANSWERS),
)
def table_of_submissions(
    request: Request, engine: Engine, who: Acting, form: FormQuery
) -> Response:
    gate = gate_there(request)
    found = _found(request, engine, gate, who, form, None, MOST_ROWS)
    paths = sorted({a["path"] for item in found for a in item["open"]})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "version", "unit", "by", "at", "received", "sealed", *paths])
    for item in found:
        values: dict[str, list[str]] = {}
        for answer in item["open"]:
            values.setdefault(answer["path"], []).append(answer["value"])
        cells = [" | ".join(values.get(path, [])) for path in paths]
        head = [item[n] for n in ("id", "version", "unit", "by", "at", "received", "sealed")]
        writer.writerow([inert_text(str(cell)) for cell in [*head, *cells]])
    _tell(gate, who, form, len(found))
    headers = {"content-disposition": 'attachment; filename="submissions.csv"'}
    text = out.getvalue().encode("utf-8-sig")  # so that Excel sees that it is UTF-8
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(
    "/cases/{case_id}/form-submissions/{submission}/answers",
    response_model=AnswersModel,
    summary="All answers of one, within its case; in the log before they are shown",
    **described("evidence.read", "personal"),
)
def open_answers(
    request: Request,
    engine: Engine,
    who: Acting,
    case_id: str,
    submission: str,
    given: AnswersInput,
) -> Json:
    same_origin_if_signed_in(request)
    gate = gate_there(request)
    with engine.records.database.read() as connection:
        one = submissions.one(connection, submission)
        files = [] if one is None else submissions.files_of(connection, one.id)
    if one is None or one.case_id != case_id:
        raise not_found("submission", submission)
    vault = gate.trust.vault
    case = cases.frame(vault, one.case_id)
    with refusals():
        grant = None if given.grant is None else grants.grant(vault, given.grant)
        sealed = bool(holds.sealed_by_court(vault, {one.evidence_id}))
        kind = "sealed" if sealed else "form"
        thing = of_case(gate, kind, case, one.evidence_id, one.data_class)
        gate.require(who, "evidence.read", thing, under_case(gate, who, case, grant))
        opened = custody.show(
            vault, gate.trust.evidence, ask_of(who, case), one.evidence_id, gate.trust.now_us(),
            gate.trust.record, custody.VIEW, given.grant,
        )  # fmt: skip
    told = all_answers(b"".join(begun(opened.read())))
    return Json({
        "answers": [{"path": path, "value": value} for path, value in told],
        "files": [
            {
                "evidence": f.evidence_id, "case": f.case_id, "media_type": f.media_type,
                "size": f.size,
            }
            for f in files
        ],
    })  # fmt: skip


def _found(
    request: Request, engine: Runtime, gate: Gate, who: Actor, form: str,
    before: tuple[int, str] | None, limit: int,
) -> list[dict[str, Any]]:  # fmt: skip
    with engine.records.database.read() as connection:
        where = submissions.places(connection)
    allowed = [place for place in where if _sees(gate, who, place)]
    if not allowed and not any(
        _sees(gate, who, (p.unit, p.unit, p.agency)) for p in who.principals
    ):
        p = who.principals[0] if who.principals else None
        own = handed_in(gate, "460000", "", "") if p is None else (
            handed_in(gate, p.unit, p.unit, p.agency)
        )  # fmt: skip
        gate.require(who, ANSWERS, own)
    with engine.records.database.read() as connection:
        found = submissions.listed(gate.trust.vault, connection, allowed, form, before, limit)
        forms = versions.by_ids(connection, {row.one.form_version for row in found})
    named = names(request, {row.one.account for row in found})
    opens = {case: _opens(gate, who, case) for case in {row.one.case_id for row in found}}
    by_court = holds.sealed_by_court(gate.trust.vault, {row.one.evidence_id for row in found})
    items = []
    for row in found:
        one, shown = row.one, row.shown
        if shown is not None and one.evidence_id in by_court:
            shown = {"open": [], "sealed": shown["sealed"] + len(shown["open"])}
        form_of = forms[one.form_version]
        items.append({
            "id": one.id, "form": form_of.id, "form_id": form_of.form_id,
            "title": form_of.title, "version": form_of.version, "unit": one.place,
            "by": named.get(one.account, one.account), "at": iso(one.at_us),
            "received": iso(one.received_us), "received_us": one.received_us,
            "erased": row.is_erased, "unreadable": shown is None and not row.is_erased,
            "open": [{"path": p, "value": v} for p, v in (shown or {"open": []})["open"]],
            "sealed": 0 if shown is None else shown["sealed"], "files": row.files,
            "data_class": one.data_class,
            "case": one.case_id if opens[one.case_id] else None,
            "evidence": one.evidence_id if opens[one.case_id] else None,
        })  # fmt: skip
    return items


def _tell(gate: Gate, who: Actor, form: str, rows: int) -> None:
    """That open answers were listed, and how many, is in the log."""
    gate.trust.tell(who.ref, ANSWERS, "form:all", "allow", form=form[:100], form_rows=rows)


def _sees(gate: Gate, who: Actor, place: Place) -> bool:
    return may(gate, who, ANSWERS, handed_in(gate, *place))


def _opens(gate: Gate, who: Actor, case_id: str) -> bool:
    case = cases.frame(gate.trust.vault, case_id)
    thing = of_case(gate, "case", case)
    return gate.decide(who, "case.read", thing, under_case(gate, who, case)).allowed
