"""Signing in: first start, invitations, passwords, codes; what is kept and told to the log."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from littoral.store.people import accounts, lockout, totp
from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.credentials import Passwords
from littoral.store.people.lockout import TooManyAttempts
from littoral.store.people.password_rules import WeakPassword
from littoral.store.people.signin import LinkRefused, SecondFactorNeeded, SignIn, SignInRefused
from littoral.store.people.tables import api_keys, credentials, links
from littoral.store.people.tables import sessions as sessions_table

from .acting import NEW, code_now, enrol, sign_in
from .conftest import BROWSER, PASSWORD, START_US, World

# -- first start


def test_the_first_start_link_makes_one_administrator(world: World) -> None:
    token = world.signin.first_start_link()
    assert token is not None
    found = world.signin.first_start(token, "Chief", " 总  管 ", PASSWORD, "460000", BROWSER)
    who = found.identity
    assert (who.login, who.name, who.roles, who.assurance) == (
        "chief", "总 管", {"administrator"}, "password",
    )  # fmt: skip
    assert world.signin.identify(found.token, BROWSER.address) == who
    assert world.signin.first_start_link() is None
    with pytest.raises(LinkRefused):
        world.signin.first_start(token, "second", "Second", PASSWORD, "460000", BROWSER)
    assert world.actions() == ["account.first_start_link", "account.first_start"]


def test_only_the_newest_link_works_and_within_the_hour(world: World) -> None:
    old, new = world.signin.first_start_link(), world.signin.first_start_link()
    assert old is not None
    assert new is not None
    with pytest.raises(LinkRefused):
        world.signin.first_start(old, "chief", "Chief", PASSWORD, "460000", BROWSER)
    world.later(3601)
    with pytest.raises(LinkRefused):
        world.signin.first_start(new, "chief", "Chief", PASSWORD, "460000", BROWSER)


def test_a_first_start_link_is_void_once_somebody_may_administer(world: World) -> None:
    token = world.signin.first_start_link()
    assert token is not None
    world.officer("chief", "administrator", "460000")
    with pytest.raises(LinkRefused):
        world.signin.first_start(token, "second", "Second", PASSWORD, "460000", BROWSER)


def test_a_link_outlives_a_refusal(world: World) -> None:
    token = world.signin.first_start_link()
    assert token is not None
    with pytest.raises(WeakPassword):
        world.signin.first_start(token, "chief", "Chief", "short", "460000", BROWSER)
    with pytest.raises(AccountRefused):
        world.signin.first_start(token, "no blanks", "Chief", PASSWORD, "460000", BROWSER)
    world.signin.first_start(token, "chief", "Chief", PASSWORD, "460000", BROWSER)


def test_no_account_is_there_before_the_first_start(world: World) -> None:
    assert world.directory.accounts() == []
    for login, password in (
        ("admin", "admin"),
        ("admin", "password"),
        ("root", "littoral"),
        ("\0", "\0"),
    ):
        with pytest.raises(SignInRefused):
            sign_in(world, login, password)


# -- invitations


def test_an_invitation_works_once_within_a_week(world: World) -> None:
    made, token = world.directory.invite("wang", "王伟", [Membership("analyst", "460100")], "chief")
    assert made.status == accounts.INVITED
    with pytest.raises(SignInRefused):
        sign_in(world)
    found = world.signin.accept(token, PASSWORD, BROWSER)
    assert found.identity.roles == {"analyst"}
    assert sign_in(world).id == made.id
    with pytest.raises(LinkRefused):
        world.signin.accept(token, NEW, BROWSER)
    _, late = world.directory.invite("li", "Li", [Membership("analyst", "460100")], "chief")
    world.later(7 * 86_400)
    with pytest.raises(LinkRefused):
        world.signin.accept(late, PASSWORD, BROWSER)


def test_two_that_accept_at_once_are_not_both_taken(world: World) -> None:
    _, token = world.directory.invite("wang", "王伟", [Membership("analyst", "460100")], "chief")
    done: list[str] = []

    def accept() -> None:
        try:
            world.signin.accept(token, PASSWORD, BROWSER)
            done.append("taken")
        except LinkRefused:
            done.append("refused")

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["refused", "refused", "refused", "taken"]


def test_the_password_may_not_be_made_of_the_account(world: World) -> None:
    _, token = world.directory.invite(
        "wang.wei", "王伟", [Membership("analyst", "460100")], "chief"
    )
    with pytest.raises(WeakPassword):
        world.signin.accept(token, "wang.wei-2026", BROWSER)
    world.signin.accept(token, PASSWORD, BROWSER)


def test_a_reset_sets_a_new_password_and_ends_all_sessions(world: World) -> None:
    account = world.officer()
    open_session = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    token = world.directory.link_again(account, "chief")
    world.signin.accept(token, NEW, BROWSER)
    assert world.signin.identify(open_session.token) is None
    with pytest.raises(SignInRefused):
        sign_in(world)
    assert sign_in(world, password=NEW).id == account


def test_a_reset_does_not_get_around_the_second_factor(world: World) -> None:
    account = world.officer()
    secret, _ = enrol(world, sign_in(world))
    token = world.directory.link_again(account, "chief")
    with pytest.raises(SecondFactorNeeded):
        world.signin.accept(token, NEW, BROWSER)
    world.later(30)
    assert sign_in(world, password=NEW, code=code_now(world, secret)).assurance == "totp"


@pytest.mark.parametrize(
    ("role", "unit", "agency", "field"),
    [
        ("emperor", "460100", None, "role"),
        ("system", "460100", None, "role"),
        ("analyst", "999999", None, "unit"),
        ("analyst", "460100", "nobody", "agency"),
    ],
)
def test_roles_and_places_must_be_there(
    world: World, role: str, unit: str, agency: str | None, field: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        world.directory.invite("wang", "王伟", [Membership(role, unit, agency)], "chief")
    assert refused.value.field == field
    assert world.directory.accounts() == []


def test_a_login_is_one_however_it_is_written(world: World) -> None:
    world.officer("Wang.Wei")
    with pytest.raises(AccountRefused, match="taken"):
        world.directory.invite("ＷＡＮＧ.wei", "王伟", [Membership("analyst", "460100")], "chief")
    assert sign_in(world, " WANG.WEI ").login == "wang.wei"


# -- signing in


def test_every_refusal_is_the_same_and_tells_the_log_who(world: World) -> None:
    suspended, invited = world.officer("li"), "zhao"
    known = world.officer()
    world.directory.invite(invited, "Zhao", [Membership("analyst", "460100")], "chief")
    world.directory.suspend(suspended, "chief", "left")
    world.told.clear()
    said = set()
    for login, password in (
        ("wang", "wrong"), ("nobody", PASSWORD), ("li", PASSWORD), ("zhao", PASSWORD)
    ):  # fmt: skip
        with pytest.raises(SignInRefused) as refused:
            sign_in(world, login, password)
        said.add((str(refused.value), type(refused.value)))
    assert len(said) == 1
    assert [(e.action, e.actor, e.detail) for e in world.told] == [
        ("signin.failure", "", detail) for detail in ("active", "unknown", "suspended", "invited")
    ]
    assert world.told[0].thing == known
    # What a stranger typed, perhaps a password in the wrong field, is not in the log in clear.
    assert world.told[1].thing == lockout.subject("nobody")
    assert all(e.address == BROWSER.address for e in world.told)


def test_failures_lock_and_a_login_that_is_not_there_locks_alike(world: World) -> None:
    world.officer()
    for login in ("wang", "nobody"):
        for _ in range(5):
            with pytest.raises(SignInRefused):
                sign_in(world, login, "wrong")
        with pytest.raises(TooManyAttempts) as refused:
            sign_in(world, login)
        assert refused.value.wait_s == 15
    assert world.actions().count("signin.locked") == 2
    world.later(15)
    assert sign_in(world).login == "wang"
    for _ in range(4):
        with pytest.raises(SignInRefused):
            sign_in(world, password="wrong")
    assert sign_in(world).login == "wang"


def test_a_password_of_old_parameters_is_hashed_anew(world: World) -> None:
    world.officer()
    stronger = SignIn(world.base, world.signin.sealer, Passwords(memory_kib=128, passes=1))

    def kept() -> str:
        with world.base.database.read() as connection:
            return connection.execute(
                sa.select(credentials.c.secret).where(credentials.c.kind == "password")
            ).scalar_one()

    assert "m=64," in kept()
    stronger.sign_in("wang", PASSWORD, "", BROWSER)
    assert "m=128," in kept()
    stronger.sign_in("wang", PASSWORD, "", BROWSER)


# -- the second factor


def test_with_an_authenticator_the_code_is_wanted_too(world: World) -> None:
    world.officer()
    who = sign_in(world)
    other = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    secret, codes = enrol(world, who)
    assert len(codes) == 10
    assert world.signin.identify(other.token) is None  # sessions of one factor have ended
    with pytest.raises(SecondFactorNeeded):
        sign_in(world)
    with pytest.raises(SignInRefused):
        sign_in(world, code=code_now(world, secret))  # it was used to enrol
    world.later(30)
    assert sign_in(world, code=code_now(world, secret)).assurance == "totp"
    with pytest.raises(SignInRefused):
        sign_in(world, code=code_now(world, secret))
    with pytest.raises(SignInRefused):  # the code without the password says nothing
        sign_in(world, password="wrong", code=code_now(world, secret))


def test_recovery_codes_work_once_each(world: World) -> None:
    world.officer()
    _, codes = enrol(world, sign_in(world))
    assert sign_in(world, code=codes[0].upper()).assurance == "totp"
    with pytest.raises(SignInRefused):
        sign_in(world, code=codes[0])
    assert sign_in(world, code=codes[9].replace("-", "")).assurance == "totp"


def test_who_knows_the_password_cannot_guess_codes_without_end(world: World) -> None:
    world.officer()
    enrol(world, sign_in(world))
    refused = 0
    while refused < 20:
        try:
            sign_in(world)  # counts for nothing, and clears nothing
        except SecondFactorNeeded:
            with pytest.raises(SignInRefused):
                sign_in(world, code="000000")
        except TooManyAttempts:
            break
        refused += 1
    assert refused == lockout.BACKOFFS[lockout.ACCOUNT].free


def test_an_enrolment_counts_once_it_is_confirmed(world: World) -> None:
    world.officer()
    who = sign_in(world)
    world.own.start_totp(who)
    assert sign_in(world).assurance == "password"
    with pytest.raises(SignInRefused):
        world.own.confirm_totp(who, "000000")
    assert sign_in(world).assurance == "password"


def test_a_lost_authenticator_is_cleared_by_another(world: World) -> None:
    account = world.officer()
    enrol(world, sign_in(world))
    with pytest.raises(AccountRefused):
        world.directory.clear_second_factors(account, "chief", " ")
    assert world.directory.clear_second_factors(account, "chief", "phone lost") == 11
    assert sign_in(world).assurance == "password"


def test_secrets_are_nowhere_in_clear(world: World) -> None:
    world.officer()
    found = world.signin.sign_in("wang", PASSWORD, "", BROWSER)
    secret, codes = enrol(world, found.identity)
    link = world.directory.link_again(found.identity.id, "chief")
    key, _ = world.directory.create_key(
        "radar", ["intake.write"], "460100", None, START_US + 10**12, "chief"
    )
    with world.base.database.read() as connection:
        rows = [
            str(value)
            for table in (credentials, sessions_table, links, api_keys)
            for row in connection.execute(sa.select(table))
            for value in row
        ]
    assert len(rows) > 150
    everything = "\n".join(rows)
    hidden = [PASSWORD, found.token, link, key, key[-43:], totp.base32(secret), secret.hex()]
    for word in [*hidden, *codes, *(c.replace("-", "") for c in codes)]:
        assert word not in everything
    # The log is told none of it either.
    assert not any(word in str(world.told) for word in [*hidden, *codes])
