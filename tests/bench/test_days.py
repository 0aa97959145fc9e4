"""Whose an alert is where a net beacon bears the number of a ship that is about."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bench._days import is_of_net_beacon

BEGIN_US = int(np.datetime64("2026-08-16T08:00:11.606", "us").astype("int64"))
DAY = SimpleNamespace(
    net_beacons=frozenset({413_674_081, 412_738_522}),
    record=SimpleNamespace(
        mmsi=np.array([412_000_001, 413_674_081]),
        heard=[np.array([BEGIN_US]), np.array([BEGIN_US, BEGIN_US + 10_000_000])],
    ),
)


@pytest.mark.parametrize(
    ("things", "is_beacons"),
    [
        (["vessel:413674081-20260816T080011.606Z"], False),  # begins with a report of the ship
        (["vessel:413674081-20260816T080500.000Z"], True),
        (["vessel:412000001-20260816T080011.606Z", "vessel:412738522-20260816T080054.035Z"], True),
        (["vessel:412000001-20260816T080011.606Z"], False),
        (["station:ba-suo"], False),
    ],
)
def test_a_shared_number_is_the_ships_where_the_track_begins_with_its_report(things, is_beacons):
    assert is_of_net_beacon(DAY, {"things": things}) is is_beacons
