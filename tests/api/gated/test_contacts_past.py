"""Contacts in the past: as they were known then, and which of them were in an area."""

from __future__ import annotations

import uuid

import httpx
import pytest

from littoral.respond.contact.flow import Step
from littoral.store import sea_contacts
from littoral.store.clock import clock_us
from tests.respond.contact.reports import report

from .conftest import Watch
from .test_contacts import ago

MINUTE_US = 60_000_000
EAST = "110.1,19.95 110.3,19.95 110.3,20.05 110.1,20.05"


def at(minutes_ago: float, key: str, contact: str, **said: object) -> Step:
    """A report that was heard and entered so long ago."""
    step = report(key, **said)
    at_us = clock_us() - round(minutes_ago * MINUTE_US)
    return Step(step.id, contact, step.kind, at_us, step.by, step.desk, step.fields)


@pytest.fixture
def officer(watch: Watch) -> httpx.Client:
    """12 kn due east from 110 E at 20 N, three hours ago; two hours ago corrected to 6 kn; another
    that stays at 110 E."""
    she, other, right = (str(uuid.uuid4()) for _ in range(3))
    knot = 1852 / 3600
    with watch.shore.records.database.write() as connection:
        for step in (
            at(180, she, she, cog_deg=90.0, sog_mps=12 * knot, name="HAI 1"),
            at(120, right, she, cog_deg=90.0, sog_mps=6 * knot, name="HAI 1", replaces=she),
            at(120, other, other, sog_mps=0.0, name="HAI 2"),
        ):
            sea_contacts.take(connection, step)
    return watch.browser("watch_officer")


def test_replay_has_them_as_they_were_known_then(officer: httpx.Client) -> None:
    def known(a: float, b: float) -> list[tuple[str, float]]:
        span = {"from": ago(a), "to": ago(b)}
        items = officer.get("/replay/contacts", params=span).json()["items"]
        return [(i["contact"]["name"], i["contact"]["sog_kn"]) for i in items]

    assert known(4, 3.5) == []
    assert known(2.9, 2.5) == [("HAI 1", 12.0)]
    assert known(2.9, 1.5) == [("HAI 1", 12.0), ("HAI 1", 6.0), ("HAI 2", 0.0)]
    assert known(1.5, 1) == [("HAI 1", 6.0), ("HAI 2", 0.0)]


def test_who_was_in_an_area_apart_from_what_receivers_heard(officer: httpx.Client) -> None:
    """6 kn from 110 E reaches 110.1 E, 5.64 NM on at 20 N, after 56.4 minutes, and is reckoned on
    for 60: 57, 58, 59 minutes lie within."""
    params = {"area": EAST, "from": ago(4), "to": ago(0)}
    (visit,) = officer.get("/questions/contacts", params=params).json()["items"]
    assert (visit["contact"]["name"], visit["reports"], visit["reckoned_min"]) == ("HAI 1", 0, 3.0)
    assert officer.get("/questions/inside", params=params).json()["items"] == []
    west = {**params, "area": "109.9,19.9 110.05,19.9 110.05,20.1 109.9,20.1"}
    found = officer.get("/questions/contacts", params=west).json()["items"]
    assert [(v["contact"]["name"], v["reports"]) for v in found] == [("HAI 1", 1), ("HAI 2", 1)]
    early = {**west, "to": ago(2.5)}
    assert officer.get("/questions/contacts", params=early).json()["items"] == []
    wrong = officer.get("/questions/contacts", params={**params, "area": "1,2"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "area")


def test_nobody_was_anywhere_later_than_now(watch: Watch) -> None:
    officer = watch.browser("watch_officer")
    said = {"id": str(uuid.uuid4()), "lon": 110.2, "lat": 20.0, "heard": ago(1 / 60 + 0.005)}
    assert officer.post("/contacts", json=said).status_code == 201
    params = {"area": EAST, "from": ago(1), "to": ago(-1)}
    (visit,) = officer.get("/questions/contacts", params=params).json()["items"]
    assert (visit["reports"], visit["reckoned_min"]) == (1, 1.0)
