"""The name of a track in a finding, remembered: a busy detector names the same ones often."""

from __future__ import annotations

from functools import lru_cache

from littoral.schema.fleet import Fleet


@lru_cache(maxsize=65_536)
def _thing(mmsi: int, first_us: int) -> str:
    one = Fleet.empty(1)
    one.mmsi[0], one.first_us[0] = mmsi, first_us
    return one.thing(0)


def thing_of(fleet: Fleet, track: int) -> str:
    """`fleet.thing(track)`: a pure function of MMSI and first report, so kept by these."""
    return _thing(int(fleet.mmsi[track]), int(fleet.first_us[track]))
