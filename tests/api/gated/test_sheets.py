"""Units and users as Excel sheets over HTTP: looked at, taken, given back."""

from __future__ import annotations

import io
from typing import Any

import httpx
from openpyxl import Workbook, load_workbook

from littoral.store.people import accounts

from .conftest import Watch

RAW = {"content-type": "application/octet-stream"}
UNITS = ("code", "tier", "parent", "name_zh", "name_en", "valid_from", "valid_to", "synthetic")
USERS = ("login", "name", "language", "role", "unit", "agency", "valid_from", "valid_to")
TOWN = ("460100S901", "township", "460100", "示例镇", "Example", "2026-01-01", "", "yes")


def book(**sheets: list[tuple[str, ...]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def send(browser: httpx.Client, data: bytes, apply: str | None = None) -> httpx.Response:
    query = {} if apply is None else {"apply": apply}
    return browser.post("/organisation/import", content=data, headers=RAW, params=query)


def looked_at(browser: httpx.Client, data: bytes) -> Any:
    answer = send(browser, data)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_file_is_looked_at_and_the_same_file_is_taken(watch: Watch) -> None:
    root = watch.browser("administrator", "platform", login="root")
    data = book(
        units=[UNITS, TOWN],
        用户=[
            USERS,
            ("wang", "王伟", "zh", "grid_worker", "460100S901", "", "", ""),
            ("wang", "王伟", "zh", "investigator", "460100", "", "", ""),
            ("root", "root", "", "analyst", "460100", "", "", ""),
        ],
    )
    mine = looked_at(root, data)
    assert [(f["sheet"], f["row"], f["column"]) for f in mine["faults"]] == [("users", 4, "unit")]
    data = book(
        units=[UNITS, TOWN],
        users=[
            USERS,
            ("wang", "王伟", "zh", "grid_worker", "460100S901", "", "", ""),
            ("wang", "王伟", "zh", "investigator", "460100", "", "", ""),
        ],
    )
    found = looked_at(root, data)
    counts = ("applied", "rows", "units", "users_new", "users_known", "fault_count")
    assert [found[c] for c in counts] == [False, 3, 1, 1, 0, 0]
    assert root.get("/units/460100S901").status_code == 404
    assert send(root, data + b" ", found["sha256"]).status_code == 409
    done = send(root, data, found["sha256"]).json()
    assert done["batch"] is not None
    assert root.get("/units/460100S901").json()["path"] == ["460100", "460000"]
    (user,) = root.get("/users", params={"q": "wang"}).json()["items"]
    assert user["roles"] == []
    waits = root.get("/account-changes", params={"batch": done["batch"]}).json()["items"]
    assert sorted((w["login"], w["role"]["role"]) for w in waits) == [
        ("wang", "grid_worker"), ("wang", "investigator"),
    ]  # fmt: skip
    # The same file once more changes nothing.
    again = send(root, data, found["sha256"]).json()
    assert (again["batch"], again["users_known"]) == (None, 1)
    assert len(root.get("/account-batches").json()["items"]) == 1
    actions = [e.action for e in watch.logged()]
    for action in ("unit.write", "account.invite", "account.propose_grant"):
        assert action in actions


def test_faults_are_named_by_sheet_row_and_column(watch: Watch) -> None:
    root = watch.browser("administrator", "platform", login="root")
    data = book(
        units=[UNITS, (*TOWN[:1], "parish", *TOWN[2:]), ("460100S902", *TOWN[1:5], "0001-01-01")],
        users=[
            USERS,
            ("wang", "王伟", "fr", "grid_worker", "999999", "", "", ""),
            ("li", "=1+1", "zh", "emperor", "460100", "", "", ""),
        ],
        colours=[("red",)],
    )
    found = looked_at(root, data)
    assert [(f["sheet"], f["row"], f["column"]) for f in found["faults"]] == [
        ("colours", 0, ""), ("units", 2, "tier"), ("units", 3, "valid_from"),
        ("users", 2, "language"), ("users", 2, "unit"), ("users", 3, "name"), ("users", 3, "name"),
        ("users", 3, "role"),
    ]  # fmt: skip
    refused = send(root, data, found["sha256"])
    assert (refused.status_code, len(refused.json()["faults"])) == (422, 8)
    for wrong in (b"", b"no book", b"PK\x03\x04"):
        assert send(root, wrong).status_code == 422
    assert root.post("/organisation/import", json={}).status_code == 415


def test_a_county_brings_in_its_own_alone(watch: Watch) -> None:
    haikou = watch.browser("administrator", "local_government", unit="460100", login="hk")
    away = ("460200S901", "township", "460200", *TOWN[3:])
    agency = "local_government-460100"
    data = book(
        units=[UNITS, TOWN, away],
        users=[
            USERS,
            ("wang", "王伟", "", "grid_worker", "460100S901", agency, "", ""),
            ("li", "李娜", "", "grid_worker", "460200", agency, "", ""),
            ("sun", "孙", "", "grid_worker", "460100", "", "", ""),
        ],
    )
    found = looked_at(haikou, data)
    assert [(f["sheet"], f["row"], f["column"]) for f in found["faults"]] == [
        ("units", 3, "code"), ("users", 3, "unit"), ("users", 4, "unit"),
    ]  # fmt: skip
    officer = watch.browser("watch_officer", "police", login="officer")
    assert send(officer, data).status_code == 403


def test_of_agencies_those_alone_are_named_that_one_may_write(watch: Watch) -> None:
    watch.enter("watch_officer", "police", "460200", login="zhao")
    haikou = watch.browser("administrator", "local_government", unit="460100", login="hk")
    data = book(users=[USERS, ("sun", "孙", "", "grid_worker", "460100", "police", "", "")])
    (fault,) = looked_at(haikou, data)["faults"]
    assert (fault["column"], fault["message"]) == (
        "agency",
        "there is no agency 'police'; codes are local_government-460100, "
        "see sheet agencies of units.xlsx",
    )
    assert "police-460200" in watch.gate.people.directory.organisation().agencies


def test_a_login_that_one_may_not_see_is_a_fault_of_its_row(watch: Watch) -> None:
    theirs = watch.enter("watch_officer", "police", "460200", login="zhao").identity.id
    haikou = watch.browser("administrator", "local_government", unit="460100", login="hk")
    agency = "local_government-460100"
    row = ("赵", "", "grid_worker", "460100", agency, "", "")
    data = book(users=[USERS, ("zhao", *row), ("wang", *row)])
    found = looked_at(haikou, data)
    assert [(f["row"], f["column"], f["message"]) for f in found["faults"]] == [
        (2, "login", "is taken")
    ]
    assert send(haikou, data, found["sha256"]).status_code == 422
    held = watch.gate.people.directory.account(theirs).memberships
    assert [m.role for m in held] == ["watch_officer"]


def test_what_goes_out_comes_back(watch: Watch) -> None:
    root = watch.browser("administrator", "platform", login="root")
    watch.enter("watch_officer", "police", "460100", login="li")
    with watch.gate.people.base.change("test") as change:
        (li,) = [a for a in accounts.listed(change.connection) if a.login == "li"]
        accounts.describe(change.connection, li.id, "=HYPERLINK(1)", "zh", "test", change.now_us)
    units, users = (root.get(f"/organisation/{n}.xlsx").content for n in ("units", "users"))
    sheet = load_workbook(io.BytesIO(users))["users"]
    assert [[c.value for c in row][:5] for row in sheet.iter_rows(min_row=2)] == [
        ["li", "=HYPERLINK(1)", "zh", "watch_officer", "460100"],
        ["root", "root", "zh", "administrator", "460000"],
    ]
    assert sheet["B2"].data_type == "s"  # no formula
    assert looked_at(root, root.get("/organisation/template.xlsx").content)["faults"] == []
    # Agencies of these tests are older than the units that they work for.
    assert {f["sheet"] for f in looked_at(root, units)["faults"]} == {"agencies"}
    assert looked_at(root, units)["rows"] == 23  # 21 versions of units, two agencies
    haikou = watch.browser("administrator", "police", unit="460100", login="hk")
    sheet = load_workbook(io.BytesIO(haikou.get("/organisation/users.xlsx").content))["users"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["hk", "li"]
    assert haikou.get("/organisation/users.xlsx", params={"unit": "460200"}).status_code == 200


def test_units_are_a_tree_with_days_and_words(watch: Watch) -> None:
    root = watch.browser("administrator", "platform", login="root")
    (top,) = root.get("/units", params={"parent": ""}).json()["items"]
    assert (top["code"], top["children"]) == ("460000", 19)
    page = root.get("/units", params={"parent": "460000", "limit": 15}).json()
    rest = root.get(
        "/units", params={"parent": "460000", "limit": 15, "cursor": page["next_cursor"]}
    ).json()
    assert len(page["items"]) + len(rest["items"]) == 19
    (sansha,) = root.get("/units", params={"q": "三沙"}).json()["items"]
    assert (sansha["code"], sansha["path"]) == ("460300", ["460000"])
    before = root.get("/units", params={"q": "三沙", "at": "2010-01-01T00:00:00Z"}).json()
    assert before["items"] == []  # it was made in 2012
    body = {"tier": "township", "parent": "460100", "name_zh": "甲镇", "valid_from": "2026-02-01"}
    made = root.put("/units/460100S1", json=body).json()
    assert (made["name"]["en"], len(made["versions"])) == ("甲镇", 1)
    renamed = root.put(
        "/units/460100S1", json={**body, "name_zh": "乙镇", "valid_from": "2026-06-01"}
    ).json()
    assert [(v["name"]["zh"], v["valid_to"]) for v in renamed["versions"]] == [
        ("甲镇", "2026-05-31T16:00:00.000Z"), ("乙镇", None),
    ]  # fmt: skip
    for wrong, field in (
        ({"parent": "999999"}, "parent"), ({"tier": "city"}, "parent"),
        ({"valid_from": "0001-01-01"}, "valid_from"), ({"valid_to": "2026-01-01"}, "valid_to"),
        ({"parent": None}, "parent"),
    ):  # fmt: skip
        answer = root.put("/units/460100S2", json={**body, **wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), wrong
    haikou = watch.browser("administrator", "health", unit="460100", login="hk")
    assert haikou.put("/units/460100S3", json=body).status_code == 200
    stranger = {**body, "parent": "460200"}
    assert haikou.put("/units/460200S3", json=stranger).status_code == 403
    assert haikou.put("/units/460100S3", json=stranger).status_code == 403
    agency = {"kind": "health", "unit": "460100", "name_zh": "卫健委", "valid_from": "2026-01-01"}
    assert haikou.put("/agencies/hk-health", json=agency).json()["unit_name"]["en"] == "Haikou"
    assert haikou.put("/agencies/hk-x", json={**agency, "kind": "police"}).status_code == 403
    found = haikou.get("/agencies", params={"under": "460100", "q": "卫健"}).json()["items"]
    assert [a["code"] for a in found] == ["hk-health"]
    assert [t for a, t in ((e.action, e.thing) for e in watch.logged()) if a == "unit.write"][
        -1
    ] == "unit:hk-x"
