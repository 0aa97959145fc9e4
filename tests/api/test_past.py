"""Questions, replay and statistics over HTTP. The lake is written by hand, so that every expected
value is counted by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from littoral.api.live import frame
from littoral.api.past import piece
from littoral.api.wire import iso
from littoral.area.world import World
from littoral.schema.ais import Positions, Statics

from .conftest import opened, served
from .shore import Shore

HOUR_US = 3_600_000_000
MIN_US = 60_000_000
DAY_US = 1_764_028_800_000_000  # 2025-11-25T00:00:00Z
API = "/api/v1"
EAST, WEST = "110.45,19.95 110.55,19.95 110.55,20.05 110.45,20.05", "110,20 110.1,20 110.05,19.9"
CALLER, SAILOR = 412_000_001, 412_000_002


def written(shore: Shore) -> None:
    """Two vessels at 20 N. One lies at 110.5 E, a report every 10 minutes for three hours; the
    other goes from 110.05 E at 0:00 to 110.5 E at 2:00, a report every 20 minutes."""
    lies = [(CALLER, 10 * m, 110.5, 20.0, 0.0, 1) for m in range(18)]
    sails = [
        (SAILOR, 20 * m, 110.05 + 0.45 * m / 6, 19.98 if m == 0 else 20.0, 5.0, 3 if m < 3 else 2)
        for m in range(7)
    ]
    rows = lies + sails
    p = Positions.empty(len(rows))
    for i, (mmsi, minute, lon, lat, sog, ring) in enumerate(rows):
        p.mmsi[i], p.t_us[i], p.lon_deg[i], p.lat_deg[i] = mmsi, DAY_US + minute * MIN_US, lon, lat
        p.sog_mps[i], p.ring[i], p.obs_id[i], p.station[i], p.msg_type[i] = sog, ring, i, 0, 1
    s = Statics.empty(1)
    s.mmsi[:], s.ship_type[:], s.t_us[:] = SAILOR, 70, DAY_US
    shore.lake.write("observations", pa.Table.from_batches([p.to_arrow()]), "1")
    shore.lake.write("statics", pa.Table.from_batches([s.to_arrow()]), "1")
    shore.lake.name_receivers(["haikou"])


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, world: World, empty_records: Path
) -> Iterator[httpx.Client]:
    with opened(tmp_path_factory.mktemp("past"), world, empty_records) as shore:
        written(shore)
        with served(shore) as url, httpx.Client(base_url=url + API, timeout=60) as made:
            yield made


def span(a: int, b: int) -> dict[str, str]:
    return {"from": iso(DAY_US + a * MIN_US), "to": iso(DAY_US + b * MIN_US)}


def test_who_was_in_an_area(client: httpx.Client) -> None:
    found = client.get("/questions/inside", params={"area": EAST, **span(0, 125)}).json()
    got = [(v["mmsi"], v["first"], v["last"], v["positions"]) for v in found["items"]]
    assert got == [
        (CALLER, iso(DAY_US), iso(DAY_US + 120 * MIN_US), 13),
        (SAILOR, iso(DAY_US + 120 * MIN_US), iso(DAY_US + 120 * MIN_US), 1),
    ]
    assert (found["vessels"], found["total"]) == (2, 2)
    assert (found["plan"]["files"], found["plan"]["files_of"]) == (3, 3)


def test_only_the_hours_of_the_time_are_read(client: httpx.Client) -> None:
    found = client.get("/questions/inside", params={"area": EAST, **span(70, 80)}).json()
    assert [n.split("/")[1] for n in found["plan"]["names"]] == ["hour=01"]
    assert [v["mmsi"] for v in found["items"]] == [CALLER]


def test_who_went_from_one_area_into_another(client: httpx.Client) -> None:
    asked = {"area": WEST, "to_area": EAST, **span(0, 60)}
    found = client.get("/questions/then", params={**asked, "within_h": 2}).json()
    got = [(p["mmsi"], p["left"], p["reached"], p["hours"]) for p in found["items"]]
    assert got == [(SAILOR, iso(DAY_US), iso(DAY_US + 120 * MIN_US), 2.0)]
    assert client.get("/questions/then", params={**asked, "within_h": 1.9}).json()["items"] == []


def test_a_vessels_voyages(client: httpx.Client) -> None:
    asked = {"vessel": str(SAILOR), **span(0, 240)}
    found = client.get("/questions/voyages", params=asked).json()
    assert [p["kind"] for p in found["items"]] == ["leg"]
    assert found["items"][0]["positions"] == 7
    assert len(found["line"]) == 7
    stop = client.get("/questions/voyages", params={**asked, "vessel": str(CALLER)}).json()
    assert [(p["kind"], p["hours"]) for p in stop["items"]] == [("stop", 2.83)]


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("inside", {"area": "110,20", **span(0, 1)}, "area"),
        ("inside", {"area": "fence:none", **span(0, 1)}, "area"),
        ("inside", {"area": "110,20 111,21 110,21 111,20", **span(0, 1)}, "area"),
        ("inside", {"area": EAST, **span(1, 1)}, "to"),
        ("voyages", {"vessel": "HAI", **span(0, 1)}, "vessel"),
    ],
)
def test_what_cannot_be_asked_is_named(
    client: httpx.Client, path: str, params: dict[str, str], field: str
) -> None:
    answer = client.get(f"/questions/{path}", params=params)
    assert answer.status_code == 400
    assert [e["field"] for e in answer.json()["errors"]] == [field]


def test_an_answer_is_had_as_excel(client: httpx.Client) -> None:
    asked = {"area": EAST, **span(0, 125), "format": "xlsx", "lang": "en"}
    answer = client.get("/questions/inside", params=asked)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [c.value for c in sheet[1]][1] == "MMSI"
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [CALLER, SAILOR]


def test_a_piece_of_the_past_is_how_all_were_and_what_followed(client: httpx.Client) -> None:
    answer = client.get(
        "/replay/piece",
        params={"from": iso(DAY_US + 65 * MIN_US), "seconds": 1200, "first": True},
    )
    assert answer.headers["content-encoding"] == "gzip"
    told, first, then = piece.decode(answer.content)
    assert (told["from"], told["to"]) == (
        DAY_US // 1000 + 65 * 60_000,
        DAY_US // 1000 + 85 * 60_000,
    )
    assert sorted(told["vessels"]["mmsi"]) == [CALLER, SAILOR]
    at_ms, before = frame.decode(first)
    assert at_ms == told["from"]
    minutes = (before["last_ms"] * 1000 - DAY_US) / MIN_US
    assert sorted(minutes.tolist()) == [60.0, 60.0]
    _, rows = frame.decode(then)
    assert ((rows["last_ms"] * 1000 - DAY_US) / MIN_US).tolist() == [70.0, 80.0, 80.0]
    assert np.isfinite(rows["lon"]).all()


def test_what_past_there_is(client: httpx.Client) -> None:
    assert client.get("/replay/kept").json() == {
        "first": iso(DAY_US), "last": iso(DAY_US + 3 * HOUR_US),
    }  # fmt: skip


def test_statistics_are_counts_by_the_hour(client: httpx.Client) -> None:
    found = client.get("/figures").json()
    assert len(found["hours"]) == 24
    names = {"heard", "crossed", "positions", "vessels", "alerts", "outcomes"}
    assert names <= found.keys()
    assert "412000001" not in client.get("/figures").text
