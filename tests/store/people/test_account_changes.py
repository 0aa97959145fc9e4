"""Proposals on accounts: they end with who proposed them, and one person alone decides each."""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import pytest
import sqlalchemy as sa

from littoral.store import changes
from littoral.store.geofences import Conflict
from littoral.store.people import account_changes
from littoral.store.people.account_changes import GRANT, LAPSED, MADE, NotWaiting
from littoral.store.people.accounts import Membership
from littoral.store.people.outbox import as_entry

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


def proposed(world: World, by: str) -> str:
    """A change of a detector's settings that waits."""
    key = str(uuid4())
    with world.base.database.write() as connection:
        changes.propose(
            connection, key, f"settings:{key}", 1, {}, {}, ["off"], "too many", by, world.now_us
        )
    return key


def state(world: World, key: str) -> str:
    with world.base.database.read() as connection:
        return changes.one(connection, key).state


def test_what_who_is_suspended_proposed_of_the_watch_lapses(world: World) -> None:
    world.officer("chief.two", "administrator")
    left, stays = world.officer("left", "watch_lead"), world.officer("stays", "watch_lead")
    mine, other = proposed(world, "left"), proposed(world, "stays")
    world.directory.suspend(left, "chief.two", "left")
    assert (state(world, mine), state(world, other)) == ("lapsed", "waiting")
    last = world.told[-1]
    assert (last.action, last.thing, last.actor) == ("change.lapse", mine, "chief.two")
    assert as_entry(last).thing == f"change:{mine}"
    with world.base.database.write() as connection, pytest.raises(Conflict):
        changes.decide(connection, mine, True, "", "stays", world.now_us)
    assert world.directory.account(stays).active


def test_what_who_loses_a_role_proposed_of_the_watch_lapses(world: World) -> None:
    account = world.officer("left", "watch_lead")
    mine = proposed(world, "left")
    (role,) = world.directory.account(account).memberships
    assert not world.directory.end_membership("none", "chief", account)
    assert state(world, mine) == "waiting"
    assert world.directory.end_membership(role.id, "chief", account)
    assert state(world, mine) == "lapsed"
    assert world.actions()[-2:] == ["account.end_role", "change.lapse"]


def test_what_who_loses_a_role_proposed_of_accounts_lapses(world: World) -> None:
    world.officer("other", "administrator")
    wang, left = world.officer(), world.officer("left", "administrator")
    role = Membership("analyst", "460100")
    mine = world.directory.propose(wang, GRANT, "needed", left, role)
    other = world.directory.propose(wang, GRANT, "needed", "chief", Membership("auditor", "460100"))
    (held,) = world.directory.account(left).memberships
    assert world.directory.end_membership(held.id, "chief", left)
    assert world.directory.change(mine.id).state == LAPSED
    assert world.directory.change(other.id).state == "waiting"
    assert world.actions()[-2:] == ["account.end_role", "account.lapse"]


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
