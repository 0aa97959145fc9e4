"""The vectors of the live stream, contracts/live/: `python -m tests.api.vectors` writes them.

The columns are written down here by hand; pytest holds that the committed files are what
`frame.encode` makes of them and that it reads them back, vitest that TypeScript reads the same.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from littoral.api.live import frame

FOLDER = Path(__file__).resolve().parents[2] / "contracts" / "live"
NAN = math.nan

# Name, event time in ms, columns.
FRAMES: tuple[tuple[str, float, dict[str, list[Any]]], ...] = (
    ("empty", 1_795_506_003_120.0, {name: [] for name, _ in frame.COLUMNS}),
    (
        "three",
        1_795_506_003_120.0,
        {
            "lon": [110.123456, -179.999999, 108.6],
            "lat": [20.05, -0.000001, 18.2333333],
            "last_ms": [1_795_506_003_000.0, 1_795_506_000_500.0, 1_795_505_000_000.0],
            "track": [0, 17, 4_000_000_000],
            "sog_mps": [6.25, NAN, 0.0],
            "cog_deg": [359.9, NAN, 0.0],
            "heading_deg": [NAN, 180.0, 511.0 - 360.0],
            "nav_status": [0, -1, 14],
            "kind": [0, 1, 5],
            "ring": [3, -1, 0],
            "state": [0, 1, 0],
        },
    ),
    (
        "removal",
        1_795_506_004_000.5,
        {
            "lon": [110.5, NAN],
            "lat": [19.5, NAN],
            "last_ms": [1_795_506_004_000.0, 0.0],
            "track": [1, 2],
            "sog_mps": [1.5, NAN],
            "cog_deg": [90.0, NAN],
            "heading_deg": [91.0, NAN],
            "nav_status": [7, -1],
            "kind": [1, 0],
            "ring": [1, -1],
            "state": [0, 2],
        },
    ),
    (
        "nine",  # one more than a whole word of the byte columns
        0.0,
        {
            "lon": [100.0 + i for i in range(9)],
            "lat": [10.0 + i for i in range(9)],
            "last_ms": [float(i) for i in range(9)],
            "track": list(range(9)),
            "sog_mps": [i / 2 for i in range(9)],
            "cog_deg": [i * 40.0 for i in range(9)],
            "heading_deg": [NAN] * 9,
            "nav_status": list(range(9)),
            "kind": [i % 7 for i in range(9)],
            "ring": [i % 5 for i in range(9)],
            "state": [i % 3 for i in range(9)],
        },
    ),
)


def refused() -> dict[str, bytes]:
    """Bytes that a reader must refuse."""
    whole = encoded("three")
    return {
        "cut": whole[:-8],
        "long": whole + bytes(8),
        "magic": b"LTF2" + whole[4:],
        "rows": whole[:4] + (4).to_bytes(4, "little") + whole[8:],
        "nothing": b"",
        "header-only-half": whole[:12],
    }


def arrays(columns: dict[str, list[Any]]) -> dict[str, np.ndarray]:
    return {name: np.array(columns[name], dtype) for name, dtype in frame.COLUMNS}


def encoded(name: str) -> bytes:
    ((event_ms, columns),) = ((ms, c) for n, ms, c in FRAMES if n == name)
    return frame.encode(event_ms, arrays(columns))


def manifest() -> dict[str, Any]:
    """frames.json: NaN is null."""
    return {
        "columns": [[name, dtype] for name, dtype in frame.COLUMNS],
        "frames": [
            {
                "file": f"{name}.bin",
                "event_ms": event_ms,
                "rows": len(columns["track"]),
                "columns": {
                    key: [None if v != v else v for v in arrays({**columns})[key].tolist()]
                    for key, _ in frame.COLUMNS
                },
            }
            for name, event_ms, columns in FRAMES
        ],
        "refused": [f"refused-{name}.bin" for name in refused()],
    }


def files() -> dict[str, bytes]:
    """Every file of contracts/live/ that is made here."""
    made = {f"{name}.bin": encoded(name) for name, _, _ in FRAMES}
    made |= {f"refused-{name}.bin": data for name, data in refused().items()}
    made["frames.json"] = (json.dumps(manifest(), indent=1) + "\n").encode()
    return made


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
