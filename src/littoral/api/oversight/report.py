"""`/oversight/report/{year}`: a year in numbers, as JSON or Excel; nothing about a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.gate import Acting, described
from littoral.api.oversight.glass import KIND, used
from littoral.api.oversight.models import ReportModel
from littoral.api.oversight.sight import Door, Indexed, require, seen, seen_actors
from littoral.api.oversight.who import Cast
from littoral.api.wire import Json, iso
from littoral.store.oversight import report
from littoral.store.oversight.listing import Wanted
from littoral.store.oversight.places import Place

router = APIRouter(tags=["oversight"])

EXPORT = "report.export"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/oversight/report/{year}",
    response_model=ReportModel,
    summary="The yearly report: counts alone, as JSON or Excel",
    responses={200: {"content": {XLSX: BINARY}}},
    **described(EXPORT),
)
def get_report(
    gate: Door,
    who: Acting,
    index: Indexed,
    engine: Engine,
    year: Annotated[int, Path(ge=2000, le=9998)],
    form: Annotated[Literal["json", "xlsx"], Query(alias="format")] = "json",
) -> Response:
    """By the calendar of the deployment's time zone. Who oversees one agency gets its numbers;
    erasures are the deployment's."""
    require(gate, who, EXPORT)
    zone = engine.settings.time_zone
    from_us, to_us = (_start_us(y, zone) for y in (year, year + 1))
    actors = seen_actors(gate, who, EXPORT, index)
    wanted = Wanted(from_us=from_us, to_us=to_us, actors=actors)
    with index.database.read() as connection:
        found = report.of_year(connection, wanted, from_us, to_us)
    glass_acts = [used(g) for g in found.glass]
    delay_acts = [(d.set_by, d.set_us, d.case_id) for d in found.delays]
    cast = Cast(gate, [*glass_acts, *delay_acts])
    of_glass, of_delays = (
        seen(gate, who, EXPORT, kind, [(act[0], cast.place(act)) for act in acts])
        for kind, acts in ((KIND, glass_acts), ("delay", delay_acts))
    )
    places = [("", Place(a.unit, a.agency)) for a in found.assessments]
    assessed = int(seen(gate, who, EXPORT, "assessment", places).sum())
    glass = [g for g, shown in zip(found.glass, of_glass, strict=True) if shown]
    now_us = gate.trust.now_us()
    agencies = sorted({p.agency for p in who.principals})
    made = report.Report(
        year, zone, iso(now_us), "all" if actors is None else ", ".join(agencies), index.size(),
        report.totals(found, glass, int(of_delays.sum()), assessed, now_us), found.erasures,
        found.counts,
    )  # fmt: skip
    if form == "xlsx":
        name = f"attachment; filename=oversight-{year}.xlsx"
        return Response(report.workbook(made), 200, {"content-disposition": name}, XLSX)
    counts = [{name: getattr(c, name) for name in c.__slots__} for c in made.counts]
    return Json({**vars(made), "counts": counts})


def _start_us(year: int, zone: str) -> int:
    return int(datetime(year, 1, 1, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000
