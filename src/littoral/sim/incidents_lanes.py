"""Ships that go astray: off the lanes, at an unusual pace, not where they say; and look-alikes.

Where the lanes are is what `lanes.arrow` learned of the simulated traffic; the scenes keep well
clear of every limit, and `truth_lanes` measures them.
"""

from __future__ import annotations

from collections.abc import Callable

from littoral.sim.fleet import set_text
from littoral.sim.incidents import EAST_N, SOUTH, SOUTH_W
from littoral.sim.motion import MOOR
from littoral.sim.scenes import MINUTE_US, Builder, Event, Point, route

CAUTION, NOTED = 4, 5

# Down the ocean lane, the same with a detour inside it, up the Beibu Gulf, up the coast.
OCEAN: tuple[Point, ...] = (
    EAST_N, (112.01, 20.24), (111.737, 19.378), (111.24, 18.46), (110.60, 17.40), SOUTH,
)  # fmt: skip
ASTRAY: tuple[Point, ...] = (
    *OCEAN[:3], (111.20, 19.16), (111.10, 18.86), (111.28, 18.60), *OCEAN[3:],
)  # fmt: skip
NORTH: tuple[Point, ...] = (
    SOUTH_W, (108.62, 17.85), (108.08, 18.35), (108.08, 19.20), (108.18, 20.05), (108.32, 20.75),
    (108.42, 21.30),
)  # fmt: skip
COASTAL: tuple[Point, ...] = (
    SOUTH, (109.92, 18.14), (110.31, 18.37), (110.69, 18.64), (110.79, 18.94), (110.99, 19.27),
    (111.21, 19.58), (111.13, 19.88), (110.96, 19.42),
)  # fmt: skip


def off_the_lanes(b: Builder, at_us: int, when: str) -> None:
    """A bulk carrier leaves the ocean lane for the waters inside it and comes back hours later;
    a survey vessel is there too, where its work is."""
    k = b.ship("bulk", f"OCEAN LEGACY {len(b.ships)}", route(ASTRAY, 10.0, 2, at_us))
    b.ships[k]["ship_type"] = 70
    b.expect(
        Event(f"off the lanes {when}", "deviation", ("route",), (k,), at_us,
              at_us + 480 * MINUTE_US, "off lanes", CAUTION,
              "a bulk carrier goes for hours where no merchant ship goes")
    )  # fmt: skip
    way = tuple((lon + 0.03, lat + 0.02) for lon, lat in ASTRAY)
    k = b.ship("dredger", f"HAI YANG DI ZHI {len(b.ships)}", route(way, 9.0, 2, at_us))
    b.ships[k]["ship_type"] = 90
    b.expect(
        Event(f"survey off the lanes {when}", "deviation", ("route",), (k,), at_us,
              at_us + 480 * MINUTE_US, "off lanes", CAUTION,
              "a survey vessel has no lanes to keep to", innocent=True)
    )  # fmt: skip


def creeping(b: Builder, at_us: int, minutes: float, when: str, innocent: bool = False) -> None:
    """A bulk carrier goes at 4.4 kn down the ocean lane for a while, where others make eleven."""
    until_us = at_us + int(minutes * MINUTE_US)
    start, end = OCEAN[2], OCEAN[3]
    share = minutes * 4.4 / 60.0 / 61.5  # of the 61.5 n mile between them
    stop = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    there = route(OCEAN[:3], 11.0, 2, at_us)
    away = route((stop, *OCEAN[3:]), 11.0, 0, until_us)
    k = b.ship("bulk", f"XIN DA HAI {len(b.ships)}", [*there, *away])
    b.ships[k]["ship_type"] = 70
    b.expect(
        Event(f"{'briefly slow' if innocent else 'creeping'} {when}", "deviation", ("speed",),
              (k,), at_us, until_us, "slow there", CAUTION,
              f"4.4 kn for {minutes:.0f} min where others make eleven", innocent)
    )  # fmt: skip


def turned_away(b: Builder, at_us: int, when: str) -> None:
    """A tanker bound for Basuo comes up the lane of the Beibu Gulf, passes it by at `at_us` and
    goes on; a coaster overshoots Qinglan by some miles and goes in after all."""
    k = b.ship("tanker", f"GOLDEN HARMONY {len(b.ships)}", route(NORTH, 12.0, 3, at_us))
    set_text(b.ships[k], "destination", "BA SUO")
    b.ships[k]["ship_type"] = 80
    b.expect(
        Event(f"bound for Basuo and away {when}", "deviation", ("destination",), (k,),
              at_us - 360 * MINUTE_US, at_us + 390 * MINUTE_US, "away from 108.617 19.1", CAUTION,
              "comes nearer to the port that it says, then leaves it behind")
    )  # fmt: skip
    times = route(COASTAL, 10.0, 7, at_us)
    k = b.ship(
        "coaster", f"QIONG HAI DA {len(b.ships)}",
        [*times, (*COASTAL[-1], times[-1][2] + 900 * MINUTE_US)],
        stay=MOOR, stay_status=1,
    )  # fmt: skip
    set_text(b.ships[k], "destination", "QING LAN")
    b.expect(
        Event(f"past Qinglan and back {when}", "deviation", ("destination",), (k,),
              at_us - 360 * MINUTE_US, at_us + 720 * MINUTE_US, "away from 110.829 19.552",
              CAUTION, "overshoots its port and goes in", innocent=True)
    )  # fmt: skip


def ends_elsewhere(b: Builder, at_us: int) -> None:
    """A coaster says Sanya and lies in Basuo for hours; another says Basuo and lies there too."""
    for name, says, innocent in (
        ("SHENG LONG 36", "SAN YA", False),
        ("GUI HAI 81", "BA SUO", True),
    ):
        berth = (108.6125 + 0.003 * innocent, 19.1065)
        way = ((108.10, 20.30), (108.34, 19.60), (108.36, 19.22), (108.54, 19.13), berth)
        times = route(way, 8.5, 4, at_us)
        k = b.ship(
            "coaster", name, [*times, (*berth, at_us + 1440 * MINUTE_US)], stay=MOOR,
            stay_status=5,
        )  # fmt: skip
        set_text(b.ships[k], "destination", says)
        b.expect(
            Event(f"{name} ends in Basuo", "deviation", ("destination",), (k,), at_us,
                  at_us + 120 * MINUTE_US, "script", NOTED,
                  f"says {says}, lies in Basuo", innocent)
        )  # fmt: skip


def all_of_them(b: Builder, at: Callable[[float], int], fits: Callable[[float], bool]) -> None:
    """Each in the history, where it reaches back so far, and again by the end of the first hour."""
    if fits(-700):
        off_the_lanes(b, at(-640), "in the history")
        creeping(b, at(-560), 90.0, "in the history")
        ends_elsewhere(b, at(-400))
    if fits(-900):
        turned_away(b, at(-720), "in the history")
    if fits(-300):
        turned_away(b, at(-210), "live")
    if fits(-60):
        off_the_lanes(b, at(-40), "live")
        creeping(b, at(-50), 100.0, "live")
    creeping(b, at(5), 35.0, "live", innocent=True)
