"""What the demo is given beside its lines."""

from __future__ import annotations

from pathlib import Path

# What the simulated receivers hear where; data/SOURCE.md says how it was learned.
RECEPTION = Path(__file__).parent / "data" / "reception.arrow"
# Where the simulated traffic goes; made beside it.
LANES = Path(__file__).parent / "data" / "lanes.arrow"
