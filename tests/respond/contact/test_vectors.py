"""Vectors of dead reckoning, which the page is held to too (web/map/reckon.test.ts). Their expected
places are PROJ's on the sphere of `area.geodesy`; the server's own are compared with them here."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyproj
import pytest

from littoral.api.contacts.models import contact_json
from littoral.area.geodesy import EARTH_M, KNOT_MPS
from littoral.respond.contact.reckoning import reckon

from .reports import made, report

FILE = Path(__file__).resolve().parents[3] / "contracts" / "contacts" / "reckoning.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
SPHERE = pyproj.Geod(a=EARTH_M, b=EARTH_M)


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


def test_there_are_some() -> None:
    assert len(VECTORS) > 8
    assert any(v["expected"]["is_old"] for v in VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_the_expected_place_is_projs(vector: dict[str, Any]) -> None:
    of, expected = vector["contact"], vector["expected"]
    until_us = min(us(vector["at"]), us(of["reckoned_until"]))
    seconds = (until_us - us(of["heard"])) / 1e6
    run_m = of["along_kn"] * KNOT_MPS * seconds
    lon, lat, _ = SPHERE.fwd(of["lon"], of["lat"], of["along_deg"], run_m)
    _, _, apart_m = SPHERE.inv(lon, lat, expected["lon"], expected["lat"])
    assert apart_m < 0.2
    grown_m = of["growth_kn"] * KNOT_MPS * seconds
    assert expected["radius_m"] == pytest.approx(of["accuracy_m"] + grown_m, abs=0.1)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_the_server_tells_the_page_so_and_reckons_so(vector: dict[str, Any]) -> None:
    said, of = vector["said"], vector["contact"]
    contact = made(
        report(
            heard_us=us(of["heard"]), lon_deg=of["lon"], lat_deg=of["lat"], what=said["what"],
            accuracy_m=of["accuracy_m"], cog_deg=said["cog_deg"],
            sog_mps=None if said["sog_kn"] is None else said["sog_kn"] * KNOT_MPS,
        )
    )  # fmt: skip
    told = contact_json(contact, 1, 1, {}, us(vector["at"]))
    assert {name: told[name] for name in of} == pytest.approx(of)
    place, expected = reckon(contact.last, us(vector["at"])), vector["expected"]
    _, _, apart_m = SPHERE.inv(place.lon_deg, place.lat_deg, expected["lon"], expected["lat"])
    assert apart_m < 1
    assert place.radius_m == pytest.approx(expected["radius_m"], abs=1)
    assert place.is_old == expected["is_old"]
