"""`GET /metrics`: counts and ages for Prometheus (text format 0.0.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from littoral.api.deps import Engine
from littoral.api.gate import gate_of, guarded
from littoral.api.uploads import uploads_json

router = APIRouter(include_in_schema=False)

Sample = tuple[dict[str, str], float]
_OTHER = re.compile(r"[^a-zA-Z0-9_]")


@router.get("/metrics", response_class=PlainTextResponse, **guarded("system.health"))
def get_metrics(request: Request, engine: Engine) -> PlainTextResponse:
    health = engine.health()
    view = engine.fleet()
    now_us = health.event_time_us
    lines: list[str] = []

    def add(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> None:
        lines.extend(_family("littoral_" + name, kind, help_text, samples))

    for name, value in sorted(health.counts.items()):
        add(_OTHER.sub("_", name), "gauge", f"Count of {name} as health gives it.", [({}, value)])
    if now_us is not None:
        add("event_time_seconds", "gauge", "Event time since 1970.", [({}, now_us / 1e6)])
        if health.watermark_us is not None:
            lag = (now_us - health.watermark_us) / 1e6
            add("watermark_lag_seconds", "gauge", "Event time less watermark.", [({}, lag)])
        ages = [
            ({"receiver": r.name}, (now_us - r.last_us) / 1e6)
            for r in health.receivers
            if r.last_us is not None
        ]
        add("receiver_age_seconds", "gauge", "Event time since a receiver heard anything.", ages)
    add(
        "receiver_hearing",
        "gauge",
        "1 when the receiver is heard from.",
        [({"receiver": r.name}, float(r.state == "hearing")) for r in health.receivers],
    )
    add(
        "feed_lines_total",
        "counter",
        "Lines that a feed gave.",
        [({"feed": f.name}, f.lines) for f in health.feeds],
    )
    add(
        "feed_rejected_total",
        "counter",
        "Lines of a feed that went into quarantine.",
        [({"feed": f.name}, f.rejected) for f in health.feeds],
    )
    add(
        "feed_connected",
        "gauge",
        "1 while the feed is open.",
        [({"feed": f.name}, float(f.connected)) for f in health.feeds],
    )
    add("history_progress_ratio", "gauge", "0..1 while history is filled.", [({}, health.progress)])
    add("fleet_tracks", "gauge", "Tracks in the fleet.", [({}, view.count)])
    turned_away = request.app.state.turned_away.totals().items()
    add(
        "requests_turned_away_total",
        "counter",
        "Requests refused before the policies were asked.",
        [({"reason": reason}, n) for reason, n in sorted(turned_away)],
    )
    uploads = uploads_json(gate_of(request))
    add(
        "evidence_scans_total",
        "counter",
        "Files handed in, by what the virus scanner said.",
        [({"result": result}, uploads[result]) for result in ("clean", "found", "failed")],
    )
    up = float(uploads["state"] == "scanned")
    add("virus_scanner_up", "gauge", "1 when there is a virus scanner and it answers.", [({}, up)])
    clients = len(request.app.state.hub.clients)
    add("live_clients", "gauge", "Clients of the live stream.", [({}, clients)])
    return PlainTextResponse(
        "\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _family(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> list[str]:
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        inside = ",".join(f'{k}="{_escape(v)}"' for k, v in labels.items())
        lines.append(f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value!r}")
    return lines


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
