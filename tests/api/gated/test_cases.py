"""Persons are reached by a purpose, a basis and an open case, masked until a grant, never alone
for what is sensitive; and each step is in the log without a name in it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from littoral.store.vault import tables
from tests.api.shore import Shore

from .conftest import Watch

PERSON = {"fields": {"name": "林海生", "phone": "13876543210", "id_number": "460100199001011234"}}
CASE = {"title": "夜间上岸", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}


def opened(browser: httpx.Client) -> tuple[str, str]:
    """A case with one person."""
    case = browser.post("/cases", json=CASE)
    assert case.status_code == 201, case.text
    key = case.json()["id"]
    person = browser.post(f"/cases/{key}/subjects", json=PERSON)
    assert person.status_code == 201, person.text
    return key, person.json()["id"]


def asked(browser: httpx.Client, case: str, subject: str, **more: Any) -> httpx.Response:
    wanted = {"reason": "compare with the passenger list", "subjects": [subject], **more}
    return browser.post(f"/cases/{case}/grants", json=wanted)


def test_masked_then_plain_for_a_time(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case, person = opened(investigator)
    (masked,) = investigator.get(f"/cases/{case}/subjects").json()["items"]
    assert masked["fields"] == {
        "name": "林*", "phone": "138****3210", "id_number": "4601**********1234",
    }  # fmt: skip
    granted = asked(investigator, case, person)
    assert granted.status_code == 201, granted.text
    grant = granted.json()
    assert (grant["state"], grant["needs"]) == ("active", 0)
    shown = investigator.post(f"/grants/{grant['id']}/reveal", json={"subjects": [person]})
    assert shown.status_code == 200, shown.text
    fields = shown.json()["items"][0]["fields"]
    assert fields["name"] == "林海生"
    assert "id_number" not in fields  # sensitive: another grant
    at = watch.gate.trust.now_us() + 2 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    late = investigator.post(f"/grants/{grant['id']}/reveal", json={"subjects": [person]})
    assert late.status_code == 403
    read = [e for e in watch.logged() if e.action == "person.read" and e.verdict.value == "allow"]
    assert read
    assert {e.case for e in read} == {f"case:{case}"}
    assert {e.purpose for e in read} == {"anti_smuggling"}


def test_more_persons_a_day_than_one_reads_alone_take_another(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    case, first = opened(investigator)
    ids = [first] + [
        investigator.post(f"/cases/{case}/subjects", json=PERSON).json()["id"] for _ in range(29)
    ]
    states = []
    for part in (ids[:15], ids[15:], ids):
        grant = asked(investigator, case, first, subjects=part).json()
        path = f"/grants/{grant['id']}/reveal"
        answer = investigator.post(path, json={"subjects": part})
        states.append((grant["state"], grant["needs"], answer.status_code))
    assert states == [("active", 0, 200), ("asked", 1, 403), ("asked", 1, 403)]
    (row,) = [c for c in lead.get("/cases").json()["items"] if c["id"] == case]
    assert row["waiting"] == 2
    assert investigator.post(f"/grants/{grant['id']}/approve").status_code == 403
    approved = lead.post(f"/grants/{grant['id']}/approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "active"), approved.text
    shown = investigator.post(path, json={"subjects": ids})
    assert len(shown.json()["items"]) == 30


def test_the_log_holds_no_name(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case, person = opened(investigator)
    asked(investigator, case, person)
    watch.logged()
    data = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    for secret in ("林海生", "13876543210", "460100199001011234", "夜间上岸"):
        assert secret.encode() not in data


def test_what_is_sensitive_takes_another_person(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    case, person = opened(investigator)
    grant = asked(investigator, case, person, data_class="sensitive").json()
    assert grant["state"] == "asked"
    reveal = f"/grants/{grant['id']}/reveal"
    assert investigator.post(reveal, json={"subjects": [person]}).status_code == 403
    approve = f"/grants/{grant['id']}/approve"
    assert investigator.post(approve).status_code == 403
    approved = lead.post(approve)
    assert approved.status_code == 200, approved.text
    assert approved.json()["state"] == "active"
    shown = investigator.post(reveal, json={"subjects": [person], "fields": ["id_number"]})
    assert shown.status_code == 200, shown.text
    assert shown.json()["items"][0]["fields"] == {"id_number": "460100199001011234"}


RESCUE = {"title": "渔船失联", "purpose": "search_and_rescue", "legal_basis": "vital_interest"}
EMERGENCY = {"title": "台风", "purpose": "emergency", "legal_basis": "vital_interest"}
EPIDEMIC = {
    "title": "渡轮发热", "purpose": "epidemic_control", "legal_basis": "public_health_emergency",
}  # fmt: skip
NEIGHBOURS = {
    "title": "邻里", "purpose": "neighbourhood_governance", "legal_basis": "statutory_duty",
}  # fmt: skip
CLERK = ("county_clerk", "local_government")
COURT = {**CASE, "legal_basis": "court_order"}


@pytest.mark.parametrize(
    ("opens", "collects", "case", "sensitive"),
    [
        (("investigator", "customs"), ("investigator", "customs"), CASE, 201),
        (("health_officer", "health"), ("health_officer", "health"), EPIDEMIC, 201),
        (("watch_lead", "police"), ("watch_lead", "police"), RESCUE, 201),
        (("watch_lead", "police"), ("watch_lead", "police"), EMERGENCY, 403),
        (("watch_lead", "police"), ("watch_officer", "police"), RESCUE, 403),
        (CLERK, CLERK, NEIGHBOURS, 403),
        (CLERK, ("grid_worker", "local_government"), NEIGHBOURS, 403),
    ],
)  # fmt: skip
def test_sensitive_fields_are_collected_by_who_may_collect_such(
    watch: Watch, opens: tuple[str, str], collects: tuple[str, str], case: dict[str, str],
    sensitive: int,
) -> None:  # fmt: skip
    """One such field is enough, whatever else there is."""
    watch.sign_policies()
    key = watch.browser(*opens, unit="460100").post("/cases", json=case).json()["id"]
    browser = watch.browser(*collects, unit="460100")
    at = f"/cases/{key}/subjects"
    plain = {"name": "林海生", "phone": "13876543210"}
    assert browser.post(at, json={"fields": plain}).status_code == 201
    for name in ("id_number", "health"):
        answer = browser.post(at, json={"fields": {**plain, name: "460100199001011234"}})
        assert answer.status_code == sensitive, (name, answer.text)
    assert len(browser.get(at).json()["items"]) == (3 if sensitive == 201 else 1)
    refused = [e for e in watch.logged() if e.action == "intake.write" and e.verdict == "deny"]
    assert len(refused) == (0 if sensitive == 201 else 2)


def test_sensitive_fields_take_a_grant_of_their_own(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    case, person = opened(investigator)
    only = {"subjects": [person], "fields": ["id_number"]}
    ordinary = asked(investigator, case, person).json()["id"]
    refused = investigator.post(f"/grants/{ordinary}/reveal", json=only)
    assert (refused.status_code, refused.json()["code"]) == (403, "sensitive")
    analyst = watch.browser("analyst", "customs")
    assert asked(analyst, case, person).status_code == 201
    assert asked(analyst, case, person, data_class="sensitive").status_code == 403
    grant = asked(investigator, case, person, data_class="sensitive").json()
    assert (grant["state"], grant["needs"]) == ("asked", 1)
    approve = f"/grants/{grant['id']}/approve"
    for role in ("investigator", "analyst", "data_protection_officer", "auditor"):
        other = watch.browser(role, "customs", login=f"other.{role}")
        assert other.post(approve).status_code == 403, role
    assert lead.post(approve).json()["state"] == "active"
    assert (
        lead.post(f"/grants/{grant['id']}/reveal", json=only).status_code == 403
    )  # not the lead's
    shown = investigator.post(f"/grants/{grant['id']}/reveal", json={"subjects": [person]})
    assert shown.json()["items"][0]["fields"] == PERSON["fields"]
    at = watch.gate.trust.now_us() + 9 * 3_600_000_000
    watch.gate.trust.now_us = lambda: at
    assert investigator.post(f"/grants/{grant['id']}/reveal", json=only).status_code == 403


def test_sensitive_fields_are_searched_and_exported_by_order_of_a_court_alone(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    investigator = watch.browser("investigator", "customs")
    leads = [watch.browser("agency_lead", "customs", login=login) for login in ("wang", "zhao")]
    for frame, expected in ((CASE, 403), (COURT, 200)):
        case = investigator.post("/cases", json=frame).json()["id"]
        person = investigator.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
        number = {"field": "id_number", "value": PERSON["fields"]["id_number"]}
        for more, path, body in (
            ({"subjects": [], "search_fields": ["id_number"]}, "search", number),
            ({"kind": "export"}, "export", {"subjects": [person]}),
        ):
            made = asked(investigator, case, person, data_class="sensitive", **more).json()
            grant = made["id"]
            for lead in leads[: made["needs"]]:  # the second export within a day is one of two
                assert lead.post(f"/grants/{grant}/approve").status_code == 200
            answer = investigator.post(f"/grants/{grant}/{path}", json=body)
            assert answer.status_code == expected, (frame, path, answer.text)
            if expected == 200:
                found = [p["fields"]["id_number"] for p in answer.json()["items"]]
                masked = path == "search"
                assert set(found) == {"4601**********1234" if masked else number["value"]}


def test_who_may_approve_and_see_sensitive_data_beside_investigators(watch: Watch) -> None:
    watch.sign_policies()
    for role, agency, frame, field in (
        ("health_officer", "health", EPIDEMIC, "health"),
        ("watch_lead", "police", RESCUE, "id_number"),
    ):
        watch.assess(frame["purpose"], agency)
        browser = watch.browser(role, agency)
        lead = watch.browser("agency_lead", agency)
        case = browser.post("/cases", json=frame).json()["id"]
        fields = {"name": "林海生", field: "460100199001011234"}
        person = browser.post(f"/cases/{case}/subjects", json={"fields": fields}).json()["id"]
        grant = asked(browser, case, person, data_class="sensitive")
        assert grant.status_code == 201, grant.text
        path = f"/grants/{grant.json()['id']}"
        wanted = {"subjects": [person]}
        assert browser.post(f"{path}/reveal", json=wanted).status_code == 403
        assert lead.post(f"{path}/approve").status_code == 200, role
        shown = browser.post(f"{path}/reveal", json=wanted)
        assert shown.status_code == 200, shown.text
        assert shown.json()["items"][0]["fields"] == fields


def test_broken_glass_opens_sensitive_data_where_life_is_at_stake_alone(watch: Watch) -> None:
    """For watch leads and health officers; a watch officer has the personal data alone."""
    watch.sign_policies()
    lead = watch.browser("watch_lead", "police")
    case = lead.post("/cases", json=RESCUE).json()["id"]
    person = lead.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
    body = {
        "reason": "man overboard, who is he", "subjects": [person],
        "purpose": "search_and_rescue", "data_class": "sensitive",
    }  # fmt: skip
    officer = watch.browser("watch_officer", "police")
    assert officer.post("/break-glass", json=body).status_code == 403
    second = watch.browser("watch_lead", "police", login="second")
    duty = second.post("/break-glass", json={**body, "legal_basis": "statutory_duty"})
    assert duty.status_code == 403
    grant = second.post("/break-glass", json=body).json()["grant"]["id"]
    shown = second.post(f"/grants/{grant}/reveal", json={"subjects": [person]})
    assert shown.status_code == 200, shown.text
    assert shown.json()["items"][0]["fields"] == PERSON["fields"]
    ordinary = second.post("/break-glass", json={**body, "data_class": "personal"}).json()["grant"]
    only = {"subjects": [person], "fields": ["id_number"]}
    refused = second.post(f"/grants/{ordinary['id']}/reveal", json=only)
    assert (refused.status_code, refused.json()["code"]) == (403, "sensitive")


def test_other_roles_and_units_get_nothing(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case, person = opened(investigator)
    grant = asked(investigator, case, person).json()
    others = {
        "administrator": watch.browser("administrator", "platform"),
        "analyst elsewhere": watch.browser("analyst", "customs", unit="460200"),
        "grid worker": watch.browser("grid_worker", "local_government", unit="460200"),
        "investigator elsewhere": watch.browser("investigator", "customs", unit="460200"),
    }
    for who, browser in others.items():
        assert browser.get(f"/cases/{case}/subjects").status_code == 403, who
        reveal = browser.post(f"/grants/{grant['id']}/reveal", json={"subjects": [person]})
        assert reveal.status_code == 403, who


def test_a_closed_case_ends_every_access(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case, person = opened(investigator)
    grant = asked(investigator, case, person).json()
    assert investigator.post(f"/cases/{case}/close").json()["state"] == "closed"
    reveal = investigator.post(f"/grants/{grant['id']}/reveal", json={"subjects": [person]})
    assert reveal.status_code == 403


def test_glass_can_be_broken_and_a_review_is_due(watch: Watch) -> None:
    officer = watch.browser("watch_officer", "coast_guard")
    investigator = watch.browser("investigator", "coast_guard")
    _, person = opened(investigator)
    body = {"reason": "man overboard, who is he", "subjects": [person]}
    broken = officer.post("/break-glass", json=body)
    assert broken.status_code == 201, broken.text
    grant = broken.json()["grant"]["id"]
    shown = officer.post(f"/grants/{grant}/reveal", json={"subjects": [person], "fields": ["name"]})
    assert shown.status_code == 200, shown.text
    assert shown.json()["items"][0]["fields"] == {"name": "林海生"}
    assert [e.action for e in watch.logged()].count("breakglass.use") >= 1


def test_fields_that_are_never_kept_are_refused(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case = investigator.post("/cases", json=CASE).json()["id"]
    for field in ("ethnicity", "religion", "face", "score"):
        answer = investigator.post(f"/cases/{case}/subjects", json={"fields": {field: "x"}})
        assert answer.status_code == 422, field
        assert answer.json()["errors"][0]["field"] == f"fields.{field}"


def test_without_sign_in_there_are_no_persons(shore: Shore, http: httpx.Client) -> None:
    assert shore.settings.operator
    for path in ("/cases", "/cases/x/subjects", "/cases/x/grants"):
        assert http.get("/api/v1" + path).status_code == 403, path


def test_a_case_is_its_agencys_and_not_the_whole_units(watch: Watch) -> None:
    """Many agencies share the province's unit; what one pursues is no business of the others."""
    customs = watch.browser("investigator", "customs")
    case, _ = opened(customs)
    police = watch.browser("investigator", "police")
    assert police.get("/cases").json()["items"] == []
    assert police.get(f"/cases/{case}/subjects").status_code == 403
    assert police.get(f"/cases/{case}/grants").status_code == 403
    assert police.post(f"/cases/{case}/close").status_code == 403
    colleague = watch.browser("investigator", "customs", login="colleague")
    (seen,) = colleague.get("/cases").json()["items"]
    assert (seen["id"], seen["agency"]) == (case, "customs")


