"""What can be planted: one function an event, each with the ships that play it.

Ships come from beyond the receivers' reach or from a port and leave the same way.
"""

from __future__ import annotations

from littoral.sim.fleet import set_text
from littoral.sim.motion import ANCHOR, MOOR
from littoral.sim.radio import CLASS_B
from littoral.sim.scenes import (
    MINUTE_US,
    Builder,
    Event,
    Point,
    beside,
    come_and_go,
    route,
    straight,
)

EMERGENCY, ALARM, WARNING, CAUTION = 1, 2, 3, 4
EVER_US = 2**62

# Where planted ships come from and go to: beyond every receiver.
EAST_N, EAST, EAST_S = (113.4, 20.4), (113.4, 19.3), (113.2, 18.0)
SOUTH, SOUTH_W, WEST = (110.2, 15.8), (109.4, 15.9), (107.0, 18.9)
EAST_COAST: tuple[Point, ...] = (
    EAST_N, (111.70, 20.10), (111.38, 19.62), (111.05, 18.95), (110.62, 18.36), (109.70, 17.93),
    SOUTH,
)  # fmt: skip
WEST_COAST: tuple[Point, ...] = (
    SOUTH_W, (108.75, 17.95), (108.36, 18.50), (108.28, 19.00), (108.38, 19.55), (108.10, 20.30),
    (108.30, 21.20),
)  # fmt: skip


def aside(b: Builder, way: tuple[Point, ...]) -> tuple[Point, ...]:
    """The way of the next ship: beside those of the others, so that they do not run together."""
    shift = 0.014 * ((3 * len(b.ships)) % 7 - 3)
    return tuple((lon + shift, lat) for lon, lat in way)


def gap(
    b: Builder, name: str, way: tuple[Point, ...], at_point: int, at_us: int, minutes: float
) -> None:
    """A coaster on a coastal way goes silent for hours in sight of several receivers."""
    k = b.ship("coaster", name, route(aside(b, way), 9.5, at_point, at_us))
    until_us = at_us + int(minutes * MINUTE_US)
    b.script(k, "MUTE", at_us, until_us)
    b.expect(
        Event(f"gap {name}", "gap", ("gap",), (k,), at_us, until_us, "silence", CAUTION,
              "transponder off under way, heard well before")
    )  # fmt: skip


def mute_in_port(b: Builder, at_us: int, until_us: int) -> None:
    """A look-alike: switched off alongside."""
    place = (110.285, 20.052)
    stay = [
        (*place, b.start_us),
        (*place, until_us + 60 * MINUTE_US),
        (110.272, 20.105, until_us + 90 * MINUTE_US),
    ]
    k = b.ship("coaster", "FU HAI PING 88", stay, stay=MOOR, stay_status=5)
    b.script(k, "MUTE", at_us, until_us)
    b.expect(
        Event("off alongside", "gap", ("gap",), (k,), at_us, until_us, "silence", CAUTION,
              "transponder off at its berth", innocent=True)
    )  # fmt: skip


def encounter(
    b: Builder, name: str, at_us: int, minutes: float, site: Point, kind: str = "yacht"
) -> None:
    """A tanker stops at sea by night; a small craft comes out and lies beside it."""
    until_us = at_us + int(minutes * MINUTE_US)
    margin = 12 * MINUTE_US
    scene = [(*site, at_us - margin), (*site, until_us + margin)]
    big = b.ship("tanker", "JADE FORTUNE" if kind == "yacht" else "SILVER DIGNITY",
                 come_and_go(SOUTH, scene, SOUTH_W if site[0] < 110 else EAST_S, 11.0))  # fmt: skip
    side = beside(site, 70.0, 95.0)
    home = (109.510, 18.170) if site[0] < 110 else (110.110, 18.400)
    small = b.ship(kind, "", come_and_go(home, [(*side, at_us), (*side, until_us)], home, 9.0),
                   radio=CLASS_B)  # fmt: skip
    if kind == "yacht":
        b.ships[small]["ship_type"] = 90
        b.ships[small]["to_bow_m"], b.ships[small]["to_stern_m"] = 14, 4
    else:
        set_text(b.ships[small], "name", "QIONG LING YU 11207")
    b.expect(
        Event(name, "encounter", ("encounter",), (big, small), at_us - margin, until_us + margin,
              "together", WARNING, "two vessels lie within 200 m of each other by night")
    )  # fmt: skip


