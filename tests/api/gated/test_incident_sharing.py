"""With whom exactly an incident is shared: the unit that is asked, joint agencies by their unit."""

from __future__ import annotations

from littoral.store.people.organisations import Unit

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported, stepped

VILLAGE = "460200V001"


def test_a_handover_asked_of_the_province_is_not_shown_to_everybody_below(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    key = reported(haikou)["id"]
    assert stepped(haikou, key, "transfer", to="460000", reason="it is large").status_code == 200
    assert key not in ids(sanya)
    assert sanya.get(f"/incidents/{key}").status_code == 403
    assert stepped(sanya, key, "note", reason="ours?").status_code == 403
    assert key in ids(watch.browser("watch_lead"))


def test_a_handover_asked_of_a_county_is_shown_to_those_seated_there_alone(watch: Watch) -> None:
    since_us = 1_767_225_600_000_000
    village = Unit(VILLAGE, "village", SANYA, "示例村", "Village", since_us, None, True)
    watch.gate.people.directory.put_units([village], "test")
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(haikou)["id"]
    assert stepped(haikou, key, "transfer", to=SANYA, reason="it went south").status_code == 200
    assert key in ids(watch.browser("watch_lead", unit=SANYA))
    below = watch.browser("watch_officer", unit=VILLAGE)
    assert key not in ids(below)
    assert below.get(f"/incidents/{key}").status_code == 403


def test_a_joint_agency_is_that_of_one_unit(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("agency_lead", "customs", unit=SANYA)
    danzhou = watch.browser("agency_lead", "customs", unit="460400")
    police = watch.browser("watch_lead", unit=SANYA)
    key = reported(haikou, lead_agency="police")["id"]
    joined = stepped(haikou, key, "join", agency="customs", unit=SANYA)
    assert joined.status_code == 200, joined.text
    (joint,) = joined.json()["joint_agencies"]
    assert (joint["agency"], joint["unit"], joint["unit_name"]["en"]) == ("customs", SANYA, "Sanya")
    assert stepped(sanya, key, "note", reason="our boat is near").status_code == 200
    for other in (danzhou, police):
        assert key not in ids(other)
        assert stepped(other, key, "note", reason="ours?").status_code == 403
    left = stepped(haikou, key, "leave", agency="customs", unit=SANYA, reason="it is done")
    assert left.json()["joint_agencies"] == []
    assert sanya.get(f"/incidents/{key}").status_code == 403


def test_a_joint_agency_has_to_be_there(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(haikou)["id"]
    for unit in ("999999", SANYA):
        refused = stepped(haikou, key, "join", agency="border_inspection", unit=unit)
        assert refused.status_code == 422, refused.text
        assert [e["field"] for e in refused.json()["errors"]] == ["unit"]


def test_a_joint_agency_is_that_around_the_incident_unless_another_is_named(watch: Watch) -> None:
    """The customs of the province work for all its counties."""
    customs = watch.browser("agency_lead", "customs")
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(haikou, lead_agency="police")["id"]
    joined = stepped(haikou, key, "join", agency="customs")
    assert [(j["agency"], j["unit"]) for j in joined.json()["joint_agencies"]] == [
        ("customs", HAIKOU)
    ]
    assert key in ids(customs)
