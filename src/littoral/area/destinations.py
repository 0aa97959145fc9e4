"""Which place a reported destination means: free text of 20 characters, mostly a code or a name.

IMO SN.1/Circ.244 asks for UN/LOCODEs, `CN YPG>SG SIN` for a voyage from Yangpu to Singapore; mates
write names in many spellings, two ends of a ferry line, orders. Whatever is not one code or name of
the table means nothing: a wrong guess would accuse a ship of going astray.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "data" / "world" / "destinations.csv"
UNKNOWN = -1
CODE = 5  # letters of a UN/LOCODE

_TWO_WAY = re.compile(r"<[-=]*>|<|/|&|\+|\bVIA\b|\bOR\b|\bAND\b")
_ARROW = re.compile(r"[-=]*>+")
_SPACE = re.compile(r"[^A-Z0-9]+")
_ROADS = re.compile(r"\b(ANCHORAGE|ANCH|ROADS|OPL|PORT|GANG)\b")


@dataclass(frozen=True, slots=True, eq=False)
class Destinations:
    """The table's places: ids, what to call them, `lon_deg` and `lat_deg` (n,), and the row that
    each text means."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    rows: dict[str, int]

    def resolve(self, text: str) -> int:
        """Row of the place that a destination field means, UNKNOWN where that is not sure."""
        text = text.upper()
        if _TWO_WAY.search(text):
            return UNKNOWN
        last = _ARROW.split(text)[-1]
        row = self.rows.get(_SPACE.sub("", last), UNKNOWN)
        if row == UNKNOWN:
            row = self.rows.get(_SPACE.sub("", _ROADS.sub(" ", last)), UNKNOWN)
        return row


def plain(name: str) -> str:
    """A name as AIS can say it: capitals and digits alone."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _SPACE.sub("", bare.upper())


def _name(texts: list[str]) -> str:
    """The first that is no UN/LOCODE (five letters that begin with a country's two, as the first
    text does), if there is one."""
    country = texts[0][:2]
    return next((t for t in texts if len(t) != CODE or t[:2] != country), texts[0])


@cache
def load_destinations() -> Destinations:
    """The packaged table."""
    with open(FILE, encoding="utf-8", newline="") as source:
        found = list(csv.DictReader(source))
    return Destinations(
        tuple(r["id"] for r in found),
        tuple(_name(r["texts"].split()) for r in found),
        np.array([float(r["lon_deg"]) for r in found]),
        np.array([float(r["lat_deg"]) for r in found]),
        {text: k for k, r in enumerate(found) for text in r["texts"].split()},
    )
