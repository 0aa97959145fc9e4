"""Scenes of craft along the shore: events and near-misses with parameters drawn about each
threshold."""

from __future__ import annotations

from bench._scene_places import SMALL_FAR_M, Stage, run_us
from littoral.sim.scenes import MINUTE_US, Point, beside, route

PLEASURE, OTHER, FISHING = 37, 90, 30
AWAY_KN = 17.0  # on the way there and back


def _in_and_out(
    s: Stage, near: Point, bearing: float, speed_kn: float, at_us: int, stays_us: int = 0
) -> list[tuple[float, float, int]]:
    """In from 12 n mile at `speed_kn`, to `near` at `at_us`, and out again after a stay."""
    far_m = max(SMALL_FAR_M, 22_000.0 + s.run_m(at_us, AWAY_KN))
    to, fro = s.open_bearing(near, bearing), s.open_bearing(near, bearing + 5.0)
    sea, far = beside(near, to, 22_000.0), beside(near, to, far_m)
    back = beside(near, fro, far_m)
    in_us, away_us = run_us(22_000.0, speed_kn), run_us(far_m - 22_000.0, AWAY_KN)
    stay = [(*near, at_us)] + ([(*near, at_us + stays_us)] if stays_us else [])
    out_us = at_us + stays_us + in_us
    return [
        (*far, at_us - in_us - away_us), (*sea, at_us - in_us), *stay,
        (*beside(near, fro, 22_000.0), out_us), (*back, out_us + away_us),
    ]  # fmt: skip


def approach(s: Stage, near_miss: bool, k: int) -> None:
    """Towards an empty beach; or not fast enough by day, no nearer than 7 n mile, or along it."""
    way = ("slow", "turns", "along")[k % 3] if near_miss else ""
    ship_type = FISHING if k % 4 == 3 else PLEASURE if k % 2 else OTHER
    limit_kn = {FISHING: 12.0, PLEASURE: 20.0, OTHER: 15.0}[ship_type]
    speed = limit_kn * (s.between(0.72, 0.92) if way == "slow" else s.between(1.12, 1.7))
    shore, bearing = s.beach()
    night = not near_miss and k % 3 == 2
    if night:
        speed = limit_kn * s.between(0.65, 0.9)  # fast for a night alone
    at_us = s.by_night(0.3, night)
    near = beside(shore, bearing, s.between(700.0, 1_500.0))
    if way == "turns":
        near = beside(shore, bearing, s.between(13_500.0, 16_000.0))
    scene = _in_and_out(s, near, bearing, speed, at_us)
    if way == "along":
        middle = beside(shore, bearing, s.between(5_000.0, 8_000.0))
        far_m = max(60_000.0, s.run_m(at_us, speed))
        course = s.open_bearing(middle, bearing + 90.0, 12_000.0, 12_000.0)
        ends = [beside(middle, course, metres) for metres in (-12_000.0, 12_000.0)]
        there, back = (beside(e, s.open_bearing(e, bearing), far_m) for e in ends)
        scene = route([there, *ends, back], speed, 1, at_us)
    ship = s.craft(f"FEI SU {k}{'N' * near_miss}", scene, ship_type,
                   "fishing" if ship_type == FISHING else "yacht")  # fmt: skip
    s.label("approach", "approach", (ship,), near_miss, f"{speed:.0f} kn, type {ship_type} {way}")


def landing(s: Stage, near_miss: bool, k: int) -> None:
    """Stops at, falls silent at or turns back from an empty beach by night; or stops farther off,
    by day for less than an hour, or where landing is licensed."""
    ways = ("off", "by day", "licensed", "pleasure") if near_miss else ("stops", "silent", "turns")
    way = ways[k % len(ways)]
    shore, bearing = s.beach()
    if way == "licensed":
        for _ in range(1_000):
            lon, lat, _ = s.g.landings[int(s.rng.integers(len(s.g.landings)))].tolist()
            turn = s.free_bearing(beside((lon, lat), 0.0, 0.0))
            if turn is not None and 18.0 < lat < 19.9:
                shore, bearing = (lon, lat), turn
                break
    off_m = s.between(600.0, 900.0) if way == "off" else s.between(150.0, 420.0)
    minutes = {"turns": 0.0, "by day": s.between(20.0, 50.0), "pleasure": s.between(65.0, 90.0),
               "silent": s.between(40.0, 60.0)}.get(way, s.between(12.0, 40.0))  # fmt: skip
    speed = s.between(9.0, 14.0)
    night = way not in ("by day", "pleasure")
    at_us = s.by_night(minutes / 60.0 + (1.2 if night else 0.1), night)
    near = beside(shore, bearing, off_m)
    scene = _in_and_out(s, near, bearing, speed, at_us, int(minutes * MINUTE_US))
    ship = s.craft(f"DENG LU {k}{'N' * near_miss}", scene,
                   PLEASURE if way == "pleasure" or k % 2 else OTHER)  # fmt: skip
    if way == "silent":
        off_us = at_us + 4 * MINUTE_US
        s.b.script(ship, "MUTE", off_us, at_us + int((minutes + 25.0) * MINUTE_US))
    s.label("landing", "landing", (ship,), near_miss, f"{off_m:.0f} m, {minutes:.0f} min {way}")


def landfall(s: Stage, near_miss: bool, k: int) -> None:
    """Fast towards the shore and then silent; or not so fast, silent for too short, outbound."""
    way = ("slow", "short", "outbound")[k % 3] if near_miss else ""
    ship_type = PLEASURE if k % 2 else OTHER
    limit_kn = 20.0 if ship_type == PLEASURE else 15.0
    speed = limit_kn * (s.between(0.72, 0.92) if way == "slow" else s.between(1.12, 1.7))
    minutes = s.between(3.0, 7.0) if way == "short" else s.between(22.0, 60.0)
    shore, bearing = s.beach()
    at_us = s.some_time(minutes / 60.0 + 0.6, 1.5)
    near = beside(shore, bearing, s.between(1_500.0, 3_000.0))
    scene = _in_and_out(s, near, bearing, speed, at_us)
    before_us = int(run_us(s.between(4_000.0, 14_000.0), speed))
    off_us = at_us + before_us if way == "outbound" else at_us - before_us
    ship = s.craft(f"SHI LIAN {k}{'N' * near_miss}", scene, ship_type)
    s.b.script(ship, "MUTE", off_us, off_us + int(minutes * MINUTE_US))
    s.label("landfall", "landfall", (ship,), near_miss, f"{speed:.0f} kn, {minutes:.0f} min {way}")