def test_a_case_without_an_agency_is_nobodys(watch: Watch) -> None:
    """From records of before cases had one, where it is not certain whose it was."""
    customs = watch.browser("investigator", "customs")
    case, person = opened(customs)
    grant = asked(customs, case, person).json()["id"]
    with watch.gate.trust.vault.db.write() as connection:
        connection.execute(sa.update(tables.cases).values(agency=None))
    browsers = {
        "investigator": customs,
        "police": watch.browser("investigator", "police"),
        "lead": watch.browser("agency_lead", "customs"),
        "officer": watch.browser("data_protection_officer", "customs"),
    }
    hold = {"thing": case, "legal_basis": "court_order", "document": "7"}
    for who, browser in browsers.items():
        listed = browser.get("/cases")
        assert listed.status_code == 200, (who, listed.text)
        assert listed.json()["items"] == [], who
        for method, path, body in (
            ("GET", f"/cases/{case}/subjects", None),
            ("GET", f"/cases/{case}/grants", None),
            ("GET", f"/cases/{case}/evidence", None),
            ("POST", f"/cases/{case}/close", None),
            ("POST", f"/cases/{case}/subjects", PERSON),
            ("POST", f"/grants/{grant}/reveal", {"subjects": [person]}),
            ("POST", "/holds", hold),
        ):
            answer = browser.request(method, path, json=body)
            assert answer.status_code == 403, (who, path, answer.text)
    officer = browsers["officer"]
    assert officer.get("/retention/preview").json()["items"] == []
    assert watch.browser("auditor", "oversight").get("/cases").status_code == 200


