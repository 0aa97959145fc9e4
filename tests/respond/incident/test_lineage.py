"""One matter of several incidents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.respond.incident.flow import Incident, Source, after
from littoral.respond.incident.lineage import check_merge, head_of, matters
from littoral.respond.incident.step import Refused

from .steps import incident, step


def three() -> dict[str, Incident]:
    return {
        key: after(
            incident(incident=key, at_us=n, sources=[{"kind": "report", "ref": key}]),
            step("join", agency=f"agency-{n}", incident=key),
        )
        for n, key in enumerate(("a", "b", "c"))
    }


def test_a_matter_has_all_that_its_parts_gathered() -> None:
    known = three()
    known["a"] = after(known["a"], step("merge", other="b", reason="the same", incident="a"))
    known["b"] = after(known["b"], step("merge", other="c", reason="the same", incident="b"))
    (matter,) = matters(known.values())
    assert matter.head.id == "c"
    assert [p.id for p in matter.parts] == ["a", "b"]
    assert matter.sources == {Source("report", key) for key in "abc"}
    assert matter.agencies == {"customs", "agency-0", "agency-1", "agency-2"}
    known["b"] = after(known["b"], step("unmerge", reason="not the same", incident="b"))
    assert [(m.head.id, [p.id for p in m.parts]) for m in matters(known.values())] == [
        ("b", ["a"]),
        ("c", []),
    ]


def test_into_what_nothing_is_merged() -> None:
    known = three()
    merged = after(known["a"], step("merge", other="b", reason="the same", incident="a"))
    closed = after(known["b"], step("reject", reason="no", outcome="unfounded", incident="b"))
    for other, said in ((None, "no such"), (merged, "merged into b"), (closed, "reopen it")):
        with pytest.raises(Refused, match=said):
            check_merge(known["c"], other)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=60))
def test_no_order_of_merging_closes_a_ring_or_loses_an_incident(
    wanted: list[tuple[int, int, bool]],
) -> None:
    known = {str(n): incident(incident=str(n), at_us=n) for n in range(8)}
    for one, other, apart in wanted:
        a, b = str(one), str(other)
        try:
            if apart:
                known[a] = after(known[a], step("unmerge", reason="no", incident=a))
            else:
                check_merge(known[a], known[b])
                known[a] = after(known[a], step("merge", other=b, reason="yes", incident=a))
        except Refused:
            continue
    found = matters(known.values())
    assert sorted(i.id for m in found for i in (m.head, *m.parts)) == sorted(known)
    assert all(not m.head.merged_into for m in found)


def test_a_ring_is_an_error_and_no_endless_search() -> None:
    with pytest.raises(ValueError, match="ring: a, b"):
        head_of("a", {"a": "b", "b": "a"})
