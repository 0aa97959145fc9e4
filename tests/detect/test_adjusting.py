"""Settings that people change: each has bounds, words and a direction in which less is seen."""

from __future__ import annotations

import math

import pytest

from littoral.detect import find_detectors
from littoral.detect.adjusting import (
    SettingsError,
    blinder,
    changed,
    differing,
    flat,
    unit_of,
)
from littoral.detect.contract import Profile

PROFILES = [
    pytest.param(profile, id=f"{d.name}-{profile.name}")
    for d in find_detectors().values()
    for profile in d.profiles.values()
]
GAP = find_detectors()["gap"].profiles["coastal"]
ENCOUNTER = find_detectors()["encounter"].profiles["coastal"]
# Only by a profile: they shape what a detector remembers, or are no numbers of one meaning.
FIXED_NAMES = {
    "tick_s", "look_every", "before_positions", "calls", "pinyin_calls", "tests", "block_s",
    "shore_is_mean", "resting", "by_trade",
}  # fmt: skip
FIXED_PARTS = {"from_ring", "to_ring", "who", "first", "second"}


def is_fixed(name: str) -> bool:
    parts = name.split(".")
    return parts[0] in FIXED_NAMES or parts[-1] in FIXED_PARTS


@pytest.mark.parametrize("profile", PROFILES)
def test_every_number_is_declared_once_and_lies_within_its_bounds(profile: Profile) -> None:
    values = flat(profile.settings)
    names = [s.name for s in profile.adjustable]
    assert len(names) == len(set(names))
    wanted = {n for n in values if not is_fixed(n)}
    assert set(names) == wanted, (
        f"numbers without a Setting in the profile's `adjustable`: {sorted(wanted - set(names))}, "
        f"Settings without a number: {sorted(set(names) - wanted)}; a number that shapes the state "
        "and only comes with a profile stands in FIXED_NAMES of this file"
    )
    for setting in profile.adjustable:
        assert setting.zh
        assert setting.en
        value = values[setting.name]
        if value is None:
            assert math.isinf(setting.high)
        else:
            assert setting.low <= value <= setting.high, setting.name


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_given_back_changes_nothing(profile: Profile) -> None:
    values = flat(profile.settings)
    given = {s.name: values[s.name] for s in profile.adjustable}
    assert changed(profile, given) == profile.settings


def test_a_number_in_a_tuple_and_a_truth_are_changed_in_their_type() -> None:
    made = changed(ENCOUNTER, {"pairs.1.night_s": 900.0, "off_shore": False})
    assert (made.pairs[1].night_s, type(made.pairs[1].night_s)) == (900, int)
    assert made.off_shore is False
    assert made.pairs[0] == ENCOUNTER.settings.pairs[0]
    assert differing(flat(ENCOUNTER.settings), flat(made)) == ["off_shore", "pairs.1.night_s"]


def test_a_limit_can_be_taken_off_where_it_may_be() -> None:
    assert flat(ENCOUNTER.settings)["median_speed_mps"] is None
    on = changed(ENCOUNTER, {"median_speed_mps": 2.0})
    assert on.median_speed_mps == 2.0
    off = changed(ENCOUNTER, {"median_speed_mps": None})
    assert off == ENCOUNTER.settings


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("class_a_s", 5, "must be 60 to 604800 s"),
        ("class_a_s", 1e9, "must be 60 to 604800 s"),
        ("class_a_s", math.nan, "must be 60 to 604800 s"),
        ("class_a_s", True, "must be 60 to 604800 s"),
        ("class_a_s", None, "must be 60 to 604800 s"),
        ("class_a_s", "1800", "must be 60 to 604800 s"),
        ("min_positions", 2.5, "must be 1 to 10000, a whole number"),
        ("ports_judged", 1, "must be true or false"),
        ("before_positions", 3, "is no setting that can be changed here"),
        ("nonsense", 3, "is no setting that can be changed here"),
    ],
)
def test_a_fault_names_the_setting_and_its_bounds(name: str, value: object, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        changed(GAP, {name: value, "fishing_s": 7200.0})
    assert raised.value.errors == {name: message}


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        ({"class_a_s": 3600.0}, ("class_a_s",)),  # later
        ({"class_a_s": 900.0}, ()),  # earlier
        ({"survival_max": 0.0001}, ("survival_max",)),  # asks for more
        ({"survival_max": 0.01}, ()),
        ({"ports_judged": True}, ()),
        ({"near_by_m": 5_000.0}, ("near_by_m",)),  # nobody can say
        ({"near_by_m": 20_000.0}, ("near_by_m",)),
        ({"class_a_s": 900.0, "class_b_s": 7200.0}, ("class_b_s",)),
        ({}, ()),
    ],
)
def test_what_sees_less_is_named(values: dict[str, object], lost: tuple[str, ...]) -> None:
    after = flat(changed(GAP, values))
    assert blinder(GAP.adjustable, flat(GAP.settings), after) == lost


def test_a_limit_put_on_sees_less_and_one_nobody_declared_counts_as_such() -> None:
    before = flat(ENCOUNTER.settings)
    on = flat(changed(ENCOUNTER, {"median_speed_mps": 2.0}))
    assert blinder(ENCOUNTER.adjustable, before, on) == ("median_speed_mps",)
    assert blinder(ENCOUNTER.adjustable, on, before) == ()
    assert blinder(ENCOUNTER.adjustable, before, {**before, "tick_s": 60}) == ("tick_s",)
    gone = {n: v for n, v in before.items() if n != "tick_s"}
    assert blinder(ENCOUNTER.adjustable, before, gone) == ("tick_s",)


def test_a_change_of_sound_only_is_not_blinder() -> None:
    collision = find_detectors()["collision"].profiles["coastal"]
    before = flat(collision.settings)
    assert blinder(collision.adjustable, before, {**before, "ahead_deg": 20.0}) == ()


def test_units_stand_at_the_end_of_names() -> None:
    names = (
        "limits.0.warning_cpa_m",
        "class_a_s",
        "slow_mps",
        "steady_deg",
        "looks",
        "min_per_day",
    )
    assert [unit_of(n) for n in names] == ["m", "s", "m/s", "°", "", "1/d"]
