"""The roles that two give are those to which the policies open persons, keys or policies."""

from __future__ import annotations

import re

from littoral.access import shipped
from littoral.access.words import ACTIONS, ROLES
from littoral.store.people.words import PRIVILEGED, PRIVILEGED_ACTIONS, SYSTEM


def test_privileged_roles_are_those_of_the_policies() -> None:
    assert set(ACTIONS) >= PRIVILEGED_ACTIONS
    assert set(ROLES) >= PRIVILEGED
    found = set()
    for file, text in shipped().policies.items():
        if file == "breakglass.cedar":  # open in an emergency to whoever is on watch, and reviewed
            continue
        for rule in re.split(r"(?=@id\()", text):
            actions = set(re.findall(r'Action::"([\w.]+)"', rule))
            if "\npermit (" in rule and actions & PRIVILEGED_ACTIONS:
                found |= set(re.findall(r'roles\.contains\("(\w+)"\)', rule))
    assert found - {SYSTEM} == PRIVILEGED
