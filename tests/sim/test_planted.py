"""What the demo plants, beside what the rules can tell of; and that it happens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from littoral.sim import traffic

WORDS = Path(__file__).parents[2] / "web" / "words" / "en.json"
START_US = int(np.datetime64("2026-08-15T12:00:00", "us").astype("int64"))  # as in cli/demo.py


def test_the_demo_holds_one_of_each_kind() -> None:
    world = traffic.planted_alone(START_US, traffic.Settings(history_us=24 * 3_600_000_000))
    numbers = world.hulls["mmsi"]
    planted: set[str] = set()
    for event in world.events.events:
        if event.innocent:
            continue
        # A device's kinds are those of its number: an event of one names them all.
        of_number = {970: "sart", 972: "mob", 974: "epirb"}
        if "device" in event.kinds:
            planted.add(of_number[int(numbers[event.ships[0]]) // 1_000_000])
        else:
            planted.update(event.kinds)
    words = json.loads(WORDS.read_text())
    kinds = {key.removeprefix("kind.") for key in words if key.startswith("kind.")}
    assert kinds - planted == set()
