"""The pages over a lake of `bench._past`: no engine runs, so that nothing else takes the processor.

python -m bench._past_server DAYS PORT
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench import _past
from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.area import load_world
from littoral.detect.contract import Detector, Profile
from littoral.engine.fleet_view import FleetView, empty_view, next_view
from littoral.engine.runtime import Health, RawLine, RuntimeSettings
from littoral.schema.fleet import Fleet
from littoral.store.lake import Lake
from littoral.store.quarantine import Quarantine
from littoral.store.records import Records


class Past:
    """An `engine.runtime.Runtime` that is at rest at the end of the lake."""

    detectors: tuple[tuple[Detector, Profile], ...] = ()
    intake = None

    def __init__(self, days: int, folder: Path) -> None:
        self.settings = RuntimeSettings(
            "hainan", (107.0, 17.0, 112.5, 21.6), (109.8, 19.2), "coastal", "bench",
            "Asia/Shanghai", folder,
        )  # fmt: skip
        self.world = load_world("hainan")
        self.records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
        self.lake = Lake(_past.lake(days))
        self.quarantine = Quarantine(folder / "quarantine")
        self._view = next_view(empty_view(), named(days), _past.FIRST_US)

    def fleet(self) -> FleetView:
        return self._view

    def health(self) -> Health:
        return Health(_past.FIRST_US, _past.FIRST_US, 1.0, "live", 1.0)

    def raw_line(self, obs_id: int) -> RawLine | None:
        return None

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


def named(days: int) -> Fleet:
    """The track table: row i is vessel i of the formulas."""
    sea = _past.Fleet()
    fleet = Fleet.empty(len(sea.mmsi))
    fleet.count = len(sea.mmsi)
    fleet.mmsi[:], fleet.kind[:] = sea.mmsi, sea.kind
    fleet.first_us[:], fleet.last_us[:] = _past.first_us(days), _past.FIRST_US
    fleet.ship_type[:] = np.resize([30, 70, 80, 60, 37], fleet.count)
    fleet.name[:] = [b"HAI %04d" % i for i in range(fleet.count)]
    return fleet


def main() -> None:
    days, port = int(sys.argv[1]), int(sys.argv[2])
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(create_app(Past(days, Path(folder))), port=port) as url,  # type: ignore[arg-type]
    ):
        print(url, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
