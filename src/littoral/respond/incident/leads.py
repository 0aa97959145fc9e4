"""Which agency leads an incident: by its type and the ring in which it lies.

The table is a deployment's file (TOML), read by `leads_of`."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from littoral.respond.incident.words import TYPES


class LeadsError(ValueError):
    """What is wrong with a table of leads; names the row and the field."""


@dataclass(frozen=True, slots=True)
class Lead:
    """`rings`: empty for all, and for a place that is not known."""

    agency: str
    types: frozenset[str]
    rings: frozenset[str] = frozenset()


def lead_of(type: str, ring: str, leads: Iterable[Lead]) -> str | None:
    """`ring`: empty where the place is not known. None where the table has no agency for it."""
    for lead in leads:
        if type in lead.types and (not lead.rings or ring in lead.rings):
            return lead.agency
    return None


def may_lead(type: str, leads: Iterable[Lead]) -> frozenset[str]:
    """The agencies that lead incidents of the type, in whichever ring."""
    return frozenset(lead.agency for lead in leads if type in lead.types)


def leads_of(document: str, agencies: Collection[str], rings: Collection[str]) -> tuple[Lead, ...]:
    """From TOML: `[[lead]]` with types, agency, and rings or none. `agencies`, `rings`: the words
    that there are. Raises LeadsError."""
    try:
        read = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise LeadsError(f"not TOML: {error}") from None
    rows = read.get("lead", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise LeadsError("leads are written as [[lead]]")
    return tuple(_lead(f"lead {n}", row, agencies, rings) for n, row in enumerate(rows, 1))


def _lead(
    where: str, row: Mapping[str, Any], agencies: Collection[str], rings: Collection[str]
) -> Lead:
    if odd := set(row) - {"types", "rings", "agency"}:
        raise LeadsError(f"{where}: {min(odd)} is no field of a lead")
    if row.get("agency") not in agencies:
        raise LeadsError(f"{where}: agency is one of {', '.join(agencies)}")
    types = _words(where, "types", row, TYPES)
    if not types:
        raise LeadsError(f"{where}: types are missing")
    return Lead(row["agency"], types, _words(where, "rings", row, rings))


def _words(where: str, name: str, row: Mapping[str, Any], known: Collection[str]) -> frozenset[str]:
    said = row.get(name, [])
    if not isinstance(said, list) or any(w not in known for w in said):
        raise LeadsError(f"{where}: {name}: {said!r} has what is none of {', '.join(known)}")
    return frozenset(said)
