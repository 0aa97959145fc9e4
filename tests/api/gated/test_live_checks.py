"""Streams that stay open: their sessions and rights are asked about again, many at once."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from littoral.access.words import ROLES
from littoral.api.gate import Actor
from littoral.api.live.boards import View, told_of, views_of
from littoral.api.live.checks import CHECK_EVERY_S
from littoral.api.live.rights import Stream, still
from littoral.api.problems import ProblemError
from littoral.respond.incident.step import Step
from littoral.store import incidents
from littoral.store.people.words import SYSTEM

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported
from .test_live_boards import WAIT_S, live, quiet_until, rows
from .test_tasks import added, assigned, done

BOARDS = "tracks=none&incidents_after=0&tasks_after=0"


def code_at_the_end(stream: ClientConnection) -> int:
    """With which it is closed."""
    end = time.monotonic() + 2 * CHECK_EVERY_S
    closed: ConnectionClosed | None = None
    while closed is None and time.monotonic() < end:
        try:
            stream.recv(timeout=2 * CHECK_EVERY_S)
        except ConnectionClosed as found:
            closed = found
    assert closed is not None
    assert closed.rcvd is not None
    return int(closed.rcvd.code)


def kept_elsewhere(watch: Watch, account: str) -> str:
    """An incident of Sanya that the account reported when it was there."""
    key, now_us = str(uuid4()), watch.gate.trust.now_us()
    fields = {
        "type": "fire", "severity": "ordinary", "title": "渔船起火", "area": SANYA, "desk": SANYA,
        "lead_agency": "police", "lon_deg": 109.5, "lat_deg": 18.2,
        "sources": [{"kind": "hotline", "ref": "h-1"}],
    }  # fmt: skip
    step = Step(key, key, "report", now_us, account, f"{SANYA}/police", fields)
    with watch.shore.records.database.write() as connection:
        incidents.take(connection, step, 2026, now_us)
    return key


def test_a_session_that_ended_falls_within_the_bound_and_alone(watch: Watch) -> None:
    """At whatever moment between two checks it ends."""
    with ExitStack() as stack:
        sessions = [watch.enter("watch_officer", unit=HAIKOU, login=f"u{n}") for n in range(8)]
        streams = []
        for found in sessions:
            with httpx.Client(cookies={"littoral_session": found.token}) as browser:
                streams.append(stack.enter_context(live(watch, browser, BOARDS)))
        stays = streams[0]
        for n, (found, stream) in enumerate(zip(sessions[1:], streams[1:], strict=True)):
            time.sleep(0.13 * n)
            watch.gate.people.signin.sign_out(found.identity)
            ended = time.monotonic()
            assert code_at_the_end(stream) == 1008
            assert time.monotonic() - ended < CHECK_EVERY_S
        reported(watch.browser("watch_lead", unit=HAIKOU))
        while json.loads(stays.recv(timeout=WAIT_S))["type"] != "incidents":
            pass


def test_rights_that_are_asked_for_together_are_those_of_each_alone(watch: Watch) -> None:
    """Of every role in several places, with one and with two factors, twice the same."""
    people, streams = [], []
    for role in ROLES:
        for unit, agency in ((HAIKOU, "police"), (HAIKOU, "health"), (SANYA, "police")):
            for assurance in ("totp", "password"):
                for twin in "ab":
                    if role == SYSTEM:
                        continue
                    login = f"{role}.{unit}.{agency}.{assurance}.{twin}"
                    found = watch.enter(role, agency, unit, assurance, login)
                    assert found.identity.session is not None
                    people.append(watch.gate.actor(found.identity))
                    key = found.identity.session.id
                    streams.append(Stream(None, False, key, "127.0.0.1"))  # type: ignore[arg-type]
    lead = watch.browser("watch_lead", unit=HAIKOU)
    crew = next(p for p in people if p.name.startswith(f"watch_officer.{HAIKOU}.police.totp"))
    added(lead, account=crew.id)

    def alone(actor: Actor) -> set[View] | str:
        views = views_of(watch.gate, actor)
        return set(told_of(views, actor.id, actor is crew)) if views else "refused"

    found = still(watch.gate, streams)
    together = [
        "refused" if isinstance(seen, ProblemError) else set(seen)
        for seen in (found[stream] for stream in streams)
    ]
    assert together == [alone(actor) for actor in people]
    assert len({frozenset(seen) for seen in together if seen != "refused"}) > 5
    # Those of one desk are one view, but for who has tasks or reports of their own.
    leads = [
        seen for seen, p in zip(together, people, strict=True) if "watch_lead.460100" in p.name
    ]
    assert len({frozenset(seen) for seen in leads if seen != "refused"}) == 2


def test_what_is_seen_through_the_stream_is_what_is_read_over_http(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several views, after their rights have been asked about again; those of two grid workers
    of the same unit are two: what one reported of elsewhere, the other does not see."""
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 0.1)
    reading = {
        "haikou": watch.browser("watch_lead", unit=HAIKOU),
        "another of haikou": watch.browser("watch_lead", unit=HAIKOU, login="lead2"),
        "sanya": watch.browser("watch_lead", unit=SANYA),
        "province": watch.browser("watch_lead"),
        "health": watch.browser("health_officer", "health", unit=HAIKOU),
        "grid one": watch.browser("grid_worker", "local_government", unit=HAIKOU, login="g1"),
        "grid two": watch.browser("grid_worker", "local_government", unit=HAIKOU, login="g2"),
    }
    with ExitStack() as stack:
        streams = {
            name: stack.enter_context(live(watch, browser, BOARDS))
            for name, browser in reading.items()
        }
        for stream in streams.values():
            json.loads(stream.recv(timeout=WAIT_S))  # hello
        time.sleep(0.5)  # some rounds of checks
        for name in ("haikou", "sanya"):
            reported(reading[name])
        reported(reading["grid one"], type="epidemic", lead_agency="health")
        away = kept_elsewhere(watch, str(reading["grid one"].get("/me").json()["id"]))
        seen: dict[str, set[str]] = {}
        for name, stream in streams.items():
            wanted, got = set(ids(reading[name])), set()
            assert wanted
            while got != wanted:
                got |= {row["id"] for row in json.loads(stream.recv(timeout=WAIT_S))["rows"]}
                assert got <= wanted, name
            seen[name] = got
            with pytest.raises(TimeoutError):
                stream.recv(timeout=0.2)
    assert seen["haikou"] == seen["another of haikou"] != seen["sanya"]
    assert seen["grid one"] - seen["grid two"] == {away}


