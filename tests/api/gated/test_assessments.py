"""Impact assessments over the real server: one writes, another agrees, and until then nothing
sensitive is given; who oversees sees them, and what lacks one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from littoral.store.people import accounts
from tests.store.forms.workbooks import form

from .conftest import Watch
from .test_cases import EPIDEMIC, PERSON, RESCUE, asked, opened

DPO, LEAD = "data_protection_officer", "agency_lead"


def saying(**more: Any) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(days=365)
    return {
        "purpose": "anti_smuggling", "what": ["id_number", "passport"],
        "necessity": "依法查缉走私所必需，别无其他侵害更小的办法可以核实身份。",
        "impact": "当事人身份被核对；泄露可能导致身份被冒用。",
        "measures": "加密存储，逐案授权，须第二人同意，所有查看均留痕。",
        "ends": ends.isoformat(timespec="seconds").replace("+00:00", "Z"), **more,
    }  # fmt: skip


def written(browser: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = browser.post("/assessments", json=saying(**more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def decided(browser: httpx.Client, key: str, agree: bool = True) -> httpx.Response:
    return browser.post(f"/assessments/{key}/decision", json={"agree": agree, "note": "seen"})


def test_sensitive_access_waits_for_an_assessment_and_is_told_which(watch: Watch) -> None:
    watch.sign_policies()
    investigator = watch.browser("investigator", "customs", unit="460100")
    officer, lead = watch.browser(DPO, "customs"), watch.browser(LEAD, "customs")
    case, person = opened(investigator)
    refused = asked(investigator, case, person, data_class="sensitive")
    said = refused.json()
    assert (refused.status_code, said["code"]) == (409, "no_assessment"), said
    assert (said["purpose"], said["unit"], said["agency"]) == (
        "anti_smuggling", "460100", "customs",
    )  # fmt: skip
    for word in ("anti-smuggling", "Haikou", "customs", "data protection officer"):
        assert word in said["detail"], said
    for word in ("反走私", "海口", "海关", "影响评估"):
        assert word in said["reason"]["zh"], said
    (need,) = officer.get("/assessments").json()["lacking"]
    assert (need["purpose"], need["unit"], need["cases"]) == ("anti_smuggling", "460100", 1)

    made = written(officer)  # of the province: it covers the county within
    assert (made["state"], made["unit"], made["agency"], made["version"], made["mine"]) == (
        "waiting", "460000", "customs", 1, True,
    )  # fmt: skip
    assert asked(investigator, case, person, data_class="sensitive").status_code == 409
    assert decided(officer, made["id"]).status_code == 403  # the own one
    assert decided(investigator, made["id"]).status_code == 403
    (row,) = lead.get("/assessments").json()["items"]
    assert (row["id"], row["may_decide"], row["mine"]) == (made["id"], True, False)
    agreed = decided(lead, made["id"])
    assert (agreed.status_code, agreed.json()["state"]) == (200, "in_force"), agreed.text
    assert agreed.json()["measures"] == made["measures"]
    assert decided(lead, made["id"], agree=False).status_code == 409
    assert officer.get("/assessments").json()["lacking"] == []
    granted = asked(investigator, case, person, data_class="sensitive")
    assert (granted.status_code, granted.json()["state"]) == (201, "asked"), granted.text

    entries = watch.logged()
    thing = f"assessment:{made['id']}"
    steps = [(e.action, str(e.verdict)) for e in entries if e.thing == thing]
    done = [s for s in steps if s[0].startswith("assessment.")]
    assert done.count(("assessment.write", "allow")) == 1
    assert done.count(("assessment.agree", "allow")) == 1
    assert done.count(("assessment.agree", "deny")) == 2
    held_back = [e for e in entries if e.action == "grant.request" and str(e.verdict) == "deny"]
    assert len(held_back) == 2
    data = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    assert made["necessity"].encode() not in data


def test_an_approval_waits_too_and_a_grant_of_before_goes_on(watch: Watch) -> None:
    watch.sign_policies()
    key = watch.assess("anti_smuggling", "customs")
    investigator, lead = watch.browser("investigator", "customs"), watch.browser(LEAD, "customs")
    case, person = opened(investigator)
    first, second = (
        asked(investigator, case, person, data_class="sensitive", hours=8).json()["id"]
        for _ in range(2)
    )
    assert lead.post(f"/grants/{first}/approve").status_code == 200
    ends = datetime.fromisoformat(lead.get(f"/assessments/{key}").json()["ends"])
    at = watch.gate.trust.now_us()
    with watch.gate.people.base.database.write() as connection:
        # As a folder from before has it: access that was given, and no assessment.
        connection.exec_driver_sql("delete from vault_assessments")
    assert ends.timestamp() * 1e6 > at
    approve = lead.post(f"/grants/{second}/approve")
    assert (approve.status_code, approve.json()["code"]) == (409, "no_assessment")
    shown = investigator.post(f"/grants/{first}/reveal", json={"subjects": [person]})
    assert shown.json()["items"][0]["fields"]["id_number"] == PERSON["fields"]["id_number"]


def test_broken_glass_does_not_wait_and_its_review_says_that_there_was_none(watch: Watch) -> None:
    watch.sign_policies()
    lead, other = watch.browser("watch_lead", "police"), watch.browser(LEAD, "police")
    case = lead.post("/cases", json=RESCUE).json()["id"]
    person = lead.post(f"/cases/{case}/subjects", json=PERSON).json()["id"]
    body = {
        "reason": "man overboard, who is he", "subjects": [person],
        "purpose": "search_and_rescue", "data_class": "sensitive",
    }  # fmt: skip
    for assessed in (False, True):
        if assessed:
            watch.assess("search_and_rescue", "police")
        assert lead.post("/break-glass", json=body).status_code == 201
    found = other.get("/oversight/break-glass").json()["items"]
    assert [r["assessed"] for r in found] == [False, True]
    assert other.get(f"/oversight/break-glass/{found[0]['id']}").json()["assessed"] is False


def test_a_new_version_a_refusal_and_one_taken_back(watch: Watch) -> None:
    watch.sign_policies()
    officer, second = (watch.browser(DPO, "customs", login=n) for n in ("liu", "zhou"))
    first = written(officer)
    assert decided(second, first["id"]).json()["state"] == "in_force"
    next_one = written(second, replaces=first["id"])
    assert next_one["version"] == 2
    again = second.post("/assessments", json=saying(replaces=first["id"]))
    assert (again.status_code, again.json()["status"]) == (409, 409), again.text
    assert decided(officer, next_one["id"], agree=False).json()["state"] == "refused"
    mine = written(officer, replaces=first["id"])
    assert decided(officer, mine["id"], agree=False).json()["state"] == "taken_back"
    third = written(officer, replaces=first["id"])
    assert decided(second, third["id"]).json()["state"] == "in_force"
    states = {r["id"]: r["state"] for r in officer.get("/assessments").json()["items"]}
    assert states == {
        first["id"]: "ended", next_one["id"]: "refused", mine["id"]: "taken_back",
        third["id"]: "in_force",
    }  # fmt: skip
    assert officer.get(f"/assessments/{first['id']}").json()["necessity"] == first["necessity"]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("necessity", {"necessity": "短"}),
        ("measures", {"measures": "加密存储，逐案授权，须第二人同意，所有查看均留痕。\0"}),
        ("impact", {"impact": "电话 13812345678 的当事人可能被骚扰，身份可能被冒用。"}),
        ("ends", {"ends": "2020-01-01T00:00:00Z"}),
        ("ends", {"ends": "2040-01-01T00:00:00Z"}),
        ("what", {"what": []}),
        ("purpose", {"purpose": "curiosity"}),
    ],
)
def test_one_that_says_too_little_or_lasts_too_long_is_refused_by_field(
    watch: Watch, field: str, more: dict[str, Any]
) -> None:
    answer = watch.browser(DPO, "customs").post("/assessments", json=saying(**more))
    assert answer.status_code == 422, answer.text
    assert field in answer.text


def test_others_write_none_and_see_none_of_another_agency(watch: Watch) -> None:
    watch.sign_policies()
    key = watch.assess("anti_smuggling", "customs", unit="460100")
    for role, agency in ((LEAD, "customs"), ("auditor", "oversight"), ("investigator", "customs")):
        other = watch.browser(role, agency)
        assert other.post("/assessments", json=saying()).status_code == 403, role
    haikou = watch.browser(DPO, "customs", unit="460100")
    assert haikou.post("/assessments", json=saying(unit="460000")).status_code == 403
    assert haikou.post("/assessments", json=saying(agency="police")).status_code == 403
    assert written(haikou)["unit"] == "460100"
    police = watch.browser(DPO, "police")
    assert police.get("/assessments").json()["items"] == []
    assert police.get(f"/assessments/{key}").status_code == 403
    assert watch.browser("investigator", "customs").get("/assessments").status_code == 403
    auditor = watch.browser("auditor", "oversight")
    assert len(auditor.get("/assessments").json()["items"]) == 2
    assert auditor.get(f"/assessments/{key}").json()["state"] == "in_force"
    for missing in ("0199f6e0-0000-7000-8000-000000000001", "no-such"):
        assert auditor.get(f"/assessments/{missing}").status_code == 404
        assert decided(haikou, missing).status_code == 404


def test_one_of_somebody_who_may_write_no_more_lapses(watch: Watch) -> None:
    watch.sign_policies()
    officer, lead = watch.browser(DPO, "customs", login="liu"), watch.browser(LEAD, "customs")
    made = written(officer)
    base = watch.gate.people.base
    with base.database.write() as connection:
        account = accounts.by_login(connection, "liu")
        assert account is not None
        accounts.set_status(connection, account.id, accounts.SUSPENDED, "left", base.now_us())
    refused = decided(lead, made["id"])
    assert refused.status_code == 409, refused.text
    assert lead.get(f"/assessments/{made['id']}").json()["state"] == "lapsed"


def test_a_form_that_asks_for_what_is_sensitive_is_published_only_under_one(watch: Watch) -> None:
    watch.sign_policies()
    maker = watch.browser("county_clerk", "local_government", unit="460100")
    purpose = "neighbourhood_governance"
    asks = {
        "plain": ("text", "home", "住址", "Address"),
        "health": ("text", "fever", "有无发热症状", "Any fever"),
    }
    codes = []
    for name, question in asks.items():
        draft = maker.post(
            "/forms/upload", content=form(question, form_id=name),
            params={"name": f"{name}.xlsx", "purpose": purpose, "keep": "true"},
            headers={"content-type": "application/octet-stream"},
        )  # fmt: skip
        assert draft.status_code == 200, draft.text
        codes.append(draft.json()["form"]["id"])
    plain, health = codes
    assert maker.post(f"/forms/{plain}/publish", json={}).status_code == 200
    refused = maker.post(f"/forms/{health}/publish", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_assessment"), refused.text
    watch.assess(purpose, "local_government")
    assert maker.post(f"/forms/{health}/publish", json={}).status_code == 200
    with watch.gate.people.base.database.write() as connection:
        connection.exec_driver_sql("delete from vault_assessments")
    lead = watch.browser(LEAD, "local_government")
    (need,) = lead.get("/assessments").json()["lacking"]  # it stays in force
    assert (need["purpose"], need["unit"], need["cases"], need["forms"]) == (
        purpose, "460100", 0, 1,
    )  # fmt: skip


def test_the_report_of_the_year_counts_them(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    watch.assess("epidemic_control", "health")
    year = datetime.now(UTC).year
    for role, agency, expected in ((DPO, "customs", 1), ("auditor", "oversight", 2)):
        browser = watch.browser(role, agency)
        found = browser.get(f"/oversight/report/{year}")
        assert found.status_code == 200, found.text
        assert found.json()["totals"]["impact_assessments_in_force"] == expected, role


def test_the_demand_of_an_epidemic_case_is_named_for_its_agency_alone(watch: Watch) -> None:
    watch.sign_policies()
    health = watch.browser("health_officer", "health")
    case = health.post("/cases", json=EPIDEMIC).json()["id"]
    fields = {"name": "符某", "health": "发热"}
    health.post(f"/cases/{case}/subjects", json={"fields": fields})
    lacking = {
        role: watch.browser(role, agency).get("/assessments").json()["lacking"]
        for role, agency in ((LEAD, "health"), (DPO, "customs"))
    }
    assert [n["purpose"] for n in lacking[LEAD]] == ["epidemic_control"]
    assert lacking[DPO] == []
