"""Steps for the tests of incidents."""

from __future__ import annotations

from typing import Any

from littoral.respond.incident.flow import Incident, told
from littoral.respond.incident.step import Step

REPORT = {
    "type": "smuggling", "severity": "serious", "title": "快艇靠岸卸货", "lon_deg": 110.5,
    "lat_deg": 20.1, "area": "4601", "desk": "460000", "lead_agency": "customs",
    "sources": [{"kind": "alert", "ref": "a-1"}],
}  # fmt: skip


def step(kind: str, /, at_us: int = 1_000, incident: str = "i-1", **fields: Any) -> Step:
    return Step(f"{incident}-{kind}-{at_us}", incident, kind, at_us, "account:1", "460000", fields)


def report(incident: str = "i-1", at_us: int = 0, **more: Any) -> Step:
    return step("report", at_us, incident, **{**REPORT, **more})


def incident(*steps: Step, **more: Any) -> Incident:
    return told([report(**more), *steps])
