"""Live gives what a run over the recording gives, wherever it is stopped and begun again, and
never changes in silence what it has said."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from littoral.schema.finding import CONFIRMED, PROVISIONAL, WITHDRAWN
from littoral.store.alert_rows import AlertDetail, content_hash

from . import scene
from .compare import alert_difference
from .living import Station, all_alerts, as_in_lake, without_history
from .running import Outcome, pieces, run

LAST_US = scene.sent()[-1][0]


def line_ends(data: bytes, rng: random.Random, count: int) -> list[int]:
    """`count` places right after a line feed, ascending."""
    return sorted(data.index(b"\n", rng.randrange(len(data) - 1)) + 1 for _ in range(count))


def assert_as_history(expected: Outcome, station: Station) -> None:
    with station.records() as records:
        rows = all_alerts(records)
    assert [r for r in rows if r.state == PROVISIONAL] == []
    final = as_in_lake([r for r in rows if r.state == CONFIRMED])
    assert (
        alert_difference({k: without_history(a) for k, a in expected.alerts.items()}, final) == []
    )
    for name, table in station.tables().items():
        columns = [c for c in table.column_names if c != "received_us"]
        assert table.select(columns).equals(expected.tables[name].select(columns))


class Watched(NamedTuple):
    station: Station
    history: Outcome
    details: list[AlertDetail]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The night live in pieces of about two minutes, each looked ahead of; reports come up to 55 s
    late, so that much of what is shown ahead does not stand."""
    rng = random.Random(3)
    late = sorted(scene.sent(), key=lambda m: m[0] + rng.randrange(55_000_000))
    data = b"".join(m for _, m in late)
    station = Station(tmp_path_factory.mktemp("live"))
    station.start()
    for piece in pieces(data, line_ends(data, rng, scene.MINUTES // 2)):
        station.send(piece)
    station.end(LAST_US)
    with station.records() as records:
        details = [records.alert(a.id) for a in all_alerts(records)]
    return Watched(station, run([[data]], tmp_path_factory.mktemp("history")), details)


def test_live_is_history(watched: Watched) -> None:
    assert_as_history(watched.history, watched.station)
    assert watched.history.kinds() == scene.KINDS


def test_every_change_is_a_version_and_every_version_a_change(watched: Watched) -> None:
    for detail in watched.details:
        versions = detail.versions
        assert [v.revision for v in versions] == list(range(1, detail.alert.revision + 1))
        assert all(a.seq <= b.seq for a, b in pairwise(versions))
        said = [(v.document["state"], content_hash(v.document)) for v in versions]
        assert all(a != b for a, b in pairwise(said))
        assert versions[-1].document == {k: detail.alert[k] for k in versions[-1].document}


def test_what_was_shown_ahead_is_confirmed_or_withdrawn_with_the_reason(watched: Watched) -> None:
    states = [[v.state for v in d.versions] for d in watched.details]
    shown_first = [s for s in states if s[0] == PROVISIONAL]
    assert len(shown_first) > len(states) / 3
    assert {s[-1] for s in shown_first} == {CONFIRMED, WITHDRAWN}
    for detail in watched.details:
        for v in detail.versions:
            assert (v.state == WITHDRAWN) == (v.document["withdrawn_reason"] is not None)


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_stopped_and_begun_again_anywhere(whole: Outcome, seed: int) -> None:
    """Stopped at some places; after one of the stops the last checkpoints are lost, as when a
    process dies: journal, records and lake are then ahead of the state."""
    rng = random.Random(seed)
    data = scene.lines()
    parts = pieces(data, line_ends(data, rng, 14))
    stops = sorted(rng.sample(range(1, 14), 4))
    kept, lost = sorted(rng.sample(stops, 2))
    with TemporaryDirectory() as folder:
        station = Station(Path(folder))
        station.start()
        for i, part in enumerate(parts):
            if i in stops:
                station.stop()
                if i == kept:
                    station.keep_checkpoint()
                if i == lost:
                    station.fall_back()
                station.start()
            station.send(part)
        station.end(LAST_US)
        assert_as_history(whole, station)
        with station.records() as records:  # in order, nothing that was shown is disproved
            assert [a for a in all_alerts(records) if a.state == WITHDRAWN] == []
