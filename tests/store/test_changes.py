"""Changes that make the watch blinder need two persons; dismissals go to another desk."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from littoral.store import changes, dismissal_counts, geofences
from littoral.store.actions import NotFound
from littoral.store.changes import SecondPersonNeeded
from littoral.store.database import RecordsError
from littoral.store.geofences import Conflict
from littoral.store.records import Records
from tests.store.alert_rows import alert

NOW = 1_700_000_000_000_000
KEY = "0198b9a2-0000-7000-8000-000000000001"
RING = [[110, 19], [111, 19], [111, 20], [110, 20], [110, 19]]
FENCE: dict[str, Any] = {
    "type": "Feature",
    "id": "bay",
    "geometry": {"type": "Polygon", "coordinates": [RING]},
    "properties": {"name": {"zh": "湾", "en": "Bay"}, "rules": [{"kind": "entry"}]},
}


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with Records.open(url, now_us=lambda: NOW) as opened:
        opened.create_geofence(FENCE, "li", "bay")
        yield opened


@pytest.fixture
def connection(records: Records) -> Iterator[Connection]:
    with records.database.write() as opened:
        yield opened


def removal(connection: Connection, key: str = KEY, by: str = "li", now_us: int = NOW) -> Any:
    return changes.propose_fence(
        connection, key, "bay", None, ["removed"], "no longer used", by, now_us
    )


def fence(connection: Connection) -> geofences.GeofenceRow:
    return geofences.one(connection, "bay")


def test_a_removal_waits_until_another_agrees(connection: Connection) -> None:
    wanted = removal(connection)
    assert (wanted.state, wanted.blinder, wanted.after) == ("waiting", ["removed"], None)
    assert not fence(connection).deleted
    with pytest.raises(SecondPersonNeeded):
        changes.decide(connection, KEY, True, "", "li", NOW + 1)
    assert not fence(connection).deleted
    made = changes.decide(connection, KEY, True, "seen", "wang", NOW + 2)
    assert (made.state, made.decided_by, made.note) == ("made", "wang", "seen")
    assert fence(connection).deleted
    last = geofences.changes(connection, "bay")[-1]
    assert (last.change, last.by) == ("delete", "li + wang")
    with pytest.raises(Conflict):
        changes.decide(connection, KEY, False, "", "zhao", NOW + 3)


def test_a_refused_or_taken_back_change_changes_nothing(connection: Connection) -> None:
    removal(connection)
    assert changes.decide(connection, KEY, False, "still used", "wang", NOW).state == "refused"
    other = str(uuid.uuid4())
    removal(connection, other)
    with pytest.raises(Conflict):
        changes.take_back(connection, other, "wang", NOW)
    assert changes.take_back(connection, other, "li", NOW).state == "taken_back"
    assert not fence(connection).deleted
    assert [c.state for c in changes.listed(connection, NOW)].count("waiting") == 0


def test_one_change_of_a_fence_waits_at_a_time_and_repeats_do_nothing(
    connection: Connection,
) -> None:
    first = removal(connection)
    assert removal(connection) == first
    with pytest.raises(Conflict, match="li waits already"):
        removal(connection, str(uuid.uuid4()), "wang")


def test_a_fence_changed_meanwhile_is_not_overwritten(connection: Connection) -> None:
    removal(connection)
    document = {**FENCE, "properties": {**FENCE["properties"], "name": {"zh": "海", "en": "Sea"}}}
    geofences.update(connection, "bay", document, "zhao", NOW, None)
    with pytest.raises(Conflict, match="changed by zhao"):
        changes.decide(connection, KEY, True, "", "wang", NOW)


def test_an_unanswered_change_lapses(connection: Connection) -> None:
    removal(connection)
    later = NOW + changes.LASTS_US + 1
    with pytest.raises(Conflict, match="lapsed"):
        changes.decide(connection, KEY, True, "", "wang", later)
    assert removal(connection, str(uuid.uuid4()), "wang", later).state == "waiting"


def test_a_list_shows_what_has_lapsed_and_writes_nothing(connection: Connection) -> None:
    removal(connection)
    end = NOW + changes.LASTS_US
    assert [c.state for c in changes.listed(connection, end, "waiting")] == ["waiting"]
    assert changes.listed(connection, end + 1, "waiting") == []
    (one,) = changes.listed(connection, end + 1, "lapsed")
    assert (one.state, one.decided_us) == ("lapsed", end)
    assert changes.listed(connection, end + 1) == [one]
    assert changes.one(connection, KEY).state == "waiting"  # as it was written


def test_a_reason_and_a_fence_are_needed(connection: Connection) -> None:
    with pytest.raises(RecordsError, match="say why"):
        changes.propose_fence(connection, KEY, "bay", None, ["removed"], " ", "li", NOW)
    with pytest.raises(NotFound):
        changes.propose_fence(connection, KEY, "none", None, ["removed"], "x", "li", NOW)


def dismissal(
    records: Records,
    n: int,
    priority: int = 3,
    desk: str = "460100/police",
    seed: int = 1,
    seats: Sequence[str] = (),
) -> changes.Dismissal:
    key, action = f"a{n}", str(uuid.UUID(int=n, version=4))
    records.upsert_alerts([alert(key)])
    wanted = {"id": action, "action": "dismiss", "by": "li", "reason": "fishing boat"}
    records.act(key, wanted)
    with records.database.write() as connection:
        return changes.dismissed(
            connection, action, key, [f"vessel:{n % 2}"], priority, desk, seats, "li", NOW + n,
            random.Random(seed),
        )  # fmt: skip


def test_alarms_are_always_reviewed_and_a_share_of_the_rest(records: Records) -> None:
    assert dismissal(records, 1, priority=2).review
    picked = [dismissal(records, n, seed=n).review for n in range(2, 202)]
    # Binomial: 200 lots of one tenth; outside 5..40 in less than one of ten million cases.
    assert 5 <= sum(picked) <= 40


def test_the_lot_is_drawn_once(records: Records) -> None:
    first = dismissal(records, 1, seed=3)
    with records.database.write() as connection:
        for seed in range(40):
            again = changes.dismissed(
                connection, first.action_id, "a1", [], 3, "x", [], "y", NOW, random.Random(seed)
            )
            assert again == first


def test_who_shares_no_seat_reviews(records: Records) -> None:
    """Neither the desk that dismissed, nor any other at which who did it has a seat, by whichever
    of his own seats the reviewer asks; nor who did it, wherever he sits by then."""
    done = dismissal(records, 1, priority=1, seats=["460100/police", "460100/customs"])
    other = "460000/oversight"
    with records.database.write() as connection:
        for seats, who in (
            (["460100/police"], "wang"),
            (["460100/customs", other], "wang"),
            ([other, "460100/police"], "wang"),
            ([other], "li"),
        ):
            assert changes.to_review(connection, seats, who) == []
            with pytest.raises(SecondPersonNeeded):
                changes.review(connection, done.action_id, True, "", other, seats, who, NOW)
        listed = changes.to_review(connection, [other], "sun")
        assert [d.action_id for d in listed] == [done.action_id]
        seen = changes.review(
            connection, done.action_id, False, "it was none", other, [other], "sun", NOW
        )
        assert (seen.agreed, seen.reviewed_by, seen.reviewed_desk) == (False, "sun", other)
        assert changes.to_review(connection, [other], "sun") == []
        with pytest.raises(Conflict):
            changes.review(connection, done.action_id, True, "", other, [other], "sun", NOW)


def test_dismissals_are_counted_by_vessel_and_desk(records: Records) -> None:
    for n in range(1, 6):
        dismissal(records, n)
    dismissal(records, 7, desk="460200/customs")
    with records.database.read() as connection:
        found = [(c.thing, c.desk, c.count) for c in dismissal_counts.counted(connection, NOW)]
        late = dismissal_counts.counted(connection, NOW + 6)
    assert found == [
        ("vessel:1", "460100/police", 3),
        ("vessel:0", "460100/police", 2),
        ("vessel:1", "460200/customs", 1),
    ]
    assert late[0].last_alert == "a7"
    assert [(c.thing, c.desk, c.last_us) for c in late] == [("vessel:1", "460200/customs", NOW + 7)]
