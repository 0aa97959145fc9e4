"""The way of a task. What may follow what was written down by hand from how boats and teams are
sent, not read off the code's table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.respond.incident.step import Refused
from littoral.respond.task.flow import KINDS, Task, after, next_kinds, told
from littoral.respond.task.rollcall import MINUTE_US
from littoral.respond.task.words import STATES

from .steps import assign, step, task

WAY = {
    "offered": (), "accepted": ("accept",), "en_route": ("accept", "set_out"),
    "on_scene": ("accept", "set_out", "arrive"), "done": ("accept", "set_out", "arrive", "finish"),
    "refused": ("refuse",), "cancelled": ("cancel",),
}  # fmt: skip
# Kind: into which state it leads from each of WAY ("": refused).
MATRIX = {
    "accept": ("accepted", "", "", "", "", "", ""),
    "refuse": ("refused", "refused", "refused", "refused", "", "", ""),
    "set_out": ("", "en_route", "", "", "", "", ""),
    "arrive": ("", "on_scene", "on_scene", "", "", "", ""),
    "finish": ("", "", "", "done", "", "", ""),
    "cancel": ("cancelled", "cancelled", "cancelled", "cancelled", "", "", ""),
    "transfer": ("offered", "offered", "offered", "offered", "", "offered", ""),
    "edit": ("offered", "accepted", "en_route", "on_scene", "", "", ""),
    "message": ("offered", "accepted", "en_route", "on_scene", "done", "refused", "cancelled"),
    "call_begin": ("", "accepted", "en_route", "on_scene", "", "", ""),
}
WORTH: dict[str, Any] = {
    "reason": "engine", "found": "nine crates", "to": "r-2", "text": "we see it", "what": "search",
    "every_min": 20, "within_min": 5,
}  # fmt: skip


def in_state(state: str) -> Task:
    return task(*(step(kind, n + 1, **WORTH) for n, kind in enumerate(WAY[state])))


@pytest.mark.parametrize("kind", MATRIX)
def test_what_may_follow_what(kind: str) -> None:
    for state, into in zip(WAY, MATRIX[kind], strict=True):
        before = in_state(state)
        assert before.state == state
        assert (kind in next_kinds(before)) == bool(into)
        if into:
            assert after(before, step(kind, 99, **WORTH)).state == into
        else:
            with pytest.raises(Refused) as refused:
                after(before, step(kind, 99, **WORTH))
            assert refused.value.code == "state"
            assert STATES[state][1] in refused.value.en


def test_the_whole_way_is_timed_and_says_what_was_found() -> None:
    made = in_state("done")
    assert (made.version, made.assigned_us, made.since_us) == (5, 0, 4)
    assert (made.found, made.reason, made.responder) == ("nine crates", "", "r-1")


@pytest.mark.parametrize(
    ("kind", "field"),
    [("refuse", "reason"), ("cancel", "reason"), ("transfer", "reason"), ("message", "text")],
)
def test_who_refuses_or_hands_on_says_why(kind: str, field: str) -> None:
    for said in ({}, {field: "  "}, {field: "x" * 4001}):
        with pytest.raises(Refused) as refused:
            after(task(), step(kind, **{"to": "r-2", **said}))
        assert refused.value.field == field
    with pytest.raises(Refused) as refused:
        after(in_state("on_scene"), step("finish", 99))
    assert refused.value.field == "found"


def test_a_transfer_offers_it_to_another_and_ends_the_roll_call() -> None:
    before = after(in_state("on_scene"), step("call_begin", 50, every_min=20, within_min=5))
    made = after(before, step("transfer", 99, to="r-2", reason="faster"))
    assert (made.responder, made.state, made.reason, made.call) == (
        "r-2",
        "offered",
        "faster",
        None,
    )
    with pytest.raises(Refused, match="already"):
        after(made, step("transfer", 100, to="r-2", reason="again"))


def test_edits_of_different_fields_do_not_disturb_each_other() -> None:
    first = after(task(), step("edit", 10, what="搜救", seen={"what": "登临检查"}))
    seen = {"lon_deg": 110.5, "lat_deg": 20.1}
    second = after(first, step("edit", 11, lon_deg=110.6, lat_deg=20.2, seen=seen))
    assert (second.what, second.lon_deg, second.lat_deg) == ("搜救", 110.6, 20.2)
    with pytest.raises(Refused) as refused:
        after(second, step("edit", 12, what="拖带", seen={"what": "登临检查"}))
    assert (refused.value.code, refused.value.field) == ("conflict", "what")


@pytest.mark.parametrize(
    ("more", "field"),
    [({"lon_deg": 181.0}, "lon_deg"), ({"lat_deg": "x"}, "lat_deg"), ({"lat_deg": None}, "lat_deg"),
     ({"what": ""}, "what"), ({"responder": ""}, "responder")],
)  # fmt: skip
def test_what_cannot_be_assigned_names_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        after(None, assign(**more))
    assert refused.value.field == field


def test_a_roll_call_is_answered_and_ended() -> None:
    calling = after(in_state("on_scene"), step("call_begin", 50, every_min=20, within_min=5))
    assert calling.call is not None
    assert (calling.call.every_us, calling.call.begun_us) == (20 * MINUTE_US, 50)
    heard = after(calling, step("call_answer", 60, help=True))
    assert heard.call is not None
    assert (heard.call.answered_us, heard.call.help) == (60, True)
    assert after(heard, step("call_end", 70)).call is None
    assert after(heard, step("finish", 70, found="all back")).call is None
    for kind in ("call_answer", "call_end"):
        with pytest.raises(Refused, match="No roll is called"):
            after(in_state("on_scene"), step(kind, 60))
    for wrong in (0, 1441, "20", True, None):
        with pytest.raises(Refused) as refused:
            after(in_state("on_scene"), step("call_begin", 50, every_min=wrong, within_min=5))
        assert refused.value.field == "every_min"


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12))
def test_a_task_is_what_its_steps_make_of_it(kinds: list[str]) -> None:
    taken = [assign()]
    now = told(taken)
    for n, kind in enumerate(kinds, 1):
        given = step(kind, n, **WORTH)
        try:
            now = after(now, given)
        except Refused:
            continue
        taken.append(given)
    assert told(taken) == now
    assert now.version == len(taken)


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(Refused, match="no such task"):
        after(None, step("accept"))
    with pytest.raises(Refused, match="exists already"):
        after(task(), assign())
    with pytest.raises(Refused, match="'sing'"):
        after(task(), step("sing"))
    with pytest.raises(ValueError, match="begins"):
        told([])
