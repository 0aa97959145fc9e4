"""What is said of an alert, when, and what a restart must not change; by a rule made for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.detect.contract import Profile
from littoral.engine.core import Rule
from littoral.engine.ledger import KEEP_US, Ledger, Row
from littoral.schema.finding import CONFIRMED, PROVISIONAL, WITHDRAWN, Finding
from littoral.store.alert_rows import content_hash


@dataclass(frozen=True, slots=True)
class NoSettings:
    pass


class Toy:
    name, version = "toy", "1"
    summary, profiles = {"zh": "", "en": ""}, {}

    def sentence(self, finding: Finding, names: Any, lang: str) -> str:
        return f"{finding.things[0]} {finding.facts['n']}"


RULES = (Rule(Toy(), Profile("coastal", NoSettings(), "", "")),)  # type: ignore[arg-type]


def finding(thing: str, n: int, at: int, end: int | None = None) -> Finding:
    """What is found of `thing`; `n` is what it says, `at` the last report that changed it."""
    return Finding(
        "toy", "1", "toy", (thing,), 1, end, at, 110.0, 19.0, 3, {"n": n}, evidence=(at,)
    )


def told(rows: list[Row]) -> list[tuple[str, str, int]]:
    return [(r["things"][0]["ref"], r["state"], r["facts"]["n"]) for r in rows]


def test_what_a_rule_tells_late_is_not_withdrawn_before_its_slice_settles() -> None:
    """A rule may wait before it tells, so that its last report is long settled by then."""
    ledger = Ledger(RULES)
    late = finding("a", 1, at=30)
    assert told(ledger.look_ahead([(395, late)], {}, 395)) == [("a", PROVISIONAL, 1)]
    assert ledger.settle([], {}, 360) == []
    assert ledger.look_ahead([(400, late)], {}, 420) == []
    assert ledger.settle([], {}, 390) == []
    assert told(ledger.settle([late], {}, 420)) == [("a", CONFIRMED, 1)]


def test_what_later_data_disprove_is_withdrawn_when_its_slice_has_settled() -> None:
    ledger = Ledger(RULES)
    ledger.look_ahead([(95, finding("a", 1, at=80))], {}, 95)
    assert ledger.settle([], {}, 90) == []
    (row,) = ledger.settle([], {}, 120)
    assert (row["state"], bool(row["withdrawn_reason"])) == (WITHDRAWN, True)


def test_a_change_that_is_disproved_gives_way_to_what_is_settled() -> None:
    ledger = Ledger(RULES)
    assert told(ledger.settle([finding("a", 1, at=20)], {}, 30)) == [("a", CONFIRMED, 1)]
    assert told(ledger.look_ahead([(55, finding("a", 2, at=50))], {}, 55)) == [
        ("a", PROVISIONAL, 2)
    ]
    assert told(ledger.settle([], {}, 60)) == [("a", CONFIRMED, 1)]


def test_more_evidence_of_the_same_or_another_name_is_no_version() -> None:
    ledger = Ledger(RULES)
    ledger.settle([finding("a", 1, at=20)], {}, 30)
    assert ledger.settle([finding("a", 1, at=50)], {"a": "NAMED"}, 60) == []
    (row,) = ledger.settled_rows()
    assert (row["evidence"], row["updated_us"], row["things"][0]["label"]) == ([20], 50, "a")


def test_what_goes_on_is_not_forgotten() -> None:
    ledger = Ledger(RULES)
    ledger.settle([finding("open", 1, at=20), finding("over", 1, at=20, end=20)], {}, 30)
    assert told(ledger.forget_before(20)) == []
    assert told(ledger.forget_before(KEEP_US)) == [("over", CONFIRMED, 1)]
    assert told(ledger.settle([finding("open", 2, at=40, end=40)], {}, 60)) == [
        ("open", CONFIRMED, 2)
    ]


SLICE = 30
SLICES = st.lists(st.dictionaries(st.sampled_from("ab"), st.integers(1, 3)), max_size=8)


class Stored:
    """What the records keep: of each alert its versions."""

    def __init__(self) -> None:
        self.versions: dict[str, list[Row]] = {}

    def put(self, rows: list[Row]) -> None:
        for row in rows:
            mine = self.versions.setdefault(row["id"], [])
            said = (row["state"], content_hash(row))
            assert not mine or (mine[-1]["state"], content_hash(mine[-1])) != said
            mine.append(row)

    def ledger_rows(self) -> tuple[list[Row], list[Row]]:
        """As `Records.ledger_rows` has it."""
        settled = []
        for rows in self.versions.values():
            confirmed = [r for r in rows if r["state"] == CONFIRMED]
            if confirmed and rows[-1]["state"] != WITHDRAWN:
                settled.append(confirmed[-1])
        return settled, [r[-1] for r in self.versions.values() if r[-1]["state"] == PROVISIONAL]


@settings(max_examples=300, deadline=None)
@given(SLICES, st.data())
def test_any_look_ahead_and_any_restart_end_with_what_is_settled(
    slices: list[dict[str, int]], data: st.DataObject
) -> None:
    """`slices[i]` is what settles in slice i; look-aheads in between say anything."""
    ledger, stored = Ledger(RULES), Stored()
    expected: dict[str, int] = {}
    for i, found in enumerate(slices, 1):
        for _ in range(data.draw(st.integers(0, 2))):
            shown = data.draw(st.dictionaries(st.sampled_from("ab"), st.integers(1, 3)))
            now = data.draw(st.integers((i - 1) * SLICE + 1, (i + 2) * SLICE))
            ends = [(data.draw(st.integers((i - 1) * SLICE + 1, now)), k) for k in sorted(shown)]
            ahead = [(end, finding(k, shown[k], at=1)) for end, k in ends]
            stored.put(ledger.look_ahead(ahead, {}, now))
        if data.draw(st.booleans()):
            hidden = ledger.hidden()
            ledger = Ledger(RULES)
            ledger.restore(*stored.ledger_rows(), hidden)
        until = i * SLICE
        stored.put(ledger.settle([finding(k, n, at=until) for k, n in found.items()], {}, until))
        expected |= found
    # Nothing more comes: what is still shown ahead is judged when its time has settled.
    stored.put(ledger.look_ahead([], {}, (len(slices) + 3) * SLICE))
    stored.put(ledger.settle([], {}, (len(slices) + 3) * SLICE))
    final = {rows[-1]["things"][0]["ref"]: rows[-1] for rows in stored.versions.values()}
    assert {k: r["facts"]["n"] for k, r in final.items() if r["state"] == CONFIRMED} == expected
    assert {r["state"] for r in final.values()} <= {CONFIRMED, WITHDRAWN}
    for rows in stored.versions.values():
        assert all((r["state"] == WITHDRAWN) == bool(r["withdrawn_reason"]) for r in rows)
        assert all(a["state"] != b["state"] or a != b for a, b in pairwise(rows))
