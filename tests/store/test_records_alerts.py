"""Alerts in the records: each version once, a global order of changes, filters, pages."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from littoral.store.records import AlertFilter, NotFound, Records, RecordsError
from tests.store.alert_rows import alert

NOW = 1_700_000_000_000_000


@pytest.fixture
def records(url: str):
    with Records.open(url, now_us=lambda: NOW) as opened:
        yield opened


def test_a_new_alert_comes_back_as_it_was_given(records: Records) -> None:
    given_row = alert()
    (row,) = records.upsert_alerts([given_row])
    for name, value in given_row.items():
        assert getattr(row, name) == value, name
    assert (row.seq, row.revision, row.raised_us) == (1, 1, NOW)
    assert (row.handling, row.escalated, row.handled_by) == ("new", False, None)
    assert row["seq"] == 1
    detail = records.alert("a1")
    assert detail.alert == row
    assert [(v.revision, v.document) for v in detail.versions] == [(1, given_row)]
    assert detail.actions == []


def test_the_same_again_changes_nothing(records: Records) -> None:
    records.upsert_alerts([alert("a"), alert("b")])
    assert records.upsert_alerts([alert("a"), alert("b", updated_us=9_999)]) == []
    assert records.last_seq() == 2
    assert len(records.alert("b").versions) == 1


def test_a_change_is_a_new_version_and_the_old_one_stays(records: Records) -> None:
    records.upsert_alerts([alert("a"), alert("b")])
    (row,) = records.upsert_alerts([alert("b"), alert("a", state="confirmed", end_us=5_000)])
    assert (row.id, row.seq, row.revision, row.state, row.end_us) == ("a", 3, 2, "confirmed", 5_000)
    versions = records.alert("a").versions
    assert [(v.revision, v.state, v.seq) for v in versions] == [
        (1, "provisional", 1),
        (2, "confirmed", 3),
    ]
    assert [r.id for r in records.alerts_after(0)] == ["b", "a"]
    assert [r.id for r in records.alerts_after(2)] == ["a"]


def test_versions_of_one_alert_in_one_batch_are_all_kept(records: Records) -> None:
    rows = [alert("a"), alert("b"), alert("a", priority=2), alert("a", priority=2), alert("a")]
    changed = records.upsert_alerts(rows)
    assert [(r.id, r.revision, r.priority) for r in changed] == [("b", 1, 3), ("a", 3, 3)]
    assert [v.priority for v in records.alert("a").versions] == [3, 2, 3]


def test_rows_and_checkpoint_go_in_together_or_not_at_all(records: Records) -> None:
    assert records.checkpoint() is None
    records.upsert_alerts([alert("a")], {"settled_until_us": 10})
    with pytest.raises(KeyError):
        records.upsert_alerts([alert("b"), {"id": "broken"}], {"settled_until_us": 20})
    with pytest.raises(TypeError):
        records.upsert_alerts([alert("c", facts={"x": object()})], {"settled_until_us": 30})
    assert records.checkpoint() == {"settled_until_us": 10}
    assert [r.id for r in records.alerts_after(0)] == ["a"]
    records.set_checkpoint("lake", {"n": 1})
    assert (records.checkpoint("lake"), records.checkpoint()) == (
        {"n": 1},
        {"settled_until_us": 10},
    )


def test_many_at_once(records: Records) -> None:
    rows = [alert(f"a{i:04d}", start_us=i) for i in range(1200)]
    assert len(records.upsert_alerts(rows)) == 1200
    assert len(records.upsert_alerts(rows)) == 0
    seqs = [r.seq for r in records.alerts_after(0, 5000)]
    assert seqs == list(range(1, 1201))


def test_what_the_engine_takes_up_after_a_restart(records: Records) -> None:
    confirmed = alert("a", state="confirmed")
    records.upsert_alerts([confirmed, alert("b"), alert("c", state="withdrawn")])
    ahead = alert("a", priority=2)
    records.upsert_alerts([ahead])
    settled, shown = records.ledger_rows()
    assert settled == [confirmed]
    assert sorted(shown, key=lambda r: r["id"]) == [ahead, alert("b")]
    records.upsert_alerts([confirmed])
    settled, shown = records.ledger_rows()
    assert (settled, shown) == ([confirmed], [alert("b")])
    ended = alert("d", state="confirmed", end_us=1_900)
    records.upsert_alerts([ended])
    assert records.ledger_rows(since_us=2_000) == ([confirmed, ended], [alert("b")])
    # What goes on is taken up however old it is: its end must find it.
    assert records.ledger_rows(since_us=2_001) == ([confirmed], [alert("b")])


@pytest.fixture
def listed(records: Records) -> Records:
    records.upsert_alerts(
        [
            alert("a", start_us=100, end_us=200, state="confirmed"),
            alert("b", start_us=100, priority=1, rule="distress", updated_us=900),
            alert("c", start_us=300, state="withdrawn", updated_us=400),
            alert("d", start_us=400, held_by="receiver:sanya", updated_us=450),
            alert(
                "e",
                start_us=500,
                updated_us=600,
                things=[{"ref": "vessel:9-x", "label": "50%_OFF", "mmsi": 9}],
                sentence={"zh": "琼临渔失联", "en": "SILENT"},
            ),
        ]
    )
    act = {"id": "5f0c3c1e-6d3c-4a58-9a5e-2a7d3f1b0c01", "action": "dismiss", "by": "x"}
    records.act("a", act | {"reason": "known"})
    return records


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (AlertFilter(), "edcab"),
        (AlertFilter(state=("confirmed", "withdrawn")), "ca"),
        (AlertFilter(priority=(1, 2)), "b"),
        (AlertFilter(rule=("distress",)), "b"),
        (AlertFilter(handling=("dismissed",)), "a"),
        (AlertFilter(phase=("ongoing",)), "edb"),
        (AlertFilter(phase=("ended_handled",)), "a"),
        (AlertFilter(phase=("ended_unanswered", "withdrawn")), "c"),
        (AlertFilter(open=True), "eb"),
        (AlertFilter(open=False), "dca"),
        (AlertFilter(from_us=450), "edb"),
        (AlertFilter(to_us=300), "ab"),
        (AlertFilter(from_us=201, to_us=401), "dcb"),
        (AlertFilter(text="琼临渔"), "e"),
        (AlertFilter(text=" silent "), "e"),
        (AlertFilter(text="50%_off"), "e"),
        (AlertFilter(text="50x_off"), ""),
        (AlertFilter(text="412000001"), "dcab"),
        (AlertFilter(thing="vessel:9-x"), "e"),
        (AlertFilter(thing="vessel:9"), ""),
        (AlertFilter(text="'; DROP TABLE alerts; --"), ""),
    ],
)
def test_filters(listed: Records, wanted: AlertFilter, ids: str) -> None:
    assert "".join(r.id for r in listed.alerts(wanted).items) == ids


def test_what_is_only_noted_is_listed_where_it_is_asked_for(listed: Records) -> None:
    listed.upsert_alerts([alert("n", start_us=450, priority=5)])
    assert "".join(r.id for r in listed.alerts().items) == "edcab"
    assert "".join(r.id for r in listed.alerts(AlertFilter(priority=(5,))).items) == "n"
    assert "".join(r.id for r in listed.alerts(AlertFilter(priority=(1, 5))).items) == "nb"
    assert listed.alerts(AlertFilter(priority=(5,), open=True)).items == []
    assert [r.id for r in listed.alerts_after(6)] == ["n"]  # the stream of changes has it


def test_pages_neither_repeat_nor_hide_when_more_arrives(listed: Records) -> None:
    first = listed.alerts(limit=2)
    assert [r.id for r in first.items] == ["e", "d"]
    listed.upsert_alerts([alert("new", start_us=10_000)])
    second = listed.alerts(cursor=first.next_cursor, limit=2)
    assert [r.id for r in second.items] == ["c", "a"]
    third = listed.alerts(cursor=second.next_cursor, limit=2)
    assert ([r.id for r in third.items], third.next_cursor) == (["b"], None)


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "YTpi", "é"])
def test_a_cursor_of_another_list_is_said(records: Records, cursor: str) -> None:
    with pytest.raises(RecordsError, match="cursor"):
        records.alerts(cursor=cursor)


def test_an_unknown_alert_is_said(records: Records) -> None:
    with pytest.raises(NotFound, match="nothing"):
        records.alert("nothing")


def test_changes_from_many_threads_become_visible_in_order(
    new_url: Callable[[], str],
) -> None:
    """A reader that goes by seq while four write never misses a change."""
    url = new_url()
    with Records.open(url) as records:
        stop = threading.Event()

        def write(number: int) -> None:
            for i in range(15):
                records.upsert_alerts([alert(f"{number}-{i}"), alert(f"common-{i}", lat=number)])

        writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        seen: dict[str, int] = {}
        last = 0

        def read() -> None:
            nonlocal last
            while True:
                done = stop.is_set()
                rows = records.alerts_after(last, 10)
                for row in rows:
                    seen[row.id] = row.seq
                    last = row.seq
                if done and not rows:
                    return

        reader = threading.Thread(target=read)
        for t in (*writers, reader):
            t.start()
        for t in writers:
            t.join()
        stop.set()
        reader.join()
        assert seen == {r.id: r.seq for r in records.alerts_after(0, 1000)}
        assert len(seen) == 75
        assert len(set(seen.values())) == 75


STEPS = st.lists(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), min_size=1, max_size=4),
    max_size=6,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS, st.integers(0, 5))
def test_a_second_run_over_the_same_changes_gives_the_same(
    new_url: Callable[[], str], steps: list[list[tuple[str, int]]], back: int
) -> None:
    """Killed after any step and begun again `back` steps earlier: current versions are the same."""
    with Records.open(new_url()) as once, Records.open(new_url()) as twice:
        batches = [[alert(key, priority=p) for key, p in step] for step in steps]
        for batch in batches:
            once.upsert_alerts(batch)
            twice.upsert_alerts(batch)
        for batch in batches[max(0, len(batches) - back) :]:
            twice.upsert_alerts(batch)
        for one, other in zip(once.alerts().items, twice.alerts().items, strict=True):
            assert (one.id, one.priority, one.state) == (other.id, other.priority, other.state)


WRITER = """
import sys
from littoral.store.records import Records
from tests.store.alert_rows import alert
with Records.open(sys.argv[1]) as records:
    number = (records.checkpoint() or {"n": 0})["n"]
    while True:
        number += 1
        records.upsert_alerts([alert(f"a{number:06d}"), alert("same", lat=number)], {"n": number})
        print(number, flush=True)
"""


def test_killed_between_any_two_rows(url: str) -> None:
    kept = 0
    for kill_after in (1, 9, 4, 30):
        process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(kill_after):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, process.stdout.read().split()[:-1])])
        process.wait()
        with Records.open(url) as records:
            kept = (records.checkpoint() or {})["n"]
            rows = records.alerts_after(0, 10_000)
            assert kept >= acknowledged
            assert [r.id for r in rows] == [*(f"a{i:06d}" for i in range(1, kept + 1)), "same"]
            assert rows[-1].lat == kept == rows[-1].revision == len(records.alert("same").versions)
    assert kept > 40
