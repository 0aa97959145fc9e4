"""Net beacons are kept out of every detector: the alerts about vessels are the same with and
without them, none is about a beacon, and who only poses as one is told of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from littoral.schema.fleet import GEAR_BEACON
from littoral.sim import traffic
from littoral.sim.encode import encode
from littoral.sim.feed import region_coast
from littoral.sim.planted import Planted
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows

from .running import Outcome, run
from .scene import START_US, VESSELS, planted

MINUTES = 220
BEACONS = 250
HISTORY_US = MINUTES * 60_000_000  # who poses as a beacon sails two hours before its end, for one


@dataclass
class Pair:
    without: Outcome
    with_them: Outcome
    roles: dict[int, str]


def lines(world: traffic.Traffic) -> bytes:
    stations = ascii_rows(list(world.receivers.names), STATION_BYTES)
    texts = ascii_rows(list(traffic.TEXTS), TEXT_BYTES)
    return b"".join(
        encode(rows, world.ships, stations, texts).data.tobytes() for rows in world.blocks(MINUTES)
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The scene of the laws without its failing receivers (a beacon that is heard shows that its
    receiver lives, so that silences begin a second later), with beacons and without."""
    found: list[Outcome] = []
    roles: dict[int, str] = {}
    for beacons in (0, BEACONS):
        settings = traffic.Settings(
            VESSELS, seed=11, density=0.3, planted=False, history_us=HISTORY_US, beacons=beacons
        )
        scene: Planted = replace(planted(), silences=())
        world = traffic.start(region_coast(), START_US, settings, scene)
        roles = {int(str(r["mmsi"])): str(r["role"]) for r in world.beacons.roles()}
        folder: Path = tmp_path_factory.mktemp(f"beacons{beacons}")
        found.append(run([[lines(world)]], folder))
    return Pair(*found, roles)


def told(outcome: Outcome, roles: dict[int, str]) -> tuple[list[Any], dict[int, set[str]]]:
    """What was said of vessels alone, without the numbers of lines, which are others; and which
    rules spoke of something that `roles` knows."""
    vessels, of_roles = [], {}
    for alert in outcome.alerts.values():
        numbers = {int(t.removeprefix("vessel:").split("-")[0]) for t in alert["things"]
                   if t.startswith("vessel:")}  # fmt: skip
        for mmsi in numbers & set(roles):
            of_roles.setdefault(mmsi, set()).add(f"{alert['rule']}/{alert['kind']}")
        if not numbers & set(roles):
            vessels.append({k: v for k, v in alert.items() if k != "evidence"})
    return sorted(vessels, key=lambda a: (a["id"], a["revision"])), of_roles


def test_of_vessels_the_same_is_told(pair: Pair) -> None:
    without, _ = told(pair.without, pair.roles)
    with_them, _ = told(pair.with_them, pair.roles)
    assert len(without) > 15
    assert {a["rule"] for a in without} >= {"encounter", "gap", "identity", "collision"}
    assert with_them == without


def test_no_rule_speaks_of_a_beacon_and_some_do_of_what_only_looks_like_one(pair: Pair) -> None:
    _, of_roles = told(pair.with_them, pair.roles)
    by_role = {pair.roles[mmsi]: rules for mmsi, rules in of_roles.items()}
    assert len(by_role) == len(of_roles)
    # Who poses sails; the boat that is called by its number fishes in the closed season.
    assert by_role == {
        "poses_as_net_beacon": {"identity/bad_mmsi"},
        "looks_like_net_beacon": {"area_rule/season"},
    }


def test_the_lake_holds_them_marked(pair: Pair) -> None:
    tracks = pair.with_them.tables["tracks"].select(["track", "mmsi", "gear"]).to_pylist()
    marked = {t["mmsi"] for t in tracks if t["gear"] & GEAR_BEACON}
    heard = {t["mmsi"] for t in tracks}
    beacons = {m for m, role in pair.roles.items() if role == "net_beacon"}
    assert marked <= beacons
    assert len(beacons & heard) > BEACONS / 2
    # Those with a ship's number are told by the name, which may be lost on the way.
    assert len(beacons & heard - marked) < 0.03 * len(beacons)
    rows = pair.with_them.tables["observations"]["track"].to_pylist()
    numbers = {t["track"] for t in tracks if t["gear"] & GEAR_BEACON}
    assert sum(1 for track in rows if track in numbers) > 10 * len(numbers)
