"""A change that waits for a second person, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from littoral.api.fields import Time
from littoral.api.names import named
from littoral.api.wire import iso, iso_or_none
from littoral.area import blinder as fences
from littoral.detect import find_detectors
from littoral.detect.adjusting import unit_of
from littoral.detect.contract import Setting
from littoral.engine.rule_settings import CODE, OFF
from littoral.sense import planned
from littoral.store import watch_list
from littoral.store.changes import ALERT, LISTED, OUTAGE, SETTINGS, SHELF, Change

RULE_REASONS = {
    OFF: {"zh": "规则停用", "en": "the rule no longer runs"},
    CODE: {"zh": "规则的程序版本不同", "en": "another version of the rule"},
}
DISMISSED = {"zh": "遇险警报不再待处理", "en": "nobody answers the distress alert any more"}
SHELVED = {
    "zh": "一类警报被搁置，不再提示",
    "en": "a class of alerts is set aside, not annunciated",
}
TIMES = {OUTAGE: ("start_us", "end_us"), SHELF: ("until_us",), LISTED: ("until_us",)}
WAYS = {
    True: {"zh": "增大", "en": "greater"},
    False: {"zh": "减小", "en": "less"},
    None: {"zh": "改变", "en": "changed"},
}


class ReasonModel(BaseModel):
    code: str
    zh: str
    en: str


class DifferenceModel(BaseModel):
    """One setting of a rule; null: off, or not there."""

    name: str
    unit: str
    zh: str
    en: str
    before: float | int | bool | str | None
    after: float | int | bool | str | None


class ChangeModel(BaseModel):
    """`before` and `after` are the thing as it was and as it would be (null: removed)."""

    id: str
    thing: str = Field(
        examples=["geofence:bay", "outage:…", "settings:gap", "alert:…", "shelf:…", "listed:…"]
    )
    blinder: list[ReasonModel] = Field(description="what would be watched less")
    before: dict[str, Any]
    after: dict[str, Any] | None
    differs: list[DifferenceModel] = Field(description="of settings: those that differ")
    why: str
    state: str = Field(description="waiting, made, refused, taken_back, lapsed, at_start")
    proposed_by: str
    proposed: Time
    decided_by: str | None
    decided: Time | None
    note: str | None
    may_decide: bool = Field(description="it waits, and the caller may agree to it or refuse it")
    names: dict[str, str] = Field(description="by login, of who is referred to here")


def change_json(row: Change, names: Mapping[str, str]) -> dict[str, Any]:
    """All of `ChangeModel` but what the caller may do; `names` by login, of those referred to and
    others."""
    words = _words_of_rule(row.key) if row.kind == SETTINGS else {}
    return {
        "id": row.id,
        "thing": row.thing,
        "blinder": [{"code": code, **_reason(row, code, words)} for code in row.blinder],
        "before": _document(row.kind, row.before),
        "after": None if row.after is None else _document(row.kind, row.after),
        "differs": differences(row.before, row.after, words),
        "why": row.why,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "proposed": iso(row.proposed_us),
        "decided_by": row.decided_by,
        "decided": iso_or_none(row.decided_us),
        "note": row.note,
        "names": named(names, row.proposed_by, row.decided_by),
    }


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, words: Mapping[str, Setting]
) -> list[dict[str, Any]]:
    """As `DifferenceModel`; empty for what is no settings."""
    was = (before or {}).get("values", {})
    now = (after or {}).get("values", {})
    return [
        {
            "name": name,
            "unit": unit_of(name),
            **_label(name, words),
            "before": was.get(name),
            "after": now.get(name),
        }
        for name in dict.fromkeys([*now, *was])
    ]


def words_of(settings: tuple[Setting, ...]) -> dict[str, Setting]:
    return {s.name: s for s in settings}


def _words_of_rule(rule: str) -> dict[str, Setting]:
    """Of all profiles: one that is left may have settings that the other lacks."""
    detector = find_detectors().get(rule)
    profiles = () if detector is None else detector.profiles.values()
    return {s.name: s for profile in profiles for s in profile.adjustable}


def _label(name: str, words: Mapping[str, Setting]) -> dict[str, str]:
    found = words.get(name)
    return {"zh": found.zh, "en": found.en} if found else {"zh": name, "en": name}


def _reason(row: Change, code: str, words: Mapping[str, Setting]) -> dict[str, str]:
    if row.kind == ALERT:
        return DISMISSED
    if row.kind == SHELF:
        return SHELVED
    if row.kind == LISTED:
        return watch_list.REASONS[code]
    if row.kind == OUTAGE:
        return planned.REASONS[code]
    if row.kind != SETTINGS:
        return fences.REASONS[code]
    if code in RULE_REASONS:
        return RULE_REASONS[code]
    label, way = _label(code, words), WAYS[_is_greater(row, code)]
    return {"zh": f"{label['zh']}（{way['zh']}）", "en": f"{label['en']} ({way['en']})"}


def _is_greater(row: Change, name: str) -> bool | None:
    was = row.before.get("values", {}).get(name)
    now = (row.after or {}).get("values", {}).get(name)
    numbers = (int, float)
    if isinstance(was, bool) or not isinstance(was, numbers) or not isinstance(now, numbers):
        return None
    return now > was


def _document(kind: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """With times as they go over the wire; of a fence and of settings as it is kept."""
    if kind not in TIMES:
        return dict(document)
    plain = {k: v for k, v in document.items() if k not in TIMES[kind]}
    times = {k: document[k] for k in TIMES[kind] if k in document}
    return plain | {k.removesuffix("_us"): iso(t) for k, t in times.items()}
