"""Learning from the observations of a lake: what the receivers hear, and where vessels lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from littoral.area.anchorage_learning import AnchorageBuilder, LearnedPoint
from littoral.area.reception import Reception, ReceptionBuilder
from littoral.schema.fleet import GEAR_BEACON

RECEPTION_COLUMNS = ["t_us", "track", "lon_deg", "lat_deg", "kind", "sog_mps"]
ANCHORAGE_COLUMNS = ["t_us", "track", "mmsi", "lon_deg", "lat_deg", "kind", "flags"]

Progress = Callable[[float, int], None] | None


def _hours(root: Path, columns: list[str], on_progress: Progress) -> Iterator[pa.Table]:
    """`root`'s observations hour by hour in order of time. Rows without a track (repeats, base
    stations) and net beacons, which speak when their owner set them to, teach nothing."""
    beacons = _beacons(root)
    hours: dict[Path, list[Path]] = {}
    for file in sorted((root / "observations").glob("date=*/hour=*/*.parquet")):
        hours.setdefault(file.parent, []).append(file)
    rows = 0
    for done, folder in enumerate(sorted(hours), start=1):
        data = ds.dataset([str(f) for f in hours[folder]], format="parquet")
        vessels = (ds.field("track") >= 0) & ~ds.field("track").isin(beacons)
        table = data.to_table(columns=columns, filter=vessels).sort_by("t_us")
        yield table
        rows += table.num_rows
        if on_progress:
            on_progress(done / len(hours), rows)


def learn_reception(root: Path, on_progress: Progress = None) -> tuple[Reception, int]:
    """Reception learned from `root`'s observations, and how many positions there were."""
    builder, rows = ReceptionBuilder(), 0
    for table in _hours(root, RECEPTION_COLUMNS, on_progress):
        builder.add(*(table[c].to_numpy(zero_copy_only=False) for c in RECEPTION_COLUMNS))
        rows += table.num_rows
    return builder.build(), rows


def learn_anchorages(root: Path, on_progress: Progress = None) -> tuple[list[LearnedPoint], int]:
    """Anchorage points learned from `root`'s observations, and how many positions there were."""
    builder, rows = AnchorageBuilder(), 0
    for table in _hours(root, ANCHORAGE_COLUMNS, on_progress):
        builder.add(*(table[c].to_numpy(zero_copy_only=False) for c in ANCHORAGE_COLUMNS))
        rows += table.num_rows
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
