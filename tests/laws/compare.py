"""What "the same" means: one reading of an outcome for each law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .running import Outcome


def difference(one: Outcome, other: Outcome) -> list[str]:
    """Where two outcomes of the same bytes differ in anything at all: alerts with all they say
    and the numbers of their evidence, tracks, every row of every table. Empty when nowhere."""
    said = alert_difference(one.alerts, other.alerts)
    for name, table in one.tables.items():
        if not table.equals(other.tables[name]):
            said.append(f"table {name}: {len(table)} rows, {len(other.tables[name])} rows")
            said += _columns(name, one, other)
    return said


def alert_difference(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    said = [f"only in the first: {_name(one[k])}" for k in one.keys() - other.keys()]
    said += [f"only in the second: {_name(other[k])}" for k in other.keys() - one.keys()]
    for key in one.keys() & other.keys():
        a, b = one[key], other[key]
        for field in sorted(a.keys() | b.keys()):
            if a.get(field) != b.get(field):
                said.append(f"{_name(a)}: {field} {a.get(field)!r} != {b.get(field)!r}")
    return said


def _name(alert: Mapping[str, Any]) -> str:
    return f"{alert['rule']} {alert['kind']} {alert['things']} from {alert['start_us']}"


def _columns(name: str, one: Outcome, other: Outcome) -> list[str]:
    a, b = one.tables[name], other.tables[name]
    if len(a) != len(b) or a.column_names != b.column_names:
        return []
    return [f"  column {c}" for c in a.column_names if not a[c].equals(b[c])]
