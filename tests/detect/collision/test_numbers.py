"""What a number decides that no labelled case is near to, by its value worked out by hand; and that
it comes out otherwise with the number moved by a fifth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from littoral.detect.collision import DETECTOR
from littoral.detect.collision.settings import CollisionSettings
from littoral.schema.ais import Positions
from littoral.schema.finding import ALARM, Finding
from tests.detect.collision.scenes import CPA_US, SITES, WORLD, Ship, cpa_for, meeting
from tests.detect.making import fleet_of, run, sailing, stretched

COASTAL: CollisionSettings = DETECTOR.profiles["coastal"].settings
NORTHBOUND, SOUTHBOUND = Ship(0.0, 12.0), Ship(180.0, 12.0)
# Ticks lie at whole tens of seconds, the closest point 4 s after one of them: 4, 14, 24 s ahead.


def judge(s: CollisionSettings, parts: list[Positions], length_m: float = 115.0) -> list[Finding]:
    return run(DETECTOR, s, parts, fleet_of({0: 70, 1: 70}, length_m, 18.0), WORLD, after_s=600)


def head_on(
    s: CollisionSettings, site: str, length_m: float = 115.0, clear_m: float = 5.0
) -> list[Finding]:
    a, b = (replace(ship, length_m=length_m) for ship in (NORTHBOUND, SOUTHBOUND))
    parts = meeting(a, b, cpa_for(clear_m, a, b, 10.0), SITES[site])
    return judge(s, parts, length_m)


def ahead_s(t_us: int) -> int:
    """How long before the closest point."""
    return (CPA_US - t_us) // 1_000_000


def near_s(s: CollisionSettings) -> tuple[int, ...]:
    """In the strait a ship's time is 240 s by her share of 115 m: 135 s and 165 s. The first is met
    at the next tick, the other at the next half minute."""
    return tuple(
        ahead_s(head_on(s, "strait", 115.0 * time_s / 240.0)[0].start_us) for time_s in (135, 165)
    )


def least_warning_s(s: CollisionSettings) -> int:
    """A boat of 20 m in a port's approach, where 0.4 of 120 s would be 48 s."""
    return ahead_s(head_on(s, "port", 20.0)[0].start_us)


def least_alarm_s(s: CollisionSettings) -> int:
    """The same, where 0.4 of 60 s would be 24 s."""
    return ahead_s(min(f.updated_us for f in head_on(s, "port", 20.0, 0.0) if f.priority == ALARM))


def swaying(s: CollisionSettings, site: str, off_deg: float) -> list[Finding]:
    """The second ship's courses lie `off_deg` off their mean by turns to either side. A report
    moves the mean by 10 / (10 + 40) of the way to it, so that it follows by a ninth of what the
    courses sway: off by 10 / 9 of that."""
    a, b = NORTHBOUND, SOUTHBOUND
    parts = meeting(a, b, cpa_for(5.0, a, b, 10.0), SITES[site])
    parts[1].cog_deg[:] = 180.0 + 0.9 * off_deg * np.where(np.arange(len(parts[1])) % 2, 1.0, -1.0)
    return judge(s, parts)


def steady_deg(s: CollisionSettings) -> tuple[bool, ...]:
    """Off by 5.4 degrees she is steady and told of minutes ahead, by 6.6 when she is near alone."""
    return tuple(ahead_s(swaying(s, "open_sea", off)[0].start_us) > 150 for off in (5.4, 6.6))


def turning_share(s: CollisionSettings) -> int:
    """0.4 of the alarm's 120 s in the strait: 48 s."""
    return ahead_s(swaying(s, "strait", 10.0)[0].start_us)


def begin_age_s(s: CollisionSettings) -> tuple[bool, ...]:
    """Her last report alone leads into the other, so that she turns and is judged from 72 s on: at
    64 s it is 110 s old, or 130 s. No other comes."""
    found = []
    for last_s in (174, 194):
        parts = meeting(NORTHBOUND, SOUTHBOUND, cpa_for(5.0, NORTHBOUND, SOUTHBOUND, 10.0),
                        SITES["open_sea"])  # fmt: skip
        ahead = (CPA_US - parts[1].t_us) // 1_000_000
        parts[1].cog_deg[ahead > last_s] = 200.0
        parts[1] = parts[1].take(ahead >= last_s)
        found.append(bool(judge(s, parts)))
    return tuple(found)


