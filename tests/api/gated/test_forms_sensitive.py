"""Answers that are sensitive, by what a form asks for or by a document's number in them, are so to
everybody: opened by two, under an impact assessment, and kept as long as sensitive data is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.forms.tables import form_submissions, form_versions
from littoral.store.people.ids import uuid7
from littoral.store.tables import settings
from littoral.store.vault import retention, tables
from tests.store.forms.workbooks import SETTINGS, SURVEY, book, form

from .conftest import Watch
from .oversight import matter, portal
from .test_forms import GOVERNMENT, HAIKOU, PHOTO, clerk, published, upload, worker
from .test_forms_before import as_before, classes, started
from .test_forms_rights import HOME, NUMBER, PHONE, WHY, answers, dpo, handed_in, opened, told

HEALTH = (
    ("date", "day", "日期", "Day", "", "", "yes"),
    ("text", "fever", "有无发热症状", "Any fever"),
    ("image", "photo", "照片", "Photo"),
)
PLAIN = (
    ("date", "day", "日期", "Day", "", "", "yes"),
    ("text", "note", "说明", "Note"),
    ("image", "photo", "照片", "Photo"),
)
ILL = "发热三十九度"


@dataclass(frozen=True)
class Desk:
    """Of customs: who made a form, and one who has handed in answers to it."""

    lead: httpx.Client
    officer: httpx.Client
    seen: dict[str, Any]

    def asked(self, data_class: str = "sensitive", **more: Any) -> httpx.Response:
        wanted = {
            "reason": "对照旅客名单核实", "whole_case": True, "data_class": data_class, **more,
        }  # fmt: skip
        return self.officer.post(f"/cases/{self.seen['case']}/grants", json=wanted)

    def read(self, grant: str | None) -> httpx.Response:
        path = f"/cases/{self.seen['case']}/form-submissions/{self.seen['id']}/answers"
        return self.officer.post(path, json={"grant": grant})


def filled(note: str, name: str = "note") -> bytes:
    return (
        f'<data id="visit" version="1"><day>2026-11-29</day><{name}>{note}</{name}>'
        f"<photo>p.jpg</photo><meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    ).encode()


def desk(watch: Watch, questions: Any, answered: bytes) -> Desk:
    lead = watch.browser("agency_lead", "customs", unit=HAIKOU)
    made = upload(lead, form(*questions), purpose="anti_smuggling").json()["form"]
    done = lead.post(f"/forms/{made['id']}/publish", json={})
    assert done.status_code == 200, done.text
    officer = watch.browser("investigator", "customs", unit=HAIKOU)
    phone = Phone(officer, str(uuid4()), clock_us, uuid7)
    phone.hand_in(made["id"], answered, {"p.jpg": PHOTO})
    phone.sync()
    assert {q.state for q in phone.queue.values()} == {SENT}, phone.answers
    (seen,) = lead.get("/form-submissions").json()["items"]
    (case,) = officer.get("/cases").json()["items"]
    return Desk(lead, officer, {**seen, "case": case["id"]})


@pytest.mark.parametrize(
    ("questions", "answered"),
    [(HEALTH, filled(ILL, "fever")), (PLAIN, filled(f"{HOME} {NUMBER}"))],
    ids=["asked", "found"],
)  # fmt: skip
def test_they_are_opened_by_two_under_an_assessment_in_force(
    watch: Watch, questions: Any, answered: bytes
) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    at = desk(watch, questions, answered)
    assert classes(watch) == {"sensitive"}
    alone = at.asked("personal")
    assert (alone.status_code, alone.json()["state"]) == (201, "active")
    assert at.read(None).status_code == 403
    assert at.read(alone.json()["id"]).status_code == 403
    waits = at.asked()
    assert (waits.status_code, waits.json()["state"]) == (201, "asked"), waits.text
    assert at.read(waits.json()["id"]).status_code == 403
    with watch.gate.people.base.database.write() as connection:
        connection.execute(sa.update(tables.assessments).values(replaced_us=1))  # it has ended
    refused = at.asked()
    assert (refused.status_code, refused.json()["code"]) == (409, "no_assessment"), refused.text
    late = at.lead.post(f"/grants/{waits.json()['id']}/approve")
    assert (late.status_code, late.json()["code"]) == (409, "no_assessment"), late.text
    with watch.gate.people.base.database.write() as connection:
        connection.execute(sa.update(tables.assessments).values(replaced_us=None))
    assert at.lead.post(f"/grants/{waits.json()['id']}/approve").status_code == 200
    shown = at.read(waits.json()["id"])
    assert shown.status_code == 200, shown.text
    assert shown.json()["answers"][0] == {"path": "/data/day", "value": "2026-11-29"}
    # The photo, and either as a file.
    held = at.officer.get(f"/cases/{at.seen['case']}/evidence").json()["items"]
    assert [i["data_class"] for i in held] == ["sensitive", "sensitive"]
    for file in held:
        for way in ("view", "copy", "bundle"):
            path = f"/cases/{at.seen['case']}/evidence/{file['id']}/{way}"
            assert at.officer.post(path, json={"grant": alone.json()["id"]}).status_code == 403
            given = at.officer.post(path, json={"grant": waits.json()["id"]})
            assert given.status_code == 200, given.text


def test_for_neighbourhood_governance_nobody_opens_them_and_the_list_says_so(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("neighbourhood_governance", GOVERNMENT)
    maker = clerk(watch)
    mine, plain = handed_in(watch, maker, f"{HOME} {NUMBER}", f"{HOME} {PHONE}")
    assert (mine["data_class"], plain["data_class"]) == ("sensitive", "personal")
    assert opened(maker, mine).status_code == 403
    assert opened(maker, plain).status_code == 200
    wanted = {"reason": "安置台风后的住户", "whole_case": True, "data_class": "sensitive"}
    assert maker.post(f"/cases/{mine['case']}/grants", json=wanted).status_code == 403
    # What may be listed is so as before, and nothing else; the table too.
    assert [a["value"] for a in mine["open"]] == ["2026-11-29"]
    table = maker.get("/form-submissions.csv", params={"form": "visit"})
    for text in (maker.get("/form-submissions").text, table.text):
        assert NUMBER not in text


def test_a_person_is_told_of_them_and_by_whom_they_were_opened(watch: Watch) -> None:
    watch.sign_policies()
    watch.assess("anti_smuggling", "customs")
    at = desk(watch, PLAIN, filled(f"{HOME} {NUMBER}"))
    officer = watch.browser("data_protection_officer", "customs", unit=HAIKOU)
    case = matter(officer)
    (record,) = told(watch, officer, case)["records"]
    assert record["form"] == "走访 Visit"
    grant = at.asked().json()["id"]
    assert at.lead.post(f"/grants/{grant}/approve").status_code == 200
    assert at.read(grant).status_code == 200
    after = told(watch, officer, case)["items"]
    assert [(u["action"], u["manner"]) for u in after[2:]] == [("evidence.read", "view")]
    with portal(watch) as client:
        headers = {"X-Road-UserId": "CN" + NUMBER}
        query = {"userCode": "CN" + NUMBER}
        usages = client.get("/v3/findUsage", params=query, headers=headers).json()
    assert [u["purpose"] for u in usages["internalProcessings"]][2] == (
        "反走私：查看表单填报内容（走访 Visit） / "
        "anti-smuggling: answers to a form looked at (走访 Visit)"
    )


def test_they_are_erased_on_request_and_retention_takes_them_as_sensitive(watch: Watch) -> None:
    maker = clerk(watch)
    (mine,) = handed_in(watch, maker, NUMBER)
    trust = watch.gate.trust
    kept = retention.preview(trust.vault, retention.packaged_rules(), trust.now_us())
    found = [d.item.data_class for d in kept if d.item.kind == "evidence"]
    assert found == ["sensitive", "sensitive"]
    officer, second = dpo(watch), dpo(watch, "second.dpo")
    path = f"/cases/{mine['case']}/erasures"
    asked = officer.post(path, json={"subject": mine["evidence"], **WHY})
    assert asked.status_code == 202, asked.text
    done = second.post(f"{path}/{asked.json()['id']}/decision", json={"agree": True})
    assert (done.status_code, done.json()["state"]) == (200, "made"), done.text
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert seen["erased"]


def test_what_was_handed_in_before_is_raised_at_the_next_start(watch: Watch) -> None:
    watch.assess("neighbourhood_governance", GOVERNMENT)
    maker = clerk(watch)
    mine, plain = handed_in(watch, maker, f"{HOME} {NUMBER}", HOME)
    asking = upload(maker, form(*HEALTH, form_id="health"), name="health.xlsx").json()["form"]
    assert maker.post(f"/forms/{asking['id']}/publish", json={}).status_code == 200
    phone = worker(watch, HAIKOU)
    ill = phone.hand_in(
        asking["id"], filled(ILL, "fever").replace(b'id="visit"', b'id="health"'),
        {"p.jpg": PHOTO + b"ill"},
    )  # fmt: skip
    phone.sync()
    assert phone.queue[ill].state == SENT, phone.answers
    listed = {i["id"]: i for i in maker.get("/form-submissions").json()["items"]}
    for seen in (mine, plain, listed[ill]):
        as_before(watch, seen, [("/data/day", "2026-11-29")], "personal", sealed=2)
    with watch.gate.trust.vault.db.write() as connection:
        connection.execute(sa.update(tables.evidence).values(data_class="personal"))
    assert classes(watch) == {"personal"}
    # One whose file is away is raised by what its form asks for.
    key = watch.gate.trust.evidence
    (file,) = [p for p in key.rglob("*.sealed") if p.stem == listed[ill]["evidence"]]
    away = file.rename(file.with_suffix(".away"))
    assert started(watch) == [ill]
    now = {i["id"]: i["data_class"] for i in maker.get("/form-submissions").json()["items"]}
    assert now == {mine["id"]: "sensitive", plain["id"]: "personal", ill: "sensitive"}
    with watch.gate.trust.vault.db.read() as connection:
        e = tables.evidence.c
        held = sorted(connection.execute(sa.select(e.data_class)).scalars())
    assert held == ["personal"] * 2 + ["sensitive"] * 4  # each with its photo
    away.rename(file)
    assert started(watch) == []


def test_a_question_that_asks_for_what_is_sensitive_is_not_open_nor_was(watch: Watch) -> None:
    """A form of before may say that it is."""
    watch.assess("neighbourhood_governance", GOVERNMENT)
    maker = clerk(watch)
    choice = ("select_one yn", "fever", "有无发热", "Any fever", "", "")
    refused = upload(maker, form((*choice, "yes")), keep=False).json()
    assert [(f["row"], f["column"]) for f in refused["faults"]] == [(2, "G")]
    made = upload(maker, form(HEALTH[0], (*choice, ""))).json()["form"]
    with watch.gate.trust.vault.db.write() as connection:
        questions = [{**q, "open": True} for q in made["questions"]]
        connection.execute(
            sa.update(form_versions).values(questions=questions, is_open=True)
        )  # fmt: skip
    assert maker.post(f"/forms/{made['id']}/publish", json={}).status_code == 200
    phone = worker(watch)
    key = phone.hand_in(
        made["id"],
        b'<data id="visit" version="1"><day>2026-11-29</day><fever>yes</fever></data>',
    )
    phone.sync()
    assert phone.queue[key].state == SENT, phone.answers
    (seen,) = maker.get("/form-submissions").json()["items"]
    assert ([a["path"] for a in seen["open"]], seen["sealed"]) == (["/data/day"], 1)
    assert classes(watch) == {"sensitive"}
    shown = [("/data/day", "2026-11-29"), ("/data/fever", "yes")]
    as_before(watch, seen, shown, "operational", sealed=0)
    assert started(watch) == []
    assert maker.get("/form-submissions").json()["items"] == [seen]
    assert classes(watch) == {"sensitive"}


def test_a_file_that_was_handed_in_before_is_raised_with_the_later_answers(watch: Watch) -> None:
    """The same photo with two visits is one piece of evidence."""
    maker = clerk(watch)
    made = published(maker)
    phone = worker(watch)
    phone.hand_in(made["id"], answers(HOME), {"p.jpg": PHOTO})
    phone.sync()
    phone.hand_in(made["id"], answers(NUMBER), {"p.jpg": PHOTO})
    phone.sync()
    with watch.gate.trust.vault.db.read() as connection:
        e, s = tables.evidence.c, form_submissions.c
        photo = sa.select(e.data_class).where(e.media_type == "image/jpeg")
        assert connection.execute(photo).scalars().all() == ["sensitive"]
        found = sorted(connection.execute(sa.select(s.data_class)).scalars())
    assert found == ["personal", "sensitive"]


AROUND = book(
    survey=[
        (*SURVEY, "hint::中文 (zh)"), PLAIN[0],
        ("begin_group", "part", "健康状况与疾病史", "Part two"),
        ("text", "fill", "请逐项填写", "Please fill in"), ("end_group",),
    ],
    settings=[SETTINGS, ("走访 Visit", "visit", "1")],
)  # fmt: skip
BY_HINT = book(
    survey=[
        (*SURVEY, "hint::中文 (zh)"), PLAIN[0],
        ("text", "fill", "请逐项填写", "Fill in", "", "", "", "所患疾病、身份证号、银行账号"),
    ],
    settings=[SETTINGS, ("走访 Visit", "visit", "1")],
)  # fmt: skip
TOLD = {
    "group": (AROUND, "<part><fill>慢性</fill></part>"), "hint": (BY_HINT, "<fill>慢性</fill>"),
}  # fmt: skip


def given_in(watch: Watch, maker: httpx.Client, made: dict[str, Any], told: str) -> dict[str, Any]:
    phone = worker(watch)
    answered = f'<data id="visit" version="1"><day>2026-11-29</day>{told}</data>'
    key = phone.hand_in(made["id"], answered.encode())
    phone.sync()
    assert phone.queue[key].state == SENT, phone.answers
    (seen,) = maker.get("/form-submissions").json()["items"]
    return dict(seen)


@pytest.mark.parametrize("how", TOLD)
def test_what_a_group_or_a_hint_asks_for_is_sensitive_as_in_a_label(watch: Watch, how: str) -> None:
    workbook, told = TOLD[how]
    maker = clerk(watch)
    made = upload(maker, workbook).json()["form"]
    refused = maker.post(f"/forms/{made['id']}/publish", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_assessment"), refused.text
    watch.assess("neighbourhood_governance", GOVERNMENT)
    assert maker.post(f"/forms/{made['id']}/publish", json={}).status_code == 200
    assert given_in(watch, maker, made, told)["data_class"] == "sensitive"
    assert set(made["questions"][0]) == {"path", "kind", "label", "open", "choices"}


@pytest.mark.parametrize("how", TOLD)
def test_a_form_of_before_is_read_for_it_at_the_next_start_and_its_answers_raised(
    watch: Watch, how: str
) -> None:
    workbook, told = TOLD[how]
    watch.assess("neighbourhood_governance", GOVERNMENT)
    maker = clerk(watch)
    made = upload(maker, workbook).json()["form"]
    assert maker.post(f"/forms/{made['id']}/publish", json={}).status_code == 200
    with watch.gate.trust.vault.db.write() as connection:
        connection.execute(sa.update(form_versions).values(questions=made["questions"]))
        connection.execute(sa.delete(settings).where(settings.c.key.like("forms.%")))
    seen = given_in(watch, maker, made, told)
    as_before(watch, seen, [("/data/day", "2026-11-29")], "personal")
    assert classes(watch) == {"personal"}
    assert started(watch) == []
    assert classes(watch) == {"sensitive"}
    with watch.gate.trust.vault.db.write() as connection:
        connection.execute(sa.update(form_versions).values(xlsx=b""))
    assert started(watch) == []  # read once
