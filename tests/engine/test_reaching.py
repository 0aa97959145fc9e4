"""Notices on real records, by a modem at a pseudo-terminal: until somebody's device has them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from littoral.engine.reaching import ByModem, Reaching
from littoral.respond.reach.ladder import Notice, Person, Waits
from littoral.store import reach
from littoral.store.database import Database
from littoral.store.geofences import Conflict
from littoral.store.people.credentials import Sealer
from littoral.store.people.tables import accounts
from tests.link.sms.at_modem import AtModem

SEALER = Sealer(bytes(range(32)))
S = 1_000_000
LI, WANG = "account:li", "account:wang"
NUMBERS = {"li": "+8613876000111", "wang": "13876000222"}
DESK = reach.Desk("460100", "police")
WORDS = ("滨海：任务 2026-000123，请接受", "Littoral: task 2026-000123, please accept")


class Clock:
    """Moved by hand; never twice the same."""

    def __init__(self) -> None:
        self.us = 1_764_000_000 * S

    def __call__(self) -> int:
        self.us += 1
        return self.us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with found.write() as connection:
        for key, number in NUMBERS.items():
            connection.execute(
                sa.insert(accounts).values(
                    id=key, login=key, name=key, status="active", language="zh", created_us=0,
                    created_by="t", changed_us=0, changed_by="t",
                )
            )  # fmt: skip
            reach.set_contact(connection, key, "sms", number, SEALER, 0)
    yield found
    found.close()


@pytest.fixture
def modem() -> Iterator[AtModem]:
    there = AtModem()
    yield there
    there.close()


def notice(clock: Clock, *people: tuple[str, tuple]) -> Notice:
    waits = Waits({"app": 30, "sms": 120, "voice": 300}, answer_s=180)
    return Notice(clock(), tuple(Person(*p) for p in people), True, waits)


def make(database: Database, given: Notice, key: UUID | None = None) -> str:
    key = key or uuid4()
    with database.write() as connection:
        reach.make(connection, key, "task:1", DESK, WORDS, given, LI)
    return str(key)


def told(database: Database, key: str) -> list[tuple[str, str | None, str]]:
    with database.read() as connection:
        return [
            (e.event.person, e.event.channel, e.event.kind)
            for e in reach.events_of(connection, key)
        ]


def state(database: Database, key: str) -> str:
    with database.read() as connection:
        return reach.one(connection, key).state


def until(holds: Callable[[], bool], what: str, limit_s: float = 10.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def test_undelivered_goes_on_by_text_and_then_to_the_next_person(
    database: Database, clock: Clock, modem: AtModem
) -> None:
    key = make(database, notice(clock, (LI, ("app", "sms")), (WANG, ("app", "sms"))))
    running = Reaching(database, SEALER, clock, sender=ByModem(modem.port))
    try:
        until(lambda: told(database, key) == [(LI, "app", "sent")], "Li's page")
        clock.us += 30 * S
        running.wake()
        until(lambda: (LI, "sms", "sent") in told(database, key), "Li's text")
        assert modem.sent[0]["user_data"]["data"] == WORDS[0]
        assert modem.sent[0]["recipient"]["number"] == NUMBERS["li"].removeprefix("+")
        modem.report(modem.sent[0]["given"], NUMBERS["li"].removeprefix("+"), 0x46)
        until(lambda: (LI, "sms", "failed") in told(database, key), "the failure")
        until(lambda: (WANG, "app", "sent") in told(database, key), "Wang's page")
        clock.us += 1 * S
        running.tell(key, WANG, "app", "delivered", WANG)
        assert state(database, key) == "delivered"
        running.tell(key, WANG, "app", "answered", WANG)
        assert state(database, key) == "answered"
        clock.us += 3600 * S
        running.wake()
        until(lambda: modem.waiting == [], "the acknowledgement")
        assert len(modem.sent) == 1
    finally:
        running.close()


def test_a_report_finds_its_message_after_a_restart(
    database: Database, clock: Clock, modem: AtModem
) -> None:
    key = make(database, notice(clock, (LI, ("sms",))))
    running = Reaching(database, SEALER, clock, sender=ByModem(modem.port))
    until(lambda: (LI, "sms", "sent") in told(database, key), "Li's text")
    running.close()
    # It names the number as the network does, and comes while nobody listens.
    modem.report(modem.sent[0]["given"], NUMBERS["li"].removeprefix("+"), 0)
    running = Reaching(database, SEALER, clock, sender=ByModem(modem.port))
    try:
        until(lambda: state(database, key) == "delivered", "the delivery")
        assert told(database, key) == [(LI, "sms", "sent"), (LI, "sms", "delivered")]
    finally:
        running.close()


def test_a_report_on_another_number_is_no_delivery(
    database: Database, clock: Clock, modem: AtModem
) -> None:
    key = make(database, notice(clock, (LI, ("sms",))))
    running = Reaching(database, SEALER, clock, sender=ByModem(modem.port))
    try:
        until(lambda: (LI, "sms", "sent") in told(database, key), "Li's text")
        modem.report(modem.sent[0]["given"], "8613800000000", 0)
        until(lambda: modem.waiting == [], "the acknowledgement")
        assert state(database, key) == "under_way"
    finally:
        running.close()


def test_without_a_modem_there_the_next_is_told_at_once(database: Database, clock: Clock) -> None:
    key = make(database, notice(clock, (LI, ("sms",)), (WANG, ("app",))))
    running = Reaching(database, SEALER, clock, sender=ByModem("/dev/littoral-nowhere"))
    try:
        until(lambda: (WANG, "app", "sent") in told(database, key), "Wang's page")
        assert told(database, key)[0] == (LI, "sms", "failed")
        assert "/dev/littoral-nowhere" in running.error
    finally:
        running.close()


def test_nobody_off_duty_is_told_and_the_end_is_said(database: Database, clock: Clock) -> None:
    key = make(database, notice(clock, (LI, ("app",)), (WANG, ("app", "voice"))))
    changed: list[str] = []
    running = Reaching(
        database, SEALER, clock, on_duty=lambda who: who == WANG, changed=changed.append
    )
    try:
        until(lambda: (WANG, "app", "sent") in told(database, key), "Wang's page")
        assert told(database, key)[0] == (LI, None, "off_duty")
        clock.us += 30 * S
        running.wake()
        until(lambda: (WANG, "voice", "sent") in told(database, key), "the call")
        running.tell(key, WANG, "voice", "failed", "account:desk", "VHF 16: no answer")
        until(lambda: state(database, key) == "exhausted", "the end")
        assert key in changed
    finally:
        running.close()


def test_the_same_event_twice_is_one(database: Database, clock: Clock) -> None:
    key, mine = make(database, notice(clock, (LI, ("app",)))), uuid4()
    running = Reaching(database, SEALER, clock)
    try:
        until(lambda: (LI, "app", "sent") in told(database, key), "Li's page")
        assert running.tell(key, LI, "app", "delivered", key=mine)
        assert not running.tell(key, LI, "app", "delivered", key=mine)
        with pytest.raises(Conflict):
            running.tell(key, LI, "app", "answered", key=mine)
    finally:
        running.close()


def test_many_at_once_are_each_sent_once(database: Database, clock: Clock, modem: AtModem) -> None:
    keys = [make(database, notice(clock, (WANG, ("sms",)))) for _ in range(20)]
    running = Reaching(database, SEALER, clock, sender=ByModem(modem.port))
    try:
        stirring = threading.Event()

        def stir() -> None:
            while not stirring.is_set():
                running.wake()

        thread = threading.Thread(target=stir)
        thread.start()
        until(lambda: all((WANG, "sms", "sent") in told(database, k) for k in keys), "all", 30)
        stirring.set()
        thread.join()
        assert len(modem.sent) == 20
    finally:
        running.close()
