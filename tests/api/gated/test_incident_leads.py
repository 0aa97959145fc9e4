"""The agency that leads: by type and ring, and what its seats in the area may do."""

from __future__ import annotations

from uuid import uuid4

import pytest

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported, stepped

AT_SEA, ASHORE = {"lon": 111.6, "lat": 18.6}, {"lon": 109.7, "lat": 19.2}


@pytest.mark.parametrize(
    ("more", "lead"),
    [
        ({"type": "smuggling", **AT_SEA}, "coast_guard"),
        ({"type": "smuggling", **ASHORE}, "customs"),
        ({"type": "smuggling", "lon": None, "lat": None}, "customs"),
        ({"type": "rescue", **AT_SEA}, "coast_guard"),
        ({"type": "other", **AT_SEA}, "police"),  # its reporter's
        ({"type": "smuggling", **AT_SEA, "lead_agency": "customs"}, "customs"),
        ({"type": "smuggling", **AT_SEA, "lead_agency": "police"}, "police"),
    ],
)
def test_the_type_and_the_ring_give_the_lead(
    watch: Watch, more: dict[str, object], lead: str
) -> None:
    made = reported(watch.browser("watch_lead"), **more)
    assert made["lead_agency"] == lead


def test_no_other_agency_is_made_the_lead(watch: Watch) -> None:
    body = {"id": str(uuid4()), "type": "smuggling", "title": "快艇", "lead_agency": "health"}
    refused = watch.browser("watch_lead").post("/incidents", json=body)
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == ["lead_agency"]


def test_the_seats_of_the_lead_agency_in_the_area_handle_it(watch: Watch) -> None:
    """Reported at sea by the province's police: the coast guard's station in a county goes out."""
    province = watch.browser("watch_lead")
    station = watch.browser("watch_officer", "coast_guard", unit=HAIKOU)
    others = [
        watch.browser("watch_officer", unit=HAIKOU),
        watch.browser("agency_lead", "customs", unit=HAIKOU),
    ]
    key = reported(province, **AT_SEA)["id"]
    assert key in ids(station)
    for kind, more in (
        ("accept", {}), ("dispatch", {}), ("edit", {"title": "两艘快艇"}), ("begin", {}),
        ("transfer", {"to": SANYA, "reason": "it went south"}),
    ):  # fmt: skip
        answer = stepped(station, key, kind, **more)
        assert answer.status_code == 200, answer.text
    for other in others:
        assert key not in ids(other)
        assert stepped(other, key, "note", reason="ours?").status_code == 403
    # Whether it is at its end stays with the unit that answers for it.
    lead = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    assert stepped(lead, key, "feed_back", reason="found").status_code == 200
    assert stepped(lead, key, "verify").status_code == 403


def test_a_lead_agency_elsewhere_has_no_part(watch: Watch) -> None:
    key = reported(watch.browser("watch_lead", unit=HAIKOU), **AT_SEA)["id"]
    elsewhere = watch.browser("watch_officer", "coast_guard", unit=SANYA)
    assert key not in ids(elsewhere)
    assert stepped(elsewhere, key, "note", reason="ours?").status_code == 403


def test_who_answers_for_it_makes_another_agency_the_lead(watch: Watch) -> None:
    province = watch.browser("watch_lead")
    key = reported(province, **AT_SEA)["id"]
    changed = stepped(province, key, "edit", lead_agency="customs")
    assert changed.json()["lead_agency"] == "customs"
    assert key in ids(watch.browser("agency_lead", "customs", unit=HAIKOU))
    assert key not in ids(watch.browser("watch_officer", "coast_guard", unit=HAIKOU))
