"""What the watch reads of a doubtful identity."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.area.geodesy import KNOT_MPS, NAUTICAL_MILE_M
from littoral.schema.finding import Finding

_FIELD = {
    "name": ("船名", "name"),
    "call_sign": ("呼号", "call sign"),
    "dimensions": ("尺度", "dimensions"),
}


def miles(value: object) -> str:
    return f"{float(str(value)) / NAUTICAL_MILE_M:.1f}"


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    zh = lang == "zh"
    f = finding.facts
    who = [names.get(t, t.partition(":")[2]) for t in finding.things]
    first, other = who[0], who[1] if len(who) > 1 else ""
    if finding.kind == "clash":
        m, n = f"{int(str(f['mmsi'])):09d}", f["tracks"]
        if finding.end_us is not None:
            return f"MMSI {m}不再同时被多船使用" if zh else f"MMSI {m} no longer in use by several"
        return (
            f"{n}艘船同时使用MMSI {m}：{first}与{other}相距{miles(f['distance_m'])}海里"
            if zh
            else f"{n} vessels use MMSI {m} at once: {first} and {other}, "
            f"{miles(f['distance_m'])} n mile apart"
        )
    if finding.kind == "jump":
        knots = round(float(str(f["speed_mps"])) / KNOT_MPS)
        far = miles(f["distance_m"])
        if zh:
            return f"{first}船位跳变{f['jumps']}次，最远{far}海里（折合{knots}节），船位不可信"
        times = "once" if f["jumps"] == 1 else f"{f['jumps']} times"
        return (
            f"{first} jumped {times}, up to {far} n mile ({knots} kn): positions not to be trusted"
        )
    if finding.kind == "mmsi_change":
        old, new = f"{int(str(f['old_mmsi'])):09d}", f"{int(str(f['new_mmsi'])):09d}"
        gap, miss = round(float(str(f["gap_s"])) / 60.0), f["miss_m"]
        if zh:
            same = "，静态信息相同" if f["static"] == "same" else ""
            return f"航行中疑似更换MMSI：{old}消失，{gap}分钟后{new}在推算位置旁{miss}米出现{same}"
        same = " with the same static data" if f["static"] == "same" else ""
        return (
            f"MMSI changed under way: {old} ended and after {gap} min {new} began "
            f"{miss} m from where it was expected{same}"
        )
    if finding.kind == "bad_mmsi":
        m = f"{int(str(f['mmsi'])):09d}"
        return f"{first}使用无效MMSI {m}" if zh else f"{first} uses {m}, which is no valid MMSI"
    if finding.kind == "bad_imo":
        return (
            f"{first}申报的IMO编号{f['imo']}无效（校验位不符）"
            if zh
            else f"{first} claims IMO number {f['imo']}, which cannot be (check digit)"
        )
    if "imo" in f:
        over = finding.end_us is not None
        if zh:
            return f"{first}与{other}{'曾' if over else ''}同时申报同一IMO编号{f['imo']}"
        claim = "claimed" if over else "claim"
        return f"{first} and {other} {claim} the same IMO number {f['imo']} at once"
    name_zh, name_en = _FIELD[str(f["field"])]
    values = [v for v in (f["before"], f["now"]) if v]
    if zh:
        between = f"（{'、'.join(map(str, values))}）" if values else ""
        return f"{first}的{name_zh}反复变换{f['changes']}次{between}"
    between = f" ({', '.join(map(str, values))})" if values else ""
    return f"{first} changes its {name_en} to and fro, {f['changes']} times{between}"
