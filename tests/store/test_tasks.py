"""Responders and tasks in the records: a step is taken once, one boat is sent by one desk, where a
person is goes with the task."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.filter import ALL, NONE, And, Filter, Holds, In, Not, Or
from littoral.access.mask import mask
from littoral.respond.incident.step import Refused
from littoral.respond.task.flow import told
from littoral.respond.task.responder import Fix, Responder
from littoral.respond.task.step import TaskStep
from littoral.store import incidents, responders, tasks
from littoral.store.actions import NotFound
from littoral.store.geofences import Conflict
from littoral.store.records import Records
from littoral.store.tasks import Kept
from tests.respond.incident import steps as of_incident
from tests.respond.task.steps import assign, step

NOW = 1_795_900_000_000_000
BOAT = Responder(
    "r-1", "琼巡 01", "boat", "4601", "coast_guard", frozenset({"board", "night"}), 15.0, 14_400.0,
    (110.3, 20.06), 412000001, "account-1", frozenset({"46"}),
)  # fmt: skip
WORKER = Responder("r-9", "演丰网格员", "grid_worker", "4690", "local_government")
WITHIN = {"46": frozenset({"46", "4601", "4690"})}


def within(codes: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(WITHIN.get(code, {code}) for code in codes))


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    with Records.open(url, now_us=lambda: NOW) as opened:
        with opened.database.write() as connection:
            for n, area in enumerate(("4601", "4690")):
                given = of_incident.report(f"i-{n + 1}", area=area, desk=area)
                incidents.take(connection, given, 2026, NOW)
            responders.create(connection, BOAT)
            responders.create(connection, replace(BOAT, id="r-2", name="琼巡 02"))
            responders.create(connection, WORKER)
        yield opened


@pytest.fixture
def connection(records: Records) -> Iterator[Connection]:
    with records.database.write() as opened:
        yield opened


def take(connection: Connection, given: TaskStep) -> Kept:
    return tasks.take(connection, given, NOW)


def test_the_row_is_what_the_steps_make_of_it(connection: Connection) -> None:
    given = [
        assign(), step("accept", 10), step("set_out", 20), step("message", 25, text="两艘"),
        step("call_begin", 26, every_min=20, within_min=5), step("call_answer", 28),
        step("edit", 29, lon_deg=None, lat_deg=None),
    ]  # fmt: skip
    for one in given:
        kept = take(connection, one)
    assert kept.task == told(given)
    assert kept.code == "2026-000001/1"
    assert tasks.one(connection, "t-1") == replace(kept, fresh=False)
    rows = tasks.steps(connection, "t-1")
    assert [r.step for r in rows] == given
    assert [(r.version, r.received_us) for r in rows] == [(n, NOW) for n in range(1, 8)]


def test_the_same_step_again_is_the_same_answer(connection: Connection) -> None:
    first = take(connection, assign())
    assert (first.fresh, take(connection, assign()).fresh) == (True, False)
    take(connection, step("accept"))
    late = take(connection, assign())  # from a desk that heard no answer
    assert (late.task.state, late.task.version, late.fresh) == ("accepted", 2, False)
    with pytest.raises(Conflict, match="of another step"):
        take(connection, replace(step("accept"), fields={"reason": "otherwise"}))
    assert len(tasks.steps(connection, "t-1")) == 2


def test_nobody_else_has_the_id_of_a_step(connection: Connection) -> None:
    take(connection, assign())
    with pytest.raises(Conflict, match="of another step"):
        take(connection, replace(assign(), by="account:2"))


def test_what_was_written_is_erased_and_what_was_done_stays(connection: Connection) -> None:
    """With the text of its incident (store/vault/incident_text.py)."""
    given = [
        assign(), step("message", 5, text="船上三人"), step("edit", 6, what="搜救"),
        step("accept", 10), step("refuse", 20, reason="主机故障"),
    ]  # fmt: skip
    for one in given:
        take(connection, one)
    other = take(connection, assign("t-2", incident="i-2", responder="r-2"))
    before = tasks.one(connection, "t-1")
    incidents.forget_text(connection, "i-1", NOW)
    tasks.forget_text(connection, "i-1")
    after = tasks.one(connection, "t-1")
    assert (after.task.what, after.task.reason, after.task.state) == ("", "", "refused")
    assert after.seq > before.seq  # boards that follow hear of it
    fields = [r.step.fields for r in tasks.steps(connection, "t-1")]
    assert [r.step.kind for r in tasks.steps(connection, "t-1")] == [s.kind for s in given]
    assert not any({"what", "reason", "found", "text"} & set(f) for f in fields)
    assert fields[0]["lon_deg"] == 110.5
    assert tasks.one(connection, "t-2") == replace(other, fresh=False)
    assert take(connection, given[1]).fresh is False  # from a phone that was long out of reach
    with pytest.raises(Conflict, match="of another step"):
        take(connection, replace(given[0], fields={**given[0].fields, "lon_deg": 1.0}))


def test_a_refused_step_leaves_nothing_behind(records: Records) -> None:
    with records.database.write() as connection:
        take(connection, assign())
    for wrong, error in (
        (step("finish", found="x"), Refused), (step("accept", task="t-9"), NotFound),
        (step("transfer", to="r-9x", reason="faster"), Refused),
    ):  # fmt: skip
        with pytest.raises(error), records.database.write() as connection:
            take(connection, wrong)
    with records.database.read() as connection:
        assert tasks.one(connection, "t-1").task.version == 1


def test_one_boat_is_sent_once_unless_it_is_meant(connection: Connection) -> None:
    take(connection, assign())
    assert responders.one(connection, "r-1").status == "on_task"
    with pytest.raises(Refused, match="on another task"):
        take(connection, assign("t-2", incident="i-2"))
    second = take(connection, assign("t-2", incident="i-2", also=True))
    assert (second.code, second.task.responder) == ("2026-000002/1", "r-1")
    with pytest.raises(Refused, match="on another task"):
        take(connection, assign("t-3", responder="r-1"))
    third = take(connection, assign("t-3", responder="r-2"))
    assert third.code == "2026-000001/2"
    with pytest.raises(Refused, match="on another task"):
        take(connection, step("transfer", to="r-1", task="t-3", reason="nearer"))
    for key in ("t-1", "t-2"):
        take(connection, step("cancel", task=key, reason="not needed"))
    assert responders.one(connection, "r-1").status == "available"
    responders.set_out_of_service(connection, "r-1", True, "engine")
    with pytest.raises(Refused, match="out of service"):
        take(connection, step("transfer", to="r-1", task="t-3", reason="nearer"))
    assert responders.one(connection, "r-1").status == "out_of_service"


def test_two_desks_at_once_send_one_boat_once(records: Records) -> None:
    sent: list[str] = []
    errors: list[Any] = []

    def desk(n: int) -> None:
        try:
            with records.database.write() as connection:
                take(connection, assign(f"t-{n}", incident=f"i-{n % 2 + 1}"))
            sent.append(f"t-{n}")
        except Refused as refused:
            errors.append(refused.code)

    threads = [threading.Thread(target=desk, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sent), errors) == (1, ["busy"] * 7)
    with records.database.read() as connection:
        assert [k.task.id for k in tasks.listed(connection, 10)] == sent


def test_where_a_person_is_goes_with_the_last_task(connection: Connection) -> None:
    fix = Fix(110.6, 20.0, NOW, "phone", None, 1.5)
    with pytest.raises(Refused, match="during a task only"):
        responders.place(connection, "r-9", fix, NOW)
    take(connection, assign("t-1", responder="r-9"))
    take(connection, assign("t-2", responder="r-9", also=True))
    with pytest.raises(Refused, match="during a task only"):  # it was asked, and has not said yes
        responders.place(connection, "r-9", fix, NOW)
    take(connection, step("accept", task="t-1"))
    take(connection, step("accept", task="t-2"))
    assert responders.place(connection, "r-9", fix, NOW).fix == fix
    take(connection, step("refuse", task="t-1", reason="too far"))
    assert responders.one(connection, "r-9").fix == fix
    take(connection, step("transfer", to="r-2", task="t-2", reason="nearer"))
    assert responders.one(connection, "r-9").fix is None
    of_device = replace(fix, source="device")
    responders.place(connection, "r-2", of_device, NOW)
    take(connection, step("cancel", task="t-2", reason="over"))
    assert responders.one(connection, "r-2").fix == of_device


@pytest.mark.parametrize("end", ["finish", "refuse", "cancel", "transfer", "closed", "forgotten"])
def test_positions_are_taken_from_acceptance_to_the_end(connection: Connection, end: str) -> None:
    fix = Fix(110.6, 20.0, NOW, "phone", None, 1.5)
    take(connection, assign("t-1", responder="r-9"))
    take(connection, step("accept", task="t-1"))
    for kind in ("set_out", "arrive"):
        assert responders.place(connection, "r-9", fix, NOW).fix == fix
        take(connection, step(kind, task="t-1"))
    assert responders.place(connection, "r-9", fix, NOW).fix == fix
    now_us = NOW
    if end == "closed":
        connection.execute(sa.update(incidents.incidents).values(state="closed"))
    elif end == "forgotten":
        now_us = NOW + responders.TAKEN_FOR_US + 60_000_000
    else:
        said = {"finish": {"found": "nobody"}, "transfer": {"to": "r-2"}}.get(end, {})
        more = {} if end == "finish" else {"reason": "it is late"}
        take(connection, step(end, task="t-1", **said, **more))
        assert responders.one(connection, "r-9").fix is None
    with pytest.raises(Refused, match="during a task only"):
        responders.place(connection, "r-9", fix, now_us)
    responders.free_all(connection, now_us)
    assert responders.one(connection, "r-9").fix is None


def test_responders_are_made_once_and_edited_by_field(connection: Connection) -> None:
    assert responders.create(connection, BOAT) == BOAT
    with pytest.raises(Conflict, match="another responder"):
        responders.create(connection, replace(BOAT, name="琼巡 99"))
    made = responders.edit(connection, "r-1", {"skills": frozenset({"tow"})})
    assert responders.one(connection, "r-1") == made
    assert (made.skills, made.version) == (frozenset({"tow"}), 2)
    assert [r.id for r in responders.listed(connection, 9)] == ["r-1", "r-2", "r-9"]
    with pytest.raises(NotFound):
        responders.edit(connection, "r-7", {"name": "x"})
    with pytest.raises(NotFound):
        responders.one(connection, "a\0b")


def test_what_changed_since_and_what_is_open(connection: Connection) -> None:
    for n, responder in enumerate(("r-1", "r-2", "r-9")):
        take(connection, assign(f"t-{n}", n, responder=responder, incident=f"i-{n % 2 + 1}"))
    seen = tasks.changed_since(connection, 0, 10)
    assert [k.task.id for k in seen] == ["t-0", "t-1", "t-2"]
    take(connection, step("cancel", task="t-1", reason="over"))
    (changed,) = tasks.changed_since(connection, seen[-1].seq, 10)
    assert (changed.task.id, changed.task.state) == ("t-1", "cancelled")
    assert [k.task.id for k in tasks.listed(connection, 10, only_open=True)] == ["t-2", "t-0"]
    assert [k.task.id for k in tasks.listed(connection, 10, ["i-2"])] == ["t-1"]


CITY = Holds("areas", frozenset({"4601"}))
SHARED = Holds("shared_with", frozenset({"police@4690"}))


@pytest.mark.parametrize(
    "found",
    [
        ALL, NONE, CITY, SHARED, Not(CITY), Holds("areas", frozenset({"46"})),
        Holds("areas", frozenset({"4690"})), In("owner", frozenset({"account-1"})),
        In("unit", frozenset({"4690"})), In("kind", frozenset({"smuggling"})),
        And(frozenset({Not(CITY), Or(frozenset({SHARED, CITY}))})),
    ],
)  # fmt: skip
def test_a_board_shows_what_the_policies_let_one_see(connection: Connection, found: Filter) -> None:
    """As access/mask.py does over columns, which the policies' own tests hold."""
    joined = of_incident.step("join", incident="i-2", agency="police")
    incidents.take(connection, joined, 2026, NOW)
    for n, (incident, responder) in enumerate((("i-1", "r-1"), ("i-2", "r-2"), ("i-2", "r-9"))):
        take(connection, assign(f"t-{n}", n, incident=incident, responder=responder))
    joint = ["customs/4690", "police@46", "police@4690"]
    columns = {
        "data_class": ["operational"] * 3, "unit": ["4601", "4690", "4690"],
        "owner": ["account-1", "account-1", ""], "kind": ["smuggling"] * 3,
        "areas": [["4601", "46"], ["4601", "4690", "46"], ["4690", "46"]],
        "shared_with": [["customs/4601"], joint, joint],
    }  # fmt: skip
    wanted = [f"t-{n}" for n, seen in enumerate(mask(found, columns)) if seen]
    shown = tasks.listed(connection, 9, where=tasks.visible(found, within))
    assert [k.task.id for k in reversed(shown)] == wanted
    fitting = responders.listed(connection, 9, responders.visible(found, within))
    beside = {
        "data_class": ["operational"] * 3, "unit": ["4601", "4601", "4690"],
        "owner": ["account-1", "account-1", ""], "kind": ["responder"] * 3,
        "areas": [["4601", "46"], ["4601", "46"], ["4690", "46"]],
        "shared_with": [["46"], ["46"], []],
    }  # fmt: skip
    ids = ["r-1", "r-2", "r-9"]
    wanted = [ids[n] for n, seen in enumerate(mask(found, beside)) if seen]
    assert [r.id for r in fitting] == wanted
