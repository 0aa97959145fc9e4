"""A live engine makes an unanswered warning an alarm, and clients see it as a new version."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.engine.live import Live
from littoral.engine.setup import Plan, live_of
from tests.store.alert_rows import alert

from .fleets import NOW_US
from .test_live import live, wait_for
from .test_with_engine import FEED, line

AFTER_S = 1.5


def watching(folder: Path, history_until_us: int | None = None) -> Live:
    """An engine that has heard one ship, so that its event time stands at `NOW_US`."""
    plan = Plan(
        folder,
        detectors=("distress",),
        escalate_after_s=AFTER_S,
        history_until_us=history_until_us,
    )
    engine = live_of(plan)
    engine.start()
    engine.intake.opened(FEED, "tcp", "connection 1")
    report = line(412_000_777, NOW_US, 110.2, 20.1)
    engine.intake.take("connection 1", report, time.time_ns() // 1000)
    assert engine.drain(240)
    return engine


def warning(key: str, **changes: object) -> dict:
    times = {"start_us": NOW_US - 60_000_000, "updated_us": NOW_US, "state": "confirmed"}
    return alert(key, **(times | changes))


def test_an_unanswered_warning_becomes_an_alarm_before_the_clients_eyes(tmp_path: Path) -> None:
    engine = watching(tmp_path / "data")
    try:
        with (
            serving(create_app(engine)) as address,
            live(address, "?alerts_after=0&interval_ms=200") as stream,
        ):
            wait_for(stream, "frame")
            began = time.monotonic()
            engine.records.upsert_alerts(
                [warning("goes on"), warning("answered"), warning("ended", end_us=NOW_US)]
            )
            engine.records.act(
                "answered", {"id": str(uuid.uuid4()), "action": "acknowledge", "by": "officer"}
            )
            while True:
                rows = wait_for(stream, "alerts", 30)["rows"]
                risen = [r for r in rows if r["escalated"]]
                if risen:
                    break
            took_s = time.monotonic() - began
            assert [r["id"] for r in risen] == ["goes on"]
            assert (risen[0]["priority"], risen[0]["revision"]) == (2, 2)
            assert risen[0]["phase"] == "ongoing"
            assert took_s >= AFTER_S - 0.1  # not before its time
            time_up = time.monotonic() + 2.5
            while time.monotonic() < time_up:
                wait_for(stream, "health", 5)
            by_id = {a.id: a for a in engine.records.alerts().items}
            assert [k for k, a in by_id.items() if a.escalated] == ["goes on"]
            assert by_id["ended"].phase == "ended_unanswered"
    finally:
        engine.stop()


def test_nobody_is_on_watch_while_history_is_filled(tmp_path: Path) -> None:
    """The engine goes round its loop five times a second; well after the time nothing has risen
    until event time comes to where the history ends, then it does."""
    until_us = NOW_US + 60_000_000
    engine = watching(tmp_path / "data", until_us)
    try:
        engine.records.upsert_alerts([warning("goes on")])
        time_up = time.monotonic() + AFTER_S + 2.5
        while time.monotonic() < time_up:
            engine.drain(0.2)
            time.sleep(0.05)
        assert not engine.records.alert("goes on").alert.escalated
        report = line(412_000_777, until_us + 1_000_000, 110.2, 20.1)
        engine.intake.take("connection 1", report, time.time_ns() // 1000)
        time_up = time.monotonic() + 30.0
        while not engine.records.alert("goes on").alert.escalated:
            assert time.monotonic() < time_up
            time.sleep(0.05)
    finally:
        engine.stop()
