"""The policies as text and as rules.

A set is one schema and named `.cedar` files. Parsing is Cedar's; here a rule is only looked at from
outside: its id, its sentences and the actions in its head.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import cedarpy

SCHEMA_FILE = "schema.cedarschema"
# Up to the semicolon that is neither in a string nor in a comment; or what follows the last one.
_STATEMENT = re.compile(
    r'(?P<rule>(?:(?>"(?:[^"\\]|\\.)*")|(?>//[^\n]*)|[^;"/]|/(?!/))+;)|(?:\s|//[^\n]*)+\Z'
)
_COMMENTS = re.compile(r"\A(?:\s+|//[^\n]*)+")


class BadPolicies(ValueError):
    """Policies that cannot be read; the message names the rule and the remedy."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `actions` is None if it holds for all; `text` is Cedar's JSON of it.

    It is kept as text: thousands of small objects would lengthen every collection of garbage.
    """

    id: str
    file: str
    effect: str
    actions: frozenset[str] | None
    zh: str
    en: str
    text: str
    order: int

    @property
    def est(self) -> Mapping[str, Any]:
        """Cedar's JSON, parsed anew."""
        return json.loads(self.text)


@dataclass(frozen=True)
class PolicyFiles:
    """A policy set as written: the schema's text and the text of each file by name."""

    schema: str
    policies: Mapping[str, str]

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id, in the order of files and lines.

        Raises BadPolicies if a file cannot be parsed or a rule lacks id or sentences.
        """
        found: dict[str, Rule] = {}
        for file, text in sorted(self.policies.items()):
            for est in parsed(file, text):
                rule = rule_of(file, est, len(found))
                if rule.id in found:
                    raise BadPolicies(f"{file}: the id {rule.id} stands twice")
                found[rule.id] = rule
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        """Every rule as it is written, without the comments before it, by its id. Raises as
        above."""
        found: dict[str, str] = {}
        for file, text in sorted(self.policies.items()):
            ids = [rule.id for rule in self.rules.values() if rule.file == file]
            rules = [one["rule"] for one in _STATEMENT.finditer(text) if one["rule"] is not None]
            found |= zip(ids, (_COMMENTS.sub("", rule) for rule in rules), strict=True)
        return found


def shipped() -> PolicyFiles:
    """The set that comes with Littoral."""
    here = resources.files("littoral.access")
    return PolicyFiles(
        here.joinpath(SCHEMA_FILE).read_text("utf-8"),
        {
            entry.name: entry.read_text("utf-8")
            for entry in here.joinpath("policies").iterdir()
            if entry.name.endswith(".cedar")
        },
    )


@lru_cache(maxsize=256)
def parsed(file: str, text: str) -> tuple[Mapping[str, Any], ...]:
    """The policies of one file as Cedar's JSON, in the order of the file. Kept: a set is read when
    it is loaded, compared, shown and signed, and its files seldom change."""
    try:
        document = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise BadPolicies(f"{file}: {error}") from None
    if document["templates"]:
        raise BadPolicies(f"{file}: holds a template; write the rule out")
    # Cedar names them policy0, policy1 ... in the order of the text.
    names = sorted(document["staticPolicies"], key=lambda n: int(n.removeprefix("policy")))
    return tuple(document["staticPolicies"][name] for name in names)


def rule_of(file: str, est: Mapping[str, Any], order: int) -> Rule:
    notes = est.get("annotations", {})
    rule_id = notes.get("id") or ""
    missing = [name for name in ("id", "zh", "en") if not notes.get(name)]
    if missing:
        where = rule_id or f"rule {order}"
        raise BadPolicies(f"{file}: {where} lacks @{' and @'.join(missing)}")
    if est["principal"]["op"] != "All" or est["resource"]["op"] != "All":
        raise BadPolicies(
            f"{file}: {rule_id} names a principal or resource in its head; "
            "state roles and attributes in `when`, so that lists can be filtered"
        )
    actions = actions_of(est["action"])
    return Rule(
        rule_id, file, est["effect"], actions, notes["zh"], notes["en"], json.dumps(est), order
    )


def actions_of(head: Mapping[str, Any]) -> frozenset[str] | None:
    if head["op"] == "All":
        return None
    entities = head["entities"] if "entities" in head else [head["entity"]]
    return frozenset(entity["id"] for entity in entities)


def est_document(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Cedar's JSON of some rules by id; each keeps its id, so that diagnostics name it."""
    return json.dumps({"staticPolicies": rules, "templates": {}, "templateLinks": []})
