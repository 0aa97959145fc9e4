"""What the watch reads of a vessel that waits."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Finding


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    facts = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    hours = float(facts["duration_s"] or 0.0) / 3600.0
    knots = float(facts["mean_speed_mps"] or 0.0) / KNOT_MPS
    miles = float(facts["shore_m"] or 0.0) / NAUTICAL_MILE_M
    over = finding.end_us is not None
    if lang == "zh":
        return (
            f"{name}{'曾' if over else '已'}在离岸{miles:.1f}海里处低速滞留{hours:.1f}小时，"
            f"平均航速{knots:.1f}节，该处不是港口或锚地"
        )
    return (
        f"{name} {'waited' if over else 'has been waiting'} for {hours:.1f} h at {knots:.1f} kn, "
        f"{miles:.1f} n mile off shore, where no port or anchorage is"
    )
