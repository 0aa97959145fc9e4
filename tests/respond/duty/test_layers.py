"""Who stands a shift: pattern, swap, leave, override, and who is called of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.respond.duty.call import Call, order
from littoral.respond.duty.layers import (
    OVERRIDE,
    SWAP,
    Changes,
    Leave,
    Override,
    Swap,
    stints,
    void_swaps,
)
from littoral.respond.duty.shifts import Member, Shift, shift_at, shifts
from littoral.respond.duty.strength import Short, short_of, strains

from .rosters import DAY_US, HOUR_US, MINUTE_US, TEAMS, plan, regulation, us

FROM, UNTIL = us("2026-03-20 00:00"), us("2026-04-10 00:00")
PEOPLE = ["ann", "bao", "cai", "dan", "eli", "hui"]
people = st.sampled_from(PEOPLE)
zones = st.sampled_from(["Asia/Shanghai", "Europe/London", "America/Havana"])
KEYS = [f"2026-03-{day}.{turn}" for day in range(20, 32) for turn in ("day", "night")]
keys = st.sampled_from(KEYS)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    begin = draw(st.integers(0, 20 * 24 * 6))
    return FROM + begin * 10 * MINUTE_US, FROM + (
        begin + draw(st.integers(1, 300))
    ) * 10 * MINUTE_US


swaps = st.builds(
    lambda giver, taker, gives, takes: Swap(f"{giver}{gives}", giver, taker, gives, takes),
    people, people, keys, st.one_of(st.just(""), keys),
).filter(lambda s: s.giver != s.taker and s.gives != s.takes)  # fmt: skip
leaves = st.builds(lambda a, span: Leave(a, *span), people, spans())
overrides = st.builds(
    lambda a, span, post, of: Override(a, *span, post, of if post else ""),
    people, spans(), st.sampled_from(["", "lead", "officer", "leader"]),
    st.one_of(st.just(""), people),
)  # fmt: skip
changes = st.builds(
    Changes,
    st.lists(swaps, max_size=4).map(tuple),
    st.lists(leaves, max_size=4).map(tuple),
    st.lists(overrides, max_size=4).map(tuple),
)


def moments(shift: Shift, made: Changes) -> list[int]:
    """One in each piece of the shift between whatever begins or ends."""
    ends = {shift.begin_us, shift.end_us}
    ends |= {e for one in made.leaves for e in (one.from_us, one.until_us)}
    ends |= {e for one in made.overrides for e in (one.from_us, one.until_us)}
    inside = sorted(e for e in ends if shift.begin_us <= e <= shift.end_us)
    return [(a + b) // 2 for a, b in pairwise(inside)]


def on_duty(shift: Shift, made: Changes, at_us: int) -> dict[str, str]:
    return {s.account: s.post for s in stints(shift, made) if s.begin_us <= at_us < s.end_us}


@settings(max_examples=80, deadline=None)
@given(zones, changes)
def test_an_override_wins(zone: str, made: Changes) -> None:
    for shift in shifts([plan(regulation(zone))], FROM, UNTIL):
        for at_us in moments(shift, made):
            standing = on_duty(shift, made, at_us)
            settled: set[str] = set()
            for one in reversed(made.overrides):  # the later one wins
                if one.from_us <= at_us < one.until_us:
                    if one.account not in settled:
                        assert standing.get(one.account, "") == one.post
                    settled |= {one.account}
                    if one.instead_of not in settled | {""}:
                        assert one.instead_of not in standing
                        settled.add(one.instead_of)


@settings(max_examples=80, deadline=None)
@given(zones, changes, st.sets(people, max_size=3))
def test_nobody_off_duty_on_leave_or_signed_out_is_called(
    zone: str, made: Changes, signed_out: set[str]
) -> None:
    for shift in shifts([plan(regulation(zone))], FROM, UNTIL):
        for at_us in moments(shift, made):
            got = order(shift, stints(shift, made), signed_out, at_us)
            called = {a for call in got.calls for a in call.accounts}
            team = {m.account for m in shift.members}
            let_in = {s.taker for s in made.swaps if s.gives == shift.key}
            let_in |= {s.giver for s in made.swaps if s.takes == shift.key}
            ordered = {
                o.account for o in made.overrides if o.post and o.from_us <= at_us < o.until_us
            }
            away = {v.account for v in made.leaves if v.from_us <= at_us < v.until_us}
            assert called <= (team | let_in | ordered) - signed_out
            assert not called & (away - ordered)
            # Everybody else who stands a post that is called is, once.
            assert sorted(a for c in got.calls for a in c.accounts) == sorted(
                set(on_duty(shift, made, at_us)) - signed_out
            )


@settings(max_examples=80, deadline=None)
@given(swaps, st.integers(0, 23), st.integers(1, 23))
def test_a_swap_survives_when_the_shift_moves(swap: Swap, day_h: int, later_h: int) -> None:
    """Whatever hours the regulation gives to day and night, the swap is of that day's turn."""
    night_h = min(23, day_h + later_h)
    if night_h == day_h:
        return
    moved = regulation(turns=[("day", f"{day_h:02d}:00:00"), ("night", f"{night_h:02d}:00:00")])
    made = Changes(swaps=(swap,))

    def after(rules: object) -> dict[str, list[tuple[str, str]]]:
        found = shifts([rules], FROM - 3 * DAY_US, UNTIL)  # type: ignore[list-item]
        return {
            s.key: [(t.account, t.post) for t in stints(s, made)] for s in found if s.key in KEYS
        }

    before, now = after(plan()), after(plan(moved))
    assert before == now
    assert set(before) == set(KEYS)


