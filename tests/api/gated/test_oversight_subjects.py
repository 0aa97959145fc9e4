"""What a person is told: all that was done with his data, by which agency and why, without the name
of an officer; later where a court or an inquiry delays it; and the same for a citizen portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from littoral.api.wire import iso

from .conftest import Watch
from .oversight import (
    DAY_US,
    PERSON,
    case_with_person,
    get,
    looked_at,
    matter,
    portal,
    published,
    set_clock,
)

NUMBER = PERSON["fields"]["id_number"]
NOTHING = {"items": [], "total": 0, "records": []}
DATA = Path(__file__).parent / "data" / "dumonitor-v3.schema.json"


def told(officer: httpx.Client, case: str, value: str = NUMBER) -> Any:
    answer = officer.post("/oversight/subjects", json={"case": case, "value": value})
    assert answer.status_code == 200, answer.text
    return answer.json()


def delay(watch: Watch, browser: httpx.Client, case: str, **more: Any) -> httpx.Response:
    until = iso(watch.gate.trust.now_us() + more.pop("days", 30) * DAY_US)
    wanted = {"case": case, "document": "(2026)琼01刑初12号", "until": until, **more}
    return browser.post("/oversight/delays", json=wanted)


def test_a_person_is_told_what_was_done_by_every_agency_and_why(watch: Watch) -> None:
    for agency in ("customs", "police"):
        browser = watch.browser("investigator", agency, login=f"secret-{agency}")
        looked_at(browser, *case_with_person(browser))
    someone_else = watch.browser("investigator", "customs")
    looked_at(someone_else, *case_with_person(someone_else, id_number="460100198512310019"))
    published(watch)
    officer = watch.browser("data_protection_officer", "local_government")
    found = told(officer, matter(officer))
    assert found["total"] == len(found["items"]) == 6
    acts = [(u["agency"], u["action"], u["manner"]) for u in found["items"]]
    of_each = [("intake.write", None), ("person.read", "masked"), ("person.read", "plain")]
    assert acts == [(a, *act) for a in ("customs", "police") for act in of_each]
    last = found["items"][-1]
    assert last["says"]["en"] == (
        "police, anti-smuggling: fields shown in plain; basis: statutory duty."
    )
    assert last["says"]["zh"] == "公安机关，反走私：明文显示，依据：履行法定职责。"
    assert (last["hidden_until"], last["hidden_reason"]) == (None, None)
    text = json.dumps(found)
    assert "secret" not in text
    assert "account:" not in text
    # Asking is no use of the data; asking again tells the same.
    published(watch)
    assert told(officer, matter(officer)) == found
    assert told(officer, matter(officer), "110101199003070000") == NOTHING


def test_the_log_says_who_asked_and_holds_no_number(watch: Watch) -> None:
    browser = watch.browser("investigator", "customs")
    _, person = case_with_person(browser)
    officer = watch.browser("data_protection_officer", "customs", login="dpo")
    case = matter(officer)
    told(officer, case)
    asked = [e for e in watch.logged() if e.action == "oversight.read"]
    assert [e.thing for e in asked] == [f"subject_copy:{case}", f"case:{case}", f"subject:{person}"]
    assert {(e.purpose, e.case) for e in asked} == {("oversight", f"case:{case}")}
    raw = b"".join(p.read_bytes() for p in watch.gate.trust.log.root.rglob("*") if p.is_file())
    assert NUMBER.encode() not in raw


def test_only_a_data_protection_officer_with_an_open_matter_may_ask(watch: Watch) -> None:
    officer = watch.browser("data_protection_officer", "customs")
    investigator = watch.browser("investigator", "customs")
    mine, theirs = matter(officer), case_with_person(investigator)[0]
    ask = {"case": mine, "value": NUMBER}

    def status(browser: httpx.Client, **more: Any) -> int:
        return browser.post("/oversight/subjects", json={**ask, **more}).status_code

    assert status(officer) == 200
    assert status(officer, case=theirs) == 403  # opened against smuggling
    assert status(officer, case="none") == 404
    assert status(investigator) == 403
    assert status(watch.browser("auditor", "oversight")) == 403
    assert status(watch.browser("agency_lead", "customs")) == 403
    low = watch.browser("data_protection_officer", "customs", assurance="password", login="low")
    assert status(low) == 403
    away = watch.browser("data_protection_officer", "customs", unit="460200")
    assert status(away) == 403  # the matter is another unit's
    assert status(officer, field="phone") == 422
    assert status(officer, value="1") == 422
    assert officer.post(f"/cases/{mine}/close").status_code == 200
    assert status(officer) == 403


def test_a_delay_hides_until_it_is_over_and_then_says_why(watch: Watch) -> None:
    watch.sign_policies()
    investigator = watch.browser("investigator", "customs", login="inv")
    case, person = case_with_person(investigator)
    other = watch.browser("investigator", "police")
    case_with_person(other)
    made = delay(watch, investigator, case)
    assert made.status_code == 201, made.text
    assert (made.json()["in_force"], made.json()["set_by"]["name"]) == (True, "inv")
    published(watch)
    officer = watch.browser("data_protection_officer", "customs")
    matter_id = matter(officer)
    assert {u["agency"] for u in told(officer, matter_id)["items"]} == {"police"}
    looked_at(investigator, case, person)  # while it is in force: hidden as well
    published(watch)
    assert {u["agency"] for u in told(officer, matter_id)["items"]} == {"police"}
    (shown,) = get(watch.browser("auditor", "oversight"), "/oversight/delays")["items"]
    assert (shown["case"], shown["document"], shown["legal_basis"]) == (
        case, "(2026)琼01刑初12号", "court_order",
    )  # fmt: skip
    assert get(watch.browser("auditor", "oversight"), "/oversight")["delays"] == 1
    set_clock(watch, 31 * DAY_US)
    after = [u for u in told(officer, matter_id)["items"] if u["agency"] == "customs"]
    assert [u["action"] for u in after] == ["intake.write", "person.read", "person.read"]
    assert {u["hidden_until"] for u in after} == {made.json()["until"]}
    assert after[0]["hidden_reason"]["en"] == "court order, document (2026)琼01刑初12号"
    assert get(watch.browser("auditor", "oversight"), "/oversight/delays")["items"] == []
    over = get(watch.browser("auditor", "oversight"), "/oversight/delays", over="true")
    assert [d["in_force"] for d in over["items"]] == [False]


def test_a_delay_is_set_and_ended_by_the_right_ones_and_not_for_long(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    case, person = case_with_person(investigator)
    assert delay(watch, investigator, case, legal_basis="statutory_duty").status_code == 403
    assert delay(watch, investigator, case, days=91).json()["code"] == "until"
    assert delay(watch, investigator, case, days=0).status_code == 403
    assert delay(watch, investigator, case, subject="nobody").json()["code"] == "other_case"
    assert delay(watch, investigator, "none").status_code == 404
    for role in ("data_protection_officer", "auditor", "watch_lead"):
        assert delay(watch, watch.browser(role, "customs"), case).status_code == 403, role
    made = delay(watch, lead, case, legal_basis="statutory_duty", subject=person)
    assert made.status_code == 201, made.text
    assert (made.json()["waits"], made.json()["in_force"]) == (True, False)
    beside = watch.browser("agency_lead", "customs", login="beside")
    same = {"legal_basis": "statutory_duty", "subject": person}
    assert delay(watch, beside, case, **same).json()["code"] == "same_desk"
    assert delay(watch, lead, case, document="(2026) 8", **same).json()["code"] == "waits"
    path = f"/oversight/delays/{made.json()['id']}"
    order = {"legal_basis": "statutory_duty", "document": "(2026) 9"}
    officer = watch.browser("data_protection_officer", "customs")
    assert officer.delete(path, params=order).status_code == 403
    ended = lead.delete(path, params=order)
    assert (ended.status_code, ended.json()["in_force"]) == (200, False)
    assert lead.delete("/oversight/delays/none", params=order).status_code == 404
    published(watch)
    officer = watch.browser("data_protection_officer", "customs")
    assert told(officer, matter(officer))["total"] == 2  # ended: told at once
    things = [e.thing for e in watch.logged() if e.action == "hold.write"]
    assert things.count(f"delay:{made.json()['id']}") == 2  # set and ended
    assert investigator.post(f"/cases/{case}/close").status_code == 200
    assert delay(watch, lead, case, legal_basis="statutory_duty").status_code == 403


CITIZEN = {"X-Road-UserId": "CN" + NUMBER}


def asked(client: httpx.Client, **params: Any) -> httpx.Response:
    query = {"userCode": "CN" + NUMBER, **params}
    return client.get("/v3/findUsage", params=query, headers=CITIZEN)


def fits(name: str, answer: httpx.Response) -> Any:
    """The answer, which the document's schema of that name allows."""
    schemas = json.loads(DATA.read_text())
    schema = {**schemas[name], "components": {"schemas": schemas}}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [e.message for e in validator.iter_errors(answer.json())] == []
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_a_portal_asks_by_the_usage_service_of_the_data_tracker(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs", login="secret")
    looked_at(investigator, *case_with_person(investigator))
    published(watch)
    with portal(watch) as client:
        beat = fits("HeartbeatResponse", client.get("/v3/heartbeat"))
        assert beat["status"] == "OK"
        answer = asked(client)
        assert answer.status_code == 200, answer.text
        found = fits("FindUsageResponse", answer)
        assert (found["totalUsages"], found["returnedUsages"]) == (3, 3)
        last = found["internalProcessings"][-1]
        assert last["purpose"] == "反走私：明文显示 / anti-smuggling: fields shown in plain"
        assert last["legalBasis"] == "履行法定职责 / statutory duty"
        assert last["source"] == last["initiatorOrg"]
        assert last["initiatorOrg"]["type"] == "NEE"
        assert "海关" in last["initiatorOrg"]["name"]
        assert "hiddenUntil" not in last
        times = [u["logTime"] for u in found["internalProcessings"]]
        assert times == sorted(times)
        assert "secret" not in answer.text
        page = fits("FindUsageResponse", asked(client, limit=1, offset=1))
        assert (page["totalUsages"], page["returnedUsages"]) == (3, 1)
        assert page["internalProcessings"] == found["internalProcessings"][1:2]
        none = fits("FindUsageResponse", asked(client, processingType="DATA_REQUEST"))
        assert (none["totalUsages"], none["internalProcessings"]) == (0, [])
        ours = {"processingType": ["DATA_REQUEST", "INTERNAL_PROCESSING"]}
        assert asked(client, **ours).json()["totalUsages"] == 3
        assert asked(client, logSourceSystems="Other").json()["totalUsages"] == 0
        assert asked(client, logSourceSystems=["Other", "Littoral"]).json()["totalUsages"] == 3
        assert asked(client, periodStart=times[-1]).json()["totalUsages"] >= 1
        assert asked(client, periodEnd="2001-01-01T00:00:00Z").json()["totalUsages"] == 0
        assert asked(client, userCode="EE38001085718").json()["totalUsages"] == 0
    reads = [e for e in watch.logged() if e.action == "oversight.read"]
    assert {e.actor.partition(":")[0] for e in reads} == {"key"}


def test_what_is_hidden_is_left_out_for_the_portal_too(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    case, _ = case_with_person(investigator)
    until = delay(watch, investigator, case, days=0.5).json()["until"]
    published(watch)
    with portal(watch) as client:
        assert fits("FindUsageResponse", asked(client))["totalUsages"] == 0
        set_clock(watch, DAY_US * 3 // 4)
        after = fits("FindUsageResponse", asked(client))
        assert after["totalUsages"] == 2
        usage = after["internalProcessings"][0]
        assert usage["hiddenUntil"] == until
        assert "(2026)琼01刑初12号" in usage["hiddenReason"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"userCode": ""}, "userCode"),
        ({"userCode": "460100199001011234"}, "userCode"),
        ({"userCode": "EE3800108571"}, "userCode"),
        ({"processingType": "EVERYTHING"}, "processingType"),
        ({"includeBulkProcessing": "perhaps"}, "includeBulkProcessing"),
        ({"limit": "0"}, "limit"),
        ({"limit": "10001"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"periodStart": "yesterday"}, "periodStart"),
    ],
)
def test_a_wrong_request_is_answered_as_the_document_says(
    watch: Watch, params: dict[str, str], code: str
) -> None:
    with portal(watch) as client:
        answer = asked(client, **params)
        assert answer.status_code == 400
        assert fits("Error", answer)["code"] == code
        without = client.get("/v3/findUsage", params={"userCode": "EE38001085718"})
        assert (without.status_code, without.json()["code"]) == (400, "X-Road-UserId")


