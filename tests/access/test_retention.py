"""Rules of retention. Days are counted by hand; the articles are named in retention.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.access import retention
from littoral.access.retention import DAY_US, Item, RetentionError, Rule, decide, parse, uncovered
from littoral.access.words import PURPOSES

TEXT = (Path(retention.__file__).parent / "retention.toml").read_text(encoding="utf-8")
RULES = parse(TEXT)
T0 = 1_790_000_000_000_000


def item(kind: str = "subject", data_class: str = "personal", purpose: str = "anti_smuggling",
         closed: int | None = None, ended: int | None = None) -> Item:  # fmt: skip
    def at(days: int | None) -> int | None:
        return None if days is None else T0 + days * DAY_US

    return Item("x", kind, data_class, purpose, T0, at(closed), at(ended))


def due_day(what: Item) -> tuple[float | None, str | None]:
    (found,) = decide([what], RULES, T0)
    day = None if found.due_us is None else (found.due_us - T0) / DAY_US
    return day, found.rule.id if found.rule else None


@pytest.mark.parametrize(
    ("what", "day", "rule"),
    [
        (item(closed=10), 740, "smuggling-case"),
        (item(closed=None), None, "smuggling-case"),
        (item(purpose="search_and_rescue", closed=1), 184, "rescue"),
        (item(purpose="search_and_rescue", data_class="sensitive", closed=1), 31,
         "rescue-sensitive"),
        (item(kind="evidence", purpose="emergency", data_class="sensitive", closed=1), 31,
         "rescue-sensitive"),
        (item(kind="evidence", purpose="emergency", closed=1), 184, "rescue"),
        (item(purpose="epidemic_control"), 60, "epidemic-longest"),
        (item(purpose="epidemic_control", closed=5), 19, "epidemic-case"),
        (item(purpose="epidemic_control", closed=5, ended=7), 7, "epidemic-end"),
        (item(kind="case", purpose="epidemic_control", ended=7), 7, "epidemic-end"),
        (item(kind="case", closed=3), 1098, "case-record"),
        (item(kind="evidence", data_class="operational", purpose="system_operation"), 30,
         "operation"),
        (item(kind="evidence", purpose="epidemic_control", ended=2), 2, "epidemic-end"),
        (item(kind="incident", data_class="operational", closed=5), 735, "incident-text"),
        (item(kind="incident", data_class="operational"), 1095, "incident-longest"),
        (item(kind="incident", data_class="operational", purpose="epidemic_control", ended=7), 7,
         "epidemic-end"),
        (item(kind="log", data_class="operational", purpose="oversight"), None, "access-log"),
        (item(kind="assessment", purpose="oversight"), None, "impact-assessment"),
    ],
)  # fmt: skip
def test_the_rules_that_come_with_it(what: Item, day: float | None, rule: str) -> None:
    assert due_day(what) == (day, rule)


def test_every_purpose_and_class_has_an_end() -> None:
    kinds, classes = ("subject", "evidence"), ("operational", "personal", "sensitive")
    assert uncovered(RULES, kinds, classes, PURPOSES) == []
    assert uncovered(RULES, ("incident",), ("operational",), PURPOSES) == []
    less = [r for r in RULES if r.id != "oversight"]
    assert uncovered(less, kinds, classes, PURPOSES) == [
        (k, c, "oversight") for k in kinds for c in classes
    ]
    assert {p for r in RULES for p in r.purposes + r.except_purposes} <= set(PURPOSES)


def test_a_hold_and_the_moment_it_is_due() -> None:
    what = item(purpose="epidemic_control")
    end = T0 + 60 * DAY_US

    def state(now_us: int, holds: dict[str, list[str]]) -> str:
        (found,) = decide([what], RULES, now_us, holds)
        return found.state

    assert state(end - 1, {}) == "kept"
    assert state(end, {}) == "due"
    assert state(end, {"x": ["h1"]}) == "held"
    assert state(end - 1, {"x": ["h1"]}) == "kept"


def test_what_no_rule_speaks_of_is_said() -> None:
    (found,) = decide([item(purpose="curiosity")], RULES[:3], T0)
    assert (found.state, found.rule) == ("unruled", None)


def rule(name: str, days: int, least: bool = False) -> Rule:
    given = {"at_least_days": days} if least else {"keep_days": days}
    return Rule(name, "collected", "因", "why", "law", **given)


@settings(deadline=None)
@given(
    keep=st.lists(st.integers(0, 3000), min_size=1, max_size=5),
    least=st.lists(st.integers(0, 3000), max_size=5),
    now=st.integers(0, 4000),
    more=st.integers(0, 3000),
)
def test_the_shortest_wins_but_never_before_a_duty_to_keep(
    keep: list[int], least: list[int], now: int, more: int
) -> None:
    rules = [rule(f"k{i}", d) for i, d in enumerate(keep)]
    rules += [rule(f"l{i}", d, True) for i, d in enumerate(least)]
    now_us = T0 + now * DAY_US
    (found,) = decide([item()], rules, now_us)
    end = max(min(keep), *least, 0) if least else min(keep)
    assert found.due_us == T0 + end * DAY_US
    assert found.state == ("due" if now >= end else "kept")
    # One more rule to delete never keeps anything longer.
    (shorter,) = decide([item()], [*rules, rule("more", more)], now_us)
    assert shorter.due_us is not None
    assert shorter.due_us <= found.due_us


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keep_days": None}, "either keep_days or at_least_days"),
        ({"at_least_days": 3}, "either keep_days or at_least_days"),
        ({"keep_days": -1}, "whole number"),
        ({"from": "yesterday"}, "from is one of"),
        ({"source": ""}, "source is missing"),
        ({"kinds": ["person"]}, "line 8: rule a: kinds has 'person'"),
        ({"purposes": ["smuggling"]}, "purposes has 'smuggling'"),
        ({"keep_days": True}, "whole number"),
        ({"keep_days": 36501}, "line 4: rule a: keep_days is a whole number of days, 0 to 36500"),
        ({"purposes": "all"}, "list of words"),
        ({"colour": "red"}, "is no field"),
    ],
)
def test_rules_that_cannot_be_used(change: dict[str, object], words: str) -> None:
    row: dict[str, object] = {
        "id": "a", "from": "collected", "keep_days": 1, "reason_zh": "因", "reason_en": "why",
        "source": "law",
    }  # fmt: skip
    row = {k: v for k, v in (row | change).items() if v is not None}
    text = "[[rule]]\n" + "".join(
        f"{k} = {str(v).lower() if isinstance(v, int) else v if isinstance(v, list) else repr(v)}\n"
        for k, v in row.items()
    )
    tomllib.loads(text)
    with pytest.raises(RetentionError, match=words):
        parse(text)


def test_no_rule_twice_and_no_rubbish() -> None:
    with pytest.raises(RetentionError, match="twice"):
        parse(TEXT + TEXT)
    for text in ("", "rule = 1", "rule = [1]", "[[rule"):
        with pytest.raises(RetentionError):
            parse(text)


def test_what_is_wrong_is_told_by_line_and_field() -> None:
    lines = TEXT.splitlines()
    at = lines.index('id = "border-case"')
    field = next(i for i in range(at, len(lines)) if lines[i].startswith("keep_days"))
    lines[field] = "keep_days = -1"
    with pytest.raises(RetentionError, match=f"^line {field + 1}: rule border-case: keep_days"):
        parse("\n".join(lines))
    lines[field] = ""
    with pytest.raises(RetentionError, match=f"^line {at + 1}: rule border-case: .* either"):
        parse("\n".join(lines))
    with pytest.raises(RetentionError, match=r"at line 2, column"):
        parse("[[rule]]\nid = a")