def test_a_swap_is_given_and_taken() -> None:
    """ann leads on even days by day, cai on odd ones."""
    swap = Swap("s", "ann", "cai", "2026-03-20.day", "2026-03-21.day")
    made = Changes(swaps=(swap,))
    first, _, second, _ = shifts([plan()], us("2026-03-20 01:00"), us("2026-03-21 13:00"))
    assert (first.key, second.key) == ("2026-03-20.day", "2026-03-21.day")
    assert {(s.account, s.post, s.why) for s in stints(first, made)} == {
        ("cai", "lead", SWAP), ("bao", "officer", "pattern"), ("hui", "leader", "pattern"),
    }  # fmt: skip
    assert {s.account for s in stints(second, made)} == {"ann", "dan", "hui"}
    assert void_swaps([first, second], made) == ()


def test_a_swap_whose_giver_was_moved_elsewhere_changes_nothing_and_is_named() -> None:
    other = {**TEAMS, "A": (Member("eli", "lead"), Member("bao", "officer"))}
    found = shifts([plan(teams=other)], us("2026-03-20 01:00"), us("2026-03-20 02:00"))
    made = Changes(swaps=(Swap("s", "ann", "cai", "2026-03-20.day"),))
    assert {s.account for s in stints(found[0], made)} == {"eli", "bao"}
    assert void_swaps(found, made) == ("s",)


def test_leave_in_the_middle_of_a_shift_leaves_the_rest_of_it() -> None:
    shift = shift_at([plan()], us("2026-03-20 01:00"))
    assert shift is not None
    made = Changes(leaves=(Leave("ann", us("2026-03-20 03:00"), us("2026-03-20 05:00")),))
    got = [(s.begin_us, s.end_us) for s in stints(shift, made) if s.account == "ann"]
    assert got == [
        (us("2026-03-20 00:00"), us("2026-03-20 03:00")),
        (us("2026-03-20 05:00"), us("2026-03-20 12:00")),
    ]
    assert short_of(shift, stints(shift, made)) == (
        Short(shift.key, "lead", us("2026-03-20 03:00"), us("2026-03-20 05:00"), 0, 1),
    )


