"""Why a decision fell as it did, in words."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.access.decide import Decider, Verdict
from littoral.access.request import Circumstances, Principal, Resource
from littoral.access.rules import Rule


@dataclass(frozen=True, slots=True)
class Explanation:
    """`deciding` made the verdict; `permits` would allow it if no rule forbade."""

    verdict: Verdict
    deciding: tuple[Rule, ...]
    permits: tuple[Rule, ...]


def explain(
    decider: Decider,
    principal: Principal,
    action: str,
    resource: Resource,
    context: Circumstances,
) -> Explanation:
    """Decide, and if it is refused decide once more as if nothing were forbidden."""
    verdict = decider.decide(principal, action, resource, context)
    permits = verdict.ids
    if not verdict.allowed:
        forbids = {rule.id for rule in decider.rules.values() if rule.effect == "forbid"}
        freely = Decider(decider.files, first_start=decider.first_start, leave_out=forbids)
        permits = freely.decide(principal, action, resource, context).ids
    return Explanation(
        verdict,
        tuple(decider.rules[i] for i in verdict.ids),
        tuple(decider.rules[i] for i in permits),
    )