def test_streams_end_when_nobody_can_say_whether_they_may_go_on(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 0.1)
    officer = watch.browser("watch_officer", unit=HAIKOU)
    with live(watch, officer, BOARDS) as stream:
        stream.recv(timeout=WAIT_S)
        with watch.gate.people.base.database.write() as connection:
            connection.execute(sa.text("ALTER TABLE sessions RENAME TO gone"))
        assert code_at_the_end(stream) == 1013


def test_a_read_that_fails_once_ends_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 1.0)
    officer = watch.browser("watch_officer", unit=HAIKOU)
    with live(watch, officer, "incidents_after=0") as stream:
        stream.recv(timeout=WAIT_S)
        for before, after in (("sessions", "gone"), ("gone", "sessions")):
            with watch.gate.people.base.database.write() as connection:
                connection.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))
            quiet_until(stream, "incidents", 2)
        made = reported(watch.browser("watch_lead", unit=HAIKOU))
        assert made["id"] in ids(officer)
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            said = stream.recv(timeout=WAIT_S)
            if isinstance(said, str) and json.loads(said)["type"] == "incidents":
                break
        else:
            raise AssertionError("the stream brought nothing any more")


def test_a_task_that_comes_before_the_rights_to_it_are_known_is_not_missed(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody begins to act for a boat, which is sent at once: others' changes go on meanwhile."""
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 3.0)
    lead = watch.browser("watch_lead", unit=HAIKOU)
    skipper = watch.browser("grid_worker", "local_government", unit=HAIKOU, login="skipper")
    with live(watch, skipper, BOARDS) as stream:
        json.loads(stream.recv(timeout=WAIT_S))  # hello
        boat = added(lead, account=str(skipper.get("/me").json()["id"]))
        incident = reported(lead)["id"]
        task = assigned(lead, incident, boat["id"])
        (row,) = rows(stream, "tasks")
        assert (row["id"], row["is_mine"]) == (task["id"], True)
        assert done(skipper, task["id"], "accept").status_code == 200
        assert [(r["id"], r["state"]) for r in rows(stream, "tasks")] == [(task["id"], "accepted")]
