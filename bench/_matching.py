"""Alerts beside the referee's events: who was told of, who was not and why, and what is not so."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench._days import mmsis_of
from littoral.sim.referee.record import Happened, Record

SLACK_US = 300_000_000  # times are taken as overlapping when they are so near
# Rules and kinds in which both vessels must be the same, and in which one of them may be.
PAIRS = {"encounter", "collision", "mmsi_change"}
EITHER = {"static_conflict", "flag"}
SEVERAL = {"interference"}  # kinds in which most of the vessels must be the same
# Between reports longer than this apart a rule knows nothing, by its own text or the span it asks.
MOST_SILENT_S = {
    "loitering": 1_800, "drift": 1_800, "encounter": 900, "approach": 180, "landing": 600,
    "port_visit": 600, "meetings": 600, "deviation": 900, "area_rule": 900,
}  # fmt: skip
# The same by a published profile, where it differs. Loitering by gfw joins what lies twelve hours
# apart, but a vessel's turns are hidden in half of one of its hours.
PUBLISHED_SILENT_S = {("gfw", "encounter"): 3_600, ("skylight", "encounter"): 1_800}
# Rules by whose text a silence so long ends an event: what comes after it is another, and a second
# alert of what went on all the while is one that the text lets be told.
ENDED_BY_SILENCE_S = {
    ("coastal", "loitering"): 1_800, ("coastal", "drift"): 1_800, ("coastal", "deviation"): 10_800,
}  # fmt: skip
# Kinds that ask that reports alone, the first to the last, span what the text asks for.
BY_REPORTS = {"approach", "route", "speed", "speed_over", "speed_under", "night", "season"}
# Rules that judge a vessel from when its type is first heard.
BY_TYPE = {"deviation"}
# Rules of which the referee looks itself at what was heard (`Happened.heard`).
HEARD_BY_REFEREE = {
    "collision", "identity", "particulars", "distress", "watch_list", "receiver",
}  # fmt: skip
NEVER, LITTLE, PRIORITY, OTHER = "never heard", "heard too little", "told less urgently", "other"
OTHERWISE = "its reports say otherwise"  # for so long that by the text it does not hold


@dataclass(slots=True)
class Score:
    """Of one rule and kind. `events` and `found` are of all; `audible` and `audible_found` of those
    that were heard well enough, whether told of or not. `misses` by class."""

    events: int = 0
    found: int = 0
    audible: int = 0
    audible_found: int = 0
    alerts: int = 0
    true: int = 0
    twice: int = 0  # alerts of events that have one already: not true
    guessed: int = 0  # other untrue alerts, of vessels that were heard too little
    free: int = 0  # alerts of what the text lets be told or not: no part of `alerts`
    near_misses: int = 0
    accused: int = 0  # near-misses that were told of
    misses: Counter[str] = field(default_factory=Counter)
    missed: list[Happened] = field(default_factory=list)
    false: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in (
            "events", "found", "audible", "audible_found", "alerts", "true", "twice", "guessed",
            "free", "near_misses", "accused",
        ):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses
        self.missed += other.missed
        self.false += other.false


def fits(event: Happened, alert: dict[str, Any]) -> bool:
    """Same rule and kind, same vessels, times that overlap."""
    if (event.rule, event.kind) != (alert["rule"], alert["kind"]):
        return False
    vessels = mmsis_of(alert)
    if event.rule == "receiver":
        if event.station and f"receiver:{event.station}" not in alert["things"]:
            return False
    elif event.kind in EITHER:
        if not set(vessels) & set(event.mmsis):
            return False
    elif event.rule in PAIRS or event.kind in PAIRS:
        if set(vessels) != set(event.mmsis):
            return False
    elif event.kind in SEVERAL:
        if 2 * len(set(vessels) & set(event.mmsis)) <= len(event.mmsis):
            return False
    elif not vessels or vessels[0] != event.mmsis[0]:
        return False
    end = alert["end_us"] if alert["end_us"] is not None else 1 << 62
    return alert["start_us"] <= event.end_us + SLACK_US and end >= event.start_us - SLACK_US


def most_silent_s(profile: str, rule: str) -> int | None:
    return PUBLISHED_SILENT_S.get((profile, rule), MOST_SILENT_S.get(rule))


def hearing(event: Happened, record: Record, profile: str = "coastal") -> str:
    """`NEVER`, `LITTLE`, `OTHERWISE` or "" (well enough): by the reports from its start until it is
    to be told, whatever was told of it. A rule of silence asks for one report alone."""
    if event.rule in HEARD_BY_REFEREE:
        return "" if event.heard else LITTLE
    silent_s = most_silent_s(profile, event.rule)
    for mmsi in event.mmsis:
        ship = int(np.flatnonzero(record.mmsi == mmsi)[0])
        heard = record.heard[ship]
        if event.rule in BY_TYPE:
            heard = heard[heard >= record.type_heard_us(ship)]
        if not ((heard >= event.start_us) & (heard <= event.end_us)).any():
            return NEVER
        if silent_s is None:
            continue
        inside = heard[(heard >= event.start_us) & (heard <= event.told_us)]
        marks = np.concatenate([[event.start_us], inside, [event.told_us]])
        if np.diff(marks).max() > silent_s * 1_000_000:
            return LITTLE
        if event.kind in BY_REPORTS and longest_us(
            heard[(heard >= event.start_us) & (heard <= event.end_us)], silent_s
        ) < (event.told_us - event.start_us):
            return LITTLE
        if event.within_us is not None:
            low, high = event.within_us
            if not ((heard >= low) & (heard <= high)).any():
                return LITTLE
    return "" if event.heard else OTHERWISE


def is_guess(alert: dict[str, Any], record: Record, profile: str) -> bool:
    """Whether a vessel of it was silent within its span for so long that a rule knows nothing."""
    silent_s = most_silent_s(profile, alert["rule"])
    if silent_s is None:
        return False
    until_us = alert["end_us"] if alert["end_us"] is not None else record.end_us
    for mmsi in mmsis_of(alert):
        for ship in np.flatnonzero(record.mmsi == mmsi).tolist():
            heard = record.heard[ship]
            first, last = np.searchsorted(heard, (alert["start_us"], until_us))
            beside = heard[max(first - 1, 0) : last + 1]
            if np.diff(beside).max(initial=0) > silent_s * 1_000_000:
                return True
    return False


def apart_by_silence(
    one: dict[str, Any], other: dict[str, Any], record: Record, profile: str
) -> bool:
    """Whether between two alerts their vessel was silent for so long that an event ends."""
    silent_s = ENDED_BY_SILENCE_S.get((profile, one["rule"]))
    first, then = sorted((one, other), key=lambda a: a["start_us"])
    if silent_s is None or first["end_us"] is None:
        return False
    ship = int(np.flatnonzero(record.mmsi == mmsis_of(one)[0])[0])
    heard = record.heard[ship]
    low, high = np.searchsorted(heard, (first["end_us"], then["start_us"]))
    beside = heard[max(low - 1, 0) : high + 2]
    return bool(np.diff(beside).max(initial=0) > silent_s * 1_000_000)


def longest_us(times_us: np.ndarray, most_silent_s: int) -> int:
    """The longest span of reports none of which is farther than so long from the next."""
    runs = np.split(times_us, np.flatnonzero(np.diff(times_us) > most_silent_s * 1_000_000) + 1)
    return max((int(run[-1] - run[0]) for run in runs if len(run)), default=0)


def judge(
    kind: tuple[str, str], events: list[Happened], alerts: list[dict[str, Any]], record: Record,
    profile: str = "coastal",
) -> Score:  # fmt: skip
    """One event is one alert: what is left over on either side is missed, or false."""
    mine = [e for e in events if (e.rule, e.kind) == kind]
    due = sorted((e for e in mine if e.due), key=lambda e: e.start_us)
    told = [a for a in alerts if (a["rule"], a["kind"]) == kind and a["state"] != "withdrawn"]
    free = set(range(len(told)))
    of_vessel: dict[int, list[int]] = defaultdict(list)
    for k, alert in enumerate(told):
        for mmsi in set(mmsis_of(alert)):
            of_vessel[mmsi].append(k)

    def fitting(event: Happened) -> list[int]:
        """Alerts that are not taken yet, in order."""
        near = {k for m in event.mmsis for k in of_vessel[m]} & free if event.mmsis else free
        return sorted(k for k in near if fits(event, told[k]))

    score = Score(events=len(due), alerts=len(told))
    begun: dict[Happened, dict[str, Any]] = {}
    for event in due:
        heard = hearing(event, record, profile)
        score.audible += not heard
        found = fitting(event)
        if not found:
            score.misses[heard or OTHER] += 1
            score.missed.append(event)
            continue
        best = min(found, key=lambda k: abs(told[k]["start_us"] - event.start_us))
        free.remove(best)
        begun[event] = told[best]
        score.true += 1
        if told[best]["priority"] > event.priority:
            score.misses[PRIORITY] += 1
            score.missed.append(event)
        else:
            score.found += 1
            score.audible_found += not heard
    may = {k for e in mine if not e.due for k in fitting(e)}
    for event, first in begun.items():
        may |= {k for k in fitting(event) if apart_by_silence(told[k], first, record, profile)}
    free -= may
    score.free, score.alerts = len(may), len(told) - len(may)
    second = {k for e in due for k in fitting(e)}
    score.twice = len(second)
    score.guessed = sum(is_guess(told[k], record, profile) for k in free - second)
    score.false = [told[k] for k in sorted(free)]
    return score
