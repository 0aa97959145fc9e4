"""Decisions: deny by default, forbid wins, and an error in a rule denies too.

A decision costs what Cedar must parse and evaluate. Policies are parsed once. Most of several
hundred rules cannot apply to a given action, role and purpose; so requests alike in such facts
share a prepared slice (access/slices.py), made when it is first met. Entities are fresh in every
request and are two: the user and the thing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import cedarpy
import orjson

from littoral.access.agreements import list_with_agreements, with_agreements
from littoral.access.filter import Filter, from_residuals
from littoral.access.request import Circumstances, Principal, Resource, one_of
from littoral.access.rules import PolicyFiles, Rule, est_document
from littoral.access.sets import set_hash
from littoral.access.slices import AsksWho, Slice, facts_key, facts_of, limits_of, met, prepared
from littoral.access.words import ACTIONS

# Slices kept at once; a deployment meets some hundreds, and making one takes about a millisecond.
MAX_SLICES = 8192

NOTHING_ALLOWS = ("没有规则允许此操作。", "No rule allows this.")
FAILED = ("规则执行出错，按拒绝处理。", "A rule failed, which counts as a refusal.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ids` are the deciding rules: the permits if allowed, else the forbids (none: no permit)."""

    allowed: bool
    ids: tuple[str, ...]
    zh: str
    en: str
    policy_hash: str


class Decider:
    """One policy set, prepared. Safe to share between threads.

    `leave_out` names rules that do not count, for "what if" in explanations and tests.
    """

    def __init__(
        self,
        files: PolicyFiles,
        *,
        first_start: bool = False,
        leave_out: Collection[str] = (),
    ) -> None:
        self.files = files
        self.first_start = first_start
        self.hash = set_hash(files)
        self.rules: Mapping[str, Rule] = {
            name: rule for name, rule in files.rules.items() if name not in leave_out
        }
        self._by_action = {
            action: [r for r in self.rules.values() if r.actions is None or action in r.actions]
            for action in ACTIONS
        }
        self._limits_us = limits_of(self.rules.values())
        self._slices: dict[tuple[str, tuple[object, ...]], Slice] = {}
        self._prepared: dict[str, Slice] = {}

    def decide(
        self, principal: Principal, action: str, resource: Resource, context: Circumstances
    ) -> Verdict:
        """May `principal` do `action` on `resource`? Raises BadRequest for an unknown action."""
        if principal.received:
            resource = with_agreements(principal, action, resource)
        part = self._slice(principal, action, context, resource)
        if part.answer is not None:
            return self._verdict(part.answer)
        entities = cedarpy.Entities.from_json_str(
            orjson.dumps(
                (principal.entity(part.principal), resource.entity(part.resource))
            ).decode()
        )
        request = {
            "principal": {"type": "User", "id": principal.id},
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Thing", "id": resource.id},
            "context": orjson.dumps(context.record(part.context, self.first_start)).decode(),
        }
        return self._verdict(cedarpy.is_authorized(request, part.policies, entities))

    def list_filter(self, principal: Principal, action: str, context: Circumstances) -> Filter:
        """Which things `principal` may do `action` on, as a condition on their attributes.

        Cedar evaluates the rules with the thing unknown; what is left over is the condition.
        """
        part = self._slice(principal, action, context, None)
        result = cedarpy.is_authorized_partial(
            {
                "principal": f'User::"{principal.id}"',
                "action": f'Action::"{action}"',
                "context": context.record(part.context, self.first_start),
            },
            part.policies,
            orjson.dumps((principal.entity(part.principal),)).decode(),
        )
        found = from_residuals(result)
        return list_with_agreements(principal, action, found) if principal.received else found

    def asks_who(self, principal: Principal, action: str, context: Circumstances) -> AsksWho:
        """How `list_filter` may differ for users who are alike in all but their ids; `as owner`:
        as `filter.owned_by` says."""
        return self._slice(principal, action, context, None).asks_who

    def _slice(
        self, principal: Principal, action: str, context: Circumstances, resource: Resource | None
    ) -> Slice:
        key = (action, facts_key(principal, context, resource, self.first_start, self._limits_us))
        found = self._slices.get(key)
        if found is None:
            one_of("action", action, ACTIONS)
            document = est_document(met(self._by_action[action], facts_of(key[1], self._limits_us)))
            found = self._prepared.get(document) or prepared(document)
            if len(self._slices) >= MAX_SLICES:
                self._slices.clear()
                self._prepared.clear()
            self._slices[key] = self._prepared[document] = found
        return found

    def _verdict(self, answer: cedarpy.AuthzResult) -> Verdict:
        ids = answer.diagnostics.reasons
        if answer.diagnostics.errors:
            return Verdict(False, (), *FAILED, self.hash)
        if not ids:
            return Verdict(False, (), *NOTHING_ALLOWS, self.hash)
        ordered = sorted(ids, key=lambda i: self.rules[i].order)
        first = self.rules[ordered[0]]
        return Verdict(answer.allowed, tuple(ordered), first.zh, first.en, self.hash)
