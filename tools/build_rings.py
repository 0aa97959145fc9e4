"""Makes data/REGION/rings.npz and rings.geojson from the packaged coast and region.toml:
`python tools/build_rings.py`. Needed again after a change of ring distances or ports (without it
the rings and their outlines are made anew at each start, which takes seconds)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from littoral.area.load import load_coast, load_world
from littoral.area.region import load_region, regions
from littoral.area.ring_outline import make_outlines
from littoral.area.rings import Rings


def main() -> None:
    for name in regions():
        region = load_region(name)
        rings = Rings.build(load_coast(region), region.distances, region.ring_ports())
        arrays: dict[str, Any] = rings.pack()
        np.savez_compressed(region.folder / "rings.npz", **arrays)
        text = json.dumps(
            make_outlines(load_world(name)), ensure_ascii=False, separators=(",", ":")
        )
        (region.folder / "rings.geojson").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
