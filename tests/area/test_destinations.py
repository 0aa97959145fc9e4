"""What a destination field means, and what means nothing."""

from __future__ import annotations

import csv

import pytest
from pyproj import Geod

from littoral.area.destinations import FILE, UNKNOWN, load_destinations

SPHERE = Geod(a=6_371_008.8, b=6_371_008.8)

# Positions of the ports by their charts, to a tenth of a degree (general knowledge, not the table).
MEANT = [
    ("SG SIN", 103.8, 1.3),
    ("CN YPG>SG SIN", 103.8, 1.3),
    ("CNYPG=>SGSIN", 103.8, 1.3),
    ("HAI KOU", 110.3, 20.0),
    ("haikou", 110.3, 20.0),
    ("CN HAK", 110.3, 20.0),
    ("BA SUO GANG", 108.6, 19.1),
    ("HONG KONG", 114.2, 22.3),
    ("HONGKONG OPL", 114.2, 22.3),
    ("HKHKG", 114.2, 22.3),
    ("QINGDAO", 120.3, 36.1),
    ("NLRTM", 4.4, 51.9),
    ("ROTTERDAM", 4.4, 51.9),
    ("VN HPH", 106.7, 20.9),
    ("HAI PHONG", 106.7, 20.9),
    ("ZHANJIANG ANCH", 110.4, 21.2),
]
# Orders, two ends of a line, ways, slips, names of several places, words.
NOTHING = [
    "", "FOR ORDERS", "HAI KOU <> XU WEN", "SG SIN/HK HKG", "VIA SUEZ", "HAIKOV", "SEE AGENT",
    "FISHING GROUND", "ANCHORAGE", "NEWPORT", "@@@", ">", "CN", "QQ QQQ", "SG SIN OR MY PKG",
    "HAIKOU TO SANYA",
]  # fmt: skip


@pytest.mark.parametrize(("text", "lon", "lat"), MEANT)
def test_codes_and_names(text: str, lon: float, lat: float) -> None:
    table = load_destinations()
    row = table.resolve(text)
    assert row != UNKNOWN
    assert SPHERE.inv(lon, lat, table.lon_deg[row], table.lat_deg[row])[2] < 30_000.0


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_not_sure_means_nothing(text: str) -> None:
    assert load_destinations().resolve(text) == UNKNOWN


def test_no_text_means_two_places() -> None:
    with open(FILE, encoding="utf-8", newline="") as source:
        texts = [t for r in csv.DictReader(source) for t in r["texts"].split()]
    assert len(texts) == len(set(texts)) == len(load_destinations().rows)
