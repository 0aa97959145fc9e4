"""Keys of systems: scoped, expiring, revocable; only a hash is kept."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from littoral.store.people.api_keys import KeyRefused, Renewed
from littoral.store.people.identity import principals
from littoral.store.people.tables import api_keys

from .conftest import World

DAY_US = 86_400_000_000
DAY_S = 86_400.0


def make(world: World, days: float = 30) -> tuple[str, str]:
    written, kept = world.directory.create_key(
        " radar  of Haikou ", ["intake.write", "intake.write", "picture.read"], "460100", None,
        world.now_us + int(days * DAY_US), "chief",
    )  # fmt: skip
    return written, kept.id


def test_a_key_may_do_its_actions_in_its_unit(world: World) -> None:
    written, key_id = make(world)
    assert re.fullmatch(r"litt_[a-z2-9]{10}_[A-Za-z0-9_-]{43}", written)
    who = world.signin.identify_key(written, "192.0.2.1")
    assert who is not None
    assert (who.id, who.kind, who.name, who.assurance, who.roles) == (
        key_id, "key", "radar of Haikou", "key", {"system"},
    )  # fmt: skip
    assert who.actions == {"intake.write", "picture.read"}
    (principal,) = principals(who, world.directory.organisation())
    assert (principal["roles"], principal["unit"], principal["area"]) == (
        ["system"], "460100", ["460000"],
    )  # fmt: skip
    (kept,) = world.directory.api_keys()
    assert (kept.last_used_us, kept.last_address) == (world.now_us, "192.0.2.1")
    assert (kept.expires_us, kept.created_by) == (world.now_us + 30 * DAY_US, "chief")


def test_a_key_expires_and_can_be_revoked(world: World) -> None:
    short, _ = make(world, days=1)
    long, key_id = make(world)
    world.later(86_400)
    assert world.signin.identify_key(short) is None
    assert world.signin.identify_key(long) is not None
    assert world.directory.end_key(key_id, "chief")
    assert not world.directory.end_key(key_id, "chief")
    assert world.signin.identify_key(long) is None
    assert world.actions() == ["key.create", "key.create", "key.revoke"]


def test_what_is_no_key_opens_nothing(world: World) -> None:
    written, _ = make(world)
    prefix = written.split("_")[1]
    wrong = [
        "", "litt", "litt_", f"litt_{prefix}", f"litt_{prefix}_", f"litt_{prefix}_x",
        written[:-1], written + "x", written.replace("litt", "lit"),
        f"litt_aaaaaaaaaa_{written[-43:]}", "\0", f"litt_\0_{written[-43:]}",
    ]  # fmt: skip
    assert [w for w in wrong if world.signin.identify_key(w) is not None] == []


@pytest.mark.parametrize(
    ("name", "actions", "unit", "days", "field"),
    [
        (" ", ["intake.write"], "460100", 1, "name"),
        ("radar", [], "460100", 1, "actions"),
        ("radar", ["intake.write", "everything"], "460100", 1, "actions"),
        ("radar", ["intake.write"], "999999", 1, "unit"),
        ("radar", ["intake.write"], "460100", 0, "expires"),
        ("radar", ["intake.write"], "460100", 91, "expires"),
    ],
)
def test_a_key_without_bounds_is_refused(
    world: World, name: str, actions: list[str], unit: str, days: int, field: str
) -> None:
    with pytest.raises(KeyRefused) as refused:
        world.directory.create_key(name, actions, unit, None, world.now_us + days * DAY_US, "chief")
    assert refused.value.field == field
    assert world.directory.api_keys() == []


def renewable(world: World, days: float = 30) -> tuple[str, str]:
    written, kept = world.directory.create_key(
        "radar", ["intake.write", "key.renew"], "460100", None,
        world.now_us + int(days * DAY_US), "chief",
    )  # fmt: skip
    return written, kept.id


def renew(world: World, key_id: str) -> Renewed:
    renewed = world.directory.renew_key(key_id)
    assert renewed is not None
    return renewed


def test_a_renewed_key_is_the_same_for_as_long_and_the_old_one_ends_within_a_day(
    world: World,
) -> None:
    written, key_id = renewable(world)
    world.later(20 * DAY_S)
    made = renew(world, key_id).made
    assert (made.name, made.actions, made.unit, made.agency, made.created_by, made.renews) == (
        "radar", ("intake.write", "key.renew"), "460100", None, f"key:{key_id}", key_id,
    )  # fmt: skip
    assert made.expires_us == world.now_us + 30 * DAY_US
    world.later(DAY_S - 1)
    assert world.signin.identify_key(written) is not None
    world.later(1)
    assert world.signin.identify_key(written) is None
    assert [(e.action, e.actor, e.thing) for e in world.told] == [
        ("key.create", "chief", key_id), ("key.renew", f"key:{key_id}", made.id),
    ]  # fmt: skip


def test_the_overlap_never_goes_beyond_the_old_keys_own_end(world: World) -> None:
    written, key_id = renewable(world, days=2)
    world.later(1.5 * DAY_S)
    renewed = renew(world, key_id)
    assert renewed.previous.ends_us == renewed.previous.expires_us
    assert renewed.made.expires_us == world.now_us + 2 * DAY_US
    world.later(0.5 * DAY_S)
    assert world.signin.identify_key(written) is None


def test_an_answer_that_was_lost_is_asked_for_again_and_gives_no_longer_overlap(
    world: World,
) -> None:
    written, key_id = renewable(world)
    lost = renew(world, key_id)
    world.later(0.5 * DAY_S)
    again = renew(world, key_id)
    assert again.dropped == (lost.made.id,)
    assert world.signin.identify_key(lost.written) is None
    assert world.signin.identify_key(again.written) is not None
    world.later(0.5 * DAY_S)
    assert world.signin.identify_key(written) is None


def test_a_copy_of_a_key_cannot_be_renewed_once_the_new_one_is_in_use(world: World) -> None:
    _, key_id = renewable(world)
    renewed = renew(world, key_id)
    assert world.signin.identify_key(renewed.written) is not None
    world.later(60)
    assert world.directory.renew_key(key_id) is None
    assert world.actions() == ["key.create", "key.renew", "key.renew.refused"]
    assert world.signin.identify_key(renewed.written) is not None


@pytest.mark.parametrize("revoked", [0, 1, 2])
def test_to_revoke_one_key_ends_its_whole_line(world: World, revoked: int) -> None:
    written, key_id = renewable(world)
    line = [(written, key_id)]
    for _ in range(2):
        renewed = renew(world, line[-1][1])
        line.append((renewed.written, renewed.made.id))
        assert world.signin.identify_key(renewed.written) is not None
    other, _ = renewable(world)
    assert world.directory.end_key(line[revoked][1], "chief")
    assert [world.signin.identify_key(key) for key, _ in line] == [None, None, None]
    assert world.signin.identify_key(other) is not None
    assert not world.directory.end_key(key_id, "chief")
    assert sorted(e.thing for e in world.told if e.action == "key.revoke") == sorted(
        key for _, key in line
    )


def test_a_key_that_has_ended_is_not_renewed(world: World) -> None:
    _, short = renewable(world, days=1)
    _, revoked = renewable(world)
    world.later(DAY_S)
    world.directory.end_key(revoked, "chief")
    for key_id in (short, revoked, "none"):
        with pytest.raises(KeyRefused, match="has ended"):
            world.directory.renew_key(key_id)


def test_a_key_of_before_that_was_made_for_a_year_stays_and_is_renewed_for_90_days(
    world: World,
) -> None:
    written, key_id = renewable(world)
    year_us = world.now_us + 365 * DAY_US
    with world.base.database.write() as connection:
        connection.execute(sa.update(api_keys).values(expires_us=year_us))
    world.later(200 * DAY_S)
    assert world.signin.identify_key(written) is not None
    assert renew(world, key_id).made.expires_us == world.now_us + 90 * DAY_US
