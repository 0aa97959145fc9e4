"""Impact assessments: nothing sensitive before one is in force, written by one, agreed to by
another, three years at most, and none is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from littoral.access.words import AGENCIES, PURPOSES
from littoral.store.vault import assessments, breakglass, grants, tables
from littoral.store.vault.assessments import (
    AGREED,
    LONGEST_US,
    WAITING,
    Assessment,
    AssessmentRefused,
    NotWaiting,
    Unassessed,
)
from littoral.store.vault.entries import AccessDenied
from littoral.store.vault.rules import DAY_US
from littoral.store.vault.vault import NotThere, Vault
from tests.store.vault.conftest import HOUR, NOW, FakeLog, LogDown, Scene, assess, wanted

YEAR = 365 * DAY_US
ABOVE = ("460100", "460000")


def ask(vault: Vault, scene: Scene, log: FakeLog, now_us: int = NOW, **more) -> grants.Grant:
    asked = {
        "kind": "read", "data_class": "sensitive", "until_us": now_us + HOUR,
        "reason": "核对船员身份，见第 12 号", "things": [scene.subject], "above": ABOVE,
    }  # fmt: skip
    return grants.ask_for(vault, scene.ask, now_us=now_us, record=log, **(asked | more))


def test_nothing_sensitive_before_one_is_in_force(vault: Vault, scene: Scene, log: FakeLog) -> None:
    for agreed in (None, False, True):
        if agreed is not None:
            made = assessments.write(vault, "user:dpo", wanted(), NOW, log)
            with pytest.raises(Unassessed):  # it waits
                ask(vault, scene, log)
            assessments.decide(vault, made.id, "user:lead", agreed, "", NOW, log)
        if agreed:
            assert ask(vault, scene, log).facts.state == "asked"
            continue
        with pytest.raises(Unassessed) as caught:
            ask(vault, scene, log)
        assert (caught.value.code, caught.value.purpose, caught.value.unit) == (
            "no_assessment", "anti_smuggling", "460100",
        )  # fmt: skip
        last = log.entries[-1]
        assert (last.action, last.verdict, last.facts) == (
            "grant.request", "deny", {"code": "no_assessment"},
        )  # fmt: skip
    assert ask(vault, scene, log, data_class="personal").facts.state == "active"


@pytest.mark.parametrize(
    "more",
    [
        {"purpose": "border_control"},
        {"agency": "police"},
        {"unit": "460200"},  # beside it
        {"unit": "460101"},  # within it
        {"begins_us": NOW + HOUR},
    ],
)
def test_another_purpose_agency_unit_or_time_does_not_cover(
    vault: Vault, scene: Scene, log: FakeLog, more: dict[str, object]
) -> None:
    assess(vault, log, **more)
    with pytest.raises(Unassessed):
        ask(vault, scene, log)


def test_it_covers_until_it_ends_and_what_was_granted_goes_on(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    ends = NOW + DAY_US
    assess(vault, log, ends_us=ends)
    waiting, granted = ask(vault, scene, log, ends - 1), ask(vault, scene, log, ends - 1)
    done = grants.approve(vault, granted.id, "user:zhao", ends - 1, log, ABOVE)
    assert done.facts.state == "active"
    with pytest.raises(Unassessed):
        ask(vault, scene, log, ends)
    with pytest.raises(Unassessed):
        grants.approve(vault, waiting.id, "user:zhao", ends, log, ABOVE)
    with vault.db.write() as connection:
        used = grants.use(
            vault, connection, granted.id, scene.ask, [scene.subject], "sensitive", ("read",),
            ends + 1, [],
        )  # fmt: skip
    assert used.facts.state == "active"


def test_broken_glass_does_not_wait_for_one(vault: Vault, scene: Scene, log: FakeLog) -> None:
    grant, _ = breakglass.break_glass(
        vault, "user:li", "落水者是谁，须立即救治", "search_and_rescue", "vital_interest", "460100",
        NOW, log, None, [scene.subject], data_class="sensitive", agency="customs",
    )  # fmt: skip
    assert grant.facts.state == "active"


def test_another_person_agrees_and_one_decides_once(vault: Vault, log: FakeLog) -> None:
    made = assessments.write(vault, "user:dpo", wanted(), NOW, log)
    with pytest.raises(AccessDenied) as caught:
        assessments.decide(vault, made.id, "user:dpo", True, "", NOW, log)
    assert caught.value.code == "same_person"
    assert log.entries[-1].verdict == "deny"
    assert assessments.one(vault, made.id).state == WAITING
    done = assessments.decide(vault, made.id, "user:lead", True, "已核对", NOW + 1, log)
    assert (done.state, done.decided_by, done.from_us) == (AGREED, "user:lead", NOW + 1)
    assert assessments.one(vault, made.id) == done
    for agree in (True, False):
        with pytest.raises(NotWaiting):
            assessments.decide(vault, made.id, "user:wang", agree, "", NOW + 2, log)
    taken = assessments.write(vault, "user:dpo", wanted(), NOW, log)
    back = assessments.decide(vault, taken.id, "user:dpo", False, "", NOW, log)
    assert back.state == "taken_back"
    with pytest.raises(NotThere):
        assessments.decide(vault, "none", "user:lead", True, "", NOW, log)
    late = assessments.write(vault, "user:dpo", wanted(ends_us=NOW + HOUR), NOW, log)
    with pytest.raises(NotWaiting):  # nobody decided in time
        assessments.decide(vault, late.id, "user:lead", True, "", NOW + HOUR, log)


def test_each_step_is_in_the_log_first_with_hashes_before_and_after(
    vault: Vault, log: FakeLog
) -> None:
    first = assess(vault, log)
    second = assessments.write(vault, "user:dpo", wanted(replaces=first.id), NOW + 1, log)
    wrote, agreed, again = log.entries
    assert (wrote.action, wrote.thing, wrote.facts["before"]) == (
        "assessment.write", f"assessment:{first.id}", None,
    )  # fmt: skip
    assert wrote.facts["after"] == agreed.facts["before"]
    assert (agreed.action, agreed.facts["change"]) == ("assessment.agree", "agreed")
    assert agreed.facts["after"] == again.facts["before"] == assessments.digest(first)
    assert again.facts["after"] == assessments.digest(second)
    text = "".join(str(e) for e in log.entries)
    assert "查缉走私" not in text
    log.fails = True
    for attempt in (
        lambda: assessments.write(vault, "user:dpo", wanted(), NOW, log),
        lambda: assessments.decide(vault, second.id, "user:lead", True, "", NOW, log),
    ):
        with pytest.raises(LogDown):
            attempt()
    assert assessments.one(vault, second.id).state == WAITING
    with vault.db.read() as connection:
        assert len(assessments.all_of(connection)) == 2


def test_a_new_version_takes_the_place_without_a_gap_and_the_old_one_stays(
    vault: Vault, log: FakeLog
) -> None:
    first = assess(vault, log)
    begins = NOW + 30 * DAY_US
    second = assessments.write(
        vault, "user:dpo", wanted(replaces=first.id, begins_us=begins, ends_us=begins + YEAR), NOW,
        log,
    )  # fmt: skip
    assert second.version == 2
    with pytest.raises(NotWaiting):
        assessments.write(vault, "user:other", wanted(replaces=first.id), NOW, log)
    assessments.decide(vault, second.id, "user:lead", True, "", NOW, log)
    old, new = (assessments.one(vault, key) for key in (first.id, second.id))
    assert (old.until_us, new.from_us) == (begins, begins)
    assert [old.state_at(t) for t in (NOW, begins - 1, begins)] == ["in_force", "in_force", "ended"]
    assert [new.state_at(t) for t in (NOW, begins)] == ["to_come", "in_force"]
    assert old.necessity == first.necessity
    for more in ({"unit": "460100"}, {"purpose": "border_control"}):
        with pytest.raises(AssessmentRefused):
            assessments.write(vault, "user:dpo", wanted(replaces=second.id, **more), NOW, log)
    refused = assessments.write(vault, "user:dpo", wanted(replaces=second.id), NOW, log)
    assessments.decide(vault, refused.id, "user:lead", False, "不够具体", NOW, log)
    assert assessments.one(vault, second.id) == new  # a refusal ends nothing
    assess(vault, log, replaces=second.id, ends_us=NOW + YEAR)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("purpose", {"purpose": "curiosity"}),
        ("agency", {"agency": "navy"}),
        ("what", {"what": ()}),
        ("what", {"what": ("religion",)}),
        ("necessity", {"necessity": "必要"}),
        ("impact", {"impact": " " * 50}),
        ("measures", {"measures": "加" * 4001}),
        ("impact", {"impact": "当事人的电话是 13812345678，泄露后可能被骚扰。"}),
        ("ends", {"ends_us": NOW}),
        ("ends", {"begins_us": NOW + YEAR, "ends_us": NOW + YEAR}),
        ("ends", {"ends_us": NOW + LONGEST_US + 1}),
    ],
)
def test_what_says_too_little_or_too_long_is_none(
    vault: Vault, log: FakeLog, field: str, more: dict[str, object]
) -> None:
    with pytest.raises(AssessmentRefused) as caught:
        assessments.write(vault, "user:dpo", wanted(**more), NOW, log)
    assert caught.value.field == field
    with vault.db.read() as connection:
        assert assessments.all_of(connection) == []


def test_what_is_in_use_without_one_is_named(vault: Vault, scene: Scene, log: FakeLog) -> None:
    with vault.db.read() as connection:
        (need,) = assessments.needs(connection)
    assert (need.purpose, need.unit, need.agency, need.cases) == (
        "anti_smuggling", "460100", "customs", 1,
    )  # fmt: skip
    with vault.db.write() as connection:
        connection.execute(sa.update(tables.cases).values(state="closed"))
        assert assessments.needs(connection) == []


UNITS = ("460000", "460100", "460200")
moments = st.integers(0, 50)


@st.composite
def agreed(draw: st.DrawFn) -> Assessment:
    begins = draw(moments)
    ends = begins + draw(st.integers(1, 50))
    replaced = draw(st.none() | st.integers(begins, ends + 5))
    return Assessment(
        "a", None, 1, draw(st.sampled_from(PURPOSES)), draw(st.sampled_from(UNITS)),
        draw(st.sampled_from(AGENCIES)), ("health",), "", "", "", begins, ends, "user:dpo", 0,
        draw(st.sampled_from(["waiting", "agreed", "refused", "taken_back", "lapsed"])),
        "user:lead", 0, None, begins, replaced,
    )  # fmt: skip


@given(agreed(), st.integers(0, 120), st.sampled_from(UNITS))
def test_only_one_that_was_agreed_to_covers_and_only_between_its_begin_and_end(
    one: Assessment, at: int, unit: str
) -> None:
    around = {unit, "460000"}
    covers = one.covers(one.purpose, one.agency, around, at)
    ends = one.ends_us if one.replaced_us is None else min(one.ends_us, one.replaced_us)
    assert covers == (one.state == AGREED and one.begins_us <= at < ends and one.unit in around)
    other = next(p for p in PURPOSES if p != one.purpose)
    assert not one.covers(other, one.agency, around, at)
    assert not one.covers(one.purpose, next(a for a in AGENCIES if a != one.agency), around, at)
    assert not replace(one, state=WAITING).covers(one.purpose, one.agency, around, at)
