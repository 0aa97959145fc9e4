"""Files that come when the server has closed the case that it opened for them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from littoral.api.sync import filing
from littoral.engine.case_ends import LATE_US, close_done
from littoral.store.incident_tables import incidents
from littoral.store.vault import cases, tables

from .conftest import Watch
from .test_sync import PHOTO, grid, report


def test_a_photo_that_comes_after_the_case_was_closed_opens_another(watch: Watch) -> None:
    worker = grid(watch)
    key = report(worker)
    trust, c = watch.gate.trust, tables.cases.c

    def sent(photo: bytes) -> None:
        worker.attach(key, photo, "image/jpeg")
        worker.sync()
        assert {a["status"] for a in worker.answers.values()} == {"taken"}, worker.answers

    sent(PHOTO)
    with trust.vault.db.write() as connection:
        of = connection.execute(sa.select(c.id)).scalar_one()
        over = {"state": "closed", "since_us": trust.now_us() - LATE_US}
        connection.execute(sa.update(incidents).where(incidents.c.id == key).values(over))
    assert close_done(trust) == [of]
    sent(PHOTO + b"late")
    sent(PHOTO + b"later still")
    with trust.vault.db.read() as connection:
        (late,) = connection.execute(sa.select(c.id).where(c.state == "open")).scalars()
        e = tables.evidence.c
        kept = list(connection.execute(sa.select(e.case_id).order_by(e.added_us)).scalars())
    assert kept == [of, late, late]


def test_what_finds_its_case_closed_under_way_is_asked_for_again(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = grid(watch)
    key = report(worker)
    worker.attach(key, PHOTO, "image/jpeg")
    worker.sync()  # which opens its case
    open_case = filing._open_case

    def closed(*args: Any) -> Any:
        found = open_case(*args)
        cases.close_case(
            watch.gate.trust.vault, "system:server", found.id, watch.gate.trust.now_us(),
            watch.gate.trust.record,
        )  # fmt: skip
        monkeypatch.setattr(filing, "_open_case", open_case)
        return found

    monkeypatch.setattr(filing, "_open_case", closed)
    record = worker.attach(key, PHOTO + b"another", "image/jpeg")
    worker.sync()
    assert worker.answers[record]["code"] == "case_closed"
    assert worker.push([record])
    assert worker.answers[record]["status"] == "taken"
