"""Planted events along the shore: small craft that head for an empty coast, land there, or fall
silent on the way, each with a look-alike."""

from __future__ import annotations

from littoral.area.geodesy import KNOT_MPS, bearing_deg, haversine_m
from littoral.sim import season
from littoral.sim.incidents import CAUTION, EAST_S, SOUTH, SOUTH_W, WARNING
from littoral.sim.radio import CLASS_B
from littoral.sim.scenes import (
    MINUTE_US,
    Appointment,
    Builder,
    Event,
    Point,
    beside,
    come_and_go,
    route,
)

# Stretches of shore without port, landing or berth for 9 km and more, and the sea before each.
WENCHANG, WENCHANG_SEA = (110.7583, 19.4254), (111.10, 19.20)
LINGSHUI, LINGSHUI_SEA = (109.9083, 18.4162), (109.96, 18.10)
TONGGU, TONGGU_SEA = (111.0429, 19.6424), (111.50, 19.56)
LEDONG, LEDONG_SEA = (108.6987, 18.6325), (108.30, 18.50)
LICENSED, LICENSED_SEA = (110.679558, 19.343307), (111.05, 19.12)  # landing-18
DARK_DEG = -7.0  # civil twilight has ended, with room for the almanac's error


def off(shore: Point, sea: Point, metres: float) -> Point:
    """The point `metres` from `shore` on the way to `sea`."""
    return beside(shore, bearing_deg(*shore, *sea), metres)


def craft(b: Builder, name: str, appointments: list[Appointment]) -> int:
    """A fast boat of 18 m with class B that says it is a pleasure craft."""
    k = b.ship("yacht", name, appointments, radio=CLASS_B, top_kn=42.0)
    b.ships[k]["ship_type"] = 37
    b.ships[k]["to_bow_m"], b.ships[k]["to_stern_m"] = 14, 4
    b.hulls[k]["turn_degps"], b.hulls[k]["accel_mps2"] = 5.0, 0.4
    return k


def fast_approach(b: Builder, at_us: int) -> None:
    """At 30 kn to 700 m from an empty beach, and out again."""
    near = off(WENCHANG, WENCHANG_SEA, 700.0)
    way = (EAST_S, WENCHANG_SEA, near, WENCHANG_SEA, EAST_S)
    k = craft(b, "FEI YAN 12", route(way, (18.0, 30.0, 30.0, 18.0), 2, at_us))
    b.expect(
        Event("fast to an empty beach", "approach", ("approach",), (k,), at_us - 25 * MINUTE_US,
              at_us + 5 * MINUTE_US, "toward shore", WARNING, "30 kn towards a coast without port")
    )  # fmt: skip


def fast_along(b: Builder, at_us: int) -> None:
    """A look-alike: as fast, along the coast and not towards it."""
    way = (EAST_S, (111.42, 19.30), (111.30, 18.95), (110.95, 18.45), (110.60, 18.05), SOUTH)
    k = craft(b, "HAI OU 7", route(way, (18.0, 30.0, 30.0, 30.0, 18.0), 2, at_us))
    b.expect(
        Event("fast along the coast", "approach", ("approach",), (k,), at_us - 30 * MINUTE_US,
              at_us + 60 * MINUTE_US, "script", CAUTION, "30 kn along the coast", innocent=True)
    )  # fmt: skip


def _stop(b: Builder, name: str, shore: Point, sea: Point, at_us: int, minutes: float) -> int:
    """In from the sea at 14 kn to 220 m from the shore, and out again after `minutes`."""
    beach = off(shore, sea, 220.0)
    until_us = at_us + int(minutes * MINUTE_US)
    run_us = int(haversine_m(*sea, *beach) / (14.0 * KNOT_MPS) * 1e6)
    stay = [(*beach, at_us), (*beach, until_us)]
    scene = [(*sea, at_us - run_us), *stay, (*sea, until_us + run_us)]
    away = SOUTH if sea[1] < 18.5 else EAST_S
    return craft(b, name, come_and_go(away, scene, away, 16.0))