def test_only_a_key_made_for_it_asks(watch: Watch) -> None:
    with portal(watch, ("log.verify",)) as other:
        assert asked(other).status_code == 403
        assert other.get("/v3/heartbeat").status_code == 403
    with portal(watch) as client:
        for path in ("", "/accesses", "/patterns", "/delays", "/log/0", "/report/2026"):
            url = str(client.base_url).replace("/dumonitor/", "") + path
            assert client.get(url).status_code == 403, path
    officer = watch.browser("data_protection_officer", "customs")
    refused = officer.get(
        "/oversight/dumonitor/v3/findUsage", params={"userCode": "CN" + NUMBER}, headers=CITIZEN
    )
    assert refused.status_code == 403  # without a matter


def test_who_set_a_delay_sees_it_and_may_end_it(watch: Watch) -> None:
    watch.sign_policies()
    lead = watch.browser("agency_lead", "customs")
    case, _ = case_with_person(watch.browser("investigator", "customs"))
    until = iso(watch.gate.trust.now_us() + 86_400_000_000)
    order = {"case": case, "legal_basis": "statutory_duty", "document": "4", "until": until}
    made = lead.post("/oversight/delays", json=order).json()
    assert [d["id"] for d in lead.get("/oversight/delays").json()["items"]] == [made["id"]]
    ending = {"legal_basis": "statutory_duty", "document": "5"}
    ended = lead.delete(f"/oversight/delays/{made['id']}", params=ending)
    assert (ended.status_code, ended.json()["ended_document"]) == (200, "5")
    assert lead.get("/oversight/delays").json()["items"] == []
