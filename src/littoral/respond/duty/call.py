"""Who is called, in which order, when the watch has to be reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from littoral.respond.duty.layers import Stint
from littoral.respond.duty.shifts import Shift


@dataclass(frozen=True, slots=True)
class Call:
    """`accounts` are called together, `after_us` after the first call went out unless somebody has
    answered by then."""

    accounts: tuple[str, ...]
    posts: tuple[str, ...]
    after_us: int


@dataclass(frozen=True, slots=True)
class Order:
    """`beyond_us`: when it goes to the desk above, since nobody here has answered."""

    calls: tuple[Call, ...]
    beyond_us: int


def order(shift: Shift, found: Sequence[Stint], signed_out: Collection[str], at_us: int) -> Order:
    """At `at_us` within the shift. Called is who stands a post at that moment and has not signed
    out of this shift: nobody off duty and nobody on leave is among its stints. A rung on which
    nobody is left costs no time."""
    on_duty = {
        s.account: s.post
        for s in found
        if s.begin_us <= at_us < s.end_us and s.account not in signed_out
    }
    calls: list[Call] = []
    after_us = 0
    called: set[str] = set()
    for rung in shift.regulation.rungs:
        accounts = {a for a, post in on_duty.items() if post in rung.posts} - called
        if accounts:
            posts = {on_duty[a] for a in accounts}
            calls.append(Call(tuple(sorted(accounts)), tuple(sorted(posts)), after_us))
            called |= accounts
            after_us += rung.wait_us
    return Order(tuple(calls), after_us)
