"""What a changed fence no longer sees. Expected values by hand from the words of the issue at
stake: whatever lets a vessel pass unseen that was seen before is blinder, all else is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.area.blinder import REASONS, blinder
from littoral.area.geofence import FenceRule, Geofence


def box(west: float, south: float, east: float, north: float) -> tuple:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return (ring,)


NIGHT = FenceRule("night", sun_below_deg=6.0, priority=2)
FAST = FenceRule("speed_over", speed_mps=10.0)
SLOW = FenceRule("speed_under", speed_mps=1.0)
STAY = FenceRule("presence", stay_s=600.0, ship_types=(30, 31))
FENCE = Geofence(
    "f", {"zh": "湾", "en": "Bay"}, (box(110, 19, 111, 20),), 0, 10**15, (NIGHT, FAST, SLOW, STAY)
)
OPEN = replace(FENCE, valid_from_us=10, valid_to_us=20)


def with_rule(old: FenceRule, **change: object) -> Geofence:
    rules = tuple(replace(r, **change) if r is old else r for r in FENCE.rules)
    return replace(FENCE, rules=rules)


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        (None, ("removed",)),
        (FENCE, ()),
        (replace(FENCE, name={"zh": "海", "en": "Sea"}), ()),
        (replace(FENCE, polygons=(box(110, 19, 110.9, 20),)), ("area",)),
        (replace(FENCE, polygons=(box(109, 18, 112, 21),)), ()),
        (replace(FENCE, polygons=(box(110, 19, 110.5, 20), box(110.5, 19, 111, 20))), ()),
        (replace(FENCE, valid_to_us=10**14), ("validity",)),
        (replace(FENCE, rules=FENCE.rules[1:]), ("rule",)),
        (replace(FENCE, rules=(*FENCE.rules, FenceRule("entry"))), ()),
        (with_rule(FAST, speed_mps=12.0), ("threshold",)),
        (with_rule(FAST, speed_mps=8.0), ()),
        (with_rule(SLOW, speed_mps=0.5), ("threshold",)),
        (with_rule(SLOW, speed_mps=2.0), ()),
        (with_rule(STAY, stay_s=900.0), ("threshold",)),
        (with_rule(STAY, stay_s=60.0), ()),
        (with_rule(NIGHT, sun_below_deg=12.0), ("threshold",)),
        (with_rule(NIGHT, sun_below_deg=0.0), ()),
        (with_rule(STAY, ship_types=(30,)), ("ship_types",)),
        (with_rule(STAY, ship_types=()), ()),
        (with_rule(FAST, ship_types=(70,)), ("ship_types",)),
        (with_rule(NIGHT, priority=4), ("priority",)),
        (with_rule(NIGHT, priority=1), ()),
    ],
)
def test_what_is_lost(after: Geofence | None, lost: tuple[str, ...]) -> None:
    assert blinder(FENCE, after) == lost


def test_out_of_a_larger_fence_they_come_later() -> None:
    leaving = replace(FENCE, rules=(FenceRule("exit"),))
    assert blinder(leaving, replace(leaving, polygons=(box(109, 18, 112, 21),))) == ("area",)


def test_a_fence_without_rules_watches_nothing() -> None:
    assert blinder(replace(FENCE, rules=()), None) == ()


def test_a_longer_validity_loses_nothing_and_back_does() -> None:
    longer = replace(OPEN, valid_from_us=5)
    assert blinder(OPEN, longer) == ()
    assert blinder(longer, OPEN) == ("validity",)


@given(
    st.lists(st.sampled_from([NIGHT, FAST, SLOW, STAY]), unique=True, min_size=1),
    st.lists(st.sampled_from([NIGHT, FAST, SLOW, STAY]), unique=True),
)
def test_only_what_is_kept_is_not_lost(old: list[FenceRule], new: list[FenceRule]) -> None:
    lost = blinder(replace(FENCE, rules=tuple(old)), replace(FENCE, rules=tuple(new)))
    assert (lost == ()) == (set(old) <= set(new))
    assert set(lost) <= set(REASONS)
