"""Who sees what of a person: never without case, grant and log; masked before; only until."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from littoral.store.vault import breakglass, cases, erasure, grants, persons, tables
from littoral.store.vault.context import decision_context
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.fields import FieldRefused
from littoral.store.vault.rules import DAY_US
from littoral.store.vault.vault import Vault
from tests.store.vault.conftest import HOUR, NOW, FakeLog, LogDown, Scene, assess


def read_grant(vault: Vault, scene: Scene, log: FakeLog, **more) -> grants.Grant:
    asked = {
        "kind": "read", "data_class": "personal", "until_us": NOW + HOUR,
        "reason": "核对船员身份，见第 12 号", "things": [scene.subject],
    }  # fmt: skip
    return grants.ask_for(vault, scene.ask, now_us=NOW, record=log, **(asked | more))


def approved(vault: Vault, scene: Scene, log: FakeLog, **more) -> grants.Grant:
    grant = read_grant(vault, scene, log, **more)
    return grants.approve(vault, grant.id, "user:zhao", NOW, log)


def test_masked_until_granted_then_plain(vault: Vault, scene: Scene, log: FakeLog) -> None:
    shown = persons.show_masked(vault, scene.ask, [scene.subject], NOW, log)
    assert shown[scene.subject] == {
        "name": "张*", "phone": "138****5678", "id_number": "4601**********1234",
    }  # fmt: skip
    grant = read_grant(vault, scene, log)
    assert grant.facts.state == "active"
    plain = persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW + 1, log)
    assert plain == {scene.subject: {"name": "张三", "phone": "138 1234 5678"}}
    said = log.said("person.read")
    assert [(e.actor, e.thing, e.case, e.purpose, e.legal_basis, e.verdict) for e in said] == [
        ("user:li", f"subject:{scene.subject}", scene.ask.case, "anti_smuggling",
         "statutory_duty", "allow")
    ] * 2  # fmt: skip
    assert [e.facts.get("masked") for e in said] == [True, None]


def test_no_log_no_access(vault: Vault, scene: Scene, log: FakeLog) -> None:
    grant = approved(vault, scene, log, search_fields=["phone"])
    log.fails = True
    for attempt in (
        lambda: persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW, log),
        lambda: persons.show_masked(vault, scene.ask, [scene.subject], NOW, log),
        lambda: persons.search(vault, scene.ask, grant.id, "phone", "13812345678", NOW, log),
        lambda: cases.read_case(vault, scene.ask, NOW, log),
        lambda: cases.list_cases(vault, "user:li", [("460100", "customs")], NOW, log),
        lambda: persons.add_subject(vault, scene.ask, "person", {"name": "李四"}, NOW, log),
    ):
        with pytest.raises(LogDown):
            attempt()
    assert persons.subjects_of(vault, scene.ask.case) == [scene.subject]


def test_what_a_search_finds_is_in_the_log_before_it_is_in_reach(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    """Else a log that fails would leave persons in the grant whom nobody was told of."""
    grant = approved(vault, scene, log, things=[], search_fields=["phone"])
    log.fails = True
    with pytest.raises(LogDown):
        persons.search(vault, scene.ask, grant.id, "phone", "13812345678", NOW, log)
    assert grants.grant(vault, grant.id).things == ()
    log.fails = False
    found = persons.search(vault, scene.ask, grant.id, "phone", "13812345678", NOW, log)
    assert grants.grant(vault, grant.id).things == tuple(found) == (scene.subject,)


def test_a_correction_is_in_the_log_before_it_is_made(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    grant = read_grant(vault, scene, log)
    log.fails = True
    with pytest.raises(LogDown):
        persons.correct(
            vault, scene.ask, grant.id, scene.subject, {"phone": "13700000000"}, NOW, log
        )
    log.fails = False
    shown = persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW, log)
    assert shown[scene.subject]["phone"] == "138 1234 5678"
    assert persons.corrected(vault, [scene.subject]) == {}


def test_access_ends_by_itself(vault: Vault, scene: Scene, log: FakeLog) -> None:
    grant = read_grant(vault, scene, log)
    last = NOW + HOUR - 1
    assert persons.reveal(vault, scene.ask, grant.id, [scene.subject], last, log)
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW + HOUR, log)
    assert caught.value.code == "expired"
    assert (log.entries[-1].verdict, log.entries[-1].facts) == ("deny", {"code": "expired"})


def test_closing_the_case_ends_it_too(vault: Vault, scene: Scene, log: FakeLog) -> None:
    grant = read_grant(vault, scene, log)
    cases.close_case(vault, "user:li", scene.ask.case, NOW + 1, log)
    assert cases.frame(vault, scene.ask.case).state == "closed"
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW + 2, log)
    assert caught.value.code == "case_closed"
    assert grants.grant(vault, grant.id).facts.state == "ended"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"actor": "user:wang"}, "not_yours"),
        ({"purpose": "epidemic_control"}, "other_purpose"),
        ({"legal_basis": "court_order"}, "other_basis"),
        ({"case": ""}, "no_case"),
        ({"purpose": "curiosity"}, "purpose"),
    ],
)
def test_a_grant_is_one_persons_for_one_case_and_purpose(
    vault: Vault, scene: Scene, log: FakeLog, changed: dict[str, str], code: str
) -> None:
    grant = read_grant(vault, scene, log)
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, replace(scene.ask, **changed), grant.id, [scene.subject], NOW, log)
    assert caught.value.code == code
    assert log.entries[-1].verdict == "deny"


def test_sensitive_fields_need_another_person(vault: Vault, scene: Scene, log: FakeLog) -> None:
    ordinary = read_grant(vault, scene, log)
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(
            vault, scene.ask, ordinary.id, [scene.subject], NOW, log, names=["id_number"]
        )
    assert caught.value.code == "sensitive"
    assess(vault, log, unit="460100")
    grant = read_grant(vault, scene, log, data_class="sensitive")
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW, log)
    assert caught.value.code == "not_active"
    with pytest.raises(AccessDenied) as caught:
        grants.approve(vault, grant.id, "user:li", NOW, log)
    assert caught.value.code == "same_person"
    grants.approve(vault, grant.id, "user:wang", NOW, log)
    plain = persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW, log)
    assert plain[scene.subject]["id_number"] == "460100199001011234"


def test_a_bulk_export_needs_two_other_persons(vault: Vault, scene: Scene, log: FakeLog) -> None:
    second = persons.add_subject(vault, scene.ask, "person", {"name": "李四"}, NOW, log)
    both = [scene.subject, second]
    grant = read_grant(vault, scene, log, kind="export", things=both)
    assert (grant.needs, grant.facts.state) == (2, "asked")
    grants.approve(vault, grant.id, "user:wang", NOW, log)
    with pytest.raises(AccessDenied) as caught:
        grants.approve(vault, grant.id, "user:wang", NOW, log)
    assert caught.value.code == "same_person"
    with pytest.raises(AccessDenied) as caught:
        persons.export(vault, scene.ask, grant.id, both, NOW, log)
    assert caught.value.code == "not_active"
    grants.approve(vault, grant.id, "user:zhao", NOW, log)
    rows = persons.export(vault, scene.ask, grant.id, both, NOW, log)
    assert [(r["id"], r["name"]) for r in rows] == [(scene.subject, "张三"), (second, "李四")]
    assert [e.thing for e in log.said("person.export") if e.verdict == "allow"] == [
        f"subject:{i}" for i in both
    ]
    # A grant to read takes nothing out.
    reading = read_grant(vault, scene, log, things=both)
    with pytest.raises(AccessDenied) as caught:
        persons.export(vault, scene.ask, reading.id, both, NOW, log)
    assert caught.value.code == "kind"


def test_single_persons_one_after_the_other_are_a_bulk_export(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    second = persons.add_subject(vault, scene.ask, "person", {"name": "李四"}, NOW, log)
    one = read_grant(vault, scene, log, kind="export")
    assert (one.needs, grants.approve(vault, one.id, "user:wang", NOW, log).needs) == (1, 1)
    persons.export(vault, scene.ask, one.id, [scene.subject], NOW, log)
    assert read_grant(vault, scene, log, kind="export").needs == 1  # the same person again
    grants.end(vault, one.id, "user:li", NOW, log)
    split = read_grant(vault, scene, log, kind="export", things=[second])
    assert split.needs == 2
    assert grants.approve(vault, split.id, "user:wang", NOW, log).facts.state == "asked"
    with pytest.raises(AccessDenied) as caught:
        persons.export(vault, scene.ask, split.id, [second], NOW, log)
    assert caught.value.code == "not_active"
    assert grants.approve(vault, split.id, "user:zhao", NOW, log).facts.state == "active"
    # In another case within a day, and after it.
    other = cases.open_case(
        vault, "user:li", "另案", scene.ask.purpose, scene.ask.legal_basis, "460100", NOW, log,
        "customs",
    )  # fmt: skip
    elsewhere = replace(scene, ask=replace(scene.ask, case=other.id))
    assert read_grant(vault, elsewhere, log, kind="export", things=[second]).needs == 2
    day_us = vault.limits.bulk_within_us
    until_us = NOW + day_us + 1000 + vault.limits.export_us
    later = grants.ask_for(
        vault, elsewhere.ask, "export", "personal", until_us, "移送检察机关", NOW + day_us + 1000,
        log, [second],
    )  # fmt: skip
    assert later.needs == 1


def test_exports_asked_for_at_once_are_counted_when_they_are_approved(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    second = persons.add_subject(vault, scene.ask, "person", {"name": "李四"}, NOW, log)
    lenient = replace(
        vault, limits=replace(vault.limits, bulk_from=9)
    )  # as if neither saw the other
    first = read_grant(lenient, scene, log, kind="export")
    other = read_grant(lenient, scene, log, kind="export", things=[second])
    assert (first.needs, other.needs) == (1, 1)
    approved = [grants.approve(vault, g.id, "user:wang", NOW, log) for g in (first, other)]
    assert sorted((g.needs, g.facts.state) for g in approved) == [(1, "active"), (2, "asked")]


def test_reading_is_counted_so_that_it_is_no_bulk_export(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    narrow = replace(vault, limits=replace(vault.limits, read_things=2))
    more = [
        persons.add_subject(vault, scene.ask, "person", {"name": f"甲{i}"}, NOW, log)
        for i in range(2)
    ]
    grant = read_grant(vault, scene, log, things=(), whole_case=True)
    for i in (scene.subject, more[0], scene.subject):
        assert persons.reveal(narrow, scene.ask, grant.id, [i], NOW, log)
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(narrow, scene.ask, grant.id, [more[1]], NOW, log)
    assert caught.value.code == "too_many"


def test_search_finds_by_value_only_and_only_with_a_grant(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    grant = read_grant(vault, scene, log, things=(), search_fields=["phone"])
    assert (grant.needs, grant.facts.state) == (1, "asked")
    grant = grants.approve(vault, grant.id, "user:zhao", NOW, log)
    found = persons.search(vault, scene.ask, grant.id, "phone", "+86 138-1234-5678", NOW, log)
    assert found == {
        scene.subject: {
            "name": "张*", "phone": "138****5678", "id_number": "4601**********1234",
        }
    }  # fmt: skip
    assert persons.search(vault, scene.ask, grant.id, "phone", "13812345679", NOW, log) == {}
    assert [e.facts for e in log.said("person.search")] == [
        {"field": "phone", "found": 1}, {"field": "phone", "found": 0},
    ]  # fmt: skip
    assert "1381234" not in repr(log.entries)
    with pytest.raises(AccessDenied) as caught:
        persons.search(vault, scene.ask, grant.id, "name", "张三", NOW, log)
    assert caught.value.code == "scope"
    plain = persons.reveal(vault, scene.ask, grant.id, [scene.subject], NOW, log)
    assert plain[scene.subject]["name"] == "张三"


def test_one_purpose_does_not_find_what_was_collected_for_another(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    other = cases.open_case(
        vault, "user:li", "疫情", "epidemic_control", "public_health_emergency", "460100", NOW, log,
        "customs",
    )  # fmt: skip
    ask = Ask("user:li", other.id, "epidemic_control", "public_health_emergency")
    persons.add_subject(vault, ask, "contact", {"name": "王五", "phone": "13900000000"}, NOW, log)
    elsewhere = Scene(ask, scene.subject)
    grant = approved(vault, elsewhere, log, search_fields=["phone"])
    assert persons.search(vault, ask, grant.id, "phone", "13812345678", NOW, log) == {}
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, ask, grant.id, [scene.subject], NOW, log)
    assert caught.value.code == "other_purpose"


def test_another_cases_person_is_not_shown_even_masked(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    other = cases.open_case(
        vault,
        "user:wang",
        "另案",
        "anti_smuggling",
        "statutory_duty",
        "460200",
        NOW,
        log,
        "customs",
    )
    ask = Ask("user:wang", other.id, "anti_smuggling", "statutory_duty")
    with pytest.raises(AccessDenied) as caught:
        persons.show_masked(vault, ask, [scene.subject], NOW, log)
    assert caught.value.code == "other_case"
    grant = read_grant(vault, Scene(ask, scene.subject), log)
    assert (grant.needs, grant.facts.state) == (1, "asked")
    with pytest.raises(AccessDenied):
        persons.show_masked(vault, ask, [scene.subject], NOW, log)
    grants.approve(vault, grant.id, "user:zhao", NOW, log)
    assert persons.show_masked(vault, ask, [scene.subject], NOW, log)[scene.subject]["name"] == (
        "张*"
    )
    with pytest.raises(AccessDenied):
        persons.show_masked(vault, ask, [scene.subject], NOW + HOUR, log)


@pytest.mark.parametrize("agency", ["", " ", "navy"])
def test_a_case_is_opened_for_an_agency_or_not_at_all(
    vault: Vault, log: FakeLog, agency: str
) -> None:
    """One without would be nobody's: nobody could work in it or close it."""
    with pytest.raises(AccessDenied, match="a case is of an agency") as caught:
        cases.open_case(
            vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, log, agency
        )
    assert caught.value.code == "agency"
    assert log.entries == []
    with vault.db.read() as connection:
        assert cases.without_agency(connection) == []
        assert connection.execute(sa.select(tables.cases)).all() == []


