"""A small night at sea in which every detector has work: the traffic that the laws are held to.

Some sixty background vessels of the simulator and one planted event for each kind of alert, with a
damaged line here and there. `lines()` gives the same bytes in every process.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from littoral.area.geodesy import KNOT_MPS
from littoral.area.geofence import FenceRule
from littoral.area.world import World
from littoral.engine.reference import region_world
from littoral.sim import (
    damage,
    incidents,
    incidents_lanes,
    incidents_meet,
    incidents_port,
    incidents_shore,
    incidents_still,
    traffic,
)
from littoral.sim.anchorages import demo_anchorages
from littoral.sim.demo import LANES
from littoral.sim.encode import encode
from littoral.sim.feed import region_coast
from littoral.sim.fences import fence
from littoral.sim.incidents import EVER_US, WEST_COAST
from littoral.sim.places import STATIONS
from littoral.sim.planted import Planted
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows, messages, ships
from littoral.sim.scenes import MINUTE_US, Builder, route

START_US = int(np.datetime64("2026-08-15T12:00:00", "us").astype(np.int64))  # 20:00 in Hainan
MINUTES = 270
VESSELS = 50
NAMELESS = 412_777_000  # comes in from the sea and never says who it is

# Every kind of alert that must occur, or a law about it says nothing.
KINDS = {
    ("approach", "approach"), ("landfall", "landfall"), ("landing", "landing"),
    ("area_rule", "entry"), ("area_rule", "exit"), ("area_rule", "presence"),
    ("area_rule", "speed_over"), ("area_rule", "speed_under"), ("area_rule", "night"),
    ("area_rule", "season"), ("area_rule", "ring"),
    ("collision", "collision_risk"),
    ("deviation", "route"), ("deviation", "speed"), ("deviation", "destination"),
    ("distress", "sart"), ("distress", "mob"), ("distress", "epirb"), ("distress", "status_14"),
    ("distress", "test"), ("distress", "text"),
    ("drift", "dragging"), ("drift", "drifting"),
    ("encounter", "encounter"),
    ("gap", "gap"),
    ("identity", "clash"), ("identity", "jump"), ("identity", "mmsi_change"),
    ("identity", "static_conflict"), ("identity", "bad_imo"), ("identity", "bad_mmsi"),
    ("loitering", "loitering"),
    ("particulars", "renamed"), ("particulars", "draught_without_call"), ("particulars", "flag"),
    ("port_visit", "port_visit"),
    ("meetings", "visited"), ("meetings", "repeated"),
    ("position", "on_land"), ("position", "circling"), ("position", "interference"),
    ("receiver", "receiver_silent"), ("receiver", "feed_silent"),
}  # fmt: skip


def planted() -> Planted:
    b = Builder(START_US, np.random.default_rng(11))

    def at(minutes: float) -> int:
        return START_US + int(minutes * MINUTE_US)

    incidents.gap(b, "RONG CHANG 58", WEST_COAST, 2, at(40), 150)
    incidents.encounter(b, "encounter", at(50), 60, (110.56, 18.38), "fishing")
    incidents.distress_device(b, "sart", 970_412_902, (109.62, 17.86), at(30), EVER_US, test=False)
    incidents.distress_device(b, "mob", 972_412_903, (110.72, 18.50), at(60), at(70), test=False)
    incidents.distress_device(b, "epirb", 974_412_904, (111.0, 19.3), at(65), at(90), test=False)
    incidents.distress_device(b, "test", 970_412_905, (109.22, 20.05), at(80), at(86), test=True)
    incidents.status_14(b, at(70))
    incidents.enter_fence(b, at(45), "YUAN DA HE 3")
    incidents.speeding(b, at(50))
    incidents.night_in_fence(b, at(60))
    incidents.moratorium(b, at(60), at(180))
    incidents.head_on(b, at(60), (111.62, 19.12), 15.0, "here")
    incidents.crossing(b, at(75), (111.05, 18.42), "here")
    incidents.overtaking(b, at(90), (110.35, 17.75), "here")
    incidents.jump(b, at(55), (111.40, 19.75), "here")
    incidents.clash(b, at(40), at(200), live=True)
    incidents.mmsi_change(b, at(80), WEST_COAST, 3, "here")
    incidents.static_flips(b, at(50))
    incidents.same_imo(b, at(70))
    incidents.bad_numbers(b, at(90))
    incidents.outage(b, "YINGGEHAI", at(100), at(140), planned=False)
    incidents_port.port_call(b, at(60), 90)
    incidents_port.renamed_at_sea(b, at(80), "here")
    incidents_port.loads_at_sea(b, at(190))
    incidents_port.another_flag(b, at(70))
    incidents_lanes.off_the_lanes(b, at(30), "here")
    incidents_lanes.creeping(b, at(70), 100.0, "here")
    incidents_lanes.ends_elsewhere(b, at(150))
    incidents_meet.visitors(b, at(60), "tanker", (109.25, 17.80))
    incidents_meet.rounds(b, at(100), 90, (110.28, 18.42))
    incidents_meet.on_land(b, at(110))
    incidents_meet.false_circle(b, at(120))
    incidents_meet.interference(b, at(150))
    way = (incidents.EAST, (111.6, 19.3), (110.75, 19.0), (111.6, 18.7), incidents.EAST_S)
    b.ship("coaster", "", route(way, 11.0, 2, at(120)), mmsi=NAMELESS)
    incidents_shore.plant_shore(b, at(60))
    incidents_still.loiter(b, at(-60), at(260))
    incidents_still.adrift(b, at(40), 100)
    incidents_still.drag(b, at(60))
    for station in STATIONS:
        b.silences.append((station.name, at(215), at(235)))
    return Planted(b.fleet(), tuple(b.begins), b.script_rows(), tuple(b.events), tuple(b.silences))


@cache
def sent() -> tuple[tuple[int, bytes], ...]:
    """(event time, its lines) of every message, in the order of their times."""
    settings = traffic.Settings(VESSELS, seed=11, density=0.3, planted=False)
    world = traffic.start(region_coast(), START_US, settings, planted())
    stations = ascii_rows(list(world.receivers.names), STATION_BYTES)
    texts = ascii_rows(list(traffic.TEXTS), TEXT_BYTES)
    out = []
    for _ in range(MINUTES):
        rows = world.block()
        rows = rows[(rows["mmsi"] != NAMELESS) | (rows["msg_type"] < 4)]
        encoded = encode(rows, world.ships, stations, texts)
        data, at = encoded.data.tobytes(), 0
        for t_us, end in zip(rows["t_us"].tolist(), encoded.ends.tolist(), strict=True):
            out.append((t_us, data[at:end]))
            at = end
    calls = messages(2)
    calls["t_us"] = START_US + np.array([95, 96]) * MINUTE_US
    calls["mmsi"], calls["msg_type"], calls["station"] = 412_999_001, 14, 1
    data = encode(calls, ships(1), stations, ascii_rows(["MAYDAY TAKING WATER"], TEXT_BYTES))
    first = int(data.ends[0])
    whole = data.data.tobytes()
    out += [(int(calls["t_us"][0]), whole[:first]), (int(calls["t_us"][1]), whole[first:])]
    return tuple(sorted(out))


@cache
def lines() -> bytes:
    """All lines in the order of their times, a hundredth of them damaged."""
    whole = np.frombuffer(b"".join(m for _, m in sent()), np.uint8)
    return damage.spoil(whole, 0.01, 0, int((whole == 10).sum()), seed=11)[0].tobytes()


@cache
def world() -> World:
    """Hainan with the demo's lanes and fences, and rules of every kind on these."""
    farm, bay, reef = (fence(f"demo-{name}") for name in ("wind-farm", "slow-bay", "reef-night"))
    farm = replace(
        farm, rules=(*farm.rules, FenceRule("exit"), FenceRule("presence", stay_s=600.0))
    )
    reef = replace(reef, rules=(*reef.rules, FenceRule("speed_under", speed_mps=4.0 * KNOT_MPS)))
    base = region_world("hainan", lanes=LANES)
    fences = (*base.geofences, farm, bay, reef)
    return replace(base, geofences=fences, anchorage_points=demo_anchorages())