def slow_passing(b: Builder, at_us: int) -> None:
    """A look-alike: a coaster passes a drifting craft slowly and close, and is gone."""
    site = (110.18, 17.95)
    lies = beside(site, 0.0, 150.0)
    stay = [(*lies, b.start_us), (*lies, at_us + 120 * MINUTE_US)]
    stay.append((110.10, 18.02, at_us + 180 * MINUTE_US))
    still = b.ship("yacht", "HAI YAN 61", stay, radio=CLASS_B)
    passing = b.ship(
        "coaster",
        "NING YUAN 12",
        come_and_go(EAST_S, straight(site, 260.0, 4.0, at_us, 25, 25), SOUTH_W, 9.0),
    )
    b.expect(
        Event("slow passing", "encounter", ("encounter",), (passing, still),
              at_us - 30 * MINUTE_US, at_us + 30 * MINUTE_US, "nearest", CAUTION,
              "passes at 4 kn within 200 m, together for minutes only", innocent=True)
    )  # fmt: skip


def bunkering(b: Builder, at_us: int) -> None:
    """A look-alike: a bunker tanker beside a ship that waits in the roads of Haikou."""
    place = (110.302, 20.086)
    away = at_us + 150 * MINUTE_US
    roads = [
        (*place, b.start_us),
        (*place, away + 600 * MINUTE_US),
        (110.34, 20.118, away + 640 * MINUTE_US),
    ]
    ship = b.ship("bulk", "GRAND PROSPERITY", roads, stay=ANCHOR, stay_status=1)
    side = beside(place, 100.0, 60.0)
    base = (110.280, 20.055)
    barge = b.ship(
        "coaster", "HAI GONG YOU 6", come_and_go(base, [(*side, at_us), (*side, away)], base, 5.0)
    )
    b.ships[barge]["ship_type"] = 80
    b.expect(
        Event("bunkering in the roads", "encounter", ("encounter",), (ship, barge), at_us, away,
              "together", CAUTION, "alongside at anchor, within the port's limits", innocent=True)
    )  # fmt: skip


def _meeting(
    b: Builder, name: str, at_us: int, through: Point, courses: tuple[float, float],
    speeds_kn: tuple[float, float], miss_m: float, names: tuple[str, str], note: str,
    innocent: bool = False,
) -> None:  # fmt: skip
    """Two ships on straight courses that pass `miss_m` apart at about `at_us`."""
    ends = []
    run_min = 75.0
    for k in range(2):
        point = through if k == 0 else beside(through, courses[0] + 90.0, miss_m)
        run = straight(point, courses[k], speeds_kn[k], at_us, run_min, run_min)
        ends.append(
            b.ship(
                "bulk" if k else "coaster",
                names[k],
                come_and_go(_far(run[0][:2]), run, _far(run[-1][:2]), speeds_kn[k]),
                top_kn=speeds_kn[k] + 3.0,
            )
        )
    b.expect(
        Event(name, "collision", ("collision_risk",), (ends[0], ends[1]), at_us - 30 * MINUTE_US,
              at_us + 30 * MINUTE_US, "nearest", ALARM if not innocent else CAUTION, note, innocent)
    )  # fmt: skip


def _far(point: Point) -> Point:
    """The place beyond the receivers that lies on the open side of `point`."""
    if point[0] > 111.2:
        return EAST if point[1] > 18.9 else EAST_S
    return EAST_S if point[0] > 110.9 and point[1] > 17.6 else SOUTH


def head_on(b: Builder, at_us: int, through: Point, course: float, when: str) -> None:
    _meeting(
        b, f"head-on {when}", at_us, through, (course, course + 180.0), (12.5, 11.5), 35.0,
        (f"CHANG SHENG {len(b.ships)}", "PACIFIC COURAGE"), "reciprocal courses, nobody alters",
    )  # fmt: skip


