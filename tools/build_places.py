"""Makes data/hainan/{ports.toml,landings.toml}.

    uv pip install --no-deps --target build/ports harborly==1.1.4 searoute==1.6.0
    python tools/build_places.py build/ports/harborly/data/port_registry.parquet \
        build/ports/searoute/data/ports.geojson

Ports: coordinates from NGA's World Port Index and GeoNames as harborly packs them (snapshot of
2026-07-24) and, for Hai'an, from searoute's ports; names in Chinese, radii and the choice are ours.
Landing points: synthetic, evenly along the island's shore, none within 4 km of a port.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import polars as pl

from littoral.area.coast import Coast
from littoral.area.geodesy import haversine_m

FOLDER = Path(__file__).parents[1] / "src/littoral/area/data/hainan"
LANDINGS, PORT_CLEARANCE_M = 30, 4000.0

# id, zh, en, kind, radius_m, ours: is it on the shore that the rings are measured from
CHOSEN = (
    ("GEONAMES:1809073", "海口港秀英港区", "Haikou, Xiuying", "port", 2500, True),
    ("GEONAMES:12196129", "海口港新海港区", "Haikou, Xinhai", "port", 2000, True),
    ("WPI:57818", "马村港", "Macun (listed as Chiwan)", "port", 2500, True),
    ("WPI:57817", "洋浦港", "Yangpu", "port", 3000, True),
    ("GEONAMES:12261496", "神头港", "Shentou", "port", 2000, True),
    ("WPI:57768", "八所港", "Basuo", "port", 2000, True),
    ("GEONAMES:11494244", "三亚港", "Sanya", "port", 2000, True),
    ("GEONAMES:12525432", "清澜港", "Qinglan", "port", 2500, True),
    ("GEONAMES:13532951", "乌场港", "Wuchang", "port", 1500, True),
    ("GEONAMES:1885305", "榆林港", "Yulin", "harbour", 1500, True),
    ("GEONAMES:1914592", "潭门港", "Tanmen", "harbour", 1800, True),
    ("GEONAMES:1914591", "博鳌港", "Bo'ao", "harbour", 1000, True),
    ("GEONAMES:1810773", "港北港", "Gangbei", "harbour", 1000, True),
    ("GEONAMES:1804099", "黎安港", "Li'an", "harbour", 1200, True),
    ("GEONAMES:1887384", "铁炉港", "Tielu", "harbour", 1000, True),
    ("GEONAMES:8307188", "港门港", "Gangmen (Yazhou)", "harbour", 1000, True),
    ("GEONAMES:1917853", "望楼港", "Wanglou", "harbour", 1000, True),
    ("GEONAMES:1915712", "昌化港", "Changhua", "harbour", 1000, True),
    ("GEONAMES:1886787", "海头港", "Haitou", "harbour", 1000, True),
    ("GEONAMES:12261495", "白马井港", "Baimajing", "harbour", 1500, True),
    ("GEONAMES:1914867", "博铺港", "Bopu", "harbour", 1000, True),
    ("GEONAMES:1913801", "东寨港", "Dongzhai", "harbour", 1500, True),
    ("CNHAI", "徐闻海安港区", "Xuwen (Hai'an)", "port", 2500, False),
    ("GEONAMES:1802939", "流沙港", "Liusha", "harbour", 2000, False),
    ("GEONAMES:11494249", "湛江港", "Zhanjiang", "port", 5000, False),
    ("GEONAMES:11550090", "水东港", "Shuidong", "port", 2000, False),
    ("GEONAMES:1816288", "博贺港", "Bohe", "harbour", 1500, False),
    ("GEONAMES:1784802", "闸坡港", "Zhapo", "harbour", 1500, False),
    ("WPI:57750", "北海港", "Beihai", "port", 3000, False),
    ("WPI:57710", "锦普港", "Cam Pha", "port", 3000, False),
    ("WPI:57700", "鸿基港", "Hon Gai", "port", 3000, False),
)
SOURCES = {
    "WPI": "NGA World Port Index, snapshot 2026-07-24 (public domain)",
    "GEONAMES": "GeoNames, daily dump 2026-07-24 (CC BY 4.0)",
    "CNHAI": "searoute 1.6.0, ports.geojson (Apache-2.0)",
}


def entry(table: str, **fields: object) -> str:
    lines = [f"[[{table}]]"]
    for key, value in fields.items():
        if isinstance(value, dict):
            inner = [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()]
            lines.append(f"{key} = {{ {', '.join(inner)} }}")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def ports(registry: Path, searoute: Path) -> list[dict]:
    table = pl.read_parquet(registry)
    rows = {r["registry_id"]: (r["longitude"], r["latitude"]) for r in table.iter_rows(named=True)}
    for feature in json.loads(searoute.read_text())["features"]:
        if feature["properties"]["port"] == "CNHAI":
            rows["CNHAI"] = tuple(feature["geometry"]["coordinates"])
    out = []
    for name, zh, en, kind, radius_m, ours in CHOSEN:
        lon, lat = rows[name]
        out.append(
            {
                "id": "port-" + name.lower().replace(":", "-"),
                "name": {"zh": zh, "en": en},
                "lon_deg": round(lon, 6),
                "lat_deg": round(lat, 6),
                "radius_m": float(radius_m),
                "kind": kind,
                "ours": ours,
                "source": f"{SOURCES[name.split(':')[0]]}, {name}",
            }
        )
    return out


def landings(known: list[dict]) -> list[dict]:
    """Every so many kilometres along the ring of Hainan island, moved on past ports."""
    polygons = Coast.load(FOLDER).polygons
    longest = max(
        (r for r in range(len(polygons)) if polygons.ring_id[r] == 47),
        key=lambda r: polygons.start[r + 1] - polygons.start[r],
    )
    xy = polygons.ring(longest)[:-1]
    # equal angles about the island's middle: inlets do not draw landings to themselves
    middle = xy.mean(0)
    angle = np.arctan2(xy[:, 1] - middle[1], xy[:, 0] - middle[0])
    reach = np.hypot(*(xy - middle).T)
    out: list[dict] = []
    step = 0
    while len(out) < LANDINGS and step < 4 * LANDINGS:
        turn = -math.pi + 2 * math.pi * (0.5 + step) / (LANDINGS + 8)
        step += 1
        near = np.flatnonzero(abs(angle - turn) < 0.02)
        if not len(near):
            continue
        lon, lat = xy[near[np.argmax(reach[near])]]
        clear = min(haversine_m(lon, lat, p["lon_deg"], p["lat_deg"]) for p in known)
        if clear < PORT_CLEARANCE_M:
            continue
        n = len(out) + 1
        out.append(
            {
                "id": f"landing-{n:02d}",
                "name": {"zh": f"合成上岸点{n:02d}", "en": f"Synthetic landing point {n:02d}"},
                "lon_deg": round(float(lon), 6),
                "lat_deg": round(float(lat), 6),
                "radius_m": 500.0,
                "kind": "landing",
                "ours": True,
                "source": "synthetic (tools/build_places.py): no real licence behind it",
            }
        )
    return out


def main() -> None:
    found = ports(Path(sys.argv[1]), Path(sys.argv[2]))
    head = "# Made by tools/build_places.py; sources and licences in SOURCE.md.\n"
    for name, places in (("ports", found), ("landings", landings(found))):
        text = head + "\n" + "\n".join(entry(name[:-1], **p) for p in places)
        (FOLDER / f"{name}.toml").write_text(text)


if __name__ == "__main__":
    main()
