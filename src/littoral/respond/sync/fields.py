"""A change, field by field, against what stands there by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else was faster with this field: what the editor saw, wanted, and what stands."""

    name: str
    was: Any
    yours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`take`: fields to be changed now; `same`: those that are so already."""

    take: dict[str, Any] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()


def merged(
    was: Mapping[str, Any],
    wanted: Mapping[str, Any],
    now: Mapping[str, Any],
    together: Sequence[Sequence[str]] = (("lon", "lat"),),
) -> Merged:
    """A field of `wanted` is taken where nobody changed it since the editor saw it (`was`); what
    the editor did not see is never overwritten. Fields of `together` are taken or clash as one."""
    same = tuple(n for n in wanted if now.get(n) == wanted[n])
    clashing = {n for n in wanted if n not in same and (n not in was or now.get(n) != was[n])}
    for group in together:
        if clashing & set(group):
            clashing |= {n for n in group if n in wanted}
    return Merged(
        {n: value for n, value in wanted.items() if n not in same and n not in clashing},
        tuple(n for n in same if n not in clashing),
        tuple(
            Clash(n, was.get(n), value, now.get(n)) for n, value in wanted.items() if n in clashing
        ),
    )
