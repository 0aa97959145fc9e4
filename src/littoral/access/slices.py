"""Which rules a request can meet at all, from the few facts that many requests share.

Cedar evaluates every rule of a set at each request, so it is given only those that could matter.
A rule is left out where its condition is certainly false by the facts alone, and of the others only
what the facts leave open is kept. That is a three-valued evaluation of what is simple (comparisons
with literals, the few comparisons of user with thing that most rules make, and, or, not); how
far off the end of an access is, and, or, not); anything else is unknown and kept. Of user, thing
and circumstances Cedar gets the attributes that these rules ask for: reading attributes costs more
than evaluating a rule. Rules that ask for none give every request the same answer, which Cedar
gives once. The tests hold slices against the whole set.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import cedarpy

from littoral.access.request import Circumstances, Principal, Resource
from littoral.access.rules import Rule

# Values by (variable, attribute), a set of strings for the roles and all agencies; whether a
# relation holds by (operator, left, right).
Name = tuple[str, str]
Relation = tuple[str, Name, Name]
Facts = Mapping[Name | Relation, Any]


# Whether it matters which user asks, beside the attributes other than `id`: only whether the thing
# is the user's own (`resource.owner == principal.id`), or in another way too.
AsksWho = Literal["no", "as owner", "yes"]


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rules, prepared, and what they ask for; Cedar's answer if that is nothing."""

    policies: cedarpy.PolicySet
    principal: tuple[str, ...]
    resource: tuple[str, ...]
    context: tuple[str, ...]
    answer: cedarpy.AuthzResult | None
    asks_who: AsksWho


ANYBODY = {
    "principal": {"type": "User", "id": "-"},
    "action": {"type": "Action", "id": "-"},
    "resource": {"type": "Thing", "id": "-"},
    "context": {},
}


def prepared(document: str) -> Slice:
    """Rules in Cedar's JSON, ready for requests."""
    expressions = json.loads(document)
    asked = set(attributes(expressions))
    policies = cedarpy.PolicySet.from_json_str(document)
    principal, resource, context = (
        tuple(sorted(name for of, name in asked if of == variable))
        for variable in ("principal", "resource", "context")
    )
    answer = None if asks(expressions) else cedarpy.is_authorized(ANYBODY, policies, [])
    return Slice(policies, principal, resource, context, answer, asks_who(expressions))


def asks(e: Any) -> bool:
    """Whether an expression depends on the request in any way."""
    if isinstance(e, Mapping):
        return "Var" in e or any(asks(part) for part in e.values())
    return isinstance(e, list) and any(asks(part) for part in e)


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


def asks_who(e: Any) -> AsksWho:
    """Of the rules in an expression."""
    found = set(ways_of_asking(e))
    return "yes" if "yes" in found else "as owner" if found else "no"


def ways_of_asking(e: Any) -> Iterator[AsksWho]:
    match e:
        case {"==": {"left": left, "right": right}} if {named(left), named(right)} == OWN:
            yield "as owner"
        case {".": {"left": {"Var": "principal"}, "attr": "id"}} | {"Var": "principal"}:
            yield "yes"
        case {".": {"left": {"Var": str()}}}:
            return
        case Mapping():
            for part in e.values():
                yield from ways_of_asking(part)
        case list():
            for part in e:
                yield from ways_of_asking(part)


OWN = {("resource", "owner"), ("principal", "id")}


RELATIONS: dict[Relation, Callable[[Principal, Resource, Circumstances], bool]] = {
    ("contains", ("resource", "areas"), ("principal", "home")): lambda p, r, _: p.home in r.areas,
    ("containsAny", ("resource", "shared_with"), ("principal", "circles")): (
        lambda p, r, _: not set(r.shared_with).isdisjoint(p.circles)
    ),
    ("==", ("resource", "unit"), ("principal", "unit")): lambda p, r, _: r.unit == p.unit,
    ("==", ("resource", "agency"), ("principal", "agency")): lambda p, r, _: r.agency == p.agency,
    ("==", ("resource", "owner"), ("principal", "id")): lambda p, r, _: r.owner == p.id,
    ("==", ("resource", "case"), ("context", "case")): lambda _, r, c: r.case == c.case,
    ("==", ("resource", "purpose"), ("context", "purpose")): lambda _, r, c: r.purpose == c.purpose,
    ("==", ("context", "case_unit"), ("principal", "unit")): lambda p, _, c: c.case_unit == p.unit,
    ("==", ("context", "case"), ("literal", "")): lambda _, __, c: not c.case,
    ("==", ("resource", "case"), ("literal", "")): lambda _, r, __: not r.case,
    ("<=", ("context", "grant_until_us"), ("context", "now_us")): (
        lambda _, __, c: c.grant_until_us <= c.now_us
    ),
}

AHEAD: Name = ("context", "ahead_us")  # grant_until_us - now_us


def limits_of(rules: Iterable[Rule]) -> tuple[int, ...]:
    """How long an access may be, in microseconds, wherever a rule asks; ascending."""
    return tuple(sorted({n for rule in rules for n in limits(rule.est)}))


def limits(e: Any) -> Iterator[int]:
    match e:
        case {">": {"left": left, "right": {"Value": int(value)}}} if named(left) == AHEAD:
            yield value
        case Mapping():
            for part in e.values():
                yield from limits(part)
        case list():
            for part in e:
                yield from limits(part)


