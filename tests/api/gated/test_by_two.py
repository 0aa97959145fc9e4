"""What one administrator alone cannot come to over HTTP: an account of his own making that opens
persons, or the other half of a rule of two."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import httpx
import pytest

from littoral.access.words import ROLES
from littoral.api.wire import iso
from littoral.cli import main
from littoral.store.people import tables
from littoral.store.people.accounts import Membership

from .conftest import OURS, Watch
from .test_people import HAIKOU, SANYA, WORD, administrator, invite
from .test_sheets import USERS, book, looked_at, send

PEOPLE = [role for role in ROLES if role != "system"]


def items(browser: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def roles(browser: httpx.Client, user: str) -> list[str]:
    return sorted(r["role"] for r in browser.get(f"/users/{user}").json()["roles"])


def agree(browser: httpx.Client, change: str, yes: bool = True) -> httpx.Response:
    return browser.post(f"/account-changes/{change}/decision", json={"agree": yes})


@pytest.mark.parametrize("role", PEOPLE)
def test_one_alone_makes_no_account_that_does_anything(watch: Watch, role: str) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    made = invite(root, "wang.wei", (role, HAIKOU))
    assert "/#accept=" not in str(made)  # who proposes has no link, and so is not that account
    user, (waits,) = made["user"]["id"], made["waiting"]
    assert (roles(root, user), waits["role"]["role"]) == ([], role)
    asked = root.post(f"/users/{user}/link", json={"reason": "mail lost"})
    assert (asked.status_code, asked.json()["kind"]) == (202, "link")
    for change in (waits["id"], asked.json()["id"]):
        assert agree(root, change).status_code == 403
    done = agree(second, waits["id"])
    assert (done.status_code, "/#accept=" in done.json()["link"]) == (200, True)
    assert roles(root, user) == [role]


@pytest.mark.parametrize("role", PEOPLE)
def test_one_alone_becomes_nobody_else(watch: Watch, role: str) -> None:
    """Neither by a link nor without second factors, nor by the end of a suspension."""
    root = administrator(watch)
    li = watch.enter(role, "police", HAIKOU, login="li")
    path = f"/users/{li.identity.id}"
    given = root.post(f"{path}/roles", json={"role": "analyst", "unit": SANYA, "why": "moves"})
    assert (given.status_code, given.json()["kind"]) == (202, "grant")
    for way in ("link", "second-factor-reset"):
        answer = root.post(f"{path}/{way}", json={"reason": "phone lost"})
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting"), way
        assert "link" not in answer.json()
    assert watch.gate.people.signin.identify(li.token) is not None
    assert root.put(f"{path}/suspension", json={"reason": "left"}).status_code == 200
    back = root.post(f"{path}/reinstatement", json={"reason": "came back"})
    assert (back.status_code, back.json()["kind"]) == (202, "reinstate")
    assert root.get(path).json()["status"] == "suspended"
    assert roles(root, li.identity.id) == [role]
    assert all(agree(root, c["id"]).status_code == 403 for c in root.get(path).json()["waiting"])


def test_an_account_without_any_role_is_nobodys_to_open_alone(watch: Watch) -> None:
    """Else one would open it first and have a role given to it then."""
    root, second = administrator(watch), administrator(watch, "second")
    made = invite(root, "wang.wei", ("watch_officer", HAIKOU))
    user, (waits,) = made["user"]["id"], made["waiting"]
    assert agree(second, waits["id"], yes=False).json()["link"] is None
    asked = root.post(f"/users/{user}/link", json={"reason": "mail lost"})
    assert asked.status_code == 202
    left = watch.enter("analyst", "police", HAIKOU, login="left").identity.id
    (held,) = watch.gate.people.directory.account(left).memberships
    assert root.delete(f"/users/{left}/roles/{held.id}").status_code == 200
    assert root.post(f"/users/{left}/link", json={"reason": "back"}).status_code == 202


def test_a_link_from_before_ends_when_the_first_role_is_agreed_to(watch: Watch) -> None:
    """Accounts that one person had invited before roles took two: that link was shown to him."""
    root, second = administrator(watch), administrator(watch, "second")
    made = invite(root, "wang.wei", ("analyst", HAIKOU))
    user, (waits,) = made["user"]["id"], made["waiting"]
    token = watch.gate.people.directory.link_again(user, "test")
    link = agree(second, waits["id"]).json()["link"]
    with httpx.Client(base_url=watch.url + "/api/v1", headers=OURS) as browser:
        body = {"token": token, "password": WORD}
        assert browser.post("/invitations/accept", json=body).status_code == 410
        body["token"] = link.partition("/#accept=")[2]
        assert browser.post("/invitations/accept", json=body).status_code == 200
    # A role that comes later makes no other link.
    more = root.post(
        f"/users/{user}/roles", json={"role": "grid_worker", "unit": HAIKOU, "why": "too"}
    )
    assert agree(second, more.json()["id"]).json()["link"] is None


def test_a_county_sees_and_settles_what_it_proposed_itself(watch: Watch) -> None:
    haikou = watch.browser("administrator", "health", unit=HAIKOU, login="hk.admin")
    other = watch.browser("administrator", "health", unit=HAIKOU, login="hk.second")
    place = {"unit": HAIKOU, "agency": f"health-{HAIKOU}"}
    body = {"login": "wang", "name": "Wang", "roles": [{"role": "grid_worker", **place}],
            "why": "joins"}  # fmt: skip
    made = haikou.post("/users", json=body)
    assert made.status_code == 201, made.text
    user = made.json()["user"]["id"]
    assert agree(other, made.json()["waiting"][0]["id"], yes=False).status_code == 200
    # Refused it is still there, and is asked for again.
    assert "wang" in [u["login"] for u in items(haikou, "/users")]
    assert haikou.put(f"/users/{user}/suspension", json={"reason": "mistake"}).status_code == 200
    again = haikou.post(
        f"/users/{user}/roles", json={"role": "county_clerk", **place, "why": "as it should be"}
    )
    assert again.status_code == 202, again.text
    sanya = watch.browser("administrator", "health", unit=SANYA, login="sy.admin")
    assert "wang" not in [u["login"] for u in items(sanya, "/users")]


def crowd(count: int, role: str = "grid_worker") -> bytes:
    rows = [(f"worker.{n:02}", f"Worker {n}", "zh", role, HAIKOU, "", "", "") for n in range(count)]
    return book(users=[USERS, *rows])


def propose(browser: httpx.Client, data: bytes) -> str:
    found = looked_at(browser, data)
    assert (found["faults"], found["batch"]) == ([], None)
    done = send(browser, data, found["sha256"])
    assert done.status_code == 200, done.text
    assert "/#accept=" not in done.text
    batch: str = done.json()["batch"]
    return batch


def test_an_import_is_agreed_to_as_a_whole(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    batch = propose(root, crowd(30))
    (shown,) = items(second, "/account-batches", state="waiting")
    assert (shown["id"], shown["waiting"], shown["proposed_by"]) == (batch, 30, "root")
    assert shown["roles"] == [{"role": "grid_worker", "count": 30}]
    assert shown["why"].startswith("import, SHA-256 ")
    assert (shown["mine"], items(root, "/account-batches")[0]["mine"]) == (False, True)
    # Its rows are not among the single ones; they are shown in pages.
    assert items(second, "/account-changes") == []
    page = second.get("/account-changes", params={"batch": batch, "limit": 20}).json()
    rest = second.get(
        "/account-changes", params={"batch": batch, "limit": 20, "cursor": page["next_cursor"]}
    ).json()
    rows = page["items"] + rest["items"]
    assert (len({c["login"] for c in rows}), rest["next_cursor"]) == (30, None)
    assert {(c["batch"], c["role"]["role"], c["role"]["unit"]) for c in rows} == {
        (batch, "grid_worker", HAIKOU)
    }
    path = f"/account-batches/{batch}/decision"
    assert root.post(path, json={"agree": True}).status_code == 403
    county = watch.browser("administrator", "health", unit=SANYA, login="county")
    assert items(county, "/account-batches") == []
    assert county.post(path, json={"agree": True}).status_code == 403
    # One row singly, two with the decision, the rest agreed to.
    by_login = {c["login"]: c for c in rows}
    assert agree(second, by_login["worker.00"]["id"], yes=False).status_code == 200
    out = [by_login["worker.01"]["id"], by_login["worker.02"]["id"]]
    foreign = second.post(path, json={"agree": True, "refuse": [by_login["worker.00"]["id"]]})
    assert foreign.status_code == 409
    done = second.post(path, json={"agree": True, "refuse": out, "note": "as on the list"})
    assert done.status_code == 200, done.text
    told = done.json()
    assert [told[s] for s in ("waiting", "made", "refused")] == [0, 27, 3]
    assert [a["login"] for a in told["links"]] == [f"worker.{n:02}" for n in range(3, 30)]
    assert all("/#accept=" in a["link"] for a in told["links"])
    assert roles(root, by_login["worker.01"]["account"]) == []
    assert roles(root, by_login["worker.29"]["account"]) == ["grid_worker"]
    assert second.post(path, json={"agree": True}).status_code == 409
    assert items(second, "/account-batches", state="waiting") == []
    actions = [e.action for e in watch.logged()]
    assert [actions.count(a) for a in ("account.agree", "account.refuse")] == [27, 3]
    # Who proposed them neither holds a link nor makes one.
    asked = root.post(f"/users/{by_login['worker.29']['account']}/link", json={"reason": "lost"})
    assert asked.status_code == 202


def test_an_import_is_refused_or_taken_back_as_a_whole(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    batch = propose(root, crowd(3))
    assert second.delete(f"/account-batches/{batch}").status_code == 409
    assert root.delete(f"/account-batches/{batch}").json()["taken_back"] == 3
    assert root.delete(f"/account-batches/{batch}").status_code == 409
    again = propose(root, crowd(3))  # they are there without roles, and are asked for again
    refused = second.post(f"/account-batches/{again}/decision", json={"agree": False})
    assert (refused.json()["refused"], refused.json()["links"]) == (3, [])
    for path in ("/account-batches/none", "/account-batches/none/decision"):
        method = "DELETE" if path.endswith("none") else "POST"
        body = {} if method == "DELETE" else {"json": {"agree": True}}
        assert root.request(method, path, **body).status_code == 404


def test_nobody_agrees_to_an_import_with_the_own_account_in_it(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    third = administrator(watch, "third")
    row = ("second", "second", "zh", "investigator", HAIKOU, "", "", "")
    batch = propose(root, book(users=[USERS, row]))
    path = f"/account-batches/{batch}/decision"
    assert second.post(path, json={"agree": True}).status_code == 403
    assert third.post(path, json={"agree": True}).status_code == 200


def test_proposals_end_with_the_role_of_who_made_them(watch: Watch) -> None:
    root, second = administrator(watch), administrator(watch, "second")
    third = administrator(watch, "third")
    (waits,) = invite(root, "wang.wei", ("watch_lead", HAIKOU))["waiting"]
    batch = propose(root, crowd(3))
    (me,) = [u for u in items(second, "/users", q="root") if u["login"] == "root"]
    role = me["roles"][0]["id"]
    assert second.delete(f"/users/{me['id']}/roles/{role}").status_code == 200
    assert agree(third, waits["id"]).status_code == 409
    assert roles(third, waits["account"]) == []
    decided = third.post(f"/account-batches/{batch}/decision", json={"agree": True})
    assert decided.status_code == 409
    assert items(third, "/account-batches")[0]["lapsed"] == 3
    assert [e.action for e in watch.logged()].count("account.lapse") == 4


def test_nobody_agrees_to_what_its_proposer_may_no_longer_propose(watch: Watch) -> None:
    """A role that ends by its day tells nobody; it is looked at when somebody agrees."""
    second = administrator(watch, "second")
    two = watch.browser_of(
        "two", ("administrator", "health", HAIKOU), ("administrator", "police", HAIKOU)
    )
    place = {"unit": HAIKOU, "agency": f"health-{HAIKOU}"}
    body = {"login": "wang", "name": "Wang", "why": "joined"}
    role = {"role": "county_clerk", **place}
    made = two.post("/users", json={**body, "roles": [role]})
    assert made.status_code == 201, made.text
    (waits,) = made.json()["waiting"]
    rows = [
        (f"w.{n}", "W", "zh", "grid_worker", HAIKOU, f"{a}-{HAIKOU}", "", "")
        for n, a in enumerate(("health", "health", "police"))
    ]
    batch = propose(two, book(users=[USERS, *rows]))
    account = watch.gate.people.directory.account_of("two")
    assert account is not None
    (health,) = [m for m in account.memberships if m.agency == f"health-{HAIKOU}"]
    base, memberships = watch.gate.people.base, tables.memberships
    with base.database.write() as connection:
        ends = memberships.update().where(memberships.c.id == health.id)
        connection.execute(ends.values(valid_to_us=base.now_us()))
    answer = agree(second, waits["id"])
    assert (answer.status_code, "may no longer" in answer.json()["detail"]) == (409, True)
    assert second.get("/account-changes").json()["items"][0]["state"] == "lapsed"
    assert roles(second, waits["account"]) == []
    path = f"/account-batches/{batch}/decision"
    assert second.post(path, json={"agree": True}).status_code == 409
    (shown,) = items(second, "/account-batches")
    assert (shown["lapsed"], shown["waiting"]) == (2, 1)  # the rest may be decided
    assert second.post(path, json={"agree": True}).json()["made"] == 1
    assert [e.action for e in watch.logged()].count("account.lapse") == 3


def test_the_operator_is_the_second_person(
    watch: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = administrator(watch)
    batch = propose(root, crowd(3))
    where = ["--records", watch.gate.people.base.database.url.render_as_string(False)]
    assert main(["users", "changes", *where]) == 0
    assert f"{batch}  import of 3: grid_worker 3" in capsys.readouterr().out
    assert main(["users", "changes", "--batch", batch, *where]) == 0
    lines = {line.split()[1]: line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert sorted(lines) == ["worker.00", "worker.01", "worker.02"]
    links = tmp_path / "links.csv"
    decide = ["users", "decide", batch, "--but", lines["worker.01"], *where]
    assert main(decide) == 2  # nobody would ever have the links
    assert main([*decide, "--links", str(links)]) == 0
    assert capsys.readouterr().out == "made: 2, refused: 1\n"
    rows = list(csv.reader(links.read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["login", "worker.00", "worker.02"]
    assert links.stat().st_mode & 0o077 == 0
    assert main(["users", "decide", lines["worker.01"], *where]) == 2


def test_a_key_that_sees_the_watch_or_persons_is_not_made_by_one(watch: Watch) -> None:
    root = administrator(watch)
    body = {
        "name": "portal", "unit": HAIKOU,
        "expires": iso(watch.gate.people.base.now_us() + 86_400_000_000),
    }  # fmt: skip
    for action in (
        "oversight.read", "retention.run", "alert.read", "picture.read", "case.read",
        "evidence.read", "history.read", "person.read", "incident.read",
    ):  # fmt: skip
        answer = root.post("/keys", json={**body, "actions": [action, "unit.read"]})
        assert answer.status_code == 403, answer.text
        assert "operator" in answer.json()["reason"]["en"]
    assert root.post("/keys", json={**body, "actions": ["unit.read"]}).status_code == 201


def test_what_an_import_extends_is_asked_for(watch: Watch) -> None:
    """A role that is held until a day and wanted beyond it is no role that is there already."""
    root = administrator(watch)
    directory = watch.gate.people.directory
    ends_us = directory.organisation().at_us + 86_400_000_000
    role = Membership("grid_worker", HAIKOU, valid_to_us=ends_us)
    directory.invite("worker.00", "Worker 0", [role], "test")
    data = crowd(1)
    assert propose(root, data) is not None
    done = send(root, data, looked_at(root, data)["sha256"])
    assert done.json()["batch"] is None  # it waits already
