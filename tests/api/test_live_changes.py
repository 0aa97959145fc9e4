"""What a client lacks: followed by a model client that applies what it gets."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.api.fleet_rows import GONE, LIVE, LOST, states
from littoral.api.live import frame
from littoral.api.live.changes import Seen, changes, frame_of
from littoral.engine.fleet_view import FleetView, empty_view, next_view

from .fleets import MINUTE_US, NOW_US, fleet_of, view_of


class ModelClient:
    """Holds what the contract lets a client hold."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.names: dict[int, int] = {}  # track -> mmsi, from `vessels`
        self.at: dict[int, tuple[float, int]] = {}  # track -> lon, state

    def read(self, view: FleetView) -> int:
        new, self.seen = changes(self.seen, view, states(view))
        if new.reset:
            self.names.clear()
            self.at.clear()
        for row in new.introduce.tolist():
            self.names[row] = int(view.fleet.mmsi[row])
        _, columns = frame.decode(frame_of(view, new))
        for track, lon, state in zip(
            columns["track"].tolist(), columns["lon"].tolist(), columns["state"].tolist(),
            strict=True,
        ):  # fmt: skip
            if state == GONE:
                del self.names[track]
                del self.at[track]
            else:
                assert track in self.names, "a frame used a track that was not introduced"
                self.at[track] = (lon, state)
        return len(new)

    def holds(self, view: FleetView) -> None:
        state = states(view)
        shown = np.flatnonzero(state != GONE).tolist()
        assert self.at == {r: (float(view.fleet.lon_deg[r]), int(state[r])) for r in shown}
        assert self.names == {r: int(view.fleet.mmsi[r]) for r in shown}


def test_nothing_new_is_nothing_sent() -> None:
    client, view = ModelClient(), view_of({}, {})
    assert client.read(view) == 2
    assert client.read(next_view(view, view.fleet, NOW_US + 1)) == 0


def test_lost_after_ten_minutes_gone_after_six_hours_and_back() -> None:
    client = ModelClient()
    vessel = {"last_us": NOW_US}
    view = view_of(vessel)
    client.read(view)
    assert client.at == {0: (110.0, LIVE)}
    for minutes, state in ((10, LIVE), (10.1, LOST), (6 * 60, LOST)):
        view = next_view(view, view.fleet, NOW_US + int(minutes * MINUTE_US))
        client.read(view)
        assert client.at == {0: (110.0, state)}, minutes
    view = next_view(view, view.fleet, NOW_US + 6 * 60 * MINUTE_US + 1)
    assert client.read(view) == 1
    assert client.at == {}
    later = NOW_US + 7 * 60 * MINUTE_US
    view = next_view(view, fleet_of({"last_us": later, "lon_deg": 111.0}), later)
    client.read(view)
    assert client.at == {0: (111.0, LIVE)}
    assert client.names == {0: 412000001}


def test_class_b_is_lost_later() -> None:
    ago = NOW_US - 12 * MINUTE_US
    view = view_of({"kind": 0, "last_us": ago}, {"kind": 1, "last_us": ago})
    assert states(view).tolist() == [LOST, LIVE]


def test_a_row_without_position_is_not_shown() -> None:
    client, view = ModelClient(), view_of({}, {"lon_deg": np.nan, "lat_deg": np.nan})
    client.read(view)
    assert set(client.at) == {0}


def test_longest_silent_are_left_out_beyond_the_bound() -> None:
    view = view_of(*({"last_us": NOW_US - s * 1_000_000} for s in (50, 10, 40, 20)))
    assert states(view, max_shown=2).tolist() == [GONE, LIVE, GONE, LIVE]


def test_a_slow_client_gets_the_newest_only() -> None:
    fast, slow = ModelClient(), ModelClient()
    view = view_of({}, {})
    fast.read(view)
    slow.read(view)
    for step in range(1, 6):
        view = next_view(
            view, fleet_of({"last_obs_id": step, "lon_deg": 110 + step}, {}), NOW_US + step
        )
        fast.read(view)
    assert slow.read(view) == 1
    assert slow.at == fast.at
    assert slow.at[0][0] == 115.0


VESSEL = st.fixed_dictionaries(
    {
        "mmsi": st.integers(412000000, 412000005),
        "last_us": st.sampled_from([0, 1, 9, 11, 200, 400]).map(lambda m: NOW_US - m * MINUTE_US),
        "lon_deg": st.sampled_from([110.0, 111.0, np.nan]),
        "last_obs_id": st.integers(1, 3),
        "name": st.sampled_from([b"", b"A", b"B"]),
    }
)


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.lists(VESSEL, max_size=5), st.integers(0, 30), st.booleans(), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_skipped_the_client_ends_with_the_picture(pictures: list) -> None:
    client, view, generation = ModelClient(), empty_view(), 0
    for number, (vessels, minutes, skipped, renumbered) in enumerate(pictures):
        # A position never changes without a new observation: the number makes it one.
        stamped = [{**v, "positions": number * 10 + v["last_obs_id"]} for v in vessels]
        generation += renumbered
        view = next_view(
            view, fleet_of(*stamped), NOW_US + minutes * MINUTE_US, generation=generation
        )
        if not skipped:
            client.read(view)
            client.holds(view)
    client.read(view)
    client.holds(view)
