"""The reference data of a run: the region's world, with what was learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from littoral.area import load_world
from littoral.area.anchorage_file import from_geojson, to_geojson
from littoral.area.places import Place
from littoral.area.reception import Reception
from littoral.area.world import World

ANCHORAGES = "anchorages.geojson"  # in a data folder: taken where no other is named


def region_world(
    region: str, reception: Path | None = None, anchorages: Path | None = None
) -> World:
    """Raises KeyError when the region is unknown, ValueError when a file holds nothing learned of
    its kind, OSError when it cannot be opened."""
    return load_world(
        region,
        reception=None if reception is None else read_reception(reception),
        anchorage_points=None if anchorages is None else read_anchorages(anchorages),
    )


def anchorages_of(named: Path | None, folder: Path) -> Path | None:
    """The file of anchorage points that was named, else the one in the data folder, if any."""
    kept = folder / ANCHORAGES
    return named or (kept if kept.exists() else None)


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
