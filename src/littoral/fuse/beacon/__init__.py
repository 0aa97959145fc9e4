"""Net beacons: AIS transmitters on fishing gear, told apart from vessels."""

from __future__ import annotations

from littoral.fuse.beacon.apart import show, statics_of_vessels, tell_apart
from littoral.fuse.beacon.name import Battery, battery_of
from littoral.fuse.beacon.settings import DEFAULT, VERSION, BeaconSettings
from littoral.fuse.beacon.state import BeaconState, start, with_beacons

__all__ = [
    "DEFAULT",
    "VERSION",
    "Battery",
    "BeaconSettings",
    "BeaconState",
    "battery_of",
    "show",
    "start",
    "statics_of_vessels",
    "tell_apart",
    "with_beacons",
]
