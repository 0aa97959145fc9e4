"""Papers of a desk: what follows what, and who signs."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.respond.duty.paper import (
    BEGIN,
    KINDS,
    OVER,
    STATES,
    Paper,
    Refused,
    Step,
    after,
    begun,
)

SWAP = {"giver": "ann", "taker": "cai", "gives": "2026-03-20.day", "takes": "2026-03-21.day"}
LEAVE = {"account": "ann", "from_us": 1000, "until_us": 2000}
FAULT = {"thing": "receiver", "name": "haikou", "what": "no data since 03:00"}
HANDOVER = {"outgoing": "2026-03-20.day", "incoming": "2026-03-20.night", "says": {}}
KNOWN = {"found": {"incidents": []}, "required": ["promised"]}


def step(kind: str, by: str = "ann", at_us: int = 10, **fields: Any) -> Step:
    return Step(f"{kind}-{by}-{at_us}", "p", kind, at_us, by, fields)


def begin(kind: str, fields: dict[str, Any], by: str = "ann") -> Paper:
    return begun(kind, step("begin", by, **fields), "460000", "police")


def gone(paper: Paper, *steps: Step) -> Paper:
    for one in steps:
        paper = after(paper, one, KNOWN)
    return paper


def refused(paper: Paper, one: Step, code: str) -> None:
    with pytest.raises(Refused) as info:
        after(paper, one, KNOWN)
    assert info.value.code == code
    assert info.value.zh
    assert str(info.value)


def test_a_swap_is_agreed_by_both_and_approved_by_another() -> None:
    asked = begin("swap", SWAP)
    assert (asked.state, asked.doc["agreed"]) == ("asked", ["ann"])
    refused(asked, step("approve", "lead"), "state")
    refused(asked, step("agree", "eve"), "party")
    assert gone(asked, step("agree", "ann")).state == "asked"
    agreed = gone(asked, step("agree", "cai"))
    refused(agreed, step("approve", "cai"), "own")
    done = gone(agreed, step("approve", "lead"))
    assert (done.state, done.version, done.doc["agreed"]) == ("in_force", 3, ["ann", "cai"])
    refused(done, step("revoke", "lead"), "missing")
    assert gone(done, step("revoke", "lead", reason="cai is ill")).state == "taken_back"
    assert gone(asked, step("decline", "cai")).state == "refused"


def test_a_swap_that_a_planner_proposes_waits_for_both() -> None:
    proposed = begin("swap", SWAP, by="lead")
    assert gone(proposed, step("agree", "ann")).state == "asked"
    assert gone(proposed, step("agree", "ann"), step("agree", "cai")).state == "agreed"


def test_leave_for_oneself_is_approved_by_another() -> None:
    own = begin("leave", LEAVE)
    assert own.state == "asked"
    refused(own, step("approve", "ann"), "own")
    refused(own, step("take_back", "lead"), "own")
    assert gone(own, step("approve", "lead")).state == "in_force"
    assert begin("leave", LEAVE, by="lead").state == "in_force"
    with pytest.raises(Refused, match="after its begin"):
        begin("leave", {**LEAVE, "until_us": 1000})


def test_who_mended_a_fault_does_not_accept_it() -> None:
    taken = gone(begin("fault", FAULT), step("take", "bao", who="the antenna company"))
    mended = gone(taken, step("mend", "bao", reason="new cable"))
    refused(mended, step("close", "bao"), "own")
    closed = gone(mended, step("close", "ann"))
    assert (closed.state, closed.since_us) == ("closed", 10)
    assert gone(closed, step("reopen", "ann", reason="silent again")).state == "open"


def test_a_window_ends_early_and_not_before_it_began() -> None:
    paper = begin("window", {**FAULT, "from_us": 1000, "until_us": 2000, "who": "the company"})
    assert gone(paper, step("end", at_us=1500)).doc["until_us"] == 1500
    assert gone(paper, step("end", at_us=500)).doc["until_us"] == 1001
    assert gone(paper, step("end", at_us=9000)).doc["until_us"] == 2000


def test_a_handover_is_signed_then_read_then_signed_for() -> None:
    draft = begin("handover", HANDOVER)
    refused(draft, step("sign", "ann"), "unsaid")
    with pytest.raises(Refused) as info:
        after(draft, step("sign", "ann"), KNOWN)
    assert info.value.field == "says.promised"
    written = gone(draft, step("write", "ann", says={"promised": "call back 海口 at 21:00"}))
    signed = gone(written, step("sign", "ann"))
    assert (signed.state, signed.doc["found"]) == ("signed", {"incidents": []})
    refused(signed, step("write", "ann", says={}), "state")
    refused(signed, step("read", "ann"), "own")
    refused(signed, step("take_over", "cai"), "state")
    read = gone(signed, step("read", "cai"))
    refused(read, step("take_over", "dan"), "unread")
    done = gone(read, step("take_over", "cai", remark="seen"))
    assert (done.state, done.doc["signed_by"], done.doc["read_by"]) == ("taken_over", "ann", "cai")
    assert done.doc["says"] == {"promised": "call back 海口 at 21:00"}


def test_a_handover_that_was_taken_over_never_changes() -> None:
    done = gone(
        begin("handover", HANDOVER), step("write", says={"promised": "none"}), step("sign"),
        step("read", "cai"), step("take_over", "cai"),
    )  # fmt: skip
    for kind in KINDS["handover"]:
        for by in ("ann", "cai"):
            refused(done, step(kind, by, says={}, reason="x"), "state")


def test_a_handover_is_taken_back_by_who_signed_it() -> None:
    draft = begin("handover", {**HANDOVER, "says": {"promised": "none"}})
    read = gone(draft, step("sign"), step("read", "cai"))
    refused(read, step("take_back", "cai"), "own")
    back = gone(read, step("take_back"))
    assert (back.state, back.doc["signed_by"], back.doc["found"]) == ("draft", "", None)


def test_every_state_has_its_words_and_leads_on_or_is_over() -> None:
    assert set(BEGIN) == set(KINDS)
    led: set[str] = {"asked", "agreed", "in_force", "open", "draft"}
    for kinds in KINDS.values():
        led |= {kind.into for kind in kinds.values() if kind.into}
        assert {s for kind in kinds.values() for s in kind.states} <= set(STATES)
    assert led == set(STATES)
    assert set(STATES) > OVER


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("swap", {**SWAP, "taker": "ann"}, "same"), ("swap", {**SWAP, "giver": ""}, "missing"),
        ("fault", {**FAULT, "thing": "person"}, "word"),
        ("fault", {**FAULT, "what": "x" * 4001}, "long"),
        ("handover", {**HANDOVER, "says": {"promised": 3}}, "long"),
        ("override", {"account": "ann", "from_us": 1, "until_us": 2}, "missing"),
    ],
)  # fmt: skip
def test_a_paper_that_cannot_be_is_refused(kind: str, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as info:
        begin(kind, fields)
    assert info.value.code == code
