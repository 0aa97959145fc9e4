"""The demonstration's story is told by real requests: none of them may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.entry import PATH, DemoPerson, entry_router
from littoral.api.server import serving
from littoral.api.signin.guard import CSRF_HEADER
from littoral.area.geofence_json import fence_feature
from littoral.cli import demo_forms
from littoral.cli.demo_people import make_people, sign_policies
from littoral.cli.demo_responders import make_responders
from littoral.cli.demo_story import API, CREW, Story
from littoral.cli.sign_in import gate_over
from littoral.schema.logentry import from_bytes
from littoral.sim.fences import FENCES
from littoral.store import changes, dismissal_counts, watch_list
from littoral.store.duty import papers, rosters
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
        make_responders(gate, people)
        app = create_app(shore, tmp_path / "pages", gate=gate, first=(entry_router(people),))
        with serving(app, port=0) as address:
            story = Story(address, people)
            story.before_all()
            story.begin()
            story.when_filled()
            erased_by_both_officers(address, people)
            visits_were_handed_in(address, people)
            what_is_sensitive_is_assessed(address, people)
        assert capfd.readouterr().err == ""

        vault = gate.trust.vault
        log = gate.trust.log
        signed = log.publish()
        reader = LogReader(log.root, log.key.public)
        entries = [from_bytes(data) for data in reader.entries(0, signed.size)]
        assert {e.action for e in entries} >= {
            "case.open", "intake.write", "grant.request", "grant.approve", "person.read",
            "person.search", "person.export", "breakglass.use", "evidence.add", "hold.write",
            "alert.dismiss", "duty.plan", "duty.watch", "duty.handover", "duty.fault",
            "assessment.write", "assessment.agree", "bulletin.write", "contact.add",
        }  # fmt: skip
        assert len(breakglass.open_reviews(vault)) == 1
        assert holds.current_holds(vault) == []
        case = next(e.thing for e in entries if e.action == "hold.write")
        assert len(subjects_of(vault, case.partition(":")[2])) == 2  # of three
        with shore.records.database.read() as connection:
            assert [c.thing for c in changes.listed(connection, 0, changes.WAITING)] == [
                f"geofence:{FENCES[0].id}"
            ]
            assert [(e.name, e.desk) for e in watch_list.active(connection, 0)] == [
                ("LIAN YUN TUO 20", "460000/police"), ("AN TAI FA 9", "460000/police"),
            ]  # fmt: skip
            desks = rosters.desks(connection)
            assert desks == [
                ("460000", "police"), ("460100", "local_government"),
                ("460200", "local_government"),
            ]  # fmt: skip
            open_papers = [p for _, p in papers.listed(connection, *desks[0], [], 9, waiting=True)]
            assert sorted((p.kind, p.state) for p in open_papers) == [
                ("fault", "in_hand"), ("handover", "signed"), ("swap", "asked"),
            ]  # fmt: skip
            assert {c.desk for c in dismissal_counts.counted(connection, 0)} == {
                "460000/coast_guard"
            }


def what_is_sensitive_is_assessed(address: str, people: Mapping[str, DemoPerson]) -> None:
    """Two assessments are in force, one waits, and no sensitive data of the story lacks one."""
    doors = {person.login: token for token, person in people.items()}
    with httpx.Client(base_url=address) as auditor:
        auditor.get(f"{PATH}/{doors['demo.auditor']}")
        found = auditor.get(f"{API}/assessments").json()
    assert sorted((a["purpose"], a["agency"], a["state"]) for a in found["items"]) == [
        ("anti_smuggling", "customs", "in_force"), ("border_control", "customs", "waiting"),
        ("epidemic_control", "health", "in_force"),
    ]  # fmt: skip
    assert found["lacking"] == []


def visits_were_handed_in(address: str, people: Mapping[str, DemoPerson]) -> None:
    """The clerk finds one form in use and two answers to it, with nobody's name in the list."""
    doors = {person.login: token for token, person in people.items()}
    with httpx.Client(base_url=address) as clerk:
        clerk.get(f"{PATH}/{doors['demo.clerk']}")
        (form,) = clerk.get(f"{API}/forms").json()["items"]
        assert (form["form_id"], form["in_force"]) == (demo_forms.FORM, True)
        listed = clerk.get(f"{API}/form-submissions")
        found = listed.json()["items"]
    told = [{a["path"].rpartition("/")[2]: a["value"] for a in one["open"]} for one in found]
    # They may come in at one moment.
    assert {one["reason"] for one in told} == {visit[1] for visit in demo_forms.VISITS}
    assert {one["form"] for one in found} == {form["id"]}
    for visit in demo_forms.VISITS:
        assert visit[2] not in listed.text


def erased_by_both_officers(address: str, people: Mapping[str, DemoPerson]) -> None:
    """As the README has it clicked: the person asks, the first officer lifts the hold and asks for
    the erasure, the second agrees."""
    doors = {person.login: token for token, person in people.items()}
    with (
        httpx.Client(base_url=address, headers={CSRF_HEADER: "1"}) as first,
        httpx.Client(base_url=address, headers={CSRF_HEADER: "1"}) as second,
    ):
        for client, login in ((first, "demo.dpo"), (second, "demo.dpo2")):
            client.get(f"{PATH}/{doors[login]}")
        found = first.get(f"{API}/cases").json()["items"]
        (own,) = (c["id"] for c in found if c["purpose"] == "oversight")
        question = {"case": own, "value": CREW[0]["id_number"]}
        (kept,) = first.post(f"{API}/oversight/subjects", json=question).json()["records"]
        at = f"{API}/cases/{kept['case']}/erasures"
        wanted = {"subject": kept["id"], "reason": "request", "why": "asks for it in writing"}
        (hold,) = first.get(f"{API}/holds").json()["items"]
        assert hold["document"] == "琼关缉（演示）1 号 / demo order 1"
        assert first.post(at, json=wanted).json()["code"] == "held"
        lifting = {"legal_basis": "statutory_duty", "document": "demo order 2"}
        assert first.post(f"{API}/holds/{hold['id']}/release", json=lifting).status_code == 200
        asked = first.post(at, json=wanted).json()
        decision = f"{at}/{asked['id']}/decision"
        assert first.post(decision, json={"agree": True}).status_code == 403
        assert second.post(decision, json={"agree": True}).json()["state"] == "made"
