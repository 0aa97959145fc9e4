"""How many collision alerts a watch gets in the simulated day, how many of them are true, and which
true close passes are not told of.

Two worlds of the demo's size: one where ships keep clear as COLREG has it (the load of a day), one
where nobody does (there is much to miss). Truth is measured on the noiseless states by
`littoral.sim.closeness` and plain geometry here; alerts come from `littoral run` over what the
receivers heard. A pass counts as heard when each ship under way had two reports of late, the last
no more than 90 s old, a minute before it. Ships that are planted for other rules (who meets, waits,
lands, jams) come close to each other as no traffic does; the bound is of the alerts without them.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench._harness import QUICK, report, row
from littoral.detect.collision import DETECTOR
from littoral.engine.reference import region_world
from littoral.sim import traffic
from littoral.sim.closeness import Passes
from littoral.sim.encode import encode
from littoral.sim.feed import region_coast
from littoral.sim.motion import DEG_M, MOOR, STEP_US
from littoral.sim.radio import CLASS_B
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows
from littoral.sim.truth import evaluate, measure_all

HOURS = 3 if QUICK else 24
START = "2026-08-16T09:00:00" if QUICK else "2026-08-15T12:00:00"
A_DAY = 30.0  # alerts that a watch can answer: one in 48 minutes
LEAST_FOUND = 0.9
SETTINGS: Any = DETECTOR.profiles["coastal"].settings
BY_TRADE = {"pilot", "tug", "patrol", "dredger"}  # the rule leaves out whose work is nearness
BEFORE_US, FRESH_US, STILL_US = 60_000_000, 90_000_000, 400_000_000
STILL_MPS = 0.5


@dataclass(slots=True)
class Day:
    world: traffic.Traffic
    states: np.ndarray  # (ships, steps, 4) float32: lon - 110, lat - 19, m/s, degrees
    passes: np.ndarray  # closeness.PASS
    roles: list[str]
    length_m: np.ndarray
    beam_m: np.ndarray
    alerts: list[dict[str, Any]]
    heard: dict[int, np.ndarray]  # times of reports by MMSI


def sail(folder: Path, careful: bool) -> Day:
    start_us = int(np.datetime64(START, "us").astype("int64"))
    blocks = HOURS * 60
    settings = traffic.Settings(history_us=blocks * traffic.BLOCK_US, careful=careful)
    world = traffic.start(region_coast(), start_us, settings)
    n, steps = len(world.states), traffic.STEPS
    states = np.lib.format.open_memmap(
        folder / "states.npy", "w+", np.float32, (n, blocks * steps, 4)
    )
    ship = world.ships[:n]
    length = (ship["to_bow_m"] + ship["to_stern_m"]).astype(float)
    beam = (ship["to_port_m"] + ship["to_starboard_m"]).astype(float)
    passes = Passes(length, beam)
    stations = ascii_rows(list(world.receivers.names), STATION_BYTES)
    texts = ascii_rows(world.texts, TEXT_BYTES)
    ships = world.hulls["radio"] <= CLASS_B
    with open(folder / "lines.nmea", "wb") as file:
        for k in range(blocks):
            track = np.empty((n, steps, 4))
            moored, began = world.states["stop"] == MOOR, world.now_us
            rows = world.block(track)
            passes.add(track, ships & ~(moored & (world.states["stop"] == MOOR)), began)
            states[:, k * steps : (k + 1) * steps] = track - [110.0, 19.0, 0.0, 0.0]
            file.write(encode(rows, world.ships, stations, texts).data.tobytes())
    subprocess.run(
        [sys.executable, "-m", "littoral.cli", "run", str(folder / "lines.nmea"), "--out",
         str(folder / "out"), "--detectors", "collision", "--json"],
        check=True, capture_output=True,
    )  # fmt: skip
    alerts = duckdb.sql(
        f"select things, kind, rule, state, start_us, end_us, priority, facts from "
        f"'{folder}/out/alerts/**/*.parquet'"
    ).fetchall()
    names = ("things", "kind", "rule", "state", "start_us", "end_us", "priority", "facts")
    told = [dict(zip(names, a, strict=True)) for a in alerts]
    for alert in told:
        alert["facts"] = json.loads(alert["facts"])
    reports = duckdb.sql(
        f"select mmsi, t_us from '{folder}/out/observations/**/*.parquet' where track >= 0 "
        "order by mmsi, t_us"
    ).fetchnumpy()
    mmsi, first = np.unique(reports["mmsi"], return_index=True)
    heard = dict(zip(mmsi.tolist(), np.split(reports["t_us"], first[1:]), strict=True))
    planted = world.events.fleet
    roles = [*world.planner.fleet.roles, *(planted.roles if planted else [])]
    return Day(world, states, passes.result(), roles, length, beam, told, heard)


def is_heard(day: Day, ship: int, at_us: int, still: bool) -> bool:
    times = day.heard.get(int(day.world.hulls["mmsi"][ship]))
    if times is None:
        return False
    k = int(np.searchsorted(times, at_us, "right"))
    limit = STILL_US if still else FRESH_US
    return k >= 2 and at_us - times[k - 1] <= limit and at_us - times[k - 2] <= 2 * limit


def clear_and_time(day: Day, a: int, b: int, at_us: int) -> tuple[float, float]:
    """Between the hulls at the closest point if both hold their true courses, and seconds to it."""
    k = min(day.states.shape[1] - 1, max(0, (at_us - day.world.start_us) // STEP_US))
    p, q = (day.states[s, k].astype(float) for s in (a, b))
    late = np.clip((at_us - day.world.start_us) / 1e6 - k * STEP_US / 1e6, 0.0, STEP_US / 1e6)
    scale = DEG_M * math.cos(math.radians(19.0 + p[1]))
    (u1, w1), (u2, w2) = (
        (s[2] * math.sin(math.radians(s[3])), s[2] * math.cos(math.radians(s[3]))) for s in (p, q)
    )
    u, w = u2 - u1, w2 - w1
    x, y = (q[0] - p[0]) * scale + u * late, (q[1] - p[1]) * DEG_M + w * late
    v = max(1e-6, math.hypot(u, w))
    along, between = math.degrees(math.atan2(u, w)), abs(x * w - y * u) / v
    for s, course in ((a, p[3]), (b, q[3])):
        turn = math.radians(course - along)
        between -= 0.5 * day.length_m[s] * abs(math.sin(turn))
        between -= 0.5 * day.beam_m[s] * abs(math.cos(turn))
    return between, -(x * u + y * w) / (v * v)


def judge_alerts(day: Day) -> dict[str, int]:
    """Each alert: of a planted meeting or other planted ships; else by truth when it began."""
    rows = {int(h["mmsi"]): k for k, h in enumerate(day.world.hulls)}
    planted = len(day.world.planner.lives)
    count = {"planted": 0, "came close": 0, "were about to": 0, "false": 0}
    near = {(int(p["first"]), int(p["second"])) for p in day.passes}
    for alert in day.alerts:
        ships = [rows.get(int(t.split(":")[1].split("-")[0]), -1) for t in alert["things"]]
        a, b = sorted(ships)
        if a < 0 or b >= planted:
            count["planted"] += 1
        elif (a, b) in near:
            count["came close"] += 1
        else:
            between, to_s = clear_and_time(day, a, b, alert["start_us"] + 20_000_000)
            limit = alert["facts"]["limit_clear_m"]
            if between <= 1.5 * limit and to_s >= 0.0:
                count["were about to"] += 1
            else:
                count["false"] += 1
    return count


def judge_passes(day: Day) -> dict[tuple[str, bool], list[int]]:
    """(level, heard): passes under way on both sides that the rule speaks of, and those told of."""
    world = region_world("hainan", None)
    passes = day.passes
    area = world.profiles.code(passes["lon_deg"], passes["lat_deg"])
    rows = {int(h["mmsi"]): k for k, h in enumerate(day.world.hulls)}
    told: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for alert in day.alerts:
        ships = [rows.get(int(t.split(":")[1].split("-")[0]), -1) for t in alert["things"]]
        span = (alert["start_us"], alert["end_us"] or 1 << 62)
        told.setdefault((min(ships), max(ships)), []).append(span)
    count: dict[tuple[str, bool], list[int]] = {}
    for p, code in zip(passes, area, strict=True):
        a, b = int(p["first"]), int(p["second"])
        pair = {day.roles[a], day.roles[b]}
        closing = SETTINGS.fishing_closing_mps if pair == {"fishing"} else SETTINGS.closing_mps
        if pair & BY_TRADE or p["slower_mps"] < STILL_MPS or p["closing_mps"] < 1.1 * closing:
            continue
        if p["faster_mps"] < 1.05 * SETTINGS.own_speed_mps:
            continue
        limits = SETTINGS.ferry if pair == {"ferry"} and code == 1 else SETTINGS.limits[code]
        longer = max(day.length_m[a], day.length_m[b])
        share = min(1.0, max(SETTINGS.least_share, longer / SETTINGS.full_length_m))
        if p["between_m"] > limits.warning_cpa_m * share:
            continue
        level = "alarm" if p["between_m"] <= limits.alarm_cpa_m * share else "warning"
        at_us = int(p["t_us"]) - BEFORE_US
        heard = is_heard(day, a, at_us, False) and is_heard(day, b, at_us, False)
        entry = count.setdefault((level, heard), [0, 0])
        entry[0] += 1
        spans = told.get((a, b), [])
        entry[1] += any(s - 30_000_000 <= p["t_us"] <= e + 120_000_000 for s, e in spans)
    return count


def main() -> int:
    rows = []
    for careful in (True, False):
        with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
            day = sail(Path(name), careful)
            kinds, passes = judge_alerts(day), judge_passes(day)
            a_day = len(day.alerts) * 24 / HOURS
            where = "keeping clear" if careful else "nobody gives way"
            rows.append(row(f"{where}: collision alerts", a_day, "a day"))
            rows += [row(f"{where}: of them {k}", n, "") for k, n in kinds.items()]
            for (level, heard), (n, found) in sorted(passes.items()):
                of = f"{where}: true passes within the {level}'s distance, " + (
                    "heard" if heard else "hardly heard"
                )
                rows.append(row(of, n, ""))
                least = LEAST_FOUND if heard and level == "alarm" and not careful else None
                rows.append(row(f"{of}: told of", found / n, "share", at_least=least))
            if careful:
                over_us = day.world.now_us
                events = [t for t in measure_all(day.world) if t.end_us <= over_us]
                (score,) = evaluate([t for t in events if t.rule == "collision"], day.alerts)
                others = kinds["planted"] - (score.planted - len(score.missed))
                own = (len(day.alerts) - others) * 24 / HOURS
                what = "keeping clear: collision alerts without ships planted for other rules"
                rows.append(row(what, own, "a day", at_most=A_DAY))
                rows.append(row("planted meetings", score.planted, ""))
                rows.append(row("planted meetings missed", len(score.missed), "", at_most=0))
                rows.append(row("look-alikes told of", len(score.accused), "", at_most=0))
            del day
    return report("alarm-load", rows)


if __name__ == "__main__":
    sys.exit(main())
