"""Cases that the server opened end with what they were opened for; those of people never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from littoral.engine import case_ends
from littoral.engine.case_ends import close_done
from littoral.engine.trust import Trust
from littoral.schema.logentry import from_bytes
from littoral.store.evidence import custody
from littoral.store.forms.tables import form_cases
from littoral.store.incident_tables import incidents
from littoral.store.records import Records
from littoral.store.sync.records import keep_case
from littoral.store.sync.tables import uploads
from littoral.store.vault import breakglass, cases, grants, pausing, tables
from littoral.store.vault.entries import Ask
from littoral.store.vault.holds import release, set_hold
from littoral.store.vault.pausing import Paused
from tests.store.evidence.test_media import JPEG

NOW = 1_793_491_200_000_000  # 2026-11-01 00:00 UTC
DAY = 86_400_000_000
OF_CASE = ("search_and_rescue", "statutory_duty")


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[Trust]:
    data = tmp_path / "data"
    data.mkdir()
    with Records.open(f"sqlite:///{data / 'records.sqlite'}", lambda: NOW) as records:
        made = Trust.open(data, records, lambda: NOW)
        yield made
        made.close()


def case(trust: Trust, by: str = "system:server") -> str:
    return cases.open_case(
        trust.vault, by, "事件", *OF_CASE, "460100", NOW, trust.record, "police"
    ).id


def incident(trust: Trust, key: str, of: str, state: str = "closed", into: str = "") -> None:
    row = {
        "id": key, "code": key, "seq": hash(key) % 10**9, "version": 1, "type": "rescue",
        "severity": "minor", "title": "", "area": "460100", "desk": "460100",
        "lead_agency": "police", "joint_agencies": [], "state": state, "opened_by": "x",
        "opened_us": NOW, "since_us": NOW, "sources": [], "linked": [], "asked": "",
        "merged_into": into, "split_from": "", "outcome": "",
    }  # fmt: skip
    with trust.vault.db.write() as connection:
        connection.execute(sa.insert(incidents).values(row))
        keep_case(connection, (key, "460100", "police"), of)


def closed(trust: Trust, days: float) -> list[str]:
    trust.now_us = lambda: NOW + int(days * DAY)
    return close_done(trust)


def test_it_ends_a_week_after_its_incident_and_another_may_take_its_place(trust: Trust) -> None:
    done, handled, merged, of_person = (case(trust), case(trust), case(trust),
                                        case(trust, "account:li"))  # fmt: skip
    incident(trust, "i-1", done)
    incident(trust, "i-2", handled, "handling")
    incident(trust, "i-3", merged, "handling", into="i-1")
    incident(trust, "i-4", of_person)
    assert closed(trust, 6.9) == []
    assert closed(trust, 7) == sorted([done, merged])
    assert closed(trust, 400) == []
    found = cases.frame(trust.vault, done)
    assert (found.state, found.closed_by, found.closed_us) == (
        "closed", "system:server", NOW + 7 * DAY,
    )  # fmt: skip
    size = trust.log.publish().size
    said = [from_bytes(trust.log.proof(i).entry or b"") for i in range(size)]
    ends = [(e.actor, e.thing) for e in said if e.action == "case.close"]
    assert sorted(ends) == sorted(("system:server", f"case:{c}") for c in (done, merged))
    late = case(trust)  # a photo that came late
    with trust.vault.db.write() as connection:
        keep_case(connection, ("i-1", "460100", "police"), late)
    assert closed(trust, 401) == [late]


def test_a_forms_case_ends_a_week_after_its_month(trust: Trust) -> None:
    of = case(trust)
    with trust.vault.db.write() as connection:
        row = {"form_id": "f", "unit": "u", "agency": "police", "purpose": OF_CASE[0]}
        connection.execute(sa.insert(form_cases).values(**row, month="2026-11", case_id=of))
    assert closed(trust, 36.9) == []
    with trust.vault.db.write() as connection:
        pausing.pause(connection, Paused(NOW, 0, 1))  # after a restore
    assert closed(trust, 37) == []
    with trust.vault.db.write() as connection:
        pausing.resume(connection)
    assert closed(trust, 37) == [of]  # 8 December 00:00


def test_what_is_worked_in_held_or_on_its_way_stays_open(trust: Trust) -> None:
    asked, held, sent = (case(trust) for _ in range(3))
    photos = [
        custody.add(
            trust.vault, trust.evidence, Ask(f"account:{who}", c, *OF_CASE), [JPEG], "", "",
            "operational", NOW, trust.record,
        ).id
        for who, c in (("zhao", held), ("wang", sent))
    ]  # fmt: skip
    incident(trust, "i-1", asked)
    incident(trust, "i-2", held)
    incident(trust, "i-3", sent)
    order = "court_order", "(2026) 3"
    hold = set_hold(trust.vault, "account:a", photos[0], *order, NOW, trust.record)
    grants.ask_for(
        trust.vault, Ask("account:li", asked, *OF_CASE), "read", "personal",
        NOW + int(7.4 * DAY), "a reason", NOW + 7 * DAY, trust.record, whole_case=True,
    )  # fmt: skip
    with trust.vault.db.write() as connection:
        row = {
            "id": "u", "account": "wang", "sha256": "0", "size": 1, "key_id": "k",
            "algorithm": "a", "made_us": NOW,
        }  # fmt: skip
        connection.execute(sa.insert(uploads).values(row))
    assert closed(trust, 7) == []
    assert closed(trust, 7.5) == [asked]
    release(trust.vault, "account:b", hold.id, *order, NOW + 8 * DAY, trust.record)
    assert closed(trust, 8) == [held]
    with trust.vault.db.write() as connection:
        connection.execute(sa.delete(uploads))
    assert closed(trust, 8) == [sent]


def at_the_first(trust: Trust, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Does it once the first case was closed."""
    close = cases.close_case

    def closing(*args: Any) -> bool:
        done = close(*args)
        monkeypatch.setattr(cases, "close_case", close)
        work()
        return done

    monkeypatch.setattr(cases, "close_case", closing)