def crossing(b: Builder, at_us: int, through: Point, when: str) -> None:
    _meeting(
        b, f"crossing {when}", at_us, through, (25.0, 295.0), (11.0, 12.0), 30.0,
        (f"SHUN DA AN {len(b.ships)}", "OCEAN WISDOM"), "crossing, nobody gives way",
    )  # fmt: skip


def overtaking(b: Builder, at_us: int, through: Point, when: str) -> None:
    _meeting(
        b, f"overtaking {when}", at_us, through, (235.0, 235.0), (9.0, 16.0), 40.0,
        (f"BO HAI RUI {len(b.ships)}", "EVER LEADER"), "overtaken at 40 m, nobody alters",
    )  # fmt: skip


def wide_meeting(b: Builder, at_us: int) -> None:
    _meeting(
        b, "meeting with room", at_us, (111.45, 18.70), (20.0, 200.0), (12.0, 12.0), 1_400.0,
        ("GUO YUAN LONG 2", "CAPE HARMONY"), "reciprocal courses, 1,400 m apart", True,
    )  # fmt: skip


def clash(b: Builder, from_us: int, until_us: int, live: bool) -> None:
    """Two ships send one MMSI, far from each other, for hours."""
    mmsi = 412_990_000 + live
    east = route(aside(b, EAST_COAST), 9.0, 3 if not live else 2, from_us + 60 * MINUTE_US)
    west = route(aside(b, WEST_COAST), 8.5, 2 if not live else 1, from_us + 60 * MINUTE_US)
    one = b.ship("coaster", f"TIAN FU DA {10 + live}", east)
    two = b.ship("coaster", f"TIAN FU DA {10 + live}", west)
    b.script(one, "MMSI", 0, EVER_US, mmsi)
    b.script(two, "MMSI", from_us, until_us, mmsi)
    b.expect(
        Event(f"identity clash {'live' if live else 'in the history'}", "identity", ("clash",),
              (one, two), from_us, until_us, "script", WARNING, "one MMSI on two ships at once")
    )  # fmt: skip


def jump(b: Builder, at_us: int, place: Point, when: str) -> None:
    """False positions some 20 km off for a few minutes, three times."""
    k = b.ship(
        "coaster",
        f"HUA YANG {len(b.ships)}",
        come_and_go(EAST, straight(place, 195.0, 8.0, at_us, 60, 60), EAST_S, 9.0),
    )
    for n in range(3):
        begin_us = at_us + n * 7 * MINUTE_US
        b.script(k, "SHIFT", begin_us, begin_us + 2 * MINUTE_US, shift=(0.2, 0.02))
    b.expect(
        Event(f"jump {when}", "identity", ("jump",), (k,), at_us, at_us + 16 * MINUTE_US, "script",
              CAUTION, "positions 21 km off for two minutes, three times")
    )  # fmt: skip


def mmsi_change(b: Builder, at_us: int, way: tuple[Point, ...], at_point: int, when: str) -> None:
    k = b.ship(
        "coaster", f"AN TAI CHANG {len(b.ships)}", route(aside(b, way), 9.0, at_point, at_us)
    )
    b.script(k, "MMSI", at_us, EVER_US, 413_910_000 + k)
    b.script(
        k, "IDENTITY", at_us, EVER_US, b.other_identity(k, f"HONG TAI {len(b.ships)}", "BQXA7")
    )
    b.expect(
        # The rule waits five minutes for the old MMSI to stay silent: only then is it over.
        Event(f"MMSI change {when}", "identity", ("mmsi_change",), (k,), at_us,
              at_us + 7 * MINUTE_US, "script", WARNING,
              "another MMSI and name from one report to the next, under way")
    )  # fmt: skip


