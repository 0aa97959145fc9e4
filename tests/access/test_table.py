"""The table of expected verdicts, written by hand by somebody who has not read the policies."""

from __future__ import annotations

from collections import Counter

import pytest

from littoral.access import Decider, shipped
from littoral.access.words import ROLES, TIERS
from littoral.api.app import build_app
from littoral.api.gate import ACTION, DATA_CLASS
from tests.access.asking import FIELDS, HERE, lines, question

LINES = lines("verdicts.csv")


@pytest.fixture(scope="module")
def deciders() -> dict[bool, Decider]:
    files = shipped()
    return {first: Decider(files, first_start=first) for first in (False, True)}


def test_the_table_has_its_columns():
    first = (HERE / "verdicts.csv").read_text(encoding="utf-8").splitlines()[0]
    assert tuple(first.split(",")) == FIELDS


def test_every_question_of_the_table_is_answered_as_written(deciders):
    wrong = []
    for number, line in enumerate(LINES, start=2):
        assert line["expected"] in ("allow", "deny"), f"line {number}"
        asked = question(line)
        verdict = asked.ask(deciders[asked.first_start])
        if verdict.allowed != (line["expected"] == "allow"):
            wrong.append(f"line {number}: {','.join(line.values())}: {verdict.ids} {verdict.en}")
    assert wrong == []


def test_no_question_stands_twice_with_two_answers():
    answers = Counter()
    for line in LINES:
        answers[tuple(line[f] for f in FIELDS[:-1])] |= 1 << (line["expected"] == "allow")
    assert [key for key, seen in answers.items() if seen == 3] == []


def test_what_the_routes_ask_for_is_asked_for_every_role_and_tier():
    """Acts with their data class, as the operations of the OpenAPI document name them."""
    paths = build_app().openapi()["paths"].values()
    acts = {
        (operation[ACTION], operation[DATA_CLASS])
        for item in paths
        for operation in item.values()
        if ACTION in operation
    }
    of_role = {(line["action"], line["data_class"], line["role"]) for line in LINES}
    of_tier = {(line["action"], line["data_class"], line["tier"]) for line in LINES}
    assert len(acts) > 30
    assert (
        sorted((*act, role) for act in acts for role in ROLES if (*act, role) not in of_role) == []
    )
    assert (
        sorted((*act, tier) for act in acts for tier in TIERS if (*act, tier) not in of_tier) == []
    )