def test_what_comes_while_others_are_closed_keeps_its_case_open(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = sorted(case(trust) for _ in range(6))
    for n, of in enumerate((first, *others)):
        incident(trust, f"i-{n}", of)
    asked, broken, held, _, last = others
    now = NOW + 7 * DAY
    order = "court_order", "(2026) 3"

    def meanwhile() -> None:
        grants.ask_for(
            trust.vault, Ask("account:li", asked, *OF_CASE), "read", "personal", now + DAY // 2,
            "a reason", now, trust.record, whole_case=True,
        )  # fmt: skip
        breakglass.break_glass(
            trust.vault, "account:wang", "man overboard", *OF_CASE, "460100", now, trust.record,
            case_id=broken, search_fields=["name"], agency="police",
        )  # fmt: skip
        set_hold(trust.vault, "account:a", held, *order, now, trust.record)
        with trust.vault.db.write() as connection:
            connection.execute(
                sa.update(incidents).where(incidents.c.id == "i-4").values(state="handling")
            )  # fmt: skip

    at_the_first(trust, monkeypatch, meanwhile)
    assert closed(trust, 7) == [first, last]
    size = trust.log.publish().size
    said = [from_bytes(trust.log.proof(i).entry or b"") for i in range(size)]
    assert {e.thing for e in said if e.action == "case.close"} == {f"case:{first}", f"case:{last}"}
    with trust.vault.db.read() as connection:
        g = tables.grants.c
        states = connection.execute(sa.select(g.case_id, g.state)).all()
    assert {r.case_id for r in states if r.state != "ended"} == {asked, broken}


def test_a_pause_meanwhile_ends_the_run(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    both = sorted(case(trust) for _ in range(2))
    for n, of in enumerate(both):
        incident(trust, f"i-{n}", of)

    def pause() -> None:
        with trust.vault.db.write() as connection:
            pausing.pause(connection, Paused(NOW, 0, 1))

    at_the_first(trust, monkeypatch, pause)
    assert closed(trust, 7) == both[:1]


def test_a_run_closes_so_many(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_ends, "MOST", 2)
    three = sorted(case(trust) for _ in range(3))
    for n, of in enumerate(three):
        incident(trust, f"i-{n}", of)
    assert closed(trust, 7) == three[:2]
    assert closed(trust, 7) == three[2:]
