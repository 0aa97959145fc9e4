"""The referee's rules of distress, of listed vessels and of receivers on what was heard in days
made by hand; expected times are worked out beside each from the published text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from littoral.schema.watched import Watched
from littoral.sim.referee import distress, receiver, watch_list
from littoral.sim.referee.record import Record
from littoral.sim.referee.said import CALL, Said
from tests.sim.referee.hand import DAY_US, Way, ground, legs, record
from tests.sim.referee.saying import FIRST, MINUTE_US, saying, spoken

OFF = -30_000.0


def lies(minutes: int = 120) -> Record:
    return record([legs((0, 0, OFF))], minutes, types=[70])


def called(mmsi: int, minutes: list[float], status: int) -> np.ndarray:
    rows = [(DAY_US + int(m * MINUTE_US), mmsi, 0, status, 110.0, 18.5, 0, 0) for m in minutes]
    return np.array(rows, CALL)


@pytest.mark.parametrize(
    ("mmsi", "status", "kind", "priority"),
    [(970_412_001, 14, "sart", 1), (972_412_001, 14, "mob", 1), (974_412_001, 14, "epirb", 1),
     (970_412_001, 15, "test", 4), (FIRST, 14, "status_14", 2), (FIRST, 15, "", 0)],
)  # fmt: skip
def test_who_calls(mmsi: int, status: int, kind: str, priority: int) -> None:
    # The same call again within six hours, a test within a quarter of an hour.
    r = replace(lies(), said=Said([], called(mmsi, [1, 2, 10, 11], status)))
    found = distress.happened(r)
    assert [(e.kind, e.priority) for e in found] == ([(kind, priority)] if kind else [])


@pytest.mark.parametrize(("mmsi", "apart", "events"), [
    (970_412_001, 359, 1), (970_412_001, 361, 2),
])  # fmt: skip
def test_a_call_is_over_when_not_heard_for_six_hours(mmsi: int, apart: int, events: int) -> None:
    r = replace(lies(), said=Said([], called(mmsi, [1, 1 + apart], 14)))
    assert len(distress.happened(r)) == events


@pytest.mark.parametrize(
    ("text", "kind"),
    [("MAYDAY MAYDAY", "text"), ("MOBILE CRANE", ""), ("MOB", "text"), ("BACKGROUND", ""),
     ("CHUAN ZAI QIU ZHU", "text"), ("SOS CANCELLED", "test"), ("RADIO TEST", ""),
     ("CONTEST: WE SINKING", "text"), ("drill: man overboard", "test")],
)  # fmt: skip
def test_words(text: str, kind: str) -> None:
    r = replace(lies(), said=Said([], np.zeros(0, CALL), [(DAY_US, FIRST, text)]))
    assert [e.kind for e in distress.happened(r)] == ([kind] if kind else [])


def listed(way: Way, minutes: int, off: tuple[int, int] | None = None, **entry: object) -> list[
    tuple[str, float]
]:  # fmt: skip
    r = record([way], minutes, types=[70], off=off)
    r = saying(r, spoken(r, 0, lambda m: {"imo": 9_074_729}))
    fields = {"mmsi": None, "imo": None, "name": None, "until_us": 1 << 62} | entry
    found = watch_list.happened(r, ground(), (Watched("w", **fields),))  # type: ignore[arg-type]
    return [(e.kind, round((e.start_us - r.start_us) / 60e6, 1)) for e in found]


@pytest.mark.parametrize(
    ("entry", "heard"),
    [({"mmsi": FIRST}, 1), ({"imo": 9_074_729}, 1), ({"name": "HAI YUN 1"}, 1),
     ({"name": "HAI YUN"}, 0), ({"mmsi": FIRST + 1}, 0), ({"mmsi": FIRST, "until_us": DAY_US}, 0)],
)  # fmt: skip
def test_who_is_listed(entry: dict[str, object], heard: int) -> None:
    assert listed(legs((0, 0, OFF)), 60, **entry) == [("listed_heard", 0.0)] * heard


@pytest.mark.parametrize(("hours", "times"), [(1.9, 1), (2.1, 2)])
def test_heard_again(hours: float, times: int) -> None:
    back = 60 + round(hours * 60)
    found = listed(legs((0, 0, OFF)), 300, off=(60, back), mmsi=FIRST)
    assert found == [("listed_heard", 0.0), ("listed_again", float(back))][:times]


def test_comes_into_the_near_sea() -> None:
    # From 54,400 m off at 200 m a minute: 24 n mile, 44,448 m, at minute 49.8; the first report
    # within is that of 49 min 50 s, and it is told a minute later.
    way = legs((0, 0, -54_400), (100, 0, -34_400))
    assert listed(way, 100, mmsi=FIRST) == [("listed_heard", 0.0), ("listed_near", 50.8)]
    beyond = legs((0, 0, -54_400), (49, 0, -44_600), (100, 0, -44_600))
    assert listed(beyond, 100, mmsi=FIRST) == [("listed_heard", 0.0)]
    there = legs((0, 0, -34_448))
    assert listed(there, 100, mmsi=FIRST) == [("listed_heard", 0.0)]


def hears(every_s: float, off: tuple[float, float]) -> np.ndarray:
    """Times of a receiver for two hours, silent from one second to another."""
    t = np.arange(0.0, 7_200.0, every_s)
    return (DAY_US + t[(t < off[0]) | (t >= off[1])] * 1e6).astype(np.int64)


@pytest.mark.parametrize(
    ("every_s", "lasts_s", "events"),
    [(1.0, 150.0, 1), (1.0, 110.0, 0), (10.0, 150.0, 0), (10.0, 260.0, 1)],
)
def test_silent_for_twenty_mean_intervals_and_two_minutes(
    every_s: float, lasts_s: float, events: int
) -> None:
    # Twenty intervals of ten seconds are 200 s.
    one = hears(every_s, (3_600.0, 3_600.0 + lasts_s))
    said = Said(stations={"A": one, "B": hears(1.0, (0.0, 0.0))})
    found = receiver.happened(replace(lies(), said=said), [])
    assert all((e.kind, e.station, e.priority) == ("receiver_silent", "A", 3) for e in found)
    assert len(found) == events


def test_as_planned_and_all_at_once() -> None:
    off = (3_600.0, 4_200.0)
    one, two = hears(1.0, off), hears(1.0, (0.0, 0.0))
    work = [("A", DAY_US + 3_590 * 1_000_000, DAY_US + 4_000 * 1_000_000)]
    r = replace(lies(), said=Said(stations={"A": one, "B": two}))
    assert [e.priority for e in receiver.happened(r, work)] == [4]  # 200 s beyond its end
    late = [("A", DAY_US + 3_590 * 1_000_000, DAY_US + 3_800 * 1_000_000)]
    assert [e.priority for e in receiver.happened(r, late)] == [3]
    both = replace(lies(), said=Said(stations={"A": one, "B": hears(1.0, off)}))
    feed, *others = receiver.happened(both, [])
    assert (feed.kind, feed.priority, feed.due) == ("feed_silent", 2, True)
    assert [e.due for e in others] == [False, False]
