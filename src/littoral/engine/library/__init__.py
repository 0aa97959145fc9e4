"""Littoral over tables of pandas, Polars or Arrow: one call, and a table of the same kind back.

Everything is done by the steps that a run is made of, so that a call and `littoral run` agree.
`littoral` gives what is here by its own name, `littoral.detect` the functions of the rules.
"""

from __future__ import annotations

from littoral.engine.library.calls import alerts, decode, rules, tracks
from littoral.engine.library.reading import Messages, RowsNotUsed
from littoral.engine.reference import region_world
from littoral.sense.table import TableError

__all__ = [
    "Messages", "RowsNotUsed", "TableError", "alerts", "decode", "region_world", "rules", "tracks",
]  # fmt: skip
