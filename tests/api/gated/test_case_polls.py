"""A page that waits for an approval asks again and again: what is shown is in the log; what is as
it was is shown to nobody and fills no log."""

from __future__ import annotations

import httpx

from .conftest import Watch
from .test_cases import asked, opened


def openings(watch: Watch, case: str) -> int:
    return sum(
        e.action == "case.read" and e.thing == f"case:{case}" and e.verdict.value == "allow"
        for e in watch.logged()
    )


def again(browser: httpx.Client, case: str, tag: str) -> httpx.Response:
    return browser.get(f"/cases/{case}/grants", headers={"if-none-match": tag})


def test_an_opening_is_logged_once_until_something_changes(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    watch.assess("anti_smuggling", "customs")
    case, person = opened(investigator)
    wanted = asked(investigator, case, person, data_class="sensitive", hours=1)
    assert wanted.status_code == 201, wanted.text
    before = openings(watch, case)
    first = investigator.get(f"/cases/{case}/grants")
    assert [g["state"] for g in first.json()["items"]] == ["asked"]
    for _ in range(3):
        same = again(investigator, case, first.headers["etag"])
        assert (same.status_code, same.content) == (304, b"")
    assert openings(watch, case) == before + 1
    assert lead.post(f"/grants/{wanted.json()['id']}/approve").status_code == 200
    changed = again(investigator, case, first.headers["etag"])
    assert [g["state"] for g in changed.json()["items"]] == ["active"]
    assert openings(watch, case) == before + 2


def test_a_tag_is_its_readers_and_opens_nothing(watch: Watch) -> None:
    investigator = watch.browser("investigator", "customs")
    lead = watch.browser("agency_lead", "customs")
    stranger = watch.browser("investigator", "police")
    case, person = opened(investigator)
    asked(investigator, case, person)
    tag = investigator.get(f"/cases/{case}/grants").headers["etag"]
    before = openings(watch, case)
    assert again(lead, case, tag).status_code == 200  # shown to another: in the log again
    assert openings(watch, case) == before + 1
    assert again(investigator, case, '"guess"').status_code == 200
    assert openings(watch, case) == before + 2
    refused = again(stranger, case, tag)
    assert (refused.status_code, "etag" in refused.headers) == (403, False)
