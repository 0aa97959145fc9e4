"""Numbers and picture of docs/reports/solent.md, from the recording:

    uv pip install matplotlib
    python tools/solent_report.py SolentAIS_20160112_130211.csv docs/reports/solent.webp

The recording (see the report for where it is) is run by `littoral run`; what is told of it is then
checked against the raw rows by another way: straight lines between fixes at most 30 s or 20 m
apart, at every second, on the plane.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import polars as pl
import pyarrow.dataset as ds

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import littoral
from littoral.cli import main as command

LON, LAT, SOG, COG = "Longitude_degrees", "Latitude_degrees", "SOG_knots", "COG_degrees"
HARBOUR = (-1.145, 50.785, -1.085, 50.83)  # Portsmouth harbour and its entrance, by eye
PILOT, SHIP = 235013375, 247007000  # the example that the report follows
M_PER_DEG = 111_195.0
MAX_AGE_S = 30.0


class Raw:
    """The recording's own rows, by MMSI."""

    def __init__(self, path: Path) -> None:
        rows = pl.read_csv(path, try_parse_dates=True).sort("Time")
        self.rows = rows.with_columns(t=pl.col("Time").dt.epoch("ms") / 1000.0)
        self.of = {k[0]: v.unique("t").sort("t") for k, v in self.rows.group_by("MMSI")}

    def at(self, mmsi: int, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Longitude, latitude and knots at times t (s); NaN where no fix is near enough."""
        own = self.of[mmsi].filter(pl.col(LON).is_between(-2.0, 0.0))
        when = own["t"].to_numpy()
        after = np.clip(np.searchsorted(when, t), 1, max(1, len(when) - 1))
        ok = (t >= when[0]) & (t <= when[-1]) if len(when) > 1 else np.zeros(len(t), bool)
        if len(when) > 1:
            way = np.hypot(np.diff(own[LON].to_numpy()), np.diff(own[LAT].to_numpy())) * M_PER_DEG
            ok &= (when[after] - when[after - 1] <= MAX_AGE_S) | (way[after - 1] < 20.0)
        columns = (np.where(ok, np.interp(t, when, own[c].to_numpy()), np.nan)
                   for c in (LON, LAT, SOG))  # fmt: skip
        lon, lat, sog = columns
        return lon, lat, sog

    def range_m(self, a: int, b: int, t: np.ndarray) -> np.ndarray:
        (ax, ay, _), (bx, by, _) = self.at(a, t), self.at(b, t)
        east = (ax - bx) * M_PER_DEG * np.cos(np.radians(50.76))
        return np.hypot(east, (ay - by) * M_PER_DEG)

    def still(self, mmsi: int, t_s: float) -> bool:
        """Under half a knot in the ten minutes around t."""
        own = self.of[mmsi].filter((pl.col("t") - t_s).abs() < 300.0)
        return bool(len(own)) and float(own[SOG].median()) < 0.5  # type: ignore[arg-type]


def told(recording: Path, folder: Path) -> list[dict[str, Any]]:
    if command(["run", str(recording), "--datum", "wgs84", "--out", str(folder), "--json"]):
        raise SystemExit("littoral run failed")
    alerts = ds.dataset(folder / "alerts", format="parquet").to_table().to_pylist()
    for a in alerts:
        a["facts"] = json.loads(a["facts"])
        a["mmsi"] = [int(t.split(":")[1].split("-")[0]) for t in a["things"]]
    return sorted(alerts, key=lambda a: a["start_us"])


def judged(alerts: list[dict[str, Any]], raw: Raw) -> list[dict[str, Any]]:
    for a in alerts:
        start, end = a["start_us"] / 1e6, (a["end_us"] or a["updated_us"]) / 1e6
        t = np.arange(start - 60.0, end + 180.0)
        apart = raw.range_m(a["mmsi"][0], a["mmsi"][-1], t)
        a["raw_m"] = float(np.nanmin(apart)) if np.isfinite(apart).any() else None
        a["still"] = any(raw.still(m, start) for m in a["mmsi"])
        w, s, e, n = HARBOUR
        a["harbour"] = w <= a["lon_deg"] <= e and s <= a["lat_deg"] <= n
    return alerts


def say(alerts: list[dict[str, Any]]) -> None:
    print("start     kind            MMSI       MMSI       told m   raw m  still harbour encounter")
    for a in alerts:
        when = str(np.datetime64(a["start_us"], "us"))[11:19]
        least = a["facts"].get("least_range_m")
        raw_m = "   -  " if a["raw_m"] is None else f"{a['raw_m']:6.0f}"
        print(
            f"{when}  {a['kind']:15} {a['mmsi'][0]}  {a['mmsi'][-1]}  {least or 0:6.0f}  {raw_m}",
            f"{a['still']!s:5} {a['harbour']!s:7} {a['facts'].get('encounter')}",
        )
    for name, chosen in (
        ("all", alerts),
        ("in the harbour", [a for a in alerts if a["harbour"]]),
        ("one of the two lying still", [a for a in alerts if a["still"]]),
        ("both moving, outside", [a for a in alerts if not a["harbour"] and not a["still"]]),
    ):
        known = [a for a in chosen if a["raw_m"] is not None]
        near = sum(a["raw_m"] < 150.0 for a in known)
        print(
            f"{name}: {len(chosen)}; with fixes near enough {len(known)}, nearer than 150 m {near}"
        )


def draw(alerts: list[dict[str, Any]], raw: Raw, target: Path) -> None:
    figure, (chart, course) = plt.subplots(1, 2, figsize=(13, 6.2), width_ratios=(1.35, 1))
    land = Path(littoral.__file__).parent / "area" / "data" / "world" / "land.geojson"
    for feature in json.loads(land.read_text())["features"]:
        shape = feature["geometry"]
        polygons = (
            shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        )
        for polygon in polygons:
            ring = np.array(polygon[0])
            if ring[:, 0].min() < -1.0 and ring[:, 0].max() > -1.5 and ring[:, 1].max() > 50.5:
                chart.fill(ring[:, 0], ring[:, 1], color="#e8e4da", zorder=0)
    for own in raw.of.values():
        own = own.filter(pl.col(LON) < 0.0)
        moving = float(own[SOG].median() or 0.0) >= 0.5  # type: ignore[arg-type]
        chart.plot(own[LON], own[LAT], lw=0.6, marker=None if moving else ".", ms=3,
                   color="#33658a" if moving else "#999999", zorder=1)  # fmt: skip
    for a in alerts:
        quiet = a["harbour"] or a["still"]
        chart.plot(a["lon_deg"], a["lat_deg"], "o" if quiet else "D", ms=6, mfc="none", zorder=3,
                   mec="#b08900" if quiet else "#c1121f", mew=1.3)  # fmt: skip
    chart.plot(
        [],
        [],
        "o",
        mfc="none",
        mec="#b08900",
        label="risk told: in harbour or beside a moored vessel",
    )
    chart.plot([], [], "D", mfc="none", mec="#c1121f", label="risk told: both under way, outside")
    chart.plot([], [], color="#33658a", lw=1, label="vessels under way")
    chart.plot([], [], ".", color="#999999", label="vessels lying still")
    chart.set(xlim=(-1.36, -0.98), ylim=(50.66, 50.86), xlabel="longitude", ylabel="latitude",
              title="The Solent, 2016-01-12, 13:02 to 14:26 UTC")  # fmt: skip
    chart.set_aspect(1 / np.cos(np.radians(50.76)))
    chart.legend(loc="lower left", fontsize=8)
    start = np.datetime64("2016-01-12T14:00:00").astype(float)
    t = np.arange(start, start + 1260.0)
    minutes = (t - start) / 60.0
    course.plot(minutes, raw.range_m(PILOT, SHIP, t), color="#c1121f", label="range, m")
    course.set_yscale("log")
    course.set(xlabel="minutes after 14:00 UTC", ylabel="range, m",
               title=f"MMSI {PILOT} comes, goes along, leaves {SHIP}")  # fmt: skip
    speed = course.twinx()
    for mmsi, style in ((PILOT, "-"), (SHIP, "--")):
        speed.plot(minutes, raw.at(mmsi, t)[2], style, lw=1, color="#33658a", label=f"{mmsi}, kn")
    speed.set(ylabel="speed, kn", ylim=(0, 30))
    for a in alerts:
        if set(a["mmsi"]) == {PILOT, SHIP}:
            end = (a["end_us"] or a["updated_us"]) / 1e6
            course.axvspan((a["start_us"] / 1e6 - start) / 60, (end - start) / 60, alpha=0.12,
                           color="#c1121f", label="alert")  # fmt: skip
    course.legend(loc="center left", fontsize=8)
    speed.legend(loc="upper right", fontsize=8)
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def main() -> None:
    recording, target = Path(sys.argv[1]), Path(sys.argv[2])
    raw = Raw(recording)
    with tempfile.TemporaryDirectory() as folder:
        alerts = judged(told(recording, Path(folder)), raw)
    say(alerts)
    target.parent.mkdir(parents=True, exist_ok=True)
    draw(alerts, raw, target)
    print(f"{target}: {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