def test_who_works_in_two_units_says_in_which(watch: Watch) -> None:
    two = watch.browser_of(
        "two", ("investigator", "customs", "460100"), ("investigator", "customs", "460200"),
        ("watch_officer", "coast_guard", "460000"),
    )  # fmt: skip
    unclear = two.post("/cases", json=CASE)
    assert unclear.status_code == 422, unclear.text
    (error,) = unclear.json()["errors"]
    assert error["field"] == "unit"
    assert "460100, 460200" in error["message"]  # where cases of this purpose are not opened is out
    for unit in ("460100", "460200"):
        made = two.post("/cases", json={**CASE, "unit": unit})
        assert made.status_code == 201, made.text
        assert (made.json()["unit"], made.json()["agency"]) == (unit, "customs")
        alone = watch.browser("investigator", "customs", unit=unit)
        assert [c["id"] for c in alone.get("/cases").json()["items"]] == [made.json()["id"]]
    assert {c["unit"] for c in two.get("/cases").json()["items"]} == {"460100", "460200"}
    elsewhere = two.post("/cases", json={**CASE, "unit": "460300"})
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["field"]) == (422, "unit")
    assert two.post("/cases", json={**CASE, "unit": "460000"}).status_code == 403
    rescue = {"reason": "man overboard, who is he", "search_fields": ["phone"]}
    unclear = two.post("/break-glass", json=rescue)
    assert (unclear.status_code, unclear.json()["errors"][0]["field"]) == (422, "unit")
    broken = two.post("/break-glass", json={**rescue, "unit": "460000"})
    assert broken.status_code == 201, broken.text


