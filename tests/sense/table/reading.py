"""Reading a CSV in tests: whole or cut, into one result."""

from __future__ import annotations

from itertools import pairwise

from littoral.schema.ais import Observations
from littoral.sense.decoded import Counts, Decoded, Rejects, StationList
from littoral.sense.table import CsvTable, TableOptions

SOURCE = 5


def read_csv(
    data: str | bytes, *cuts: int, datum: str | None = None, columns: dict[str, str] | None = None
) -> Decoded:
    """All of `data`, fed in pieces that end at `cuts`; its account is checked."""
    raw = data.encode() if isinstance(data, str) else data
    table = CsvTable(
        SOURCE,
        stations=StationList(),
        default_station="file",
        options=TableOptions(datum, columns or {}),
    )
    parts = [table.feed(raw[a:b]) for a, b in pairwise([0, *sorted(cuts), len(raw)])]
    parts.append(table.close())
    counts = Counts()
    for part in parts:
        part.counts.check()
        counts.add(part.counts)
    return Decoded(
        Observations.concat([p.observations for p in parts]),
        Rejects.concat([p.rejects for p in parts]),
        counts,
    )
