"""Alerts as the engine gives them, for tests."""

from __future__ import annotations

from typing import Any


def alert(key: str = "a1", **changes: Any) -> dict[str, Any]:
    return {
        "id": key,
        "rule": "encounter",
        "version": "1.0.0",
        "profile": "coastal",
        "kind": "encounter",
        "state": "provisional",
        "withdrawn_reason": None,
        "priority": 3,
        "start_us": 1_000,
        "end_us": None,
        "updated_us": 2_000,
        "lon": 110.1,
        "lat": 19.9,
        "things": [
            {
                "ref": "vessel:412000001-20261123T010203.000Z",
                "label": "QIONG LIN YU 01234",
                "mmsi": 412000001,
            }
        ],
        "sentence": {"zh": "两船相会", "en": "Two vessels met"},
        "facts": {"distance_m": 180.5, "duration_s": 3900},
        "settings": {"distance_m": 500},
        "evidence": [1 << 40 | 7],
        "held_by": None,
        "settings_version": 1,
    } | changes  # fmt: skip
