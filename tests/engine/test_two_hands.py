"""Work shared by two threads gives what one thread gives, in the same order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from littoral.engine import core
from littoral.engine.slices import in_order
from littoral.engine.two_hands import TwoHands, one_hand
from littoral.schema.state import clone, pack
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList
from tests.laws import scene


def _busy(rounds: int) -> int:
    total = 0
    for k in range(rounds):
        total += k * k
    return total


def test_results_stand_in_the_order_of_the_pieces():
    pieces = [(f"piece {k}", partial(_busy, 40_000 * (k % 3))) for k in range(9)]
    with ThreadPoolExecutor(1) as helper:
        hands = TwoHands(helper)
        for _ in range(5):
            assert hands(pieces) == one_hand(pieces)


def test_both_threads_take_part_once_it_is_worth_it():
    """Two pieces that each wait for the other can only end where both are done at once."""
    meeting = threading.Barrier(2, timeout=60.0)

    def together() -> int:
        _busy(40_000)
        meeting.wait()
        return threading.get_ident()

    alone = [(name, partial(_busy, 400_000)) for name in ("a", "b")]
    with ThreadPoolExecutor(1) as helper:
        hands = TwoHands(helper)
        hands(alone)  # now it is known that they take long
        one, two = hands([("a", together), ("b", together)])
    assert one != two
    assert threading.get_ident() in (one, two)


def test_what_a_piece_raises_is_raised_after_the_other_thread_let_go():
    done = []

    def fails() -> None:
        raise ValueError("a rule failed")

    def works() -> None:
        _busy(400_000)
        done.append(True)

    with ThreadPoolExecutor(1) as helper:
        hands = TwoHands(helper)
        hands([("works", works), ("fails", partial(_busy, 400_000))])
        before = len(done)
        with pytest.raises(ValueError, match="a rule failed"):
            hands([("works", works), ("fails", fails)])
        assert len(done) <= before + 1
        assert hands([("more", partial(_busy, 10))]) == [285]  # 0 + 1 + 4 + ... + 81


def test_small_works_stay_in_the_callers_thread():
    pieces = [(name, threading.get_ident) for name in ("a", "b", "c")]
    with ThreadPoolExecutor(1) as helper:
        hands = TwoHands(helper)
        for _ in range(3):
            assert hands(pieces) == [threading.get_ident()] * 3


def test_a_night_is_judged_alike_by_one_thread_and_by_two():
    """All rules over the night of the laws: the same findings slice by slice, and the same memory,
    compared with the run in one thread."""
    rules, stations = core.choose_rules("coastal"), StationList()
    rows = AisDecoder(1, stations=stations, default_station="x").feed(scene.lines()).observations
    core.mark_areas(rows.positions, scene.world())
    reference = core.Reference(rules, core.with_stations(scene.world(), stations))
    with ThreadPoolExecutor(1) as helper:
        ran = []
        for hands in (one_hand, TwoHands(helper, worth_s=0.0)):
            state = core.start(rules, reference.world)
            found = [
                core.judge(state, tracked, hands).findings
                for tracked in core.follow(state, in_order(clone(rows)), 0, reference)
            ]
            ran.append((found, pack(state)))
    (alone, alone_after), (shared, shared_after) = ran
    assert sum(map(len, alone)) > 50
    assert shared == alone
    assert shared_after == alone_after
