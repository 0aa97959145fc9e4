"""What of a case somebody sees beyond that it is there: persons of elsewhere, and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from littoral.access import Resource
from littoral.api.gate import Actor, Gate, of_case, of_unit, under_case, without_agreements
from littoral.engine.reconciling import SERVER
from littoral.store.sync.records import FileOf
from littoral.store.vault import cases, persons
from littoral.store.vault.cases import Case
from littoral.store.vault.grants import Grant
from littoral.store.vault.persons import Origin

HOUR_US = 3_600_000_000


def reads_reason(gate: Gate, who: Actor, case: Case, grant: Grant) -> bool:
    """Whose access it is, who approved it, who may approve or review it: not whoever sees no more
    than that there is a case, as an auditor does."""
    facts = grant.facts
    if who.ref in (facts.who, facts.requested_by, *facts.approvers):
        return True
    action = "breakglass.review" if facts.kind == "break_glass" else "grant.approve"
    data_class = "operational" if facts.kind == "break_glass" else facts.data_class
    thing = of_case(
        gate, "case", case, data_class=data_class, owner=facts.requested_by.removeprefix("account:")
    )
    context = under_case(gate, who, case, grant_until_us=facts.until_us, second_person=True)
    return gate.decide(who, action, thing, context).allowed


def sees_file(gate: Gate | None, who: Actor, file: FileOf | None) -> bool:
    """Whether what a phone sent is shown where it is kept: to who may see evidence of its class
    there."""
    if gate is None or file is None:
        return True
    case = cases.frame(gate.trust.vault, file.case_id)
    data_class = "personal" if file.shows_people else "operational"
    thing = of_case(gate, "evidence", case, file.evidence_id, data_class)
    return gate.decide(who, "evidence.read", thing, under_case(gate, who, case)).allowed


def title_for(gate: Gate, who: Actor, case: Case) -> str | None:
    """None where its key was destroyed, or the policies do not show them the case."""
    seen = gate.decide(who, "case.read", of_case(gate, "case", case), under_case(gate, who, case))
    return case.title if seen.allowed else None


def opens(gate: Gate, who: Actor, case: Case) -> list[str]:
    """Lists of the case that its page may ask for: a refusal to a page that only looked would stand
    in the log as somebody's attempt."""
    until_us = gate.trust.now_us() + HOUR_US
    persons_of = gate.decide(
        who, "grant.request", of_case(gate, "case", case, data_class="personal"),
        under_case(gate, who, case, grant_until_us=until_us),
    )  # fmt: skip
    grants_of = gate.decide(
        without_agreements(who), "case.read", of_case(gate, "case", case),
        under_case(gate, who, case),
    )  # fmt: skip
    return ["subjects"] * persons_of.allowed + ["grants"] * grants_of.allowed


def permit_persons(
    gate: Gate, who: Actor, action: str, subjects: Sequence[str], case: Case, grant: Grant
) -> None:
    """Asks of each person what `by_grant` asked of the asker's case: somebody collected elsewhere,
    or for something else, is a thing of that case. Raises a 403 problem, NotThere, Erased."""
    found = persons.origins(gate.trust.vault, subjects)
    context = under_case(gate, who, case, grant)
    for thing in things_of(gate, found, grant.facts.data_class).values():
        gate.require(who, action, thing, context)


def things_of(gate: Gate, found: Mapping[str, Origin], data_class: str) -> dict[str, Resource]:
    """Persons as the policies take them: of the unit and agency whose case they are in, and for
    what they were collected."""
    vault = gate.trust.vault
    frames = {key: cases.frame(vault, key) for key in {o.case for o in found.values()}}
    return {
        i: of_unit(
            gate, "subject", frames[o.case].unit, i, data_class, frames[o.case].agency,
            case=o.case, purpose=o.purpose,
        )
        for i, o in found.items()
    }  # fmt: skip


def require_opener(gate: Gate, who: Actor, case: Case) -> None:
    """A case that the server opened for files that phones sent holds files alone, until somebody
    works in it who may open such a case. Raises a 403 problem."""
    if case.opened_by == SERVER:
        gate.require(who, "case.open", of_case(gate, "case", case), under_case(gate, who, case))
