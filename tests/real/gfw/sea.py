"""Vessels drawn by hand off the real coast, as a table or a log, run by the command itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyais
import pyarrow.dataset as ds
import shapely
from pyproj import Geod, Transformer

import littoral.area
from littoral.cli import main

GEOD = Geod(ellps="WGS84")
NAUTICAL_MILE_M = 1852.0
KNOT_MPS = 1852.0 / 3600.0
HOUR = 3600.0
COAST = Path(littoral.area.__file__).parent / "data" / "hainan" / "coast.geojson"


@dataclass
class Vessel:
    """Reports of one ship: seconds since the scene's start, degrees, knots."""

    mmsi: int
    ship_type: int = 70
    rows: list[tuple[float, float, float, float, float]] = field(default_factory=list)

    def stay(self, times_s: Iterable[float], lon: float, lat: float, kn: float = 0.3) -> Vessel:
        """Reports of a ship that drifts where it is."""
        self.rows += [(t, lon, lat, kn, 90.0) for t in times_s]
        return self

    def legs(
        self, times_s: Sequence[float], lon: float, lat: float, speed_kn: Any, south_m: Any = 0.0
    ) -> Vessel:
        """Reports of a ship going east at `speed_kn`, a number or one a step of time, `south_m`
        metres south of the line, likewise."""
        times = np.asarray(times_s, np.float64)
        speed = np.broadcast_to(np.asarray(speed_kn, np.float64), times.shape)
        way = np.concatenate([[0.0], np.cumsum(np.diff(times) * speed[1:] * KNOT_MPS)])
        aside = np.broadcast_to(np.asarray(south_m, np.float64), times.shape)
        for t, kn, east, south in zip(times, speed, way, aside, strict=True):
            x, y, _ = GEOD.fwd(lon, lat, 90.0, east)
            x, y, _ = GEOD.fwd(x, y, 180.0, south)
            self.rows.append((float(t), x, y, float(kn), 90.0))
        return self


def listener(to_s: float, every_s: float = 60.0) -> Vessel:
    """Somebody heard all the time, so that the receiver is known to hear and time goes on."""
    return Vessel(413_999_999, 52).stay(np.arange(0.0, to_s, every_s), 110.30, 20.10)


@lru_cache(maxsize=2)
def shore(*box: float) -> Any:
    """The packaged shore of the region, or what of it lies in west, south, east, north."""
    features = json.loads(COAST.read_text())["features"]
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
    whole = shapely.union_all(shapes).boundary
    return shapely.clip_by_rect(whole, *box) if box else whole


def shore_m(lon: float, lat: float, *box: float) -> float:
    """Metres to the packaged shore by PROJ and shapely alone: exact distances from the centre of
    an azimuthal equidistant map."""
    to_map = Transformer.from_crs(
        "EPSG:4326", f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84", always_xy=True
    )
    flat = shapely.transform(
        shore(*box), lambda c: np.column_stack(to_map.transform(c[:, 0], c[:, 1]))
    )
    return float(flat.distance(shapely.Point(0.0, 0.0)))


def off_shore(lon: float, metres: float) -> float:
    """Latitude south of Hainan on the meridian `lon` where the island is `metres` away."""
    low, high = 16.9, 18.1
    for _ in range(24):
        middle = (low + high) / 2
        near = shore_m(lon, middle, 108.5, 18.1, 110.5, 18.8) <= metres
        low, high = (low, middle) if near else (middle, high)
    return (low + high) / 2


def utc(start: str, seconds: float) -> int:
    """Microseconds since 1970."""
    return int(np.datetime64(start, "us").astype(np.int64)) + round(seconds * 1e6)


def write_csv(path: Path, start: str, vessels: Iterable[Vessel]) -> Path:
    rows = sorted((t, v.mmsi, lon, lat, kn, cog, v.ship_type)
                  for v in vessels for t, lon, lat, kn, cog in v.rows)  # fmt: skip
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("timestamp", "mmsi", "lon", "lat", "sog", "cog", "ship_type"))
        for t, mmsi, lon, lat, kn, cog, ship_type in rows:
            when = datetime.fromtimestamp(utc(start, t) / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            out.writerow((when, mmsi, f"{lon:.7f}", f"{lat:.7f}", kn, cog, ship_type))
    return path


def write_aivdm(path: Path, start: str, vessels: Iterable[Vessel]) -> Path:
    """The same as a receiver sends it, encoded by pyais, times in tag blocks."""
    rows = sorted((t, v.mmsi, lon, lat, kn, cog)
                  for v in vessels for t, lon, lat, kn, cog in v.rows)  # fmt: skip
    with path.open("w", newline="") as file:
        for t, mmsi, lon, lat, kn, cog in rows:
            said = {"mmsi": mmsi, "type": 1, "lon": lon, "lat": lat, "speed": kn, "course": cog,
                    "heading": 90, "status": 0}  # fmt: skip
            (sentence,) = pyais.encode_dict(said, talker_id="AI", sentence_type="VDM")
            tag = f"s:tower,c:{utc(start, t) // 1_000_000}"
            check = np.bitwise_xor.reduce(np.frombuffer(tag.encode(), np.uint8))
            file.write(f"\\{tag}*{check:02X}\\{sentence}\r\n")
    return path


def alerts_of(out: Path, rule: str) -> list[dict[str, Any]]:
    """The alerts of a run, each with the MMSIs that it names and its facts."""
    rows = ds.dataset(out / "alerts", format="parquet").to_table().to_pylist()
    for row in rows:
        row["mmsi"] = tuple(sorted(int(t.split(":")[1].split("-")[0]) for t in row["things"]))
        row["facts"] = json.loads(row["facts"])
    return [row for row in rows if row["rule"] == rule and row["state"] != "withdrawn"]


def littoral_run(source: Path, out: Path, profile: str, *more: str) -> Path:
    """`littoral run`; the run must read its input whole."""
    datum = ("--datum", "wgs84") if source.suffix == ".csv" else ()
    arguments = ["run", str(source), "--out", str(out), "--profile", profile, *datum, *more]
    assert main(arguments) == 0
    return out
