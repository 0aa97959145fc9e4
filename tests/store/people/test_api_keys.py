"""Keys of systems: scoped, expiring, revocable; only a hash is kept."""

from __future__ import annotations

import re

import pytest

from littoral.store.people.api_keys import KeyRefused
from littoral.store.people.identity import principals

from .conftest import World

DAY_US = 86_400_000_000


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
        ("radar", ["intake.write"], "460100", 367, "expires"),
    ],
)
def test_a_key_without_bounds_is_refused(
    world: World, name: str, actions: list[str], unit: str, days: int, field: str
) -> None:
    with pytest.raises(KeyRefused) as refused:
        world.directory.create_key(name, actions, unit, None, world.now_us + days * DAY_US, "chief")
    assert refused.value.field == field
    assert world.directory.api_keys() == []
