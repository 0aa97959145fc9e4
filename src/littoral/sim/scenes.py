"""Building blocks of planted events: ships that keep appointments, and what is expected of them.

A planted ship is given as a row of appointments (longitude, latitude, time); its speed follows. Two
appointments at one place are a stay. Planted ships move by the same motion as all others, so where
they really are is measured afterwards (`truth`), not taken from here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from littoral.area.geodesy import KNOT_MPS, bearing_deg, haversine_m, project
from littoral.area.geofence import Geofence
from littoral.schema.watched import Watched
from littoral.sim.classes import CLASSES
from littoral.sim.fleet import Fleet, fill_ship, set_text
from littoral.sim.motion import DRIFT, HULL, PASS
from littoral.sim.names import imo_numbers
from littoral.sim.plans import Leg, Point
from littoral.sim.radio import CLASS_A, DISTRESS, SCRIPT
from littoral.sim.rows import ships

MINUTE_US = 60_000_000
FIRST_SERIAL = 900_000  # MMSIs of planted ships: the background's serials lie below
TEXTS = ("SART ACTIVE", "SART TEST", "MOB ACTIVE", "MOB TEST", "EPIRB ACTIVE", "EPIRB TEST")

Appointment = tuple[float, float, int]  # longitude, latitude, time in us


@dataclass(frozen=True, slots=True)
class Begin:
    """How a planted ship enters the world."""

    at: Point
    speed_mps: float
    course_deg: float
    stop: int
    until_us: int
    nav_status: int
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What is planted: `measure` names how `truth` finds its span and place from the trajectories.

    `rule` and `kinds` are what an alert of it says; `innocent`: a look-alike, no alert of `rule` is
    due. `ships` are rows among the planted. `from_us`, `until_us` bound where it is looked for.
    """

    name: str
    rule: str
    kinds: tuple[str, ...]
    ships: tuple[int, ...]
    from_us: int
    until_us: int
    measure: str
    priority: int  # an alert is expected to be at least this urgent (1 is the most)
    note: str
    innocent: bool = False
    fence: str = ""
    station: str = ""
    site: Point | None = None  # where it calls or passes
    profile: str = "coastal"  # of the rule, by whose text it is one


