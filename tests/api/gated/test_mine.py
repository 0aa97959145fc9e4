"""Which pages open to whom: written from what each role is for, not from the policies."""

from __future__ import annotations

import httpx

from littoral.access.words import ROLES

from .conftest import Watch

PAST = ["past", "ask", "figures"]
PAGES = {
    ("watch_officer", "coast_guard", "460000"): [
        "map",
        "incidents",
        "tasks",
        "cases",
        "duty",
        "changes",
    ],
    ("watch_lead", "police", "460000"): [
        "map",
        "incidents",
        "tasks",
        "cases",
        "duty",
        "forms",
        "people",
        "changes",
    ],
    ("investigator", "customs", "460000"): ["map", "incidents", "tasks", "cases", "changes"],
    ("agency_lead", "customs", "460000"): [
        "map",
        "incidents",
        "tasks",
        "cases",
        "duty",
        "forms",
        "people",
        "changes",
        "oversight",
    ],
    ("auditor", "oversight", "460000"): ["cases", "duty", "people", "changes", "oversight"],
    ("administrator", "platform", "460000"): ["people", "changes"],
    ("policy_signer", "platform", "460000"): ["changes"],
}


def asked(browser: httpx.Client) -> dict:
    answer = browser.get("/me/pages")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_role_is_offered_its_own_pages(watch: Watch) -> None:
    found = {
        who: asked(watch.browser(who[0], who[1], unit=who[2]))["pages"]
        for who in PAGES
    }  # fmt: skip
    # Bulletins are for everybody who holds a role; the past is for whoever sees the picture.
    assert found == {
        who: [*pages, "bulletins", *(PAST if "map" in pages else [])]
        for who, pages in PAGES.items()
    }


def test_what_may_be_done_is_told_with_its_purposes(watch: Watch) -> None:
    clerk = asked(watch.browser("county_clerk", "local_government", unit="460100"))
    assert clerk["may"]["case.open"] == ["epidemic_control", "neighbourhood_governance"]
    assert "fence.write" not in clerk["may"]
    lead = asked(watch.browser("watch_lead"))
    assert lead["may"]["case.open"] == ["search_and_rescue", "emergency"]
    assert lead["may"]["fence.write"]
    admin = asked(watch.browser("administrator", "platform"))
    assert set(admin["may"]) >= {"user.write", "key.write"}
    assert not {"case.open", "breakglass.use"} & set(admin["may"])


def test_who_has_roles_in_several_places_is_told_where(watch: Watch) -> None:
    two = watch.browser_of(
        "two", ("analyst", "customs", "460100"), ("watch_officer", "coast_guard", "460200")
    )
    assert [(p["unit"], p["unit_name"]["zh"], p["agency"]) for p in asked(two)["places"]] == [
        ("460100", "海口市", "customs"), ("460200", "三亚市", "coast_guard"),
    ]  # fmt: skip


def test_every_page_knows_that_one_person_alone_signed_the_policies(watch: Watch) -> None:
    admin = watch.browser("administrator", "platform")
    assert asked(admin)["policies"]["state"] == "first_start"
    watch.sign_policies()
    assert asked(admin)["policies"]["state"] == "signed"


def test_asking_for_the_pages_writes_nothing_into_the_log(watch: Watch) -> None:
    browser = watch.browser("grid_worker", "local_government", unit="460100")
    before = len(watch.logged())
    asked(browser)
    assert len(watch.logged()) == before


def test_without_sign_in_the_map_alone(http: httpx.Client) -> None:
    assert http.get("/api/v1/me/pages").json() == {
        "pages": ["map", *PAST],
        "may": {},
        "places": [],
        "changes": True,
        "reviews": True,
        "policies": None,
        "time_zone": "Asia/Shanghai",
    }


def test_reviews_are_offered_to_whom_they_are_listed(watch: Watch) -> None:
    seen = set()
    for role in ("watch_lead", "county_clerk", "grid_worker", "auditor", "administrator"):
        browser = watch.browser(role, "local_government", unit="460100")
        offered = asked(browser)["reviews"]
        assert offered == (browser.get("/reviews").status_code == 200), role
        seen.add(offered)
    assert seen == {True, False}


def test_changes_are_offered_to_whom_they_are_listed(watch: Watch) -> None:
    offered = {}
    for role in (r for r in ROLES if r != "system"):
        browser = watch.browser(role, "local_government", unit="460100", login=role)
        found = asked(browser)
        offered[role] = found["changes"]
        assert offered[role] == (browser.get("/changes").status_code == 200), role
        assert not offered[role] or "changes" in found["pages"], role
    assert (offered["watch_lead"], offered["grid_worker"]) == (True, False)


def test_whoever_opens_no_map_is_told_the_zone_of_the_coast_too(watch: Watch) -> None:
    admin = asked(watch.browser("administrator", "platform"))
    assert "map" not in admin["pages"]
    assert admin["time_zone"] == "Asia/Shanghai"
