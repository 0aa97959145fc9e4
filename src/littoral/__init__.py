"""Littoral keeps watch over a coast together: sense, analyse, respond, assess.

As a library over tables of pandas, Polars or Arrow (docs/library.md): `littoral.decode`,
`littoral.tracks`, `littoral.alerts`, and `littoral.detect` with a function for each rule. They are
loaded when first asked for: every module of Littoral runs these lines.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from littoral.schema import lent

LIBRARY = "littoral.engine.library"
GIVEN = ("Messages", "RowsNotUsed", "TableError", "alerts", "decode", "region_world", "tracks")

lent.lend("littoral.detect", lambda: import_module(LIBRARY).rules())


def __getattr__(name: str) -> Any:
    if name in GIVEN:
        return getattr(import_module(LIBRARY), name)
    if name == "detect":
        return import_module("littoral.detect")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *GIVEN, "detect"})
