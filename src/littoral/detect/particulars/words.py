"""What people read of a change."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.schema.finding import Finding


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    zh = lang == "zh"
    f = finding.facts
    who = names.get(finding.things[0], finding.things[0].partition(":")[2])
    hours = f"{float(f.get('at_sea_s') or 0) / 3600.0:.0f}"
    if finding.kind == "flag":
        silence = f"{float(f['silence_s'] or 0) / 3600.0:.1f}"
        if zh:
            sea = "海上" if f["at_sea"] else ""
            return (
                f"{who}{sea}变更船旗：IMO编号{f['imo']}原用MMSI {f['old_mmsi']}"
                f"（识别数字{f['old_mid']}），静默{silence}小时后改用{f['new_mmsi']}（{f['new_mid']}）"
            )
        sea = " at sea" if f["at_sea"] else ""
        return (
            f"{who} has changed its flag{sea}: IMO number {f['imo']} was under MMSI "
            f"{f['old_mmsi']} (digits {f['old_mid']}), and after {silence} h is under "
            f"{f['new_mmsi']} ({f['new_mid']})"
        )
    if finding.kind in ("draught", "draught_without_call"):
        before, now = f"{f['before_m']:.1f}", f"{f['now_m']:.1f}"
        if finding.kind == "draught":
            return (
                f"{who}吃水由{before}米改为{now}米"
                if zh
                else f"{who} has changed its draught from {before} to {now} m"
            )
        return (
            f"{who}在海上{hours}小时未靠港，吃水由{before}米变为{now}米，可能在海上装卸"
            if zh
            else f"{who} has changed its draught from {before} to {now} m after {hours} h at sea "
            "without a port call: cargo may have been taken or given at sea"
        )
    changes_zh, changes_en = [], []
    for key, name_zh, name_en in (("name", "船名", "name"), ("call_sign", "呼号", "call sign")):
        if f"{key}_now" in f:
            was, is_now = f[f"{key}_before"], f[f"{key}_now"]
            changes_zh.append(f"{name_zh}由{was}改为{is_now}")
            changes_en.append(f"its {name_en} from {was} to {is_now}")
    both = finding.kind == "renamed" and f["at_sea_s"] is not None
    if zh:
        return f"{who}{f'在海上{hours}小时后' if both else ''}{'，'.join(changes_zh)}"
    after = f" after {hours} h at sea" if both else ""
    return f"{who} has changed {' and '.join(changes_en)}{after}"
