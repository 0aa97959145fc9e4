"""Records that phones sent, on SQLite and PostgreSQL: each once, known by what it was, bare of what
is written elsewhere, and without words once these are erased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.records import Records
from littoral.store.sync import records
from littoral.store.sync.records import FileOf, OtherRecord, SyncRecord
from littoral.store.sync.tables import sync_records

NOW = 1_795_900_000_000_000
INCIDENT, SHA = "0199a000-0000-7000-8000-000000000001", "ab" * 32
NOTE = SyncRecord(
    "0199a000-0000-7000-8000-00000000000a", "phone", "a-1", "incident.add", INCIDENT, 1, {},
    {"text": "三人上岸，往北走"}, NOW - 5_000_000, 0, NOW - 5_000_000, NOW,
    {"status": "taken"}, INCIDENT,
)  # fmt: skip
PHOTO = replace(
    NOTE, id="0199a000-0000-7000-8000-00000000000b", kind="incident.file",
    fields={"sha256": SHA, "size": 200_000, "shows_people": True, "name": "张三.jpg"},
    received_us=NOW + 1,
)  # fmt: skip
FILE = FileOf(PHOTO.id, INCIDENT, "e-1", "c-1", SHA, "image/jpeg", 200_000, True)


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with Records.open(url, now_us=lambda: NOW) as opened, opened.database.write() as connection:
        yield connection


def test_a_record_is_kept_once_and_known_again(connection: Connection) -> None:
    assert records.known(connection, NOTE) is None
    records.keep(connection, NOTE)
    records.keep(connection, replace(NOTE, answer={"status": "conflict"}))  # two at once
    assert records.known(connection, NOTE) == {"status": "taken"}
    for other in (
        replace(NOTE, account="a-2"),
        replace(NOTE, fields={"text": "四人上岸"}),
        replace(NOTE, thing=PHOTO.id),
    ):
        with pytest.raises(OtherRecord):
            records.known(connection, other)


def test_what_a_file_is_called_is_not_kept_beside_it(connection: Connection) -> None:
    records.keep(connection, PHOTO)
    records.keep_file(connection, FILE)
    records.keep_file(connection, replace(FILE, evidence_id="e-2"))  # sent again: the first stays
    kept = connection.execute(sa.select(sync_records.c.fields)).scalar_one()
    assert kept == {"sha256": SHA, "size": 200_000, "shows_people": True}
    assert records.known(connection, PHOTO) == {"status": "taken"}
    assert records.same_file(connection, "a-1", INCIDENT, SHA) == FILE
    assert records.same_file(connection, "a-2", INCIDENT, SHA) is None
    ((record, file),) = records.submissions(connection, INCIDENT)
    assert (record.id, file) == (PHOTO.id, FILE)
    records.forget_files(connection, ["e-1"])
    assert records.same_file(connection, "a-1", INCIDENT, SHA) is None
    assert records.known(connection, PHOTO) == {"status": "taken"}  # and still is not done twice


def test_erased_words_leave_the_record_known(connection: Connection) -> None:
    records.keep(connection, NOTE)
    records.forget_text(connection, INCIDENT)
    assert connection.execute(sa.select(sync_records.c.fields)).scalar_one() == {}
    assert records.known(connection, NOTE) == {"status": "taken"}


def test_submissions_come_in_the_order_in_which_they_were_received(connection: Connection) -> None:
    records.keep(connection, PHOTO)
    records.keep(connection, NOTE)
    records.keep_file(connection, FILE)
    assert [(r.id, f) for r, f in records.submissions(connection, INCIDENT)] == [
        (NOTE.id, None), (PHOTO.id, FILE),
    ]  # fmt: skip
    assert [r.id for r, _ in records.files_of(connection, INCIDENT)] == [PHOTO.id]


def test_the_case_of_an_incident_is_of_its_desk_and_agency(connection: Connection) -> None:
    place = (INCIDENT, "460100", "police")
    assert records.case_of(connection, place) == ""
    records.keep_case(connection, place, "c-1")
    records.keep_case(connection, place, "c-2")  # the first was closed
    assert records.case_of(connection, place) == "c-2"
    assert records.case_of(connection, (INCIDENT, "460200", "police")) == ""
