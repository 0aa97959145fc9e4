"""A simulated day as the referee is given it, and an event as it finds it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.sim.referee.said import Said

STEP_S, STEPS_A_MINUTE = 5, 12
CLASS_A, CLASS_B = 0, 1
LON0_DEG, LAT0_DEG = 110.0, 19.0
KNOT_MPS, NAUTICAL_MILE_M = 1852.0 / 3600.0, 1852.0


@dataclass(frozen=True, slots=True)
class Record:
    """`path` (ships, steps, 4) float32: longitude less `LON0_DEG`, latitude less `LAT0_DEG`
    (degrees), speed (m/s), course (degrees) every 5 s from `start_us`, a whole minute.

    `status` (ships, minutes) int8 and `heading_deg` (ships, minutes) float32 are what a report at
    each whole minute says; -1 and NaN: nothing. `heard` (one a ship): times in us, in order, of its
    position reports that any receiver heard; `reports` (one a ship): (k, 3) float64 of the
    longitude, latitude and speed that they gave, `courses` (one a ship): (k,) degrees. `off` (one a
    ship): spans in us in which its set is off; `destinations` (one a ship): (minute from which it
    is said, text). `bow_m`, `length_m`, `beam_m`, `port_m`: 0 not known.
    """

    start_us: int
    path: np.ndarray
    status: np.ndarray
    heading_deg: np.ndarray
    mmsi: np.ndarray
    radio: np.ndarray
    ship_type: np.ndarray
    length_m: np.ndarray
    bow_m: np.ndarray
    heard: list[np.ndarray]
    reports: list[np.ndarray]
    off: list[list[tuple[int, int]]]
    destinations: list[list[tuple[int, str]]]
    beam_m: np.ndarray = field(default_factory=lambda: np.zeros(0))
    port_m: np.ndarray = field(default_factory=lambda: np.zeros(0))
    said: Said = field(default_factory=Said)
    courses: list[np.ndarray] = field(default_factory=list)

    @property
    def ships(self) -> int:
        return len(self.mmsi)

    @property
    def end_us(self) -> int:
        return self.start_us + self.path.shape[1] * STEP_S * 1_000_000

    def vessels(self) -> np.ndarray:
        """Rows of those with class A or B."""
        return np.flatnonzero((self.radio == CLASS_A) | (self.radio == CLASS_B))

    def type_heard_us(self, ship: int) -> int:
        """When a ship's type was first heard; the end of the day: never."""
        heard = (s.t_us for s in self.said.statics if s.ship == ship and s.heard)
        return min(heard, default=self.end_us)

    def track(self, ship: int, every: int = 1) -> np.ndarray:
        """(steps, 4) float64 of one ship: lon, lat, m/s, course; each `every`-th step."""
        out = np.asarray(self.path[ship, ::every], np.float64)
        out[:, 0] += LON0_DEG
        out[:, 1] += LAT0_DEG
        return out

    def times_us(self, every: int = 1) -> np.ndarray:
        steps = np.arange(0, self.path.shape[1], every, dtype=np.int64)
        return self.start_us + steps * (STEP_S * 1_000_000)

    def first_tick(self, tick_s: int) -> int:
        """The minute of the first multiple of `tick_s` (whole minutes) since 1970."""
        return int(-(self.start_us // 1_000_000) % tick_s) // 60

    def at(self, ship: int, t_us: int) -> np.ndarray:
        """(4,) lon, lat, m/s, course at `t_us`, between the two steps around it."""
        x = (t_us - self.start_us) / (STEP_S * 1e6)
        k = min(max(int(x), 0), self.path.shape[1] - 2)
        a, b = (np.asarray(self.path[ship, i], np.float64) for i in (k, k + 1))
        out = a + (b - a) * min(max(x - k, 0.0), 1.0)
        out[3] = a[3] if x - k < 0.5 else b[3]
        out[0] += LON0_DEG
        out[1] += LAT0_DEG
        return out


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: `priority` is the last that the text gives it, from `start_us` to `end_us`
    (the end of the day when it went on). `told_us`: when the text lets it be known. `within_us`: a
    span in which a report is needed to know of it, beside those from start until it is told. `due`:
    it has to be told; without it the text lets it be told or not. `heard`: whether enough was heard
    of what is said, and of what else the text asks of reports beside how far apart they may be.
    `station`: a receiver that it is about."""

    rule: str
    kind: str
    mmsis: tuple[int, ...]
    start_us: int
    end_us: int
    told_us: int
    priority: int
    within_us: tuple[int, int] | None = None
    due: bool = True
    heard: bool = True
    station: str = ""
