"""What of a unit or an agency lasts, since what roles open hangs on it.

A unit's tier and parent, an agency's unit, and when either is there, say what everybody in it may
see: who changes them gives without the second person whom a role takes. One administrator makes new
ones and names them; the rest is the operator's of the machine. An agency's kind never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from littoral.store.people import organisations
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.organisations import Agency, Unit, Version
from littoral.store.people.packaged import day_of

ANOTHER_KIND = "never changes for a code: make another agency, and end this one"
BY_OPERATOR = (
    "stays as it is: what a unit or agency is, and when it ends, is changed by the operator of the "
    "machine alone (littoral units import --apply)"
)


def altered(stored: Iterable[Version], added: Sequence[Version]) -> dict[str, list[str]]:
    """By code what `added` would change of what lasts, as names of fields; `valid_to` where a unit
    or agency would be there at another time. Before its first day a known one may be entered as
    what it is then; the versions of a new one must say the same."""
    codes = {v.code for v in added}
    before = by_code(v for v in stored if v.code in codes)
    after = by_code(organisations.succeed((v for vs in before.values() for v in vs), added))
    found = {code: _altered(before.get(code, []), after[code]) for code in codes}
    return {code: fields for code, fields in found.items() if fields}


def check_alone(stored: Iterable[Version], added: Sequence[Version]) -> None:
    """Raises AccountRefused for what one administrator does not change."""
    for fields in altered(stored, added).values():
        raise AccountRefused(BY_OPERATOR, fields[0])


def check_kinds(stored: Iterable[Agency], added: Sequence[Agency]) -> None:
    """Raises AccountRefused where an agency would become one of another kind."""
    kinds = {a.code: a.kind for a in stored}
    for agency in added:
        if kinds.setdefault(agency.code, agency.kind) != agency.kind:
            raise AccountRefused(ANOTHER_KIND, "kind")


def told(before: Sequence[Version], after: Sequence[Version]) -> str:
    """The versions that differ, for the log; empty when none does."""
    gone = "; ".join(_said(v) for v in before if v not in after)
    made = "; ".join(_said(v) for v in after if v not in before)
    return f"{gone or 'nothing'} -> {made}" if made else ""


def _altered(before: list[Version], after: list[Version]) -> list[str]:
    if not before:
        first = after[0]
        return sorted({f for v in after for f in _differing(first, v)})
    first = before[0]
    ends = (t for v in (*before, *after) for t in (v.valid_from_us, v.valid_to_us))
    fields = set()
    for at_us in {t for t in ends if t is not None}:
        early = at_us < first.valid_from_us
        was, becomes = first if early else _at(before, at_us), _at(after, at_us)
        if was is not None and becomes is not None:
            fields.update(_differing(was, becomes))
        elif was is not becomes and not early:
            fields.add("valid_to")
    return sorted(fields)


def _differing(one: Version, other: Version) -> list[str]:
    names = ("parent", "tier") if isinstance(one, Unit) else ("kind", "unit")
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def _at(versions: list[Version], at_us: int) -> Version | None:
    return next((v for v in versions if organisations.valid(v, at_us)), None)


def by_code(versions: Iterable[Version]) -> dict[str, list[Version]]:
    """The oldest first."""
    found: dict[str, list[Version]] = {}
    for version in sorted(versions, key=lambda v: (v.code, v.valid_from_us)):
        found.setdefault(version.code, []).append(version)
    return found


def _said(version: Unit | Agency) -> str:
    if isinstance(version, Unit):
        what = f"{version.tier} in {version.parent}" if version.parent else version.tier
    else:
        what = f"{version.kind} for {version.unit}"
    until = "" if version.valid_to_us is None else f" to {day_of(version.valid_to_us)}"
    return f"{what}, {version.name_zh}, from {day_of(version.valid_from_us)}{until}"
