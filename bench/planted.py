"""How much of what happens is told of, and how much of what is told happened, rule by rule.

Simulated days, two a seed: a fleet of moderate size, and beside it events and near-misses of each
kind with parameters drawn about each threshold. What really happened, planted or not, is computed
by brute force from the noiseless trajectories by `littoral.sim.referee`, which shares no code with
a detector and is written from the rules' published text. Alerts come from `littoral run` over what
the receivers heard. One event is one alert: a second alert of it counts as false.

Bounds hold for the one-sided lower 95 % bound (Clopper and Pearson) of recall among the events that
were heard well enough to be told of, and of precision among all alerts. Recall among all events
stands beside it. `SETTING` seeds are for choosing settings (`SEEDS=setting`), `REPORTING` seeds for
figures; neither is used elsewhere. The quick form looks at a setting seed alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import _days, _scenes, _scenes_second
from bench._bounds import lower_bound
from bench._harness import QUICK, report, row
from bench._matching import Score, judge
from littoral.area import load_world
from littoral.area.region import DATA
from littoral.sim import traffic
from littoral.sim.demo import LANES
from littoral.sim.feed import region_coast
from littoral.sim.planted import Planted
from littoral.sim.referee import judge_said
from littoral.sim.referee.destination import read_places
from littoral.sim.referee.deviation import read_learned
from littoral.sim.referee.ground import Ground, ground_of
from littoral.sim.referee.judge import KINDS, events_of
from littoral.sim.referee.record import Happened
from littoral.sim.referee.waters import waters_of

Kind = tuple[str, str]
ALL_KINDS: tuple[Kind, ...] = (*KINDS, *judge_said.KINDS)
SETTING, REPORTING = tuple(range(9_301, 9_312)), tuple(range(9_321, 9_331))
SEEDS = SETTING if QUICK or os.environ.get("SEEDS") == "setting" else REPORTING
HOURS, VESSELS, EACH = (7.0, 160, 2) if QUICK else (24.0, 600, 6)
DESTINATIONS = DATA / "world" / "destinations.csv"
LEAST = None if QUICK else 0.9  # of a few events no bound is so high
SHOWN = 12  # of what was missed and what was false, so many of each kind are named


def near_misses(day: _days.Day, events: list[Happened], kind: Kind) -> tuple[int, int]:
    """Planted near-misses that, by the referee, are none of the rule's events; and those of them
    that were told of."""
    mine = [e for e in events if (e.rule, e.kind) == kind]
    told = [a for a in day.alerts if (a["rule"], a["kind"]) == kind and a["state"] != "withdrawn"]
    happened = {m for e in mine for m in e.mmsis}
    accused_of = {m for a in told for m in _days.mmsis_of(a)}
    count = accused = 0
    for scene in day.planted.events:
        if not scene.innocent or (scene.rule, scene.kinds[0]) != kind:
            continue
        if not scene.ships:  # of receivers
            span = (scene.from_us, scene.until_us)
            if not any(e.start_us <= span[1] and e.end_us >= span[0] for e in mine):
                count += 1
                accused += any(a["start_us"] <= span[1] and (a["end_us"] or span[1]) >= span[0]
                               for a in told)  # fmt: skip
            continue
        mmsis = _days.numbers_of(day, scene)
        if not mmsis & happened:
            count += 1
            accused += bool(mmsis & accused_of)
    return count, accused


def scores_of(day: _days.Day, events: list[Happened], kinds: tuple[Kind, ...]) -> dict[Kind, Score]:
    scores = {}
    for kind in kinds:
        scores[kind] = judge(kind, events, day.alerts, day.record)
        scores[kind].near_misses, scores[kind].accused = near_misses(day, events, kind)
    return scores


def asked(day: _days.Day) -> judge_said.Asked:
    fences = load_world("hainan").geofences + day.planted.fences
    works = tuple((station, begin, end) for station, begin, end, _ in day.planted.planned)
    return judge_said.Asked(fences, day.planted.watched, works)


def judge_day(seed: int, ground: Ground, folder: Path) -> dict[Kind, Score]:
    settings = traffic.Settings(vessels=VESSELS, seed=seed, planted=False)

    def plant(start_us: int, seed: int) -> Planted:
        return _scenes.plant(start_us, seed, HOURS, ground, EACH)

    day = _days.sail(folder, region_coast(), seed, HOURS, settings, plant)
    events = events_of(day.record, ground, read_learned(LANES), read_places(DESTINATIONS, LANES))
    events += judge_said.at_sea(day.record, waters_of(ground), asked(day))
    return scores_of(day, events, (*KINDS, *judge_said.AT_SEA))


def judge_second_day(seed: int, ground: Ground, folder: Path) -> dict[Kind, Score]:
    """The kinds of `judge_said` alone, so that their scenes stand in nobody's way."""
    settings = traffic.Settings(vessels=VESSELS // 2, seed=seed, planted=False)

    def plant(start_us: int, seed: int) -> Planted:
        return _scenes_second.plant(start_us, seed, HOURS, ground, EACH)

    day = _days.sail(folder, region_coast(), seed, HOURS, settings, plant)
    waters, of_people = waters_of(ground), asked(day)
    events = judge_said.at_sea(day.record, waters, of_people)
    events += judge_said.said(day.record, waters, of_people)
    return scores_of(day, events, judge_said.KINDS)


def rows_of(kind: Kind, s: Score) -> list[dict[str, Any]]:
    name = kind[0] if kind[0] == kind[1] else f"{kind[0]}, {kind[1]}"
    return [
        row(f"{name}: events", s.events, ""),
        row(f"{name}: events heard well enough", s.audible, ""),
        row(f"{name}: recall of all", s.found / s.events if s.events else None, "share"),
        row(f"{name}: recall of heard", s.audible_found / s.audible if s.audible else None,
            "share"),
        row(f"{name}: recall of heard, lower bound", lower_bound(s.audible_found, s.audible),
            "share", at_least=LEAST),
        *(row(f"{name}: missed, {why}", n, "") for why, n in sorted(s.misses.items())),
        row(f"{name}: alerts", s.alerts, ""),
        row(f"{name}: alerts, of them second ones", s.twice, ""),
        *([row(f"{name}: alerts that the text leaves open", s.free, "")] if s.free else []),
        row(f"{name}: precision", s.true / s.alerts if s.alerts else None, "share"),
        row(f"{name}: precision, lower bound", lower_bound(s.true, s.alerts), "share",
            at_least=LEAST),
        row(f"{name}: near-misses planted", s.near_misses, ""),
        row(f"{name}: near-misses told of", s.accused, ""),
    ]  # fmt: skip


def main() -> int:
    ground = ground_of(region_coast())
    total = {kind: Score() for kind in ALL_KINDS}
    for seed in SEEDS[:1] if QUICK else SEEDS:
        for judge_one in (judge_day, judge_second_day):
            with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
                for kind, score in judge_one(seed, ground, Path(name)).items():
                    total[kind].add(score)
        print(f"seed {seed}: done", file=sys.stderr, flush=True)
    for kind, score in total.items():
        for event in score.missed[:SHOWN]:
            print(f"{'/'.join(kind)} missed: {event}")
        for alert in score.false[:SHOWN]:
            print(f"{'/'.join(kind)} false: {alert}")
    return report("planted", [r for kind in ALL_KINDS for r in rows_of(kind, total[kind])])


if __name__ == "__main__":
    sys.exit(main())
