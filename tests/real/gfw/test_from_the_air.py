"""The same definitions from what a receiver writes: AIVDM with tag blocks, encoded by pyais."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.real.gfw.sea import (
    HOUR,
    Vessel,
    alerts_of,
    listener,
    littoral_run,
    off_shore,
    utc,
    write_aivdm,
)

START = "2026-06-01T20:00:00"
FIFTY_ONE = 51 * 1852.0


def scene() -> list[Vessel]:
    """A ship that falls silent 51 n mile off for 13 h, one 49 n mile off; two that drift together
    for 2.5 h, two for 1.5 h, two 400 m apart for 40 min."""
    ships = []
    for k, metres in enumerate((FIFTY_ONE, FIFTY_ONE - 2 * 1852.0)):
        lon = 109.3 + 0.2 * k
        times = np.concatenate([np.arange(0.0, 6 * HOUR + 1, 600.0), [19 * HOUR]])
        ships.append(Vessel(412_400_000 + k).stay(times, lon, off_shore(lon, metres)))
    for k, (metres, minutes) in enumerate(((300.0, 150), (300.0, 90), (240.0, 40))):
        times = np.concatenate([np.arange(0.0, 6 * HOUR, 120.0), np.arange(6, 20, 0.25) * HOUR])
        together = (times >= 3 * HOUR) & (times <= 3 * HOUR + minutes * 60.0)
        lat = 18.0 + 0.3 * k
        ships.append(Vessel(412_410_000 + 10 * k).legs(times, 111.5, lat, 0.4))
        aside = np.where(together, metres, metres + 900.0)
        ships.append(Vessel(412_410_001 + 10 * k).legs(times, 111.5, lat, 0.4, aside))
    return [*ships, listener(20 * HOUR)]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_aivdm(tmp_path_factory.mktemp("air") / "night.nmea", START, scene())


def told(out: Path, rule: str) -> list[tuple]:
    return sorted((a["mmsi"], a["start_us"], a["end_us"]) for a in alerts_of(out, rule))


def test_gfw_with_every_rule_on(log: Path, tmp_path: Path) -> None:
    out = littoral_run(log, tmp_path / "out", "gfw")
    assert told(out, "gap") == [((412_400_000,), utc(START, 6 * HOUR), utc(START, 19 * HOUR))]
    assert told(out, "encounter") == [
        ((412_410_000, 412_410_001), utc(START, 3 * HOUR), utc(START, 5.5 * HOUR))
    ]
    (alert,) = alerts_of(out, "encounter")
    assert (alert["profile"], alert["version"].count(".")) == ("gfw", 2)
    assert len(alert["evidence"]) >= 30


def test_skylight(log: Path, tmp_path: Path) -> None:
    out = littoral_run(log, tmp_path / "out", "skylight", "--detectors", "encounter")
    assert told(out, "encounter") == [
        (
            (412_410_020, 412_410_021),
            utc(START, 3 * HOUR),
            utc(START, 3 * HOUR + 40 * 60.0),
        )
    ]
