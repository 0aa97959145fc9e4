"""What the watch reads when a receiver is silent. While it goes on the sentence stands as it was
raised: what it says stays true as time passes."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.schema.finding import Finding


def minutes_of(finding: Finding) -> int:
    end_us = finding.end_us if finding.end_us is not None else finding.updated_us
    return round((end_us - finding.start_us) / 60e6)


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    minutes = minutes_of(finding)
    over = finding.end_us is not None
    if finding.kind == "feed_silent":
        count = finding.facts["receivers"]
        if lang == "zh":
            what = f"全部{count}个接收站"
            return (
                f"{what}曾中断{minutes}分钟，现已恢复"
                if over
                else f"{what}已超过{minutes}分钟没有任何数据，画面不可信"
            )
        what = "The only receiver" if count == 1 else f"All {count} receivers"
        return (
            f"{what} had been silent for {minutes} min; data comes again"
            if over
            else f"{what} silent for more than {minutes} min: the picture cannot be trusted"
        )
    name = names.get(finding.things[0], finding.things[0].partition(":")[2])
    limit = round(float(finding.facts["silence_s"] or 0) / 60.0)
    held = finding.held_by
    if lang == "zh":
        tail = "（计划内停机）" if held and held.startswith("planned") else ""
        return (
            f"接收站{name}曾中断{minutes}分钟，现已恢复{tail}"
            if over
            else f"接收站{name}已超过{limit}分钟没有数据，其覆盖海域可能漏看船舶{tail}"
        )
    tail = f" ({held})" if held else ""
    return (
        f"Receiver {name} had been silent for {minutes} min and is heard again{tail}"
        if over
        else f"Receiver {name} silent for more than {limit} min: vessels in its reach may go "
        f"unseen{tail}"
    )
