"""Groups of alerts: worked cases, and what holds of any alerts at all."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.store.alert_groups import (
    PLACE_M,
    WINDOW_US,
    Groups,
    Told,
    calls,
    causes_of,
    groups_of,
)

MINUTE_US = 60_000_000
EARTH_M = 6_371_008.8  # mean radius, IUGG


def told(key: str, minute: float, *things: str, **more: object) -> Told:
    held = more.pop("held_by", None)
    values = {"priority": 3, "rule": "gap", "kind": "silence"} | more
    causes = causes_of(key, things, held)  # type: ignore[arg-type]
    return Told(key, int(minute * MINUTE_US), causes=causes, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alerts", "groups"),
    [
        # One vessel by several rules, and one that comes too late.
        (
            [told("a", 0, "vessel:1"), told("b", 9, "vessel:1", rule="encounter"),
             told("c", 11, "vessel:1", rule="collision")],
            {"a": "a", "b": "a", "c": "c"},
        ),
        # By the second vessel of a meeting; measured from the first alert, not from the last.
        (
            [told("a", 0, "vessel:1", "vessel:2"), told("b", 8, "vessel:2", "vessel:3"),
             told("c", 12, "vessel:3")],
            {"a": "a", "b": "a", "c": "c"},
        ),
        # A silent receiver with what it holds back; vessels of one fence have nothing in common.
        (
            [told("r", 0, "receiver:sanya", rule="receiver"),
             told("h", 5, "vessel:1", held_by="receiver:sanya")],
            {"r": "r", "h": "r"},
        ),
        (
            [told("a", 0, "vessel:1", "area:bay"), told("b", 1, "vessel:2", "area:bay")],
            {"a": "a", "b": "b"},
        ),
        # Interference that explains jumps of others.
        (
            [told("i", 0, "vessel:9", rule="position"),
             told("j", 1, "vessel:2", rule="identity", held_by="alert:i")],
            {"i": "i", "j": "i"},
        ),
        # One rule, one place: 1 n mile apart, and 3; another kind there.
        (
            [told("a", 0, "vessel:1", lon_deg=110.0, lat_deg=18.0),
             told("b", 1, "vessel:2", lon_deg=110.0, lat_deg=18.0 + 1 / 60),
             told("c", 2, "vessel:3", lon_deg=110.0, lat_deg=18.0 + 3 / 60),
             told("d", 3, "vessel:4", lon_deg=110.0, lat_deg=18.0, kind="appearance")],
            {"a": "a", "b": "a", "c": "c", "d": "d"},
        ),
        # What is only noted stands alone and gives others no group.
        (
            [told("n", 0, "vessel:1", priority=5), told("a", 1, "vessel:1")],
            {"n": "n", "a": "a"},
        ),
        # Of one moment the most urgent is the first.
        ([told("a", 0, "vessel:1"), told("z", 0, "vessel:1", priority=1)], {"z": "z", "a": "z"}),
    ],
)  # fmt: skip
def test_cases(alerts: list[Told], groups: dict[str, str]) -> None:
    assert groups_of(alerts) == groups


@pytest.mark.parametrize(
    ("priority", "called", "does"),
    [(3, [], True), (3, [3], False), (4, [3], False), (2, [3], True), (2, [3, 2], False),
     (1, [1], True)],
)  # fmt: skip
def test_once_unless_the_priority_rises_and_each_emergency(
    priority: int, called: list[int], does: bool
) -> None:
    assert calls(priority, called) is does


@st.composite
def many(draw: st.DrawFn) -> list[Told]:
    def one(number: int) -> Told:
        things = draw(st.lists(st.sampled_from(["vessel:1", "vessel:2", "receiver:a"]), max_size=2))
        return told(
            f"a{number}", draw(st.floats(0, 40)), *things, priority=draw(st.integers(1, 5)),
            rule=draw(st.sampled_from(["gap", "position"])),
            lon_deg=draw(st.none() | st.floats(110.0, 110.1)),
            lat_deg=draw(st.none() | st.floats(18.0, 18.1)),
            held_by=draw(st.none() | st.sampled_from(["receiver:a", "alert:a0"])),
        )  # fmt: skip

    return [one(n) for n in range(draw(st.integers(0, 12)))]


def apart_m(a: Told, b: Told) -> float:
    """By the law of cosines, not by the haversine that the module takes."""
    if a.lon_deg is None or b.lon_deg is None or a.lat_deg is None or b.lat_deg is None:
        return math.inf
    p, q = math.radians(a.lat_deg), math.radians(b.lat_deg)
    cosine = math.sin(p) * math.sin(q) + math.cos(p) * math.cos(q) * math.cos(
        math.radians(b.lon_deg - a.lon_deg)
    )
    return EARTH_M * math.acos(min(1.0, cosine))


@given(many(), st.randoms())
def test_a_group_is_of_one_thing_or_place_and_time(alerts: list[Told], chance) -> None:
    groups = groups_of(alerts)
    by_id = {a.id: a for a in alerts}
    assert groups.keys() == by_id.keys()
    for key, group in groups.items():
        first, alert = by_id[group], by_id[key]
        assert groups[group] == group  # the first names it
        assert first.order <= alert.order
        assert alert.told_us - first.told_us <= WINDOW_US
        others = [by_id[k] for k, g in groups.items() if g == group and k != key]
        shares = any(alert.causes & other.causes for other in others)
        like = (first.rule, first.kind) == (alert.rule, alert.kind)
        assert key == group or shares or (like and apart_m(first, alert) <= PLACE_M + 1.0)
        assert alert.priority < 5 or not others
    shuffled = list(alerts)
    chance.shuffle(shuffled)
    assert groups_of(shuffled) == groups  # whatever the order in which they are read


@given(many())
def test_what_comes_later_moves_nobody(alerts: list[Told]) -> None:
    """An alert's group is settled when it is told: one by one they stand as together."""
    whole = groups_of(alerts)
    ordered = sorted(alerts, key=lambda a: a.order)
    for n in range(len(ordered)):
        assert groups_of(ordered[:n]) == {a.id: whole[a.id] for a in ordered[:n]}
        known = [(a, whole[a.id]) for a in ordered[:n] if a.priority < 5]
        assert Groups(known).place(ordered[n]) == whole[ordered[n].id]


@given(st.lists(st.integers(1, 4), max_size=12))
def test_a_group_calls_each_time_for_something_more_urgent(priorities: list[int]) -> None:
    called: list[int] = []
    for priority in priorities:
        if calls(priority, called):
            called.append(priority)
    assert all(later < before or later == 1 for before, later in pairwise(called))
    assert bool(called) == bool(priorities)
    assert min(called, default=0) == min(priorities, default=0)  # the most urgent is never silent
