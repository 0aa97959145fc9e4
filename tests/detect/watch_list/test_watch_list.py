"""Listed vessels are told when they come. Times placed by hand; rings are those of the reports."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

from littoral.area.rings import BEYOND, NEAR_SEA, TERRITORIAL
from littoral.detect.watch_list import DETECTOR
from littoral.detect.watch_list.settings import COASTAL, WatchListSettings
from littoral.schema.ais import FLAG_JUMP
from littoral.schema.batch import Batch
from littoral.schema.finding import CAUTION
from littoral.schema.fleet import Fleet
from littoral.schema.state import clone, pack, unpack
from littoral.schema.watched import Watched, places
from tests.fuse.scene import T0_US, FakeWorld, Ship, gather, seconds, static, watch

MMSI = 412_000_001
FOREVER_US = 1 << 60
SHE = Watched("w1", MMSI, None, None, FOREVER_US)


@dataclass
class Sea(FakeWorld):
    watched: tuple[Watched, ...] = (SHE,)


def told(parts, to_s=7200.0, *listed, settings=COASTAL, statics=()):
    o = gather(parts, statics)
    sea = Sea(watched=listed or (SHE,))
    return [(f.kind, seconds(f.start_us)) for f in watch(DETECTOR, o, to_s, settings, sea).versions]


def leg(from_s: float, to_s: float, ring: int = BEYOND, **more) -> object:
    return Ship(MMSI, from_s=from_s, to_s=to_s, ring=ring, sog_kn=0.0, **more).reports()


def test_she_is_told_once_when_she_is_first_heard():
    ship = leg(600, 3600)
    assert told([ship, Ship(412_000_002).reports()]) == [("listed_heard", 600.0)]
    (finding,) = watch(DETECTOR, gather([ship]), 7200, COASTAL, Sea()).versions
    assert (finding.priority, finding.end_us) == (CAUTION, finding.start_us)
    assert finding.things[0].startswith(f"vessel:{MMSI}-")
    assert finding.facts == {"mmsi": MMSI, "entry": "w1"}
    assert len(finding.evidence) == 1
    names = {finding.things[0]: "HAI 1"}
    assert "HAI 1" in DETECTOR.sentence(finding, names, "en")
    assert "HAI 1" in DETECTOR.sentence(finding, names, "zh")


@pytest.mark.parametrize(
    ("silent_s", "again"),
    [(7200 * 0.91, False), (7200 * 1.09, True)],  # within 10 % on both sides of two hours
)
def test_heard_again_after_silence(silent_s: float, again: bool):
    back_s = 600 + round(silent_s / 30) * 30
    found = told([leg(0, 601), leg(back_s, back_s + 600)], back_s + 900)
    assert found == [("listed_heard", 0.0), *([("listed_again", back_s)] if again else [])]


@pytest.mark.parametrize(("stay_s", "enters"), [(55, False), (65, True)])
def test_in_the_near_sea_once_she_has_stayed(stay_s: float, enters: bool):
    parts = [
        leg(0, 300),
        leg(300, 300 + stay_s + 1, NEAR_SEA, every_s=5.0),
        leg(300 + stay_s + 30, 900),
    ]
    near = [("listed_near", 360.0)] if enters else []
    assert told(parts) == [("listed_heard", 0.0), *near]


def test_who_is_heard_again_in_the_near_sea_has_entered_it_with_that():
    """By docs/detectors/watch_list.md: the report that gives `listed_again` would give
    `listed_near` too, and no later one does."""
    back_s = 600.0 + 7200.0
    legs = [leg(0, 590), leg(600, 601, NEAR_SEA), leg(back_s, back_s + 900, NEAR_SEA)]
    found = told(legs, back_s + 1200)
    assert found == [("listed_heard", 0.0), ("listed_again", back_s)]


def test_each_entry_is_told_and_a_wrong_position_is_none():
    first = [leg(0, 300), leg(300, 600, TERRITORIAL), leg(600, 900), leg(900, 1200, NEAR_SEA)]
    assert told(first) == [
        ("listed_heard", 0.0), ("listed_near", 360.0), ("listed_near", 960.0),
    ]  # fmt: skip
    assert told([leg(0, 300, NEAR_SEA)]) == [("listed_heard", 0.0)]  # she was in it before
    doubtful = leg(300, 600, NEAR_SEA)
    doubtful.flags[:] = FLAG_JUMP
    parts = [leg(0, 300), doubtful]
    kinds = [k for k, _ in told(parts)]
    assert "listed_near" not in kinds


def test_by_imo_number_or_by_name_once_she_has_said_it():
    said = static(1200, MMSI, imo=9_074_729, name=b"HAI 1")
    by_imo, by_name = (
        Watched("i", None, 9_074_729, None, FOREVER_US),
        Watched("n", None, None, "HAI 1", FOREVER_US),
    )
    for one in (by_imo, by_name):
        assert told([leg(0, 3600)], 7200, one, statics=[said]) == [("listed_heard", 1200.0)]
    assert told([leg(0, 3600)], 7200, replace(by_name, name="HAI"), statics=[said]) == []


def test_until_her_day_and_nobody_without_a_list():
    until = replace(SHE, until_us=T0_US + 300_000_000)
    assert told([leg(600, 3600)], 7200, until) == []
    o = gather([leg(0, 600)])
    assert watch(DETECTOR, o, 900, COASTAL, Sea(watched=())).versions == []


def test_a_vessel_listed_while_she_is_there_is_told_at_once_and_not_twice():
    state, fleet, kinds = DETECTOR.start(COASTAL, Sea()), Fleet.empty(4), []
    fleet.mmsi[0], fleet.count = MMSI, 1
    for n, listed in enumerate(((), (), (SHE,), (SHE, replace(SHE, id="w2", mmsi=5)), (SHE,))):
        p = leg(0, 30)
        p.t_us += n * 30_000_000
        p.track[:] = 0
        batch = Batch(p, static(0).take(slice(0, 0)), gather().texts, n * 30, n * 30 + 30)
        state, found = DETECTOR.step(state, batch, fleet, COASTAL, Sea(watched=listed))
        kinds.append([f.kind for f in found])
        state = unpack(pack(state))
    assert kinds == [[], [], ["listed_heard"], [], []]


def test_a_step_owns_its_state_alone():
    o = gather([leg(0, 300), leg(300, 900, NEAR_SEA)])
    once = watch(DETECTOR, o, 900, COASTAL, Sea())
    copy = clone(once.state)
    assert copy.entry is not once.state.entry
    assert np.array_equal(copy.entry, once.state.entry)


def test_of_two_entries_the_first_holds():
    fleet = Fleet.empty(2)
    fleet.mmsi[:2], fleet.imo[:2], fleet.count = [MMSI, 412_000_009], [9_074_729, 9_074_729], 2
    listed = (Watched("a", None, 9_074_729, None, 1), Watched("b", MMSI, None, None, 1))
    assert places(listed, fleet, np.arange(2)) == {0: 0, 1: 0}
    assert places(listed[::-1], fleet, np.arange(2)) == {0: 0, 1: 1}


def test_settings_are_those_of_the_cases_above():
    assert {f.name for f in fields(WatchListSettings)} == {"silence_s", "near_hold_s", "priority"}
