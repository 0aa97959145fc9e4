"""Where scenes are set: points at sea, empty beaches and roads in hearing, and free ways there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.area.geodesy import KNOT_MPS
from littoral.sim.motion import DRIFT
from littoral.sim.places import STATIONS
from littoral.sim.radio import CLASS_A, CLASS_B
from littoral.sim.referee.ground import (
    Ground,
    ahead_m,
    apart_m,
    edges_m,
    is_land,
    is_night,
    shores_m,
)
from littoral.sim.scenes import MINUTE_US, Appointment, Builder, Event, Point, beside, come_and_go

FAR_M = 260_000.0  # beyond every receiver
SMALL_FAR_M = 130_000.0  # the same for class B
TRIES = 20_000
OUT_M, LEG_M = 400_000.0, 20_000.0  # out of every shore of the map; on legs that are straight on it


@dataclass(slots=True)
class Stage:
    """`hours` of a day that begins at `start_us`; what is planted goes into `b`."""

    b: Builder
    rng: np.random.Generator
    g: Ground
    start_us: int
    hours: float

    def at(self, hour: float) -> int:
        return self.start_us + int(hour * 60.0) * MINUTE_US

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def any_of(self, *values: object) -> int:
        return int(self.rng.integers(len(values)))

    def some_time(self, lasts_h: float, first_h: float = 0.6) -> int:
        """A moment so that what lasts so long ends half an hour before the day does."""
        return self.at(self.between(first_h, max(first_h, self.hours - lasts_h - 0.5)))

    def by_night(self, lasts_h: float, night: bool = True) -> int:
        """The same, all of it by night (or all by day)."""
        for _ in range(TRIES):
            t_us = self.some_time(lasts_h)
            ends_us = t_us + int(lasts_h * 60) * MINUTE_US
            if all(is_night(t, 109.8, 19.0) == night for t in (t_us, ends_us)):
                return t_us
        raise ValueError("no such hour in the day")

    def free_bearing(self, place: Point, most: float = OUT_M) -> float | None:
        """A bearing from `place` over open water."""
        for turn in self.rng.permutation(36):
            bearing = float(turn) * 10.0 + self.between(0.0, 9.0)
            if float(ahead_m(self.g.any_shore, *place, bearing)) > most:
                return bearing
        return None

    def is_open(self, place: Point, bearing: float, metres: float) -> bool:
        """Whether so far straight on over a bearing all is water (looked at up to `OUT_M`)."""
        here, metres = place, min(metres, OUT_M)
        for gone in np.arange(LEG_M, metres + LEG_M, LEG_M):
            there = beside(place, bearing, min(gone, metres))
            east = (there[0] - here[0]) * np.cos(np.radians(0.5 * (there[1] + here[1])))
            course = float(np.degrees(np.arctan2(east, there[1] - here[1])))
            if float(ahead_m(self.g.any_shore, *here, course)) <= apart_m(*here, *there):
                return False
            here = there
        return True

    def open_bearing(
        self, place: Point, bearing: float, ahead: float = OUT_M, behind: float = 0.0
    ) -> float:
        """The nearest to `bearing` on which so many metres ahead and behind are water; `bearing`
        where none is."""
        for off in range(181):
            for turn in (bearing + off, bearing - off):
                if self.is_open(place, turn, ahead) and self.is_open(place, turn + 180.0, behind):
                    return turn
        return bearing

    def at_sea(
        self, low_m: float, high_m: float, port_m: float = 7_000.0, port_most_m: float = 1e9,
        radio: int = CLASS_A,
    ) -> tuple[Point, float]:  # fmt: skip
        """A point so far from any shore and from the edge of any port, and a free bearing."""
        for _ in range(TRIES):
            lon, lat = self.between(108.2, 111.7), self.between(17.6, 20.2)
            x, y = np.array([lon]), np.array([lat])
            away = shores_m(self.g.any_shore, x, y, 100_000.0)[0]
            port = edges_m(self.g.licensed, x, y)[0]
            if not (low_m <= away <= high_m and port_m <= port <= port_most_m):
                continue
            if is_land(self.g.any_shore, lon, lat) or not in_hearing(lon, lat, radio):
                continue
            bearing = self.free_bearing((lon, lat))
            if bearing is not None:
                return (lon, lat), bearing
        raise ValueError("no such place at sea")

    def beach(self, circle_m: float = 6_000.0) -> tuple[Point, float]:
        """A point of our shore far from every circle, and a free bearing out to sea."""
        for _ in range(TRIES):
            lon, lat = self.g.ours[int(self.rng.integers(len(self.g.ours))), :2].tolist()
            if edges_m(self.g.licensed, np.array([lon]), np.array([lat]))[0] < circle_m:
                continue
            if not in_hearing(lon, lat, CLASS_B) or not 18.0 < lat < 19.9:
                continue
            turn = self.between(0.0, 360.0)
            sea = beside((lon, lat), turn, 700.0)
            out = beside((lon, lat), turn, 9_000.0)
            nearest = [
                shores_m(self.g.ours, np.array([p[0]]), np.array([p[1]]), 20_000.0)[0]
                for p in (sea, out)
            ]
            if nearest[0] < 650.0 or nearest[1] < 8_000.0 or is_land(self.g.any_shore, *sea):
                continue
            if float(ahead_m(self.g.any_shore, *sea, turn)) > OUT_M:
                return (lon, lat), turn
        raise ValueError("no such beach")

    def craft(
        self, name: str, way: list[Appointment], ship_type: int = 90, role: str = "yacht"
    ) -> int:
        """A fast boat of 18 m with class B."""
        k = self.b.ship(role, name, way, radio=CLASS_B, top_kn=42.0)
        self.b.ships[k]["ship_type"] = ship_type
        self.b.ships[k]["to_bow_m"], self.b.ships[k]["to_stern_m"] = 14, 4
        self.b.hulls[k]["turn_degps"], self.b.hulls[k]["accel_mps2"] = 5.0, 0.4
        return k

    def from_sea(
        self, kind: str, name: str, scene: list[Appointment], bearing: float, speed_kn: float,
        *, radio: int = CLASS_A, stay: int = DRIFT, stay_status: int = 0,
    ) -> int:  # fmt: skip
        """A ship that comes from beyond the receivers on `bearing` or the nearest to it that is
        open water, plays `scene` and goes back. It is under way all day: lying out there it would
        loiter where nobody hears it."""
        least = FAR_M if radio == CLASS_A else SMALL_FAR_M

        def out(end: Appointment, wanted: float) -> Point:
            metres = max(least, self.run_m(end[2], speed_kn))
            return beside(end[:2], self.open_bearing(end[:2], wanted), metres)

        way = come_and_go(out(scene[0], bearing), scene, out(scene[-1], bearing + 4.0), speed_kn)
        return self.b.ship(kind, name, way, radio=radio, stay=stay, stay_status=stay_status)

    def resize(self, ship: int, length_m: int, beam_m: int) -> None:
        """Another size, the bridge a fifth of the length from the stern."""
        of = self.b.ships[ship]
        of["to_stern_m"] = length_m // 5
        of["to_bow_m"] = length_m - length_m // 5
        of["to_port_m"], of["to_starboard_m"] = beam_m // 2, beam_m - beam_m // 2
        self.b.hulls[ship]["length_m"] = length_m

    def run_m(self, at_us: int, speed_kn: float) -> float:
        """How far one goes at `speed_kn` from a moment to the day's farther end, and more."""
        longest_us = max(at_us - self.start_us, self.at(self.hours) - at_us)
        return 1.05 * (longest_us / 1e6 + 1_800.0) * speed_kn * KNOT_MPS

    def from_shore_m(self, place: Point) -> float:
        """To any shore, up to 200 km."""
        x, y = np.array([place[0]]), np.array([place[1]])
        return float(shores_m(self.g.all_shores, x, y, 200_000.0)[0])

    def from_port_m(self, place: Point) -> float:
        """To the edge of the nearest port's circle."""
        return float(edges_m(self.g.ports, np.array([place[0]]), np.array([place[1]]))[0])

    def label(
        self, rule: str, kind: str, ships: tuple[int, ...], near_miss: bool, note: str,
        profile: str = "coastal",
    ) -> None:  # fmt: skip
        """What the scene is meant to be; whether it is, the referee says."""
        self.b.expect(
            Event(note, rule, (kind,), ships, self.start_us, self.at(self.hours), "script", 4, note,
                  innocent=near_miss, profile=profile)
        )  # fmt: skip

    def watch(
        self, station: str, kind: str, from_us: int, until_us: int, near_miss: bool, note: str
    ) -> None:
        """The same of a receiver, "" for all."""
        self.b.expect(
            Event(note, "receiver", (kind,), (), from_us, until_us, "script", 4, note,
                  innocent=near_miss, station=station)
        )  # fmt: skip


def in_hearing(lon: float, lat: float, radio: int, well: float = 0.65) -> bool:
    """Within what a receiver hears, by the part `well` of its range."""
    part = well * (0.58 if radio == CLASS_B else 1.0)
    return any(apart_m(lon, lat, s.lon_deg, s.lat_deg) < part * s.range_m for s in STATIONS)


def run_us(metres: float, speed_kn: float) -> int:
    return int(metres / (speed_kn * KNOT_MPS) * 1e6)
