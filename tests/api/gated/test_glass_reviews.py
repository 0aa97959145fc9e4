"""A use of break-glass can be reviewed whatever became of its case."""

from __future__ import annotations

import httpx
import sqlalchemy as sa

from littoral.engine import upkeep
from littoral.store.vault import breakglass, erasure, tables
from littoral.store.vault.entries import Ask

from .conftest import Watch
from .oversight import DAY_US, set_clock

GLASS = {
    "reason": "contact of a confirmed case found", "purpose": "epidemic_control",
    "legal_basis": "public_health_emergency", "search_fields": ["name"],
}  # fmt: skip
SAID = {"justified": False, "note": "another way was open"}


def broken(watch: Watch) -> tuple[httpx.Client, str, str]:
    """An auditor, the case opened by break-glass, the review."""
    watch.sign_policies()
    made = watch.browser("health_officer", "health").post("/break-glass", json=GLASS)
    assert made.status_code == 201, made.text
    auditor = watch.browser("auditor", "oversight")
    (open_one,) = auditor.get("/oversight/break-glass").json()["items"]
    return auditor, made.json()["grant"]["case"], open_one["id"]


def kept(watch: Watch) -> set[str]:
    with watch.shore.records.database.read() as connection:
        c = tables.cases.c
        return set(connection.execute(sa.select(c.id).where(c.state != "erased")).scalars())


def test_a_case_waits_for_the_review_of_its_break_glass(watch: Watch) -> None:
    """Its purpose is over, so it would go; the reason is what the reviewer judges by. With the
    review the next run takes it."""
    auditor, case, review = broken(watch)
    officer = watch.browser("data_protection_officer", "health")
    assert officer.post("/retention/purposes/epidemic_control/end").status_code == 200
    set_clock(watch, 4 * DAY_US)
    assert upkeep.run_retention(watch.gate.trust).erased == ()
    assert kept(watch) == {case}
    detail = auditor.get(f"/oversight/break-glass/{review}").json()
    assert (detail["reason"], detail["state"]) == (GLASS["reason"], "overdue")
    done = auditor.post(f"/oversight/break-glass/{review}", json=SAID)
    assert (done.status_code, done.json()["note"]) == (200, SAID["note"])
    ran = upkeep.run_retention(watch.gate.trust)
    assert ran.erased == (case,)


def test_it_waits_for_a_month_and_is_reviewed_after_that_too(watch: Watch) -> None:
    auditor, case, review = broken(watch)
    officer = watch.browser("data_protection_officer", "health")
    assert officer.post("/retention/purposes/epidemic_control/end").status_code == 200
    set_clock(watch, DAY_US + breakglass.WAITS_US + DAY_US)
    ran = upkeep.run_retention(watch.gate.trust)
    assert ran.erased == (case,)
    done = auditor.post(f"/oversight/break-glass/{review}", json=SAID)
    assert done.status_code == 200, done.text
    # What nobody could read again is not written: the finding stands, the words do not.
    assert [done.json()[name] for name in ("state", "finding", "reason", "note")] == [
        "done", "not_justified", None, None,
    ]  # fmt: skip
    assert auditor.get("/oversight/break-glass").json()["items"] == []


def test_one_whose_case_was_erased_before_counts_until_it_is_reviewed(watch: Watch) -> None:
    auditor, case, review = broken(watch)
    officer = watch.browser("health_officer", "health")
    for _ in range(2):
        assert officer.post("/break-glass", json=GLASS).status_code == 201
    assert officer.post(f"/cases/{case}/close").status_code == 200
    trust = watch.gate.trust
    ask = Ask("system:server", "", "system_operation", "statutory_duty")
    erasure.erase_case(trust.vault, ask, case, "retention", trust.now_us(), trust.record)
    assert officer.post("/break-glass", json=GLASS).status_code == 403
    assert auditor.post(f"/oversight/break-glass/{review}", json=SAID).status_code == 200
    assert officer.post("/break-glass", json=GLASS).status_code == 201