@dataclass(slots=True)
class Builder:
    """Collects ships, scripts and events of a world that starts at `start_us`."""

    start_us: int
    rng: np.random.Generator
    ships: list[np.ndarray] = field(default_factory=list)
    hulls: list[np.ndarray] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    begins: list[Begin] = field(default_factory=list)
    scripts: list[tuple[int, int, int, int, int, float, float]] = field(default_factory=list)
    others: list[np.ndarray] = field(default_factory=list)  # second identities
    events: list[Event] = field(default_factory=list)
    silences: list[tuple[str, int, int]] = field(default_factory=list)
    planned: list[tuple[str, int, int, str]] = field(default_factory=list)
    fences: list[Geofence] = field(default_factory=list)
    watched: list[Watched] = field(default_factory=list)
    texts: list[tuple[int, int, str]] = field(default_factory=list)

    def ship(
        self,
        kind: str,
        name: str,
        appointments: Sequence[Appointment],
        *,
        mmsi: int = 0,
        radio: int = CLASS_A,
        status: int = 0,
        stay: int = DRIFT,
        stay_status: int = 0,
        top_kn: float = 20.0,
    ) -> int:
        """A ship of class `kind` that keeps `appointments`; its row among the planted."""
        k = len(self.ships)
        c = CLASSES[kind]
        ship = ships(1)
        imo = int(imo_numbers(9_800_000 + 10 * k, 1)[0]) if c.has_imo else 0
        length = fill_ship(ship, c, name, f"BP{k:02d}{name[:2]}".replace(" ", "X"), imo, self.rng)
        hull = np.zeros(1, HULL)
        hull["mmsi"] = mmsi or 412_000_000 + FIRST_SERIAL + k
        hull["radio"], hull["planted"] = radio, 1
        hull["turn_degps"] = max(c.turn_degps, 0.5)
        hull["accel_mps2"] = max(c.accel_mps2, 0.05)
        hull["top_mps"] = top_kn * KNOT_MPS
        hull["length_m"] = length
        hull["swing_m"] = 0.3 * length
        hull["has_heading"] = hull["has_turn"] = radio == CLASS_A
        hull["accurate"] = 1
        self.ships.append(ship)
        self.hulls.append(hull)
        self.roles.append(kind)
        self.begins.append(begin(appointments, self.start_us, status, stay, stay_status))
        return k

    def device(
        self, mmsi: int, at: Point, drift: Point, from_us: int, until_us: int, test: bool
    ) -> int:
        """A distress device that speaks from `from_us` to `until_us`, drifting from `at`."""
        end = (at[0] + drift[0], at[1] + drift[1], until_us)
        stay = (*at, self.start_us)
        k = self.ship("yacht", "", [stay, (*at, max(from_us, self.start_us + 1)), end], mmsi=mmsi)
        self.hulls[k]["radio"], self.hulls[k]["has_heading"] = DISTRESS, 0
        self.hulls[k]["text"] = {970: 0, 972: 2, 974: 4}[mmsi // 1_000_000]
        self.script(k, "MUTE", 0, from_us)
        self.script(k, "MUTE", until_us, 2**62)
        self.script(k, "STATUS", 0, 2**62, 15 if test else 14)
        return k

    def script(
        self, ship: int, what: str, from_us: int, until_us: int, value: int = 0,
        shift: Point = (0.0, 0.0),
    ) -> None:  # fmt: skip
        code = (
            "MUTE", "MMSI", "SHIFT", "IDENTITY", "STATUS", "HEADING", "FORGED", "NAMELESS",
        ).index(what)  # fmt: skip
        self.scripts.append((ship, code, from_us, until_us, value, *shift))

    def other_identity(self, ship: int, name: str, sign: str = "") -> int:
        """Another name (and call sign) for `ship`; the value for an IDENTITY script."""
        other = self.ships[ship].copy()
        set_text(other, "name", name)
        if sign:
            set_text(other, "call_sign", sign)
        self.others.append(other)
        return -len(self.others)  # told apart from rows of ships until all are known

    def expect(self, event: Event) -> None:
        self.events.append(event)

    def fleet(self) -> Fleet:
        n = len(self.ships)
        table = np.concatenate([*self.ships, *self.others])
        return Fleet(
            np.concatenate(self.hulls), table, self.roles, ["SEA"] * n, list(range(n)), [5.0] * n
        )

    def script_rows(self) -> np.ndarray:
        """Scripts with rows counted among the planted; second identities follow the ships."""
        rows = np.array(self.scripts, SCRIPT)
        second = (rows["what"] == 3) & (rows["value"] < 0)
        rows["value"][second] = len(self.ships) - 1 - rows["value"][second]
        return rows


def begin(
    appointments: Sequence[Appointment], start_us: int, status: int, stay: int, stay_status: int
) -> Begin:
    """Legs that keep `appointments` and where the ship is at `start_us`."""
    legs: list[Leg] = []
    for (lon0, lat0, t0), (lon, lat, t) in itertools.pairwise(appointments):
        metres = haversine_m(lon0, lat0, lon, lat)
        if metres < 5.0:
            if not legs:
                legs.append(Leg(lon, lat, 1.0, stay, depart_us=t, stop_status=stay_status))
            else:
                last = legs[-1]
                last.stop, last.depart_us, last.stop_status = stay, t, stay_status
            continue
        speed = metres / max(1.0, (t - t0) * 1e-6)
        legs.append(
            Leg(lon, lat, speed, arrive_us=t, radius_m=40.0 + 6.0 * speed, nav_status=status)
        )
    legs[-1].stop, legs[-1].stop_status = stay, stay_status
    legs[-1].wait_us = 30 * 1440 * MINUTE_US
    first = appointments[0]
    if start_us <= first[2]:
        # Lies at its first place until the first appointment.
        course = _course(appointments)
        return Begin((first[0], first[1]), 0.0, course, stay, first[2], stay_status, tuple(legs))
    at = 0
    while at + 1 < len(appointments) and appointments[at + 1][2] <= start_us:
        at += 1
    if at + 1 >= len(appointments):
        raise ValueError("a planted ship's last appointment lies before the start")
    (lon0, lat0, t0), (lon, lat, t) = appointments[at], appointments[at + 1]
    f = (start_us - t0) / (t - t0)
    here = (lon0 + f * (lon - lon0), lat0 + f * (lat - lat0))
    rest = _legs_after(legs, appointments, at)
    metres = haversine_m(lon0, lat0, lon, lat)
    if metres < 5.0:
        return Begin(here, 0.0, 0.0, stay, t, stay_status, tuple(rest))
    speed = metres / ((t - t0) * 1e-6)
    return Begin(here, speed, bearing_deg(lon0, lat0, lon, lat), PASS, 0, status, tuple(rest))


def _course(appointments: Sequence[Appointment]) -> float:
    for a, b in itertools.pairwise(appointments):
        if haversine_m(a[0], a[1], b[0], b[1]) > 5.0:
            return float(bearing_deg(a[0], a[1], b[0], b[1]))
    return 0.0


def _legs_after(legs: list[Leg], appointments: Sequence[Appointment], at: int) -> list[Leg]:
    """Legs still to do in the interval after appointment `at`."""
    done = 0
    for k in range(at):
        a, b = appointments[k], appointments[k + 1]
        # A stay belongs to the leg before it; only a stay at the very beginning is a leg itself.
        if k == 0 or haversine_m(a[0], a[1], b[0], b[1]) >= 5.0:
            done += 1
    return legs[done:]


def straight(
    through: Point,
    course_deg: float,
    speed_kn: float,
    at_us: int,
    before_min: float,
    after_min: float,
) -> list[Appointment]:
    """Appointments on a straight line that passes `through` at `at_us`."""
    speed = speed_kn * KNOT_MPS
    out: list[Appointment] = []
    for minutes in (-before_min, 0.0, after_min):
        lon, lat = project(*through, course_deg, speed * 60.0 * minutes)
        out.append((lon, lat, at_us + int(minutes * MINUTE_US)))
    return out


def route(
    points: Sequence[Point], speed_kn: float | Sequence[float], at_point: int, at_us: int
) -> list[Appointment]:
    """Appointments along `points` (one speed, or one a leg) that are at `points[at_point]` at
    `at_us`."""
    n = len(points) - 1
    speeds = [speed_kn] * n if isinstance(speed_kn, (int, float)) else list(speed_kn)
    times = [0]
    for a, b, kn in zip(points, points[1:], speeds, strict=False):
        times.append(times[-1] + int(haversine_m(*a, *b) / (kn * KNOT_MPS) * 1e6))
    return [(*p, at_us + t - times[at_point]) for p, t in zip(points, times, strict=True)]


def come_and_go(
    origin: Point, scene: Sequence[Appointment], exit_to: Point, speed_kn: float
) -> list[Appointment]:
    """`scene` with the way there from `origin` and away to `exit_to` at `speed_kn`."""
    speed = speed_kn * KNOT_MPS
    first, last = scene[0], scene[-1]
    there = haversine_m(*origin, first[0], first[1]) / speed
    away = haversine_m(last[0], last[1], *exit_to) / speed
    return [
        (*origin, first[2] - int(there * 1e6)),
        *scene,
        (*exit_to, last[2] + int(away * 1e6)),
    ]


def beside(point: Point, course_deg: float, metres: float) -> Point:
    lon, lat = project(*point, course_deg, metres)
    return float(lon), float(lat)
