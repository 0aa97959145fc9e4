"""What becomes of a bulletin: put out, revised as long as it is not over, withdrawn with a reason.

Pure: a bulletin and a step in, the bulletin after it out. A revision replaces what was said; every
version stays with its step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from littoral.respond.bulletin.words import (
    COMING,
    IN_FORCE,
    ISSUE,
    OVER,
    REVISE,
    WITHDRAW,
    WITHDRAWN,
)
from littoral.respond.incident.step import Refused

# What a revision may change; whose it is, for where and of which kind stays.
SAID = (
    "severity", "title", "text", "issuer", "number", "from_us", "until_us", "asks_read",
)  # fmt: skip
FIXED = ("unit", "agency", "area", "kind")


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Of the desk `unit`/`agency`, for `area` and all within it, from `from_us` until `until_us`
    (UTC microseconds; None: until it is withdrawn). `issuer` and `number`: who issued it and as
    what. `asks_read`: whoever has it is asked to say that they have read it; each version anew."""

    id: str
    unit: str
    agency: str
    area: str
    kind: str
    severity: str
    title: str
    text: str
    issuer: str
    number: str
    from_us: int
    until_us: int | None
    asks_read: bool
    version: int = 1
    withdrawn_us: int | None = None


@dataclass(frozen=True, slots=True)
class BulletinStep:
    """`id` is made by the client, so that a step sent twice is one. `by`: account. `fields`: of an
    issue FIXED and SAID; of a revision SAID and `base`, the version that its editor saw; of a
    withdrawal `reason`. `from_us` None: from then on, of a revision as before."""

    id: str
    bulletin: str
    kind: str
    at_us: int
    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def after(before: Bulletin | None, step: BulletinStep) -> Bulletin:
    """Raises Refused."""
    if before is None:
        if step.kind != ISSUE:
            raise Refused("unknown", "没有这份通告。", "There is no such bulletin.")
        values = {name: step.fields[name] for name in (*FIXED, *SAID)}
        values["from_us"] = step.at_us if values["from_us"] is None else values["from_us"]
        return _checked(Bulletin(step.bulletin, **values), step.at_us)
    if step.kind == ISSUE:
        raise Refused("exists", "该通告已发布。", "It was put out already.")
    if before.withdrawn_us is not None:
        raise Refused("state", "该通告已撤回。", "It was withdrawn.")
    if step.kind == WITHDRAW:
        if not str(step.fields.get("reason", "")).strip():
            raise Refused("reason", "请说明撤回原因。", "Say why it is withdrawn.", "reason")
        return replace(before, withdrawn_us=step.at_us, version=before.version + 1)
    if step.kind != REVISE:
        raise ValueError(f"{step.kind} is no step of a bulletin")
    if state(before, step.at_us) == OVER:
        raise Refused("state", "该通告已失效，请另行发布。", "It is over; put out another.")
    if step.fields["base"] != before.version:
        raise Refused(
            "conflict", "他人已先作修订，请核对后再提交。",
            "Somebody else revised it first; look at what it says now.", "base",
        )  # fmt: skip
    said = {name: step.fields[name] for name in SAID}
    said["from_us"] = before.from_us if said["from_us"] is None else said["from_us"]
    return _checked(replace(before, **said, version=before.version + 1), step.at_us)


def _checked(now: Bulletin, at_us: int) -> Bulletin:
    if now.until_us is not None and now.until_us <= max(now.from_us, at_us):
        raise Refused(
            "until", "失效时间须晚于生效时间和现在。",
            "It has to end after it begins, and after now.", "until",
        )  # fmt: skip
    return now


def state(bulletin: Bulletin, now_us: int) -> str:
    if bulletin.withdrawn_us is not None:
        return WITHDRAWN
    if bulletin.until_us is not None and bulletin.until_us <= now_us:
        return OVER
    return COMING if bulletin.from_us > now_us else IN_FORCE
