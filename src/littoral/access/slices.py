"""Which rules a request can meet at all, from the few facts that many requests share.

Cedar evaluates every rule of a set at each request, so it is given only those that could matter.
A rule is left out where its condition is certainly false by the facts alone. That is a three-valued
evaluation of what is simple (comparisons with literals, and, or, not); anything else is unknown and
keeps the rule. Of user, thing and circumstances Cedar gets the attributes that these rules ask for:
reading attributes costs more than evaluating a rule. The tests hold slices against the whole set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

from littoral.access.request import Circumstances, Principal
from littoral.access.rules import Rule, est_document

# Values by (variable, attribute); a set of strings for the roles.
Facts = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rules, prepared, and the attributes they ask for."""

    policies: cedarpy.PolicySet
    principal: tuple[str, ...]
    resource: tuple[str, ...]
    context: tuple[str, ...]


def prepared(rules: list[Rule]) -> Slice:
    """Rules already chosen by action, ready for requests."""
    asked = {pair for rule in rules for pair in attributes(rule.est)}
    return Slice(
        cedarpy.PolicySet.from_json_str(est_document(rules, any_action=True)),
        *(
            tuple(sorted(name for of, name in asked if of == variable))
            for variable in ("principal", "resource", "context")
        ),
    )


def attributes(e: Any) -> Iterator[tuple[str, str]]:
    """Every `variable.attribute` in an expression."""
    match e:
        case {".": {"left": {"Var": str(variable)}, "attr": str(name)}}:
            yield variable, name
        case Mapping():
            for part in e.values():
                yield from attributes(part)
        case list():
            for part in e:
                yield from attributes(part)


def facts_key(principal: Principal, context: Circumstances, data_class: str) -> tuple[Any, ...]:
    """What slices depend on, besides the action; `data_class` is empty if it is not known."""
    return (
        principal.roles, principal.agency, principal.tier, principal.assurance, principal.active,
        context.purpose, context.legal_basis, context.network, data_class,
    )  # fmt: skip


def facts_of(key: tuple[Any, ...]) -> Facts:
    roles, agency, tier, assurance, active, purpose, legal_basis, network, data_class = key
    facts: dict[tuple[str, str], Any] = {
        ("principal", "roles"): frozenset(roles),
        ("principal", "agency"): agency,
        ("principal", "tier"): tier,
        ("principal", "assurance"): assurance,
        ("principal", "active"): active,
        ("context", "purpose"): purpose,
        ("context", "legal_basis"): legal_basis,
        ("context", "network"): network,
    }
    if data_class:
        facts["resource", "data_class"] = data_class
    return facts


def met(rules: Iterable[Rule], facts: Facts) -> list[Rule]:
    """Those of `rules` that are not certainly without effect."""
    return [rule for rule in rules if may_apply(rule.est, facts)]


def may_apply(est: Mapping[str, Any], facts: Facts) -> bool:
    """False if a `when` is certainly false or an `unless` certainly true."""
    return all(known(c["body"], facts) is not (c["kind"] == "unless") for c in est["conditions"])


def known(e: Mapping[str, Any], facts: Facts) -> Any:
    """The value of an expression as far as the facts tell: a bool, str or set, None if unknown."""
    match e:
        case {"Value": value}:
            return value if isinstance(value, str | bool) else None
        case {"Set": list(members)}:
            values = [known(member, facts) for member in members]
            return None if None in values else frozenset(values)
        case {".": {"left": {"Var": str(variable)}, "attr": str(attribute)}}:
            return facts.get((variable, attribute))
        case {"!": {"arg": arg}}:
            value = known(arg, facts)
            return None if value is None else not value
        case {"&&": {"left": left, "right": right}}:
            return certain(known(left, facts), known(right, facts), decisive=False)
        case {"||": {"left": left, "right": right}}:
            return certain(known(left, facts), known(right, facts), decisive=True)
    for operator, answer in COMPARISONS.items():
        if operator in e:
            left, right = known(e[operator]["left"], facts), known(e[operator]["right"], facts)
            return None if left is None or right is None else answer(left, right)
    return None


COMPARISONS = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "contains": lambda left, right: right in left,
    "containsAny": lambda left, right: bool(left & right),
    "containsAll": lambda left, right: left >= right,
}


def certain(left: Any, right: Any, *, decisive: bool) -> bool | None:
    """`&&` (decisive False) or `||` (decisive True) of two values that may be unknown."""
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive
