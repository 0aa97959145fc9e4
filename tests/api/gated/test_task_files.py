"""Files and voice notes of tasks: from a phone in pieces into custody, listed on the task."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import httpx
import pytest

from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported
from .test_tasks import account_of, added, assigned, done

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2000
# As a browser records it: EBML, "webm", a track of Opus and none of pictures.
VOICE = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm" + bytes(90)
    + b"\x83\x81\x02\x86\x86A_OPUS" + bytes(range(256)) * 90
)  # fmt: skip
VIEW = "/cases/{}/evidence/{}/view"


class Sent:
    """A boat's crew of the coast guard on a task of the police in Haikou."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.keeper = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
        self.crew = phone(watch.browser("grid_worker", "coast_guard", unit=HAIKOU))
        self.lead = watch.browser("watch_lead", unit=HAIKOU)
        boat = added(self.keeper, account=account_of(self.crew.http))["id"]
        self.incident = reported(self.lead, area=HAIKOU)["id"]
        self.task = assigned(self.lead, self.incident, boat)["id"]
        assert done(self.crew.http, self.task, "accept").status_code == 200

    def files(self, of: httpx.Client) -> list[dict[str, object]]:
        answer = of.get(f"/tasks/{self.task}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["files"])


def phone(browser: httpx.Client) -> Phone:
    return Phone(browser, str(uuid4()), clock_us, uuid7)


@pytest.fixture
def sent(watch: Watch) -> Sent:
    return Sent(watch)


def test_a_photo_and_a_voice_note_come_to_the_task_by_their_hash(sent: Sent) -> None:
    crew = sent.crew
    photo = crew.attach(sent.task, PHOTO, "image/jpeg", kind="task.file")
    voice = crew.attach(sent.task, VOICE, "audio/webm;codecs=opus", kind="task.file")
    crew.sync()
    assert [crew.queue[k].state for k in (photo, voice)] == [SENT, SENT], crew.answers
    # Of the agency that leads it, whose case has them; both came at one moment.
    found = sorted(sent.files(sent.keeper), key=lambda f: -int(str(f["size"])))
    assert [(f["media_type"], f["size"], f["sha256"]) for f in found] == [
        ("image/jpeg", len(PHOTO), hashlib.sha256(PHOTO).hexdigest()),
        ("audio/webm", len(VOICE), hashlib.sha256(VOICE).hexdigest()),
    ]  # fmt: skip
    heard = sent.keeper.post(VIEW.format(found[1]["case"], found[1]["evidence"]), json={})
    assert (heard.status_code, heard.content) == (200, VOICE)
    assert heard.headers["content-type"] == "audio/webm"
    # They are of the incident too, whose desk keeps them and with which they end.
    kept = sent.keeper.get(f"/incidents/{sent.incident}/submissions").json()["items"]
    assert {(s["kind"], s["file"]["evidence"]) for s in kept} == {
        ("task.file", f["evidence"]) for f in found
    }
    logged = [e.action for e in sent.watch.logged()]
    assert logged.count("evidence.add") >= 2
    assert [f["sha256"] for f in sent.files(sent.lead)] == [None, None]
    # Sent again it is one.
    crew.push([voice])
    assert crew.answers[voice]["status"] == "known"
    assert len(sent.files(sent.lead)) == 2


def test_the_record_waits_until_its_file_is_whole(sent: Sent) -> None:
    crew = sent.crew
    key = crew.attach(sent.task, PHOTO, "image/jpeg", kind="task.file")
    crew.push([key])
    assert crew.answers[key]["code"] == "no_bytes"
    assert sent.files(sent.lead) == []
    crew.upload(hashlib.sha256(PHOTO).hexdigest())
    crew.push([key])
    assert crew.queue[key].state == SENT
    assert len(sent.files(sent.lead)) == 1


def test_who_is_not_sent_adds_nothing_and_sees_no_more_than_the_task(sent: Sent) -> None:
    stranger = phone(sent.watch.browser("grid_worker", "local_government", unit=SANYA))
    near = phone(sent.watch.browser("grid_worker", "local_government", unit=HAIKOU))
    for of in (stranger, near):
        key = of.attach(sent.task, PHOTO, "image/jpeg", kind="task.file")
        of.sync()
        assert of.aside == {key: "unknown"}
    analyst = phone(sent.watch.browser("analyst", unit=HAIKOU))
    key = analyst.attach(sent.task, PHOTO, "image/jpeg", kind="task.file")
    answer = analyst.http.post("/sync/push", json={
        "device": analyst.device, "clock": analyst.records[key]["made_at"],
        "records": [analyst.records[key]],
    }).json()  # fmt: skip
    assert answer["results"][0]["code"] == "policy"
    sent.crew.attach(sent.task, PHOTO, "image/jpeg", shows_people=True, kind="task.file")
    sent.crew.sync()
    (shown,) = sent.files(sent.keeper)
    assert (shown["case"], shown["evidence"], shown["sha256"]) == (None, None, None)
    assert (shown["media_type"], shown["shows_people"]) == ("image/jpeg", True)


def test_of_another_county_the_crew_sends_what_it_saw(watch: Watch) -> None:
    """The office keeps the boat in Sanya, the matter lies in Haikou."""
    keeper = watch.browser("watch_lead", "coast_guard", unit=SANYA)
    crew = phone(watch.browser("grid_worker", "coast_guard", unit=SANYA))
    lead = watch.browser("watch_lead", unit=HAIKOU)
    boat = added(keeper, account=account_of(crew.http), shared_with=[HAIKOU])["id"]
    task = assigned(lead, reported(lead, area=HAIKOU)["id"], boat)["id"]
    done(crew.http, task, "accept")
    key = crew.attach(task, PHOTO, "image/jpeg", kind="task.file")
    crew.sync()
    assert crew.queue[key].state == SENT, crew.answers
    assert len(lead.get(f"/tasks/{task}").json()["files"]) == 1


def test_what_is_no_media_is_set_aside_with_the_reason(sent: Sent) -> None:
    key = sent.crew.attach(sent.task, b"MZ\x90\x00 a program", "audio/webm", kind="task.file")
    sent.crew.sync()
    assert sent.crew.aside == {key: "media"}
    assert sent.files(sent.lead) == []
