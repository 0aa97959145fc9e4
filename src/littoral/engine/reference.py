"""The reference data of a run: the region's world, with what was learned."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from littoral.area import load_world
from littoral.area.reception import Reception
from littoral.area.world import World


def region_world(region: str, reception: Path | None = None) -> World:
    """Raises KeyError when the region is unknown, ValueError when the file holds no learned
    reception, OSError when it cannot be opened."""
    return load_world(region, reception=None if reception is None else read_reception(reception))


def read_reception(path: Path) -> Reception:
    """What `littoral learn reception` wrote."""
    with open(path, "rb") as source:
        try:
            table = pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid as error:
            raise ValueError(f"{path}: not a file of learned reception ({error})") from None
    return Reception.from_arrow(table)


def write_reception(path: Path, reception: Reception) -> None:
    """One Arrow file; its version is the hash of its content."""
    table = reception.to_arrow()
    packed = pa.ipc.IpcWriteOptions(compression="zstd")  # histograms are mostly zeros
    with (
        open(path, "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=packed) as writer,
    ):
        writer.write_table(table)
