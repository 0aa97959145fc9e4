"""Questions as lines of a table, by the vocabulary of README.md in this folder."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from littoral.access import Circumstances, Decider, Principal, Resource, Verdict
from littoral.access.request import agency_at

HERE = Path(__file__).parent
DAY_US = 86_400_000_000
NOW_US = 1_800_000_000_000_000
CASE, OTHER_CASE = "case-1", "case-2"
PLACES = {
    "province": ("46",),
    "city": ("4690", "46"),
    "township": ("469028", "4690", "46"),
    "village": ("469028100", "469028", "4690", "46"),
    "grid": ("469028100-7", "469028100", "469028", "4690", "46"),
}
# An area outside each of these.
OTHER = ("4401", "44")
FIELDS = ("role", "tier", "agency", "action", "data_class", "condition", "expected")


@dataclass(frozen=True)
class Question:
    principal: Principal
    action: str
    resource: Resource
    context: Circumstances
    first_start: bool = False

    def ask(self, decider: Decider) -> Verdict:
        assert decider.first_start is self.first_start
        return decider.decide(self.principal, self.action, self.resource, self.context)


def lines(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def question(line: dict[str, str]) -> Question:
    """The request that a line of the table stands for. Raises KeyError for an unknown word."""
    roles = tuple(line["role"].split("+"))
    agency, place = line["agency"], PLACES[line["tier"]]
    asked = Question(
        Principal(
            "user-1", roles, agency, "unit-a", line["tier"], place,
            "key" if roles == ("system",) else "totp",
        ),
        line["action"],
        Resource(line["data_class"], "thing-1", "unit-a", agency, place),
        Circumstances(now_us=NOW_US, network="internal"),
    )  # fmt: skip
    for word in line["condition"].split("+"):
        name, _, value = word.partition("=")
        asked = VALUED[name](asked, value) if value else WORDS[name](asked)
    return asked


def user(asked: Question, **changes: object) -> Question:
    return replace(asked, principal=replace(asked.principal, **changes))


def thing(asked: Question, **changes: object) -> Question:
    return replace(asked, resource=replace(asked.resource, **changes))


def why(asked: Question, **changes: object) -> Question:
    return replace(asked, context=replace(asked.context, **changes))


def elsewhere(asked: Question, shared_with: tuple[str, ...] = ()) -> Question:
    return thing(other_agency(asked), unit="unit-b", areas=OTHER, shared_with=shared_with)


def other_agency(asked: Question) -> Question:
    other = "customs" if asked.principal.agency != "customs" else "police"
    return thing(asked, unit="unit-b", agency=other)


def beside(asked: Question, **changes: object) -> Question:
    return thing(other_agency(asked), unit=asked.principal.unit, **changes)


def joint(asked: Question) -> Question:
    user = asked.principal
    return beside(asked, shared_with=(agency_at(user.agency, user.unit),))


def daily_purpose(principal: Principal) -> str:
    """By the table in README.md; the first role counts."""
    role = principal.roles[0]
    if role in ("watch_officer", "watch_lead"):
        return "search_and_rescue"
    if role in ("investigator", "analyst", "agency_lead"):
        special = {"border_inspection": "border_control", "maritime": "safety_at_sea"}
        return special.get(principal.agency, "anti_smuggling")
    if role in ("county_clerk", "grid_worker"):
        return "neighbourhood_governance"
    if role == "health_officer":
        return "epidemic_control"
    return "oversight" if role in ("auditor", "data_protection_officer") else "system_operation"


def with_case(asked: Question, **changes: object) -> Question:
    purpose = daily_purpose(asked.principal)
    basis = {
        "epidemic_control": "public_health_emergency",
        "search_and_rescue": "vital_interest",
    }.get(purpose, "statutory_duty")
    framed = why(
        asked, purpose=purpose, legal_basis=basis, case=CASE, case_open=True,
        case_unit=asked.principal.unit, grant_until_us=NOW_US + DAY_US,
    )  # fmt: skip
    return why(framed, **changes)


WORDS: dict[str, Callable[[Question], Question]] = {
    "plain": lambda q: q,
    "own_area": lambda q: q,
    "other_unit": lambda q: thing(q, unit="unit-b"),
    "other_agency": other_agency,
    "other_area": elsewhere,
    "other_area_same_agency": lambda q: thing(q, unit="unit-b", areas=OTHER),
    "shared": lambda q: elsewhere(q, (q.principal.unit,)),
    "shared_agency": lambda q: elsewhere(q, (q.principal.agency,)),
    "beside": beside,
    "joint": joint,
    "with_case": with_case,
    "closed_case": lambda q: with_case(q, case_open=False),
    "no_case": lambda q: with_case(q, case="", case_open=False, case_unit=""),
    "foreign_case": lambda q: with_case(q, case_unit="unit-b"),
    "expired_grant": lambda q: with_case(q, grant_until_us=NOW_US - DAY_US),
    "no_grant": lambda q: with_case(q, grant_until_us=0),
    "no_purpose": lambda q: why(q, purpose=""),
    "no_basis": lambda q: why(q, legal_basis=""),
    "second_person": lambda q: why(q, second_person=True),
    "break_glass": lambda q: why(
        q, purpose="emergency", legal_basis="vital_interest", case="", case_open=False,
        case_unit="", break_glass=True, grant_until_us=NOW_US + DAY_US,
    ),
    "low_assurance": lambda q: user(q, assurance="password"),
    "suspended": lambda q: user(q, active=False),
    "own_matter": lambda q: thing(q, owner=q.principal.id),
    "first_start": lambda q: replace(q, first_start=True),
}  # fmt: skip
VALUED: dict[str, Callable[[Question, str], Question]] = {
    "elsewhere": lambda q, v: user(q, elsewhere=(v,)),
    "agency_elsewhere": lambda q, v: user(q, agencies_elsewhere=(v,)),
    "purpose": lambda q, v: why(q, purpose=v),
    "basis": lambda q, v: why(q, legal_basis=v),
    "network": lambda q, v: why(q, network=v),
    "assurance": lambda q, v: user(q, assurance=v),
    "kind": lambda q, v: thing(q, kind=v),
    "for": lambda q, v: thing(q, purpose=v),
    "thing_case": lambda q, v: thing(q, case=CASE if v == "own" else OTHER_CASE),
    "until": lambda q, v: why(q, grant_until_us=NOW_US + int(v.removesuffix("d")) * DAY_US),
}
