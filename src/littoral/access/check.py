"""What must hold of a policy set before anybody signs it: `littoral policy check`."""

from __future__ import annotations

import cedarpy

from littoral.access import words
from littoral.access.decide import Decider
from littoral.access.filter import Unfilterable
from littoral.access.request import Circumstances, Principal
from littoral.access.rules import BadPolicies, PolicyFiles, Rule, est_document


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
    return said or unfilterable(files)


def unknown_actions(rules: list[Rule]) -> list[str]:
    return [
        f"{rule.file}: {rule.id}: the action {action} does not exist"
        for rule in rules
        for action in sorted(rule.actions or ())
        if action not in words.ACTIONS
    ]


def unfilterable(files: PolicyFiles) -> list[str]:
    """Rules that no list page can be filtered by; each is tried alone, for a user of its role."""
    said = []
    for rule in files.rules.values():
        alone = PolicyFiles(
            files.schema, {"one.cedar": cedarpy.policies_from_json_str(est_document([rule]))}
        )
        for roles in ((rule.role or "analyst",), ()):
            user = Principal("check", roles, "police", "check", "city", ("0",), "totp")
            action = min(rule.actions or words.ACTIONS)
            try:
                Decider(alone).list_filter(user, action, Circumstances(now_us=1))
            except Unfilterable as error:
                said.append(f"{rule.file}: {rule.id}: {error}")
                break
    return said
