"""Learning what the receivers hear, from the observations of a lake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds

from littoral.area.reception import Reception, ReceptionBuilder

COLUMNS = ["t_us", "track", "lon_deg", "lat_deg", "kind", "sog_mps"]


def learn_reception(
    root: Path, on_progress: Callable[[float, int], None] | None = None
) -> tuple[Reception, int]:
    """Reception learned from `root`'s observations, hour by hour in order of time, and how many
    positions there were. Rows without a track (repeats, base stations) teach nothing."""
    builder = ReceptionBuilder()
    files = sorted((root / "observations").glob("date=*/hour=*/*.parquet"))
    hours: dict[Path, list[Path]] = {}
    for file in files:
        hours.setdefault(file.parent, []).append(file)
    rows = 0
    for done, folder in enumerate(sorted(hours), start=1):
        data = ds.dataset([str(f) for f in hours[folder]], format="parquet")
        table = data.to_table(columns=COLUMNS, filter=ds.field("track") >= 0).sort_by("t_us")
        builder.add(*(table[c].to_numpy(zero_copy_only=False) for c in COLUMNS))
        rows += table.num_rows
        if on_progress:
            on_progress(done / len(hours), rows)
    return builder.build(), rows
