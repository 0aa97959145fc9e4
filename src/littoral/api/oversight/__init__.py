"""`/oversight`: who accessed what for which purpose, what waits for a look, and what a person is
told of it. Each resource is in its own module; the decisions are the policies'."""

from __future__ import annotations

from fastapi import APIRouter

from littoral.api.oversight import (
    accesses,
    assessments,
    delays,
    dumonitor,
    glass,
    patterns,
    report,
    subjects,
    summary,
)

router = APIRouter()
for _module in (
    summary,
    accesses,
    patterns,
    glass,
    report,
    subjects,
    delays,
    dumonitor,
    assessments,
):
    router.include_router(_module.router)
