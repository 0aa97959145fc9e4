"""Learning what the receivers hear, from the observations of a lake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from littoral.area.reception import Reception, ReceptionBuilder
from littoral.schema.fleet import GEAR_BEACON

COLUMNS = ["t_us", "track", "lon_deg", "lat_deg", "kind", "sog_mps"]


def learn_reception(
    root: Path, on_progress: Callable[[float, int], None] | None = None
) -> tuple[Reception, int]:
    """Reception learned from `root`'s observations, hour by hour in order of time, and how many
    positions there were. Rows without a track (repeats, base stations) and net beacons, which speak
    when their owner set them to, teach nothing."""
    builder = ReceptionBuilder()
    beacons = _beacons(root)
    files = sorted((root / "observations").glob("date=*/hour=*/*.parquet"))
    hours: dict[Path, list[Path]] = {}
    for file in files:
        hours.setdefault(file.parent, []).append(file)
    rows = 0
    for done, folder in enumerate(sorted(hours), start=1):
        data = ds.dataset([str(f) for f in hours[folder]], format="parquet")
        vessels = (ds.field("track") >= 0) & ~ds.field("track").isin(beacons)
        table = data.to_table(columns=COLUMNS, filter=vessels).sort_by("t_us")
        builder.add(*(table[c].to_numpy(zero_copy_only=False) for c in COLUMNS))
        rows += table.num_rows
        if on_progress:
            on_progress(done / len(hours), rows)
    return builder.build(), rows


def _beacons(root: Path) -> pa.Array:
    """Tracks taken for net beacons; none in a lake written before these were told apart."""
    nothing = pa.array([], pa.int32())
    files = sorted((root / "tracks").rglob("*.parquet"))
    if not files:
        return nothing
    data = ds.dataset([str(f) for f in files], format="parquet")
    if "gear" not in data.schema.names:
        return nothing
    table = data.to_table(columns=["track", "gear"])
    gear = table["gear"].to_numpy()
    return pa.array(table["track"].to_numpy()[gear & GEAR_BEACON != 0])
