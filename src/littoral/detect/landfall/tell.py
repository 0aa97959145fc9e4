"""What is said of a craft that may come ashore: facts and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from littoral.area.geodesy import KNOT_MPS, haversine_m
from littoral.area.places import Place
from littoral.area.world import World
from littoral.detect.landfall.reach import Shoreline, Stretch, shoreline_of, stretches, ways_m
from littoral.schema.finding import Fact, Finding

TOLD_STRETCHES = 3


def nearest_place(places: Iterable[Place], lon: float, lat: float) -> tuple[Place | None, float]:
    """The place whose middle is nearest, and metres to it."""
    by_m = [(haversine_m(lon, lat, p.lon_deg, p.lat_deg), p) for p in places]
    if not by_m:
        return None, float("nan")
    metres, place = min(by_m, key=lambda found: found[0])
    return place, metres


def utc(t_us: int) -> str:
    return f"{np.datetime64(t_us, 'us').astype('datetime64[s]')}Z"


def landfall_facts(
    lon: float, lat: float, last_us: int, sog_mps: float, speed_mps: float, shore_m: float,
    at_us: int, world: World,
) -> dict[str, Fact]:  # fmt: skip
    """As of `at_us` of a craft last heard at (lon, lat) that goes at `speed_mps`."""
    line = shoreline_of(world.coast)
    silence_s = (at_us - last_us) / 1e6
    reach_m = silence_s * speed_mps
    first = nearest_point(line, lon, lat)
    place, place_m = nearest_place(
        (*world.ports, *world.landings), float(line.lon[first]), float(line.lat[first])
    )
    found: list[Stretch] = []
    if reach_m >= shore_m:
        ways = ways_m(line, world.coast.arrays.fine, lon, lat, reach_m)
        found = stretches(line, np.isfinite(ways))
    facts: dict[str, Fact] = {
        "silence_s": round(silence_s),
        "sog_mps": round(sog_mps, 2),
        "speed_mps": round(speed_mps, 2),
        "shore_m": round(shore_m),
        "earliest_s": round(shore_m / speed_mps),
        "earliest_utc": utc(last_us + round(shore_m / speed_mps * 1e6)),
        "landfall_lon_deg": round(float(line.lon[first]), 5),
        "landfall_lat_deg": round(float(line.lat[first]), 5),
        "place_zh": place.name["zh"] if place else None,
        "place_en": place.name["en"] if place else None,
        "place_m": None if place is None else round(place_m),
        "reach_m": round(reach_m),
        "reachable_m": round(sum(s.length_m for s in found)),
        "stretches": len(found),
    }
    for n, s in enumerate(found[:TOLD_STRETCHES], start=1):
        facts[f"stretch_{n}_m"] = round(s.length_m)
        for end, point in (("from", s.first), ("to", s.last)):
            facts[f"stretch_{n}_{end}_lon_deg"] = round(float(line.lon[point]), 5)
            facts[f"stretch_{n}_{end}_lat_deg"] = round(float(line.lat[point]), 5)
    return facts


def nearest_point(line: Shoreline, lon: float, lat: float) -> int:
    """The point of the shore nearest to (lon, lat)."""
    scale = np.cos(np.radians(lat))
    return int(np.argmin(((line.lon - lon) * scale) ** 2 + (line.lat - lat) ** 2))


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    knots = float(f["sog_mps"] or 0.0) / KNOT_MPS
    minutes = round(float(f["silence_s"] or 0.0) / 60.0)
    clock = str(f["earliest_utc"])[11:16]
    km = float(f["reachable_m"] or 0.0) / 1000.0
    place = f["place_zh"] if lang == "zh" else f["place_en"]
    if f["is_heard_again"]:
        if lang == "zh":
            return f"{name}（曾以{knots:.0f}节驶向岸边）静默{minutes}分钟后恢复信号"
        return f"{name}, which headed ashore at {knots:.0f} kn, is heard again after {minutes} min"
    if lang == "zh":
        near = f"，在{place}附近" if place else ""
        by_now = f"；此时可达岸线{km:.0f}公里" if km else ""
        return (
            f"{name}以{knots:.0f}节驶向岸边后静默{minutes}分钟，"
            f"最早可能于UTC {clock}上岸{near}{by_now}"
        )
    near = f" near {place}" if place else ""
    by_now = f"; {km:.0f} km of shore can be reached by now" if km else ""
    return (
        f"{name} headed ashore at {knots:.0f} kn and has not been heard for {minutes} min: it can "
        f"be ashore from {clock} UTC{near}{by_now}"
    )
