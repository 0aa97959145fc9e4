"""What is told of a net beacon: whether a track is taken for one, why, and its battery."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, Field

from littoral.fuse.beacon import battery_of
from littoral.schema.fleet import (
    GEAR_BEACON,
    GEAR_DRIFT,
    GEAR_FORM,
    GEAR_NAME,
    GEAR_SAILED,
    GEAR_SHIP,
    Fleet,
)

# `kind` as the map shows it; those below are the kinds of `schema.ais`.
NET_BEACON = 6

SIGNS = {
    GEAR_FORM: "form",
    GEAR_NAME: "name",
    GEAR_DRIFT: "drift",
    GEAR_SAILED: "sailed",
    GEAR_SHIP: "ship",
}


class GearModel(BaseModel):
    """What speaks for a net beacon, and against: see docs/net-beacons.md."""

    beacon: bool = Field(description="taken for a net beacon: no detector looks at it")
    signs: list[Literal["form", "name", "drift", "sailed", "ship"]] = Field(
        description="form of its MMSI, battery in its name, has only drifted; against it: sailed "
        "or called distress, static data of a ship"
    )
    battery_percent: int | None
    battery_v: float | None


def gear_rows(fleet: Fleet, index: np.ndarray) -> list[dict[str, Any] | None]:
    """As `GearModel` for each row; None where nothing ever spoke for a net beacon."""
    rows: list[dict[str, Any] | None] = [None] * len(index)
    bits = fleet.gear[index]
    for i in np.flatnonzero(bits & (GEAR_BEACON | GEAR_FORM | GEAR_NAME)).tolist():
        battery = battery_of(bytes(fleet.name[index[i]]))
        rows[i] = {
            "beacon": bool(bits[i] & GEAR_BEACON),
            "signs": [name for bit, name in SIGNS.items() if bits[i] & bit],
            "battery_percent": battery.percent,
            "battery_v": battery.volts,
        }
    return rows


def is_beacon(fleet: Fleet) -> np.ndarray:
    """(count,) bool."""
    return fleet.gear[: fleet.count] & GEAR_BEACON != 0


def shown_kind(fleet: Fleet) -> np.ndarray:
    """(count,) i1: `kind`, and NET_BEACON of net beacons."""
    return np.where(is_beacon(fleet), np.int8(NET_BEACON), fleet.kind[: fleet.count])
