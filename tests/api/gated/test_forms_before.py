"""What was handed in by forms before answers were found by numbers, and what a crash or the end of
its time leaves of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from littoral.engine.reconciling import reconcile
from littoral.engine.upkeep import run_retention
from littoral.store.evidence.custody import path_of
from littoral.store.forms import submissions
from littoral.store.forms.tables import form_submissions
from littoral.store.vault import erasure_requests, index, tables
from littoral.store.vault.entries import Ask
from tests.store.forms.workbooks import form

from .conftest import Watch
from .oversight import matter, set_clock
from .test_forms import clerk, upload, worker
from .test_forms_bounds import OPEN
from .test_forms_rights import NUMBER, OTHERS, PHONE, WHY, dpo, handed_in, opened, told

DAY = ("/data/day", "2026-11-29")
YEARS_US = 3 * 366 * 86_400_000_000


def started(watch: Watch) -> list[str]:
    """As a start does it; the submissions that could not be read."""
    trust = watch.gate.trust
    found = reconcile(
        trust.records, trust.log, trust.vault, trust.evidence, trust.now_us(), trust.record
    )
    return found.unread


def as_before(
    watch: Watch,
    seen: dict[str, Any],
    shown: Sequence[tuple[str, str]],
    data_class: str,
    sealed: int = 1,
) -> None:
    """As a server wrote it that found nobody in answers and listed `shown`."""
    vault = watch.gate.trust.vault
    e, n, s = tables.evidence.c, tables.answer_numbers.c, form_submissions.c
    with vault.db.write() as connection:
        of = sa.select(s.evidence_id, e.key_id).join_from(
            form_submissions, tables.evidence, e.id == s.evidence_id
        )
        row = connection.execute(of.where(s.id == seen["id"])).one()
        listed = submissions.seal_open(vault.keys.get(row.key_id), seen["id"], shown, sealed)
        connection.execute(sa.delete(tables.answer_numbers).where(n.evidence_id == row.evidence_id))
        connection.execute(
            sa.update(form_submissions)
            .where(s.id == seen["id"])
            .values(open_answers=listed, read_as=0, data_class=data_class)
        )
        connection.execute(
            sa.update(tables.evidence).where(e.id == row.evidence_id).values(data_class=data_class)
        )


def numbers(watch: Watch) -> list[str]:
    n = tables.answer_numbers.c
    with watch.gate.trust.vault.db.read() as connection:
        return sorted(connection.execute(sa.select(n.evidence_id)).scalars())


def classes(watch: Watch) -> set[str]:
    """Of data, of all evidence and submissions."""
    found: set[str] = set()
    with watch.gate.trust.vault.db.read() as connection:
        for column in (tables.evidence.c.data_class, form_submissions.c.data_class):
            found |= set(connection.execute(sa.select(column)).scalars())
    return found


def read_again(watch: Watch) -> int:
    return sum(e.thing == "list:forms" for e in watch.logged())


def test_what_was_handed_in_before_is_found_and_closed_after_the_next_start(watch: Watch) -> None:
    maker = clerk(watch)
    mine, other = handed_in(watch, maker, NUMBER, OTHERS)
    officer = dpo(watch)
    case = matter(officer)
    as_before(watch, mine, [DAY, ("/data/home", "王伟"), ("/data/gone", "1")], "personal")
    assert told(watch, officer, case)["records"] == []
    assert "王伟" in maker.get("/form-submissions").text
    assert started(watch) == []
    (record,) = told(watch, officer, case)["records"]
    assert record["id"] == mine["evidence"]
    listed = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    assert [tuple(a.values()) for a in listed[mine["id"]]["open"]] == [DAY]
    assert (listed[mine["id"]]["sealed"], listed[other["id"]]) == (3, other)
    once = read_again(watch)
    assert (started(watch), read_again(watch), once) == ([], once, 1)


def test_a_number_listed_before_is_sealed_and_its_answers_guarded(watch: Watch) -> None:
    maker = clerk(watch)
    made = upload(maker, form(*OPEN)).json()["form"]
    maker.post(f"/forms/{made['id']}/publish", json={})
    phone = worker(watch)
    phone.hand_in(
        made["id"], b'<data id="visit" version="1"><day>2026-11-29</day><n>13800138000</n></data>'
    )
    phone.sync()
    (seen,) = maker.get("/form-submissions").json()["items"]
    as_before(watch, seen, [DAY, ("/data/n", PHONE)], "operational")
    started(watch)
    assert PHONE not in maker.get("/form-submissions").text
    assert classes(watch) == {"personal"}


def test_what_stands_beside_the_answers_of_an_open_form_is_guarded(watch: Watch) -> None:
    """When it comes, and of what came before it was looked at: at the next start."""
    maker = clerk(watch)
    made = upload(maker, form(*OPEN)).json()["form"]
    maker.post(f"/forms/{made['id']}/publish", json={})
    phone = worker(watch)
    phone.hand_in(
        made["id"],
        '<data id="visit" version="1"><day>2026-11-29</day><meta><instanceName>王伟</instanceName>'
        "</meta></data>".encode(),
    )
    phone.sync()
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert seen["sealed"] == 1
    assert classes(watch) == {"personal"}
    as_before(watch, seen, [DAY], "operational", sealed=0)
    assert classes(watch) == {"operational"}
    assert started(watch) == []
    assert classes(watch) == {"personal"}
    assert maker.get("/form-submissions").json()["items"] == [seen]
    told_now = opened(maker, seen).json()["answers"]
    assert {"path": "/data/meta/instanceName", "value": "王伟"} in told_now


def test_what_cannot_be_read_is_said_and_tried_again(watch: Watch) -> None:
    maker = clerk(watch)
    mine, other = handed_in(watch, maker, NUMBER, OTHERS)
    for seen in (mine, other):
        as_before(watch, seen, [DAY, ("/data/home", "王伟")], "personal")
    path = path_of(watch.gate.trust.evidence, mine["evidence"])
    away = path.rename(path.with_suffix(".away"))
    assert started(watch) == [mine["id"]]
    assert numbers(watch) == [other["evidence"]]
    assert "王伟" not in maker.get("/form-submissions").text
    away.rename(path)
    assert started(watch) == []
    assert numbers(watch) == sorted([mine["evidence"], other["evidence"]])


def test_numbers_end_with_the_answers_by_retention(watch: Watch) -> None:
    handed_in(watch, clerk(watch), NUMBER)
    assert len(numbers(watch)) == 1
    set_clock(watch, YEARS_US)
    run_retention(watch.gate.trust)
    assert numbers(watch) == []
    with watch.gate.trust.vault.db.read() as connection:
        assert connection.execute(sa.select(form_submissions.c.open_answers)).scalars().all() == [
            b""
        ]
    assert list(watch.gate.trust.evidence.rglob("*.sealed")) == []


def test_an_erasure_that_a_crash_broke_off_is_finished_at_the_next_start(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine,) = handed_in(watch, clerk(watch), NUMBER)
    officer, second = dpo(watch), dpo(watch, "second.dpo")
    path = f"/cases/{mine['case']}/erasures"
    asked = officer.post(path, json={"subject": mine["evidence"], **WHY}).json()
    vault, trust = watch.gate.trust.vault, watch.gate.trust

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(index, "reindex", killed)
        ask = Ask("account:other", mine["case"], "oversight", "statutory_duty")
        with pytest.raises(KeyboardInterrupt):
            erasure_requests.agree(vault, ask, asked["id"], "", trust.now_us(), trust.record)
    started(watch)
    (done,) = officer.get("/erasures").json()["items"]
    assert (done["state"], done["answers"], done["decided_by"]) == ("made", True, "account:other")
    assert watch.logged()[done["log_index"]].thing == f"evidence:{mine['evidence']}"
    assert list(trust.evidence.rglob("*.sealed")) == []
    assert second.post(f"{path}/{asked['id']}/decision", json={"agree": True}).status_code == 409
