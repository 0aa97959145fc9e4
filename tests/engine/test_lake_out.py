"""The writer of a run holds nothing that it has written."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path

import numpy as np

from littoral.engine import lake_out
from littoral.engine.lake_out import LakeOut
from littoral.schema.ais import Observations
from littoral.schema.fleet import Fleet

LONG_S = 60.0


def rows(count: int) -> Observations:
    made = Observations.empty()
    made.positions = type(made.positions).empty(count)
    made.positions.t_us[:] = 1_780_272_000_000_000 + np.arange(count)
    return made


def test_rows_that_are_written_leave_memory_before_more_come(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(lake_out, "ROWS_A_FILE", 100)
    gone = threading.Event()
    out = LakeOut(tmp_path)
    full = rows(100)
    weakref.finalize(full.positions.t_us, gone.set)
    out.add(full)
    del full
    assert gone.wait(LONG_S)
    out.finish(Fleet.empty(0), ["pier"])


def test_many_alerts_are_turned_into_columns_a_few_at_a_time(tmp_path: Path, monkeypatch) -> None:
    """Each piece in the order that the GeoJSON needs."""
    pieces = []

    def table(some):
        pieces.append([(r["start_us"], r["id"]) for r in some])
        return lake_out.ALERTS.empty_table()

    monkeypatch.setattr(lake_out, "alerts_table", table)
    out = LakeOut(tmp_path)
    alerts = [{"id": f"{i % 7}", "start_us": 5_000 - i} for i in range(1_234)]
    out.alerts(alerts)
    out.finish(Fleet.empty(0), [])
    assert [len(piece) for piece in pieces] == [500, 500, 234]
    assert [key for piece in pieces for key in piece] == sorted(
        (r["start_us"], r["id"]) for r in alerts
    )
