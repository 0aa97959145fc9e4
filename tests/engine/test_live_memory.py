"""What a live engine keeps does not grow with how long it runs."""

from __future__ import annotations

from pathlib import Path

from littoral.engine.live import Live
from littoral.engine.order import LATENESS_US
from littoral.engine.setup import Plan, live_of
from littoral.schema.batch import SLICE_US
from tests.api.test_with_engine import COMPILE_S, line

FROM_US = 1_790_000_000_000_000 // SLICE_US * SLICE_US
SHIPS = 40
EVERY_US = 10_000_000
HOURS = 3
PIECE_US = 2 * 60_000_000
# Lateness, what it cuts through, the slice being filled.
MOST_SLICES = LATENESS_US // SLICE_US + 2


def piece(begin_us: int) -> bytes:
    """Ships that lie still, for PIECE_US."""
    return b"".join(
        line(412_000_000 + k, t_us, 110.5 + k * 0.05, 19.5)
        for t_us in range(begin_us, begin_us + PIECE_US, EVERY_US)
        for k in range(SHIPS)
    )


def kept(live: Live) -> dict[str, int]:
    """Sizes of all that the engine holds, by name."""
    return {
        "slices looked ahead": len(live._ahead._seen),
        "pending pieces": len(live._state.order.pending),
        "pending reports": sum(map(len, live._state.order.pending)),
        "held reports": sum(map(len, live._state.order.held)),
        "reports for the lake": sum(map(len, live._lake_rows)),
        "settled alerts": len(live._ledger._settled),
        "alerts shown ahead": len(live._ledger._ahead),
        "tracks": live._state.core.fuse.fleet.capacity,
    }


def test_three_hours_leave_no_more_than_half_an_hour(tmp_path: Path) -> None:
    live = live_of(Plan(tmp_path, detectors=("area_rule", "distress"), checkpoint_s=0.0))
    live.start()
    position, sizes = 0, []
    for begin_us in range(FROM_US, FROM_US + HOURS * 3_600_000_000, PIECE_US):
        data = piece(begin_us)
        live.intake.take_numbered("pier", position, data)
        position += len(data)
        assert live.drain(COMPILE_S)
        live._saver.wait()
        sizes.append(kept(live))
    live.stop()
    half_an_hour = 15
    for name in sizes[0]:
        early = max(size[name] for size in sizes[:half_an_hour])
        late = max(size[name] for size in sizes[half_an_hour:])
        if name == "reports for the lake":  # as many as settle at once
            early = max(early, SHIPS * PIECE_US // EVERY_US)
        assert late <= early + 2, f"{name}: {early} in the first half hour, then {late}"
    assert max(size["slices looked ahead"] for size in sizes) <= MOST_SLICES
