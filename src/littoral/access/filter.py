"""A condition on the attributes of things: what of the policies is left when the thing is unknown.

`In` and `Holds` (a set attribute holds one of some values) are joined by `And`, `Or`, `Not`;
`Const` is all or nothing. `plain()` gives it as dicts and lists, for who writes a database query:

    {"and": [...]} {"or": [...]} {"not": x} {"eq": [attribute, value]} {"in": [attribute, [...]]}
    {"holds": [set attribute, [...]]} true false

`mask()` in access/mask.py gives it over columns. A rule that cannot be put so raises Unfilterable,
which `littoral policy check` finds before a set is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

SCALARS = frozenset({"data_class", "unit", "agency", "case", "purpose", "owner", "kind"})
SETS = frozenset({"areas", "shared_with"})


class Unfilterable(ValueError):
    """A rule asks of a thing what no list can be filtered by."""


@dataclass(frozen=True, slots=True)
class Const:
    value: bool


@dataclass(frozen=True, slots=True)
class In:
    attribute: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holds:
    attribute: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


@dataclass(frozen=True, slots=True)
class And:
    parts: frozenset[Filter]


@dataclass(frozen=True, slots=True)
class Or:
    parts: frozenset[Filter]


Filter = Const | In | Holds | Not | And | Or
ALL, NONE = Const(True), Const(False)


def both(parts: Iterable[Filter]) -> Filter:
    """All of `parts`, with what is certain left out."""
    kept: set[Filter] = set()
    for part in parts:
        if part == NONE:
            return NONE
        if isinstance(part, And):
            kept |= part.parts
        elif part != ALL:
            kept.add(part)
    return ALL if not kept else next(iter(kept)) if len(kept) == 1 else And(frozenset(kept))


def either(parts: Iterable[Filter]) -> Filter:
    """Any of `parts`, with what is impossible left out."""
    kept: set[Filter] = set()
    for part in parts:
        if part == ALL:
            return ALL
        if isinstance(part, Or):
            kept |= part.parts
        elif part != NONE:
            kept.add(part)
    return NONE if not kept else next(iter(kept)) if len(kept) == 1 else Or(frozenset(kept))


def negated(part: Filter) -> Filter:
    if isinstance(part, Const):
        return Const(not part.value)
    return part.part if isinstance(part, Not) else Not(part)


def owned_by(condition: Filter, before: str, now: str = "") -> Filter:
    """The condition of the user `before` as it is for `now`, for whom nothing else differs; without
    `now` as it is for `before` among things of which none is that user's own."""
    match condition:
        case In("owner", values) if before in values:
            left = (values - {before}) | ({now} if now else set())
            return In("owner", left) if left else NONE
        case Not(part):
            return negated(owned_by(part, before, now))
        case And(parts):
            return both(owned_by(part, before, now) for part in parts)
        case Or(parts):
            return either(owned_by(part, before, now) for part in parts)
    return condition


def plain(condition: Filter) -> Any:
    """As dicts, lists, strings and booleans; the order is fixed, so that it can be compared."""
    match condition:
        case Const(value):
            return value
        case In(attribute, values) if len(values) == 1:
            return {"eq": [attribute, *values]}
        case In(attribute, values):
            return {"in": [attribute, sorted(values)]}
        case Holds(attribute, values):
            return {"holds": [attribute, sorted(values)]}
        case Not(part):
            return {"not": plain(part)}
        case And(parts):
            return {"and": sorted((plain(p) for p in parts), key=repr)}
        case Or(parts):
            return {"or": sorted((plain(p) for p in parts), key=repr)}


def from_residuals(result: cedarpy.PartialAuthzResult) -> Filter:
    """Any permit and no forbid. An error in any rule leaves nothing, as it denies a single request.

    Raises Unfilterable if a residual asks more than this module can say.
    """
    if result.diagnostics.errors:
        return NONE
    permits: list[Filter] = []
    forbids: list[Filter] = []
    for policy in result.residuals.values():
        condition = both(
            when if c["kind"] == "when" else negated(when)
            for c in policy["conditions"]
            for when in (condition_of(c["body"]),)
        )
        (permits if policy["effect"] == "permit" else forbids).append(condition)
    # A rule satisfied for certain is named among the reasons and leaves a residual `true`.
    return both([either(permits), negated(either(forbids))])


def condition_of(e: Mapping[str, Any]) -> Filter:
    """One Cedar expression of type Bool (JSON form), the thing being `unknown("resource")`."""
    match e:
        case {"Value": bool(value)}:
            return Const(value)
        case {"&&": {"left": left, "right": right}}:
            return both([condition_of(left), condition_of(right)])
        case {"||": {"left": left, "right": right}}:
            return either([condition_of(left), condition_of(right)])
        case {"!": {"arg": arg}}:
            return negated(condition_of(arg))
        case {"if-then-else": {"if": test, "then": then, "else": other}}:
            yes = condition_of(test)
            return either(
                [
                    both([yes, condition_of(then)]),
                    both([negated(yes), condition_of(other)]),
                ]
            )
        case {"==": {"left": left, "right": right}}:
            return equal(left, right)
        case {"!=": {"left": left, "right": right}}:
            return negated(equal(left, right))
        case {"contains": {"left": left, "right": right}}:
            attribute = attribute_of(left)
            if attribute in SETS:
                return Holds(attribute, frozenset([text(right)]))
            return among(attribute_of(right), texts(left))
        case {"containsAny": {"left": left, "right": right}}:
            if attribute_of(left) is None:
                left, right = right, left
            return holding(attribute_of(left), texts(right))
        case {"containsAll": {"left": left, "right": right}}:
            name = attribute_of(left)
            return both([holding(name, frozenset([one])) for one in texts(right)])
    raise Unfilterable(f"no list can be filtered by {dict(e)}")


def equal(left: Mapping[str, Any], right: Mapping[str, Any]) -> Filter:
    if attribute_of(left) is None:
        left, right = right, left
    return among(attribute_of(left), frozenset([text(right)]))


def among(attribute: str | None, values: frozenset[str]) -> Filter:
    if attribute not in SCALARS:
        raise Unfilterable(f"{attribute!r} is no single-valued attribute of a thing")
    return In(attribute, values) if values else NONE


def holding(attribute: str | None, values: frozenset[str]) -> Filter:
    if attribute not in SETS:
        raise Unfilterable(f"{attribute!r} is no set of a thing")
    return Holds(attribute, values) if values else NONE


def attribute_of(e: Mapping[str, Any]) -> str | None:
    """The name in `resource.name`; None for anything else."""
    match e:
        case {".": {"left": {"unknown": [{"Value": "resource"}]}, "attr": str(name)}}:
            return name
    return None


def text(e: Mapping[str, Any]) -> str:
    match e:
        case {"Value": str(value)}:
            return value
    raise Unfilterable(f"no list can be filtered by comparing with {dict(e)}")


def texts(e: Mapping[str, Any]) -> frozenset[str]:
    match e:
        case {"Set": list(members)}:
            return frozenset(text(member) for member in members)
        case {"Value": list(members)} if all(isinstance(m, str) for m in members):
            return frozenset(members)
    raise Unfilterable(f"no list can be filtered by comparing with {dict(e)}")
