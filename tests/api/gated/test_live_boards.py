"""Incidents and tasks in the live stream: to whom, when, and that nothing is missed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from littoral.store.people import accounts
from littoral.store.people.accounts import Membership

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported, stepped
from .test_tasks import added, assigned, done

WAIT_S = 10.0


@contextmanager
def live(watch: Watch, browser: httpx.Client, query: str) -> Iterator[ClientConnection]:
    cookie = f"littoral_session={browser.cookies['littoral_session']}"
    url = watch.url.replace("http:", "ws:") + f"/api/v1/live?{query}"
    with connect(
        url, compression=None, max_size=None, additional_headers={"cookie": cookie}
    ) as stream:
        yield stream


def rows(stream: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Of the next message of that kind."""
    end = time.monotonic() + WAIT_S
    while True:
        said = stream.recv(timeout=max(0.01, end - time.monotonic()))
        message = json.loads(said) if isinstance(said, str) else {"type": "frame"}
        if message["type"] == kind:
            assert message["seq"] == message["rows"][-1]["seq"]
            return list(message["rows"])


def quiet_until(stream: ClientConnection, kind: str, marks: int = 2) -> list[str]:
    """The kinds of messages until `marks` more of health have come, a second apart."""
    seen: list[str] = []
    while seen.count("health") < marks:
        said = stream.recv(timeout=WAIT_S)
        seen.append(json.loads(said)["type"] if isinstance(said, str) else "frame")
    return [s for s in seen if s == kind]


def test_an_incident_comes_to_those_who_may_see_it_and_to_nobody_else(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    with (
        live(watch, haikou, "incidents_after=0&tasks_after=0") as here,
        live(watch, sanya, "incidents_after=0&tasks_after=0") as there,
    ):
        made = reported(haikou)
        assert rows(here, "incidents") == haikou.get("/incidents").json()["items"]
        stepped(haikou, made["id"], "accept")
        (again,) = rows(here, "incidents")
        assert (again["id"], again["state"]) == (made["id"], "accepted")
        boat = added(haikou)
        task = assigned(haikou, made["id"], boat["id"])
        assert rows(here, "tasks") == haikou.get("/tasks").json()["items"]
        assert done(haikou, task["id"], "accept").status_code == 200
        assert [t["state"] for t in rows(here, "tasks")] == ["accepted"]
        assert quiet_until(there, "incidents") == []


def test_who_comes_back_gets_what_was_missed_and_only_what_was_asked_for(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    first, second = reported(lead), reported(lead)
    with live(watch, lead, f"incidents_after={first['seq']}") as stream:
        assert [i["id"] for i in rows(stream, "incidents")] == [second["id"]]
    # A number of other records than these begins at the newest.
    with live(watch, lead, "incidents_after=999999") as stream:
        third = reported(lead)
        assert [i["id"] for i in rows(stream, "incidents")] == [third["id"]]
    with live(watch, lead, "alerts_after=0") as stream:
        reported(lead)
        assert quiet_until(stream, "incidents") == []


def test_crew_sees_its_own_tasks_marked_and_the_desk_does_not(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    officer = watch.browser("watch_officer", unit=HAIKOU, login="skipper")
    boat = added(lead, account=str(officer.get("/me").json()["id"]))
    with (
        live(watch, lead, "tasks_after=0") as desk,
        live(watch, officer, "tasks_after=0") as crew,
    ):
        assigned(lead, reported(lead)["id"], boat["id"])
        assert [t["is_mine"] for t in rows(desk, "tasks")] == [False]
        assert [t["is_mine"] for t in rows(crew, "tasks")] == [True]


def test_a_stream_follows_the_rights_of_who_reads_it(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("littoral.api.live.checks.CHECK_EVERY_S", 0.1)
    sanya = watch.browser("watch_lead", unit=SANYA, login="moved")
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    with live(watch, sanya, "incidents_after=0") as stream:
        reported(haikou)
        assert quiet_until(stream, "incidents") == []
        base = watch.gate.people.base
        with base.database.write() as connection:
            account = accounts.by_login(connection, "moved")
            assert account is not None
            place = Membership("watch_lead", HAIKOU, f"police-{HAIKOU}")
            accounts.grant(connection, account.id, place, "test", base.now_us())
        end = time.monotonic() + WAIT_S
        found: list[str] = []
        while not found and time.monotonic() < end:
            latest = reported(haikou)["id"]
            found = quiet_until(stream, "incidents", 1)
        assert found
        assert latest in [i["id"] for i in sanya.get("/incidents").json()["items"]]


def test_boards_without_a_map_are_for_whoever_reads_either(watch: Watch) -> None:
    """A health officer sees no picture; a policy signer neither incidents nor tasks."""
    lead = watch.browser("watch_lead", unit=HAIKOU)
    grid = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    wanted = "tracks=none&incidents_after=0&tasks_after=0"
    with live(watch, lead, wanted) as stream:
        hello = json.loads(stream.recv(timeout=WAIT_S))
        assert hello == {"type": "hello", "after": {"incidents": 0, "tasks": 0}}
        made = reported(grid)
        said = json.loads(stream.recv(timeout=WAIT_S))
        assert (said["type"], [i["id"] for i in said["rows"]]) == ("incidents", [made["id"]])
    health = watch.browser("health_officer", "health", unit=HAIKOU)
    with live(watch, health, wanted) as stream:
        sick = reported(grid, type="epidemic", lead_agency="health")
        assert [i["id"] for i in rows(stream, "incidents")] == [sick["id"]]
    with pytest.raises((InvalidStatus, ConnectionClosed)), live(watch, health, "") as stream:
        stream.recv(timeout=WAIT_S)
    signer = watch.browser("policy_signer", "platform")
    with pytest.raises((InvalidStatus, ConnectionClosed)), live(watch, signer, wanted) as stream:
        stream.recv(timeout=WAIT_S)
