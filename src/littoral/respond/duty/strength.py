"""What a roster lacks: posts under their strength, duty that is too long, rest too short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from littoral.respond.duty.layers import Changes, Stint, stints
from littoral.respond.duty.shifts import Plan, Shift, shifts
from littoral.respond.duty.wall import DAY_US

LONG, REST = "long", "rest"


@dataclass(frozen=True, slots=True)
class Short:
    """From `begin_us` until `end_us` of the shift `has` stand the post, fewer than `least`."""

    shift: str
    post: str
    begin_us: int
    end_us: int
    has: int
    least: int


@dataclass(frozen=True, slots=True)
class Strain:
    """`long`: at `at_us` the account has been on duty for the longest time that there may be, and
    goes on. `rest`: then it comes back on duty after `lasts_us`, less than the least rest."""

    kind: str
    account: str
    shift: str
    at_us: int
    lasts_us: int


def short_of(shift: Shift, found: Sequence[Stint]) -> tuple[Short, ...]:
    """`found`: the stints of that shift."""
    cuts = sorted(
        {shift.begin_us, shift.end_us, *(e for s in found for e in (s.begin_us, s.end_us))}
    )
    lacking: list[Short] = []
    for post in shift.regulation.posts:
        past: Short | None = None
        for begin_us, end_us in pairwise(cuts):
            has = sum(s.post == post.id and s.begin_us <= begin_us < s.end_us for s in found)
            if has >= post.least:
                past = None
                continue
            if past is not None and past.has == has:
                begin_us = past.begin_us
                lacking.pop()
            past = Short(shift.key, post.id, begin_us, end_us, has, post.least)
            lacking.append(past)
    return tuple(lacking)


def strains(
    plans: Sequence[Plan], changes: Changes, from_us: int, until_us: int
) -> tuple[Strain, ...]:
    """Those that come about from `from_us` and before `until_us`. The time before is looked at as
    far as it bears on that, so they are the same however a period is cut. Being on call counts as
    rest."""
    reach_us = max((max(p.regulation.longest_us, p.regulation.rest_us) for p in plans), default=0)
    found = shifts(plans, from_us - reach_us - DAY_US, until_us)
    by_account: dict[str, list[tuple[Stint, Shift]]] = {}
    for shift in found:
        at_home = {p.id for p in shift.regulation.posts if p.on_call}
        for stint in stints(shift, changes):
            if stint.post not in at_home:
                by_account.setdefault(stint.account, []).append((stint, shift))
    every = [s for account, rows in by_account.items() for s in _of_one(account, rows)]
    inside = [s for s in every if from_us <= s.at_us < until_us]
    return tuple(sorted(inside, key=lambda s: (s.at_us, s.account, s.kind)))


def _of_one(account: str, rows: Iterable[tuple[Stint, Shift]]) -> list[Strain]:
    found: list[Strain] = []
    begun_us = ended_us = None
    is_told = False
    for stint, shift in sorted(rows, key=lambda row: (row[0].begin_us, row[0].end_us)):
        rules = shift.regulation
        if ended_us is None or begun_us is None or stint.begin_us > ended_us:
            if ended_us is not None and stint.begin_us - ended_us < rules.rest_us:
                rest_us = stint.begin_us - ended_us
                found.append(Strain(REST, account, shift.key, stint.begin_us, rest_us))
            begun_us, is_told = stint.begin_us, False
        ended_us = stint.end_us if ended_us is None else max(ended_us, stint.end_us)
        if not is_told and ended_us - begun_us > rules.longest_us:
            # Not before this stint: a new regulation may allow less than the time gone already.
            at_us, is_told = max(stint.begin_us, begun_us + rules.longest_us), True
            found.append(Strain(LONG, account, shift.key, at_us, at_us - begun_us))
    return found
