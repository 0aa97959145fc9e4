"""routes.csv, tiers.csv and seats.csv, and whether an answer is the one expected there."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from .questions import Question
from .scene import ANONYMOUS, HOME, RELATIONS, SEATS, Scene

HERE = Path(__file__).parent
# Of a list that is asked for by a source's name, also whether it shows the thing.
LISTS_OF = frozenset({"/api/v1/incidents/of/{kind}/{ref}"})
# Lists that are asked for by POST, since the asking is kept.
POSTED_LISTS = frozenset({"/api/v1/sync/changes"})
ALLOW, DENY, OPEN, NOBODY = "allow", "deny", "open", "401"


@dataclass(frozen=True)
class Row:
    """`relation` of the thing to the asker's county, "" where the plain thing is meant; `tier` of
    the asker's desk, "" for a county's."""

    number: int
    method: str
    path: str
    role: str
    relation: str
    tier: str
    expected: str
    why: str

    def __str__(self) -> str:
        named = [self.method, self.path, self.role, self.relation, self.tier, self.expected]
        return f"line {self.number}: {' '.join(n for n in named if n)} ({self.why})"


def rows(name: str) -> list[Row]:
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return [
            Row(
                number, line["method"], line["path"], line["role"], line.get("relation", ""),
                line.get("tier", ""), line["expected"], line["why"],
            )
            for number, line in enumerate(csv.DictReader(file), start=2)
        ]  # fmt: skip


def seated(routes: list[Row], seats: list[Row]) -> list[Row]:
    """Each row of `routes` for a desk of another tier, the tiers in turn, and all of `seats`: what
    is not written there is as at a county. Over its roles, a route meets every tier."""
    written = {(r.method, r.path, r.role, r.tier) for r in seats}
    turns = itertools.cycle(SEATS)
    signed_in = [r for r in routes if r.role != ANONYMOUS and r.expected != OPEN]
    plain = [replace(r, tier=tier) for r, tier in zip(signed_in, turns, strict=False)]
    return seats + [r for r in plain if (r.method, r.path, r.role, r.tier) not in written]


def operations(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(m.upper(), path) for path, item in document["paths"].items() for m in item}


def difference(scene: Scene, row: Row) -> str:
    """What is otherwise than the row says; "" when nothing is."""
    seat = SEATS[row.tier] if row.tier else HOME
    unit = RELATIONS[row.relation] if row.relation else seat
    question = Question(scene, row.method, row.path, scene.asker(row.role, seat), unit)
    answer = question.ask()
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    is_list = "{" not in row.path or row.path in LISTS_OF
    asked = row.method == "GET" or row.path in POSTED_LISTS
    if row.relation and asked and is_list:
        return _of_list(row, answer, question.thing)
    return _of_status(row, answer)


def _of_status(row: Row, answer: httpx.Response) -> str:
    status = answer.status_code
    said = f"answers {status}: {answer.text[:300]}"
    if row.expected == NOBODY:
        return "" if status == 401 else said
    if row.expected == OPEN:
        # A way in refuses what it is shown, never for want of having signed in.
        told = "Sign in first" in answer.text
        return said if told or (status == 403 and "reason" in answer.json()) else ""
    if row.expected == DENY:
        # What is asked by HEAD is answered without a body.
        reason = status == 403 and (row.method == "HEAD" or _reason(answer))
        return "" if reason else said
    assert row.expected == ALLOW, str(row)
    # Who has signed in may still have to show a password again, or may show a wrong one.
    return said if status == 403 or (status == 401 and "Sign in first" in answer.text) else ""


def _reason(answer: httpx.Response) -> bool:
    """A refusal says why: in both languages where a policy decided, else in a sentence."""
    body = answer.json()
    return set(body.get("reason", {})) == {"zh", "en"} or bool(body["detail"])


def _of_list(row: Row, answer: httpx.Response, thing: str) -> str:
    """Whether the list shows the thing."""
    text = _text(answer) if answer.status_code == 200 else ""
    shown = bool(thing) and thing in text
    if shown == (row.expected == ALLOW):
        return ""
    return f"answers {answer.status_code}, {'shows' if shown else 'does not show'} {thing!r}"


def _text(answer: httpx.Response) -> str:
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))


def roles_of(found: list[Row]) -> set[str]:
    return {row.role for row in found} - {ANONYMOUS}
