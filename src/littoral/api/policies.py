"""`/policies`: how the set on disk stands, what it changes; propose it, sign it.

These answer while no policies are in force too: judged by those that were last, or else nobody
could ever bring an upgrade into force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from littoral.access import BadPolicies, Decider, PolicyFiles, Resource
from littoral.access.rules import Rule
from littoral.access.sets import NEEDED
from littoral.api.fields import Time
from littoral.api.gate import (
    Acting,
    Actor,
    Gate,
    described,
    of_the_province,
)
from littoral.api.names import names_of
from littoral.api.oversight.sight import Door
from littoral.api.problems import ProblemError
from littoral.api.wire import Json, iso, iso_or_none
from littoral.engine.policy_sets import Difference, PolicySets, Proposal, SigningRefused
from littoral.store.people.own_credentials import proved_lately

router = APIRouter(tags=["oversight"])

AGAIN = "Sign in again before you propose or sign policies."


class PolicyHashInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hash: str = Field(
        pattern="^sha256:[0-9a-f]{64}$", description="of the set that was read, as `/policies` has"
    )


class RuleSentenceModel(BaseModel):
    effect: Literal["permit", "forbid"]
    zh: str
    en: str
    text: str = Field(description="as it is written, in Cedar")


class PolicyRuleModel(RuleSentenceModel):
    id: str
    file: str


class RuleDifferenceModel(BaseModel):
    id: str
    before: RuleSentenceModel | None = Field(description="null: the rule is new")
    after: RuleSentenceModel | None = Field(description="null: the rule is gone")


class PolicySignatureModel(BaseModel):
    account: str
    name: str | None
    kind: Literal["ordinary", "first_start"]
    signed: Time
    expires: Time | None
    counts: bool
    zh: str = Field(description="why it does not count; empty if it does")
    en: str


class PolicyProposalModel(BaseModel):
    account: str
    name: str | None
    at: Time


class PolicyLastModel(BaseModel):
    hash: str
    state: Literal["signed", "first_start"]


class PolicyMayModel(BaseModel):
    allowed: bool
    zh: str
    en: str


class PolicyStandingModel(BaseModel):
    hash: str = Field(description="of the set on disk")
    state: Literal["signed", "first_start", "refused"] = Field(
        description="refused: all but these routes answers 503"
    )
    zh: str
    en: str
    expires: Time | None = Field(description="of a first start")
    needed: int = Field(description="signatures of different policy signers")
    last: PolicyLastModel | None = Field(description="the set in force now, or that was last")
    proposal: PolicyProposalModel | None
    signatures: list[PolicySignatureModel]
    changed: list[RuleDifferenceModel] = Field(description="against `last`")
    files: list[str] = Field(description="whose text differs from that of `last`")
    rules: list[PolicyRuleModel] | None = Field(
        description="every rule of the set on disk, in the order of files and lines; null: not "
        "asked for with `rules=true`"
    )
    propose: PolicyMayModel = Field(description="whether the caller may")
    sign: PolicyMayModel


@router.get(
    "/policies",
    response_model=PolicyStandingModel,
    summary="How the policy set on disk stands, who signed it and what it changes",
    **described("policy.read"),
)
def get_policies(
    gate: Door,
    who: Acting,
    rules: Annotated[bool, Query(description="with every rule as it is written")] = False,
) -> Json:
    decider = gate.trust.decider_of_signing()
    gate.require(who, "policy.read", of_the_province("policy"), decider=decider)
    return Json(_shown(gate, who) | ({"rules": _rules(gate.trust.sets.files)} if rules else {}))


@router.post(
    "/policies/proposal",
    response_model=PolicyStandingModel,
    summary="Propose the policy set on disk",
    responses={409: {"description": "Another set is on disk, it is in force, or proposed already"}},
    **described("policy.propose"),
)
def propose_policies(gate: Door, who: Acting, body: PolicyHashInput) -> Json:
    """Signatures that it had under the proposal of somebody else fall."""
    _require(gate, who, "policy.propose", body.hash)
    with _refusals():
        gate.trust.sets.propose(who.id, gate.trust.now_us())
    return Json(_shown(gate, who))


@router.post(
    "/policies/signatures",
    response_model=PolicyStandingModel,
    summary="Sign the policy set on disk, as another person than the one who proposed it",
    responses={409: {"description": "Another set is on disk, it is in force, or signed already"}},
    **described("policy.sign"),
)
def sign_policies(gate: Door, who: Acting, body: PolicyHashInput) -> Json:
    """By the second policy signer the set comes into force, without a restart."""
    _require(gate, who, "policy.sign", body.hash)
    trust = gate.trust
    before = trust.refresh().state
    with _refusals():
        trust.sets.sign(who.id, trust.keys, trust.now_us())
    now = trust.refresh()
    if now.loaded and now.state != before:
        trust.tell(
            "system:server", "policy.load", _ref(body.hash), "done", state=now.state,
            accounts=list(now.accounts),
        )  # fmt: skip
    return Json(_shown(gate, who))


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be proposed or signed so becomes a conflict."""
    try:
        yield
    except SigningRefused as error:
        raise ProblemError(409, str(error)) from error


