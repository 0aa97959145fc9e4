"""Which rules of the policies are noticed when they are taken away, and by which table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from littoral.access import Decider
from littoral.access.rules import PolicyFiles
from tests.access.asking import Question, lines, question


@dataclass(frozen=True, slots=True)
class Table:
    """Questions with their expected answers, and how many are answered otherwise."""

    questions: list[tuple[Question, bool]]
    differences: int
    by_rule: dict[str, list[int]]  # rules that decide a question, and which those are


def asked(name: str, deciders: dict[bool, Decider], step: int = 1) -> Table:
    """Each `step`-th line of the table."""
    found: list[tuple[Question, bool]] = []
    by_rule: dict[str, list[int]] = defaultdict(list)
    differences = 0
    for number, line in enumerate(lines(name)[::step]):
        one, expected = question(line), line["expected"] == "allow"
        verdict = one.ask(deciders[one.first_start])
        differences += verdict.allowed != expected
        found.append((one, expected))
        for rule in verdict.ids:
            by_rule[rule].append(number)
    return Table(found, differences, by_rule)


def noticed(rule: str, tables: list[Table], files: PolicyFiles) -> list[bool]:
    """For each table: does an answer of it differ once the rule is gone? Only questions that it
    decides need asking: Cedar names every rule that a verdict rests on."""
    without: dict[bool, Decider] = {}
    found = []
    for table in tables:
        seen = False
        for number in table.by_rule.get(rule, ()):
            one, expected = table.questions[number]
            if one.first_start not in without:
                without[one.first_start] = Decider(
                    files, first_start=one.first_start, leave_out={rule}
                )
            if one.ask(without[one.first_start]).allowed != expected:
                seen = True
                break
        found.append(seen)
    return found
