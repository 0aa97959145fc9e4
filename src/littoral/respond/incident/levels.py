"""Service levels: by when a step has to follow, and up which tiers it goes when it does not.

A level says how long an incident of some types and severities may stay in a state; when that time
is over it goes up a tier, and again after each further such time, up to the province. The levels
are a deployment's file (TOML), read by `levels_of`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from littoral.respond.incident.flow import Incident
from littoral.respond.incident.words import CLOSED, SEVERITIES, STATES, TYPES

MINUTE_US = 60_000_000


class LevelsError(ValueError):
    """What is wrong with a file of levels; names the level and the field."""


@dataclass(frozen=True, slots=True)
class Level:
    """`types` and `severities`: empty for all. `within_us`: of coming into `state`."""

    id: str
    state: str
    within_us: int
    types: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()

    def fits(self, incident: Incident) -> bool:
        return (
            incident.state == self.state
            and (not self.types or incident.type in self.types)
            and (not self.severities or incident.severity in self.severities)
        )


@dataclass(frozen=True, slots=True)
class Due:
    """`level` was to be kept until `due_us`; `rung`: how many tiers up it has gone by now."""

    level: str
    due_us: int
    rung: int


def due(incident: Incident, levels: Iterable[Level], now_us: int, tiers_above: int) -> Due | None:
    """The strictest level that holds the incident now; None where none does, or it is merged."""
    if incident.merged_into:
        return None
    fitting = [level for level in levels if level.fits(incident)]
    if not fitting:
        return None
    strictest = min(fitting, key=lambda level: (level.within_us, level.id))
    over_us = now_us - incident.since_us - strictest.within_us
    rung = 0 if over_us < 0 else min(tiers_above, 1 + over_us // strictest.within_us)
    return Due(strictest.id, incident.since_us + strictest.within_us, rung)


def levels_of(document: str) -> tuple[Level, ...]:
    """From TOML: `[[level]]` with id, state, within_minutes, and types and severities or neither.
    Raises LevelsError."""
    try:
        read = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise LevelsError(f"not TOML: {error}") from None
    rows = read.get("level", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise LevelsError("levels are written as [[level]]")
    found = tuple(_level(n, row) for n, row in enumerate(rows, 1))
    ids = [level.id for level in found]
    if twice := {i for i in ids if ids.count(i) > 1}:
        raise LevelsError(f"the id {min(twice)} stands twice")
    return found


def _level(n: int, row: Mapping[str, Any]) -> Level:
    where = f"level {n} ({row.get('id', 'no id')})"
    if odd := set(row) - {"id", "state", "within_minutes", "types", "severities"}:
        raise LevelsError(f"{where}: {min(odd)} is no field of a level")
    minutes = row.get("within_minutes")
    if not isinstance(row.get("id"), str) or not row["id"]:
        raise LevelsError(f"{where}: id is missing")
    if row.get("state") not in STATES or row["state"] == CLOSED:
        raise LevelsError(f"{where}: state is one of {', '.join(s for s in STATES if s != CLOSED)}")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1:
        raise LevelsError(f"{where}: within_minutes is a whole number from 1")
    return Level(
        row["id"], row["state"], minutes * MINUTE_US,
        _words(where, "types", row, TYPES), _words(where, "severities", row, SEVERITIES),
    )  # fmt: skip


def _words(
    where: str, name: str, row: Mapping[str, Any], known: Mapping[str, Any]
) -> frozenset[str]:
    said: Sequence[Any] = row.get(name, [])
    if not isinstance(said, list) or any(w not in known for w in said):
        listed = ", ".join(known)
        raise LevelsError(f"{where}: {name}: {said!r} has what is none of {listed}")
    return frozenset(said)
