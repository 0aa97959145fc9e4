"""Simulated days for benches that compare what is told with what happened: sailed once, written as
the lines that the receivers heard, kept as the noiseless record that the referee reads."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench._record_said import Recorder
from littoral.area.coast import Coast
from littoral.engine import core
from littoral.engine.history import History
from littoral.engine.inputs import merge
from littoral.engine.ledger import Ledger, Row
from littoral.engine.reference import region_world
from littoral.schema.batch import Outage
from littoral.schema.finding import Finding
from littoral.sense.decoded import StationList
from littoral.sense.table import TableOptions
from littoral.sim import traffic
from littoral.sim.beacons import ROLES
from littoral.sim.buoyed import NET
from littoral.sim.demo import LANES, RECEPTION
from littoral.sim.encode import encode
from littoral.sim.motion import ANCHOR, swing
from littoral.sim.planted import Planted
from littoral.sim.radio import CLASS_A, HEADING, MMSI, MUTE, STATUS
from littoral.sim.referee.record import LAT0_DEG, LON0_DEG, STEPS_A_MINUTE, Record
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows
from littoral.sim.scenes import Event

POSITIONS = (1, 3, 18)
GIVEN = ("lon_deg", "lat_deg", "sog_mps", "cog_deg")  # by a report
COLUMNS = ("id", "rule", "kind", "state", "priority", "start_us", "end_us", "things", "held_by")
MINUTE_US = 60_000_000
LEAST_URGENT = 4  # what is noted (5) calls nobody

# By day of the year: the season closed for fishing, the day on which it opens, after it.
STARTS = ("2026-06-10T08:00:00", "2026-08-16T08:00:00", "2026-11-05T08:00:00")


@dataclass(slots=True)
class Day:
    record: Record
    alerts: list[dict[str, Any]]
    planted: Planted
    first_planted: int  # row of the first planted ship
    net_beacons: frozenset[int]  # MMSIs
    told: list[tuple[int, str]]  # when, and of which alert: each time it was annunciated


class Telling(Ledger):
    """Notes what is annunciated (docs/alarms.md) as slices are settled: an alert that is new, or
    more urgent than before, once nothing holds it."""

    def __init__(self, rules: tuple[core.Rule, ...]) -> None:
        super().__init__(rules)
        self.told: list[tuple[int, str]] = []
        self._urgency: dict[str, int] = {}

    def settle(
        self, findings: Iterable[Finding], names: Mapping[str, str], until_us: int,
        rules: tuple[core.Rule, ...] | None = None,
    ) -> list[Row]:  # fmt: skip
        rows = super().settle(findings, names, until_us, rules)
        for row in rows:
            before = self._urgency.get(row["id"], LEAST_URGENT + 1)
            if not row["held_by"] and row["priority"] < before:
                self._urgency[row["id"]] = row["priority"]
                self.told.append((until_us, row["id"]))
        return rows


def days_of(seed: int) -> tuple[int, ...]:
    """A seed for each of its days: one of each of `STARTS`."""
    return tuple(len(STARTS) * seed + k for k in range(len(STARTS)))


def start_us(seed: int) -> int:
    return int(np.datetime64(STARTS[seed % len(STARTS)], "us").astype("int64"))


def _minute(world: traffic.Traffic) -> tuple[np.ndarray, np.ndarray]:
    """(n,) status and heading that a report at `world.now_us` says."""
    s, h = world.states, world.hulls
    heading = (s["course_deg"] + h["drift_deg"]) % 360.0
    for v in np.flatnonzero(s["stop"] == ANCHOR):
        heading[v] = swing(h[v], s[v], world.now_us)[2]
    status = s["nav_status"].copy()
    for c in world.scripts[
        (world.scripts["from_us"] <= world.now_us) & (world.now_us < world.scripts["until_us"])
    ]:
        if c["what"] == STATUS:
            status[c["vessel"]] = c["value"]
        elif c["what"] == HEADING:
            heading[c["vessel"]] = (heading[c["vessel"]] + c["value"]) % 360.0
    heading[h["has_heading"] == 0] = np.nan
    status[h["radio"] != CLASS_A] = -1
    return status, heading


def sail(
    folder: Path, coast: Coast, seed: int, hours: float, settings: traffic.Settings,
    plant: Callable[[int, int], Planted],
) -> Day:  # fmt: skip
    """One day: `plant(start_us, seed)` gives what is added to the fleet. Alerts by `littoral run`
    of every detector."""
    begin_us, blocks = start_us(seed), round(hours * 60)
    world = traffic.start(coast, begin_us, settings, plant(begin_us, seed))
    n, steps = len(world.states), traffic.STEPS
    path = np.lib.format.open_memmap(
        folder / "path.npy", "w+", np.float32, (n, blocks * STEPS_A_MINUTE, 4)
    )
    status = np.empty((n, blocks), np.int8)
    heading = np.empty((n, blocks), np.float32)
    stations = ascii_rows(list(world.receivers.names), STATION_BYTES)
    sent = Recorder(world)
    texts = ascii_rows(world.texts, TEXT_BYTES)
    by_mmsi = np.argsort(world.hulls["mmsi"][:n])
    numbers = world.hulls["mmsi"][by_mmsi]
    ships, times, said = [], [], []
    trace = np.empty((n, steps, 4))
    destinations: list[list[tuple[int, str]]] = [[] for _ in range(n)]
    last_said = np.zeros_like(world.ships["destination"][:n])
    with open(folder / "lines.nmea", "wb") as file:
        for k in range(blocks):
            status[:, k], heading[:, k] = _minute(world)
            now_said = world.ships["destination"][:n]
            for v in np.flatnonzero((now_said != last_said).any(1)):
                destinations[v].append((k, now_said[v].tobytes().decode().rstrip("\0 ")))
            last_said = now_said.copy()
            sent.before(world)
            rows = world.block(trace)
            sent.after(rows)
            path[:, k * steps : (k + 1) * steps] = trace - [LON0_DEG, LAT0_DEG, 0.0, 0.0]
            file.write(encode(rows, world.ships, stations, texts).data.tobytes())
            told = rows[np.isin(rows["msg_type"], POSITIONS)]
            at = np.minimum(np.searchsorted(numbers, told["mmsi"]), n - 1)
            known = numbers[at] == told["mmsi"]
            ships.append(by_mmsi[at[known]])
            times.append(told["t_us"][known])
            told = told[known]
            said.append(np.stack([told[name] for name in GIVEN], axis=1))
    heard, given = _by_ship(
        np.concatenate(ships), np.concatenate(times), np.concatenate(said), n
    )  # fmt: skip
    said = sent.result()
    ship = world.ships[:n].copy()
    ship[~np.isin(np.arange(n), [s.ship for s in said.statics])] = 0  # who never says what it is
    length = (ship["to_bow_m"] + ship["to_stern_m"]).astype(float)
    record = Record(
        begin_us, path, status, heading, world.hulls["mmsi"][:n].copy(),
        world.hulls["radio"][:n].copy(), ship["ship_type"].astype(int), length,
        ship["to_bow_m"].astype(float), heard, [g[:, :3] for g in given], _off(world, n),
        destinations, (ship["to_port_m"] + ship["to_starboard_m"]).astype(float),
        ship["to_port_m"].astype(float), said, [g[:, 3] for g in given],
    )  # fmt: skip
    first = len(world.planner.lives)
    nets = {int(str(b["mmsi"])) for b in world.beacons.roles() if b["role"] == ROLES[NET]}
    alerts, told = run_for(folder, world.events)
    return Day(record, alerts, world.events, first, frozenset(nets), told)


def _by_ship(
    ships: np.ndarray, times: np.ndarray, said: np.ndarray, n: int
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Times and what was said, one array a ship, each report once."""
    pairs, first = np.unique(np.stack([ships, times]), axis=1, return_index=True)
    ends = np.searchsorted(pairs[0], np.arange(n + 1))
    spans = list(itertools.pairwise(ends))
    return [pairs[1, a:b] for a, b in spans], [said[first[a:b]] for a, b in spans]


