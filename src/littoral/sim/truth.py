"""Ground truth: what the planted ships really did, measured on their noiseless trajectories.

Imports no detector; `evaluate` compares alerts with it.

The planted ships move by their plans alone, so they are sailed once more without the rest of the
world and without receivers, and every event is measured by brute force over 5-second states.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from littoral.area.geodesy import KNOT_MPS, haversine_many_m
from littoral.sim import ashore, truth_lanes
from littoral.sim.feed import region_coast
from littoral.sim.fences import fence
from littoral.sim.motion import STEP_US
from littoral.sim.scenes import Event
from littoral.sim.traffic import BLOCK_US, STEPS, Traffic, planted_alone

KINDS_APART = frozenset({  # of these each kind is an event of its own
    "identity", "distress", "drift", "particulars", "deviation", "meetings", "position",
    "watch_list",
})  # fmt: skip
MEET_M, MEET_MPS = 200.0, 2.0 * KNOT_MPS
MOVED_M = 500.0  # from where it was at first
CALL_M, CALL_MPS = 2_000.0, 0.5 * KNOT_MPS
BEFORE_US, AFTER_US = 3_600_000_000, 2 * 3_600_000_000


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted event as it happened. `value`: what `measure` found, in the unit that it names
    (metres for "nearest", "together", "off lanes", "away from", of the shore and of the farthest
    partner for "in turn", m/s for "fast inside", "slow inside" and "slow there", else nothing)."""

    name: str
    rule: str
    kinds: tuple[str, ...]
    mmsis: tuple[int, ...]
    start_us: int
    end_us: int
    lon_deg: float | None
    lat_deg: float | None
    priority: int
    innocent: bool
    note: str
    measure: str
    value: float | None
    fence: str
    station: str


