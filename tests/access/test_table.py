"""The table of expected verdicts, written by hand by somebody who has not read the policies."""

from __future__ import annotations

from collections import Counter

import pytest

from littoral.access import Decider, shipped
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
