"""Planted: a vessel that meets several in turn, positions that cannot be, and their look-alikes."""

from __future__ import annotations

from littoral.area.geodesy import KNOT_MPS, haversine_m, project
from littoral.sim.incidents import CAUTION, EAST_COAST, EAST_S, SOUTH_W, WARNING, aside
from littoral.sim.motion import MOOR
from littoral.sim.scenes import (
    MINUTE_US,
    Builder,
    Event,
    Point,
    beside,
    come_and_go,
    route,
)

BOAO_AIRPORT: Point = (110.455, 19.138)
INLAND: Point = (110.400, 19.250)
MET = ("visited", "repeated")  # a look-alike is neither
WAY_M = 4_000.0  # from the place of a meeting


def visitors(b: Builder, at_us: int, host_kind: str, site: Point, innocent: bool = False) -> None:
    """A vessel waits at sea; three fishing boats come alongside in turn, a quarter of an hour each.
    Where it is a fishing boat itself, that is how fleets live."""
    until_us = at_us + 70 * MINUTE_US
    wait = [(*site, at_us - 40 * MINUTE_US), (*site, until_us + 30 * MINUTE_US)]
    host = b.ship(host_kind, "", come_and_go(SOUTH_W, wait, SOUTH_W, 9.0))
    home, ships = (109.510, 18.170), [host]
    for n in range(3):
        begin_us = at_us + 24 * n * MINUTE_US
        side = beside(site, 70.0 + 40.0 * n, 90.0)
        # Each by a way of its own, there and back: who comes does not meet who leaves head on.
        stay = [
            (*beside(side, 320.0 + 50.0 * n, WAY_M), begin_us - 15 * MINUTE_US),
            (*side, begin_us), (*side, begin_us + 14 * MINUTE_US),
            (*beside(side, 345.0 + 50.0 * n, WAY_M), begin_us + 29 * MINUTE_US),
        ]  # fmt: skip
        ships.append(b.ship("fishing", "", come_and_go(home, stay, home, 9.0)))
    b.expect(
        Event("fishing boats in turn" if innocent else "visitors in turn", "meetings",
              MET if innocent else ("visited",), tuple(ships), at_us - 10 * MINUTE_US, until_us,
              "in turn", WARNING,
              "fishing boats alongside one another by turns" if innocent
              else "a waiting tanker, three boats alongside in turn", innocent)
    )  # fmt: skip


def rounds(b: Builder, at_us: int, ship_type: int, site: Point, innocent: bool = False) -> None:
    """A small craft goes from ship to ship, twelve minutes beside each; a port's tender may."""
    ships = []
    for n in range(3):
        lies = beside(site, 90.0, 2_500.0 * n)
        stay = [(*lies, at_us - 90 * MINUTE_US), (*lies, at_us + 110 * MINUTE_US)]
        ships.append(b.ship("bulk", "", come_and_go(EAST_S, stay, SOUTH_W, 11.0)))
    calls = []
    for n in range(3):
        side = beside(beside(site, 90.0, 2_500.0 * n), 10.0, 110.0)
        begin_us = at_us + 24 * n * MINUTE_US
        calls += [(*side, begin_us), (*side, begin_us + 12 * MINUTE_US)]
    home = (110.110, 18.400)
    small = b.ship("yacht", "", come_and_go(home, calls, home, 9.0))
    b.ships[small]["ship_type"] = ship_type
    b.expect(
        Event("tender from ship to ship" if innocent else "from ship to ship", "meetings",
              MET if innocent else ("repeated",), (small, *ships), at_us - 10 * MINUTE_US,
              at_us + 70 * MINUTE_US, "in turn", CAUTION,
              "a port's tender by its type" if innocent else "a small craft alongside three ships",
              innocent)
    )  # fmt: skip


def on_land(b: Builder, at_us: int) -> None:
    """Reports itself inland for a quarter of an hour."""
    k = b.ship("coaster", "HE TAI 17", route(aside(b, EAST_COAST), 9.0, 4, at_us))
    until_us = at_us + 15 * MINUTE_US
    b.script(k, "FORGED", at_us, until_us, 0, INLAND)
    b.expect(
        Event("position on land", "position", ("on_land",), (k,), at_us, until_us, "script",
              CAUTION, "under way at sea, reports a place inland")
    )  # fmt: skip