def night_landing(b: Builder, at_us: int) -> None:
    """From the sea by night to 220 m from an empty beach, 25 minutes there, and out again."""
    k = _stop(b, "LAN HAI 19", LINGSHUI, LINGSHUI_SEA, at_us, 25.0)
    b.expect(
        Event("night landing", "landing", ("landing",), (k,), at_us, at_us + 25 * MINUTE_US,
              "at the shore", WARNING, "lies 25 min off an empty beach by night")
    )  # fmt: skip


def licensed_landing(b: Builder, at_us: int) -> None:
    """A look-alike: the same where landing is licensed."""
    k = _stop(b, "LAN HAI 23", LICENSED, LICENSED_SEA, at_us, 25.0)
    b.expect(
        Event("licensed landing", "landing", ("landing",), (k,), at_us, at_us + 25 * MINUTE_US,
              "at the shore", CAUTION, "lies off a licensed landing point", innocent=True)
    )  # fmt: skip


def silent_landing(b: Builder, at_us: int) -> None:
    """Switches off at an empty beach, by night, and on again out at sea."""
    k = _stop(b, "YUN FAN 5", TONGGU, TONGGU_SEA, at_us, 30.0)
    off_us, on_us = at_us + 4 * MINUTE_US, at_us + 80 * MINUTE_US
    b.script(k, "MUTE", off_us, on_us)
    b.expect(
        Event("silent landing", "landing", ("landing",), (k,), off_us, on_us, "silence", WARNING,
              "transponder off at an empty beach")
    )  # fmt: skip


def _silent_run(b: Builder, name: str, way: tuple[Point, ...], at_us: int) -> int:
    """28 kn on the legs before and after `way[2]`, where it is at `at_us`, silent for 45 min."""
    k = craft(b, name, route(way, (18.0, 28.0, 28.0, 18.0), 2, at_us))
    b.script(k, "MUTE", at_us, at_us + 45 * MINUTE_US)
    return k


def silent_dash(b: Builder, at_us: int) -> None:
    """Falls silent at 28 kn, 14 km from the shore that it heads for."""
    way = (SOUTH_W, off(LEDONG, LEDONG_SEA, 45_000.0), off(LEDONG, LEDONG_SEA, 14_000.0),
           off(LEDONG, LEDONG_SEA, 1_500.0), SOUTH_W)  # fmt: skip
    k = _silent_run(b, "XUN LEI 3", way, at_us)
    b.expect(
        Event("silent dash", "landfall", ("landfall",), (k,), at_us, at_us + 45 * MINUTE_US,
              "silence", WARNING, "28 kn towards the shore, then nothing")
    )  # fmt: skip


def silent_outbound(b: Builder, at_us: int) -> None:
    """A look-alike: as fast and as silent, out to sea."""
    way = (SOUTH, off(LINGSHUI, LINGSHUI_SEA, 22_000.0), off(LINGSHUI, LINGSHUI_SEA, 34_000.0),
           off(LINGSHUI, LINGSHUI_SEA, 60_000.0), SOUTH)  # fmt: skip
    k = _silent_run(b, "XUN LEI 8", way, at_us)
    b.expect(
        Event("silent and outbound", "landfall", ("landfall",), (k,), at_us,
              at_us + 45 * MINUTE_US, "silence", CAUTION, "28 kn out to sea, then nothing",
              innocent=True)
    )  # fmt: skip


def plant_shore(b: Builder, live_us: int) -> None:
    """All of them in the hour after `live_us`; what needs the night only where it is dark."""

    def at(minutes: float) -> int:
        return live_us + int(minutes * MINUTE_US)

    fast_approach(b, at(24))
    fast_along(b, at(20))
    silent_dash(b, at(14))
    silent_outbound(b, at(16))
    if season.sun_altitude_deg(at(10), *LINGSHUI) < DARK_DEG:
        night_landing(b, at(18))
        licensed_landing(b, at(22))
        silent_landing(b, at(26))
