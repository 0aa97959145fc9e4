"""Proposals on accounts: they end with who proposed them, and one person alone decides each."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from littoral.store.people import account_changes
from littoral.store.people.account_changes import GRANT, LAPSED, MADE, NotWaiting
from littoral.store.people.accounts import Membership

from .conftest import World


def test_what_who_is_suspended_proposed_lapses(world: World) -> None:
    world.officer("other", "administrator")
    wang, mallory = world.officer(), world.officer("mallory", "administrator")
    role = Membership("analyst", "460100")
    mine = world.directory.propose(wang, GRANT, "needed", mallory, role)
    other = world.directory.propose(wang, GRANT, "needed", "chief", Membership("auditor", "460100"))
    world.directory.suspend(mallory, "chief", "left")
    assert world.directory.change(mine.id).state == LAPSED
    assert world.directory.change(other.id).state == "waiting"
    with pytest.raises(NotWaiting):
        world.directory.decide(mine.id, True, "", "second")
    assert world.actions()[-2:] == ["account.suspend", "account.lapse"]


def test_two_who_decide_at_once_decide_once(world: World) -> None:
    wang, database = world.officer(), world.base.database
    role = Membership("analyst", "460100")
    key = world.directory.propose(wang, GRANT, "needed", "chief", role).id
    said: list[str] = []

    def refuse() -> None:
        try:
            with database.write() as connection:
                account_changes.decide(connection, key, False, "", "third", world.now_us)
            said.append("refused")
        except NotWaiting:
            said.append("too late")

    other = threading.Thread(target=refuse)
    with database.write() as connection:
        account_changes.decide(connection, key, True, "", "second", world.now_us)
        other.start()
        if connection.dialect.name == "postgresql":
            waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            until_s = time.monotonic() + 20
            while not connection.execute(waits).scalar() and time.monotonic() < until_s:
                time.sleep(0.02)
    other.join()
    assert said == ["too late"]
    assert world.directory.change(key).state == MADE
