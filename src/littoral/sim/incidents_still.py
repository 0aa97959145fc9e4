"""What can be planted of vessels that wait, drift or drag their anchor, each with a look-alike."""

from __future__ import annotations

from collections.abc import Callable

from littoral.sim.incidents import CAUTION, EAST, EAST_S, SOUTH, SOUTH_W, WARNING, WEST
from littoral.sim.motion import ANCHOR
from littoral.sim.radio import CLASS_B
from littoral.sim.scenes import MINUTE_US, Builder, Event, Point, beside, come_and_go, straight

AT_ANCHOR, NOT_UNDER_COMMAND = 1, 2
ACROSS_DEG = 75  # heading less course of a ship that the wind carries


def plant(b: Builder, at: Callable[[float], int], fits: Callable[[float], bool]) -> None:
    """All of them about the begin of the live part: `at` gives the time of a minute from there, and
    `fits` says whether the world is old enough at that minute."""
    if fits(-150):
        loiter(b, at(-150), at(90))
    if fits(-330):
        nets(b, at(-330), at(30))
    adrift(b, at(4), 120)
    dead_slow(b, at(20))
    if fits(-30):
        drag(b, at(2))
        forgets_status(b, at(12))


def loiter(b: Builder, from_us: int, until_us: int) -> None:
    """A coaster comes in from the sea, stops off Sanya for hours and goes again."""
    site = (109.15, 17.98)
    stay = [(*site, from_us), (*site, until_us)]
    k = b.ship("coaster", "HENG TAI 29", come_and_go(SOUTH_W, stay, SOUTH, 10.0))
    b.expect(
        Event("loitering off Sanya", "loitering", ("loitering",), (k,), from_us, until_us, "slow",
              CAUTION, "waits under way for hours, 16 miles off")
    )  # fmt: skip


def nets(b: Builder, from_us: int, until_us: int) -> None:
    """A look-alike: a fishing boat lies to its nets as long."""
    ground, home = (110.30, 18.03), (110.04, 18.36)
    lie = [(*ground, from_us), (*ground, until_us)]
    k = b.ship("fishing", "QIONGLINGYU 09127", come_and_go(home, lie, home, 8.0), radio=CLASS_B)
    b.expect(
        Event("lies to its nets", "loitering", ("loitering",), (k,), from_us, until_us, "slow",
              CAUTION, "fishing boat, still for hours", innocent=True)
    )  # fmt: skip


def adrift(b: Builder, at_us: int, minutes: float, site: Point = (110.55, 18.58)) -> None:
    """A coaster's engine fails off Wanning: wind and stream carry it across its keel."""
    until_us = at_us + int(minutes * MINUTE_US)
    carried = beside(site, 235.0, 1.4 * 1852.0 * minutes / 60.0)
    scene = [(*site, at_us), (*carried, until_us)]
    k = b.ship("coaster", "SHENG YANG 168", come_and_go(EAST, scene, EAST_S, 10.0))
    b.begins[k].legs[-2].nav_status = NOT_UNDER_COMMAND
    b.script(k, "HEADING", at_us, until_us, ACROSS_DEG)
    b.expect(
        Event("adrift off Wanning", "drift", ("drifting",), (k,), at_us, until_us, "slow", CAUTION,
              "not under command, carried at 1.4 kn")
    )  # fmt: skip


def dead_slow(b: Builder, at_us: int) -> None:
    """A look-alike: a bulk carrier makes way dead slow, so as not to be early."""
    run = straight((111.02, 18.30), 205.0, 2.8, at_us, 50, 50)
    k = b.ship("bulk", "GOLDEN PATIENCE", come_and_go(EAST, run, SOUTH, 12.0))
    b.expect(
        Event("dead slow ahead", "drift", ("drifting",), (k,), at_us - 50 * MINUTE_US,
              at_us + 50 * MINUTE_US, "script", CAUTION, "2.8 kn along its keel", innocent=True)
    )  # fmt: skip


def drag(b: Builder, at_us: int) -> None:
    """A bulk carrier at anchor off Qinglan is carried away; an hour later its anchor holds."""
    place = (111.03, 19.36)
    until_us = at_us + 66 * MINUTE_US
    holds = beside(place, 215.0, 1.3 * 1852.0 * 66.0 / 60.0)
    away_us = until_us + 300 * MINUTE_US
    k = b.ship(
        "bulk",
        "OCEAN HARVEST",
        [
            (*place, b.start_us),
            (*place, at_us),
            (*holds, until_us),
            (*holds, away_us),
            (*EAST, away_us + 900 * MINUTE_US),
        ],
        stay=ANCHOR,
        stay_status=AT_ANCHOR,
    )
    b.begins[k].legs[1].nav_status = AT_ANCHOR  # nobody on the bridge has seen it
    b.expect(
        Event("drags off Qinglan", "drift", ("dragging",), (k,), at_us, until_us, "moved", WARNING,
              "1.4 miles at 1.3 kn, reported at anchor")
    )  # fmt: skip


def forgets_status(b: Builder, at_us: int) -> None:
    """A look-alike: a tanker gets under way and goes on saying that it lies at anchor."""
    place = (108.50, 19.28)
    k = b.ship(
        "tanker",
        "GULF MERCY",
        [(*place, b.start_us), (*place, at_us), (*WEST, at_us + 900 * MINUTE_US)],
        status=AT_ANCHOR,
        stay=ANCHOR,
        stay_status=AT_ANCHOR,
    )
    b.expect(
        Event("forgot its status", "drift", ("dragging",), (k,), at_us, at_us + 60 * MINUTE_US,
              "moved", CAUTION, "under way at 6 kn, said to be at anchor", innocent=True)
    )  # fmt: skip
