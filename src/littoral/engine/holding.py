"""What one alert explains of others: the jumps and double identities of a vessel whose satellite
navigation is disturbed, or that reports a place where it cannot be.

A detector holds its own findings; what it explains of another rule's is held here, since rules do
not know one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

CAUSES = frozenset(("position", kind) for kind in ("interference", "on_land", "circling"))
EXPLAINED = frozenset((("identity", "jump"), ("identity", "clash")))
SLACK_US = 30 * 60 * 1_000_000  # a vessel may jump before the cause is seen, and when it is over
FOREVER_US = 1 << 62


def mmsis_of(row: Row) -> set[int]:
    """The vessels that an alert is about: its things, and those that its facts list."""
    listed = str(row["facts"].get("mmsis", "")).split()
    return {t["mmsi"] for t in row["things"] if t["mmsi"]} | {int(m) for m in listed}


class Holding:
    """The causes in memory, by the alert's id."""

    def __init__(self) -> None:
        self._causes: dict[str, tuple[Row, set[int]]] = {}

    def learn(self, rows: Iterable[Row]) -> bool:
        """Take up those of `rows` that are causes; whether there was one."""
        found = {r["id"]: (r, mmsis_of(r)) for r in rows if (r["rule"], r["kind"]) in CAUSES}
        self._causes |= found
        return bool(found)

    def forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._causes.pop(key, None)

    def hold(self, row: Row) -> Row:
        """`row`, held by the cause that explains it; the same object where none does."""
        if row["held_by"] is not None or (row["rule"], row["kind"]) not in EXPLAINED:
            return row
        about = mmsis_of(row)
        for cause, mmsis in self._causes.values():
            if not about & mmsis:
                continue
            start_us, end_us = _span(cause)
            first_us, last_us = _span(row)
            if first_us <= end_us + SLACK_US and last_us >= start_us - SLACK_US:
                held_by = cause["held_by"] or f"{cause['kind']} {cause['id']}"
                return {**row, "held_by": held_by}
        return row


def _span(row: Row) -> tuple[int, int]:
    return row["start_us"], FOREVER_US if row["end_us"] is None else row["end_us"]
