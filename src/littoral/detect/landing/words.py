"""What the watch reads of a landing."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.schema.finding import Finding


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    f = finding.facts
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    metres, how = round(float(f["shore_m"] or 0.0), -1), str(f["how"])
    stay = round(float(f["stay_s"] or 0.0) / 60.0)
    silence = round(float(f["silence_s"] or 0.0) / 60.0)
    visit = round(float(f["visit_s"] or 0.0) / 60.0)
    if lang == "zh":
        night = "夜间" if f["by_night"] else ""
        did = {
            "stop": f"停留{stay}分钟",
            "silence": f"失去信号超过{silence}分钟",
            "turned": f"折返，{visit}分钟内回到外海",
        }[how]
        return f"{name}{night}自外海驶来，在许可登陆点以外距岸{metres:.0f}米处{did}"
    night = " by night" if f["by_night"] else ""
    did = {
        "stop": f"lay there for {stay} min",
        "silence": f"has not been heard for more than {silence} min since",
        "turned": f"turned back, off again within {visit} min",
    }[how]
    return (
        f"{name} came in from the sea{night} to {metres:.0f} m from the shore, away from licensed "
        f"places, and {did}"
    )
