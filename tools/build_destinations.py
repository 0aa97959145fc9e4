r"""Makes src/littoral/area/data/world/destinations.csv: what ships call the ports they go to.

    uv pip install --no-deps --target build/ports harborly==1.1.4 searoute==1.6.0
    python tools/build_destinations.py build/ports/harborly/data \\
        build/ports/searoute/data/ports.geojson

The world's ports with their UN/LOCODEs and names are NGA's World Port Index as harborly packs it
(snapshot of 2026-07-24). China's ports are chosen and named by hand, since mates write pinyin and
several codes are in use for one port; their coordinates come from the same index, GeoNames or
searoute's ports. A text that two places more than 50 km apart go by names neither of them.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import polars as pl

from littoral.area.destinations import FILE, plain
from littoral.area.geodesy import haversine_m

NEAR_M = 50_000.0
SHORTEST_NAME = 5
# Words that mates write and that are names of ports, too.
WORDS = {"ANCHORAGE", "ORDERS", "PORT", "HOME", "FISHING", "OCEAN", "COAST", "ISLAND", "CHINA"}

# Coordinates' record, then the codes and names that mean it.
CHINA = (
    ("GEONAMES:1809073", "CNHAK CNHIG HAIKOU XIUYING HAIKOUXIUYING"),
    ("GEONAMES:12196129", "XINHAI HAIKOUXINHAI"),
    ("WPI:57818", "MACUN"),
    ("WPI:57817", "CNYPG YANGPU"),
    ("WPI:57768", "CNBSP CNBAS BASUO DONGFANG"),
    ("GEONAMES:11494244", "CNSYX CNSYA SANYA"),
    ("GEONAMES:12525432", "QINGLAN WENCHANG"),
    ("SEAROUTE:CNHAI", "CNHAI HAIAN XUWEN"),
    ("WPI:57750", "CNBHY CNBIH BEIHAI"),
    ("GEONAMES:11524251", "CNFAN FANGCHENG FANGCHENGGANG"),
    ("GEONAMES:11494319", "CNQZH QINZHOU"),
    ("GEONAMES:11494249", "CNZHA CNZNG ZHANJIANG"),
    ("GEONAMES:11550090", "CNSDG CNMMI SHUIDONG MAOMING"),
    ("SEAROUTE:CNYJI", "CNYJI YANGJIANG"),
    ("SEAROUTE:CNZUH", "CNZUH ZHUHAI"),
    ("SEAROUTE:MOMFM", "MOMFM MACAU MACAO"),
    ("SEAROUTE:HKHKG", "HKHKG CNHKG HKG HONGKONG XIANGGANG"),
    ("SEAROUTE:CNCAN", "CNCAN CNGGZ GUANGZHOU CANTON"),
    ("SEAROUTE:CNHUA", "CNHUA HUANGPU"),
    ("GEONAMES:13535787", "CNNSA NANSHA"),
    ("SEAROUTE:CNCWN", "CNCWN CHIWAN"),
    ("GEONAMES:1928643", "CNSHK SHEKOU"),
    ("GEONAMES:11494324", "CNYTN YANTIAN"),
    ("SEAROUTE:CNSZX", "CNSZX CNSZN SHENZHEN"),
    ("GEONAMES:11494326", "CNHUI HUIZHOU"),
    ("SEAROUTE:CNSWE", "CNSWE SHANWEI"),
    ("SEAROUTE:CNSWA", "CNSWA SHANTOU"),
    ("SEAROUTE:CNXMN", "CNXMN CNXMG XIAMEN AMOY"),
    ("SEAROUTE:CNZZU", "CNZZU ZHANGZHOU"),
    ("SEAROUTE:CNQZJ", "CNQZJ CNQZL QUANZHOU"),
    ("SEAROUTE:CNFOC", "CNFOC CNFZH FUZHOU"),
    ("SEAROUTE:CNNDE", "CNNDE NINGDE"),
    ("SEAROUTE:CNWNZ", "CNWNZ CNWZO WENZHOU"),
    ("SEAROUTE:CNNGB", "CNNGB CNNBO NINGBO"),
    ("SEAROUTE:CNZOS", "CNZOS ZHOUSHAN"),
    ("SEAROUTE:CNSHA", "CNSHA CNSGH SHANGHAI"),
    ("SEAROUTE:CNYAN", "YANGSHAN"),
    ("SEAROUTE:CNTAC", "CNTAC TAICANG"),
    ("SEAROUTE:CNNTG", "CNNTG NANTONG"),
    ("SEAROUTE:CNZJG", "CNZJG ZHANGJIAGANG"),
    ("SEAROUTE:CNNKG", "CNNKG CNNJI NANJING"),
    ("SEAROUTE:CNLYG", "CNLYG LIANYUNGANG"),
    ("SEAROUTE:CNRZH", "CNRZH RIZHAO"),
    ("SEAROUTE:CNLSN", "CNLSN LANSHAN"),
    ("SEAROUTE:CNTAO", "CNTAO QINGDAO"),
    ("SEAROUTE:CNYNT", "CNYNT CNYTG YANTAI"),
    ("SEAROUTE:CNWEI", "CNWEI CNWEG WEIHAI"),
    ("SEAROUTE:CNTSN", "CNTSN CNTXG TIANJIN XINGANG TIANJINXINGANG"),
    ("SEAROUTE:CNHHA", "CNHHA HUANGHUA"),
    ("SEAROUTE:CNTAS", "CNTAS CNTGS TANGSHAN JINGTANG"),
    ("SEAROUTE:CNCFD", "CNCFD CAOFEIDIAN"),
    ("SEAROUTE:CNSHP", "CNSHP QINHUANGDAO"),
    ("SEAROUTE:CNBAY", "CNBAY CNBYQ BAYUQUAN"),
    ("SEAROUTE:CNYIK", "CNYIK YINGKOU"),
    ("SEAROUTE:CNDLC", "CNDLC CNDAL DALIAN"),
    ("SEAROUTE:CNDDG", "CNDDG CNDDZ DANDONG"),
)
# Ports that the index lists under other names than ships write.
OTHERS = (
    ("SEAROUTE:SGSIN", "SGSIN SINGAPORE"),
    ("WPI:57580", "VNSGN HOCHIMINH HOCHIMINHCITY SAIGON"),
    ("WPI:54620", "AUPHE AUPHD PORTHEDLAND"),
    ("WPI:57700", "VNHON HONGAI HONGAY"),
)


def places(registry: Path, searoute: Path) -> list[tuple[str, float, float, list[str]]]:
    """(id, lon, lat, texts): China's first, so that they win where texts are shared nearby."""
    table = pl.read_parquet(registry / "port_registry.parquet")
    where = {r["registry_id"]: (r["longitude"], r["latitude"]) for r in table.to_dicts()}
    for feature in json.loads(searoute.read_text())["features"]:
        key = "SEAROUTE:" + feature["properties"]["port"]
        where[key] = tuple(feature["geometry"]["coordinates"])
    found = [(key, *where[key], texts.split()) for key, texts in CHINA + OTHERS]
    by_hand = {key for key, _ in CHINA + OTHERS}
    names: dict[str, list[str]] = {}
    for r in pl.read_parquet(registry / "port_aliases.parquet").to_dicts():
        names.setdefault(r["registry_id"], []).append(plain(r["alias"]))
    for r in table.filter(pl.col("provider") == "NGA_WPI").to_dicts():
        if r["country_code"] in ("CN", "HK", "MO") or r["registry_id"] in by_hand:
            continue
        texts = [t for t in names.get(r["registry_id"], []) if len(t) >= SHORTEST_NAME]
        code = [r["unlocode"]] if r["unlocode"] else []
        key = r["registry_id"]
        found.append((key, r["longitude"], r["latitude"], code + texts))
    return found


def unambiguous(
    found: list[tuple[str, float, float, list[str]]],
) -> list[tuple[str, float, float, list[str]]]:
    """Each text with the first of the places that it names, and with none where they lie apart."""
    meant: dict[str, tuple[str, float, float] | None] = {}
    for key, lon, lat, texts in found:
        for text in texts:
            known = meant.setdefault(text, (key, lon, lat))
            if known and haversine_m(known[1], known[2], lon, lat) > NEAR_M:
                meant[text] = None
    out = []
    for key, lon, lat, texts in found:
        own = [t for t in dict.fromkeys(texts) if (meant[t] or ("",))[0] == key and t not in WORDS]
        if own:
            out.append((key, lon, lat, own))
    return out


def main() -> None:
    rows = unambiguous(places(Path(sys.argv[1]), Path(sys.argv[2])))
    with open(FILE, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "lon_deg", "lat_deg", "texts"])
        for key, lon, lat, texts in rows:
            writer.writerow([key, f"{lon:.4f}", f"{lat:.4f}", " ".join(texts)])


if __name__ == "__main__":
    main()
