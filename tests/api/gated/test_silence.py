"""Silence that calls somebody: a late roll-call pages who has the watch, by a real modem too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.api.tasks.silence import Silence, on_duty
from littoral.cli.sign_in import gate_over
from littoral.engine.reaching import ByModem, Reaching
from littoral.respond.duty.shifts import Member
from littoral.store import reach, tasks
from littoral.store.duty import entries, regulations, rosters
from littoral.store.reach import Desk, NoticeRow
from tests.api.shore import Shore
from tests.link.sms.at_modem import AtModem

from .conftest import Watch
from .test_incidents import reported
from .test_tasks import account_of, added, assigned, done

HAIKOU, PROVINCE = "460100", "460000"
MIN_US, S_US = 60_000_000, 1_000_000
NUMBER = "+8613876000111"


@dataclass
class Clock:
    """Of the paging, ahead of the server's that has been closed."""

    us: int

    def __call__(self) -> int:
        self.us += 1
        return self.us


@dataclass
class Scene:
    watch: Watch
    silence: Silence
    reaching: Reaching
    clock: Clock
    modem: AtModem
    task: str
    lead: str
    crew: httpx.Client

    def after(self, minutes: float) -> list[NoticeRow]:
        """What was paged about the task by then, oldest first."""
        self.clock.us += round(minutes * MIN_US)
        self.silence.look()
        return self.notices()

    def notices(self) -> list[NoticeRow]:
        with self.watch.gate.people.base.database.read() as connection:
            return reach.about(connection, reach.call_of(self.task))[::-1]


@pytest.fixture
def scene(shore: Shore, tmp_path: Path) -> Iterator[Scene]:
    """A boat's crew whose roll is called every 20 minutes, late after 5 more; then time goes by."""
    modem = AtModem()
    with gate_over(tmp_path / "data", shore.records) as gate:
        with serving(create_app(shore, tmp_path / "pages", gate=gate)) as url:
            watch = Watch(shore, gate, url)
            task, lead, crew = called(watch)
            watch.browser("watch_lead", unit=PROVINCE, login="province.lead")
            lead.put("/me/contacts", json={"sms": NUMBER}).raise_for_status()
            lead_id = account_of(lead)
        base = gate.people.base
        clock = Clock(base.now_us())
        reaching = Reaching(
            base.database, gate.people.signin.sealer, clock, sender=ByModem(modem.port)
        )
        silence = Silence(gate, reaching)
        try:
            yield Scene(watch, silence, reaching, clock, modem, task, lead_id, crew)
        finally:
            reaching.close()
            modem.close()
            for browser in watch.browsers:
                browser.close()


def called(watch: Watch, **more: Any) -> tuple[str, httpx.Client, httpx.Client]:
    keeper = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    crew = watch.browser("grid_worker", "coast_guard", unit=HAIKOU)
    lead = watch.browser("watch_lead", unit=HAIKOU, login="haikou.lead")
    boat = added(keeper, account=account_of(crew))["id"]
    task = assigned(lead, reported(lead, area=HAIKOU)["id"], boat)["id"]
    assert done(crew, task, "accept").status_code == 200
    begun = done(lead, task, "call_begin", every_min=20, within_min=5, **more)
    assert begun.status_code == 200, begun.text
    return task, lead, crew


