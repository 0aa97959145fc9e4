"""What the engine hands to a detector: one slice of event time, in one canonical order.

The engine cuts the stream into slices of fixed length that start at multiples of that length since
1970 and passes each once the watermark is beyond it. So a step sees the same batches however the
stream arrived. Looking ahead of the watermark (provisional alerts), it passes a copy of the state
the same way with what has come so far.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.schema.ais import Positions, Statics, Texts

SLICE_US = 30_000_000


@dataclass(frozen=True, slots=True)
class Outage:
    """A receiver was silent, planned or found by the health step. `end_us` None: still."""

    station: int  # index into the run's receivers
    name: str
    start_us: int  # the last thing heard, or the planned start
    end_us: int | None
    planned: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything with `from_us <= t_us < until_us`, sorted by (t_us, mmsi, obs_id).

    `positions.track`, `.ring` and `.flags` are set; positions without coordinates, repeats of one
    report and base stations are not in it. `statics` holds only static data that changed or is new
    for its track. Everything before `until_us` is known: timers due before it fire. `outages` holds
    every outage that touches the last two days of event time, planned or found.
    """

    positions: Positions
    statics: Statics
    texts: Texts
    from_us: int
    until_us: int
    outages: tuple[Outage, ...] = ()
