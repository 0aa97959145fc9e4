"""What each phone holds, on SQLite and PostgreSQL: whatever answers are lost on the way, a phone
that asks until nothing more comes has all that it may have and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from littoral.store.database import Database
from littoral.store.records import Records
from littoral.store.sync import scope
from littoral.store.sync.tables import devices, held

NOW = 1_795_900_000_000_000
Key = tuple[str, str]


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Records.open(url, now_us=lambda: NOW) as opened:
        yield opened.database


@dataclass
class Device:
    """Keeps what it hears, and the token with it."""

    name: str
    token: str = ""
    things: dict[Key, int] = field(default_factory=dict)
    reasons: dict[Key, str] = field(default_factory=dict)

    def ask(self, database: Database, wanted: dict[Key, int], heard: bool = True) -> bool:
        """Whether more waits. An answer that is not heard changes nothing on the phone."""
        with database.write() as connection:
            phone = scope.phone(connection, self.name, "a-1", self.token, NOW)
            found = scope.changed(
                connection, phone, wanted, lambda kind, thing, version: "ended", {"n": 1}, NOW
            )
        if heard:
            if phone.is_new:
                self.things.clear()
            self.token = found.token
            self.things |= {key: wanted[key] for key in found.send}
            for kind, thing, why in found.gone:
                self.things.pop((kind, thing), None)
                self.reasons[kind, thing] = why
        return found.more


@pytest.mark.parametrize("seed", range(4))
def test_lost_answers_lose_nothing(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    wanted: dict[Key, int] = {}
    phones = [Device(f"phone-{n}") for n in range(2)]
    lost = 0
    for step in range(40):
        for _ in range(chance.randrange(8)):
            key = ("incident" if chance.random() < 0.7 else "task", f"t-{chance.randrange(30)}")
            if key in wanted and chance.random() < 0.5:
                del wanted[key]
            else:
                wanted[key] = step + 1
        for phone in phones:
            heard = chance.random() < 0.6
            lost += not heard
            phone.ask(database, dict(wanted), heard)
    assert lost > 10
    for phone in phones:
        while phone.ask(database, wanted):
            pass
        assert phone.things == wanted
        assert phone.reasons
        assert set(phone.reasons.values()) == {"ended"}


def test_much_comes_in_parts(database: Database) -> None:
    wanted = {("incident", f"t-{n}"): 1 for n in range(2 * scope.MOST + 5)}
    phone = Device("phone")
    assert [phone.ask(database, wanted) for _ in range(3)] == [True, True, False]
    assert phone.things == wanted


@pytest.mark.parametrize("token", ["", "x", "x.1", ".", "x.-1", f"x.{'9' * 40}", "0.0"])
def test_a_token_that_does_not_fit_begins_anew(database: Database, token: str) -> None:
    wanted = {("incident", "t-1"): 1}
    phone = Device("phone")
    phone.ask(database, wanted)
    before, phone.token = phone.token, token
    phone.things["task", "of before"] = 1
    phone.ask(database, wanted)
    assert phone.things == wanted
    assert phone.token.split(".")[0] != before.split(".")[0]


def test_a_phone_that_was_not_heard_for_long_is_forgotten(database: Database) -> None:
    phone = Device("phone")
    phone.ask(database, {("incident", "t-1"): 1})
    scope.hear(database, "phone", "a-1", 5_000_000, NOW)
    with database.write() as connection:
        scope.forget(connection, NOW + scope.FORGET_US)  # not yet: it was heard at that moment
        assert _rows(connection) == (1, 1)
        scope.forget(connection, NOW + scope.FORGET_US + 1)
        assert _rows(connection) == (0, 0)


def _rows(connection: Any) -> tuple[int, ...]:
    return tuple(
        connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (devices, held)
    )
