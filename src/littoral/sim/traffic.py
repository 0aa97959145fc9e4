"""The simulated coast: blocks of a minute of event time, each a sorted table of messages.

`Traffic` moves the whole fleet block by block. The length of a block is part of the model, so what
comes out does not depend on how it is asked for; the same seed, start and settings give the same
bytes on any machine with the same floating point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from littoral.area.geodesy import bearing_deg, haversine_m
from littoral.sim import planted as plant
from littoral.sim.beacons import NetBeacons, make_beacons, rows_needed, table_of
from littoral.sim.chance import mix3
from littoral.sim.fleet import Fleet, make_fleet
from littoral.sim.giveway import give_way
from littoral.sim.harbour import Harbours, build_harbours
from littoral.sim.lanes import OCEAN_LANES, STRAIT_LANES, Net, Shore, build_net
from littoral.sim.motion import HULL, LEG, PASS, STATE, STEP_US
from littoral.sim.places import AIDS, PORTS, STATIONS
from littoral.sim.plans import MAX_LEGS, Leg, Life, Planner, Point, as_rows
from littoral.sim.radio import IDENTITY, SCRIPT, run_block
from littoral.sim.reception import Receivers, receivers
from littoral.sim.rows import MESSAGE, SHIP, messages
from littoral.sim.voyages import FERRY_LINES, MAKERS

BLOCK_US = 60_000_000
STEPS = BLOCK_US // STEP_US
PARTS = 3  # ships look around so many times a block
HOUR_US = 3_600_000_000
GATES = np.array([(p.gate_lon_deg, p.gate_lat_deg) for p in PORTS.values()])
STRAIT = np.array([109.6, 19.9, 110.9, 20.4])  # narrow water: west, south, east, north
TEXTS = plant.TEXTS


@dataclass(frozen=True, slots=True)
class Settings:
    """`density`: the share of frequent position reports that shore receivers hear; `duplicates`:
    the share of messages heard twice among those that could be."""

    vessels: int = 2_500
    seed: int = 7
    density: float = 0.45
    duplicates: float = 0.08
    planted: bool = True
    history_us: int = 24 * HOUR_US
    careful: bool = True  # ships keep clear of each other; without it there is much to miss
    beacons: int = 0  # on nets; vessels are the same with and without


@dataclass(slots=True)
class Traffic:
    """The state of the world at `now_us`. Make it with `start`."""

    settings: Settings
    start_us: int
    now_us: int
    planner: Planner
    receivers: Receivers
    hulls: np.ndarray
    ships: np.ndarray
    states: np.ndarray
    plans: np.ndarray
    scripts: np.ndarray
    events: plant.Planted
    rows: np.ndarray
    beacons: NetBeacons
    beacon_rows: np.ndarray

    @property
    def texts(self) -> list[str]:
        """What messages of type 14 say, by `rows["text"]`: devices, then planted ships."""
        return [*TEXTS, *dict.fromkeys(text for _, _, text in self.events.texts)]

    def block(self, trace: np.ndarray | None = None) -> np.ndarray:
        """The next minute's messages (rows.MESSAGE), in order of time."""
        self._renew_plans()
        used = 0
        for part in range(PARTS):
            steps = STEPS // PARTS
            now_us = self.now_us + part * steps * STEP_US
            if self.settings.careful:
                give_way(self.hulls, self.states, self.plans, GATES, STRAIT, now_us)
            track = np.empty((0 if trace is None else len(self.states), steps, 4))
            more = run_block(
                self.hulls, self.states, self.plans, self.scripts, self.receivers.stations,
                self.receivers.silences, now_us, steps,
                self.settings.density, self.settings.duplicates, self.settings.seed,
                self.rows[used:], track,
            )  # fmt: skip
            if more < 0:
                raise RuntimeError("more messages in a minute than there is room for")
            used += more
            if trace is not None:
                trace[:, part * steps : (part + 1) * steps] = track
        rows = self.rows[:used]
        if len(self.beacons.buoys):
            heard = self.beacons.block(
                self.now_us, self.now_us + BLOCK_US, len(self.ships) - len(self.beacons.buoys),
                self.receivers, self.beacon_rows,
            )  # fmt: skip
            if heard < 0:
                raise RuntimeError("more messages of beacons in a minute than there is room for")
            rows = np.concatenate([rows, self.beacon_rows[:heard]])
        rows = np.concatenate([rows, *self._broadcasts(rows)])
        self.now_us += BLOCK_US
        order = np.lexsort((rows["station"], rows["msg_type"], rows["mmsi"], rows["t_us"]))
        return rows[order]

    def _broadcasts(self, rows: np.ndarray) -> Iterator[np.ndarray]:
        """The texts of planted ships in the minute of `rows`, each heard by the receiver that heard
        a report of the ship in it."""
        for ship, t_us, text in self.events.texts:
            if not self.now_us <= t_us < self.now_us + BLOCK_US:
                continue
            mmsi = self.hulls["mmsi"][len(self.planner.lives) + ship]
            mine = rows[(rows["mmsi"] == mmsi) & np.isin(rows["msg_type"], (1, 2, 3, 18))]
            if len(mine):
                said = messages(1)
                said["t_us"], said["mmsi"], said["msg_type"] = t_us, mmsi, 14
                said["text"], said["station"] = self.texts.index(text), mine["station"][0]
                yield said

    def blocks(self, count: int) -> Iterator[np.ndarray]:
        for _ in range(count):
            yield self.block()

    def _renew_plans(self) -> None:
        for v in np.flatnonzero(self.states["idle"] == 1):
            s = self.states[v]
            if int(v) >= len(self.planner.lives):
                continue  # planted: its plan is all it does
            here = (float(s["lon_deg"]), float(s["lat_deg"]))
            legs = self.planner.plan(int(v), here, self.now_us)
            self.plans[v, : len(legs)] = as_rows(legs)
            s["leg"], s["legs"], s["idle"], s["until_us"] = 0, len(legs), 0, self.now_us


