"""The reference data of a run: the region's world, with what was learned."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from littoral.area import load_world
from littoral.area.lanes import Lanes
from littoral.area.reception import Reception
from littoral.area.world import World

LANES_FILE = "lanes.arrow"  # in a data folder: used where no other is named


def region_world(
    region: str,
    reception: Path | None = None,
    lanes: Path | None = None,
    data: Path | None = None,
) -> World:
    """`data`: the folder of the run, whose own learned lanes are used where `lanes` is None.

    Raises KeyError when the region is unknown, ValueError when a file does not hold what was
    learned, OSError when it cannot be opened.
    """
    if lanes is None and data is not None and (data / LANES_FILE).exists():
        lanes = data / LANES_FILE
    return load_world(
        region,
        reception=None if reception is None else read_reception(reception),
        lanes=None if lanes is None else read_lanes(lanes),
    )


def read_reception(path: Path) -> Reception:
    """What `littoral learn reception` wrote."""
    return Reception.from_arrow(_read(path, "learned reception"))


def read_lanes(path: Path) -> Lanes:
    """What `littoral learn lanes` wrote."""
    return Lanes.from_arrow(_read(path, "learned lanes"))


def write_reception(path: Path, reception: Reception) -> None:
    """One Arrow file; its version is the hash of its content."""
    _write(path, reception.to_arrow())


def write_lanes(path: Path, lanes: Lanes) -> None:
    """One Arrow file; its version is the hash of its content."""
    _write(path, lanes.to_arrow())


def _read(path: Path, what: str) -> pa.Table:
    with open(path, "rb") as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid as error:
            raise ValueError(f"{path}: not a file of {what} ({error})") from None


def _write(path: Path, table: pa.Table) -> None:
    packed = pa.ipc.IpcWriteOptions(compression="zstd")  # mostly zeros, or much alike
    with (
        open(path, "wb") as sink,
        pa.ipc.new_file(sink, table.schema, options=packed) as writer,
    ):
        writer.write_table(table)
