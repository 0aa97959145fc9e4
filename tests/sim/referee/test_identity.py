"""The referee's rule of doubtful identity on what ships made by hand say; expected times are worked
out beside each from the published text. Reports come every 10 s."""

from __future__ import annotations

import numpy as np
import pytest

from littoral.sim.referee.identity import goings_back, happened, is_imo, is_mmsi
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import KN, legs, record
from tests.sim.referee.saying import FIRST, calls, saying, spoken

OFF, RUN = -30_000.0, 9.0 * KN * 60.0  # metres a minute


def sail(ships: int = 1, minutes: int = 120, run: float = RUN) -> Record:
    """East, 50 km apart."""
    ways = [
        legs((0, 50_000.0 * n, OFF), (minutes, 50_000.0 * n + run * minutes, OFF))
        for n in range(ships)
    ]
    return record(ways, minutes, types=[70] * ships)


def at(r: Record, e: Happened) -> tuple[float, ...]:
    return tuple((t - r.start_us) / 60e6 for t in (e.start_us, e.end_us, e.told_us))


@pytest.mark.parametrize(
    ("number", "good"),
    [(412_345_678, True), (123_456_789, False), (111_412_101, True), (970_412_001, True),
     (912_345_678, False), (984_121_234, True), (841_212_345, True), (994_121_234, True),
     (0, False), (4_131_101, True), (1_234_567_890, False)],
)  # fmt: skip
def test_forms_of_an_mmsi(number: int, good: bool) -> None:
    # ITU-R M.585-9: 004131101 is a coast station.
    assert is_mmsi(number) == good


@pytest.mark.parametrize(
    ("number", "good"),
    [(9_074_729, True), (9_074_728, False), (400_000, False), (20_000_000, True)],
)
def test_imo_numbers(number: int, good: bool) -> None:
    # IMO: 9074729 is the example of a check digit: 9*7 + 0 + 7*5 + 4*4 + 7*3 + 2*2 = 139.
    assert is_imo(number) == good


def test_bad_numbers_are_told_from_the_first_word() -> None:
    r = sail()
    bad = saying(r, spoken(r, 0, lambda m: {"imo": 9_074_728}), calls(r, lambda v, m: 123_456_789))
    kinds = {e.kind: e for e in happened(bad)}
    assert sorted(kinds) == ["bad_imo", "bad_mmsi"]
    assert at(r, kinds["bad_imo"]) == (0.0, 114.0, 0.0)
    assert kinds["bad_mmsi"].mmsis == (123_456_789,)


@pytest.mark.parametrize(("minutes", "events"), [(15, 1), (8, 0)])
def test_two_ships_under_one_mmsi(minutes: int, events: int) -> None:
    r = sail(2)
    number = lambda v, m: FIRST if v == 0 or 30 <= m < 30 + minutes else FIRST + 1
    found = happened(saying(r, [], calls(r, number)))
    # The second goes on under the number of the first: told too, and not its going back.
    assert [e.kind for e in found] == [*["clash"] * events, "mmsi_change"]
    if events:
        assert at(r, found[0]) == pytest.approx((30.0, 45.0, 40.0), abs=0.2)
        assert found[0].mmsis == (FIRST,)


@pytest.mark.parametrize(
    ("metres", "reports", "due"),
    [(2_500.0, 20, [True]), (1_700.0, 20, []), (2_500.0, 1, [False]), (60_000.0, 6, [False])],
)
def test_jumps(metres: float, reports: int, due: list[bool]) -> None:
    # 2.5 km in 10 s: more than 500 + 25.7 * 10 m, less than the 3 km that 600 kn make. One report
    # is noise; 60 km are never reached in a minute, at 12.86 (1 + (74.08 / 60)^2) = 32.5 m/s.
    r = sail()
    told = calls(r)
    told["lat_deg"][180 : 180 + reports] += metres / 111_195.0
    found = [e for e in happened(saying(r, [], told)) if e.kind == "jump"]
    assert [e.due for e in found] == due
    if due == [True]:
        assert at(r, found[0]) == pytest.approx((30.0, 33.2, 30.0), abs=0.2)


@pytest.mark.parametrize(
    ("gap", "knots", "ends", "longer", "due"),
    [(0, 9.0, 120, 0, [True]), (10, 9.0, 120, 0, [True]), (16, 9.0, 120, 0, []),
     (5, 1.5, 120, 0, []), (5, 9.0, 68, 0, []), (5, 9.0, 120, 10, [])],
)  # fmt: skip
def test_goes_on_under_another_mmsi(
    gap: int, knots: float, ends: int, longer: int, due: list[bool]
) -> None:
    # At minute 60; not after more than 15 min, not at rest, not when the old one speaks again
    # within five minutes, and not as a ship that is 10 m longer.
    r = sail(1, 120, knots * KN * 60.0)
    new = FIRST + 7
    number = lambda v, m: FIRST if m < 60 or m >= ends else 0 if m < 60 + gap else new
    says = lambda m: {"mmsi": number(0, m), "size": (80, 20 + (longer if m >= 60 else 0), 8, 8)}
    statics = [s for s in spoken(r, 0, says) if s.mmsi]
    found = [e for e in happened(saying(r, statics, calls(r, number))) if e.kind == "mmsi_change"]
    assert [e.due for e in found] == due
    if due:
        assert found[0].mmsis == (FIRST, new)
        assert at(r, found[0])[2] == pytest.approx(65.0 + gap, abs=0.2)


