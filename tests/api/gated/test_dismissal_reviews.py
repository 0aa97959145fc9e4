"""Dismissals go for review to people who share no seat with who dismissed them."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from littoral.store.changes import dismissals
from littoral.store.people.packaged import PROVINCE

from .conftest import Watch
from .test_gate import ALERT


def test_nobody_beside_who_dismissed_reviews_it(watch: Watch) -> None:
    """Whichever of the seats sorts first, on either side; the dismissal is counted under the seat
    that was allowed it, and the review stands under the one that was allowed that."""
    watch.shore.raise_alerts({"number": 1, "rule": "gap", "kind": "gap", "priority": 2})
    both = ("watch_lead", "coast_police", PROVINCE), ("watch_lead", "police", PROVINCE)
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "known"}
    # A coast guard analyst who leads the watch of the police.
    wang = watch.browser_of("wang", ("analyst", "coast_guard", PROVINCE), both[1])
    assert wang.post(f"/alerts/{ALERT}/actions", json=act).status_code == 200
    review = f"/reviews/{act['id']}"
    for beside in (
        watch.browser("watch_lead", "police", login="zhao"),
        watch.browser_of("li", *both),
        watch.browser("watch_lead", "coast_guard", login="he"),
        wang,
    ):
        assert beside.get("/reviews").json()["items"] == []
        assert beside.post(review, json={"agree": True}).status_code == 403
    sun = watch.browser_of("sun", ("analyst", "coast_police", PROVINCE),
                           ("watch_lead", "customs", PROVINCE))  # fmt: skip
    (listed,) = sun.get("/reviews").json()["items"]
    assert (listed["id"], listed["desk"]) == (act["id"], f"{PROVINCE}/police")
    assert sun.post(review, json={"agree": True}).status_code == 200
    with watch.shore.records.database.read() as connection:
        by = connection.execute(sa.select(dismissals.c.reviewed_desk)).scalar_one()
    assert by == f"{PROVINCE}/customs"


def test_neither_of_the_two_nor_their_colleagues_review_what_they_dismissed(watch: Watch) -> None:
    watch.shore.raise_alerts({"number": 1, "rule": "distress", "kind": "sart", "priority": 1})
    first = watch.browser("watch_officer", "coast_guard", login="li")
    second = watch.browser("watch_lead", "police", login="sun")
    act = {"id": str(uuid.uuid4()), "action": "dismiss", "reason": "beacon tested ashore"}
    assert first.post(f"/alerts/{ALERT}/actions", json=act).status_code == 202
    agreed = second.post(f"/changes/{act['id']}/decision", json={"agree": True})
    assert agreed.json()["state"] == "made"
    for agency, login in (("coast_guard", "wu"), ("police", "qi"), ("police", "sun")):
        beside = watch.browser("watch_lead", agency, login=login)
        assert beside.get("/reviews").json()["items"] == []
        assert beside.post(f"/reviews/{act['id']}", json={"agree": True}).status_code == 403
    other = watch.browser("watch_lead", "customs", login="he")
    assert other.post(f"/reviews/{act['id']}", json={"agree": True}).status_code == 200