def test_an_override_recalls_from_leave() -> None:
    shift = shift_at([plan()], us("2026-03-20 01:00"))
    assert shift is not None
    made = Changes(
        leaves=(Leave("ann", FROM, UNTIL),),
        overrides=(Override("ann", us("2026-03-20 04:00"), us("2026-03-20 06:00"), "lead"),),
    )
    (one,) = [s for s in stints(shift, made) if s.account == "ann"]
    assert (one.begin_us, one.end_us, one.why) == (
        us("2026-03-20 04:00"), us("2026-03-20 06:00"), OVERRIDE,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(zones, changes, st.integers(1, 3))
def test_every_moment_under_strength_is_named_and_no_other(
    zone: str, made: Changes, officers: int
) -> None:
    for shift in shifts([plan(regulation(zone, officers=officers))], FROM, UNTIL):
        found = stints(shift, made)
        lacking = short_of(shift, found)
        for at_us in moments(shift, made):
            standing = list(on_duty(shift, made, at_us).values())
            named = {s.post: (s.has, s.least) for s in lacking if s.begin_us <= at_us < s.end_us}
            wanted = {"lead": 1, "officer": officers}
            assert named == {
                post: (standing.count(post), least)
                for post, least in wanted.items()
                if standing.count(post) < least
            }


@settings(max_examples=80, deadline=None)
@given(zones, changes, st.lists(st.integers(1, 20 * 24), min_size=1, max_size=3, unique=True))
def test_the_cut_changes_nothing_of_what_a_roster_lacks(
    zone: str, made: Changes, hours: list[int]
) -> None:
    rosters = [plan(regulation(zone, longest=13 * 60))]
    whole = strains(rosters, made, FROM, UNTIL)
    ends = sorted({FROM, UNTIL, *(FROM + h * HOUR_US for h in hours)})
    pieces = [strains(rosters, made, a, b) for a, b in pairwise(ends)]
    assert tuple(s for piece in pieces for s in piece) == whole


def test_duty_that_is_too_long_and_rest_that_is_too_short_are_named() -> None:
    """Of four teams A has the day of 22 March, day 80 of the rotation: ann stands the night too,
    and bao comes back for an hour of it, eight hours after the day."""
    night = Override("ann", us("2026-03-22 12:00"), us("2026-03-23 00:00"), "lead")
    early = Override("bao", us("2026-03-22 20:00"), us("2026-03-22 21:00"), "officer")
    made = Changes(overrides=(night, early))
    rosters = [plan(regulation(teams="ABCD"))]
    got = strains(rosters, made, us("2026-03-22 00:00"), us("2026-03-24 00:00"))
    assert [(s.kind, s.account, s.shift, s.at_us, s.lasts_us) for s in got] == [
        ("long", "ann", "2026-03-22.night", us("2026-03-22 12:00"), 12 * HOUR_US),
        ("rest", "bao", "2026-03-22.night", us("2026-03-22 20:00"), 8 * HOUR_US),
    ]


def test_the_order_of_calls_and_what_a_missing_rung_costs() -> None:
    shift = shift_at([plan()], us("2026-03-20 01:00"))
    assert shift is not None
    found, at_us = stints(shift, Changes()), us("2026-03-20 01:00")
    got = order(shift, found, (), at_us)
    assert got.calls == (
        Call(("bao",), ("officer",), 0),
        Call(("ann",), ("lead",), 3 * MINUTE_US),
        Call(("hui",), ("leader",), 8 * MINUTE_US),
    )
    assert got.beyond_us == 18 * MINUTE_US
    without = order(shift, found, {"bao"}, at_us)
    assert [(c.accounts, c.after_us) for c in without.calls] == [
        (("ann",), 0), (("hui",), 5 * MINUTE_US),
    ]  # fmt: skip
    nobody = order(shift, found, {"ann", "bao", "hui"}, at_us)
    assert (nobody.calls, nobody.beyond_us) == ((), 0)


def test_a_new_roster_for_the_same_day_holds_instead() -> None:
    other = plan(from_day=date(2026, 1, 1), teams={"A": (Member("eli", "lead"),)})
    shift = shift_at([plan(), other], us("2026-03-20 01:00"))
    assert shift is not None
    assert [s.account for s in stints(replace(shift), Changes())] == ["eli"]
