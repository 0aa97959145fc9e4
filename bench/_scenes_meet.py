"""Scenes of two ships that pass too close, or nearly: head-on, crossing, overtaking."""

from __future__ import annotations

from bench._scene_places import Stage
from littoral.sim.motion import ANCHOR, DRIFT
from littoral.sim.scenes import MINUTE_US, beside, straight

CARGO, FISHING, TUG = 70, 30, 52
AT_ANCHOR = 1
LIMIT_M, FULL_M, LEAST_SHARE = 185.0, 115.0, 0.4  # of a warning in the open sea
RUN_MIN = 22.0
NEAR_MISSES = ("room", "anchored", "company", "fleet", "tug")


def collision(s: Stage, near_miss: bool, k: int) -> None:
    """Two ships that hold their ways and pass within the limit; or with room, past a ship at
    anchor, in company, as fishing boats that close slowly, or as a tug comes alongside."""
    way = NEAR_MISSES[k % len(NEAR_MISSES)] if near_miss else ""
    turn = (180.0, 70.0, 0.0, 110.0)[k % 4] if way not in ("company", "fleet") else 0.0
    site, bearing = s.at_sea(14_000.0, 55_000.0, 14_000.0)
    at_us = s.some_time(1.6, 1.0)
    first = s.between(10.0, 13.0)
    slower = {"company": s.between(0.4, 1.4), "fleet": s.between(4.0, 6.0)}
    second = first - slower.get(way, s.between(4.5, 6.5)) if turn == 0.0 else s.between(9.0, 12.0)
    lengths = [round(s.between(22.0, 45.0) if way == "fleet" else s.between(50.0, 190.0))
               for _ in range(2)]  # fmt: skip
    limit_m = LIMIT_M * min(1.0, max(LEAST_SHARE, max(lengths) / FULL_M))
    # Between the antennas: beyond the beams, and the lengths where one passes across with room.
    apart = s.between(0.0, 0.75) * limit_m + 10.0
    if way == "room":
        apart = s.between(1.8, 4.0) * limit_m + 30.0
        apart += 0.0 if turn in (0.0, 180.0) else sum(lengths)
    course = bearing + 90.0
    scene = straight(site, course, first, at_us, RUN_MIN, RUN_MIN)
    by_side = beside(site, course + 90.0, apart)
    if way == "anchored":
        meets = [(*by_side, at_us - 40 * MINUTE_US), (*by_side, at_us + 40 * MINUTE_US)]
    else:
        meets = straight(by_side, course + turn, second, at_us, RUN_MIN, RUN_MIN)
    anchored, apart_deg = way == "anchored", 0.0 if way == "company" else 9.0
    ships = (
        s.from_sea("bulk", f"XIANG YU {k}{'N' * near_miss}", scene, bearing, first),
        s.from_sea("bulk", f"LAI CHUAN {k}{'N' * near_miss}", meets, bearing + apart_deg, second,
                   stay=ANCHOR if anchored else DRIFT, stay_status=AT_ANCHOR * anchored),
    )  # fmt: skip
    for n, ship in enumerate(ships):
        s.resize(ship, lengths[n], max(6, lengths[n] // 6))
        s.b.ships[ship]["ship_type"] = FISHING if way == "fleet" else CARGO
    if way == "tug":
        s.b.ships[ships[0]]["ship_type"] = TUG
    s.label("collision", "collision_risk", ships, near_miss, f"{apart:.0f} m, {turn:.0f} {way}")
