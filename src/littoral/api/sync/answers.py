"""What a record became, in words for the phone."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from littoral.api.problems import ProblemError
from littoral.respond.sync.fields import Clash

CODES = {403: "policy", 404: "unknown", 409: "state", 413: "too_large", 415: "media"}
# What the server could not do now; of this record alone.
LATER = frozenset({408, 429, 500, 502, 503, 504})


def taken(version: int | None = None) -> dict[str, Any]:
    return {"status": "taken", "version": version}


def conflict(clashes: tuple[Clash, ...], version: int) -> dict[str, Any]:
    names = "、".join(c.name for c in clashes)
    listed = ", ".join(c.name for c in clashes)
    return {
        "status": "conflict",
        "code": "fields",
        "reason": {
            "zh": f"他人已先作更改：{names}。双方内容均已保留，可恢复你的内容。",
            "en": f"Somebody else changed it first: {listed}. Both are kept.",
        },
        "version": version,
        "clashes": [
            {"name": c.name, "was": c.was, "yours": c.yours, "theirs": c.theirs} for c in clashes
        ],
    }


def refused(code: str, zh: str, en: str) -> dict[str, Any]:
    return {"status": "refused", "code": code, "reason": {"zh": zh, "en": en}}


def later(code: str, zh: str, en: str) -> dict[str, Any]:
    return {"status": "later", "code": code, "reason": {"zh": zh, "en": en}}


def moved(unit: str, name: dict[str, str]) -> dict[str, Any]:
    return {
        "status": "moved",
        "code": "moved",
        "reason": {
            "zh": f"此事项已移交{name['zh']}。你发送的内容已转交该单位，没有丢失。",
            "en": f"This now lies with {name['en']}. What you sent was handed to that unit; it is "
            "not lost.",
        },
        "to": {"unit": unit, "unit_name": name},
    }


def unknown() -> dict[str, Any]:
    return refused("unknown", "没有这个事项，或不在你的范围内。", "There is none, or none for you.")


def other() -> dict[str, Any]:
    return refused("id", "该编号已用于另一条记录。", "The id is that of another record.")


def erased() -> dict[str, Any]:
    """Of a file whose answers were erased before it came."""
    return refused(
        "erased", "表单内容已删除，不再收存其附件。",
        "The answers were erased: nothing that belongs to them is kept any more.",
    )  # fmt: skip


def of_problem(problem: ProblemError) -> dict[str, Any]:
    """What a route would have answered with."""
    reason = problem.more.get("reason") or {"zh": problem.detail, "en": problem.detail}
    status = "later" if problem.status in LATER else "refused"
    code = str(problem.more.get("code") or CODES.get(problem.status, "invalid"))
    return {"status": status, "code": code, "reason": reason}


def of_invalid(error: ValidationError) -> dict[str, Any]:
    """Without what the phone wrote, names of fields that nobody knows among it."""
    listed = "; ".join(
        f"{'a field' if e['type'] == 'extra_forbidden' else '.'.join(map(str, e['loc']))}: "
        f"{e['msg']}"
        for e in error.errors(include_url=False)[:5]
    )[:500]
    return refused("malformed", f"记录格式有误：{listed}", f"The record is malformed: {listed}")
