"""A grant under the own case opens nobody whom the policies would not show: a person of another
area, or by a number that is sensitive; and who reads why it was asked for."""

from __future__ import annotations

from .conftest import Watch
from .test_cases import CASE, PERSON, asked, opened

HAIKOU, SANYA = "460100", "460200"
REASON = "who came ashore that night"


def test_a_person_of_another_area_is_neither_shown_nor_found(watch: Watch) -> None:
    watch.sign_policies()
    haikou = watch.browser("investigator", "police", unit=HAIKOU)
    lead = watch.browser("agency_lead", "police", unit=HAIKOU)
    _, there = opened(watch.browser("investigator", "customs", unit=SANYA))
    case, here = opened(haikou)
    grant = asked(haikou, case, there).json()["id"]
    assert lead.post(f"/grants/{grant}/approve").status_code == 200
    shown = haikou.post(f"/grants/{grant}/reveal", json={"subjects": [there]})
    assert shown.status_code == 403, shown.text
    wanted = {"reason": REASON, "subjects": [], "search_fields": ["phone"]}
    search = haikou.post(f"/cases/{case}/grants", json=wanted).json()["id"]
    assert lead.post(f"/grants/{search}/approve").status_code == 200
    number = {"field": "phone", "value": PERSON["fields"]["phone"]}
    found = haikou.post(f"/grants/{search}/search", json=number)
    assert [p["id"] for p in found.json()["items"]] == [here], found.text
    denied = [e.thing for e in watch.logged() if e.verdict.value == "deny"]
    assert f"subject:{there}" in denied


def test_a_sensitive_number_is_searched_under_a_sensitive_grant_alone(watch: Watch) -> None:
    watch.sign_policies()
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    case, _ = opened(investigator)
    wanted = {"reason": REASON, "subjects": [], "search_fields": ["id_number"]}
    grant = investigator.post(f"/cases/{case}/grants", json=wanted).json()["id"]
    assert lead.post(f"/grants/{grant}/approve").status_code == 200
    number = {"field": "id_number", "value": PERSON["fields"]["id_number"]}
    refused = investigator.post(f"/grants/{grant}/search", json=number)
    assert (refused.status_code, refused.json()["code"]) == (403, "sensitive")


def test_why_an_access_is_asked_for_is_read_by_who_takes_part_in_it(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    investigator = watch.browser("investigator", "customs")
    case, person = opened(investigator)
    asked(investigator, case, person, data_class="sensitive")
    for role, agency, reads in (
        ("agency_lead", "customs", True), ("auditor", "oversight", False),
        ("analyst", "customs", False),
    ):  # fmt: skip
        answer = watch.browser(role, agency).get(f"/cases/{case}/grants")
        assert answer.status_code == 200, answer.text
        (grant,) = answer.json()["items"]
        assert (grant["reason"] is not None) is reads, role
    (own,) = investigator.get(f"/cases/{case}/grants").json()["items"]
    assert own["reason"] == "compare with the passenger list"


def test_the_same_case_opens_as_before(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case = investigator.post("/cases", json=CASE).json()["id"]
    person = investigator.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
    grant = asked(investigator, case, person).json()["id"]
    shown = investigator.post(f"/grants/{grant}/reveal", json={"subjects": [person]})
    assert shown.json()["items"][0]["fields"]["name"] == PERSON["fields"]["name"]