def start(
    shore: Shore,
    start_us: int,
    settings: Settings = Settings(),
    events: plant.Planted | None = None,
) -> Traffic:
    """A world in full swing at `start_us` (microseconds since 1970, whole seconds). `events` are
    planted in place of the demo's."""
    if start_us % 1_000_000:
        raise ValueError("a simulation starts at a whole second")
    seed = settings.seed
    fleet = make_fleet(settings.vessels, seed, start_us)
    n = len(fleet.roles)
    planner = Planner(
        seed,
        fleet,
        build_net(shore),
        shore,
        build_harbours(shore, seed),
        _lives(fleet, seed),
        MAKERS,
    )
    states = np.zeros(n, STATE)
    plans = np.zeros((n, MAX_LEGS), LEG)
    for v in range(n):
        _fast_forward(planner, v, states[v], plans[v], start_us)
    world = Traffic(
        settings, start_us, start_us, planner, receivers(STATIONS), fleet.hulls, fleet.ships,
        states, plans, np.zeros(0, SCRIPT), plant.Planted(), np.empty(0, MESSAGE),
        make_beacons(settings.beacons, seed, start_us, settings.history_us), np.empty(0, MESSAGE),
    )  # fmt: skip
    if events is None and settings.planted:
        events = plant.plant(start_us, settings.history_us, seed)
    if events is not None:
        _add_planted(world, events)
    for v in range(len(world.states)):
        world.states[v]["report_us"] = start_us + mix3(seed, v, 5) % 30_000_000
        world.states[v]["static_us"] = start_us + mix3(seed, v, 6) % 360_000_000
    world.rows = np.zeros(60 * len(world.states) + 10_000, MESSAGE)
    world.ships = table_of(world.beacons, world.ships)
    world.beacon_rows = rows_needed(world.beacons)
    return world


def _add_planted(world: Traffic, events: plant.Planted) -> None:
    """Append the planted ships; their rows follow those of the background."""
    if events.fleet is None:
        return
    n, more = len(world.states), len(events.begins)
    world.events = events
    world.hulls = np.concatenate([world.hulls, events.fleet.hulls])
    world.ships = np.concatenate([world.ships, events.fleet.ships])
    world.planner.fleet.ships = world.ships  # in which each voyage writes its destination
    world.states = np.concatenate([world.states, np.zeros(more, STATE)])
    world.plans = np.concatenate([world.plans, np.zeros((more, MAX_LEGS), LEG)])
    for k, b in enumerate(events.begins):
        s = world.states[n + k]
        _begin(s, world.plans[n + k], b.legs, world.start_us, b.at, b.speed_mps, b.course_deg)
        s["stop"], s["until_us"], s["nav_status"] = b.stop, b.until_us, b.nav_status
    scripts = events.scripts.copy()
    scripts["vessel"] += n
    scripts["value"][scripts["what"] == IDENTITY] += n
    world.scripts = np.sort(scripts, order=("vessel", "from_us"), kind="stable")
    world.receivers = receivers(STATIONS, events.silences)


