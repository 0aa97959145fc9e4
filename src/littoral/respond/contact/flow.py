"""What becomes of a contact: reported, reported again or corrected, ended with a reason.

Pure: a contact and a step in, the contact after it out. A report that replaces another corrects it;
both stay with their steps. A report on one that was ended takes it up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from littoral.respond.contact.settings import (
    ACCURACY_M,
    AHEAD_S,
    KEEP_S,
    LEAST_KEEP_S,
    MOST_KEEP_S,
    OLDEST_S,
)
from littoral.respond.contact.words import (
    END,
    ENDED,
    ENDS,
    IDENTIFIED,
    LIVE,
    OTHER,
    OVER,
    REPORT,
    SOURCES,
    WHAT,
)
from littoral.respond.incident.step import Refused

SECOND_US = 1_000_000
# What a report says beside its words: as `Report` has it.
SAID = (
    "heard_us", "lon_deg", "lat_deg", "accuracy_m", "what", "source", "channel", "station", "name",
    "call_sign", "mmsi", "cog_deg", "sog_mps", "on_board", "keep_s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """`id` is made by the client, so that a step sent twice is one. `at_us`: when it was entered.
    `by`: account; `desk`: unit and agency for which it acted. `fields`: of a report SAID and
    `replaces` (id of the report that it corrects, or empty), each None for what was not said; of an
    end `why` and `mmsi`. `words`: what was said, and in which words its place or its end."""

    id: str
    contact: str
    kind: str
    at_us: int
    by: str
    desk: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    place_words: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Where it was at `heard_us` (UTC microseconds), good to `accuracy_m`; degrees WGS 84. None or
    empty: not said. `cog_deg`: true, over ground. `keep_s`: for how long after `heard_us` it stays
    in the live picture."""

    id: str
    heard_us: int
    lon_deg: float
    lat_deg: float
    accuracy_m: float
    what: str
    source: str
    channel: str
    station: str
    name: str
    call_sign: str
    mmsi: int | None
    cog_deg: float | None
    sog_mps: float | None
    on_board: int | None
    keep_s: float
    by: str
    words: str
    place_words: str


@dataclass(frozen=True, slots=True)
class End:
    at_us: int
    why: str
    mmsi: int | None
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Contact:
    """`reports`: those that stand, by the time heard; the last says how it is. `version` counts its
    steps."""

    id: str
    opened_us: int
    opened_by: str
    reports: tuple[Report, ...]
    ended: End | None = None
    version: int = 1

    @property
    def last(self) -> Report:
        return self.reports[-1]

    @property
    def until_us(self) -> int:
        """When it leaves the live picture by itself."""
        return self.last.heard_us + round(self.last.keep_s * SECOND_US)


def after(before: Contact | None, step: Step) -> Contact:
    """Raises Refused."""
    if step.kind == REPORT:
        made = _report(step)
        replaced = str(step.fields.get("replaces") or "")
        if before is None:
            if replaced:
                raise _no_report()
            return Contact(step.contact, step.at_us, step.by, (made,))
        kept = tuple(r for r in before.reports if r.id != replaced)
        if replaced and len(kept) == len(before.reports):
            raise _no_report()
        reports = tuple(sorted((*kept, made), key=lambda r: r.heard_us))
        return replace(before, reports=reports, ended=None, version=before.version + 1)
    if before is None:
        raise Refused("unknown", "没有这个目标。", "There is no such contact.")
    if step.kind != END:
        raise ValueError(f"{step.kind} is no step of a contact")
    if before.ended is not None:
        raise Refused("closed", "该目标已结束。", "This contact has ended already.")
    return replace(before, ended=_end(step), version=before.version + 1)


def told(steps: Iterable[Step], until_us: int | None = None) -> Contact | None:
    """The contact that these steps make, in their order; `until_us`: as it was known then, None
    when nothing was."""
    contact: Contact | None = None
    for step in steps:
        if until_us is None or step.at_us <= until_us:
            contact = after(contact, step)
    return contact


def state(contact: Contact, now_us: int) -> str:
    if contact.ended is not None and contact.ended.at_us <= now_us:
        return ENDED
    return LIVE if now_us < contact.until_us else OVER


def _report(step: Step) -> Report:
    said: dict[str, Any] = {name: step.fields.get(name) for name in SAID}
    heard_us = said["heard_us"]
    said["heard_us"] = step.at_us if heard_us is None else _heard(heard_us, step.at_us)
    said["accuracy_m"] = ACCURACY_M if said["accuracy_m"] is None else said["accuracy_m"]
    said["keep_s"] = KEEP_S if said["keep_s"] is None else said["keep_s"]
    if not LEAST_KEEP_S <= said["keep_s"] <= MOST_KEEP_S:
        raise Refused(
            "keep", "须保留 15 分钟至 12 小时。", "It is kept for 15 minutes to 12 hours.", "keep_s"
        )
    for name, known in (("what", WHAT), ("source", SOURCES)):
        if said[name] not in known:
            listed = ", ".join(known)
            raise Refused(
                "word", f"{name} 须为以下之一：{listed}。", f"{name}: one of {listed}.", name
            )
    return Report(
        step.id, **said, by=step.by, words=step.words, place_words=step.place_words
    )  # fmt: skip


def _heard(heard_us: int, now_us: int) -> int:
    """Desks' clocks differ by seconds: what is that far ahead was heard now."""
    if heard_us > now_us + AHEAD_S * SECOND_US:
        raise Refused(
            "heard", "收听时间不得晚于现在。", "It cannot have been heard later than now.",
            "heard",
        )  # fmt: skip
    if heard_us < now_us - OLDEST_S * SECOND_US:
        raise Refused(
            "heard", "收听时间不得早于 24 小时前。", "It was heard more than 24 hours ago.",
            "heard",
        )  # fmt: skip
    return min(heard_us, now_us)


def _end(step: Step) -> End:
    why, mmsi = step.fields.get("why"), step.fields.get("mmsi")
    if why not in ENDS:
        listed = ", ".join(ENDS)
        raise Refused("word", f"why 须为以下之一：{listed}。", f"why: one of {listed}.", "why")
    if why == IDENTIFIED and mmsi is None:
        raise Refused(
            "missing", "请填写识别出的船舶 MMSI。", "Say by MMSI which vessel it is.", "mmsi"
        )
    if why != IDENTIFIED and mmsi is not None:
        raise Refused(
            "mmsi", "仅识别为某船时填写 MMSI。", "An MMSI is of one identified alone.", "mmsi"
        )
    if why == OTHER and not step.words:
        raise Refused("missing", "请说明原因。", "Say why.", "said")
    return End(step.at_us, str(why), mmsi, step.by, step.words)


def _no_report() -> Refused:
    return Refused(
        "replaces", "没有这条可更正的报告。", "There is no such report to correct.", "replaces"
    )
