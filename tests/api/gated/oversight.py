"""Steps that the tests of oversight share: a case, a person who is looked at, a portal's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from .conftest import Watch

PERSON = {"fields": {"name": "林海生", "phone": "13876543210", "id_number": "460100199001011234"}}
CASE = {"title": "夜间上岸", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}
REQUEST = {"title": "本人查询 12 号", "purpose": "oversight", "legal_basis": "statutory_duty"}
DAY_US = 86_400_000_000
YEAR_US = 365 * DAY_US


def case_with_person(browser: httpx.Client, **fields: str) -> tuple[str, str]:
    """Ids of a new case and of the person collected under it."""
    case = browser.post("/cases", json=CASE)
    assert case.status_code == 201, case.text
    key = case.json()["id"]
    body = {"fields": {**PERSON["fields"], **fields}}
    person = browser.post(f"/cases/{key}/subjects", json=body)
    assert person.status_code == 201, person.text
    return key, person.json()["id"]


def looked_at(browser: httpx.Client, case: str, subject: str) -> str:
    """Plain fields under a grant; the grant's id."""
    wanted = {"reason": "compare with the passenger list", "subjects": [subject]}
    grant = browser.post(f"/cases/{case}/grants", json=wanted)
    assert grant.status_code == 201, grant.text
    key = grant.json()["id"]
    shown = browser.post(f"/grants/{key}/reveal", json={"subjects": [subject]})
    assert shown.status_code == 200, shown.text
    return str(key)


def matter(officer: httpx.Client) -> str:
    """A data protection officer's open case about a person who asks."""
    made = officer.post("/cases", json=REQUEST)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def get(browser: httpx.Client, path: str, **params: Any) -> Any:
    answer = browser.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def published(watch: Watch) -> None:
    """Oversight reads what is published, which follows within a second."""
    watch.gate.trust.log.publish()


def set_clock(watch: Watch, ahead_us: int) -> None:
    at = watch.gate.trust.now_us() + ahead_us
    watch.gate.trust.now_us = lambda: at


@contextmanager
def portal(watch: Watch, actions: tuple[str, ...] = ("oversight.read",)) -> Iterator[httpx.Client]:
    """A citizen portal with a key of the province."""
    directory = watch.gate.people.directory
    until_us = watch.gate.people.base.now_us() + DAY_US
    written, _ = directory.create_key("portal", list(actions), "460000", None, until_us, "test")
    with httpx.Client(
        base_url=watch.url + "/api/v1/oversight/dumonitor",
        headers={"authorization": f"Bearer {written}"},
        timeout=20,
    ) as client:
        yield client
