"""Makes sim/data/reception.arrow and lanes.arrow: `python tools/build_reception.py [--hours 72]`.

Three days of the simulated coast before the demo's, with another seed (other vessels, other
voyages) and without anything planted, run through `littoral run` and learned from by
`littoral learn reception` and `littoral learn lanes`. It takes some ten minutes and 2 GB in a
temporary folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from littoral.sim import traffic
from littoral.sim.demo import LANES, RECEPTION
from littoral.sim.feed import lines_of, region_coast

START = "2026-08-12T12:00:00"
SEED = 11


def record(path: Path, hours: float) -> None:
    """AIVDM of `hours` from START on."""
    start_us = int(np.datetime64(START, "us").astype(np.int64))
    settings = traffic.Settings(seed=SEED, planted=False, history_us=round(hours * 3600e6))
    world = traffic.start(region_coast(), start_us, settings)
    with open(path, "wb") as out:
        for _, _, data, _ in lines_of(world):
            out.write(data)
            if world.now_us >= start_us + settings.history_us:
                return


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=72.0)
    parser.add_argument("--reception", type=Path, default=RECEPTION)
    parser.add_argument("--lanes", type=Path, default=LANES)
    a = parser.parse_args()
    littoral = [sys.executable, "-m", "littoral.cli"]
    with tempfile.TemporaryDirectory() as folder:
        log, lake = Path(folder, "coast.aivdm"), Path(folder, "lake")
        record(log, a.hours)
        # The tracks alone are asked for; one rule must be named.
        run = ["run", str(log), "--out", str(lake), "--detectors", "receiver"]
        subprocess.run([*littoral, *run], check=True)
        for what, out in (("reception", a.reception), ("lanes", a.lanes)):
            learn = ["learn", what, "--data", str(lake), "--out", str(out)]
            subprocess.run([*littoral, *learn], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
