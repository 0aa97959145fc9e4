"""Time a message with a fleet of 200,000 vessels against 2,000, at equal density.

The area grows with the fleet: one vessel on 20 square kilometres of open sea, so that each has as
many others about it. All steps from decoded rows to alerts, all detectors, the pairwise ones
included, in one thread. Vessels hold their course at the speeds of ships, wherever it leads, so
there is much to warn of; a tenth fish or drift. Each reports every 30 s; the first three minutes,
in which tracks are made, are not in the clock. Of the small fleet several are judged, and the
middle is taken.
"""

from __future__ import annotations

import sys

import numpy as np

from bench._harness import QUICK, report, row
from bench._steps import Steps
from littoral.area.geodesy import KNOT_MPS
from littoral.engine import core, warm
from littoral.engine.reference import region_world
from littoral.schema.ais import Observations, Positions, Statics, Texts
from littoral.schema.batch import SLICE_US

SMALL, LARGE = 2_000, 200_000
SLICES = 12 if QUICK else 80  # of 30 s
FIRST = 6  # slices before the clock: tracks are made, and the watermark is a minute behind
SMALL_RUNS = 5 if QUICK else 15
KM2_A_VESSEL = 20.0
M_PER_DEG = 111_195.0
START_US = 1_780_272_000_000_000
MIDDLE_DEG = -140.0, 0.0  # the Pacific, where a degree is as long east as north
BOUND = 1.5


def fleet(vessels: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Where they are at first, how they move, what they are; each (vessels,)."""
    chance = np.random.default_rng(seed)
    side_m = 1_000.0 * np.sqrt(vessels * KM2_A_VESSEL)
    slow = chance.random(vessels) < 0.1
    types = np.where(slow, 30, chance.choice([70, 80, 60, 30], vessels))
    return {
        "x_m": chance.uniform(-0.5, 0.5, vessels) * side_m,
        "y_m": chance.uniform(-0.5, 0.5, vessels) * side_m,
        "sog_mps": np.where(slow, 0.5, chance.uniform(6.0, 18.0, vessels)) * KNOT_MPS,
        "cog_deg": chance.uniform(0.0, 360.0, vessels),
        "offset_us": chance.integers(0, SLICE_US, vessels),
        "mmsi": 412_000_000 + np.arange(vessels),
        "ship_type": types,
    }


def reports(ships: dict[str, np.ndarray], number: int) -> Observations:
    """All that they send in slice `number`, in order of time; in the first also what they are."""
    n = len(ships["mmsi"])
    p = Positions.empty(n)
    order = np.argsort(ships["offset_us"], kind="stable")
    t_us = number * SLICE_US + ships["offset_us"]
    run_m = ships["sog_mps"] * t_us / 1e6
    course = np.radians(ships["cog_deg"])
    p.t_us = (START_US + t_us)[order]
    p.obs_id = (1 << 40) + number * n + 1 + np.arange(n)
    p.mmsi = ships["mmsi"][order].astype(np.int32)
    p.msg_type[:] = 1
    p.lon_deg = (MIDDLE_DEG[0] + (ships["x_m"] + run_m * np.sin(course)) / M_PER_DEG)[order]
    p.lat_deg = (MIDDLE_DEG[1] + (ships["y_m"] + run_m * np.cos(course)) / M_PER_DEG)[order]
    p.sog_mps = ships["sog_mps"][order].astype(np.float32)
    p.cog_deg = ships["cog_deg"][order].astype(np.float32)
    p.heading_deg = np.floor(p.cog_deg)
    p.nav_status[:] = 0
    s = Statics.empty(n if number == 0 else 0)
    if number == 0:
        s.t_us, s.obs_id, s.mmsi = p.t_us.copy(), p.obs_id.copy(), p.mmsi.copy()
        s.msg_type[:], s.ship_type = 5, ships["ship_type"][order].astype(np.int16)
        s.to_bow_m[:], s.to_stern_m[:] = 80.0, 20.0
    return Observations(p, s, Texts.empty())


def microseconds_a_message(
    vessels: int, rules: tuple[core.Rule, ...], seed: int = 1
) -> tuple[float, dict[str, float], int]:
    """(all steps, each step, alerts) over the slices after the first."""
    steps = Steps(rules, region_world("hainan"))
    ships = fleet(vessels, seed)
    for number in range(SLICES):
        if number == FIRST:
            steps.seconds.clear()
            steps.positions = 0
        steps.alone(reports(ships, number))
    by_step = {step: 1e6 * s / steps.positions for step, s in steps.seconds.items()}
    return sum(by_step.values()), by_step, steps.alerts


def main() -> int:
    rules = core.choose_rules("coastal")
    warm.load(rules, region_world("hainan"))
    microseconds_a_message(SMALL, rules)
    small = sorted(microseconds_a_message(SMALL, rules, seed)[0] for seed in range(SMALL_RUNS))
    small_us = small[SMALL_RUNS // 2]
    _, small_steps, small_alerts = microseconds_a_message(SMALL, rules)
    large_us, large_steps, large_alerts = microseconds_a_message(LARGE, rules)
    rows = [
        row(f"a message, {LARGE:,} vessels", large_us, "µs"),
        row(f"a message, {SMALL:,} vessels", small_us, "µs"),
        row("against each other", large_us / small_us, "x", at_most=BOUND),
        *(
            row(f"{step}: {LARGE:,} vessels, {SMALL:,} vessels {small_steps[step]:.3g}", us, "µs")
            for step, us in sorted(large_steps.items(), key=lambda item: -item[1])
        ),
        row(f"alerts, {LARGE:,} vessels", large_alerts, ""),
        row(f"alerts, {SMALL:,} vessels", small_alerts, ""),
    ]
    return report("growth", rows)


if __name__ == "__main__":
    sys.exit(main())
