"""`/me/pages`: which pages the caller's roles open, what they may do there, how the policies stand.

It saves a person from doors that do not open. Each route asks the policies again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from littoral.access import Circumstances, Resource
from littoral.access.words import PURPOSES
from littoral.api.cases import Agency
from littoral.api.deps import Engine
from littoral.api.gate import Acting, Actor, Gate, gate_of, of_the_province, of_unit
from littoral.api.second_person import kinds_for
from littoral.api.settings import PolicyModel, policy_model
from littoral.api.signin.models import NameModel

PageName = Literal[
    "map", "incidents", "tasks", "cases", "duty", "changes", "oversight", "people",
    "forms", "bulletins", "past", "ask", "figures",
]  # fmt: skip
HOUR_US = 3_600_000_000

# Action and kind of thing; a page opens where one of them is allowed. The first that opens is
# where somebody begins: an administrator with the accounts.
OPENS: dict[PageName, tuple[tuple[str, str], ...]] = {
    "map": (("picture.read", "picture"),),
    "incidents": (("incident.read", "incident"),),
    "tasks": (("task.read", "task"),),
    "cases": (("case.read", "case"),),
    "duty": (("shift.read", "duty"),),
    "forms": (("form.answers", "form"), ("form.write", "form")),
    "people": (("user.read", "user"),),
    "changes": (
        ("fence.read", "change"),
        ("detector.read", "detector"),
        ("oversight.read", "dismissals"),
        ("policy.sign", "policy"),
    ),
    "oversight": (("oversight.read", "oversight"),),
    "bulletins": (("bulletin.read", "bulletin"),),
    "past": (("history.read", "track"),),
    "ask": (("history.read", "track"),),
    "figures": (("history.read", "figures"),),
}
# What is listed there is the whole province's, so that a right for the own unit opens nothing.
PROVINCES: frozenset[PageName] = frozenset({"changes", "past", "ask", "figures"})
# What the pages offer, with the class of data that it is about.
OFFERS = {
    "incident.report": "operational",
    "incident.act": "operational",
    "incident.close": "operational",
    "duty.plan": "operational",
    "duty.watch": "operational",
    "duty.handover": "operational",
    "duty.fault": "operational",
    "notice.read": "operational",
    "notice.send": "operational",
    "notice.note": "operational",
    "task.assign": "operational",
    "responder.read": "operational",
    "responder.manage": "operational",
    "responder.report": "operational",
    "form.write": "operational",
    "form.answers": "operational",
    "bulletin.write": "operational",
    "case.open": "operational",
    "case.close": "operational",
    "intake.write": "personal",
    "grant.request": "personal",
    "grant.approve": "personal",
    "breakglass.use": "personal",
    "breakglass.review": "operational",
    "evidence.add": "operational",
    "fence.write": "operational",
    "outage.write": "operational",
    "detector.read": "operational",
    "settings.write": "operational",
    "alert.act": "operational",
    "contact.add": "operational",
    "person.erase": "personal",
    "hold.write": "operational",
    "retention.run": "operational",
    "assessment.write": "operational",
    "report.export": "operational",
    "user.write": "operational",
    "unit.write": "operational",
    "sharing.read": "operational",
    "sharing.write": "operational",
    "key.write": "operational",
    "policy.propose": "operational",
    "policy.sign": "operational",
}
# The kind of thing by which an action is offered, where that is not its first word: a health
# officer puts out epidemic notices alone.
WITH_KIND = {"bulletin.write": "epidemic"}
BASES = ("statutory_duty", "vital_interest")

router = APIRouter(tags=["sign-in"])


class PlaceModel(BaseModel):
    unit: str = Field(description="code")
    unit_name: NameModel | None
    agency: Agency


class MyPagesModel(BaseModel):
    pages: list[PageName]
    may: dict[str, list[str]] = Field(
        description="action to the purposes for which the own unit's things are open to it; "
        "another thing or basis may still be refused"
    )
    places: list[PlaceModel] = Field(
        description="where the caller has roles; who has several says in which a case is opened"
    )
    changes: bool = Field(description="changes that two persons make may be listed")
    reviews: bool = Field(description="dismissals that wait for another desk's look may be read")
    policies: PolicyModel | None = Field(description="null: this server has no sign-in")
    time_zone: str = Field(
        description="IANA name, of the coast that is watched: for whoever opens no map too",
        examples=["Asia/Shanghai"],
    )


@router.get("/me/pages", summary="Pages that the caller's roles open")
def my_pages(request: Request, engine: Engine, who: Acting) -> MyPagesModel:
    gate, zone = gate_of(request), engine.settings.time_zone
    if gate is None:
        return MyPagesModel(
            pages=["map", "past", "ask", "figures"],
            may={},
            places=[],
            changes=True,
            reviews=True,
            policies=None,
            time_zone=zone,
        )
    pages: list[PageName] = [name for name in OPENS if _opens(gate, who, name)]
    found = {action: _purposes(gate, who, action, kept) for action, kept in OFFERS.items()}
    may = {action: purposes for action, purposes in found.items() if purposes}
    places = [_place(gate, p.unit, p.agency) for p in who.principals]
    dismissed = of_the_province("dismissed")  # as GET /reviews asks
    reviews = gate.decide(who, "alert.read", dismissed, gate.circumstances(who)).allowed
    return MyPagesModel(
        pages=pages, may=may, places=places, changes=bool(kinds_for(gate, who)), reviews=reviews,
        policies=policy_model(gate.trust), time_zone=zone,
    )  # fmt: skip


def _place(gate: Gate, unit: str, agency: str) -> PlaceModel:
    found = gate.people.directory.organisation().units.get(unit)
    name = None if found is None else NameModel(zh=found.name_zh, en=found.name_en)
    return PlaceModel.model_validate({"unit": unit, "unit_name": name, "agency": agency})


def _opens(gate: Gate, who: Actor, page: PageName) -> bool:
    purposes = {"oversight": ("oversight",), "cases": ("", "oversight")}.get(page, ("",))
    contexts = [gate.circumstances(who, purpose=purpose) for purpose in purposes]
    return any(
        gate.decide(who, action, thing, context).allowed
        for context in contexts
        for action, kind in OPENS[page]
        for thing in (of_the_province(kind), *_owned(gate, who, page, kind))
        # Whoever is sent sees the own task.
        for thing in ((thing, replace(thing, owner=who.id)) if kind == "task" else (thing,))
    )


def _owned(gate: Gate, who: Actor, page: PageName, kind: str) -> list[Resource]:
    return [] if page in PROVINCES else _own(gate, who, kind, "operational")


def _purposes(gate: Gate, who: Actor, action: str, data_class: str) -> list[str]:
    kind = WITH_KIND.get(action, action.partition(".")[0])
    things = _own(gate, who, kind, data_class)
    return [p for p in PURPOSES if any(_may(gate, who, action, thing, p) for thing in things)]


def _may(gate: Gate, who: Actor, action: str, thing: Resource, purpose: str) -> bool:
    context: Circumstances = gate.circumstances(
        who, purpose=purpose, case="own", case_open=True, case_unit=thing.unit,
        grant_until_us=gate.trust.now_us() + HOUR_US, second_person=True,
        break_glass=action == "breakglass.use",
    )  # fmt: skip
    thing = replace(thing, purpose=purpose)
    return any(
        gate.decide(who, action, thing, replace(context, legal_basis=basis)).allowed
        for basis in BASES
    )


def _own(gate: Gate, who: Actor, kind: str, data_class: str) -> list[Resource]:
    places = dict.fromkeys((p.unit, p.agency) for p in who.principals)
    return [
        of_unit(gate, kind, unit, data_class=data_class, agency=agency) for unit, agency in places
    ]
