"""Recordings that benches share: made once by the generator, kept in the temporary folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def recording(lines: int, vessels: int = 20_000, seed: int = 1) -> Path:
    """A file of AIVDM lines of realistic mix (tag blocks, multi-sentence, 2 % damaged)."""
    folder = Path(tempfile.gettempdir()) / "littoral-bench"
    folder.mkdir(exist_ok=True)
    path = folder / f"lines-{lines}-{vessels}-{seed}.aivdm"
    if not path.exists():
        part = path.with_suffix(".part")
        with open(part, "wb") as out:
            subprocess.run(
                [
                    sys.executable, "-m", "littoral.sim.lines",
                    "--lines", str(lines), "--vessels", str(vessels), "--seed", str(seed),
                ],
                stdout=out,
                check=True,
            )  # fmt: skip
        part.rename(path)
    return path
