"""For which purpose the file of an incident is kept (purposes.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purposes:
    """`types`: purposes of a type of incident, the likeliest first; `charged`: agencies of each."""

    types: dict[str, list[str]]
    charged: dict[str, list[str]]

    def of(self, kind: str, agency: str) -> str:
        """Empty where the agency is charged with nothing that such an incident is about."""
        for purpose in self.types.get(kind, []):
            if agency in self.charged[purpose]:
                return purpose
        return ""


def purposes_of(text: str) -> Purposes:
    read = tomllib.loads(text)
    return Purposes(read["types"], read["charged"])