def test_break_glass_works_at_once_and_is_reviewed_by_another(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    with pytest.raises(AccessDenied) as caught:
        breakglass.break_glass(
            vault, "user:li", "急", "search_and_rescue", "vital_interest", "460100", NOW, log,
            things=[scene.subject],
        )  # fmt: skip
    assert caught.value.code == "reason"
    with pytest.raises(AccessDenied) as caught:
        breakglass.break_glass(
            vault, "user:li", "落水者身份不明，须联系家属", "search_and_rescue", "vital_interest",
            "460100", NOW, log, things=[scene.subject],
        )  # fmt: skip
    assert caught.value.code == "agency"
    assert log.entries[-1].verdict == "deny"
    grant, review = breakglass.break_glass(
        vault, "user:li", "落水者身份不明，须联系家属", "search_and_rescue", "vital_interest",
        "460100", NOW, log, things=[scene.subject], agency="coast_guard",
    )  # fmt: skip
    ask = Ask("user:li", grant.facts.case, "search_and_rescue", "vital_interest")
    plain = persons.reveal(vault, ask, grant.id, [scene.subject], NOW + 1, log)
    assert plain[scene.subject]["id_number"] == "460100199001011234"
    assert (grant.facts.until_us, review.due_us) == (NOW + HOUR, NOW + DAY_US)
    assert breakglass.open_reviews(vault) == [review]
    assert not review.overdue(NOW + DAY_US)
    assert review.overdue(NOW + DAY_US + 1)
    with pytest.raises(AccessDenied) as caught:
        breakglass.review(vault, review.id, "user:li", True, "我自己看过，没问题", NOW + 2, log)
    assert caught.value.code == "same_person"
    done = breakglass.review(
        vault, review.id, "user:chen", False, "本可先行请示，已提醒", NOW + 2, log
    )
    assert (done.reviewer, done.finding) == ("user:chen", "not_justified")
    assert breakglass.open_reviews(vault) == []
    with pytest.raises(AccessDenied) as caught:
        breakglass.review(vault, review.id, "user:zhou", True, "再看一遍没有问题", NOW + 3, log)
    assert caught.value.code == "state"
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, ask, grant.id, [scene.subject], NOW + HOUR, log)
    assert caught.value.code == "expired"