def until(holds: Callable[[], bool], what: str, limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def test_silence_pages_the_watch_by_page_and_text_and_then_the_tier_above(scene: Scene) -> None:
    assert scene.after(24) == []
    (first,) = scene.after(2)
    assert (first.unit, first.agency) == (HAIKOU, "police")
    assert [p.ref for p in first.notice.people] == [f"account:{scene.lead}"]
    assert first.zh.startswith("点名逾期未答：任务 2026-")
    until(lambda: events(scene, first.id) == ["app sent"], "the page")
    # The page has nobody before it: the text goes out by the modem.
    scene.clock.us += 31 * S_US
    scene.reaching.wake()
    until(lambda: len(scene.modem.sent) == 1, "the text")
    assert scene.modem.sent[0]["recipient"]["number"] == NUMBER.removeprefix("+")
    assert scene.modem.sent[0]["user_data"]["data"] == first.zh
    assert scene.after(1) == scene.notices()
    assert len(scene.notices()) == 1  # looked at again, nobody is paged twice
    _, second = scene.after(5)
    assert second.unit == PROVINCE
    logged = [e for e in scene.watch.logged() if e.actor == "system:roll-call"]
    assert [e.thing for e in logged] == [f"notice:{first.id}", f"notice:{second.id}"]


def events(scene: Scene, key: str) -> list[str]:
    with scene.watch.gate.people.base.database.read() as connection:
        found = reach.events_of(connection, key)
    return [f"{e.event.channel or '-'} {e.event.kind}" for e in found]


def test_a_restart_pages_nobody_twice_and_forgets_nobody(scene: Scene) -> None:
    before = [n.id for n in scene.after(31)]
    assert len(before) == 2
    Silence(scene.watch.gate, scene.reaching).look()
    assert [n.id for n in scene.notices()] == before
    # What is written in them ends with what is written of the incident, and is held with it.
    with scene.watch.gate.people.base.database.read() as connection:
        incident = tasks.one(connection, scene.task).task.incident
        assert reach.of_incidents(connection) | dict.fromkeys(before, incident) == (
            reach.of_incidents(connection)
        )
        assert {reach.incident_of(connection, key) for key in before} == {incident}
        assert set(before) <= set(reach.about_incident(connection, incident))


def test_over_http_it_pages_by_itself_and_an_answer_recalls_it(watch: Watch) -> None:
    """Begun half an hour ago: late when the server looks."""
    ago = (datetime.now(UTC) - timedelta(minutes=27)).isoformat()
    task, lead, crew = called(watch, at=ago)
    until(lambda: len(paged(lead)) == 1, "the page")
    assert done(crew, task, "message", text="都好").status_code == 200  # no answer to the roll
    assert paged(lead)[0]["ended"] is None
    assert done(crew, task, "call_answer").status_code == 200
    until(lambda: paged(lead)[0]["state"] == "recalled", "the recall")
    # A call for help is at all tiers at once.
    above = watch.browser("watch_lead", unit=PROVINCE, login="province.lead")
    assert done(crew, task, "call_answer", help=True).status_code == 200
    until(lambda: len(paged(above)) == 1, "the page above")
    assert paged(above)[0]["zh"].startswith("呼救：任务 ")
    assert len(paged(lead)) == 2
    assert done(lead, task, "call_end").status_code == 200
    until(lambda: {n["state"] for n in paged(lead)} == {"recalled"}, "the end")


def paged(browser: httpx.Client) -> list[dict[str, Any]]:
    return [n for n in browser.get("/me/notices").json()["items"] if "任务 " in n["zh"]]


def test_who_is_off_duty_or_signed_out_is_not_paged(watch: Watch) -> None:
    """By the roster; a desk without one pages whoever may stand its watches."""
    desk, database = Desk(HAIKOU, "police"), watch.gate.people.base.database
    one, other = (
        account_of(watch.browser("watch_officer", unit=HAIKOU, login=n)) for n in ("one", "other")
    )
    watch.browser("watch_officer", "customs", unit=HAIKOU)
    now_us = watch.gate.people.base.now_us()

    def found() -> set[str]:
        with database.read() as connection:
            return set(on_duty(watch.gate, connection, desk, now_us))

    assert found() == {one, other}
    _, text = regulations.read(watch.shore.settings.data_dir / "duty")["county"]
    since = datetime.now(UTC).date() - timedelta(days=3)
    with database.write() as connection:
        rosters.put(
            connection, str(uuid4()), HAIKOU, "police", since, text,
            {team: [Member(one, "officer")] for team in "ABC"}, one, now_us,
        )  # fmt: skip
    assert found() == {one}
    browser = watch.browser("watch_officer", unit=HAIKOU, login="one")
    for kind in ("in", "out"):
        note = {"id": str(uuid4()), "kind": kind}
        answer = browser.post(f"/duty/desks/{HAIKOU}/police/log", json=note)
        assert answer.status_code == 201, answer.text
    assert entries.SIGN_OUT == "out"
    assert found() == set()