@pytest.mark.parametrize(("back", "events"), [(70.3, 0), (70.45, 1)])
def test_an_exchange_is_judged_at_the_end_of_a_half_minute(back: float, events: int) -> None:
    # New from 65:10 on, so at 70:30: the old one speaks again at 70:20, or then.
    r = sail(1, 120, RUN)
    number = lambda v, m: FIRST if m < 60 or m >= back else 0 if m < 65.1 else FIRST + 7
    found = happened(saying(r, [], calls(r, number)))
    assert [e.kind for e in found] == ["mmsi_change"] * events


@pytest.mark.parametrize(("size", "events"), [((80, 20, 8, 8), 1), ((80, 30, 8, 8), 0)])
def test_an_exchange_with_what_was_said_in_the_last_half_minute(
    size: tuple[int, int, int, int], events: int
) -> None:
    # Judged at 72:30; static data come every six minutes, at 72:00.
    r = sail(1, 120, RUN)
    number = lambda v, m: FIRST if m < 60 else 0 if m < 67.1 else FIRST + 7
    says = lambda m: {"mmsi": number(0, m), "size": (80, 20, 8, 8) if m < 67 else size}
    statics = [s for s in spoken(r, 0, says) if s.mmsi]
    found = happened(saying(r, statics, calls(r, number)))
    assert [e.kind for e in found] == ["mmsi_change"] * events


def test_nobody_knows_who_of_two_says_its_length() -> None:
    r = sail(2, 120, RUN)
    number = lambda v, m: FIRST if not v and m < 60 else FIRST + 1
    statics = [s for v in (0, 1) for s in spoken(r, v, lambda m, v=v: {"mmsi": number(v, m)})]
    found = happened(saying(r, statics, calls(r, number)))
    assert [(e.kind, e.due, e.heard) for e in found if e.kind == "mmsi_change"] == [
        ("mmsi_change", True, False)
    ]


def test_a_turn_in_the_gap_is_another_ship() -> None:
    # Ten minutes: 150 + 600 m are allowed; it turned at once, and is 2,778 * sqrt(2) m away.
    north = legs((0, 0, OFF), (60, 60 * RUN, OFF), (120, 60 * RUN, OFF + 60 * RUN))
    r = record([north], 120, types=[70])
    number = lambda v, m: FIRST if m < 60 else 0 if m < 70 else FIRST + 7
    assert not [e for e in happened(saying(r, [], calls(r, number))) if e.kind == "mmsi_change"]


@pytest.mark.parametrize(("apart", "events"), [(24, 1), (36, 0)])
def test_one_imo_number_on_two_ships(apart: int, events: int) -> None:
    # The first is last heard of at minute 30, the other begins so many minutes later.
    r = sail(2)
    imo = {"imo": 9_074_729}
    statics = spoken(r, 0, lambda m: imo if m <= 30 else None)
    statics += spoken(r, 1, lambda m: imo if m >= 30 + apart else None)
    found = happened(saying(r, statics))
    assert [(e.kind, e.mmsis) for e in found] == [("static_conflict", (FIRST, FIRST + 1))] * events


def test_goings_back() -> None:
    values = [(n, v) for n, v in enumerate("AABBABBC")]
    assert goings_back(values) == [(2, 4), (4, 5)]


@pytest.mark.parametrize(
    ("spans", "field", "events"),
    [(((12, 30), (54, 72)), "name", 1), (((12, 30),), "name", 0), (((12, 30), (54, 72)), "size", 1),
     (((12, 30), (54, 72)), "draught_dm", 0)],
)  # fmt: skip
def test_to_and_fro(spans: tuple[tuple[int, int], ...], field: str, events: int) -> None:
    # A goes to B at 12, back at 30, to B again at 54: two goings back, the second at 54.
    r = sail()
    other = {"name": "BEI FENG 2", "size": (90, 20, 8, 8), "draught_dm": 95}[field]
    says = lambda m: {field: other} if any(a <= m < b for a, b in spans) else {}
    found = happened(saying(r, spoken(r, 0, says)))
    assert [e.kind for e in found] == ["static_conflict"] * events
    if events:
        assert at(r, found[0]) == (12.0, 72.0, 54.0)
        assert found[0].heard
        silent = saying(r, spoken(r, 0, says, unheard=tuple(range(9, 20))))
        assert [e.heard for e in happened(silent)] == [False]
    assert np.isfinite(r.path).all()
