"""Back-off: counted before the attempt, by account and by address, cleared by success alone."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from littoral.store.people import lockout
from littoral.store.people.lockout import ACCOUNT, ADDRESS, Backoff, Ticket, TooManyAttempts
from littoral.store.people.signin import Origin
from littoral.store.people.tables import lockouts

from .conftest import World

RULE = lockout.BACKOFFS[ACCOUNT]


def attempt(world: World, account: str = "a", address: str = "x") -> Ticket:
    with world.base.database.write() as connection:
        return lockout.attempt(connection, {ACCOUNT: account, ADDRESS: address}, world.now_us)


def test_waits_double_up_to_the_longest() -> None:
    rule = Backoff(free=3, first_s=10, longest_s=60, forget_s=100)
    assert [rule.wait_s(n) for n in range(1, 8)] == [0, 0, 10, 20, 40, 60, 60]
    assert rule.wait_s(10**6) == 60


def test_after_the_free_failures_each_further_one_waits(world: World) -> None:
    for _ in range(RULE.free):
        attempt(world)
    for wait_s in (15, 30, 60):
        with pytest.raises(TooManyAttempts) as refused:
            attempt(world)
        assert refused.value.wait_s == wait_s
        world.later(wait_s - 1)
        with pytest.raises(TooManyAttempts):
            attempt(world)
        world.later(1)
        attempt(world)
    # Another account from another address is free; from this one too, as yet.
    attempt(world, "b", "x")


def test_an_account_is_never_shut_for_longer_than_a_quarter_of_an_hour(world: World) -> None:
    for _ in range(20):
        attempt(world, address="")
        world.later(900)
    attempt(world, address="")


def test_an_address_that_tries_many_accounts_waits(world: World) -> None:
    for number in range(lockout.BACKOFFS[ADDRESS].free):
        attempt(world, f"account {number}")
    with pytest.raises(TooManyAttempts) as refused:
        attempt(world, "one more")
    assert refused.value.wait_s == 5
    attempt(world, "one more", "another address")


def test_an_ipv6_network_that_tries_many_accounts_waits_as_one(world: World) -> None:
    """The /64 counts: its subscriber has 2^64 addresses to try from."""
    signin, most = world.signin, lockout.BACKOFFS[ADDRESS].free
    for number in range(most):
        signin.attempt(f"account {number}", Origin(f"2001:db8:7:9::{number:x}"))
    with pytest.raises(TooManyAttempts):
        signin.attempt("one more", Origin("2001:db8:7:9:1::1"))
    signin.attempt("one more", Origin("2001:db8:7:a::1"))
    for number in range(most):
        signin.attempt(f"other {number}", Origin(f"198.51.100.{number}"))
    signin.attempt("one other", Origin("198.51.100.99"))


def test_success_clears_the_account_and_takes_back_one_from_the_address(world: World) -> None:
    for _ in range(3):
        attempt(world)
    with world.base.database.write() as connection:
        lockout.success(connection, attempt_in(connection, world))
        found = {r.kind: r.failures for r in connection.execute(sa.select(lockouts))}
    assert found == {ADDRESS: 3}


def attempt_in(connection: sa.Connection, world: World) -> Ticket:
    return lockout.attempt(connection, {ACCOUNT: "a", ADDRESS: "x"}, world.now_us)


def test_an_attempt_that_is_taken_back_does_not_open_the_lock_of_another(world: World) -> None:
    for _ in range(RULE.free - 2):
        attempt(world)
    mine = attempt(world)
    attempt(world)  # the last free one of somebody who guesses: it locks
    with world.base.database.write() as connection:
        lockout.take_back(connection, mine)
    with pytest.raises(TooManyAttempts):
        attempt(world)


def test_many_at_once_are_all_counted(world: World) -> None:
    taken, refused = [], []

    def one() -> None:
        try:
            taken.append(attempt(world, address=""))
        except TooManyAttempts:
            refused.append(1)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (RULE.free, 12 - RULE.free)


def test_counts_are_forgotten_in_time(world: World) -> None:
    for _ in range(RULE.free):
        attempt(world)
    world.later(RULE.forget_s + 1)
    with world.base.database.write() as connection:
        assert lockout.forget(connection, world.now_us) == 2
    for _ in range(RULE.free):
        attempt(world)
