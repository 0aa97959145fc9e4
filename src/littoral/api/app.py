"""The HTTP application: puts the resources together. What each does is in its own module."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from littoral.api import (
    alerts,
    areas,
    basemap,
    bulletins,
    cases,
    changes,
    contacts,
    custody,
    detectors,
    duty,
    evidence,
    forms,
    geofences,
    health,
    incidents,
    intake,
    load,
    metrics,
    mine,
    openapi,
    outages,
    oversight,
    pages,
    past,
    people,
    persons,
    policies,
    positions,
    printing,
    problems,
    quarantine,
    reach,
    reports,
    retention,
    search,
    security,
    settings,
    shelves,
    signin,
    sync,
    tasks,
    tiles,
    tracks,
    watch_list,
)
from littoral.api.gate import Gate
from littoral.api.live import route as live
from littoral.api.live.checks import Checks
from littoral.api.live.client import SEND_TIMEOUT_S
from littoral.api.live.hub import MAX_CLIENTS, Hub
from littoral.api.ogc import router as ogc
from littoral.api.one_request import OneRequest
from littoral.api.reach.running import reaching_over
from littoral.api.tasks.silence import Silence
from littoral.api.turned_away import Counted, TurnedAway
from littoral.engine.runtime import Runtime
from littoral.engine.sea_ways import SeaWays, ways_over

DESCRIPTION = """Vessels, alerts, areas and the state of sensing of one coast.

Times are ISO 8601 in UTC, speeds in knots, courses in degrees, distances in metres. Errors are
RFC 9457 problem details. Lists answer `items` and `next_cursor`. The live stream at
`/api/v1/live` (WebSocket) is described in docs/live-stream.md.
"""
API = "/api/v1"
RESOURCES = (
    health, settings, tracks, positions, search, alerts, evidence, geofences, outages, areas,
    incidents, printing, duty, tasks, reach, bulletins, sync, forms, intake, detectors, quarantine,
    basemap, tiles, live, changes, cases, persons, custody, retention, mine, oversight, policies,
    signin, people, shelves, load, watch_list, contacts,
    past,
)  # fmt: skip


def create_app(
    runtime: Runtime,
    pages_dir: Path = pages.PAGES,
    send_timeout_s: float = SEND_TIMEOUT_S,
    gate: Gate | None = None,
    first: Sequence[APIRouter] = (),
    live_clients: int = MAX_CLIENTS,
) -> FastAPI:
    """The application over a running engine. A live client that takes nothing for
    `send_timeout_s` is dropped. Without a gate nobody signs in: one local operator acts. `first`:
    routers before all others. `live_clients`: of the live stream, at most."""
    app = build_app(pages_dir, first)
    app.state.runtime = runtime
    if gate is not None:
        app.state.gate, app.state.people = gate, gate.people
        app.state.turned_away = gate.turned_away
    app.state.send_timeout_s = send_timeout_s
    app.state.live_clients = live_clients
    app.state.sea_ways = SeaWays(lambda: ways_over(runtime.world.coast))
    return app


def build_app(pages_dir: Path = pages.PAGES, first: Sequence[APIRouter] = ()) -> FastAPI:
    """All routes, no engine: enough for the OpenAPI document."""
    app = FastAPI(
        title="Littoral",
        version="1",
        summary="One shared, live, lawful picture of a coast",
        description=DESCRIPTION,
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    for router in first:
        app.include_router(router)
    for module in RESOURCES:
        app.include_router(module.router, prefix=API)
    app.include_router(ogc)
    app.include_router(metrics.router)
    app.include_router(reports.router)
    app.include_router(openapi.router)
    app.include_router(pages.pages_router(pages_dir))
    problems.install(app)
    openapi.install(app)
    app.add_middleware(security.Guard)
    app.state.turned_away = TurnedAway()
    app.add_middleware(Counted)
    app.add_middleware(OneRequest)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    gate: Gate | None = getattr(app.state, "gate", None)
    app.state.hub = hub = Hub(app.state.runtime, gate, app.state.live_clients)
    await hub.start()
    app.state.live_checks = checks = Checks(gate)
    checks.start()
    if gate is not None:
        app.state.reaching = reaching_over(gate)
        silence = Silence(gate, app.state.reaching)
        silence.start()
    try:
        yield
    finally:
        if gate is not None:
            await run_in_threadpool(silence.close)
            await run_in_threadpool(app.state.reaching.close)
        await checks.stop()
        await hub.stop()


def _operation_id(route: APIRoute) -> str:
    """The function's name: what the generated client calls it. A test holds that none is double."""
    return route.name
