"""Responders: what is known of where they are, and who can be there first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from littoral.respond.incident.step import Refused
from littoral.respond.intercept import Meeting, Target
from littoral.respond.rank import Needs, Why
from littoral.respond.rhumb import GEOD
from littoral.respond.task.first import suggest
from littoral.respond.task.responder import Fix, Responder, best_fix, checked, edited, freed, placed

NOW = 1_795_900_000_000_000
BOAT = Responder(
    "r-1", "琼巡 01", "boat", "460100", "coast_guard", frozenset({"board"}), speed_mps=15.0,
    endurance_s=14_400.0, base=(110.30, 20.06),
)  # fmt: skip
WORKER = Responder("r-9", "演丰网格员", "grid_worker", "460108", "local_government")
AT = Fix(110.5, 20.1, NOW, "phone")
PLACE = (110.50, 20.10)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"name": " "}, "name"), ({"kind": "tank"}, "kind"),
     ({"skills": frozenset({"fly"})}, "skills"), ({"kind": "grid_worker"}, "speed_kn")],
)  # fmt: skip
def test_what_cannot_be_names_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(replace(BOAT, **more))
    assert refused.value.field == field


def test_an_edit_overwrites_nothing_unseen() -> None:
    first = edited(BOAT, {"speed_mps": 20.0}, {"speed_mps": 15.0})
    assert (first.speed_mps, first.version) == (20.0, 2)
    assert edited(first, {"name": "琼巡 1"}, {"name": "琼巡 01"}).speed_mps == 20.0
    with pytest.raises(Refused) as refused:
        edited(first, {"speed_mps": 18.0}, {"speed_mps": 15.0})
    assert (refused.value.code, refused.value.field) == ("conflict", "speed_mps")


def test_where_a_person_is_is_kept_on_a_task_alone() -> None:
    for free in (WORKER, BOAT):
        with pytest.raises(Refused, match="during a task only"):
            placed(free, AT, is_under_way=False)
        on = placed(free, AT, is_under_way=True)
        assert on.fix == AT
        assert freed(on).fix is None
    with pytest.raises(Refused, match="during a task only"):
        placed(WORKER, replace(AT, source="device"), is_under_way=False)
    of_device = placed(BOAT, replace(AT, source="device"), is_under_way=False)
    assert freed(replace(of_device, on_task=True)).fix == of_device.fix
    older = replace(AT, source="device", at_us=NOW - 1)
    assert placed(of_device, older, is_under_way=False) == of_device


def test_the_newest_of_track_and_device_counts() -> None:
    track = Fix(110.4, 20.0, NOW - 10, "track", 90.0, 8.0)
    held = replace(BOAT, mmsi=412000001, fix=replace(AT, source="device", at_us=NOW - 20))
    assert best_fix(held, lambda mmsi: track if mmsi == 412000001 else None) == track
    assert best_fix(held, lambda mmsi: None) == held.fix
    assert best_fix(BOAT, lambda mmsi: track) is None


def test_first_by_time_in_a_straight_line_while_ways_are_prepared() -> None:
    near = replace(BOAT, id="r-2", fix=Fix(110.45, 20.1, NOW - 60_000_000, "device"))
    drone = replace(BOAT, id="r-3", kind="drone", base=(110.30, 20.10), speed_mps=20.0)
    worker = replace(WORKER, base=(110.49, 20.10))
    out = replace(BOAT, id="r-4", is_out=True)
    busy = replace(near, id="r-5", on_task=True)
    found = suggest([BOAT, near, drone, worker, out, busy], PLACE, Needs(), None, NOW)
    assert [c.responder.id for c in found.first] == ["r-2", "r-3", "r-1", "r-5"]
    assert [c.responder.id for c in found.near] == ["r-9"]
    assert not found.has_ways
    first, _, from_base, busy_one = found.first
    assert first.going is not None
    length = GEOD.inv(110.45, 20.1, *PLACE)[2]
    assert first.going.eta_s == pytest.approx(length / 15.0)
    assert first.going.latest_s == pytest.approx(length / 15.0 + 60.0)
    assert [r.why for r in first.going.reasons] == [Why.STRAIGHT]
    assert from_base.going is not None
    assert Why.FROM_BASE in [r.why for r in from_base.going.reasons]
    assert busy_one.going is not None
    assert not busy_one.going.can_go
    assert found.near[0].going is None
    assert found.near[0].away_m == pytest.approx(GEOD.inv(110.49, 20.10, *PLACE)[2])


def test_skills_that_are_needed_are_looked_for() -> None:
    found = suggest([BOAT], PLACE, Needs(frozenset({"dive"})), None, NOW)
    assert found.first[0].going is not None
    assert not found.first[0].going.can_go


def test_who_meets_a_moving_target_comes_before_who_is_outrun() -> None:
    """A target that sails east at 12 m/s: the drone ahead of it meets it, the slow one behind, who
    is nearer to where it is now, never."""
    ahead = replace(BOAT, id="ahead", kind="drone", base=(110.80, 20.10), speed_mps=10.0)
    behind = replace(BOAT, id="behind", kind="drone", base=(110.45, 20.10), speed_mps=10.0)
    target = Target(PLACE, 90.0, 12.0)
    found = suggest([behind, ahead], PLACE, Needs(), None, NOW, target=target)
    assert [c.responder.id for c in found.first] == ["ahead", "behind"]
    meeting = found.first[0].meeting
    assert isinstance(meeting, Meeting)
    # On one parallel, towards each other: the distance over the sum of the speeds.
    assert meeting.time_s == pytest.approx(GEOD.inv(110.80, 20.1, *PLACE)[2] / 22.0, rel=1e-3)
