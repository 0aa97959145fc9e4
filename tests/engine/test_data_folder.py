"""A data folder that an earlier version left opens today, goes on, and has lost nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from littoral.engine.live import Live
from littoral.engine.order import LATENESS_US
from littoral.engine.setup import Plan, live_of
from littoral.schema.finding import CONFIRMED, PROVISIONAL, WITHDRAWN
from littoral.sim.encode import encode
from littoral.sim.rows import messages, ships
from littoral.store.journal_fsck import fsck_journal
from tests.real.opening import stored, unpack_folder

NEW = 412_000_888  # a vessel that comes only today
HOUR_US = 3_600_000_000


def lake_rows(folder: Path, table: str) -> set[tuple[int, int, int]]:
    """(obs_id, time, sender) of every row, by a DuckDB that knows nothing of ours."""
    files = f"{folder}/lake/{table}/**/*.parquet"
    found = duckdb.sql(f"select obs_id, t_us, mmsi from read_parquet('{files}')").fetchall()
    assert len(set(found)) == len(found)
    return set(found)


def go_on(live: Live, from_us: int) -> None:
    """An hour of one more vessel on a connection of its own, then two hours of silence."""
    rows = messages(120)
    rows["t_us"] = from_us + np.arange(120) * 30_000_000
    rows["mmsi"], rows["msg_type"], rows["station"], rows["nav_status"] = NEW, 1, 0, 0
    rows["lon_deg"], rows["lat_deg"] = 111.9 + np.arange(120) * 0.0014, 18.9
    rows["sog_mps"], rows["cog_deg"] = 5.0, 90.0
    live.start()
    live.intake.opened("today", "tcp", "today 1")
    live.intake.take("today 1", encode(rows, ships(1), ["HAIKOU"]).data.tobytes(), from_us)
    live.intake.closed("today 1")
    live.intake.tick(from_us + 3 * HOUR_US + LATENESS_US)
    live.stop()


def test_it_opens_goes_on_and_has_lost_nothing(tmp_path: Path) -> None:
    folder = unpack_folder(tmp_path)
    old = {row["id"]: row for row in stored(folder, "alerts")}
    old_versions = {(v["alert_id"], v["revision"]): v for v in stored(folder, "alert_versions")}
    old_rows = {name: lake_rows(folder, name) for name in ("observations", "statics", "texts")}
    assert len(old) >= 8
    assert any(a["state"] == PROVISIONAL for a in old.values())
    acknowledged = [a["id"] for a in old.values() if a["handling"] == "acknowledged"]
    assert len(acknowledged) == 1
    last_us = max(t_us for _, t_us, _ in old_rows["observations"])

    live = live_of(Plan(folder))
    # As its run said where the checkpoint fits; where rules or settings have changed since, the
    # journal tells it all again.
    assert live.health().counts["lines"] in (0, 6_192)
    assert {f.id for f in live.world.geofences} >= {"example-scs-moratorium"}
    go_on(live, last_us + HOUR_US)

    alerts = {row["id"]: row for row in stored(folder, "alerts")}
    assert alerts.keys() >= old.keys()
    for key, row in old.items():
        assert alerts[key]["state"] in (CONFIRMED, WITHDRAWN)
        assert alerts[key]["raised_us"] == row["raised_us"]
        if row["state"] == CONFIRMED:
            assert alerts[key]["state"] == CONFIRMED
    assert alerts[acknowledged[0]]["handling"] == "acknowledged"
    versions = {(v["alert_id"], v["revision"]): v for v in stored(folder, "alert_versions")}
    assert {k: versions[k] for k in old_versions} == old_versions
    for name, rows in old_rows.items():
        assert lake_rows(folder, name) >= rows
    added = lake_rows(folder, "observations") - old_rows["observations"]
    assert sum(mmsi == NEW for *_, mmsi in added) == 120
    fences = {row["id"] for row in stored(folder, "geofences")}
    assert fences == {"demo-wind-farm", "demo-slow-bay", "demo-reef-night"}
    assert fsck_journal(folder / "journal").damage == []


def test_without_its_checkpoint_the_journal_tells_it_again(tmp_path: Path) -> None:
    """As when the format of states changes: everything is judged anew, and nothing comes twice."""
    folder = unpack_folder(tmp_path)
    old = {row["id"]: row["state"] for row in stored(folder, "alerts")}
    before = lake_rows(folder, "observations")
    (folder / "checkpoint.arrow").write_bytes(b"of another format")
    live = live_of(Plan(folder))
    assert live.health().counts["lines"] == 0
    go_on(live, max(t_us for _, t_us, _ in before) + HOUR_US)
    again = {row["id"]: row["state"] for row in stored(folder, "alerts")}
    assert again.keys() >= old.keys()
    assert all(again[k] == CONFIRMED for k, state in old.items() if state == CONFIRMED)
    assert PROVISIONAL not in {again[k] for k in old}
    assert lake_rows(folder, "observations") >= before