def static_flips(b: Builder, at_us: int) -> None:
    """Goes to and fro between two names."""
    k = b.ship("coaster", "JIA HANG YUAN 5", route(aside(b, WEST_COAST), 7.5, 2, at_us))
    other = b.other_identity(k, "HAI XIANG 66", "BZZK9")
    for n in range(3):
        begin_us = at_us + n * 50 * MINUTE_US
        b.script(k, "IDENTITY", begin_us, begin_us + 25 * MINUTE_US, other)
    b.expect(
        Event("two names by turns", "identity", ("static_conflict",), (k,), at_us,
              at_us + 150 * MINUTE_US, "script", CAUTION, "name and call sign go to and fro")
    )  # fmt: skip


def same_imo(b: Builder, at_us: int) -> None:
    one = b.ship("bulk", "ATLANTIC SPIRIT", route(aside(b, EAST_COAST), 11.0, 2, at_us))
    two = b.ship("bulk", "BLUE CENTURY", route(aside(b, EAST_COAST[::-1]), 10.0, 2, at_us))
    b.ships[two]["imo"] = b.ships[one]["imo"]
    b.expect(
        Event("one IMO number twice", "identity", ("static_conflict",), (one, two),
              at_us - 60 * MINUTE_US, at_us + 180 * MINUTE_US, "script", WARNING,
              "two MMSIs send one IMO number")
    )  # fmt: skip


def bad_numbers(b: Builder, live_us: int) -> None:
    """A wrong check digit and an MMSI of no known form, both sailing for days."""
    k = b.ship(
        "coaster", "XIN HAI HE 9", route(aside(b, EAST_COAST), 4.0, 3, live_us - 20 * MINUTE_US)
    )
    b.ships[k]["imo"] += 1 if int(b.ships[k]["imo"][0]) % 10 < 9 else -1
    b.expect(
        Event("wrong IMO check digit", "identity", ("bad_imo",), (k,), b.start_us, live_us,
              "script", CAUTION, "the last digit is not the check digit")
    )  # fmt: skip
    k = b.ship(
        "coaster", "MINH PHAT 3", route(aside(b, WEST_COAST), 4.0, 3, live_us - 40 * MINUTE_US)
    )
    b.hulls[k]["mmsi"] = 123_456_789
    b.expect(
        Event("MMSI of no form", "identity", ("bad_mmsi",), (k,), b.start_us, live_us, "script",
              CAUTION, "123456789 is nothing that ITU-R M.585 allots")
    )  # fmt: skip


