"""The reference data of a run: the region's world, with what was learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from littoral.area import load_world
from littoral.area.anchorage_file import from_geojson, to_geojson
from littoral.area.lanes import Lanes
from littoral.area.places import Place
from littoral.area.reception import Reception
from littoral.area.world import World

# In a data folder: taken where no other is named.
ANCHORAGES = "anchorages.geojson"
LANES_FILE = "lanes.arrow"


def region_world(
    region: str,
    reception: Path | None = None,
    anchorages: Path | None = None,
    lanes: Path | None = None,
    data: Path | None = None,
) -> World:
    """`data`: the folder of the run, whose own files are taken where none is named.

    Raises KeyError when the region is unknown, ValueError when a file does not hold what was
    learned, OSError when it cannot be opened.
    """
    anchorages = _kept(anchorages, data, ANCHORAGES)
    lanes = _kept(lanes, data, LANES_FILE)
    return load_world(
        region,
        reception=None if reception is None else read_reception(reception),
        anchorage_points=None if anchorages is None else read_anchorages(anchorages),
        lanes=None if lanes is None else read_lanes(lanes),
    )


def _kept(named: Path | None, data: Path | None, name: str) -> Path | None:
    """The file that was named, else that of the data folder, if there is one."""
    if named is not None or data is None or not (data / name).exists():
        return named
    return data / name


def read_anchorages(path: Path) -> tuple[Place, ...]:
    """What `littoral learn anchorages` wrote."""
    try:
        return from_geojson(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def write_anchorages(path: Path, points: Sequence[Place]) -> str:
    """The version of what was written: the hash of its content."""
    document = to_geojson(points)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return str(document["version"])


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
