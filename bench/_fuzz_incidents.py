"""Target: what clients say of incidents, from the body to what the steps make of it."""

from __future__ import annotations

from pathlib import Path

import orjson

from bench._fuzz_target import Differs, Target

INCIDENT = "019ad001-0000-7000-8000-000000000001"
OTHER = "019ad001-0000-7000-8000-000000000002"


def incident_bodies(_: Path) -> Target:
    """A report and then steps, a body a line: what was taken is the same when it is told again
    after it was written and read, and once its text is erased nothing of it is left."""
    from pydantic import ValidationError

    from littoral.api.incidents.models import ReportInput, StepInput, step_fields
    from littoral.respond.incident.flow import Incident, after, told
    from littoral.respond.incident.step import Refused, Step
    from littoral.store.incidents import without_text

    def report(line: bytes) -> Step:
        given = ReportInput.model_validate(orjson.loads(line))
        said = given.model_dump(mode="json", exclude={"id", "at", "lon", "lat"})
        fields = {
            **said, "desk": given.desk or "460100", "lon_deg": given.lon, "lat_deg": given.lat,
            "lead_agency": given.lead_agency or "police",
        }  # fmt: skip
        return Step(str(given.id), str(given.id), "report", given.at or 0, "a", "460100", fields)

    def run(data: bytes) -> None:
        first, *lines = data.split(b"\n")
        steps = [report(first)]
        now: Incident = after(None, steps[0])
        for line in lines:
            try:
                given = StepInput.model_validate(orjson.loads(line))
                fields = step_fields(given)
                step = Step(str(given.id), now.id, given.kind, given.at or 0, "a", "460100", fields)
                now = after(now, step)
            except (Refused, ValidationError, ValueError):
                continue  # refused, and the next one finds what was before
            steps.append(step)
        read = [orjson.loads(orjson.dumps(dict(s.fields))) for s in steps]
        again = told(
            Step(s.id, s.incident, s.kind, s.at_us, s.by, s.desk, f)
            for s, f in zip(steps, read, strict=True)
        )
        if again != now or now.version != len(steps):
            raise Differs("another incident from the same steps")
        for step in steps:
            left = without_text(step.fields)
            if {"title", "reason"} & (set(left) | set(left.get("seen") or {})):
                raise Differs("text is left")
            if without_text(left) != left:
                raise Differs("more is erased the second time")

    def seeds() -> list[bytes]:
        source = {"kind": "hotline", "ref": "12345-1"}
        made = {
            "id": INCIDENT, "type": "smuggling", "severity": "serious", "title": "快艇靠岸卸货",
            "lon": 110.5, "lat": 20.1, "area": "460100", "desk": "460100", "sources": [source],
            "at": "2026-11-24T07:40:03Z",
        }  # fmt: skip
        kinds: list[dict[str, object]] = [
            {"kind": "accept"}, {"kind": "dispatch"}, {"kind": "begin"},
            {"kind": "feed_back", "reason": "found"}, {"kind": "verify"},
            {"kind": "close", "outcome": "done"}, {"kind": "reopen", "reason": "again"},
            {"kind": "edit", "title": "two", "lon": 1, "lat": 2, "seen": {"title": "x", "lon": 3}},
            {"kind": "join", "agency": "customs", "unit": "460200"},
            {"kind": "leave", "agency": "customs", "reason": "done"},
            {"kind": "transfer", "to": "460200", "reason": "south"}, {"kind": "take_over"},
            {"kind": "add_source", "source": {"kind": "alert", "ref": "a"}},
            {"kind": "split", "into": OTHER, "sources": [source], "reason": "two"},
            {"kind": "link", "other": OTHER}, {"kind": "merge", "other": OTHER, "reason": "one"},
        ]  # fmt: skip
        steps = [
            orjson.dumps({"id": f"019ad001-0000-7000-8000-{n:012x}", **k})
            for n, k in enumerate(kinds, 16)
        ]
        first = orjson.dumps(made)
        return [b"\n".join([first, *steps]), *(b"\n".join([first, s]) for s in steps), first]

    return Target(run, (ValidationError, ValueError, Refused), seeds)
