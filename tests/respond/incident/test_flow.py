"""The way of an incident. What may follow what was written down by hand from the seven steps of
grid management, not read off the code's table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.respond.incident.flow import KINDS, Incident, Joint, Source, after, told
from littoral.respond.incident.step import Refused
from littoral.respond.incident.words import STATES

from .steps import incident, report, step

FORWARD = ("accept", "dispatch", "begin", "feed_back", "verify", "close")
REACHED = ("reported", "accepted", "dispatched", "handling", "fed_back", "verified", "closed")
# Kind: into which state it leads from each of REACHED ("": refused).
MATRIX = {
    "accept": ("accepted", "", "", "", "", "", ""),
    "reject": ("closed", "", "", "", "", "", ""),
    "dispatch": ("", "dispatched", "dispatched", "handling", "", "", ""),
    "refuse": ("", "", "accepted", "", "", "", ""),
    "begin": ("", "", "handling", "", "", "", ""),
    "feed_back": ("", "", "", "fed_back", "", "", ""),
    "verify": ("", "", "", "", "verified", "", ""),
    "send_back": ("", "", "", "", "handling", "", ""),
    "close": ("", "", "", "", "", "closed", ""),
    "reopen": ("", "", "", "", "", "", "accepted"),
}
WORTH = {"reason": "as it is", "outcome": "done"}


def in_state(state: str) -> Incident:
    kinds = FORWARD[: REACHED.index(state)]
    return incident(*(step(kind, n + 1, **WORTH) for n, kind in enumerate(kinds)))


@pytest.mark.parametrize("kind", MATRIX)
def test_what_may_follow_what(kind: str) -> None:
    for state, into in zip(REACHED, MATRIX[kind], strict=True):
        before = in_state(state)
        assert before.state == state
        if into:
            assert after(before, step(kind, 99, **WORTH)).state == into
        else:
            with pytest.raises(Refused) as refused:
                after(before, step(kind, 99, **WORTH))
            assert refused.value.code == "state"
            assert STATES[state][1] in refused.value.en


def test_the_whole_way_is_timed() -> None:
    made = in_state("closed")
    assert (made.version, made.opened_us, made.since_us) == (7, 0, 6)
    assert (made.outcome, made.lead_agency) == ("done", "customs")
    assert made.sources == {Source("alert", "a-1")}
    noted = after(made, step("note", 50, reason="the court asked for a copy"))
    assert (noted.state, noted.since_us, noted.version) == ("closed", 6, 8)


@pytest.mark.parametrize(
    "kind",
    ["reject", "refuse", "feed_back", "send_back", "reopen", "transfer", "decline", "note",
     "drop_source", "unlink", "merge", "unmerge", "split", "leave", "escalate"],
)  # fmt: skip
def test_what_takes_a_reason(kind: str) -> None:
    assert KINDS[kind].reason
    state = next(s for s in REACHED if s in KINDS[kind].states)
    with pytest.raises(Refused) as refused:
        after(in_state(state), step(kind, 99, reason="  ", outcome="done"))
    assert (refused.value.code, refused.value.field) == ("missing", "reason")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"type": "ufo"}, "type"),
        ({"severity": "bad"}, "severity"),
        ({"title": " "}, "title"),
        ({"title": "x" * 4001}, "title"),
        ({"lon_deg": 181.0}, "lon_deg"),
        ({"lat_deg": float("nan")}, "lat_deg"),
        ({"lat_deg": None}, "lat_deg"),
        ({"sources": [{"kind": "gossip", "ref": "1"}]}, "sources"),
        ({"sources": ["a-1"]}, "sources"),
        ({"desk": ""}, "desk"),
    ],
)
def test_a_report_that_cannot_be_names_its_field(fields: dict[str, Any], name: str) -> None:
    with pytest.raises(Refused) as refused:
        told([report(**fields)])
    assert refused.value.field == name


def test_a_handover_waits_for_who_is_asked() -> None:
    asked = incident(step("accept"), step("transfer", to="469028", reason="it lies in Lingshui"))
    assert (asked.desk, asked.asked, asked.state) == ("460000", "469028", "accepted")
    taken = after(asked, step("take_over", agency="police"))
    assert (taken.desk, taken.asked, taken.lead_agency) == ("469028", "", "police")
    declined = after(asked, step("decline", reason="not ours"))
    assert (declined.desk, declined.asked) == ("460000", "")
    for kind in ("take_over", "decline"):
        with pytest.raises(Refused, match="No transfer waits"):
            after(taken, step(kind, reason="again"))


def test_what_is_split_off_takes_its_sources_along() -> None:
    both = incident(sources=[{"kind": "alert", "ref": "a-1"}, {"kind": "hotline", "ref": "h-1"}])
    call = [{"kind": "hotline", "ref": "h-1"}]
    left = after(both, step("split", into="i-2", sources=call, reason="two matters"))
    assert left.sources == {Source("alert", "a-1")}
    other = told([report("i-2", sources=call, split_from="i-1")])
    assert (other.sources, other.split_from) == ({Source("hotline", "h-1")}, "i-1")
    with pytest.raises(Refused, match="no sources of this incident"):
        after(left, step("split", into="i-3", sources=call, reason="again"))


kinds = st.sampled_from([*KINDS, "report", "nonsense"])
steps = st.lists(
    st.builds(
        step,
        kinds,
        st.integers(1, 10**6),
        reason=st.sampled_from(["", "why"]),
        outcome=st.sampled_from(["done", "unfounded", "no"]),
        to=st.sampled_from(["460000", "469028"]),
        agency=st.sampled_from(["police", "customs"]),
        other=st.sampled_from(["i-1", "i-2"]),
        into=st.just("i-9"),
        ref=st.sampled_from(["a-1", "a-2"]),
        title=st.sampled_from(["", "again"]),
    ),
    max_size=40,
)


@given(steps)
def test_refused_steps_change_nothing_and_the_rest_tells_it_again(given_steps: list[Any]) -> None:
    now, kept = incident(), [report()]
    for one in given_steps:
        before = replace(now)
        try:
            now = after(now, one)
        except Refused:
            assert now == before
        else:
            kept.append(one)
    assert told(kept) == now
    assert now.version == len(kept)
    assert now.state in STATES
    assert bool(now.outcome) == (now.state == "closed")


@given(steps)
def test_taking_a_merge_apart_brings_it_back_as_it_was(given_steps: list[Any]) -> None:
    now = incident()
    for one in given_steps:
        try:
            now = after(now, one)
        except Refused:
            continue
        if now.merged_into or now.state == "closed":
            continue
        merged = after(now, step("merge", other="i-2", reason="one boat"))
        with pytest.raises(Refused, match="merged into another"):
            after(merged, step("note", reason="too late"))
        apart = after(merged, step("unmerge", reason="two boats"))
        assert apart == replace(now, version=now.version + 2)


def test_an_edit_overwrites_nothing_that_its_editor_has_not_seen() -> None:
    first = after(incident(), step("edit", title="两艘快艇", seen={"title": "快艇靠岸卸货"}))
    with pytest.raises(Refused) as refused:
        after(first, step("edit", title="一艘", seen={"title": "快艇靠岸卸货"}))
    assert (refused.value.code, refused.value.field) == ("conflict", "title")
    assert "两艘快艇" in refused.value.en
    other = after(first, step("edit", severity="major", seen={"severity": "serious"}))
    assert (other.title, other.severity) == ("两艘快艇", "major")


def test_joint_agencies_are_those_of_a_unit() -> None:
    made = incident(step("join", 1, agency="police"), step("join", 2, agency="police", unit="4690"))
    assert made.joint_agencies == {Joint("police", "4601"), Joint("police", "4690")}
    assert after(
        made, step("leave", 3, agency="police", unit="4690", reason="x")
    ).joint_agencies == {Joint("police", "4601")}
    assert after(made, step("leave", 3, agency="police", reason="x")).joint_agencies == frozenset()
    with pytest.raises(Refused) as refused:
        after(made, step("join", 3, agency="customs", unit="4601"))
    assert (refused.value.code, refused.value.field) == ("lead", "agency")
    assert (
        Joint("customs", "4690")
        in after(made, step("join", 3, agency="customs", unit="4690")).joint_agencies
    )
