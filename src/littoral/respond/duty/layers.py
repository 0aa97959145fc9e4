"""Who stands a shift: the pattern, over it swaps, over these leave, over all overrides. A later one
of a layer wins over an earlier one; an override wins over whatever there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from littoral.respond.duty.shifts import Shift

PATTERN, SWAP, OVERRIDE = "pattern", "swap", "override"


@dataclass(frozen=True, slots=True)
class Swap:
    """`giver` has `taker` stand `gives`, a shift's key; in exchange `giver` stands `takes`, if any.
    It is about the shift by its name, so it holds when the shift's hours are changed."""

    id: str
    giver: str
    taker: str
    gives: str
    takes: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    account: str
    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class Override:
    """From `from_us` until `until_us` the account stands the post, in place of `instead_of` if that
    is named; without a post it is off duty."""

    account: str
    from_us: int
    until_us: int
    post: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that lies over the pattern of a desk, each layer in the order in which it was made."""

    swaps: tuple[Swap, ...] = ()
    leaves: tuple[Leave, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Stint:
    """An account stands a post of a shift from `begin_us` until `end_us`; `why`: by which layer."""

    shift: str
    account: str
    post: str
    begin_us: int
    end_us: int
    why: str


Held = dict[str, tuple[str, str]]  # account: post, layer


def stints(shift: Shift, changes: Changes) -> tuple[Stint, ...]:
    """Those of one shift, by begin, post and account. Nothing outside the shift is asked, so the
    answer does not depend on the period that somebody looks at."""
    base: Held = {m.account: (m.post, PATTERN) for m in shift.members}
    for swap in changes.swaps:
        for giver, taker in _hands(swap, shift.key):
            if giver in base:
                base[taker] = (base.pop(giver)[0], SWAP)
    found: list[Stint] = []
    for begin_us, end_us in pairwise(_cuts(shift, changes)):
        for account, (post, why) in sorted(_at(base, changes, begin_us).items()):
            found.append(Stint(shift.key, account, post, begin_us, end_us, why))
    return tuple(_joined(found))


def void_swaps(found: Iterable[Shift], changes: Changes) -> tuple[str, ...]:
    """Ids of swaps about one of these shifts in which the giver no longer stands: a new roster may
    have put another team there. They change nothing, and somebody has to say what is meant."""
    base = {shift.key: {m.account for m in shift.members} for shift in found}
    void = []
    for swap in changes.swaps:
        for key in (swap.gives, swap.takes):
            for giver, taker in _hands(swap, key):
                if key in base:
                    if giver not in base[key]:
                        void.append(swap.id)
                    else:
                        base[key] = base[key] - {giver} | {taker}
    return tuple(dict.fromkeys(void))


def _hands(swap: Swap, key: str) -> list[tuple[str, str]]:
    """Who gives that shift to whom by the swap."""
    hands = []
    if key and swap.gives == key:
        hands.append((swap.giver, swap.taker))
    if key and swap.takes == key:
        hands.append((swap.taker, swap.giver))
    return hands


def _cuts(shift: Shift, changes: Changes) -> list[int]:
    ends = {at_us for one in changes.leaves for at_us in (one.from_us, one.until_us)}
    ends |= {at_us for one in changes.overrides for at_us in (one.from_us, one.until_us)}
    inside = {at_us for at_us in ends if shift.begin_us < at_us < shift.end_us}
    return sorted(inside | {shift.begin_us, shift.end_us})


def _at(base: Held, changes: Changes, at_us: int) -> Held:
    held = dict(base)
    for leave in changes.leaves:
        if leave.from_us <= at_us < leave.until_us:
            held.pop(leave.account, None)
    for one in changes.overrides:
        if one.from_us <= at_us < one.until_us:
            held.pop(one.account, None)
            held.pop(one.instead_of, None)
            if one.post:
                held[one.account] = (one.post, OVERRIDE)
    return held


def _joined(found: Iterable[Stint]) -> list[Stint]:
    """One where somebody goes on in the same post by the same layer."""
    whole: dict[tuple[str, str, str], list[Stint]] = {}
    for one in found:
        past = whole.setdefault((one.account, one.post, one.why), [])
        if past and past[-1].end_us == one.begin_us:
            past[-1] = replace(past[-1], end_us=one.end_us)
        else:
            past.append(one)
    every = [one for past in whole.values() for one in past]
    return sorted(every, key=lambda s: (s.begin_us, s.post, s.account))
