"""A vessel's jumps and double identity are held where its satellite navigation is disturbed: by the
rule in docs/detectors/position.md, before and after the cause is told, and not without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from littoral.detect.contract import Profile
from littoral.engine.core import Rule
from littoral.engine.ledger import Ledger, Row
from littoral.schema.finding import Fact, Finding

MINUTE_US = 60_000_000
AT_US = 100_000 * MINUTE_US


@dataclass(frozen=True, slots=True)
class NoSettings:
    pass


class Toy:
    version = "1"
    summary, profiles = {"zh": "", "en": ""}, {}

    def __init__(self, name: str) -> None:
        self.name = name

    def sentence(self, finding: Finding, names: Any, lang: str) -> str:
        return finding.kind


RULES = tuple(
    Rule(Toy(n), Profile("coastal", NoSettings(), "", ""))  # type: ignore[arg-type]
    for n in ("identity", "position")
)


def finding(
    rule: str, kind: str, mmsi: int, minute: float, end: float | None = None, **facts: Fact
) -> Finding:
    t_us = AT_US + int(minute * MINUTE_US)
    end_us = None if end is None else AT_US + int(end * MINUTE_US)
    return Finding(
        rule, "1", kind, (f"vessel:{mmsi}-20260101T000000.000Z",), t_us, end_us, t_us, 110.0, 19.0,
        3, facts,
    )  # fmt: skip


def held(rows: list[Row]) -> dict[str, str | None]:
    return {r["kind"]: r["held_by"] for r in rows}


JUMP = finding("identity", "jump", 412_000_002, 1)
CAUSE = finding("position", "interference", 412_000_001, 0, mmsis="412000001 412000002")
BY = f"interference {CAUSE.alert_id()}"


def test_what_was_told_before_its_cause_is_held_with_it() -> None:
    ledger = Ledger(RULES)
    assert held(ledger.settle([JUMP], {}, AT_US + MINUTE_US)) == {"jump": None}
    assert held(ledger.settle([CAUSE], {}, AT_US + 3 * MINUTE_US)) == {
        "jump": BY, "interference": None,
    }  # fmt: skip
    again = finding("identity", "jump", 412_000_002, 1, jumps=2)
    assert held(ledger.settle([again], {}, AT_US + 4 * MINUTE_US)) == {"jump": BY}


def test_what_is_told_after_its_cause_or_with_it_is_held() -> None:
    ledger = Ledger(RULES)
    assert held(ledger.settle([JUMP, CAUSE], {}, AT_US)) == {"jump": BY, "interference": None}
    clash = finding("identity", "clash", 412_000_001, 20)
    assert held(ledger.settle([clash], {}, AT_US)) == {"clash": BY}


def test_it_is_held_ahead_and_no_more_when_the_cause_is_withdrawn() -> None:
    ledger = Ledger(RULES)
    ledger.look_ahead([(AT_US, CAUSE)], {}, AT_US)
    ledger.settle([], {}, AT_US)  # the settled data did not bear it out
    assert held(ledger.settle([JUMP], {}, AT_US + MINUTE_US)) == {"jump": None}


def test_it_is_held_after_a_restart() -> None:
    ledger = Ledger(RULES)
    ledger.settle([CAUSE], {}, AT_US)
    other = Ledger(RULES)
    other.restore(ledger.settled_rows(), [], [])
    assert held(other.settle([JUMP], {}, AT_US + MINUTE_US)) == {"jump": BY}


@pytest.mark.parametrize(
    ("found", "is_held"),
    [
        (finding("identity", "jump", 412_000_002, -29, -29), True),
        (finding("identity", "jump", 412_000_002, -31, -31), False),
        (finding("identity", "jump", 412_000_002, 39), True),
        (finding("identity", "jump", 412_000_002, 41), False),
        (finding("identity", "jump", 412_000_003, 1), False),
        (finding("identity", "mmsi_change", 412_000_002, 1), False),
    ],
)
def test_only_members_only_jumps_and_half_an_hour_about_it(found: Finding, is_held: bool) -> None:
    ledger = Ledger(RULES)
    cause = finding("position", "interference", 412_000_001, 0, 10, mmsis="412000001 412000002")
    ledger.settle([cause], {}, AT_US)
    assert held(ledger.settle([found], {}, AT_US))[found.kind] == (BY if is_held else None)


def test_one_vessel_on_land_holds_its_own_jump() -> None:
    ledger = Ledger(RULES)
    land = finding("position", "on_land", 412_000_002, 0)
    assert held(ledger.settle([JUMP, land], {}, AT_US))["jump"] == f"on_land {land.alert_id()}"
