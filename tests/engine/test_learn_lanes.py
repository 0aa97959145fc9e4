"""Lanes learned from a lake are those that a slow program counts."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from littoral.cli import main
from littoral.engine.lake_out import write_rows
from littoral.engine.learn_lanes import learn_lanes
from littoral.engine.reference import LANES_FILE, read_lanes, region_world, write_lanes
from littoral.schema.ais import FLAG_JUMP, Observations, Positions, Statics, Texts
from littoral.sim.lines import generate
from littoral.store.lake import Lake

DAY_US, MINUTE_US = 86_400_000_000, 60_000_000
START = int(np.datetime64("2026-08-12T00:00:00", "us").astype(np.int64))
TYPES = {0: 70, 1: 71, 2: 80, 3: 30, 4: 60, 5: -1}
KNOT = 1852.0 / 3600.0


def made(seed: int = 1, days: int = 3) -> Observations:
    """Six vessels that wander for some days, now and then without speed, course or a good fix."""
    rng = np.random.default_rng(seed)
    parts, said = [], []
    for k, ship_type in TYPES.items():
        n = days * 200
        p = Positions.empty(n)
        p.t_us[:] = START + np.sort(rng.integers(0, days * DAY_US, n))
        p.mmsi[:], p.track[:], p.kind[:] = 412_000_000 + k, k, k % 2
        p.lon_deg[:] = 110.0 + rng.uniform(0.0, 0.1, n)
        p.lat_deg[:] = 18.0 + rng.uniform(0.0, 0.1, n)
        p.sog_mps[:] = np.where(rng.random(n) < 0.1, np.nan, rng.uniform(0.0, 9.0, n))
        p.cog_deg[:] = np.where(rng.random(n) < 0.1, np.nan, rng.uniform(0.0, 360.0, n))
        p.flags[:] = np.where(rng.random(n) < 0.05, FLAG_JUMP, 0)
        p.obs_id[:] = 1_000_000 * (k + 1) + np.arange(n)
        parts.append(p)
        s = Statics.empty(2)
        s.t_us[:], s.mmsi[:], s.track[:] = (START, START + 1), 412_000_000 + k, k
        s.msg_type[:], s.ship_type[:] = 5, (99, ship_type)
        s.obs_id[:] = 2_000 * (k + 1) + np.arange(2)
        said.append(s)
    return Observations(Positions.concat(parts), Statics.concat(said), Texts.empty())


def into(root: Path, o: Observations) -> Path:
    write_rows(Lake(root, durable=False), [o], "a")
    return root


def test_counts_and_speeds_are_those_of_a_slow_program(tmp_path: Path) -> None:
    o = made()
    learned, rows = learn_lanes(into(tmp_path, o))
    group = {70: 1, 71: 1, 80: 2, 30: 4, 60: 3, -1: 0, 99: 0}
    by_day: dict[tuple, list[float]] = defaultdict(list)
    p = o.positions
    for i in range(len(p)):
        sog, cog = float(p.sog_mps[i]), float(p.cog_deg[i])
        if not sog >= 3.0 * KNOT or np.isnan(cog) or p.flags[i]:
            continue
        cell = int((p.lat_deg[i] + 90) / 0.02) * 18_000 + int((p.lon_deg[i] + 180) / 0.02)
        of = group[TYPES[int(p.track[i])] if TYPES[int(p.track[i])] != -1 else 99]
        lane = (cell, int((cog + 22.5) / 45) % 8, of)
        by_day[(*lane, int(p.mmsi[i]), int(p.t_us[i]) // DAY_US)].append(sog)
    assert rows == sum(map(len, by_day.values()))
    lanes: dict[tuple, list[tuple[int, float]]] = defaultdict(list)
    for (*lane, mmsi, _), speeds in by_day.items():
        lanes[tuple(lane)].append((mmsi, float(np.mean(speeds))))
    found = {
        (int(c), int(s), int(g)): k
        for k, (c, s, g) in enumerate(zip(learned.cell, learned.sector, learned.group, strict=True))
    }
    assert found.keys() == lanes.keys()
    assert learned.days == 3
    for lane, seen in lanes.items():
        k = found[lane]
        assert learned.vessels[k] == len({m for m, _ in seen})
        assert learned.vessel_days[k] == len(seen)
        means = np.sort([v for _, v in seen])
        for share, column in ((0.1, "speed_low_mps"), (0.5, "speed_median_mps"),
                              (0.9, "speed_high_mps")):  # fmt: skip
            rank = means[max(1, int(np.ceil(share * len(means) - 1e-9))) - 1]
            assert getattr(learned, column)[k] == pytest.approx(rank, abs=0.0502)


def test_the_same_lake_in_other_files_teaches_the_same(tmp_path: Path) -> None:
    o = made()
    one, _ = learn_lanes(into(tmp_path / "one", o))
    lake = Lake(tmp_path / "two", durable=False)
    order = np.random.default_rng(2).permutation(len(o.positions))
    for k in range(3):
        part = o.positions.take(order[k::3])
        write_rows(lake, [Observations(part, Statics.empty(), Texts.empty())], f"part{k}")
    write_rows(lake, [Observations(Positions.empty(), o.statics, Texts.empty())], "said")
    two, _ = learn_lanes(tmp_path / "two")
    assert one.version == two.version


def test_ends_of_voyages_by_what_was_said_before(tmp_path: Path) -> None:
    """Two ships of three that said Sanya lie for two hours at one place, under way before; the
    third lies too short; what they say alongside is of the next voyage."""
    parts, said = [], []
    for k, minutes in ((0, 120), (1, 120), (2, 40)):
        p = Positions.empty(240)
        p.t_us[:] = START + np.arange(240) * MINUTE_US + k
        p.mmsi[:], p.track[:], p.kind[:], p.flags[:] = 412_000_000 + k, k, 0, 0
        p.lon_deg[:], p.lat_deg[:], p.cog_deg[:] = 109.05, 18.35, 90.0
        p.sog_mps[:] = np.where(np.arange(240) < 240 - minutes, 6.0, 0.0)
        p.obs_id[:] = 1_000_000 * (k + 1) + np.arange(240)
        s = Statics.empty(2)
        s.t_us[:] = START, START + 230 * MINUTE_US
        s.mmsi[:], s.track[:], s.msg_type[:], s.ship_type[:] = 412_000_000 + k, k, 5, 70
        s.destination[:] = b"SAN YA", b"HAI KOU"
        s.obs_id[:] = 1_000 * (k + 1) + np.arange(2)
        parts.append(p)
        said.append(s)
    o = Observations(Positions.concat(parts), Statics.concat(said), Texts.empty())
    learned, _ = learn_lanes(into(tmp_path, o))
    assert learned.end_place.tolist() == ["GEONAMES:11494244"]  # Sanya
    assert learned.end_vessels.tolist() == [2]
    assert learned.end_cell.tolist() == [1083 * 3600 + 2890]


def test_from_the_command_line_into_the_next_run(tmp_path: Path, capsys) -> None:
    log, out, learned = tmp_path / "log", tmp_path / "out", tmp_path / "lanes.arrow"
    log.write_bytes(b"".join(c.tobytes() for c in generate(20_000, vessels=200, seed=5)))
    only = ["--detectors", "deviation", "--json"]
    assert main(["run", str(log), "--out", str(out), *only]) == 0
    assert main(["learn", "lanes", "--data", str(out), "--out", str(learned)]) == 0
    said = capsys.readouterr().out
    assert read_lanes(learned).version in said
    again = ["run", str(log), "--out", str(tmp_path / "again"), "--lanes", str(learned), *only]
    assert main(again) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 20_000


def test_lanes_in_the_data_folder_are_used_where_no_others_are_named(tmp_path: Path) -> None:
    learned, _ = learn_lanes(into(tmp_path / "lake", made()))
    assert region_world("hainan", data=tmp_path).lanes is None
    write_lanes(tmp_path / LANES_FILE, learned)
    found = region_world("hainan", data=tmp_path).lanes
    assert found is not None
    assert found.version == learned.version
    other = tmp_path / "other.arrow"
    fewer, _ = learn_lanes(into(tmp_path / "fewer", made(days=1)))
    write_lanes(other, fewer)
    named = region_world("hainan", lanes=other, data=tmp_path).lanes
    assert named is not None
    assert named.version == fewer.version
    (tmp_path / "bad").write_bytes(b"no arrow")
    with pytest.raises(ValueError, match="not a file of learned lanes"):
        read_lanes(tmp_path / "bad")
