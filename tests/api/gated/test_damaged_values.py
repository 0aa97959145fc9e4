"""A sealed value in which one byte has changed: no list fails for it, and the others in it are
whole. What is asked for alone is refused with what is damaged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from littoral.engine import upkeep
from littoral.store.tables import metadata
from littoral.store.vault import retention
from littoral.store.vault.sealing import SealError
from tests.store.evidence.test_media import JPEG

from .conftest import Watch
from .oversight import DAY_US, PERSON, set_clock
from .test_cases import CASE
from .test_custody import hand_in
from .test_forms import clerk
from .test_forms_rights import HOME, NUMBER, PHONE, WHY, handed_in
from .test_glass_reviews import SAID, broken

# Bytes that nothing seals: keyed hashes, and a form's file.
PLAIN = {"vault_tokens.token", "vault_answer_numbers.token", "form_versions.xlsx"}
# Sealed, and shown in no list: it opens a commitment; a number by which answers are found.
UNLISTED = {"evidence.salt", "vault_answer_numbers.ciphertext"}
SEALED = sorted(
    {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, sa.LargeBinary)
    }
    - PLAIN
)
EPIDEMIC = "public_health_emergency"
Asked = Callable[[], httpx.Response]


def scene(watch: Watch) -> tuple[str, dict[str, Asked]]:
    """Two of each thing, every one with all that is sealed of it: their case, and the lists in
    which they are."""
    auditor, _, review = broken(watch)
    done = auditor.post(f"/oversight/break-glass/{review}", json=SAID)
    assert done.status_code == 200, done.text
    watch.assess(CASE["purpose"], "customs")
    inv, lead = watch.browser("investigator", "customs"), watch.browser("agency_lead", "customs")
    officer = watch.browser("data_protection_officer", "customs")
    case, other = (inv.post("/cases", json=CASE).json()["id"] for _ in range(2))
    people = [inv.post(f"/cases/{case}/subjects", json=PERSON).json()["id"] for _ in range(2)]
    for number in range(2):
        assert hand_in(inv, case, JPEG + bytes([number]) * 100).status_code == 201
        ask = {"reason": "to read the persons", "subjects": people[number:]}
        assert inv.post(f"/cases/{case}/grants", json=ask).status_code == 201
    second = watch.browser("data_protection_officer", "customs", login="second.dpo")
    third = inv.post(f"/cases/{other}/subjects", json=PERSON).json()["id"]
    for of, person in ((case, people[0]), (other, third)):
        wish = officer.post(f"/cases/{of}/erasures", json={"subject": person, **WHY})
        path = f"/cases/{of}/erasures/{wish.json()['id']}/decision"
        refused = second.post(path, json={"agree": False, "note": "依法留存"})
        assert refused.status_code == 200, refused.text
    maker = clerk(watch)
    handed_in(watch, maker, f"{HOME} {NUMBER}", f"{HOME} {PHONE}")

    def got(browser: httpx.Client, path: str) -> Asked:
        return lambda: browser.get(path)

    paths = {
        "cases": inv, f"cases/{case}/subjects": inv, f"cases/{case}/grants": inv,
        f"cases/{case}/evidence": inv, "erasures": officer, "form-submissions": maker,
        "form-submissions.csv?form=visit": maker, "oversight/break-glass": auditor,
        f"oversight/break-glass/{review}": auditor, "retention/preview": officer,
    }  # fmt: skip
    asked = {path: got(browser, f"/{path}") for path, browser in paths.items()}
    asked |= {
        "lead/cases": got(lead, "/cases"), "maker/cases": got(maker, "/cases"),
        "lead/grants": got(lead, f"/cases/{case}/grants"), "auditor": got(auditor, "/erasures"),
    }  # fmt: skip
    return case, asked


def damage(watch: Watch, column: str, case: str) -> str:
    """Changes the last byte of the first value in it, of the case where it has one; the primary key
    of its row."""
    table = metadata.tables[column.partition(".")[0]]
    of = table.c[column.partition(".")[2]]
    keys = list(table.primary_key)
    with watch.gate.trust.vault.db.write() as connection:
        found = connection.execute(sa.select(table).order_by(*keys)).mappings()
        rows = sorted((r for r in found if r[of]), key=lambda r: case not in r.values())
        assert rows, f"nothing of the scene has {column}: let it be there, and be listed"
        mine = [key == rows[0][key] for key in keys]
        spoilt = rows[0][of][:-1] + bytes([rows[0][of][-1] ^ 1])
        connection.execute(sa.update(table).where(*mine).values({of.name: spoilt}))
    return str(rows[0][keys[0]])


def parts(answer: httpx.Response) -> list[Any]:
    """What a list holds, or what is said of one thing."""
    assert answer.status_code == 200, answer.text
    if not answer.headers["content-type"].startswith("application/json"):
        return answer.text.splitlines()
    said = answer.json()
    items = said.get("items")
    return list(said.items()) if items is None else items


@pytest.mark.parametrize("column", SEALED)
def test_one_damaged_value_makes_no_list_fail_and_leaves_the_others_whole(
    watch: Watch, caplog: pytest.LogCaptureFixture, column: str
) -> None:
    case, asked = scene(watch)
    before = {name: parts(ask()) for name, ask in asked.items()}
    of = damage(watch, column, case)
    caplog.set_level(logging.WARNING)
    changed = 0
    for name, ask in asked.items():
        after = parts(ask())
        assert len(after) == len(before[name]), name
        others = [was for was, now in zip(before[name], after, strict=True) if was != now]
        assert len(others) <= 1, name
        changed += len(others)
    assert (changed > 0) == (column not in UNLISTED)
    told = [r.getMessage() for r in caplog.records if "damaged" in r.getMessage()]
    assert (len([t for t in told if of in t]) > 0) == (column not in UNLISTED), told


def test_what_is_damaged_is_named_to_who_asks_for_it_alone_and_nothing_of_it_is(
    watch: Watch,
) -> None:
    inv = watch.browser("investigator", "customs")
    case = inv.post("/cases", json=CASE).json()["id"]
    evidence = hand_in(inv, case).json()["id"]
    for column in ("evidence.about", "evidence.salt"):
        damage(watch, column, case)
        refused = inv.post(f"/cases/{case}/evidence/{evidence}/view", json={})
        said = refused.json()
        assert (refused.status_code, said["type"].rpartition(":")[2]) == (503, "unavailable")
        assert f"evidence {evidence} {column.partition('.')[2]}" in said["detail"]


def test_retention_ends_a_case_of_which_nothing_can_be_read_and_goes_on_past_what_it_cannot_end(
    watch: Watch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.sign_policies()
    officer = watch.browser("data_protection_officer", "health")
    nurse = watch.browser("health_officer", "health")
    wanted = {"title": "密接", "purpose": "epidemic_control", "legal_basis": EPIDEMIC}
    one, two, three = (nurse.post("/cases", json=wanted).json()["id"] for _ in range(3))
    assert officer.post("/retention/purposes/epidemic_control/end").status_code == 200
    damage(watch, "vault_cases.title", one)
    set_clock(watch, 4 * DAY_US)
    erase = retention.ERASE["case"]

    def unread(vault: Any, ask: Any, key: str, *more: Any) -> Any:
        if key == two:
            raise SealError("it is damaged")
        return erase(vault, ask, key, *more)

    with monkeypatch.context() as patched:
        patched.setattr(retention, "ERASE", {**retention.ERASE, "case": unread})
        ran = upkeep.run_retention(watch.gate.trust)
    assert (set(ran.erased), ran.refused) == ({one, three}, (two,))
    assert f"the case {two} is due and could not be ended" in caplog.text
    assert upkeep.run_retention(watch.gate.trust).erased == (two,)