def test_who_works_for_two_agencies_of_a_unit_says_for_which(watch: Watch) -> None:
    two = watch.browser_of(
        "two", ("investigator", "customs", "460100"), ("investigator", "police", "460100")
    )
    unclear = two.post("/cases", json={**CASE, "unit": "460100"})
    assert (unclear.status_code, unclear.json()["errors"][0]["field"]) == (422, "agency")
    made = two.post("/cases", json={**CASE, "agency": "police"})
    assert (made.status_code, made.json()["agency"]) == (201, "police")
    none = two.post("/cases", json={**CASE, "agency": "health"})
    assert (none.status_code, none.json()["errors"][0]["field"]) == (422, "agency")


OVERSIGHT = {"title": "内部核查", "purpose": "oversight", "legal_basis": "statutory_duty"}


def test_a_case_for_oversight_is_nobodys_whom_it_may_be_about(watch: Watch) -> None:
    officer = watch.browser("data_protection_officer", "customs", login="dpo")
    watch.sign_policies()
    case = officer.post("/cases", json=OVERSIGHT)
    assert case.status_code == 201, case.text
    key = case.json()["id"]
    for role in ("investigator", "agency_lead", "analyst", "watch_officer", "watch_lead"):
        browser = watch.browser(role, "customs")
        wanted = {"reason": "compare with the list", "whole_case": True}
        for answer in (
            browser.post("/cases", json=OVERSIGHT),
            browser.get(f"/cases/{key}/subjects"),
            browser.get(f"/cases/{key}/grants"),
            browser.post(f"/cases/{key}/subjects", json=PERSON),
            browser.post(f"/cases/{key}/grants", json=wanted),
            browser.post(f"/cases/{key}/close"),
        ):
            assert answer.status_code == 403, (role, answer.request.url.path, answer.text)
        assert key not in browser.get("/cases").text, role
    asked = officer.post(
        f"/cases/{key}/grants", json={"reason": "compare with the list", "whole_case": True}
    )
    assert asked.status_code == 201, asked.text
    lead = watch.browser("agency_lead", "customs")
    assert lead.post(f"/grants/{asked.json()['id']}/approve").status_code == 403
    other, _ = opened(watch.browser("investigator", "customs"))
    assert [c["id"] for c in officer.get("/cases").json()["items"]] == [key]
    assert "cases" in officer.get("/me/pages").json()["pages"]
    for answer in (officer.get(f"/cases/{other}/grants"), officer.post(f"/cases/{other}/close")):
        assert answer.status_code == 403, answer.text
    about = {"x-littoral-evidence": '{"data_class":"operational"}'}
    handed = officer.post(
        f"/cases/{key}/evidence", content=b"\xff\xd8\xff\xe0 a photo",
        headers={**about, "content-type": "application/octet-stream"},
    )  # fmt: skip
    assert handed.status_code == 403, handed.text
    assert officer.post(f"/cases/{key}/close").status_code == 200


