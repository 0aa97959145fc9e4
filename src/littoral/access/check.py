"""What must hold of a policy set before anybody signs it: `littoral policy check`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import cedarpy

from littoral.access import words
from littoral.access.filter import SCALARS, SETS
from littoral.access.rules import BadPolicies, PolicyFiles, Rule


def check(files: PolicyFiles) -> list[str]:
    """Complaints in words, each with the rule it is about; none if the set may be signed."""
    try:
        rules = files.rules
        schema = cedarpy.Schema.from_str(files.schema)
    except (BadPolicies, ValueError) as error:
        return [str(error)]
    said = unknown_actions(list(rules.values()))
    for name, text in sorted(files.policies.items()):
        found = cedarpy.validate_policies(text, schema)
        ids = found.id_annotations_by_policy_id
        said += [f"{name}: {ids.get(e.policy_id, e.policy_id)}: {e.error}" for e in found.errors]
    return said + [complaint for rule in rules.values() for complaint in unfilterable(rule)]


def unknown_actions(rules: list[Rule]) -> list[str]:
    return [
        f"{rule.file}: {rule.id}: the action {action} does not exist"
        for rule in rules
        for action in sorted(rule.actions or ())
        if action not in words.ACTIONS
    ]


def unfilterable(rule: Rule) -> list[str]:
    """Why no list page could be filtered by `rule`; the shapes are those of access/filter.py."""
    return [
        f"{rule.file}: {rule.id}: a list cannot be filtered by {json.dumps(part)}; compare one "
        "attribute of the thing with what is known without it"
        for condition in rule.est["conditions"]
        for part in odd_parts(condition["body"])
    ]


def odd_parts(e: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Parts of a condition that ask more of the thing than filters can."""
    if not asks_thing(e):
        return
    ((operator, inside),) = e.items()
    if operator in ("&&", "||"):
        yield from odd_parts(inside["left"])
        yield from odd_parts(inside["right"])
    elif operator == "!":
        yield from odd_parts(inside["arg"])
    elif operator == "if-then-else":
        for part in inside.values():
            yield from odd_parts(part)
    elif not isinstance(inside, Mapping) or not fits(operator, inside):
        yield e


def fits(operator: str, inside: Mapping[str, Any]) -> bool:
    left, right = inside.get("left", {}), inside.get("right", {})
    mine, other = (left, right) if thing_attribute(left) else (right, left)
    name = thing_attribute(mine)
    if asks_thing(other):
        return False
    if operator in ("==", "!="):
        return name in SCALARS
    if operator == "contains":
        return name in SETS if mine is left else name in SCALARS
    if operator == "containsAll":
        return name in SETS and mine is left
    return operator == "containsAny" and name in SETS


def thing_attribute(e: Mapping[str, Any]) -> str | None:
    match e:
        case {".": {"left": {"Var": "resource"}, "attr": str(name)}}:
            return name
    return None


def asks_thing(e: Any) -> bool:
    if isinstance(e, Mapping):
        return e.get("Var") == "resource" or any(asks_thing(part) for part in e.values())
    return isinstance(e, list) and any(asks_thing(part) for part in e)
