"""Decisions: deny by default, forbid wins, and an error in a rule denies too.

A decision costs what Cedar must parse and evaluate. Policies are parsed once. Of several hundred
rules those of other actions, and those of roles that the user has not, cannot apply; so each pair
of action and roles has its own prepared slice, made when it is first met. Entities are fresh in
every request and are two: the user and the thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import cedarpy
import orjson

from littoral.access.filter import Filter, from_residuals
from littoral.access.request import Circumstances, Principal, Resource, one_of
from littoral.access.rules import PolicyFiles, Rule, est_document
from littoral.access.sets import set_hash
from littoral.access.words import ACTIONS

# Slices kept at once: 40 actions times the few sets of roles that a deployment gives out.
MAX_SLICES = 4096

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
    """One policy set, prepared. Safe to share between threads: slices are only ever added."""

    def __init__(self, files: PolicyFiles, *, first_start: bool = False) -> None:
        self.files = files
        self.first_start = first_start
        self.hash = set_hash(files)
        self.rules: Mapping[str, Rule] = files.rules
        self._slices: dict[tuple[str, tuple[str, ...]], cedarpy.PolicySet] = {}

    def decide(
        self, principal: Principal, action: str, resource: Resource, context: Circumstances
    ) -> Verdict:
        """May `principal` do `action` on `resource`? Raises BadRequest for an unknown action."""
        policies = self._slice(action, principal.roles)
        entities = cedarpy.Entities.from_json_str(
            orjson.dumps((principal.entity(), resource.entity())).decode()
        )
        request = {
            "principal": {"type": "User", "id": principal.id},
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Thing", "id": resource.id},
            "context": orjson.dumps(context.record(self.first_start)).decode(),
        }
        answer = cedarpy.is_authorized(request, policies, entities)
        found = answer.diagnostics
        return self._verdict(answer.allowed, found.reasons, found.errors)

    def list_filter(self, principal: Principal, action: str, context: Circumstances) -> Filter:
        """Which things `principal` may do `action` on, as a condition on their attributes.

        Cedar evaluates the rules with the thing unknown; what is left over is the condition.
        """
        policies = self._slice(action, principal.roles)
        result = cedarpy.is_authorized_partial(
            {
                "principal": f'User::"{principal.id}"',
                "action": f'Action::"{action}"',
                "context": context.record(self.first_start),
            },
            policies,
            orjson.dumps((principal.entity(),)).decode(),
        )
        return from_residuals(result)

    def slice_ids(self, action: str, roles: tuple[str, ...]) -> list[str]:
        """The rules that a request for `action` by a user with `roles` can meet."""
        return [rule.id for rule in self._met(action, roles)]

    def _met(self, action: str, roles: tuple[str, ...]) -> list[Rule]:
        return [
            rule
            for rule in self.rules.values()
            if (rule.actions is None or action in rule.actions)
            and (rule.role is None or rule.role in roles)
        ]

    def _slice(self, action: str, roles: tuple[str, ...]) -> cedarpy.PolicySet:
        key = (action, roles)
        prepared = self._slices.get(key)
        if prepared is None:
            one_of("action", action, ACTIONS)
            prepared = cedarpy.PolicySet.from_json_str(
                est_document(self._met(action, roles), any_action=True)
            )
            if len(self._slices) < MAX_SLICES:
                self._slices[key] = prepared
        return prepared

    def _verdict(self, allowed: bool, ids: list[str], errors: list[str]) -> Verdict:
        if errors:
            return Verdict(False, (), *FAILED, self.hash)
        if not ids:
            return Verdict(False, (), *NOTHING_ALLOWS, self.hash)
        ordered = sorted(ids, key=lambda i: self.rules[i].order)
        first = self.rules[ordered[0]]
        return Verdict(allowed, tuple(ordered), first.zh, first.en, self.hash)


def shown(verdict: Verdict) -> str:
    """A verdict as JSON, for logs and command lines."""
    return json.dumps(
        {
            "allowed": verdict.allowed,
            "ids": list(verdict.ids),
            "zh": verdict.zh,
            "en": verdict.en,
            "policy_hash": verdict.policy_hash,
        },
        ensure_ascii=False,
    )
