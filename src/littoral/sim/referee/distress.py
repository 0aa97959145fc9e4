"""Rule distress, profile coastal: see docs/detectors/distress.md. Words as `littoral detectors
distress` publishes them."""

from __future__ import annotations

import re

import numpy as np

from littoral.sim.referee.record import Happened, Record

DEVICES = {970: "sart", 972: "mob", 974: "epirb"}
DISTRESS, UNDER_TEST = 14, 15
DEVICE_PRIORITY, STATUS_PRIORITY, TEXT_PRIORITY, TEST_PRIORITY = 1, 2, 3, 4
LOST_US, TEST_LOST_US = 21_600_000_000, 900_000_000
CALLS = (
    "MAYDAY", "SOS", "DISTRESS", "PAN PAN", "PANPAN", "MAN OVERBOARD", "PERSON OVERBOARD", "MOB",
    "ABANDON SHIP", "ABANDONING", "SINKING", "CAPSIZED", "CAPSIZING", "ON FIRE", "FLOODING",
    "TAKING WATER", "AGROUND", "HIJACKED", "HIJACK", "PIRATES", "UNDER ATTACK", "NEED HELP",
    "HELP ME", "HELP US", "URGENT HELP", "RESCUE US", "SART ACTIVE", "MOB ACTIVE", "EPIRB ACTIVE",
    "JIU MING", "QIU JIU", "QIU ZHU", "YU XIAN", "LUO SHUI", "CHEN CHUAN", "CHEN MO", "ZHAO HUO",
    "QI HUO", "PENG ZHUANG", "CHU JIAO", "GE QIAN", "QI CHUAN", "FAN CHUAN", "JIN SHUI",
)  # fmt: skip
TESTS = ("TEST", "TESTING", "DRILL", "EXERCISE", "NO DISTRESS", "CANCEL", "CANCELLED", "YAN XI",
         "YAN LIAN", "CE SHI")  # fmt: skip


def says(text: str, words: tuple[str, ...]) -> bool:
    """Whether any of `words` stands in the text, whole."""
    return any(re.search(rf"(?<![A-Z0-9]){word}(?![A-Z0-9])", text.upper()) for word in words)


def of_text(text: str) -> str:
    """What a safety text of a ship is: `text`, `test` or nothing."""
    if not says(text, CALLS):
        return ""
    return "test" if says(text, TESTS) else "text"


def _spans(times: list[int], lost_us: int) -> list[tuple[int, int]]:
    at = np.array(sorted(times), np.int64)
    if not len(at):
        return []
    parts = np.split(at, np.flatnonzero(np.diff(at) > lost_us) + 1)
    return [(int(p[0]), int(p[-1])) for p in parts]


def _events(kind: str, mmsi: int, times: list[int], priority: int) -> list[Happened]:
    lost_us = TEST_LOST_US if kind == "test" else LOST_US
    return [
        Happened("distress", kind, (mmsi,), begin, end, begin, priority)
        for begin, end in _spans(times, lost_us)
    ]


def happened(r: Record) -> list[Happened]:
    """Of what was heard: a call that nobody hears is no alert's business."""
    found: list[Happened] = []
    for mmsi in r.said.numbers():
        calls = r.said.calls_of(mmsi)
        device = DEVICES.get(mmsi // 1_000_000)
        active = calls["t_us"][calls["status"] == DISTRESS].tolist()
        if device is None:
            found += _events("status_14", mmsi, active, STATUS_PRIORITY)
            continue
        tests = calls["t_us"][calls["status"] == UNDER_TEST].tolist()
        found += _events(device, mmsi, active, DEVICE_PRIORITY)
        found += _events("test", mmsi, tests, TEST_PRIORITY)
    by_kind: dict[tuple[int, str], list[int]] = {}
    for t_us, mmsi, text in r.said.texts:
        kind = of_text(text)
        if kind and mmsi // 1_000_000 not in DEVICES:
            by_kind.setdefault((mmsi, kind), []).append(t_us)
    for (mmsi, kind), times in by_kind.items():
        priority = TEST_PRIORITY if kind == "test" else TEXT_PRIORITY
        found += _events(kind, mmsi, times, priority)
    return found