def _require(gate: Gate, who: Actor, action: str, read: str) -> None:
    """Allowed, logged, by a proof of who it is within the last quarter of an hour, and the set that
    was read is the one on disk. Raises 403 and 409 problems."""
    trust = gate.trust
    decider = trust.decider_of_signing()
    proposal = trust.sets.proposal()
    gate.require(
        who, action, _thing(trust.sets, proposal),
        gate.circumstances(who, second_person=_another(who, proposal)),
        _ref(trust.sets.hash), decider, decided_by=decider.hash,
    )  # fmt: skip
    session = who.identity.session if who.identity is not None else None
    if not proved_lately(gate.people.base, session):
        raise ProblemError(403, AGAIN, more={"needs": "sign_in"})
    if read != trust.sets.hash:
        raise ProblemError(409, f"Another set is on disk: {trust.sets.hash}.")


def _thing(sets: PolicySets, proposal: Proposal | None) -> Resource:
    """Of a set with other rules than the one last in force nobody can say by machine that it
    permits no more: it always takes a second person, who read the difference."""
    last = sets.last()
    kind = "policy" if last is not None and last[0]["hash"] == sets.hash else "weakening"
    return of_the_province(
        kind, sets.hash.removeprefix("sha256:"), owner="" if proposal is None else proposal.account
    )


def _another(who: Actor, proposal: Proposal | None) -> bool:
    return proposal is not None and proposal.account != who.id


def _ref(policy_hash: str) -> str:
    return f"policy:{policy_hash.removeprefix('sha256:')}"


def _shown(gate: Gate, who: Actor) -> dict[str, Any]:
    trust, sets = gate.trust, gate.trust.sets
    known, decider, now_us = trust.refresh(), trust.decider_of_signing(), trust.now_us()
    proposal, last, signed = sets.proposal(), sets.last(), sets.signed(now_us)
    accounts = {one.account for one, _ in signed} | ({proposal.account} if proposal else set())
    names = names_of(gate, [f"account:{a}" for a in accounts])
    changed, files = sets.changed()
    before = {} if last is None or not changed else _texts(last[1])
    return {
        "hash": sets.hash,
        "state": known.state,
        "zh": known.zh,
        "en": known.en,
        "expires": iso(known.expires_us) if known.expires_us else None,
        "needed": NEEDED,
        "last": None if last is None else {"hash": last[0]["hash"], "state": last[0]["state"]},
        "proposal": None if proposal is None else {
            "account": proposal.account,
            "name": names.get(f"account:{proposal.account}"),
            "at": iso(proposal.at_us),
        },
        "signatures": [
            {
                "account": one.account,
                "name": names.get(f"account:{one.account}"),
                "kind": one.kind,
                "signed": iso(one.signed_us),
                "expires": iso_or_none(one.expires_us or None),
                "counts": fault is None,
                "zh": "" if fault is None else fault[0],
                "en": "" if fault is None else fault[1],
            }
            for one, fault in signed
        ],
        "changed": [_difference(one, before, sets.files.texts) for one in changed],
        "files": files,
        "rules": None,
        "propose": _may(gate, who, "policy.propose", decider, proposal),
        "sign": _may(gate, who, "policy.sign", decider, proposal),
    }  # fmt: skip


def _may(
    gate: Gate, who: Actor, action: str, decider: Decider, proposal: Proposal | None
) -> dict[str, Any]:
    context = gate.circumstances(who, second_person=_another(who, proposal))
    found = gate.decide(who, action, _thing(gate.trust.sets, proposal), context, decider)
    return {"allowed": found.allowed, "zh": found.zh, "en": found.en}


def _difference(
    one: Difference, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": one.id,
        "before": None if one.before is None else _sentence(one.before, before),
        "after": None if one.after is None else _sentence(one.after, after),
    }


def _texts(files: PolicyFiles) -> Mapping[str, str]:
    """Of a set of before, which may be one that can no longer be read."""
    try:
        return files.texts
    except BadPolicies:
        return {}


def _rules(files: PolicyFiles) -> list[dict[str, str]]:
    return [
        {"id": rule.id, "file": rule.file, **_sentence(rule, files.texts)}
        for rule in files.rules.values()
    ]


def _sentence(rule: Rule, texts: Mapping[str, str]) -> dict[str, str]:
    return {"effect": rule.effect, "zh": rule.zh, "en": rule.en, "text": texts[rule.id]}