def test_single_persons_one_after_the_other_are_a_bulk_export(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    leads = [watch.browser("agency_lead", "customs", login=login) for login in ("wang", "zhao")]
    watch.sign_policies()
    case, first = opened(investigator)
    second = investigator.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
    needs = []
    for person in (first, second):
        grant = asked(investigator, case, person, kind="export", hours=1).json()
        needs.append(grant["needs"])
        path = f"/grants/{grant['id']}"
        assert leads[0].post(f"{path}/approve").status_code == 200
        taken = investigator.post(f"{path}/export", json={"subjects": [person]})
        assert taken.status_code == (200 if person == first else 403), taken.text
    assert needs == [1, 2]
    assert leads[1].post(f"{path}/approve").json()["state"] == "active"
    assert investigator.post(f"{path}/export", json={"subjects": [second]}).status_code == 200
    # Told once each: who asks what was taken out about him is told of no more.
    out = [e for e in watch.logged() if (e.action, e.verdict) == ("person.export", "allow")]
    assert len({e.thing for e in out}) == len(out) == 2


def test_a_case_says_which_lists_open_so_that_its_page_is_refused_none(watch: Watch) -> None:
    """A lead opens a case and approves; persons are seen by who may ask for access to them."""
    lead = watch.browser("agency_lead", "customs")
    investigator = watch.browser("investigator", "customs")
    case = lead.post("/cases", json=CASE)
    assert case.status_code == 201, case.text
    key = case.json()["id"]
    for browser in (lead, investigator):
        (seen,) = browser.get("/cases").json()["items"]
        answers = {
            name: browser.get(f"/cases/{key}/{name}").status_code for name in ("subjects", "grants")
        }
        assert {name for name, status in answers.items() if status == 200} == set(seen["opens"])
        assert set(answers.values()) <= {200, 403}
    assert case.json()["opens"] == ["grants"]
    assert seen["opens"] == ["subjects", "grants"]
