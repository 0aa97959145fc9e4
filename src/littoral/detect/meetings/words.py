"""From what was met to findings, and from a finding to a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

if TYPE_CHECKING:
    from littoral.detect.meetings.detector import Open
    from littoral.detect.meetings.settings import MeetingsSettings

MOST_EVIDENCE = 64


def finding_of(
    track: int,
    event: Open,
    is_over: bool,
    fleet: Fleet,
    settings: MeetingsSettings,
    rule: str,
    version: str,
) -> Finding:
    """The event as it stands after its last meeting, or (`is_over`) its end."""
    met, tick_s = event.meetings, settings.tick_s
    first, last = event.first, event.last
    lasted = [(m.last - m.first) * tick_s for m in met]
    known_s = last * tick_s + settings.merge_s + settings.max_gap_s
    known_s += settings.meeting_most_s + settings.quiet_s if is_over else 0
    facts: dict[str, Fact] = {
        "partners": len({int(fleet.mmsi[m.partner]) for m in met}),
        "meetings": len(met),
        "shortest_s": min(lasted),
        "longest_s": max(lasted),
        "distance_m": round(min(m.nearest_m for m in met), 1),
        "duration_s": (last - first) * tick_s,
    }
    evidence = sorted({o for m in met for o in m.evidence})
    half = MOST_EVIDENCE // 2
    if len(evidence) > MOST_EVIDENCE:
        evidence = evidence[:half] + evidence[-half:]
    is_visited = event.kind == "visited"
    return Finding(
        rule=rule,
        version=version,
        kind=event.kind,
        things=event.things,
        start_us=first * tick_s * 1_000_000,
        end_us=last * tick_s * 1_000_000 if is_over else None,
        updated_us=known_s * 1_000_000,
        lon_deg=met[-1].lon_deg,
        lat_deg=met[-1].lat_deg,
        priority=settings.visited_priority if is_visited else settings.repeated_priority,
        facts=facts,
        evidence=tuple(evidence),
    )


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    who = names.get(finding.things[0], finding.things[0])
    hours = float(f["duration_s"] or 0) / 3600.0
    short, long = int(f["shortest_s"] or 0) // 60, int(f["longest_s"] or 0) // 60
    spread = f"{short}" if short == long else f"{short}-{long}"
    is_visited = finding.kind == "visited"
    if lang == "zh":
        done = "停留等候，先后有" if is_visited else "先后与"
        what = "艘船靠近" if is_visited else "艘船短暂会合"
        return (
            f"{who}在{hours:.1f}小时内{done}{f['partners']}{what}，共{f['meetings']}次，"
            f"每次{spread}分钟，最近{round(float(f['distance_m'] or 0))}米"
        )
    tail = (
        f"{f['meetings']} times for {spread} min each, down to "
        f"{round(float(f['distance_m'] or 0))} m"
    )
    if is_visited:
        return f"{who} waits and was visited by {f['partners']} vessels in {hours:.1f} h, {tail}"
    return f"{who} met {f['partners']} different vessels in {hours:.1f} h, {tail}"
