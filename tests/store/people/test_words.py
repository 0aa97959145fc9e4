"""Every role of people opens persons, keys or policies, or counts in a rule of two, so two give it;
and the roles that always need a second factor are those that the policies say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from littoral.access import shipped
from littoral.access.words import ACTIONS, ROLES
from littoral.store.people.words import (
    KEY_ACTIONS_ALONE,
    KEY_ACTIONS_BY_TWO,
    ROLES_ZH,
    SYSTEM,
    TWO_FACTOR_ACTIONS,
    TWO_FACTOR_ROLES,
)

# What opens persons, their cases, grants and evidence, or keys and policies.
OPENS = {
    "person.read", "person.search", "person.export", "person.erase", "case.open", "case.read",
    "case.close", "grant.request", "grant.approve", "breakglass.use", "breakglass.review",
    "evidence.read", "hold.write", "retention.run", "intake.write", "unit.write", "user.write",
    "key.write", "policy.propose", "policy.sign", "log.read", "oversight.read",
}  # fmt: skip


def rules() -> Iterator[tuple[str, str]]:
    """File and text of each rule."""
    for file, text in shipped().policies.items():
        for rule in re.split(r"(?=@id\()", text):
            yield file, rule


def actions_of(rule: str) -> set[str]:
    return set(re.findall(r'Action::"([\w.]+)"', rule))


def by_two() -> set[str]:
    """Actions for which a rule asks for a second person."""
    named = [actions_of(rule) for _, rule in rules() if "context.second_person" in rule]
    return set().union(*named)


def permitted(role: str) -> set[str]:
    mine = [actions_of(r) for _, r in rules() if "\npermit (" in r and f'contains("{role}")' in r]
    return set().union(*mine)


def test_every_role_of_people_is_one_that_two_give() -> None:
    assert set(ACTIONS) >= OPENS | by_two()
    assert by_two() >= {
        "fence.write", "outage.write", "settings.write", "alert.dismiss", "person.export",
        "person.erase", "grant.approve", "user.write", "policy.sign", "key.write",
    }  # fmt: skip
    harmless = [r for r in ROLES if r != SYSTEM and not permitted(r) & (OPENS | by_two())]
    assert harmless == []


def test_a_key_that_sees_the_watch_or_persons_or_erases_is_made_by_two() -> None:
    """A system hands persons in, which tells it nothing of them."""
    opens = permitted(SYSTEM) & (OPENS | by_two())
    assert opens - {"intake.write"} <= KEY_ACTIONS_BY_TWO
    assert permitted(SYSTEM) & KEY_ACTIONS_BY_TWO == {
        "picture.read", "alert.read", "oversight.read", "retention.run",
    }  # fmt: skip
    reading = {a for a in ACTIONS if a.endswith((".read", ".answers", ".search", ".export"))}
    assert reading - KEY_ACTIONS_BY_TWO == {"unit.read", "fence.read"}
    assert set(ACTIONS) >= KEY_ACTIONS_ALONE


def test_roles_that_always_need_a_second_factor_are_those_of_the_policies() -> None:
    assert set(ACTIONS) >= TWO_FACTOR_ACTIONS
    assert set(ROLES) >= TWO_FACTOR_ROLES
    found = set()
    for file, rule in rules():
        if file == "breakglass.cedar":  # open in an emergency to whoever is on watch, and reviewed
            continue
        if "\npermit (" in rule and actions_of(rule) & TWO_FACTOR_ACTIONS:
            found |= set(re.findall(r'roles\.contains\("(\w+)"\)', rule))
    assert found - {SYSTEM} == TWO_FACTOR_ROLES


def test_a_sheet_takes_roles_as_the_page_calls_them() -> None:
    page = json.loads((Path(__file__).parents[3] / "web/words/zh.json").read_text("utf-8"))
    assert {page[f"role.{role}"]: role for role in ROLES if role != SYSTEM} == ROLES_ZH