def slow_mps(s: CollisionSettings) -> tuple[str, ...]:
    """At 1.8 kn and 2.2 kn, last heard at 304 s."""
    found = []
    for kn in (1.8, 2.2):
        ship = Ship(180.0, kn)
        parts = meeting(NORTHBOUND, ship, cpa_for(100.0, NORTHBOUND, ship, 10.0),
                        SITES["open_sea"])  # fmt: skip
        parts[1] = parts[1].take(parts[1].t_us <= CPA_US - 304_000_000)
        found.append(str(judge(s, parts)[-1].facts["ended"]))
    return tuple(found)


def slowed(s: CollisionSettings, tcpa_s: float) -> str:
    """Warned of, both slow at 304 s so that the closest point is `tcpa_s` away: how it ends first.
    At 24 kn that is 304 s times 24 kn of way."""
    parts = meeting(NORTHBOUND, SOUTHBOUND, cpa_for(100.0, NORTHBOUND, SOUTHBOUND, 10.0),
                    SITES["open_sea"])  # fmt: skip
    legs = []
    for track, (p, ship) in enumerate(zip(parts, (NORTHBOUND, SOUTHBOUND), strict=True)):
        first = p.take(p.t_us <= CPA_US - 304_000_000)
        times = int(first.t_us[-1]) + np.arange(1, 80) * 10_000_000
        here = (float(first.lon_deg[-1]), float(first.lat_deg[-1]))
        legs += [first, sailing(
            track, times, here, ship.course_deg, 12.0 * 304.0 / tcpa_s, int(first.t_us[-1]),
            heading_deg=ship.course_deg, accurate=1,
        )]  # fmt: skip
    return next(str(f.facts["ended"]) for f in judge(s, legs) if f.facts["ended"])


def hold_tcpa(s: CollisionSettings) -> tuple[str, ...]:
    """1.25 times 360 s: 450 s."""
    return tuple(slowed(s, tcpa_s) for tcpa_s in (405.0, 495.0))


def update_s(s: CollisionSettings) -> int:
    first, second = head_on(s, "open_sea", clear_m=140.0)[:2]
    return (second.updated_us - first.updated_us) // 1_000_000


def ahead_deg(s: CollisionSettings) -> tuple[str, ...]:
    """First heard at 104 s, told at the fourth look at 64 s. At 8 kn each the other is 527 m ahead
    then, and 13.5 or 16.5 degrees off the bow."""
    a, b = Ship(0.0, 8.0), Ship(180.0, 8.0)
    way_m = 64.0 * 2.0 * a.velocity()[1]
    found = []
    for deg in (13.5, 16.5):
        cpa_m = way_m * np.tan(np.radians(deg))
        (first, *_) = judge(s, meeting(a, b, cpa_m, SITES["open_sea"], before_s=100))
        found.append(str(first.facts["encounter"]))
    return tuple(found)


CASES: dict[str, tuple[Callable[[CollisionSettings], object], object]] = {
    "near_s": (near_s, (134, 154)),
    "least_warning_s": (least_warning_s, 84),
    "least_alarm_s": (least_alarm_s, 44),
    "begin_age_s": (begin_age_s, (True, False)),
    "slow_mps": (slow_mps, ("past_and_clear", "target_lost")),
    "hold_tcpa": (hold_tcpa, ("past_and_clear", "risk_over")),
    "update_s": (update_s, 60),
    "ahead_deg": (ahead_deg, ("head_on", "crossing")),
    "steady_deg": (steady_deg, (True, False)),
    "turning_share": (turning_share, 44),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_as_worked_out_and_otherwise_when_moved(name: str) -> None:
    case, expected = CASES[name]
    assert case(COASTAL) == expected
    for factor in (0.8, 1.2):
        assert case(stretched(COASTAL, name, factor)) != expected, factor


def test_an_alarm_rests_on_two_looks() -> None:
    """Both are first heard at 104 s, looked at from their second report on."""
    parts = meeting(NORTHBOUND, SOUTHBOUND, cpa_for(5.0, NORTHBOUND, SOUTHBOUND, 10.0),
                    SITES["open_sea"], before_s=100)  # fmt: skip
    told = [ahead_s(judge(replace(COASTAL, looks=n), parts)[0].updated_us) for n in (2, 3)]
    assert (COASTAL.looks, told) == (2, [84, 74])
