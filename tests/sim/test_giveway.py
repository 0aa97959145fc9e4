"""Ships keep clear as COLREG has it: what each does in the meetings that the rules name, and that
those who are planted sail on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from littoral.sim.giveway import give_way
from littoral.sim.motion import HULL, LEG, MOOR, STATE, STEP_US, step
from littoral.sim.plans import MAX_LEGS

KNOT = 1852 / 3600
DEG = math.pi / 180.0 * 6_371_008.8
NO_GATES = np.array([(0.0, 0.0)])
NO_STRAIT = np.array([0.0, 0.0, 0.0, 0.0])
MIDDLE = (111.0, 18.5)
SCALE = DEG * math.cos(math.radians(MIDDLE[1]))


class Sea:
    """Ships that would all be at the middle, or `miss_m` to the right of it, after 15 minutes."""

    def __init__(self) -> None:
        self.hulls, self.states = np.zeros(0, HULL), np.zeros(0, STATE)
        self.plans = np.zeros((0, MAX_LEGS), LEG)
        self.now_us = 1_780_000_000_000_000

    def ship(
        self, course: float, kn: float, *, miss_m: float = 0.0, length_m: float = 120.0,
        planted: bool = False, status: int = 0, ahead_s: float = 900.0,
    ) -> int:  # fmt: skip
        a, v = math.radians(course), kn * KNOT
        hull, state, plan = np.zeros(1, HULL), np.zeros(1, STATE), np.zeros((1, MAX_LEGS), LEG)
        hull["turn_degps"], hull["accel_mps2"], hull["top_mps"] = 0.6, 0.04, 1.3 * v
        hull["length_m"], hull["planted"] = length_m, planted
        x = -v * ahead_s * math.sin(a) + miss_m * math.cos(a)
        y = -v * ahead_s * math.cos(a) - miss_m * math.sin(a)
        state["lon_deg"] = state["from_lon_deg"] = MIDDLE[0] + x / SCALE
        state["lat_deg"] = state["from_lat_deg"] = MIDDLE[1] + y / DEG
        state["speed_mps"], state["course_deg"] = v, course
        state["report_us"] = state["static_us"] = 2**62
        state["nav_status"], state["legs"] = status, 1
        leg = plan[0][0]
        leg["lon_deg"] = MIDDLE[0] + (x + 4 * v * ahead_s * math.sin(a)) / SCALE
        leg["lat_deg"] = MIDDLE[1] + (y + 4 * v * ahead_s * math.cos(a)) / DEG
        leg["speed_mps"], leg["radius_m"], leg["stop"] = v, 250.0, MOOR
        leg["nav_status"], leg["wait_us"] = status, 2**60
        self.hulls = np.concatenate([self.hulls, hull])
        self.states = np.concatenate([self.states, state])
        self.plans = np.concatenate([self.plans, plan])
        return len(self.hulls) - 1

    def sail(self, minutes: float = 30.0, gates: np.ndarray = NO_GATES) -> np.ndarray:
        """(ships, steps, 4): metres east and north of the middle, m/s, course."""
        out = []
        for k in range(int(minutes * 12)):
            if k % 4 == 0:
                give_way(self.hulls, self.states, self.plans, gates, NO_STRAIT, self.now_us)
            for v in range(len(self.states)):
                step(self.hulls[v], self.states[v], self.plans[v], self.now_us)
            self.now_us += STEP_US
            s = self.states
            x, y = (s["lon_deg"] - MIDDLE[0]) * SCALE, (s["lat_deg"] - MIDDLE[1]) * DEG
            out.append(np.stack([x, y, s["speed_mps"], s["course_deg"]], 1))
        return np.stack(out, 1)


def least_m(path: np.ndarray, a: int = 0, b: int = 1) -> float:
    return float(np.hypot(*(path[b, :, :2] - path[a, :, :2]).T).min())


def turned(path: np.ndarray, ship: int, course: float) -> tuple[float, float]:
    """How far to port and to starboard of `course` a ship came."""
    off = (path[ship, :, 3] - course + 540.0) % 360.0 - 180.0
    return float(-off.min()), float(off.max())


def test_head_on_ships_turn_to_starboard_alone() -> None:
    """Rule 14. Who looks first may leave the other nothing to do."""
    sea = Sea()
    sea.ship(0.0, 12.0)
    sea.ship(180.0, 12.0)
    path = sea.sail()
    turns = [turned(path[:, :200], 0, 0.0), turned(path[:, :200], 1, 180.0)]
    assert max(starboard for _, starboard in turns) > 15.0
    assert max(port for port, _ in turns) < 5.0
    assert least_m(path) > 400.0


@pytest.mark.parametrize("crossing", [45.0, 90.0, 120.0])
def test_who_has_the_other_to_starboard_gives_way_and_the_other_stands_on(crossing: float) -> None:
    """Rule 15: the first ship heads north, the other comes from the east (to starboard)."""
    sea = Sea()
    sea.ship(0.0, 12.0)
    sea.ship(360.0 - crossing, 12.0)
    path = sea.sail()
    assert least_m(path) > 400.0
    port, starboard = turned(path[:, :150], 1, 360.0 - crossing)
    assert max(port, starboard) < 3.0
    assert turned(path[:, :150], 0, 0.0)[1] > 10.0 or path[0, :150, 2].min() < 0.8 * 12.0 * KNOT


def test_who_overtakes_keeps_clear_and_the_overtaken_does_nothing() -> None:
    sea = Sea()
    sea.ship(90.0, 8.0)
    sea.ship(90.0, 15.0)
    path = sea.sail()
    assert least_m(path) > 250.0
    assert max(turned(path[:, :250], 0, 90.0)) < 3.0
    assert path[1, -1, 0] > path[0, -1, 0]


def test_who_should_stand_on_acts_when_the_other_does_not() -> None:
    """Rule 17: a planted ship to port comes on; the other acts in the last minutes, not before."""
    sea = Sea()
    sea.ship(0.0, 12.0)
    sea.ship(90.0, 12.0, planted=True)
    path = sea.sail()
    assert least_m(path) > 120.0
    assert max(turned(path[:, :300], 1, 90.0)) < 1.0


def test_planted_ships_meet_as_planned_and_others_keep_clear_of_them() -> None:
    sea = Sea()
    sea.ship(0.0, 12.0, planted=True)
    sea.ship(180.0, 12.0, planted=True, miss_m=40.0)
    sea.ship(270.0, 10.0)
    path = sea.sail()
    assert least_m(path, 0, 1) < 60.0
    assert min(least_m(path, 0, 2), least_m(path, 1, 2)) > 300.0


def test_power_driven_ships_keep_clear_of_those_that_fish() -> None:
    """Rule 18: the trawler has the other to starboard and sails on all the same."""
    sea = Sea()
    trawler = sea.ship(0.0, 4.0, status=7, length_m=30.0)
    sea.ship(270.0, 12.0)
    path = sea.sail()
    assert least_m(path) > 250.0
    assert max(turned(path[:, :150], trawler, 0.0)) < 5.0


def test_a_ship_does_not_leave_its_berth_into_the_way_of_another() -> None:
    sea = Sea()
    lies = sea.ship(0.0, 6.0, length_m=60.0, ahead_s=120.0)
    sea.states[lies]["stop"], sea.states[lies]["speed_mps"] = MOOR, 0.0
    sea.states[lies]["until_us"] = sea.now_us
    passes = sea.ship(90.0, 9.0, length_m=60.0, ahead_s=150.0)
    path = sea.sail(15.0, np.array([MIDDLE]))
    gone = int(np.argmax(path[lies, :, 2] > 0.0))
    assert gone > 0
    assert least_m(path, lies, passes) > 150.0


def test_nothing_is_done_where_there_is_room() -> None:
    sea = Sea()
    sea.ship(0.0, 12.0)
    sea.ship(180.0, 12.0, miss_m=2_500.0)
    path = sea.sail()
    assert max(*turned(path, 0, 0.0), *turned(path, 1, 180.0)) < 1.0
    assert not sea.states["give_way"].any()
