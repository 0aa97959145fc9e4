"""Each rule finds what its sentence says and nothing below its numbers; worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from littoral.store.oversight.listing import Access
from littoral.store.oversight.patterns import HOUR_US, MINUTE_US, RULES, Finding, Settings, find
from littoral.store.oversight.places import Place

DESK, ELSEWHERE = Place("460100", "customs"), Place("460200", "police")
# 10:00 in Hainan on a Monday.
TEN = int(datetime(2026, 11, 23, 2, tzinfo=UTC).timestamp()) * 1_000_000
HAINAN = ZoneInfo("Asia/Shanghai")
USUAL = Settings()


def act(
    at_us: int, thing: str = "subject:a", actor: str = "account:li", place: Place = DESK,
    action: str = "person.read", verdict: str = "allow", manner: str | None = "plain",
) -> Access:  # fmt: skip
    return Access(
        0, at_us, actor, place, action, thing, verdict, "anti_smuggling", "case:c",
        "statutory_duty", manner,
    )  # fmt: skip


def numbered(rows: list[Access]) -> list[Access]:
    return [replace(r, index=i) for i, r in enumerate(rows)]


def found(rows: list[Access], rule: str, settings: Settings = USUAL) -> list[Finding]:
    return [f for f in find(numbered(rows), settings, HAINAN) if f.rule == rule]


def opened(count: int, within_us: int, first_us: int = TEN, **more: object) -> list[Access]:
    """So many different persons, evenly within a time."""
    step = within_us // count
    return [act(first_us + i * step, f"subject:{i}", **more) for i in range(count)]  # type: ignore[arg-type]


def test_twenty_persons_within_an_hour_are_many() -> None:
    (busy,) = found(opened(20, HOUR_US), "many_persons")
    assert (busy.actor, busy.numbers) == ("account:li", {"persons": 20, "usual": 0.0})
    assert busy.entries == list(range(20))
    assert (busy.from_us, busy.to_us) == (TEN, TEN + 19 * HOUR_US // 20)
    assert found(opened(19, HOUR_US), "many_persons") == []
    # 20 in 80 minutes: 15 in any hour
    assert found(opened(20, 80 * MINUTE_US), "many_persons") == []
    same = [act(TEN + i, "subject:a") for i in range(50)]
    assert found(same, "many_persons") == []
    masked = opened(40, HOUR_US, manner="masked")
    assert found(masked, "many_persons") == []
    case = [replace(r, thing=f"case:{i}") for i, r in enumerate(opened(40, HOUR_US))]
    assert found(case, "many_persons") == []


@pytest.mark.parametrize("how", ["view", "copy", "bundle"])
def test_a_file_that_shows_persons_is_opened_as_a_person_is(how: str) -> None:
    def files(rows: list[Access], manner: str | None = how) -> list[Access]:
        return [
            replace(r, action="evidence.read", manner=manner,
                    thing=r.thing.replace("subject:", "evidence:"))
            for r in rows
        ]  # fmt: skip

    (busy,) = found(files(opened(20, HOUR_US)), "many_persons")
    assert busy.numbers == {"persons": 20, "usual": 0.0}
    both = [*opened(10, HOUR_US), *files(opened(10, HOUR_US))]
    assert found(both, "many_persons")[0].numbers["persons"] == 20
    shows_nobody = files(opened(40, HOUR_US), manner=None)
    assert found(shows_nobody, "many_persons") == []
    refused = [replace(r, verdict="deny") for r in files(opened(40, HOUR_US))]
    assert found(refused, "many_persons") == []
    by_day, at_23 = (files([act(t + i * MINUTE_US) for i in range(n)])
                     for t, n in ((TEN, 16), (TEN + 13 * HOUR_US, 3)))  # fmt: skip
    assert found([*by_day, *at_23], "at_night")[0].numbers == {"accesses": 3, "of": 19}
    one = files([act(TEN + n, actor=f"account:{n}") for n in range(5)])
    assert found(one, "one_person")[0].thing == "evidence:a"
    assert found(files(opened(5, HOUR_US)), "exports") == []


def test_many_is_measured_by_what_is_usual_at_the_desk() -> None:
    def colleague(persons: int, place: Place = DESK) -> list[Access]:
        """Three hours of another day with so many persons each."""
        return [
            row
            for hour in range(3)
            for row in opened(
                persons, HOUR_US, TEN - (24 - hour) * HOUR_US, actor="account:wang", place=place
            )
        ]

    busy = opened(20, HOUR_US)
    assert found([*colleague(5), *busy], "many_persons") == []  # 20 < 5 × 5
    (one,) = found([*colleague(4), *busy], "many_persons")  # 20 = 5 × 4
    assert one.numbers == {"persons": 20, "usual": 4.0}
    (other_desk,) = found([*colleague(5, ELSEWHERE), *busy], "many_persons")
    assert other_desk.numbers["usual"] == 0.0


def test_two_busy_hours_are_two_findings() -> None:
    twice = [*opened(25, HOUR_US // 2), *opened(25, HOUR_US // 2, TEN + 5 * HOUR_US)]
    assert len(found(twice, "many_persons")) == 0  # the other busy hour is the desk's usual: 25
    low = replace(USUAL, times_usual=1.0)
    assert [f.from_us for f in found(twice, "many_persons", low)] == [TEN + 5 * HOUR_US, TEN]


def test_night_counts_for_who_hardly_ever_works_then() -> None:
    by_day = [act(TEN + i * MINUTE_US) for i in range(16)]
    at_23 = [act(TEN + 13 * HOUR_US + i) for i in range(3)]
    (night,) = found([*by_day, *at_23], "at_night")  # 3 of 19 are 16 %
    assert night.numbers == {"accesses": 3, "of": 19}
    assert found([*by_day, *at_23[:2]], "at_night") == []  # fewer than three
    assert found([*by_day[:12], *at_23], "at_night") == []  # 3 of 15 are 20 %
    watch = [act(TEN + 13 * HOUR_US + i) for i in range(100)]
    assert found(watch, "at_night") == []


@pytest.mark.parametrize(
    ("hour", "night"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)]
)
def test_the_night_is_that_of_the_place(hour: int, night: bool) -> None:
    at_us = int(datetime(2026, 11, 24, hour, 30, tzinfo=HAINAN).timestamp()) * 1_000_000
    rows = [*(act(TEN + i) for i in range(20)), *(act(at_us + i) for i in range(3))]
    assert bool(found(rows, "at_night")) is night


def test_refused_and_refused_and_then_allowed() -> None:
    refused = [act(TEN + i * MINUTE_US, verdict="deny") for i in range(3)]
    allowed = act(TEN + 10 * MINUTE_US)
    (said,) = found([*refused, allowed], "refused_then_allowed")
    assert (said.numbers, said.entries) == ({"refusals": 3}, [0, 1, 2, 3])
    assert found([*refused[:2], allowed], "refused_then_allowed") == []
    late = act(TEN + 62 * MINUTE_US + 1)  # only the last refusal is within the hour
    assert found([*refused, late], "refused_then_allowed") == []
    other_act = act(TEN + 10 * MINUTE_US, action="person.search", thing="grant:g")
    assert found([*refused, other_act], "refused_then_allowed") == []
    other_account = replace(allowed, actor="account:wang")
    assert found([*refused, other_account], "refused_then_allowed") == []
    between = [refused[0], act(TEN + 1), refused[1], refused[2], allowed]
    assert found(between, "refused_then_allowed") == []


def test_glass_broken_more_than_twice() -> None:
    def glass(count: int) -> list[Access]:
        return [
            act(TEN + i * HOUR_US, f"grant:{i}", action="breakglass.use", manner=None)
            for i in range(count)
        ]

    assert found(glass(2), "break_glass") == []
    (often,) = found(glass(3), "break_glass")
    assert often.numbers == {"times": 3}


def test_one_person_opened_by_many_accounts() -> None:
    rows = [act(TEN + i, actor=f"account:{i % 5}") for i in range(10)]
    (one,) = found(rows, "one_person")
    assert (one.thing, one.actor) == ("subject:a", None)
    assert one.numbers == {"accounts": 5, "accesses": 10}
    assert found([act(TEN + i, actor=f"account:{i % 4}") for i in range(10)], "one_person") == []


def test_every_export_is_named_once_an_account() -> None:
    rows = [
        act(TEN + i, f"subject:{i % 3}", f"account:{i % 2}", action="person.export")
        for i in range(6)
    ]
    found_exports = found(rows, "exports")
    assert sorted((f.actor, f.numbers["persons"]) for f in found_exports) == [
        ("account:0", 3), ("account:1", 3),
    ]  # fmt: skip
    assert found(rows, "exports", replace(USUAL, exports_least=4)) == []


def test_findings_stand_in_the_order_of_time_and_carry_no_rank() -> None:
    rows = [
        *opened(30, HOUR_US), *opened(60, HOUR_US, TEN + 9 * HOUR_US, actor="account:b"),
        *opened(20, HOUR_US, TEN + 4 * HOUR_US, actor="account:c"),
    ]  # fmt: skip
    settings = replace(USUAL, times_usual=1.0, persons_an_hour=20, accounts_a_person=3)
    times = [f.to_us for f in find(numbered(rows), settings, HAINAN)]
    assert times == sorted(times, reverse=True)
    assert set(Finding.__slots__) == {
        "rule", "actor", "place", "thing", "from_us", "to_us", "numbers", "entries",
    }  # fmt: skip


def test_each_rule_says_its_numbers_in_both_languages() -> None:
    odd = Settings(31, 77, 6.5, 21, 4, 9, 0.33, 8, 55, 7, 13, 12)
    texts = {name: say(odd) for name, say in RULES.items()}
    expected = {
        "many_persons": ("77", "6.5"), "at_night": ("21", "4", "9", "33%"),
        "refused_then_allowed": ("8", "55"), "break_glass": ("31", "7"),
        "one_person": ("31", "13"), "exports": ("31", "12"),
    }  # fmt: skip
    assert texts.keys() == expected.keys()
    for name, numbers in expected.items():
        for text in texts[name]:
            assert all(n in text for n in numbers), (name, text)
