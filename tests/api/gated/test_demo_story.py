"""The demonstration's story is told by real requests: none of them may be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from littoral.api.app import create_app
from littoral.api.entry import entry_router
from littoral.api.server import serving
from littoral.area.geofence_json import fence_feature
from littoral.cli.demo_people import make_people, sign_policies
from littoral.cli.demo_story import Story
from littoral.cli.sign_in import gate_over
from littoral.schema.logentry import from_bytes
from littoral.sim.fences import FENCES
from littoral.store import changes
from littoral.store.log.reader import LogReader
from littoral.store.vault import breakglass, holds
from littoral.store.vault.persons import subjects_of
from tests.api.shore import Shore, alert_of


def test_nothing_in_the_story_is_refused_and_every_page_has_something(
    shore: Shore, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for fence in FENCES:
        shore.records.create_geofence(fence_feature(fence), "demo", fence.id)
    shore.raise_alerts(*(alert_of(n) for n in range(1, 9)))
    with gate_over(tmp_path / "data", shore.records) as gate:
        people = make_people(gate)
        sign_policies(gate)
        app = create_app(shore, tmp_path / "pages", gate=gate, first=(entry_router(people),))
        with serving(app, port=0) as address:
            story = Story(address, people)
            story.begin()
            story.when_filled()
        assert capfd.readouterr().err == ""

        vault = gate.trust.vault
        log = gate.trust.log
        signed = log.publish()
        reader = LogReader(log.root, log.key.public)
        entries = [from_bytes(data) for data in reader.entries(0, signed.size)]
        assert {e.action for e in entries} >= {
            "case.open", "intake.write", "grant.request", "grant.approve", "person.read",
            "person.search", "person.export", "breakglass.use", "evidence.add", "hold.write",
            "alert.dismiss",
        }  # fmt: skip
        assert len(breakglass.open_reviews(vault)) == 1
        held = holds.current_holds(vault)
        assert [h.document for h in held] == ["琼关缉（演示）1 号 / demo order 1"]
        assert len(subjects_of(vault, held[0].thing.removeprefix("case:"))) == 3
        with shore.records.database.read() as connection:
            assert [c.thing for c in changes.listed(connection, changes.WAITING)] == [
                f"geofence:{FENCES[0].id}"
            ]
            assert {c.desk for c in changes.counted(connection, 0)} == {"460000/coast_guard"}
