"""Delays and what a person is told: to the microsecond, by case and person, over renewals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from littoral.store.evidence import custody
from littoral.store.oversight import delays
from littoral.store.oversight.delays import Delay, latest_end
from littoral.store.oversight.listing import Wanted
from littoral.store.oversight.opened import with_shown_files
from littoral.store.oversight.report import of_year, totals
from littoral.store.oversight.subjects import identify, usages
from littoral.store.vault import erasure, erasure_requests, grants, persons
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.vault import NotThere
from tests.store.evidence.test_media import JPEG
from tests.store.oversight.conftest import DAY, Kept
from tests.store.vault.conftest import HOUR, NOW, PERSON

PORTAL = Ask("key:portal", "", "oversight", "statutory_duty")
NUMBER = PERSON["id_number"]


def row(until_us: int, subject: str | None = None, ended_us: int | None = None) -> Delay:
    return Delay(
        "d", "c1", subject, "court_order", "12", "account:li", NOW, until_us, None, ended_us
    )


@pytest.mark.parametrize(
    ("found", "time_us", "end_us"),
    [
        ([], NOW, None),
        ([row(NOW + DAY)], NOW, NOW + DAY),
        ([row(NOW + DAY)], NOW - DAY, NOW + DAY),  # an access before it was set
        ([row(NOW + DAY)], NOW + DAY - 1, NOW + DAY),
        ([row(NOW + DAY)], NOW + DAY, None),  # an access after its end
        ([row(NOW + DAY), row(NOW + 2 * DAY)], NOW, NOW + 2 * DAY),  # renewed
        ([row(NOW + DAY), row(NOW + 2 * DAY)], NOW + DAY, NOW + 2 * DAY),
        ([row(NOW + DAY, ended_us=NOW + HOUR)], NOW, NOW + HOUR),  # ended early
        ([row(NOW + DAY, ended_us=NOW + HOUR)], NOW + HOUR, None),
        ([row(NOW + DAY, "s1")], NOW, NOW + DAY),
        ([row(NOW + DAY, "s2")], NOW, None),  # another person of the case
    ],
)
def test_until_when_an_access_is_hidden(
    found: list[Delay], time_us: int, end_us: int | None
) -> None:
    last = latest_end(found, "c1", "s1", time_us, "account:li")
    assert (None if last is None else last[0]) == end_us
    assert latest_end(found, "c2", "s1", time_us, "account:li") is None


def test_a_person_is_found_over_all_purposes_by_any_spelling(kept: Kept) -> None:
    smuggling = kept.case("account:li")
    rescue = kept.case("account:wang", purpose="search_and_rescue")
    one, two = kept.person(smuggling), kept.person(rescue)
    kept.person(smuggling, "460100198512310019")
    kept.rows()

    def ids(*values: str) -> list[str]:
        return identify(kept.vault, PORTAL, "id_number", values, NOW, kept.record)

    assert ids(NUMBER) == sorted([one, two])
    assert ids("CN" + NUMBER, NUMBER) == sorted([one, two])
    assert ids("CN" + NUMBER) == []
    assert ids("4601 0019 9001 0112 34") == sorted([one, two])  # blanks do not matter
    kept.rows()
    told = usages(kept.vault.db, [one, two], NOW)
    assert [(u.action, u.purpose) for u in told] == [
        ("intake.write", "anti_smuggling"), ("intake.write", "search_and_rescue"),
    ]  # fmt: skip
    assert usages(kept.vault.db, [], NOW) == []
    assert usages(kept.vault.db, ["nobody"], NOW) == []


def test_refusals_and_requests_are_no_uses(kept: Kept) -> None:
    ask = kept.case("account:li")
    person = kept.person(ask)
    kept.act("account:li", "person.read", f"subject:{person}", NOW + 1, verdict="deny")
    identify(kept.vault, PORTAL, "id_number", [NUMBER], NOW, kept.record)
    kept.rows()
    assert [u.action for u in usages(kept.vault.db, [person], NOW)] == ["intake.write"]


def test_an_erased_record_is_not_found_any_more(kept: Kept) -> None:
    ask = kept.case("account:li")
    person = kept.person(ask)
    erasure.erase_subject(kept.vault, ask, person, "request", NOW, kept.record)
    assert identify(kept.vault, PORTAL, "id_number", [NUMBER], NOW, kept.record) == []
    assert "person.erase" in {u.action for u in kept.rows()}


def test_a_delay_rests_on_something_and_reaches_whom_the_case_reaches(kept: Kept) -> None:
    ask = replace(kept.case("account:li"), legal_basis="court_order")
    mine, other = kept.person(replace(ask, legal_basis="statutory_duty")), kept.case("account:wang")
    theirs = kept.person(other)

    def refused(ask: Ask = ask, subject: str | None = None, document: str = "12",
                until_us: int = NOW + DAY) -> str:  # fmt: skip
        with pytest.raises(AccessDenied) as error:
            delays.set_delay(kept.vault, ask, subject, document, until_us, NOW, kept.record)
        return error.value.code

    assert refused(replace(ask, legal_basis="consent")) == "legal_basis"
    assert refused(document="  ") == "document"
    assert refused(until_us=NOW) == "until"
    assert refused(until_us=NOW + 90 * DAY + 1) == "until"
    assert refused(subject=theirs) == "other_case"
    assert refused(replace(ask, case="none")) == "case_closed"
    longest = NOW + 90 * DAY
    made = delays.set_delay(kept.vault, ask, mine, " 12  号 ", longest, NOW, kept.record)
    assert (made.document, made.end_us) == ("12 号", longest)

    def end(by: str, basis: str, document: str, at: int = HOUR) -> delays.Delay:
        return delays.end_delay(kept.vault, by, made.id, basis, document, NOW + at, kept.record)

    for basis, document, code in (
        ("court_order", " ", "document"), ("statutory_duty", "13", "legal_basis"),
    ):  # fmt: skip
        with pytest.raises(AccessDenied) as error:
            end("account:wang", basis, document)
        assert error.value.code == code
    ended = end("account:wang", "court_order", " 13  号")
    assert (ended.end_us, ended.ended_by) == (NOW + HOUR, "account:wang")
    assert (ended.ended_basis, ended.ended_document) == ("court_order", "13 号")
    again = end("account:li", "court_order", "14", 2 * HOUR)
    assert again == ended
    with pytest.raises(NotThere):
        delays.end_delay(kept.vault, "account:li", "none", "court_order", "1", NOW, kept.record)
    with kept.vault.db.read() as connection:
        assert delays.listed(connection, NOW) == []
        assert delays.listed(connection, NOW, over=True) == [ended]
    said = [(r.verdict, r.thing) for r in kept.rows() if r.action == "hold.write"]
    assert [v for v, _ in said] == ["deny"] * 6 + ["allow", "deny", "deny", "allow"]
    assert said[-1] == ("allow", f"delay:{made.id}")


def test_the_year_counts_what_happened_in_it(kept: Kept) -> None:
    ask = kept.case("account:li")
    person = kept.person(ask)
    for at_us, verdict in ((NOW - 1, "allow"), (NOW, "allow"), (NOW, "deny"), (NOW + DAY, "allow")):
        kept.act("account:li", "person.read", f"subject:{person}", at_us, verdict=verdict)
    erasure.erase_subject(kept.vault, ask, person, "request", NOW, kept.record)
    kept.rows()
    wanted = Wanted(from_us=NOW, to_us=NOW + DAY)
    with kept.vault.db.read() as connection:
        found = of_year(connection, wanted, NOW, NOW + DAY)
        before = of_year(connection, Wanted(to_us=NOW), NOW - DAY, NOW)
    sums = totals(found, found.glass, 0, 0, NOW)
    assert (sums["accesses_to_persons"], sums["refusals"], sums["break_glass"]) == (1, 1, 0)
    assert sums["erasures"] == 1  # the person; not the keys, nor that it was asked for
    assert found.erasures == {"subject: request": 1}
    assert totals(before, [], 0, 0, NOW)["accesses_to_persons"] == 1
    assert before.erasures == {}


def test_what_is_asked_agreed_and_made_is_one_erasure_and_masked_is_a_view(kept: Kept) -> None:
    ask = kept.case("account:li")
    one, other = kept.person(ask), kept.person(ask, "11010519491231002X")
    persons.show_masked(kept.vault, ask, [one, other], NOW, kept.record)
    for subject in (one, other):
        first, second = (
            Ask(f"account:{who}", ask.case, "oversight", "statutory_duty") for who in ("a", "b")
        )
        asked = erasure_requests.propose(
            kept.vault, first, subject, "request", "", "asks in writing", NOW, kept.record
        )
        erasure_requests.agree(kept.vault, second, asked.id, "seen", NOW, kept.record)
    said = [r.thing.partition(":")[0] for r in kept.rows() if r.action == "person.erase"]
    assert said.count("subject") == 2
    assert {"key", "erasure"} < set(said)
    kept.act("account:li", "person.erase", f"subject:{one}", NOW + 1)  # made up for after a crash
    kept.rows()
    with kept.vault.db.read() as connection:
        year = of_year(connection, Wanted(from_us=NOW, to_us=NOW + DAY), NOW, NOW + DAY)
        nobody = of_year(connection, Wanted(actors=()), NOW, NOW + DAY)
    sums = totals(year, [], 0, 0, NOW)
    assert (sums["erasures"], sums["accesses_to_persons"], sums["masked_views"]) == (2, 0, 2)
    sums = totals(nobody, [], 0, 0, NOW)
    assert (sums["erasures"], sums["masked_views"]) == (0, 0)


def test_files_that_show_persons_are_counted_with_persons(kept: Kept, tmp_path: Path) -> None:
    """Of whatever class they were when they were looked at: what is known of them now counts."""
    ask = kept.case("account:li")
    folder = tmp_path / "evidence"
    plain, shown, raised = (
        custody.add(
            kept.vault, folder, ask, [JPEG + bytes([n])], "", "", data_class, NOW, kept.record
        ).id
        for n, data_class in enumerate(("operational", "personal", "operational"))
    )
    reason = "to compare the photo"
    grant = grants.ask_for(
        kept.vault, ask, "read", "personal", NOW + 2 * HOUR, reason, NOW, kept.record,
        whole_case=True,
    )  # fmt: skip
    assert grant.needs == 0

    def show(evidence: str, how: str, at_us: int) -> None:
        custody.show(kept.vault, folder, ask, evidence, at_us, kept.record, how, grant.id)

    for evidence in (plain, shown, raised):
        show(evidence, custody.VIEW, NOW + 1)
    show(shown, custody.COPY, NOW + 2)
    show(shown, custody.BUNDLE, NOW + HOUR)
    kept.act("account:li", "evidence.read", f"evidence:{shown}", NOW + 3)  # its custody alone
    again = [JPEG + bytes([2])]
    custody.add(kept.vault, folder, ask, again, "", "", "personal", NOW + 4, kept.record)
    rows = [r for r in kept.rows() if r.action == "evidence.read"]
    assert {r.manner for r in rows} == {None}
    with kept.vault.db.read() as connection:
        seen = with_shown_files(connection, rows)
        year = of_year(connection, Wanted(from_us=NOW, to_us=NOW + HOUR), NOW, NOW + HOUR)
        nobody = of_year(connection, Wanted(actors=()), NOW, NOW + HOUR)
    assert [(r.thing.removeprefix("evidence:"), r.manner) for r in seen] == [
        (plain, None), (shown, "view"), (raised, "view"), (shown, "copy"), (shown, "bundle"),
        (shown, None),
    ]  # fmt: skip
    assert [replace(r, manner=None) for r in seen] == rows
    sums = totals(year, [], 0, 0, NOW)
    assert (sums["accesses_to_persons"], sums["files_of_these"]) == (3, 3)
    assert totals(nobody, [], 0, 0, NOW)["accesses_to_persons"] == 0


def test_without_a_court_two_of_different_desks_delay_and_renew_once(kept: Kept) -> None:
    """Each of the persons and desks counts: nobody hides alone, nor for longer than twice 90 days,
    nor what he did himself."""
    case = kept.case("account:li")
    mine = kept.person(case)

    def asks(who: str, desk: str, document: str = "12", at: int = 0, days: int = 90,
             subject: str | None = mine) -> Delay:  # fmt: skip
        ask = replace(case, actor=f"account:{who}", legal_basis="statutory_duty")
        until_us = NOW + at + days * DAY
        return delays.set_delay(
            kept.vault, ask, subject, document, until_us, NOW + at, kept.record, [desk]
        )

    def refused(*args: Any, **more: Any) -> str:
        with pytest.raises(AccessDenied) as error:
            asks(*args, **more)
        return error.value.code

    def hides(by: str, at: int = 0) -> bool:
        with kept.vault.db.read() as connection:
            found = delays.of_cases(connection, [case.case])
        return latest_end(found, case.case, mine, NOW + at, f"account:{by}") is not None

    first = asks("wang", "460100/police")
    assert (first.waits, hides("chen")) == (True, False)
    assert asks("wang", "460100/police") == first  # sent again
    assert refused("zhao", "460100/police") == "same_desk"
    agreed = asks("sun", "460000/police", days=80)
    assert (agreed.id, agreed.agreed_by, agreed.waits) == (first.id, "account:sun", False)
    assert agreed.end_us == NOW + 80 * DAY  # the earlier of both
    assert [hides(who) for who in ("chen", "wang", "sun")] == [True, False, False]
    # Renewed once, by another; whether for this person or all of the case.
    later = 79 * DAY
    for who in ("wang", "sun"):
        assert refused(who, "460100/police", "13", later) == "same_person"
        assert refused(who, "460100/police", "13", later, subject=None) == "same_person"
    asks("zhao", "460100/police", "13", later)
    assert refused("wang", "460000/police", "13", later) == "same_person"
    again = asks("sun", "460000/police", "13", later)
    assert (again.waits, again.end_us) == (False, NOW + 169 * DAY)
    past = 81 * DAY  # the first is over
    assert [hides(who, past) for who in ("chen", "zhao", "sun", "wang")] == [
        True, False, False, True,
    ]  # fmt: skip
    assert refused("he", "460200/police", "14", later + DAY) == "renewed"
    court = replace(case, actor="account:wang", legal_basis="court_order")
    made = delays.set_delay(
        kept.vault, court, mine, "15", NOW + 200 * DAY, NOW + 160 * DAY, kept.record
    )
    assert (made.waits, hides("wang", 170 * DAY)) == (False, True)
