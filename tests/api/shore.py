"""A runtime for tests of the API: real stores and world, a fleet that tests fill from arrays.

`tests/api/test_with_engine.py` runs the same API over the real engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from littoral.area.world import World
from littoral.engine.core import choose_rules
from littoral.engine.fleet_view import FleetView, empty_view, next_view
from littoral.engine.intake import Intake
from littoral.engine.rule_settings import RuleSettings
from littoral.engine.runtime import (
    FeedHealth,
    Health,
    RawLine,
    ReceiverHealth,
    RunningDetector,
    RuntimeSettings,
)
from littoral.schema.ais import Positions
from littoral.schema.fleet import Fleet
from littoral.sense.decoded import Rejects
from littoral.store.journal import Journal
from littoral.store.lake import Lake
from littoral.store.quarantine import Quarantine
from littoral.store.records import Records

from .fleets import MINUTE_US, NOW_US, fleet_of

STATIONS = ("haikou", "sanya")


class Shore:
    """Implements `engine.runtime.Runtime`."""

    def __init__(self, folder: Path, world: World) -> None:
        self.settings = RuntimeSettings(
            region="hainan",
            bbox=(107.0, 17.0, 112.5, 21.6),
            center=(109.8, 19.2),
            profile="coastal",
            operator="watch officer",
            time_zone="Asia/Shanghai",
            data_dir=folder,
        )
        self.base = dataclasses.replace(world, stations=STATIONS)
        self.world = self.base
        self.records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
        self.lake = Lake(folder / "lake")
        self.quarantine = Quarantine(folder / "quarantine")
        self.journal = Journal.open(folder / "journal")
        self.intake = Intake(self.journal, self.tell, lambda: NOW_US)
        rules = choose_rules("coastal", None)
        self.rule_settings = RuleSettings(self.records, rules, lambda: NOW_US)
        self.detectors = tuple(RunningDetector(r.detector, r.profile) for r in rules)
        self.lines: dict[int, RawLine] = {}
        self.calls: list[str] = []
        self._view = empty_view()
        self._callbacks: list[Callable[[], None]] = []

    # -- Runtime

    def fleet(self) -> FleetView:
        return self._view

    def health(self) -> Health:
        return Health(
            event_time_us=NOW_US,
            watermark_us=NOW_US - MINUTE_US,
            speed=60.0,
            mode="live",
            progress=1.0,
            feeds=(
                FeedHealth("127.0.0.1:4001", "tcp", True, 120, 2, NOW_US, 3.5),
                FeedHealth("tcp pier:10110", "tcp", False, 0, 0, None, 0.0, "Connection refused"),
            ),
            receivers=(
                ReceiverHealth(0, "haikou", "hearing", NOW_US - 2_000_000, 100),
                ReceiverHealth(1, "sanya", "silent", None, 0),
            ),
            counts={"lines": 120, "rejected": 2, "tracks": self._view.count},
        )

    def raw_line(self, obs_id: int) -> RawLine | None:
        return self.lines.get(obs_id)

    def watch_list_changed(self) -> None:
        self.calls.append("watch_list")

    def geofences_changed(self) -> None:
        self.calls.append("geofences")
        entered = self.records.current_geofences()
        self.world = dataclasses.replace(self.world, geofences=(*self.base.geofences, *entered))
        self.tell()

    def outages_changed(self) -> None:
        self.calls.append("outages")

    def settings_changed(self) -> None:
        self.calls.append("settings")
        self.rule_settings.begin(NOW_US)

    def matters_changed(self) -> None:
        self.tell()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks = [*self._callbacks, callback]

        def end() -> None:
            self._callbacks = [c for c in self._callbacks if c is not callback]

        return end

    # -- what tests do

    def close(self) -> None:
        self.journal.close()
        self.quarantine.close()
        self.lake.close()
        self.records.close()

    def tell(self) -> None:
        for callback in self._callbacks:
            callback()

    def show(
        self, fleet: Fleet, event_time_us: int = NOW_US, generation: int | None = None
    ) -> None:
        self._view = next_view(self._view, fleet, event_time_us, generation)
        self.tell()

    def sail(self, *vessels: dict[str, Any], event_time_us: int = NOW_US) -> None:
        self.show(fleet_of(*vessels), event_time_us)

    def raise_alerts(self, *alerts: dict[str, Any]) -> list[Any]:
        """Stores alerts given by what is not ordinary, and tells the readers."""
        stored = self.records.upsert_alerts([alert_of(**a) for a in alerts])
        self.tell()
        return stored

    def reject(self, *lines: bytes) -> None:
        numbers = np.arange(1, len(lines) + 1)
        self.quarantine.add("feed", Rejects(numbers, ["bad_checksum"] * len(lines), list(lines)))


def alert_of(number: int = 1, **given: Any) -> dict[str, Any]:
    """What the engine says of an alert; `number` sets id and start a minute apart."""
    start_us = NOW_US - 600 * MINUTE_US + number * MINUTE_US
    ref = f"vessel:{412000000 + number}-20261124T060000.000Z"
    return {
        "id": f"{number:024x}",
        "rule": "encounter",
        "version": "1.0.0",
        "profile": "coastal",
        "kind": "encounter",
        "state": "confirmed",
        "withdrawn_reason": None,
        "priority": 3,
        "start_us": start_us,
        "end_us": start_us + 10 * MINUTE_US,
        "updated_us": start_us + 10 * MINUTE_US,
        "lon": 110.1,
        "lat": 19.9,
        "things": [{"ref": ref, "label": f"QIONG LIN YU {number:05d}", "mmsi": 412000000 + number}],
        "sentence": {"zh": f"两船会遇 {number}", "en": f"Two vessels met {number}"},
        "facts": {"distance_m": 180.0, "duration_s": 3900.0},
        "settings": {"within_m": 250.0},
        "evidence": [(1 << 40) + number],
        "held_by": None,
        **given,
    }


def past_of(track: int, mmsi: int, times_us: list[int], first_obs: int = 1) -> Positions:
    """Lake rows of one vessel that sails east."""
    rows = Positions.empty(len(times_us))
    rows.t_us[:] = times_us
    rows.obs_id[:] = (1 << 40) + first_obs + np.arange(len(times_us))
    rows.mmsi[:], rows.track[:], rows.station[:], rows.msg_type[:] = mmsi, track, 0, 1
    rows.lon_deg[:] = 110.0 + 0.001 * np.arange(len(times_us))
    rows.lat_deg[:], rows.sog_mps[:], rows.cog_deg[:], rows.ring[:] = 19.0, 5.144444, 90.0, 3
    return rows
