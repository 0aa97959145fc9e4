"""What the watch reads of a listed vessel."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.schema.finding import Finding

HEARD, AGAIN, NEAR = "listed_heard", "listed_again", "listed_near"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    who = names.get(finding.things[0], finding.things[0])
    if finding.kind == AGAIN:
        hours = float(finding.facts["silence_s"] or 0) / 3600.0
        if lang == "zh":
            return f"关注船舶{who}在{hours:.1f}小时未收到后再次出现"
        return f"Listed vessel {who} is heard again after {hours:.1f} h"
    if finding.kind == NEAR:
        return (
            f"关注船舶{who}进入近海" if lang == "zh" else f"Listed vessel {who} enters the near sea"
        )
    if lang == "zh":
        return f"关注船舶{who}自列入后首次收到"
    return f"Listed vessel {who} is heard for the first time since she was listed"
