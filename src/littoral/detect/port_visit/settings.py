"""When a vessel is in port, stopped or silent there, and how sure one is that it called."""

from __future__ import annotations

from dataclasses import dataclass

from littoral.area.geodesy import KNOT_MPS
from littoral.detect.contract import Profile
from littoral.detect.port_visit.adjustable import ADJUSTABLE
from littoral.schema.finding import NOTED


@dataclass(frozen=True, slots=True)
class PortVisitSettings:
    """Lengths in metres, times in seconds, speeds in m/s. Distances are to the nearest anchorage
    point; where none are known, to the edge of the nearest configured port or anchorage."""

    entry_m: float  # in port from here
    exit_m: float  # until beyond this
    stop_begin_mps: float  # in port and slower: a stop begins
    stop_end_mps: float  # faster: it ends
    stop_least_s: float  # a stop counts once it has lasted so long
    gap_s: float  # a silence in port counts from so long on
    least_confidence: int  # 1 entry or exit; 2 stop or gap; 3 both; 4 entry, stop or gap, exit
    priority: int


GFW = PortVisitSettings(
    entry_m=3_000.0,
    exit_m=4_000.0,
    stop_begin_mps=0.2 * KNOT_MPS,
    stop_end_mps=0.5 * KNOT_MPS,
    stop_least_s=0.0,
    gap_s=4 * 3600.0,
    least_confidence=1,
    priority=NOTED,
)

COASTAL = PortVisitSettings(
    entry_m=2_000.0,
    exit_m=3_000.0,
    stop_begin_mps=0.5 * KNOT_MPS,
    stop_end_mps=1.0 * KNOT_MPS,
    stop_least_s=600.0,
    gap_s=4 * 3600.0,
    least_confidence=2,
    priority=NOTED,
)

PROFILES = {
    "coastal": Profile(
        "coastal",
        COASTAL,
        "Littoral; form after Global Fishing Watch (below)",
        "Harbours of an island coast lie 3 to 7 km apart, so that 3 km reach from one into the "
        "next, and coastal lanes pass inside: 2 and 3 km. A boat at anchor or hove to in a swell "
        "makes 0.2 to 0.5 kn by GNSS: a stop begins under 0.5 and ends over 1 kn. It lasts ten "
        "minutes, so that who waits for a pilot, turns, or passes a harbour slowly has not called. "
        "Silence in port counts from 4 h on: sets are switched off alongside. Confidence 1, "
        "passing by, is not told. A port call is what an analyst asks for and no watch officer: "
        "priority 5, kept and never annunciated.",
        ADJUSTABLE,
    ),
    "gfw": Profile(
        "gfw",
        GFW,
        "Global Fishing Watch, technical documentation, Anchorages, voyages and port visits "
        "(github.com/GlobalFishingWatch/GFW_technical_documentation, Anchorages-and-voyages.md) "
        "and anchorages_pipeline (anchorage_cfg.yaml; transforms/create_in_out_events.py, "
        "create_port_visits.py)",
        "To compare with published port visits: port entry within 3 km of an anchorage point, port "
        "exit beyond 4 km, port stop from under 0.2 to over 0.5 kn, port gap of 4 h; confidence 1 "
        "entry or exit alone, 2 stop or gap alone, 3 one of the first and one of the others, 4 "
        "entry, exit, and stop or gap. All four are told; Global Fishing Watch's own products "
        "leave out the first, which are largely ships that pass.",
        ADJUSTABLE,
    ),
}
