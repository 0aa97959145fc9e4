"""Runs the live engine in process over bytes: journal, engine, records, lake, in one folder."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from littoral.engine import core
from littoral.engine.lake_out import alerts_table
from littoral.engine.live import Live, Options
from littoral.engine.live_state import CHECKPOINT
from littoral.engine.order import LATENESS_US
from littoral.engine.runtime import RuntimeSettings
from littoral.schema.batch import SLICE_US
from littoral.store.records import AlertRow, Records

from . import scene
from .running import ROWS, as_said, table_of

FEED = "feed 1"  # as the only source of a history run is called


class Station:
    """One live engine in `folder`, stopped and started at will; its sender numbers the bytes, so
    that it goes on where it was. The watch's clock stands still: no time passes but event time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live: Live | None = None
        self.sent = 0

    def start(self) -> None:
        region = scene.world().settings
        assert region is not None
        settings = RuntimeSettings(
            "hainan", region.bbox, region.center, "coastal", "tester", region.time_zone, self.folder
        )
        rules = core.choose_rules("coastal")
        # Checkpoints come at stops alone, so that falling back to one is what a crash would do.
        options = Options(checkpoint_s=1e9)
        self.live = Live(settings, scene.world(), rules, options, now_us=lambda: scene.START_US)
        self.live.start()

    def send(self, data: bytes) -> None:
        """Whole lines; taken in when this returns, and looked ahead of soon after."""
        assert self.live is not None
        self.live.intake.take_numbered(FEED, self.sent, data)
        self.sent += len(data)
        assert self.live.drain()

    def end(self, last_us: int) -> None:
        """The sender has ended, and the clock passes the end of the last slice and the lateness."""
        assert self.live is not None
        self.live.intake.closed(f"numbered:{FEED}")
        self.live.intake.tick((last_us // SLICE_US + 1) * SLICE_US + LATENESS_US)
        self.stop()

    def stop(self) -> None:
        assert self.live is not None
        self.live.stop()
        self.live = None

    def keep_checkpoint(self) -> None:
        shutil.copy(self.folder / CHECKPOINT, self.folder / "kept")

    def fall_back(self) -> None:
        """As if the process had died before it could write any checkpoint after the kept one."""
        shutil.move(self.folder / "kept", self.folder / CHECKPOINT)

    def records(self) -> Records:
        return Records.open(f"sqlite:///{self.folder / 'records.sqlite'}")

    def tables(self) -> dict[str, pa.Table]:
        return {name: table_of(self.folder / "lake", name) for name in ROWS}


def all_alerts(records: Records) -> list[AlertRow]:
    return records.alerts_after(0, 10_000)


def as_in_lake(rows: list[AlertRow]) -> dict[str, dict[str, Any]]:
    """Rows of the records in the form of `running.alerts_of`, but for how they came about."""
    return {a["id"]: without_history(a) for a in as_said(alerts_table([asdict(r) for r in rows]))}


def without_history(alert: dict[str, Any]) -> dict[str, Any]:
    """An alert without the number of its versions and the time of its last report, which alone
    makes no version."""
    return {k: v for k, v in alert.items() if k not in ("revision", "updated_us")}
