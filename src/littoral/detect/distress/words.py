"""Which words call for help, and the sentence that the watch reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from littoral.schema.finding import Finding

CALL, TEST, NOTHING = "call", "test", ""


@lru_cache(maxsize=8)
def pattern(plain: tuple[str, ...], pinyin: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, whole; blanks between pinyin syllables are optional."""
    words = [re.escape(w).replace(r"\ ", r"\s+") for w in plain]
    words += [w.replace(" ", r"\s*") for w in pinyin]
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def reading_of(
    text: str, calls: tuple[str, ...], pinyin: tuple[str, ...], tests: tuple[str, ...]
) -> str:
    """`call`, `test` or nothing. A test needs no call: SART TEST is one by itself."""
    plain = " ".join(re.sub(r"[^A-Z0-9]+", " ", text.upper()).split())
    if re.search(r"\b(?:SART|MOB|EPIRB) TEST\b", plain):
        return TEST
    if not pattern(calls, pinyin).search(plain):
        return NOTHING
    return TEST if tests and pattern((), tests).search(plain) else CALL


_ZH = {
    "sart": "搜救应答器（AIS-SART）",
    "mob": "人员落水示位标（MOB）",
    "epirb": "应急示位标（EPIRB-AIS）",
}
_EN = {"sart": "AIS-SART", "mob": "man overboard device (MOB)", "epirb": "EPIRB-AIS"}


def sentence_of(finding: Finding, names: Mapping[str, str], lang: str) -> str:
    thing = finding.things[0]
    name = names.get(thing, thing.partition(":")[2])
    minutes = round(((finding.end_us or finding.updated_us) - finding.start_us) / 60e6)
    over = finding.end_us is not None
    facts = finding.facts
    place = finding.lon_deg is not None
    kind = finding.kind
    if lang == "zh":
        tail = "，没有位置" if not place else ""
        if kind in _ZH:
            return (
                f"{_ZH[kind]}{name}遇险信号持续{minutes}分钟后收不到，不等于已获救"
                if over
                else f"{_ZH[kind]}{name}已启动，有人遇险，已收到{facts['messages']}条{tail}"
            )
        if kind == "status_14":
            return (
                f"{name}已不再发送遇险状态，或已收不到"
                if over
                else f"{name}的航行状态为14（遇险应答器启动），请立即呼叫核实"
            )
        if kind == "text":
            return f"{name}播发安全电文含遇险用语：{facts['text']}{tail}"
        return f"{name}测试或演练信号，不是遇险：{facts['text'] or '航行状态15'}"
    tail = ", no position" if not place else ""
    if kind in _EN:
        return (
            f"{_EN[kind]} {name} no longer heard after {minutes} min: not a sign of rescue"
            if over
            else f"{_EN[kind]} {name} active, people in distress{tail}; heard {facts['messages']} x"
        )
    if kind == "status_14":
        return (
            f"{name} no longer sends the distress status, or is no longer heard"
            if over
            else f"{name} sends navigational status 14 (distress device active): call it at once"
        )
    if kind == "text":
        return f"{name} broadcasts a safety text with words of distress: {facts['text']}{tail}"
    return f"{name} under test or in a drill, no distress: {facts['text'] or 'status 15'}"
