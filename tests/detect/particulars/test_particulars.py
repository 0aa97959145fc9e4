"""What is a change for good and what is typing, each threshold from both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pyais.util import get_country

from littoral.detect.particulars import DETECTOR
from littoral.detect.particulars.flags import SEVERAL, flag_of
from littoral.detect.particulars.settings import COASTAL, ParticularsSettings
from littoral.detect.particulars.values import is_same, typed
from littoral.schema.ais import Statics
from littoral.schema.finding import CAUTION, NOTED, WARNING, Finding
from littoral.schema.state import pack, unpack
from tests.detect.making import moved, place, world
from tests.fuse.scene import Ship, gather, seconds, static, watch

H = 3600.0
SEA = world(anchorage_points=(place(112.0, 18.0),))  # 211 km from where the ships are
SHIP = Ship(sog_kn=4.0, every_s=60.0, to_s=12 * H)
HAI_XING = {"name": b"HAI XING 7", "call_sign": b"BQXA7", "draught_m": 5.0, "imo": 9074729}


def says(from_s: float, to_s: float, mmsi: int = 412_000_001, **said: Any) -> list[Statics]:
    """A static message every six minutes."""
    return [static(t, mmsi, **said) for t in np.arange(from_s, to_s, 360.0)]


def told(
    statics: list[Statics],
    ships: tuple[Ship, ...] = (SHIP,),
    settings: ParticularsSettings = COASTAL,
    where: Any = SEA,
    to_s: float = 12 * H,
) -> list[Finding]:
    out = watch(DETECTOR, gather([s.reports() for s in ships], statics), to_s, settings, where)
    assert len(out.alerts) == len(out.versions)  # each is told once
    return out.alerts


def change(at_s: float, to_s: float = 8 * H, **now: Any) -> list[Statics]:
    return says(10, at_s, **HAI_XING) + says(at_s, to_s, **{**HAI_XING, **now})


def kinds(found: list[Finding]) -> list[tuple[str, int]]:
    return sorted((f.kind, f.priority) for f in found)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"name": b"OCEAN KING"}, [("name", NOTED)]),
        ({"call_sign": b"D5AB3"}, [("call_sign", NOTED)]),
        ({"name": b"OCEAN KING", "call_sign": b"D5AB3"}, [("renamed", WARNING)]),
        ({"draught_m": 5.6}, [("draught", NOTED)]),
        ({"draught_m": 8.0}, [("draught_without_call", CAUTION)]),
        ({"draught_m": 3.0}, [("draught_without_call", CAUTION)]),
        # Typing: capitals, blanks and marks, cut short, nothing said.
        ({"name": b"hai xing-7"}, []),
        ({"name": b"HAIXING7."}, []),
        ({"name": b"HAI XI"}, []),
        ({"name": b"HAI XING 7 SHANGHAI"}, []),
        ({"name": b"0", "call_sign": b"0000000"}, []),
        ({"name": b"UNKNOWN"}, []),
        ({"name": b"TEST", "call_sign": b"NONE"}, []),
        ({"name": b""}, []),
        ({"draught_m": float("nan")}, []),
        ({"draught_m": 5.4}, []),
        ({"destination": b"HAIKOU"}, []),
    ],
)
def test_what_is_a_change(now: dict[str, Any], expected: list[tuple[str, int]]) -> None:
    assert kinds(told(change(4 * H, **now))) == expected


def test_a_change_by_hand() -> None:
    """First said at 14,400 s, told half an hour later; at sea since the first report."""
    (found,) = told(change(4 * H, name=b"OCEAN KING", call_sign=b"D5AB3"))
    assert seconds(found.start_us) == seconds(found.end_us) == 14_400
    assert seconds(found.updated_us) == 16_200
    assert found.facts == {
        "at_sea_s": 14_400,
        "name_before": "HAI XING 7",
        "name_now": "OCEAN KING",
        "call_sign_before": "BQXA7",
        "call_sign_now": "D5AB3",
    }
    assert found.lat_deg == pytest.approx(18.0, abs=0.01)
    assert len(found.evidence) == 2
    names = {found.things[0]: "OCEAN KING"}
    assert DETECTOR.sentence(found, names, "en") == (
        "OCEAN KING has changed its name from HAI XING 7 to OCEAN KING and its call sign from "
        "BQXA7 to D5AB3 after 4 h at sea"
    )
    assert DETECTOR.sentence(found, names, "zh") == (
        "OCEAN KING在海上4小时后船名由HAI XING 7改为OCEAN KING，呼号由BQXA7改为D5AB3"
    )


@pytest.mark.parametrize(("reports", "expected"), [(46, []), (9, [("renamed", WARNING)])])
def test_another_ship_under_the_mmsi_has_not_renamed_this_one(
    reports: int, expected: list[tuple[str, int]]
) -> None:
    """A second ship speaks 300 km off, the first time just before its first position is heard: so
    its name is taken for the first one's, and the first one's for its own. Of fewer than ten
    reports nobody knows whether they are of a ship."""
    begin = 4 * H
    other = SHIP.but(lon=SHIP.lon + 3.0, from_s=begin + 60.0, to_s=begin + 30.0 + reports * 60.0)
    own = says(10, 12 * H, **HAI_XING)
    his = says(begin + 40, begin + 46 * 60, name=b"OCEAN KING", call_sign=b"D5AB3")
    assert kinds(told(own + his, (SHIP, other))) == expected


@pytest.mark.parametrize("minutes", [12, 24])
def test_two_values_alternating_are_no_change(minutes: float) -> None:
    statics: list[Statics] = []
    for n in range(20):
        name = b"HAI XING 7" if n % 2 == 0 else b"OCEAN KING"
        draught = 5.0 if n % 2 == 0 else 9.0
        statics += says(
            10 + n * minutes * 60, (n + 1) * minutes * 60, name=name, call_sign=name[:6],
            draught_m=draught,
        )  # fmt: skip
    assert told(statics) == []


def test_slow_alternation_is_told_once() -> None:
    """Each name stands for 50 minutes: the first change is one, going back and again is not."""
    statics: list[Statics] = []
    for n in range(8):
        name = b"HAI XING 7" if n % 2 == 0 else b"OCEAN KING"
        statics += says(10 + n * 3000, (n + 1) * 3000, name=name)
    assert kinds(told(statics)) == [("name", NOTED)]


def test_a_third_value_begins_anew() -> None:
    statics = says(10, 2 * H, name=b"HAI XING 7")
    statics += says(2 * H, 2.4 * H, name=b"OCEAN KING") + says(2.4 * H, 6 * H, name=b"ATLAS")
    (found,) = told(statics)
    assert seconds(found.start_us) == pytest.approx(2.4 * H)
    assert (found.facts["name_before"], found.facts["name_now"]) == ("HAI XING 7", "ATLAS")


def test_what_is_said_once_and_never_again_is_not_told() -> None:
    once = [*says(10, 4 * H, **HAI_XING), static(4 * H, name=b"OCEAN KING")]
    assert told(once) == []


def test_name_and_call_sign_an_hour_apart_are_two_changes() -> None:
    statics = says(10, 4 * H, **HAI_XING)
    statics += says(4 * H, 5 * H, **{**HAI_XING, "name": b"OCEAN KING"})
    statics += says(5 * H, 8 * H, **{**HAI_XING, "name": b"OCEAN KING", "call_sign": b"D5AB3"})
    assert kinds(told(statics)) == [("call_sign", NOTED), ("name", NOTED)]


def test_the_call_sign_some_minutes_later_is_one_change() -> None:
    statics = says(10, 4 * H, **HAI_XING)
    statics += says(4 * H, 4.3 * H, **{**HAI_XING, "name": b"OCEAN KING"})
    statics += says(4.3 * H, 8 * H, **{**HAI_XING, "name": b"OCEAN KING", "call_sign": b"D5AB3"})
    (found,) = told(statics)
    assert (found.kind, seconds(found.start_us)) == ("renamed", 4 * H)


def test_who_says_the_call_sign_for_a_while_only_has_changed_its_name_alone() -> None:
    statics = says(10, 4 * H, **HAI_XING)
    both = {**HAI_XING, "name": b"OCEAN KING", "call_sign": b"D5AB3"}
    statics += says(4 * H, 4.3 * H, **both)
    statics += says(4.3 * H, 8 * H, **{**both, "call_sign": b"BQXA7"})
    assert kinds(told(statics)) == [("name", NOTED)]


def test_in_port_and_after_a_call_it_is_noted() -> None:
    """At anchor by the point all the time; or seen there an hour before."""
    at = world(anchorage_points=(place(110.0, 18.0),))
    now = {"name": b"OCEAN KING", "call_sign": b"D5AB3", "draught_m": 9.0}
    lying = SHIP.but(sog_kn=0.0)
    expected = [("draught", NOTED), ("renamed", NOTED)]
    assert kinds(told(change(4 * H, **now), (lying,), where=at)) == expected
    # 4 kn for 50 min beyond 5 km (2,430 s): 2.0 + 0.9 h.
    leaving = SHIP.but(sog_kn=4.0)
    assert kinds(told(change(1.5 * H, **now), (leaving,), where=at)) == expected


def test_a_long_silence_at_sea_may_hide_a_call() -> None:
    before, after = SHIP.but(to_s=3 * H), SHIP.but(from_s=6 * H)
    statics = says(10, 3 * H, **HAI_XING) + says(6.1 * H, 12 * H, **{**HAI_XING, "draught_m": 9.0})
    assert kinds(told(statics, (before, after))) == [("draught", NOTED)]


def test_the_vessel_is_known_again_after_a_day() -> None:
    """Its track is closed; what it said holds, so that the new name is a change."""
    before, after = SHIP.but(to_s=3 * H), SHIP.but(from_s=30 * H, to_s=36 * H)
    new = {**HAI_XING, "name": b"OCEAN KING", "call_sign": b"D5AB3"}
    statics = says(10, 3 * H, **HAI_XING) + says(30 * H + 60, 36 * H, **new)
    (found,) = told(statics, (before, after), to_s=36 * H)
    assert (found.kind, found.priority) == ("renamed", NOTED)


IMO = 9_074_729  # the example of IMO Res. A.1117(30)
OLD, NEW = 412_000_001, 351_000_002


def reflagged(
    silence_s: float = 2 * H,
    old: int = OLD,
    new: int = NEW,
    imo: int = IMO,
    goes_on: bool = False,
    where: Any = SEA,
    settings: ParticularsSettings = COASTAL,
    at_s: float = 3 * H,
) -> list[Finding]:
    """An IMO number under one MMSI until `at_s`, and after the silence under another."""
    first = SHIP.but(mmsi=old, to_s=at_s + 1.0)
    ships = [first, SHIP.but(mmsi=new, from_s=at_s + silence_s, to_s=at_s + silence_s + 3 * H)]
    if goes_on:
        ships.append(first.but(from_s=at_s + silence_s + 600, to_s=at_s + silence_s + 1200))
    statics = says(10, at_s, old, imo=imo, name=b"HAI XING 7")
    begin_s = at_s + silence_s
    statics += says(begin_s, begin_s + 3 * H, new, imo=imo, name=b"HAI XING 7")
    return told(statics, tuple(ships), settings, where, begin_s + 3 * H)


def test_another_flag_under_one_imo_number() -> None:
    (found,) = reflagged()
    assert (found.kind, found.priority) == ("flag", CAUTION)
    assert [t[7:16] for t in found.things] == [str(NEW), str(OLD)]
    assert seconds(found.start_us) == 5 * H
    assert found.facts["silence_s"] == 7200
    assert (found.facts["old_mid"], found.facts["new_mid"]) == (412, 351)
    assert DETECTOR.sentence(found, {found.things[0]: "HAI XING 7"}, "en") == (
        "HAI XING 7 has changed its flag at sea: IMO number 9074729 was under MMSI 412000001 "
        "(digits 412), and after 2.0 h is under 351000002 (351)"
    )
    assert "变更船旗" in DETECTOR.sentence(found, {}, "zh")


@pytest.mark.parametrize(
    "case",
    [
        {"new": 413_000_002},  # China has three
        {"imo": 9_074_728},  # wrong check digit: identity tells of it
        {"imo": 1_234_567},  # what people type who have none
        {"goes_on": True},  # two ships: identity's
        {"silence_s": 1_200.0},  # identity's, too
        {"new": 984_120_002},  # a craft's MMSI says no flag by its first digits
    ],
)
def test_what_is_no_other_flag(case: dict[str, Any]) -> None:
    assert reflagged(**case) == []


def test_in_port_or_after_days_a_flag_is_noted() -> None:
    at = world(anchorage_points=(place(*moved(110.0, 18.0, 90.0, 20_000.0)),))
    (near,) = reflagged(where=at)
    assert near.priority == NOTED
    (late,) = reflagged(silence_s=40 * H)
    assert (late.priority, late.facts["at_sea"]) == (NOTED, False)


def test_flags_are_those_of_another_program() -> None:
    for mids in SEVERAL:
        assert len({get_country(mid * 1_000_000) for mid in mids}) == 1
    states: dict[tuple[str, str], set[int]] = {}
    for mid in range(201, 776):
        country = get_country(mid * 1_000_000)
        if country[0] not in ("NA", "AQ"):  # unknown; Antarctica is of several
            states.setdefault(country, set()).add(flag_of(mid * 1_000_000))
    assert len(states) > 200
    assert [c for c, flags in states.items() if len(flags) != 1] == []
    assert flag_of(111_412_001) == flag_of(2_412_001) == flag_of(984_120_001) == 0


def test_typed_and_same() -> None:
    assert typed(b"Hai-Xing 7\0\0") == "HAIXING7"
    assert typed(b"--") == typed(b"AAAA") == typed(b"null") == ""
    assert is_same("MINGZHOU", "MINGZHOU21", 0.5)
    assert not is_same("MINGZHOU21", "MINGZHOU22", 0.5)
    assert is_same(8.0, 8.4, 0.5)
    assert not is_same(8.0, 8.5, 0.5)


def test_a_checkpoint_at_any_time_is_no_matter() -> None:
    """The state is written out and read again before each slice."""

    class Repacked:
        profiles = DETECTOR.profiles
        start = staticmethod(DETECTOR.start)

        @staticmethod
        def step(state, batch, fleet, settings, where):
            again = unpack(pack(state), DETECTOR.start(settings, where))
            return DETECTOR.step(again, batch, fleet, settings, where)

    statics = change(4 * H, name=b"OCEAN KING", call_sign=b"D5AB3", draught_m=8.0)
    o = gather([SHIP.reports()], statics)
    whole = watch(DETECTOR, o, 6 * H, COASTAL, SEA, quiet_s=600.0)
    assert watch(Repacked, o, 6 * H, COASTAL, SEA, quiet_s=600.0).versions == whole.versions
    assert len(whole.alerts) == 2


# Each number, from within 10 % below and above: what is told there.
Case = Callable[[float, ParticularsSettings], list[Finding]]


def stands(seconds_: float, s: ParticularsSettings) -> list[Finding]:
    """Another name, for so long, then the old one again."""
    there = says(10, 4 * H, **HAI_XING)
    there += says(4 * H, 4 * H + seconds_ - 359, **{**HAI_XING, "name": b"OCEAN KING"})
    there += [static(4 * H + seconds_ - 60, name=b"OCEAN KING")]
    return told(there + says(4 * H + seconds_, 8 * H, **HAI_XING), settings=s)


def back(seconds_: float, s: ParticularsSettings) -> list[Finding]:
    """To another name, and back to the first, which was left `seconds_` before."""
    there = says(10, 1 * H, **HAI_XING)
    there += says(1 * H, 1 * H + seconds_, **{**HAI_XING, "name": b"OCEAN KING"})
    there += says(1 * H + seconds_, 2 * H + seconds_, **HAI_XING)
    return told(there, settings=s)[1:]


def passes(metres: float, s: ParticularsSettings) -> list[Finding]:
    """At rest so far from a point, and another draught."""
    where = world(anchorage_points=(place(*moved(110.0, 18.0, 0.0, metres)),))
    found = told(change(4 * H, draught_m=9.0), (SHIP.but(sog_kn=0.0),), s, where)
    return [f for f in found if f.priority == CAUTION]


def unheard(seconds_: float, s: ParticularsSettings) -> list[Finding]:
    ships = (SHIP.but(to_s=3 * H + 1), SHIP.but(from_s=3 * H + seconds_))
    statics = says(10, 3 * H, **HAI_XING)
    statics += says(3 * H + seconds_ + 60, 11 * H, **{**HAI_XING, "draught_m": 9.0})
    return [f for f in told(statics, ships, s) if f.priority == CAUTION]


def urgent(**now: Any) -> Case:
    def judged(at_s: float, s: ParticularsSettings) -> list[Finding]:
        return [f for f in told(change(at_s, **now), settings=s) if f.priority < NOTED]

    return judged


def differs(metres: float, s: ParticularsSettings) -> list[Finding]:
    return told(change(2 * H, draught_m=5.0 + metres), settings=s)


def by_metres(metres: float, s: ParticularsSettings) -> list[Finding]:
    return [
        f for f in told(change(4 * H, draught_m=5.0 + metres), settings=s) if f.priority < NOTED
    ]


def by_share(share: float, s: ParticularsSettings) -> list[Finding]:
    """Of 20 m."""
    deep = {**HAI_XING, "draught_m": 20.0}
    statics = says(10, 4 * H, **deep)
    statics += says(4 * H, 8 * H, **{**deep, "draught_m": round(20.0 * (1 - share), 1)})
    return [f for f in told(statics, settings=s) if f.priority < NOTED]


def apart(seconds_: float, s: ParticularsSettings) -> list[Finding]:
    return reflagged(silence_s=seconds_, settings=s)


def away(seconds_: float, s: ParticularsSettings) -> list[Finding]:
    return [f for f in reflagged(silence_s=seconds_, settings=s) if f.priority < NOTED]


NEW_IDENTITY = {"name": b"OCEAN KING", "call_sign": b"D5AB3"}
# Setting: what is judged, its value by the rule's page, and how many findings just below and just
# above that.
PINS: dict[str, tuple[Case, float, int, int]] = {
    "hold_s": (stands, 1_800.0, 0, 1),
    "flap_s": (back, 6 * H, 0, 1),
    "call_m": (passes, 5_000.0, 0, 1),
    "unheard_s": (unheard, 2 * H, 1, 0),
    "name_sea_s": (urgent(**NEW_IDENTITY), H, 0, 1),
    "draught_m": (differs, 0.5, 0, 1),
    "sea_draught_m": (by_metres, 1.5, 0, 1),
    "sea_draught_share": (by_share, 0.15, 0, 1),
    "draught_sea_s": (urgent(draught_m=9.0), 3 * H, 0, 1),
    "flag_apart_s": (apart, 1_800.0, 0, 1),
    "flag_sea_s": (away, 24 * H, 1, 0),
}


@pytest.mark.parametrize("factor", [1.0, 0.8, 1.2])
@pytest.mark.parametrize("name", PINS)
def test_every_number_decides_within_ten_per_cent(name: str, factor: float) -> None:
    judged, value, below, above = PINS[name]
    settings = replace(COASTAL, **{name: getattr(COASTAL, name) * factor})
    step = 0.1 if name == "draught_m" else 0.07 * value  # draughts come in decimetres
    edge = 0.0 if name == "draught_m" else 0.07 * value
    counts = [len(judged(value - step, settings)), len(judged(value + edge, settings))]
    assert (counts == [below, above]) == (factor == 1.0)
