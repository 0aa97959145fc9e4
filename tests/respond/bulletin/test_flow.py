"""Bulletins: what follows what, whatever order and times the steps have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.respond.bulletin.flow import FIXED, Bulletin, BulletinStep, after, state
from littoral.respond.bulletin.words import (
    COMING,
    IN_FORCE,
    ISSUE,
    OVER,
    REVISE,
    STATES,
    WITHDRAW,
    WITHDRAWN,
)
from littoral.respond.incident.step import Refused

HOUR_US = 3_600_000_000
NOW_US = 1_800_000_000_000_000


def said(**more: Any) -> dict[str, Any]:
    return {
        "severity": "major", "title": "台风橙色预警", "text": "船只回港避风",
        "issuer": "海南省气象台",
        "number": "2026-17", "from_us": None, "until_us": None, "asks_read": True, **more,
    }  # fmt: skip


def issue(at_us: int = NOW_US, **more: Any) -> BulletinStep:
    whose = {"unit": "460100", "agency": "maritime", "area": "460100", "kind": "weather"}
    return BulletinStep("b", "b", ISSUE, at_us, "who", {**whose, **said(**more)})


def revise(base: int, at_us: int = NOW_US, **more: Any) -> BulletinStep:
    return BulletinStep(f"r{base}", "b", REVISE, at_us, "who", {**said(**more), "base": base})


def withdraw(at_us: int = NOW_US, reason: str = "台风转向") -> BulletinStep:
    return BulletinStep("w", "b", WITHDRAW, at_us, "who", {"reason": reason})


def test_it_begins_at_once_or_later_and_ends_when_it_says() -> None:
    made = after(None, issue(until_us=NOW_US + 2 * HOUR_US))
    assert (made.from_us, made.version) == (NOW_US, 1)
    later = after(None, issue(from_us=NOW_US + HOUR_US, until_us=NOW_US + 2 * HOUR_US))
    assert [state(later, NOW_US + hours * HOUR_US) for hours in (0, 1, 2)] == [
        COMING, IN_FORCE, OVER,
    ]  # fmt: skip
    assert state(after(None, issue()), NOW_US + 10**6 * HOUR_US) == IN_FORCE


@pytest.mark.parametrize(
    ("from_us", "until_us"),
    [(None, NOW_US), (NOW_US + HOUR_US, NOW_US + HOUR_US), (NOW_US - HOUR_US, NOW_US - 1)],
)
def test_one_that_is_over_before_it_begins_is_refused(from_us: int | None, until_us: int) -> None:
    with pytest.raises(Refused) as refused:
        after(None, issue(from_us=from_us, until_us=until_us))
    assert (refused.value.code, refused.value.field) == ("until", "until")


def test_a_revision_says_all_anew_by_who_saw_what_it_said() -> None:
    made = after(None, issue())
    worse = after(made, revise(1, severity="extreme", title="台风红色预警"))
    assert (worse.severity, worse.title, worse.version) == ("extreme", "台风红色预警", 2)
    assert worse.from_us == made.from_us
    assert all(getattr(worse, name) == getattr(made, name) for name in FIXED)
    with pytest.raises(Refused) as refused:
        after(worse, revise(1, severity="serious"))
    assert refused.value.code == "conflict"


def test_what_is_withdrawn_or_over_is_revised_no_more() -> None:
    made = after(None, issue(until_us=NOW_US + HOUR_US))
    gone = after(made, withdraw())
    assert (state(gone, NOW_US), gone.version) == (WITHDRAWN, 2)
    for before, step in (
        (gone, revise(2)), (gone, withdraw()), (made, revise(1, at_us=NOW_US + HOUR_US)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            after(before, step)
        assert refused.value.code == "state"
    with pytest.raises(Refused) as refused:
        after(made, withdraw(reason="  "))
    assert refused.value.field == "reason"
    with pytest.raises(Refused):
        after(None, withdraw())
    with pytest.raises(Refused):
        after(made, issue())


@given(
    st.lists(
        st.tuples(
            st.sampled_from((REVISE, WITHDRAW)), st.integers(0, 5 * HOUR_US), st.integers(-1, 1)
        ),
        max_size=12,
    ),
    st.integers(1, 6 * HOUR_US),
)
def test_versions_count_what_was_done_and_what_ended_stays_ended(
    steps: list[tuple[str, int, int]], lasts_us: int
) -> None:
    now: Bulletin = after(None, issue(until_us=NOW_US + lasts_us))
    for kind, after_us, off in sorted(steps, key=lambda s: s[1]):
        at_us = NOW_US + after_us
        until = {"until_us": at_us + HOUR_US}
        step = withdraw(at_us) if kind == WITHDRAW else revise(now.version + off, at_us, **until)
        before, code = now, ""
        try:
            now = after(before, step)
        except Refused as refused:
            code = refused.code
        if code:
            assert now == before
            open_then = state(before, at_us) not in (OVER, WITHDRAWN)
            assert (code == "conflict") == (kind == REVISE and off != 0 and open_then)
            continue
        assert now.version == before.version + 1
        assert state(before, at_us) != WITHDRAWN
        assert state(now, at_us) in STATES
        assert replace(now, **{n: getattr(before, n) for n in FIXED}) == now