def facts_key(
    principal: Principal,
    context: Circumstances,
    resource: Resource | None,
    first_start: bool,
    limits_us: tuple[int, ...],
) -> tuple[Any, ...]:
    """What slices depend on, besides the action; without the thing if that is not known.

    `limits_us`: those of the set. Of the time to an access's end it counts how many it exceeds."""
    of_the_request = (
        principal.roles, principal.all_roles, principal.agency, principal.all_agencies,
        principal.tier, principal.assurance, principal.active,
        context.purpose, context.legal_basis, context.network, context.case_open,
        context.second_person, context.break_glass, first_start,
        bisect_left(limits_us, context.grant_until_us - context.now_us),
    )  # fmt: skip
    if resource is None:
        return of_the_request
    return (
        *of_the_request,
        resource.data_class,
        resource.kind,
        resource.purpose,
        *[holds(principal, resource, context) for holds in RELATIONS.values()],
    )


NAMES: tuple[Name | Relation, ...] = (
    ("principal", "roles"), ("principal", "all_roles"), ("principal", "agency"),
    ("principal", "all_agencies"), ("principal", "tier"), ("principal", "assurance"),
    ("principal", "active"),
    ("context", "purpose"), ("context", "legal_basis"), ("context", "network"),
    ("context", "case_open"), ("context", "second_person"), ("context", "break_glass"),
    ("context", "first_start"), AHEAD, ("resource", "data_class"), ("resource", "kind"),
    ("resource", "purpose"), *RELATIONS,
)  # fmt: skip


def facts_of(key: tuple[Any, ...], limits_us: tuple[int, ...]) -> Facts:
    facts = dict(zip(NAMES, key, strict=False))  # a key without the thing is shorter
    for held in ("roles", "all_roles", "all_agencies"):
        facts["principal", held] = frozenset(facts["principal", held])
    exceeded = facts.pop(AHEAD)
    for n, limit in enumerate(limits_us):
        facts[">", AHEAD, ("literal", str(limit))] = n < exceeded
    return facts


def met(rules: Iterable[Rule], facts: Facts) -> dict[str, Mapping[str, Any]]:
    """Those of `rules` that are not certainly without effect, by id: what is left of each."""
    left = ((rule.id, rest(rule.est, facts)) for rule in rules)
    return {name: est for name, est in left if est is not None}


def rest(est: Mapping[str, Any], facts: Facts) -> Mapping[str, Any] | None:
    """A rule for any action, with what the facts tell folded in; None if it cannot apply."""
    conditions = []
    for condition in est["conditions"]:
        body = folded(condition["body"], facts)
        if body == {"Value": condition["kind"] == "unless"}:
            return None
        if body != {"Value": condition["kind"] == "when"}:
            conditions.append({"kind": condition["kind"], "body": body})
    return {
        "effect": est["effect"],
        "principal": est["principal"],
        "action": {"op": "All"},
        "resource": est["resource"],
        "conditions": conditions,
    }


def folded(e: Mapping[str, Any], facts: Facts) -> Mapping[str, Any]:
    """The same condition with the parts that are certain replaced by their value, or left out."""
    value = known(e, facts)
    if isinstance(value, bool):
        return {"Value": value}
    for operator, neutral in (("&&", True), ("||", False)):
        if operator in e:
            left, right = (folded(e[operator][side], facts) for side in ("left", "right"))
            if left == {"Value": neutral}:
                return right
            if right == {"Value": neutral}:
                return left
            return {operator: {"left": left, "right": right}}
    return {"!": {"arg": folded(e["!"]["arg"], facts)}} if "!" in e else e


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
        case {"isEmpty": {"arg": arg}}:
            value = known(arg, facts)
            return None if value is None else not value
    for operator, answer in COMPARISONS.items():
        if operator in e:
            sides = e[operator]["left"], e[operator]["right"]
            left, right = known(sides[0], facts), known(sides[1], facts)
            if left is None or right is None:
                return related(operator, *sides, facts)
            return answer(left, right)
    return None


def related(operator: str, left: Any, right: Any, facts: Facts) -> bool | None:
    """Whether the relation of two attributes, or of one with a literal, holds, if it is known."""
    sides = named(left), named(right)
    if operator != "!=":
        return facts.get((operator, *sides))
    equal = facts.get(("==", *sides))
    return None if equal is None else not equal


def named(e: Any) -> Name:
    match e:
        case {".": {"left": {"Var": str(of)}, "attr": str(attribute)}}:
            return of, attribute
        case {"Value": str(value) | int(value)}:
            return "literal", str(value)
        case {"-": {"left": left, "right": right}}:
            if (named(left), named(right)) == (
                ("context", "grant_until_us"),
                ("context", "now_us"),
            ):
                return AHEAD
    return "", ""


COMPARISONS = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "contains": lambda left, right: right in left,
    "containsAny": lambda left, right: bool(left & right),
    "containsAll": lambda left, right: left >= right,
}


def certain(left: Any, right: Any, *, decisive: bool) -> bool | None:
    """`&&` (decisive False) or `||` (decisive True) of two values that may be unknown."""
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive
