"""Rule deviation, kind destination: see docs/detectors/deviation.md, "The rule"."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from littoral.sim.referee.deviation import group_of, runs
from littoral.sim.referee.ground import Ground, apart_m
from littoral.sim.referee.record import KNOT_MPS, STEPS_A_MINUTE, Happened, Record

ARRIVED_M, SET_OUT_M, AWAY_M = 30_000.0, 20_000.0, 50_000.0
ELSEWHERE_M, FROM_FIRST_M, KNOWN_END_M, STILL_MPS, STILL_MIN = (
    50_000.0, 30_000.0, 20_000.0, 0.5 * KNOT_MPS, 60,
)  # fmt: skip
SILENCE_US = 3_600_000_000
END_COLUMNS, END_DEG = 3_600, 0.1
MEANS_NOTHING = re.compile(r"[</&+]|\b(VIA|OR|AND)\b")
LEFT_OUT = re.compile(r"\b(ANCHORAGE|ANCH|ROADS|OPL|PORT|GANG)\b")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Places:
    """Where each id lies, the id of each code and name, and where ships bound there end."""

    at: dict[str, Point]
    by_text: dict[str, str]
    ends: dict[str, list[Point]]

    def place_of(self, text: str) -> str:
        """The id of the place that a destination means, "" where it means none."""
        if MEANS_NOTHING.search(text.upper()):
            return ""
        said = text.upper().rpartition(">")[2]
        return self.by_text.get(re.sub(r"[^A-Z0-9]", "", LEFT_OUT.sub("", said)), "")


def read_places(table: Path, learned: Path) -> Places:
    """From `destinations.csv` and the file of learned lanes."""
    at: dict[str, Point] = {}
    by_text: dict[str, str] = {}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at[row["id"]] = float(row["lon_deg"]), float(row["lat_deg"])
            for text in row["texts"].split():
                by_text.setdefault(text, row["id"])
    ends: dict[str, list[Point]] = {}
    with pa.OSFile(str(learned)) as arrow:
        for row in pa.ipc.open_file(arrow).read_all().to_pylist():
            if row["end_cell"] is not None and row["end_place"]:
                column, line = row["end_cell"] % END_COLUMNS, row["end_cell"] // END_COLUMNS
                middle = ((column + 0.5) * END_DEG - 180.0, (line + 0.5) * END_DEG - 90.0)
                ends.setdefault(row["end_place"], []).append(middle)
    return Places(at, by_text, ends)


def _metres(state: np.ndarray, place: Point) -> np.ndarray:
    return np.array([apart_m(row[0], row[1], place[0], place[1]) for row in state])


def set_out(metres: np.ndarray) -> int | None:
    """The minute at which a ship is first so much nearer to the place that is `metres` off than it
    ever was."""
    hits = np.flatnonzero(metres <= np.maximum.accumulate(metres) - SET_OUT_M)
    return int(hits[0]) if len(hits) else None


def away(metres: np.ndarray) -> tuple[int, int] | None:
    """(minute of N, minute told) of going away from the place that is `metres` off."""
    out = set_out(metres)
    if out is None:
        return None
    least, nearest = np.inf, 0
    for minute, d in enumerate(metres[out:].tolist(), out):
        if d < least:
            least, nearest = d, minute
        if d >= least + AWAY_M:
            return nearest, minute
    return None


def of_span(
    r: Record, g: Ground, places: Places, ship: int, place: str, first: int, last: int
) -> list[Happened]:
    """From minute `first` until `last`, the ship says that it is bound for `place`."""
    state = r.track(ship, STEPS_A_MINUTE)[first:last]
    metres = _metres(state, places.at[place])
    arrived = np.flatnonzero(metres <= ARRIVED_M)
    n = int(arrived[0]) if len(arrived) else len(metres)
    spans: list[tuple[int, int, int, int]] = []
    turned = away(metres[:n]) if n else None
    if turned is not None:
        spans.append((turned[0], n, turned[1], 4))
    began, out = state[0, :2], set_out(metres[:n])
    hits = [
        m
        for m in np.flatnonzero(state[:n, 2] < STILL_MPS).tolist()
        if out is not None
        and m >= out
        and apart_m(*began, *state[m, :2]) >= FROM_FIRST_M
        and _elsewhere(g, places, place, state[m])
    ]
    spans += [(a, b, t, 5) for a, b, t in runs(np.array(hits, int), STILL_MIN)]
    found = []
    for begin, end, told, priority in spans:
        a, b, c = (r.start_us + (first + m) * 60_000_000 for m in (begin, end, told))
        span = slice(*np.searchsorted(r.heard[ship], (r.start_us + first * 60_000_000, c + 1)))
        times = r.heard[ship][span]
        anew = _since_silence(times)
        heard = anew < len(times)
        since = int(times[anew] - r.start_us) // 60_000_000 - first if heard else 0
        if heard and priority == 4:
            heard = away(metres[since : told + 1]) is not None
        elif heard:
            sailed = apart_m(*r.reports[ship][span][anew, :2], *state[begin, :2]) >= FROM_FIRST_M
            heard = sailed and set_out(metres[since : begin + 1]) is not None
        found.append(
            Happened("deviation", "destination", (int(r.mmsi[ship]),), a, b, c, priority,
                     heard=bool(heard))
        )  # fmt: skip
    return found


def _since_silence(times: np.ndarray) -> int:
    """The report with which all began anew the last time."""
    silent = np.flatnonzero(np.diff(times) > SILENCE_US)
    return int(silent[-1]) + 1 if len(silent) else 0


def _elsewhere(g: Ground, places: Places, place: str, here: np.ndarray) -> bool:
    lon, lat = float(here[0]), float(here[1])
    x, y = places.at[place]
    if not any(
        apart_m(lon, lat, px, py) <= radius and apart_m(px, py, x, y) >= ELSEWHERE_M
        for px, py, radius in g.harbours.tolist()
    ):
        return False
    return all(apart_m(lon, lat, *end) > KNOWN_END_M for end in places.ends.get(place, ()))


def happened(r: Record, g: Ground, places: Places) -> list[Happened]:
    minutes = r.path.shape[1] // STEPS_A_MINUTE
    found: list[Happened] = []
    for v in r.vessels().tolist():
        if not group_of(int(r.ship_type[v])):
            continue
        said: list[tuple[int, str]] = []  # from which minute on it means which place
        for minute, text in r.destinations[v]:
            place = places.place_of(text)
            if not said or said[-1][1] != place:
                said.append((minute, place))
        if not said:
            continue
        ends = [*(minute for minute, _ in said[1:]), minutes]
        for (first, place), last in zip(said, ends, strict=True):
            if place and last > first:
                found += of_span(r, g, places, v, place, first, last)
    return found
