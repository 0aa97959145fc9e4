"""What a phone holds of others' things, and what an answer to its question makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """`things`: version by "kind/id". `told`: reasons of what has gone since, by the same."""

    token: str = ""
    things: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


def after_answer(held: Held, status: int, answer: Mapping[str, Any]) -> Held:
    """An answer of `status` 200 brings what is new and what has gone; `reset`: all that was held
    before is void. Signed out or without any role (401, 403) the phone holds nothing. Any other
    status changes nothing, and the next question has the old token."""
    if status in (401, 403):
        return Held()
    if status != 200:
        return held
    things = {} if answer["reset"] else dict(held.things)
    told: dict[str, str] = {}
    for item in answer["items"]:
        things[f"{item['kind']}/{item['id']}"] = item["version"]
    for gone in answer["gone"]:
        key = f"{gone['kind']}/{gone['id']}"
        if things.pop(key, None) is not None:
            told[key] = gone["reason"]["code"]
    return Held(answer["token"], things, told)
