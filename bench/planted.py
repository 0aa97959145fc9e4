"""How much of what happens is told of, and how much of what is told happened, rule by rule.

Three simulated days a seed, one of each season of the rules, each sailed twice (the kinds of
`judge_said` by themselves): a fleet of moderate size, and beside it events and near-misses of each
kind with parameters drawn about each threshold. What really happened, planted or not, is computed
by brute force from the noiseless trajectories by `littoral.sim.referee`, which shares no code with
a detector and is written from the rules' published text. Alerts come from `littoral run` over what
the receivers heard: of the product's profile, and over the same lines of each published profile's
rules alone. One event is one alert: a second alert of it counts as false.

Bounds hold for the one-sided lower 95 % bound (Clopper and Pearson) of recall among the events that
were heard well enough to be told of, and of precision among all alerts. Recall among all events
stands beside it. A published profile may believe a straight line across hours of silence (gfw
across twelve) and so speaks of vessels that were only out of reach: its untrue alerts of vessels
that were heard too little are counted, and its bound is of precision among the others.

Misses by class: *never heard*, no report within the event; *heard too little*, reports farther
apart, fewer or later than the rule's text asks for; *its reports say otherwise*, what was reported
denies it by the text (a place or a speed at its limit); *told less urgently* than the text gives;
*other*, heard well enough and not told of. The last two are what a recall of heard lacks.

`SETTING` seeds are for choosing settings (`SEEDS=setting`), `REPORTING` seeds for figures; neither
is used elsewhere. The quick form looks at one day of a setting seed alone. As many days are under
way at once as there are processors.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import _days, _scenes, _scenes_second
from bench import _scenes_silent as silent
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
from littoral.sim.referee.ground import ground_of
from littoral.sim.referee.judge import KINDS, Known, events_of
from littoral.sim.referee.record import Happened
from littoral.sim.referee.waters import waters_of

Kind = tuple[str, str]
Which = tuple[str, str, str]  # profile, rule, kind
PRODUCT = "coastal"  # the product's profile
# Days of the seeds 9,321 to 9,330 were looked at, one by one, to find out what was missed.
SETTING, REPORTING = tuple(range(9_301, 9_312)), tuple(range(9_331, 9_341))
SEEDS = SETTING if QUICK or os.environ.get("SEEDS") == "setting" else REPORTING
DAYS = [day for seed in SEEDS for day in _days.days_of(seed)][: 1 if QUICK else None]
HOURS, VESSELS, EACH = (7.0, 160, 2) if QUICK else (24.0, 300, 6)
DESTINATIONS = DATA / "world" / "destinations.csv"
LEAST = None if QUICK else 0.9  # of a few events no bound is so high
LEAST_EVENTS = None if QUICK else 50
SHOWN = 12  # of what was missed and what was false, so many of each kind are named


def near_misses(
    day: _days.Day, events: list[Happened], alerts: list[dict[str, Any]], which: Which
) -> tuple[int, int]:
    """Planted near-misses that, by the referee, are none of the rule's events; and those of them
    that were told of."""
    kind = which[1:]
    mine = [e for e in events if (e.rule, e.kind) == kind]
    told = [a for a in alerts if (a["rule"], a["kind"]) == kind and a["state"] != "withdrawn"]
    happened = {m for e in mine for m in e.mmsis}
    accused_of = {m for a in told for m in _days.mmsis_of(a)}
    count = accused = 0
    for scene in day.planted.events:
        if not scene.innocent or (scene.profile, scene.rule, scene.kinds[0]) != which:
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


def scores_of(
    day: _days.Day,
    profile: str,
    events: list[Happened],
    alerts: list[dict[str, Any]],
    kinds: Iterable[Kind],
) -> dict[Which, Score]:
    scores = {}
    for rule, kind in kinds:
        s = judge((rule, kind), events, alerts, day.record, profile)
        s.near_misses, s.accused = near_misses(day, events, alerts, (profile, rule, kind))
        scores[profile, rule, kind] = s
    return scores


def asked(day: _days.Day) -> judge_said.Asked:
    fences = load_world("hainan").geofences + day.planted.fences
    works = tuple((station, begin, end) for station, begin, end, _ in day.planted.planned)
    return judge_said.Asked(fences, day.planted.watched, works)


def judge_day(seed: int, known: Known, folder: Path) -> dict[Which, Score]:
    settings = traffic.Settings(vessels=VESSELS, seed=seed, planted=False)

    def plant(start_us: int, seed: int) -> Planted:
        return _scenes.plant(start_us, seed, HOURS, known.ground, EACH, apart=True)

    day = _days.sail(folder, region_coast(), seed, HOURS, settings, plant)
    scores = {}
    for profile, events in events_of(day.record, known).items():
        alerts, kinds = day.alerts, KINDS[profile]
        if profile == PRODUCT:
            events += judge_said.at_sea(day.record, waters_of(known.ground), asked(day))
            kinds += judge_said.AT_SEA
        else:
            alerts = _days.run(folder, profile, {rule for rule, _ in kinds})
        scores |= scores_of(day, profile, events, alerts, kinds)
    return scores


def judge_again(seed: int, known: Known, folder: Path) -> dict[Which, Score]:
    """The kinds of `judge_said` alone, so that their scenes stand in nobody's way."""
    settings = traffic.Settings(vessels=VESSELS // 2, seed=seed, planted=False)

    def plant(start_us: int, seed: int) -> Planted:
        return _scenes_second.plant(start_us, seed, HOURS, known.ground, EACH)

    day = _days.sail(folder, region_coast(), seed, HOURS, settings, plant)
    waters, of_people = waters_of(known.ground), asked(day)
    events = judge_said.at_sea(day.record, waters, of_people)
    events += judge_said.said(day.record, waters, of_people)
    return scores_of(day, PRODUCT, events, day.alerts, judge_said.KINDS)


@cache
def known_places() -> Known:
    return Known(
        ground_of(region_coast()), read_learned(LANES), read_places(DESTINATIONS, LANES),
        silent.learned(),
    )  # fmt: skip


def scores_of_day(seed: int) -> dict[Which, Score]:
    """Of both sailings of one day."""
    total: dict[Which, Score] = {}
    for judge_one in (judge_day, judge_again):
        with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
            for which, score in judge_one(seed, known_places(), Path(name)).items():
                total.setdefault(which, Score()).add(score)
    return total


def name_of(which: Which) -> str:
    profile, rule, kind = which
    name = rule if rule == kind else f"{rule}, {kind}"
    return name if profile == PRODUCT else f"{name} by {profile}"


def rows_of(which: Which, s: Score) -> list[dict[str, Any]]:
    name, published = name_of(which), which[0] != PRODUCT
    bounded = s.alerts - s.guessed if published else s.alerts
    return [
        row(f"{name}: events", s.events, "", at_least=LEAST_EVENTS),
        row(f"{name}: events heard well enough", s.audible, ""),
        row(f"{name}: recall of all", s.found / s.events if s.events else None, "share"),
        row(f"{name}: recall of heard", s.audible_found / s.audible if s.audible else None,
            "share"),
        row(f"{name}: recall of heard, lower bound", lower_bound(s.audible_found, s.audible),
            "share", at_least=LEAST),
        *(row(f"{name}: missed, {why}", n, "") for why, n in sorted(s.misses.items())),
        row(f"{name}: alerts", s.alerts, ""),
        row(f"{name}: alerts, of them second ones", s.twice, ""),
        row(f"{name}: alerts, untrue and of vessels heard too little", s.guessed, ""),
        *([row(f"{name}: alerts that the text leaves open", s.free, "")] if s.free else []),
        row(f"{name}: precision", s.true / s.alerts if s.alerts else None, "share"),
        row(f"{name}: precision{' of heard' * published}, lower bound",
            lower_bound(s.true, bounded), "share", at_least=LEAST),
        row(f"{name}: near-misses planted", s.near_misses, "", at_least=LEAST_EVENTS),
        row(f"{name}: near-misses told of", s.accused, ""),
    ]  # fmt: skip


def main() -> int:
    total: dict[Which, Score] = {}
    workers = min(len(DAYS), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for day, scores in zip(DAYS, pool.map(scores_of_day, DAYS), strict=True):
            for which, score in scores.items():
                total.setdefault(which, Score()).add(score)
            print(f"day {day}: done", file=sys.stderr, flush=True)
    for which, score in total.items():
        for event in score.missed[:SHOWN]:
            print(f"{'/'.join(which)} missed: {event}")
        for alert in score.false[:SHOWN]:
            print(f"{'/'.join(which)} false: {alert}")
    return report("planted", [r for which, score in total.items() for r in rows_of(which, score)])


if __name__ == "__main__":
    sys.exit(main())