def new_berth(b: Builder, at_us: int) -> None:
    """A look-alike: at a berth that the chart still shows as land."""
    berth = (110.030, 19.950)
    stay = [(*berth, b.start_us), (*berth, at_us + 1440 * MINUTE_US), (110.02, 20.0, 2**61)]
    k = b.ship("coaster", "XIN GANG 3", stay, stay=MOOR, stay_status=5)
    b.expect(
        Event("berth on reclaimed land", "position", ("on_land",), (k,), at_us,
              at_us + 60 * MINUTE_US, "script", CAUTION,
              "on the chart's land, within its error of the shore", innocent=True)
    )  # fmt: skip


def false_circle(b: Builder, at_us: int) -> None:
    """A ship that waits reports a circle beside it."""
    site = (110.05, 17.62)
    until_us = at_us + 30 * MINUTE_US
    wait = [(*site, at_us - 60 * MINUTE_US), (*site, until_us + 60 * MINUTE_US)]
    k = b.ship("tanker", "SEA JASMINE", come_and_go(EAST_S, wait, SOUTH_W, 11.0))
    b.script(k, "FORGED", at_us, until_us, 300, beside(site, 40.0, 900.0))
    b.expect(
        Event("false circle", "position", ("circling",), (k,), at_us, until_us, "script", CAUTION,
              "lies still, reports a circle of 300 m at 20 kn")
    )  # fmt: skip


def compass_turns(b: Builder, at_us: int) -> None:
    """A look-alike: a ship swings its compass, twice round."""
    middle = (110.30, 17.45)
    ring = [_around(middle, 45.0 * n, 500.0) for n in range(17)]
    metres = haversine_m(*ring[0], *ring[1])
    step_us = int(metres / (7.0 * KNOT_MPS) * 1e6)
    turns = [(*p, at_us + n * step_us) for n, p in enumerate(ring)]
    k = b.ship("coaster", "YU HANG 26", come_and_go(EAST_S, turns, SOUTH_W, 9.0))
    b.expect(
        Event("compass adjustment", "position", ("circling",), (k,), at_us,
              at_us + 16 * step_us, "script", CAUTION, "two turns at 7 kn", innocent=True)
    )  # fmt: skip


def _around(middle: Point, course_deg: float, metres: float) -> Point:
    lon, lat = project(*middle, course_deg, metres)
    return float(lon), float(lat)


def interference(b: Builder, at_us: int) -> None:
    """Five ships off the east coast report one circle inland, one after the other."""
    ships = []
    path = aside(b, EAST_COAST)  # one for all: none overtakes another
    for n in range(5):
        begin_us = at_us + 2 * n * MINUTE_US
        way = route(path, 9.0, 3, begin_us + (10 * n - 20) * MINUTE_US)
        ships.append(b.ship("coaster", "", way))
        b.script(ships[n], "FORGED", begin_us, at_us + (25 + n) * MINUTE_US, 200, BOAO_AIRPORT)
    b.expect(
        Event("satellite navigation interference", "position", ("interference",), tuple(ships),
              at_us, at_us + 30 * MINUTE_US, "script", WARNING,
              "five ships go to one false circle over an airport")
    )  # fmt: skip


def two_jumps(b: Builder, at_us: int) -> None:
    """A look-alike: two ships jump at about the same time, each its own way."""
    ships = []
    path = aside(b, EAST_COAST)
    for n in range(2):
        way = route(path, 8.0, 4, at_us + 15 * n * MINUTE_US)
        ships.append(b.ship("coaster", "", way))
        begin_us = at_us + 3 * n * MINUTE_US
        b.script(
            ships[n], "SHIFT", begin_us, begin_us + 4 * MINUTE_US, shift=(0.2 - 0.35 * n, -0.1)
        )
    b.expect(
        Event("two that jump", "position", ("interference",), tuple(ships), at_us,
              at_us + 10 * MINUTE_US, "script", WARNING, "two sets at fault, not the signal",
              innocent=True)
    )  # fmt: skip
