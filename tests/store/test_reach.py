"""Notices in the records: each event once, reports of texts, numbers of staff sealed."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from littoral.respond.reach.ladder import Event, Notice, Person, Waits
from littoral.store import reach
from littoral.store.actions import NotFound
from littoral.store.database import Database
from littoral.store.geofences import Conflict
from littoral.store.people.credentials import Sealer
from littoral.store.people.tables import accounts

S = 1_000_000
LI, WANG = "account:li", "account:wang"
WAITS = Waits({"app": 30, "sms": 120, "voice": 300}, answer_s=180)
NOTICE = Notice(5 * S, (Person(LI, ("app", "sms")), Person(WANG, ("app",))), True, WAITS)
DESK = reach.Desk("460100", "police")
SEALER = Sealer(bytes(32))


@pytest.fixture
def database(url: str):
    found = Database(url)
    with found.write() as connection:
        for key in ("li", "wang"):
            connection.execute(
                sa.insert(accounts).values(
                    id=key, login=key, name=key, status="active", language="zh", created_us=0,
                    created_by="t", changed_us=0, changed_by="t",
                )
            )  # fmt: skip
    yield found
    found.close()


def made(database: Database) -> str:
    key = uuid4()
    with database.write() as connection:
        row = reach.make(connection, key, "task:1", DESK, ("请到", "Go to"), NOTICE, LI)
        again = reach.make(connection, key, "task:1", DESK, ("请到", "Go to"), NOTICE, LI)
        assert row == again
        with pytest.raises(Conflict):
            reach.make(connection, key, "task:2", DESK, ("请到", "Go to"), NOTICE, LI)
    assert row.notice == NOTICE
    return str(key)


def test_a_notice_comes_back_as_it_was_made_and_goes_its_way(database: Database) -> None:
    key = made(database)
    with database.write() as connection:
        assert [r.id for r in reach.to_look_at(connection, 5 * S)] == [key]
        assert reach.to_look_at(connection, 5 * S - 1) == []
        due = reach.look(connection, key, 5 * S).due
        assert [(d.person, d.channel) for d in due] == [(LI, "app")]
        assert reach.next_look_us(connection) == 5 * S  # due until it is done
        event, mine = Event(LI, "app", "sent", 6 * S), uuid4()
        assert reach.happened(connection, key, mine, event, LI)
        assert not reach.happened(connection, key, mine, event, LI)
        with pytest.raises(Conflict):
            reach.happened(connection, key, mine, Event(LI, "app", "failed", 6 * S), LI)
        with pytest.raises(NotFound):
            reach.happened(connection, key, uuid4(), Event("account:x", "app", "sent", 7), LI)
        with pytest.raises(NotFound):
            reach.happened(connection, str(uuid4()), uuid4(), event, LI)
        assert reach.look(connection, key, 6 * S).due == ()
        assert reach.next_look_us(connection) == 36 * S
        reach.happened(connection, key, uuid4(), Event(LI, "app", "answered", 7 * S), LI)
        reach.look(connection, key, 7 * S)
        row = reach.one(connection, key)
        assert (row.state, row.by, row.ended_us) == ("answered", LI, 7 * S)
        assert reach.next_look_us(connection) is None
    with database.read() as connection:
        assert [r.id for r in reach.for_person(connection, LI, 0)] == [key]
        assert reach.for_person(connection, WANG, 0) == []  # their turn never came
        assert reach.for_person(connection, LI, 6 * S) == []
        assert [r.id for r in reach.about(connection, "task:1")] == [key]
        assert [r.id for r in reach.of_desk(connection, DESK, 10)] == [key]
        assert reach.of_desk(connection, reach.Desk("460100", "customs"), 10) == []


def test_a_text_in_parts_is_delivered_when_all_are(database: Database) -> None:
    key = made(database)
    with database.write() as connection:
        reach.text_sent(connection, "modem", ["7", "8"], key, LI, "mac", 100)

        def said(reference: str, state: str, since_us: int = 0, mac: str | None = "mac"):
            return reach.text_reported(connection, "modem", reference, state, since_us, mac)

        assert said("7", "delivered") is None
        assert said("7", "delivered") is None  # told twice
        assert said("8", "trying") is None
        assert said("8", "delivered", mac="other") is None
        assert said("8", "delivered", since_us=101) is None
        assert said("9", "delivered") is None
        assert said("8", "delivered") == (key, LI, "delivered")
        # The modem's numbers begin anew: a report is of the newest.
        reach.text_sent(connection, "modem", ["7"], key, WANG, "mac", 200)
        assert said("7", "failed") == (key, WANG, "failed")
        assert reach.forget_texts(connection, 150) == 2


def test_a_number_is_sealed_and_forgotten_when_it_is_emptied(database: Database) -> None:
    with database.write() as connection:
        reach.set_contact(connection, "li", "sms", "+8613876012345", SEALER, 1)
        reach.set_contact(connection, "li", "sms", "13876000000", SEALER, 2)
        assert reach.contact(connection, "li", "sms", SEALER) == "13876000000"
        assert reach.with_contact(connection, ["li", "wang"], "sms") == {"li"}
        (kept,) = connection.execute(sa.select(reach.contacts.c.sealed)).scalars()
        assert "13876" not in kept
        reach.set_contact(connection, "li", "sms", "", SEALER, 3)
        assert reach.contact(connection, "li", "sms", SEALER) is None
