"""Sessions, own credentials, suspension, and what policy reads of an identity."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from littoral.store.people import accounts, sessions
from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.identity import principals
from littoral.store.people.organisations import Agency
from littoral.store.people.own_credentials import ProveAgain
from littoral.store.people.password_rules import WeakPassword
from littoral.store.people.signin import LinkRefused, SignInRefused
from littoral.store.people.tables import sessions as sessions_table

from .acting import NEW, enrol, sign_in
from .conftest import BROWSER, PASSWORD, START_US, World

# -- own credentials


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(world: World) -> None:
    world.officer()
    other = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    mine = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    with pytest.raises(SignInRefused):
        world.own.change_password(mine.identity, "wrong", NEW)
    with pytest.raises(WeakPassword):
        world.own.change_password(mine.identity, PASSWORD, "short")
    world.own.change_password(mine.identity, PASSWORD, NEW)
    assert world.signin.identify(mine.token) is not None
    assert world.signin.identify(other.token) is None
    assert sign_in(world, password=NEW).login == "wang"


def test_changes_need_a_proof_of_the_last_quarter_hour(world: World) -> None:
    world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    enrol(world, found.identity)
    world.later(901)
    who = world.signin.identify(found.token)
    assert who is not None
    with pytest.raises(ProveAgain):
        world.own.start_totp(who)
    with pytest.raises(ProveAgain):
        world.own.remove_second_factor(who)


def test_a_second_factor_can_be_removed(world: World) -> None:
    world.officer()
    world.signin.password_alone = frozenset({"watch_officer"})
    who = sign_in(world)
    enrol(world, who)
    with pytest.raises(AccountRefused, match="must have a second factor"):
        world.own.remove_second_factor(replace(who, password_alone=frozenset()))
    assert world.own.remove_second_factor(who)
    assert not world.own.remove_second_factor(who)
    assert sign_in(world).assurance == "password"


# -- sessions


def test_a_session_ends_by_idling_and_by_age(world: World) -> None:
    world.officer()
    rules = world.signin.rules
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    world.later(rules.idle_s - 1)
    assert world.signin.identify(found.token, BROWSER.address) is not None
    world.later(rules.idle_s)
    assert world.signin.identify(found.token, BROWSER.address) is None
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    for _ in range(int(rules.absolute_s // 1800) - 1):
        world.later(1800)
        assert world.signin.identify(found.token, BROWSER.address) is not None
    world.later(1800)
    assert world.signin.identify(found.token, BROWSER.address) is None


def test_the_device_list_shows_and_ends_sessions(world: World) -> None:
    world.officer()
    one = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    world.later(120)
    two = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    world.later(1)
    who = world.signin.identify(one.token, "198.51.100.1")
    assert who is not None
    assert [(d.device, d.address) for d in world.signin.devices(who)] == [
        ("Firefox, Linux", "198.51.100.1"),
        ("Firefox, Linux", "192.0.2.7"),
    ]
    assert two.identity.session is not None
    assert world.signin.end_device(who, two.identity.session.id)
    assert not world.signin.end_device(who, two.identity.session.id)
    assert world.signin.identify(two.token) is None
    stranger = world.first().identity
    assert who.session is not None
    assert not world.signin.end_device(stranger, who.session.id)
    world.signin.sign_out(who)
    assert world.signin.identify(one.token) is None


def test_an_account_has_so_many_sessions_at_most(world: World) -> None:
    world.officer()
    tokens = []
    for _ in range(world.signin.rules.most + 2):
        tokens.append(world.signin.sign_in("wang", PASSWORD, "", BROWSER).token)
        world.later(1)
    alive = [t for t in tokens if world.signin.identify(t, BROWSER.address) is not None]
    assert alive == tokens[2:]


def test_suspension_ends_everything_at_once_and_can_be_undone(world: World) -> None:
    account = world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    token = world.directory.link_again(account, "chief")
    with pytest.raises(AccountRefused):
        world.directory.suspend(account, "chief", "")
    world.directory.suspend(account, "chief", "left the service")
    assert world.signin.identify(found.token) is None
    with pytest.raises(LinkRefused):
        world.signin.accept(token, NEW, BROWSER)
    with pytest.raises(AccountRefused):
        world.directory.link_again(account, "chief")
    world.directory.reinstate(account, "chief")
    assert world.signin.identify(found.token) is None
    assert sign_in(world).id == account


def test_a_session_opens_nothing_for_an_account_that_is_not_active(world: World) -> None:
    account = world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    with world.base.database.write() as connection:  # the sessions are left open
        accounts.set_status(connection, account, accounts.SUSPENDED, "chief", world.now_us)
    assert world.signin.identify(found.token, BROWSER.address) is None


def test_the_last_administrator_stays(world: World) -> None:
    chief = world.first().identity
    with pytest.raises(AccountRefused, match="nobody would be left"):
        world.directory.suspend(chief.id, chief.id, "mistake")
    with pytest.raises(AccountRefused, match="nobody would be left"):
        world.directory.end_membership(chief.memberships[0].id, chief.id)
    assert world.signin.identify(world.signin.sign_in("chief", PASSWORD, "", BROWSER).token)
    world.officer("second", "administrator", "460000")
    world.directory.suspend(chief.id, chief.id, "retired")


def test_a_role_ends_in_a_session_that_is_open(world: World) -> None:
    account = world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    until = world.now_us + 100 * 1_000_000
    world.directory.grant(account, Membership("analyst", "460200", None, 0, until), "chief")
    again = world.directory.grant(account, Membership("analyst", "460200", None, 0, until), "chief")

    def roles() -> set[tuple[str, str]]:
        who = world.signin.identify(found.token, BROWSER.address)
        assert who is not None
        return {(m.role, m.unit) for m in who.memberships}

    assert roles() == {("watch_officer", "460100"), ("analyst", "460200")}
    world.later(100)
    assert roles() == {("watch_officer", "460100")}
    assert not world.directory.end_membership(again.id, "chief")


def test_what_nobody_needs_is_forgotten(world: World) -> None:
    world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    world.signin.sign_out(found.identity)
    world.later(31 * 86_400)
    world.signin.forget()
    with world.base.database.read() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(sessions_table)).scalar() == 0
        )


# -- what policy reads


def test_roles_of_one_place_do_not_reach_into_another(world: World) -> None:
    world.directory.put_agencies(
        [Agency("cg-hk", "coast_guard", "460100", "海警", "CG", START_US)], "chief"
    )
    account = world.officer()
    world.directory.grant(account, Membership("analyst", "460200"), "chief")
    world.directory.grant(account, Membership("watch_lead", "460100"), "chief")
    world.directory.grant(account, Membership("investigator", "460100", "cg-hk"), "chief")
    world.later(1)
    who = sign_in(world)
    found = principals(who, world.directory.organisation())
    assert [(p["unit"], p["agency"], p["agency_kind"], p["roles"]) for p in found] == [
        ("460100", "", "", ["watch_lead", "watch_officer"]),
        ("460100", "cg-hk", "coast_guard", ["investigator"]),
        ("460200", "", "", ["analyst"]),
    ]
    assert {(p["tier"], tuple(p["area"]), p["assurance"], p["active"]) for p in found} == {
        ("city", ("460000",), "password", True)
    }


def test_sessions_do_not_share_tokens_with_other_tables(world: World) -> None:
    token = world.signin.first_start_link()
    assert token is not None
    assert world.signin.identify(token) is None
    with world.base.database.read() as connection:
        assert sessions.find(connection, token, world.now_us, world.signin.rules) is None


# -- many at once


def test_many_are_identified_as_each_alone(world: World) -> None:
    """Open, ended, idle, too old, of a suspended account, and one that is not there."""
    world.first()
    suspended = world.officer("li")
    world.officer("wang")
    world.officer("zhao")
    ended = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    out = world.signin.sign_in("li", PASSWORD, "", BROWSER)
    idle = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    world.signin.sign_out(ended.identity)
    with world.base.database.write() as connection:
        accounts.set_status(connection, suspended, accounts.SUSPENDED, "chief", world.now_us)
    world.later(world.signin.rules.idle_s + 1)
    opened = [world.signin.sign_in(login, PASSWORD, "", BROWSER) for login in ("wang", "zhao")]
    every = [ended, out, idle, *opened]
    keys = [found.identity.session.id for found in every if found.identity.session]
    asking = {key: BROWSER.address for key in keys} | {"not-there": "192.0.2.1"}
    found = world.signin.identify_all(asking)
    assert set(found) == set(keys[3:])
    for each in opened:
        assert each.identity.session is not None
        alone = world.signin.identify(each.token, BROWSER.address)
        assert found[each.identity.session.id] == alone
    assert world.signin.identify_all({}) == {}


def test_many_at_once_are_seen_as_each_alone_is(world: World) -> None:
    """So that who only watches does not count as idle, and another address is kept."""
    world.officer("wang")
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    assert found.identity.session is not None
    key = found.identity.session.id

    def kept() -> tuple[int, str]:
        with world.base.database.read() as connection:
            query = sa.select(sessions_table).where(sessions_table.c.id == key)
            row = connection.execute(query).one()
        return row.seen_us, row.address

    before = kept()
    world.later(world.signin.rules.seen_every_s - 1)
    world.signin.identify_all({key: BROWSER.address})
    assert kept() == before
    world.later(1)
    world.signin.identify_all({key: BROWSER.address})
    assert kept() == (world.now_us, BROWSER.address)
    world.signin.identify_all({key: "198.51.100.3"})
    assert kept() == (world.now_us, "198.51.100.3")