def trajectories(world: Traffic, until_us: int) -> np.ndarray:
    """(ships, steps, 4) of every planted ship: lon, lat, speed, course every 5 s from the start."""
    alone = planted_alone(world.start_us, world.settings)
    blocks = -(-(until_us - world.start_us) // BLOCK_US)
    out = np.empty((len(alone.states), blocks * STEPS, 4))
    for k in range(blocks):
        trace = np.empty((len(alone.states), STEPS, 4))
        alone.block(trace)
        out[:, k * STEPS : (k + 1) * STEPS] = trace
    return out


def measure_all(world: Traffic, live_us: int = BLOCK_US * 180) -> list[Truth]:
    """Every planted event; trajectories are followed to `live_us` after the history."""
    if not world.events.events:
        return []
    path = trajectories(world, world.start_us + world.settings.history_us + live_us)
    return [measure(e, world, path) for e in world.events.events]


def measure(event: Event, world: Traffic, path: np.ndarray) -> Truth:
    """Span, place and value of one event. ValueError when it does not happen at all."""
    first = max(0, (event.from_us - world.start_us) // STEP_US)
    last = min(path.shape[1], max(first + 1, (event.until_us - world.start_us) // STEP_US))
    span = path[list(event.ships), first:last]
    start_us, end_us, value = event.from_us, event.until_us, None
    at = 0
    if event.measure in ("together", "nearest"):
        a, b = span[0], span[1]
        apart = haversine_many_m(
            *(np.ascontiguousarray(c) for c in (a[:, 0], a[:, 1], b[:, 0], b[:, 1]))
        )
        at = int(np.argmin(apart))
        value = float(apart[at])
        hit = apart < MEET_M
        if event.measure == "together":
            hit &= (a[:, 2] < MEET_MPS) & (b[:, 2] < MEET_MPS)
        else:
            hit = np.zeros(len(apart), bool)
            hit[at] = True
    elif event.measure == "in turn":
        hit = np.zeros(span.shape[1], bool)
        nearest = []
        for one in span[1:]:
            apart = haversine_many_m(
                *(np.ascontiguousarray(c) for c in (*span[0, :, :2].T, *one[:, :2].T))
            )
            met = (apart < MEET_M) & (span[0, :, 2] < MEET_MPS) & (one[:, 2] < MEET_MPS)
            if not met.any():
                raise ValueError(f"planted but does not happen: {event.name}")
            hit |= met
            nearest.append(float(apart.min()))
        at, value = int(np.argmax(hit)), max(nearest)
    elif event.measure in ("inside", "fast inside", "slow inside"):
        polygon = shapely.Polygon(fence(event.fence).polygons[0][0])
        hit = shapely.contains_xy(polygon, span[0][:, 0], span[0][:, 1])
        if event.measure != "inside":
            limit = next(r.speed_mps for r in fence(event.fence).rules if r.speed_mps)
            speed, fast = span[0][:, 2], event.measure == "fast inside"
            hit &= speed > limit if fast else speed < limit
            if hit.any():
                value = float(speed[hit].max() if fast else speed[hit].min())
        at = int(np.argmax(hit))
    elif event.measure in ("toward shore", "at the shore"):
        measured = ashore.toward if event.measure == "toward shore" else ashore.lies_near
        hit, value = measured(ashore.our_shore(region_coast()), span[0])
        at = int(np.argmax(hit))
    elif event.measure == "slow":
        hit = span[0][:, 2] < MEET_MPS
    elif event.measure == "moved":
        lon, lat = (np.ascontiguousarray(span[0][:, c]) for c in (0, 1))
        first_place = (np.full(len(lon), lon[0]), np.full(len(lat), lat[0]))
        hit = haversine_many_m(*first_place, lon, lat) > MOVED_M
    elif event.measure in ("calls", "passes"):
        assert event.site is not None
        lon, lat = (np.ascontiguousarray(span[0][:, c]) for c in (0, 1))
        away = haversine_many_m(lon, lat, *(np.full(len(lon), c) for c in event.site))
        hit = away < CALL_M
        at = int(np.argmin(away))
        # A call has a stop and passing by has none, or it is not what was planted.
        if (hit & (span[0][:, 2] < CALL_MPS)).any() != (event.measure == "calls"):
            hit[:] = False
    elif event.measure.startswith(truth_lanes.MEASURES):
        hit, value = truth_lanes.hits(event.measure, span[0])
        at = int(np.argmax(hit))
    else:
        hit = np.ones(max(1, last - first), bool)
    if not hit.any() and not event.innocent:
        raise ValueError(f"planted but does not happen: {event.name}")
    if hit.any() and event.measure not in ("script", "silence"):
        where = np.flatnonzero(hit)
        start_us = world.start_us + int(first + where[0]) * STEP_US
        end_us = world.start_us + int(first + where[-1]) * STEP_US
    n = len(world.planner.lives)
    return Truth(
        event.name, event.rule, event.kinds, _mmsis(event, world, n), start_us, end_us,
        float(span[0, at, 0]) if len(span) else None, float(span[0, at, 1]) if len(span) else None,
        event.priority, event.innocent, event.note, event.measure, value, event.fence,
        event.station,
    )  # fmt: skip


def _mmsis(event: Event, world: Traffic, first: int) -> tuple[int, ...]:
    """All numbers that the ships of an event go by."""
    found = []
    for k in event.ships:
        found.append(int(world.hulls[first + k]["mmsi"]))
        mine = world.scripts[(world.scripts["vessel"] == first + k) & (world.scripts["what"] == 1)]
        found += [int(v) for v in mine["value"]]
    return tuple(dict.fromkeys(found))


def write_truth(world: Traffic, path: Path) -> list[Truth]:
    """The table of planted events as JSON: `{"events": [...], "planned_outages": [...]}`,
    and under "beacons" the MMSI and role of each net beacon and of what looks like one."""
    events = measure_all(world)
    planned = [
        {"station": s, "start_us": a, "end_us": b, "reason": why}
        for s, a, b, why in world.events.planned
    ]
    document = {
        "events": [asdict(t) for t in events],
        "planned_outages": planned,
        "beacons": world.beacons.roles(),
    }
    part = path.with_suffix(".part")  # whoever waits for the file must not find half of it
    part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
    return events


def read_truth(path: Path) -> list[Truth]:
    events = json.loads(path.read_text(encoding="utf-8"))["events"]
    return [Truth(**{**e, "kinds": tuple(e["kinds"]), "mmsis": tuple(e["mmsis"])}) for e in events]


# Comparison


@dataclass(frozen=True, slots=True)
class Score:
    """A row of the evaluation: planted events of one rule and kind."""

    rule: str
    kind: str
    planted: int
    found: int
    missed: tuple[str, ...]  # names
    late_priority: int  # found, but told less urgently than expected
    innocent: int
    accused: tuple[str, ...]  # innocent look-alikes that were told of


def _us(value: Any) -> int | None:
    if value is None or isinstance(value, (int, np.integer)):
        return None if value is None else int(value)
    return int(np.datetime64(str(value).rstrip("Z").replace("+00:00", ""), "us").astype("int64"))


def _numbers(alert: Mapping[str, Any]) -> set[int]:
    """MMSIs of an alert's things: `vessel:<mmsi>-<first>` or objects with `ref` and `mmsi`."""
    found: set[int] = set()
    for thing in alert.get("things", ()):
        if isinstance(thing, Mapping) and thing.get("mmsi"):
            found.add(int(thing["mmsi"]))
        ref = thing.get("ref", "") if isinstance(thing, Mapping) else str(thing)
        digits = ref.removeprefix("vessel:").split("-")[0]
        if digits.isdigit():
            found.add(int(digits))
    facts = alert.get("facts")
    if isinstance(facts, Mapping) and isinstance(facts.get("mmsi"), (int, float)):
        found.add(int(facts["mmsi"]))
    return found


def _names_station(alert: Mapping[str, Any], station: str) -> bool:
    refs = (t.get("ref", "") if isinstance(t, Mapping) else str(t) for t in alert.get("things", ()))
    return any(r.removeprefix("receiver:") == station for r in refs)


def matches(truth: Truth, alert: Mapping[str, Any]) -> bool:
    """Same rule, about the same thing, at about the same time (an alert may come an hour before
    its event ends to two hours after). The kind decides where the rule tells several apart."""
    if alert.get("rule") != truth.rule or alert.get("state") == "withdrawn":
        return False
    kind = str(alert.get("kind", ""))
    if truth.rule in KINDS_APART and kind not in truth.kinds:
        return False
    start = _us(alert.get("start_us", alert.get("start")))
    end = _us(alert.get("end_us", alert.get("end")))
    if start is None or start > truth.end_us + AFTER_US:
        return False
    if end is not None and end < truth.start_us - BEFORE_US:
        return False
    if truth.station:
        return _names_station(alert, truth.station)
    about = _numbers(alert)
    if len(truth.mmsis) == 2 and truth.rule in ("encounter", "collision"):
        return about >= set(truth.mmsis)
    return bool(about & set(truth.mmsis))


def evaluate(truth: Sequence[Truth], alerts: Iterable[Mapping[str, Any]]) -> list[Score]:
    """Planted, found and missed by rule and kind. `alerts` as the API gives them or as rows of the
    alerts table: `rule`, `kind`, `things`, `start`/`end` or `start_us`/`end_us`, `priority`,
    `state`."""
    told = list(alerts)
    groups: dict[tuple[str, str], list[Truth]] = {}
    for t in truth:
        groups.setdefault((t.rule, t.kinds[0]), []).append(t)
    scores = []
    for (rule, kind), events in sorted(groups.items()):
        hits = {id(t): [a for a in told if matches(t, a)] for t in events}
        guilty = [t for t in events if not t.innocent]
        found = [t for t in guilty if hits[id(t)]]
        late = [
            t for t in found if min(int(a.get("priority", 9)) for a in hits[id(t)]) > t.priority
        ]
        scores.append(
            Score(
                rule, kind, len(guilty), len(found),
                tuple(t.name for t in guilty if not hits[id(t)]), len(late),
                len(events) - len(guilty),
                tuple(t.name for t in events if t.innocent and hits[id(t)]),
            )
        )  # fmt: skip
    return scores
