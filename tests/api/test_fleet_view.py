"""Pictures for readers: what is new has a stamp above the last counter."""

import numpy as np
import pytest

from littoral.engine.fleet_view import empty_view, next_view

from .fleets import NOW_US, fleet_of, view_of


def new_rows(stamps: np.ndarray, counter: int) -> list[int]:
    return np.flatnonzero(stamps > counter).tolist()


def test_first_picture_is_all_new() -> None:
    view = view_of({}, {}, {})
    assert view.count == 3
    assert new_rows(view.moved, 0) == [0, 1, 2]
    assert new_rows(view.renamed, 0) == [0, 1, 2]


def test_only_what_changed_is_new() -> None:
    first = view_of({}, {}, {})
    moved = fleet_of({}, {"last_us": NOW_US, "last_obs_id": 99}, {})
    second = next_view(first, moved, NOW_US)
    assert new_rows(second.moved, first.counter) == [1]
    assert new_rows(second.renamed, first.counter) == []
    named = fleet_of({}, {"last_us": NOW_US, "last_obs_id": 99}, {"name": b"HAI XUN 21"})
    third = next_view(second, named, NOW_US)
    assert new_rows(third.moved, second.counter) == []
    assert new_rows(third.renamed, second.counter) == [2]
    assert new_rows(third.moved, first.counter) == [1]  # a reader who skipped one picture


def test_a_row_that_stands_for_another_vessel_is_new() -> None:
    first = view_of({}, {})
    second = next_view(first, fleet_of({}, {"mmsi": 413999999}), NOW_US)
    assert new_rows(second.moved, first.counter) == [1]
    assert new_rows(second.renamed, first.counter) == [1]


def test_growth_and_shrinkage() -> None:
    first = view_of({}, {})
    second = next_view(first, fleet_of({}, {}, {}), NOW_US)
    assert new_rows(second.moved, first.counter) == [2]
    third = next_view(second, fleet_of({}), NOW_US)
    assert third.count == 1
    assert new_rows(third.moved, second.counter) == []


def test_new_generation_is_all_new() -> None:
    first = view_of({}, {})
    second = next_view(first, fleet_of({}, {}), NOW_US, generation=1)
    assert new_rows(second.moved, first.counter) == [0, 1]


def test_a_picture_does_not_change_with_the_fleet() -> None:
    fleet = fleet_of({})
    view = next_view(empty_view(), fleet, NOW_US)
    fleet.lon_deg[0] = 0.0
    assert view.fleet.lon_deg[0] == 110.0
    with pytest.raises(ValueError, match="read-only"):
        view.fleet.lon_deg[0] = 0.0