def _off(world: traffic.Traffic, n: int) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for c in world.scripts[world.scripts["what"] == MUTE]:
        found[c["vessel"]].append((int(c["from_us"]), int(c["until_us"])))
    return found


def run(folder: Path, profile: str, rules: Collection[str]) -> list[dict[str, Any]]:
    """What `littoral run` tells of the lines in `folder` by these rules of a profile."""
    out = folder / f"out-{profile}"
    done = subprocess.run(
        [sys.executable, "-m", "littoral.cli", "run", str(folder / "lines.nmea"), "--out",
         str(out), "--profile", profile, "--reception", str(RECEPTION), "--lanes", str(LANES),
         "--detectors", ",".join(sorted(rules)), "--json"],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return alerts_of(out) if json.loads(done.stdout)["alerts"] else []


def run_for(folder: Path, asked: Planted) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """The same by all rules of the product, with the fences, the watch-list and the planned outages
    of `asked`, which no option of the command gives; and what was annunciated when."""
    world = region_world("hainan", RECEPTION, None, LANES, folder / "out")
    world = replace(world, geofences=world.geofences + asked.fences, watched=asked.watched)
    stations = StationList()
    planned = tuple(
        Outage(stations.index(name), name, begin, end, planned=True, reason=why)
        for name, begin, end, why in asked.planned
    )
    rules = core.choose_rules("coastal")
    telling = Telling(rules)
    history = History(rules, world, stations, folder / "out", planned, ledger=telling)
    report = history.run(merge([str(folder / "lines.nmea")], stations, TableOptions(None, {})))
    return alerts_of(folder / "out") if report.alerts else [], telling.told


def alerts_of(out: Path) -> list[dict[str, Any]]:
    found = duckdb.sql(
        f"select {', '.join(COLUMNS)} from '{out}/alerts/**/*.parquet' order by start_us, id"
    ).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def numbers_of(day: Day, scene: Event) -> set[int]:
    """All MMSIs that the ships of a scene go by."""
    found = {int(day.record.mmsi[day.first_planted + k]) for k in scene.ships}
    for c in day.planted.scripts:
        if c["what"] == MMSI and c["vessel"] in scene.ships:
            found.add(int(c["value"]))
    return found


def mmsis_of(alert: dict[str, Any]) -> tuple[int, ...]:
    """MMSIs of an alert's vessels, the primary one first."""
    refs = [str(t) for t in alert["things"] if str(t).startswith("vessel:")]
    return tuple(int(t.removeprefix("vessel:").split("-")[0]) for t in refs)


def is_of_net_beacon(day: Day, alert: dict[str, Any]) -> bool:
    """Whether one of its vessels is a net beacon. Some bear the number of a ship that is about: a
    track that begins with a report of the ship is the ship's."""
    for thing in alert["things"]:
        kind, _, track = str(thing).partition(":")
        number, _, begin = track.partition("-")
        if kind != "vessel" or int(number) not in day.net_beacons:
            continue
        ships = np.flatnonzero(day.record.mmsi == int(number))
        at_ms = f"{begin[:4]}-{begin[4:6]}-{begin[6:11]}:{begin[11:13]}:{begin[13:-1]}"
        first_ms = int(np.datetime64(at_ms, "ms").astype("int64"))
        if not any(first_ms in day.record.heard[s] // 1000 for s in ships):
            return True
    return False
