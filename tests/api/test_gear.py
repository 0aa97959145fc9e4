"""Net beacons as readers of the API and the live stream get them."""

from __future__ import annotations

import numpy as np

from littoral.api.fleet_rows import GONE, LIVE, LOST, states, track_rows
from littoral.api.gear import NET_BEACON, gear_rows, shown_kind
from littoral.api.live import frame
from littoral.api.live.changes import NOTHING, changes, frame_of
from littoral.api.search_index import SearchIndex
from littoral.api.tracks import TrackModel, select
from littoral.engine.fleet_view import next_view
from littoral.schema.fleet import (
    GEAR_BEACON,
    GEAR_DRIFT,
    GEAR_FORM,
    GEAR_NAME,
    GEAR_SAILED,
    GEAR_SHIP,
)

from .fleets import MINUTE_US, NOW_US, fleet_of, view_of

BEACON = {
    "mmsi": 900_123_456,
    "kind": 1,
    "name": b"NET MARK-85%",
    "gear": GEAR_BEACON | GEAR_FORM | GEAR_NAME | GEAR_DRIFT,
}
POSER = {
    "mmsi": 900_000_001,
    "kind": 1,
    "name": b"B-11.9V",
    "gear": GEAR_FORM | GEAR_NAME | GEAR_SAILED,
}


def test_what_is_told_of_each() -> None:
    view = view_of({}, BEACON, POSER, {"gear": GEAR_DRIFT}, {"gear": GEAR_FORM | GEAR_SHIP})
    vessel, beacon, poser, drifts, ship = gear_rows(view.fleet, np.arange(5))
    assert vessel is None
    assert beacon == {
        "beacon": True, "signs": ["form", "name", "drift"], "battery_percent": 85,
        "battery_v": None,
    }  # fmt: skip
    assert poser == {
        "beacon": False, "signs": ["form", "name", "sailed"], "battery_percent": None,
        "battery_v": 11.9,
    }  # fmt: skip
    assert drifts is None
    assert ship is not None
    assert ship["signs"] == ["form", "ship"]
    assert view.beacons == 1


def test_the_frame_says_it_by_its_kind_and_the_rows_keep_the_class() -> None:
    view = view_of({}, BEACON, POSER)
    assert shown_kind(view.fleet).tolist() == [0, NET_BEACON, 1]
    new, _ = changes(NOTHING, view, states(view))
    _, columns = frame.decode(frame_of(view, new))
    assert columns["kind"].tolist() == [0, 6, 1]
    rows = track_rows(view, np.arange(3), states(view))
    assert [TrackModel.model_validate(r).kind for r in rows] == ["class_a", "class_b", "class_b"]


def test_who_turns_out_a_vessel_is_told_of_anew() -> None:
    first = view_of(BEACON)
    after = next_view(first, fleet_of({**BEACON, "gear": GEAR_FORM | GEAR_SAILED}), NOW_US)
    assert after.renamed.tolist() == after.moved.tolist() == [after.counter]


def test_a_beacon_is_lost_later_and_leaves_a_full_picture_first() -> None:
    def age(minutes: int) -> dict[str, int]:
        return {"last_us": NOW_US - minutes * MINUTE_US}

    view = view_of(age(20), {**BEACON, **age(20)}, {**BEACON, **age(100)}, age(300))
    assert states(view).tolist() == [LOST, LIVE, LOST, LOST]
    assert states(view, max_shown=2).tolist() == [LOST, GONE, GONE, LOST]
    assert states(view, max_shown=3).tolist() == [LOST, LIVE, GONE, LOST]


def test_selected_and_found_apart() -> None:
    view = view_of(BEACON, {"name": b"NET MARKET"}, {**BEACON, "mmsi": 900_123_457})
    state = states(view)
    assert select(view, state, beacons=True).tolist() == [0, 2]
    assert select(view, state, beacons=False).tolist() == [1]
    assert len(select(view, state)) == 3
    hits = SearchIndex().search(view, "NET MARK", 10)
    assert [h.row for h in hits] == [1, 0, 2]
