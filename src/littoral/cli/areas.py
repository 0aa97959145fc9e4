"""`littoral areas`: rings, ports, landing points, crossings as GeoJSON, or what is where."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from littoral.cli import say


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "areas", help="rings, ports and crossings as GeoJSON; what lies at a place"
    )
    p.add_argument("--region", default="hainan")
    p.add_argument("--at", metavar="LON,LAT", help="say ring, land and distance to the shore there")
    p.add_argument("--out", type=Path, metavar="FILE", help="write GeoJSON here, not to the output")
    return p


def run(args: argparse.Namespace) -> int:
    import numpy as np
    import orjson

    from littoral.area.features import areas
    from littoral.area.rings import RING_NAMES
    from littoral.engine.reference import region_world

    try:
        world = region_world(args.region)
    except KeyError as problem:
        say.error(say.reason(problem))
        return 2
    if args.at:
        try:
            lon, lat = (np.array([float(v)]) for v in args.at.split(","))
        except ValueError:
            say.error(f"--at {args.at}: write LON,LAT in degrees, e.g. 110.3,20.1")
            return 2
        for name, value, most in (("longitude", lon[0], 180.0), ("latitude", lat[0], 90.0)):
            if not abs(value) <= most:
                say.error(f"--at {args.at}: the {name} must lie between -{most:g} and {most:g}")
                return 2
        distance = float(world.coast.shore_distance_m(lon, lat)[0])
        say.json_line(
            {
                "lon": float(lon[0]),
                "lat": float(lat[0]),
                "ring": RING_NAMES[int(world.rings.codes(lon, lat)[0])],
                "on_land": {1: True, 0: False}.get(int(world.coast.on_land(lon, lat)[0])),
                "shore_distance_m": None if np.isnan(distance) else round(distance, 1),
            }
        )
        return 0
    data = orjson.dumps(areas(world))
    if args.out:
        args.out.write_bytes(data)
    else:
        sys.stdout.buffer.write(data + b"\n")
    return 0
