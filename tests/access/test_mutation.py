"""Every rule matters: taken away, it changes the answer to a question of the corpus.

The expected answers of the corpus follow docs/policy.md; which rule decides is our own output,
frozen, so that a rule that comes to be shadowed by another is noticed.
"""

from __future__ import annotations

import pytest

from littoral.access import Decider, shipped
from tests.access.asking import lines, question

LINES = lines("corpus.csv")
FILES = shipped()


@pytest.fixture(scope="module")
def deciders() -> dict[bool, Decider]:
    return {first: Decider(FILES, first_start=first) for first in (False, True)}


def test_there_are_over_two_hundred_rules_and_a_question_for_each():
    assert len(FILES.rules) >= 200
    assert {line["policy"] for line in LINES} == set(FILES.rules)


def test_each_question_is_decided_as_written_and_by_its_rule(deciders):
    wrong = []
    for line in LINES:
        asked = question(line)
        verdict = asked.ask(deciders[asked.first_start])
        if (verdict.allowed, verdict.ids) != (line["expected"] == "allow", (line["policy"],)):
            wrong.append(f"{','.join(line.values())}: {verdict.allowed} {verdict.ids}")
    assert wrong == []


def test_deleting_any_one_rule_changes_an_answer():
    unnoticed = []
    for line in LINES:
        asked = question(line)
        less = Decider(FILES, first_start=asked.first_start, leave_out={line["policy"]})
        assert line["policy"] not in less.rules
        if asked.ask(less).allowed == (line["expected"] == "allow"):
            unnoticed.append(line["policy"])
    assert unnoticed == []
