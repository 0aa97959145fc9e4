"""`/figures`: what was heard, crossed, received and alerted, hour by hour. Counts alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from littoral.analyse import figures
from littoral.api.deps import Engine
from littoral.api.fields import Time
from littoral.api.gate import guarded
from littoral.api.tables.lists import FIGURES
from littoral.api.tables.sheet import ANSWERS, FormatQuery, LangQuery, table_file
from littoral.api.wire import Json, iso
from littoral.engine.figures import Figures
from littoral.engine.runtime import Runtime
from littoral.store.alert_counts import AlertCount, counted
from littoral.store.clock import clock_us

router = APIRouter(tags=["past"])

HOUR_US = 3_600_000_000
HOURS = {"24h": 24, "30d": 24 * 30}


class SeriesModel(BaseModel):
    """One number an hour, in the order of `hours`."""

    of: str
    counts: list[int]


class AlertCountModel(BaseModel):
    rule: str
    priority: int
    outcome: Literal["ongoing", "unanswered", "acknowledged", "dismissed", "handed_on", "withdrawn"]
    count: int


class StatisticsModel(BaseModel):
    hours: list[Time] = Field(description="when each begins; the last one goes on")
    heard: list[SeriesModel] = Field(description="different vessels, by type")
    crossed: list[SeriesModel] = Field(description="steps from ring to ring, `from>to`")
    positions: list[SeriesModel] = Field(description="by receiver")
    vessels: list[SeriesModel] = Field(description="different ones, by receiver")
    alerts: list[SeriesModel] = Field(description="that began, by priority")
    outcomes: list[AlertCountModel] = Field(description="of the whole span")
    missing_days: list[Time] = Field(description="not counted yet")


@router.get(
    "/figures",
    response_model=StatisticsModel,
    summary="Statistics of the last 24 hours or 30 days",
    responses=ANSWERS,
    **guarded("history.read", kind="figures"),
)
def read_figures(
    request: Request, engine: Engine,
    span: Annotated[Literal["24h", "30d"], Query()] = "24h",
    form: FormatQuery = "json", lang: LangQuery = "zh",
) -> Response:  # fmt: skip
    """Up to the hour that goes on, in event time."""
    event_us = engine.health().event_time_us or clock_us()
    end_us = (event_us // HOUR_US + 1) * HOUR_US
    start_us = end_us - HOURS[span] * HOUR_US
    rows, missing = _kept(request, engine).hours(start_us, end_us)
    alerts = counted(engine.records.database, start_us, end_us)
    if form == "xlsx":
        flat = [{"hour": iso(h), "what": w, "of": o, "count": n} for h, w, o, n in sorted(rows)]
        flat += [
            {"hour": iso(a.hour_us), "what": "alerts", "of": f"{a.rule} {a.outcome}",
             "count": a.many}
            for a in alerts
        ]  # fmt: skip
        return table_file(request, engine, "history.read", "figures:all", FIGURES, flat, lang)
    hours = list(range(start_us, end_us, HOUR_US))
    begun = [(a.hour_us, "alerts", str(a.priority), a.many) for a in alerts]
    return Json(
        {
            "hours": [iso(h) for h in hours],
            **{
                name: _series([r for r in rows if r[1] == name], hours)
                for name in (
                    figures.HEARD, figures.CROSSED, figures.POSITIONS, figures.VESSELS,
                )
            },
            "alerts": _series(begun, hours),
            "outcomes": _outcomes(alerts),
            "missing_days": [iso(day) for day in missing],
        }
    )  # fmt: skip


def _kept(request: Request, engine: Runtime) -> Figures:
    """One for the server, so that an hour is counted once."""
    state = request.app.state
    if not hasattr(state, "figures"):
        state.figures = Figures(engine.lake.root)
    found: Figures = state.figures
    return found


def _series(rows: list[tuple[int, str, str, int]], hours: list[int]) -> list[dict[str, Any]]:
    at = {hour: i for i, hour in enumerate(hours)}
    found: dict[str, list[int]] = {}
    for hour, _, of, count in rows:
        found.setdefault(of, [0] * len(hours))[at[hour]] += count
    return [{"of": of, "counts": counts} for of, counts in sorted(found.items())]


def _outcomes(alerts: list[AlertCount]) -> list[dict[str, Any]]:
    total: dict[tuple[str, int, str], int] = {}
    for a in alerts:
        key = a.rule, a.priority, a.outcome
        total[key] = total.get(key, 0) + a.many
    return [
        {"rule": rule, "priority": priority, "outcome": outcome, "count": count}
        for (rule, priority, outcome), count in sorted(total.items())
    ]