def test_glass_is_not_broken_on_while_reviews_wait(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    """Nor where life is said to be at stake: whoever breaks the glass says so."""

    def break_it(who: str = "user:li") -> breakglass.Review:
        return breakglass.break_glass(
            vault, who, "台风中须联系家属", "emergency", "vital_interest", "460100", NOW, log,
            things=[scene.subject], agency="coast_guard",
        )[1]  # fmt: skip

    first, *_ = [break_it() for _ in range(vault.limits.unreviewed)]
    before = len(breakglass.open_reviews(vault))
    with pytest.raises(AccessDenied, match="data protection officer") as caught:
        break_it()
    assert (caught.value.code, log.entries[-1].verdict) == ("unreviewed", "deny")
    assert len(breakglass.open_reviews(vault)) == before
    break_it("user:wang")  # each account for itself
    breakglass.review(vault, first.id, "user:chen", False, "另案处理，已提醒", NOW, log)
    second = break_it()  # whatever the review found
    with pytest.raises(AccessDenied):
        break_it()
    case = grants.grant(vault, second.grant).facts.case
    cases.close_case(vault, "user:li", case, NOW, log)
    erasure.erase_case(vault, Ask("user:fa", "", "oversight", "statutory_duty"), case, "retention",
                       NOW, log)  # fmt: skip
    with pytest.raises(AccessDenied, match="wait for their review"):
        break_it()  # what was erased is reviewed all the same
    done = breakglass.review(vault, second.id, "user:chen", True, "经核对，情况属实", NOW, log)
    assert done.finding == "justified"
    break_it()


def test_many_who_break_it_at_once_do_not_break_more(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    said: list[str] = []

    def break_it() -> None:
        try:
            breakglass.break_glass(
                vault, "user:li", "台风中须联系家属", "emergency", "vital_interest", "460100", NOW,
                log, things=[scene.subject], agency="coast_guard",
            )  # fmt: skip
            said.append("broken")
        except AccessDenied as denied:
            said.append(denied.code)

    threads = [threading.Thread(target=break_it) for _ in range(vault.limits.unreviewed + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["broken"] * vault.limits.unreviewed + ["unreviewed"] * 3


def test_what_a_policy_decision_is_told(vault: Vault, scene: Scene, log: FakeLog) -> None:
    case = scene.ask.case
    none = {
        "case": case, "case_open": True, "case_unit": "460100", "grant_until_us": 0,
        "second_person": False, "break_glass": False,
    }  # fmt: skip
    assert decision_context(vault, case, None, NOW) == none
    own = read_grant(vault, scene, log)
    until = NOW + HOUR
    assert decision_context(vault, case, own.id, NOW) == none | {"grant_until_us": until}
    assert decision_context(vault, case, own.id, until) == none
    assess(vault, log, unit="460100")
    waiting = read_grant(vault, scene, log, data_class="sensitive")
    assert decision_context(vault, case, waiting.id, NOW) == none
    grants.approve(vault, waiting.id, "user:zhao", NOW, log)
    assert decision_context(vault, case, waiting.id, NOW) == none | {
        "grant_until_us": until, "second_person": True,
    }  # fmt: skip
    grants.end(vault, waiting.id, "user:li", NOW, log)
    assert decision_context(vault, case, waiting.id, NOW) == none
    assert decision_context(vault, "none", own.id, NOW)["case"] == ""


def test_lists_of_cases_are_of_ones_units(vault: Vault, scene: Scene, log: FakeLog) -> None:
    found = cases.list_cases(vault, "user:li", [("460100", "customs")], NOW, log)
    assert [(c.id, c.title) for c in found] == [(scene.ask.case, "走私案 12 号")]
    assert cases.list_cases(vault, "user:li", [("460200", "customs")], NOW, log) == []


def test_what_is_not_in_the_list_of_fields_is_not_kept(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    with pytest.raises(FieldRefused):
        persons.add_subject(vault, scene.ask, "person", {"religion": "x"}, NOW, log)