def distress_device(
    b: Builder, name: str, mmsi: int, place: Point, from_us: int, until_us: int, test: bool
) -> None:
    stop_us = min(until_us, from_us + 3 * 1440 * MINUTE_US)
    k = b.device(mmsi, place, (0.02, -0.015), from_us, stop_us, test)
    what = {970: "AIS-SART", 972: "MOB", 974: "EPIRB"}[mmsi // 1_000_000]
    kinds = ("test",) if test else ("sart", "mob", "epirb", "device")
    b.expect(
        Event(name, "distress", kinds, (k,), from_us, min(stop_us, from_us + 60 * MINUTE_US),
              "script", CAUTION if test else EMERGENCY,
              f"{what} {'under test: a notice' if test else 'active'}")
    )  # fmt: skip


def status_14(b: Builder, at_us: int) -> None:
    """A ship sets the distress status by mistake or in need."""
    k = b.ship("coaster", "RONG CHANG PING 4", route(aside(b, WEST_COAST), 8.0, 4, at_us))
    b.script(k, "STATUS", at_us, at_us + 45 * MINUTE_US, 14)
    b.expect(
        Event("status 14", "distress", ("status_14",), (k,), at_us, at_us + 45 * MINUTE_US,
              "script", ALARM, "navigational status 14 on a ship")
    )  # fmt: skip


def nameless(b: Builder, at_us: int) -> None:
    """A dredger that never says what she is comes in from the sea, and goes out again."""
    way = (EAST, (111.6, 19.3), (110.75, 19.0), (111.6, 18.7), EAST_S)
    k = b.ship("dredger", "", route(way, 11.0, 2, at_us))
    b.script(k, "NAMELESS", 0, EVER_US)
    b.expect(
        Event("comes in and says no name", "area_rule", ("ring",), (k,), at_us - 150 * MINUTE_US,
              at_us, "moved", CAUTION, "never says what she is, and comes within 12 n mile")
    )  # fmt: skip


def enter_fence(b: Builder, at_us: int, name: str) -> None:
    """Into the wind farm from the north-east, across it and out."""
    way = (
        EAST,
        (111.62, 19.62),
        (111.385, 19.47),
        (111.33, 19.45),
        (111.24, 19.36),
        (111.55, 18.9),
        EAST_S,
    )
    k = b.ship("coaster", name, route(way, 7.0, 2, at_us))
    b.expect(
        Event(f"{name} enters", "area_rule", ("entry", "fence_entry"), (k,), at_us - 20 * MINUTE_US,
              at_us + 90 * MINUTE_US, "inside", WARNING, "enters the wind farm",
              fence="demo-wind-farm")
    )  # fmt: skip


def speeding(b: Builder, at_us: int) -> None:
    """A speedboat at 32 kn through the slow bay."""
    home = (109.360, 18.190)
    way = (
        home,
        (109.375, 18.18),
        (109.39, 18.14),
        (109.385, 18.10),
        (109.39, 18.14),
        (109.375, 18.18),
        home,
    )
    k = b.ship("yacht", "FEI YU 8", route(way, (10.0, 32.0, 32.0, 32.0, 32.0, 10.0), 1, at_us),
               radio=CLASS_B, top_kn=38.0)  # fmt: skip
    b.hulls[k]["turn_degps"], b.hulls[k]["accel_mps2"] = 5.0, 0.4
    b.expect(
        Event("speeding in the bay", "area_rule", ("speed_over", "fence_speed_over"), (k,),
              at_us - MINUTE_US, at_us + 30 * MINUTE_US, "fast inside", WARNING,
              "32 kn where 22 are allowed", fence="demo-slow-bay")
    )  # fmt: skip


def night_in_fence(b: Builder, at_us: int) -> None:
    """A pleasure boat over the reef after dark."""
    way = ((110.03, 18.32), (110.13, 18.30), (110.18, 18.295), (110.17, 18.28), (110.03, 18.30))
    k = b.ship("yacht", "CORAL 27", route(way, (7.0, 5.0, 1.5, 7.0), 1, at_us), radio=CLASS_B)
    b.expect(
        Event("night over the reef", "area_rule", ("night", "fence_night"), (k,),
              at_us - 10 * MINUTE_US, at_us + 120 * MINUTE_US, "inside", WARNING,
              "in an area closed by night", fence="demo-reef-night")
    )  # fmt: skip


def moratorium(b: Builder, from_us: int, until_us: int) -> None:
    """A trawler at work in the closed season."""
    home = (110.70, 19.225)
    ground: tuple[Point, ...] = (
        (111.02, 19.10),
        (111.04, 19.075),
        (111.03, 19.045),
        (111.0, 19.07),
    )
    out = route((home, ground[0]), 8.0, 1, from_us)
    work = [(*ground[n % 4], from_us + (until_us - from_us) * n // 5) for n in range(1, 6)]
    back = route((ground[1], home), 8.0, 0, until_us)[1:]
    k = b.ship("fishing", "QIONGQIONGHAIYU01023", [*out, *work, *back], status=7)
    b.ships[k]["ship_type"] = 30
    b.expect(
        Event("trawling in the closed season", "area_rule", ("season", "fence_season"), (k,),
              from_us, until_us, "script", WARNING, "fishes during the moratorium",
              fence="example-scs-moratorium")
    )  # fmt: skip


def outage(b: Builder, station: str, from_us: int, until_us: int, planned: bool) -> None:
    b.silences.append((station, from_us, until_us))
    if planned:
        b.planned.append((station, from_us, until_us, "maintenance"))
    b.expect(
        Event(f"{station} {'off as planned' if planned else 'falls silent'}", "receiver",
              ("receiver_silent",), (), from_us, until_us, "script",
              CAUTION if planned else WARNING, "hears nothing; ships there have not vanished",
              station=station)
    )  # fmt: skip