def planted_alone(start_us: int, settings: Settings) -> Traffic:
    """The planted ships of `start(...)` without the rest of the world and without receivers; they
    move as they do there."""
    fleet = Fleet(np.zeros(0, HULL), np.zeros(0, SHIP), [], [], [], [])
    empty = np.zeros(0)
    net = Net((), empty, empty, empty, empty.astype(int), empty)
    shore = OpenSea()
    planner = Planner(settings.seed, fleet, net, shore, Harbours({}), [], MAKERS)
    world = Traffic(
        settings, start_us, start_us, planner, receivers(STATIONS), fleet.hulls, fleet.ships,
        np.zeros(0, STATE), np.zeros((0, MAX_LEGS), LEG), np.zeros(0, SCRIPT), plant.Planted(),
        np.empty(0, MESSAGE), make_beacons(0, settings.seed, start_us, 0), np.empty(0, MESSAGE),
    )  # fmt: skip
    _add_planted(world, plant.plant(start_us, settings.history_us, settings.seed))
    world.receivers = receivers(())
    world.states["report_us"] = world.states["static_us"] = 2**62
    return world


class OpenSea:
    """A shore without land."""

    def on_land(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.zeros(len(lon), np.int8)

    def shore_distance_m(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.full(len(lon), 1e6)


def _lives(fleet: Fleet, seed: int) -> list[Life]:
    rng = np.random.default_rng([seed, 2])
    lives = []
    for role, home, number, speed in zip(
        fleet.roles, fleet.homes, fleet.numbers, fleet.speeds_mps, strict=True
    ):
        life = Life(f"PORT {home}", side=float(rng.uniform(0.25, 1.0)), speed_mps=speed)
        lanes = STRAIT_LANES if role == "strait" else OCEAN_LANES
        weights = np.array([w for w, _ in lanes])
        life.lane = lanes[int(rng.choice(len(lanes), p=weights / weights.sum()))][1]
        if role == "coaster" and rng.random() < 0.2:
            life.place = ("FANGCHENG", "BEIHAI", "ZHANJIANG", "HONGKONG")[number % 4]
        elif role == "laid_up":
            life.place = f"ANCHOR {('HAIKOU', 'MACUN', 'YANGPU', 'BASUO', 'SANYA')[number % 5]}"
        elif role == "ferry":
            life.place = f"PORT {FERRY_LINES[number % 2][number // 2 % 2]}"
        lives.append(life)
    return lives


def _first_point(p: Planner, v: int) -> Point:
    role, number = p.fleet.roles[v], p.fleet.numbers[v]
    if role == "aid":
        return AIDS[number].lon_deg, AIDS[number].lat_deg
    if role == "base":
        return STATIONS[number].lon_deg, STATIONS[number].lat_deg
    place = p.lives[v].place
    if role == "sar_aircraft":
        return (110.46, 19.94) if number == 0 else (109.41, 18.30)  # the airports
    if place in p.harbours.spots:
        return p.harbours.take(v, place, np.random.default_rng([p.seed, 4, v]))
    k = p.net.index(place)
    return float(p.net.lon_deg[k]), float(p.net.lat_deg[k])


def _fast_forward(p: Planner, v: int, s: np.ndarray, plan: np.ndarray, start_us: int) -> None:
    """Let a vessel live for a day or two before the start, roughly, and enter in mid-voyage."""
    here = _first_point(p, v)
    rng = np.random.default_rng([p.seed, 5, v])
    now = start_us - int(rng.uniform(16, 60) * HOUR_US)
    while True:
        legs = p.plan(v, here, now)
        for k, leg in enumerate(legs):
            there = (leg.lon_deg, leg.lat_deg)
            metres = max(1.0, haversine_m(*here, *there))
            arrive = now + int(metres / leg.speed_mps * 1e6)
            leave = max(arrive + leg.wait_us, leg.depart_us) if leg.stop != PASS else arrive
            if arrive > start_us:
                f = (start_us - now) / (arrive - now)
                at = (here[0] + f * (there[0] - here[0]), here[1] + f * (there[1] - here[1]))
                _begin(s, plan, legs[k:], start_us, at, leg.speed_mps, bearing_deg(*here, *there))
                s["nav_status"] = leg.nav_status
                return
            if leave > start_us:
                course = bearing_deg(*here, *there) if metres > 20.0 else float(rng.uniform(0, 360))
                rest = legs[k + 1 :]
                _begin(s, plan, rest, start_us, there, 0.0, course)
                s["stop"], s["nav_status"] = leg.stop, leg.stop_status
                s["since_us"], s["until_us"] = arrive, leave
                return
            here, now = there, leave


def _begin(
    s: np.ndarray,
    plan: np.ndarray,
    legs: Sequence[Leg],
    now_us: int,
    at: Point,
    speed_mps: float,
    course_deg: float,
) -> None:
    """Put a vessel at `at` with `legs` to do."""
    if legs:
        plan[: len(legs)] = as_rows(list(legs))
    s["lon_deg"], s["lat_deg"] = at
    s["from_lon_deg"], s["from_lat_deg"] = at
    s["speed_mps"], s["course_deg"] = speed_mps, course_deg
    s["since_us"] = now_us
    s["leg"], s["legs"] = 0, len(legs)
