"""The index says what the entries say, can be made anew from the log, and lists by any of it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.schema.logentry import LogEntry, Verdict, from_bytes, to_bytes
from littoral.store.log.reader import LogReader
from littoral.store.oversight import damage
from littoral.store.oversight.index import COUNTER, Index
from littoral.store.oversight.listing import Access, Wanted, counted, known_actors, page
from littoral.store.oversight.places import Place
from littoral.store.people.accounts import Membership
from littoral.store.tables import counters, settings
from littoral.store.vault import breakglass, grants, persons
from littoral.store.vault.keyring import DataKey
from tests.store.oversight.conftest import DAY, Kept
from tests.store.vault.conftest import HOUR, NOW


def from_the_files(kept: Kept) -> list[tuple[object, ...]]:
    """What the entries say, read by the format alone."""
    size = kept.log.publish().size
    entries = [from_bytes(kept.log.proof(i).entry or b"") for i in range(size)]
    return [
        (i, e.time_us, e.actor, e.action, e.thing, e.verdict, e.purpose, e.case, e.legal_basis)
        for i, e in enumerate(entries)
    ]


def said(rows: list[Access]) -> list[tuple[object, ...]]:
    plain = ("index", "time_us", "actor", "action", "thing", "verdict", "purpose", "case")
    return [(*(getattr(r, name) for name in plain), r.legal_basis) for r in rows]


def test_it_says_what_the_log_says_and_how_persons_were_shown(kept: Kept) -> None:
    li = kept.account("li", Membership("investigator", "460100", "c1", 0))
    kept.agency("c1", "customs", "460100")
    ask = kept.case(li)
    subject = kept.person(ask)
    persons.show_masked(kept.vault, ask, [subject], NOW, kept.record)
    grant = grants.ask_for(
        kept.vault, ask, "read", "personal", NOW + HOUR, "compare with list", NOW, kept.record,
        [subject],
    )  # fmt: skip
    persons.reveal(kept.vault, ask, grant.id, [subject], NOW, kept.record)
    glass, _ = breakglass.break_glass(
        kept.vault, li, "man overboard", "emergency", "vital_interest", "460100", NOW, kept.record,
        things=[subject], agency="customs",
    )  # fmt: skip
    life = replace(ask, case=glass.facts.case, purpose="emergency", legal_basis="vital_interest")
    persons.reveal(kept.vault, life, glass.id, [subject], NOW, kept.record)
    rows = kept.rows()
    assert said(rows) == from_the_files(kept)
    assert {r.place for r in rows} == {Place("460100", "customs")}
    shown = [r.manner for r in rows if r.action == "person.read"]
    assert shown == ["masked", "plain", "break_glass"]
    assert {r.manner for r in rows if r.action != "person.read"} == {None}


def test_made_anew_it_is_the_same_and_pieces_do_not_matter(kept: Kept) -> None:
    """Over the edges of bundles (256) and of transactions (64 of them)."""
    for first, count in ((0, 1), (1, 255), (256, 1), (257, 400)):
        entries = [
            kept.log.append([entry_bytes(i) for i in range(at, min(at + 100, first + count))])
            for at in range(first, first + count, 100)
        ]
        [e.result(10) for e in entries]
        assert len(kept.rows()) == first + count
    before = kept.rows()
    assert said(before) == from_the_files(kept)
    assert kept.index.rebuild() == 657
    assert kept.rows() == before


def entry_bytes(i: int) -> bytes:
    who = f"account:a{i % 7}"
    return to_bytes(LogEntry(NOW + i, who, "alert.act", f"alert:{i % 50}", Verdict.ALLOW))


def test_several_threads_index_once(kept: Kept) -> None:
    kept.log.append([entry_bytes(i) for i in range(700)]).result(10)
    kept.log.publish()
    others = [
        Index(kept.vault.db, LogReader(kept.log.root, kept.log.key.public), kept.index.key)
        for _ in range(3)
    ]
    threads = [threading.Thread(target=i.catch_up) for i in (kept.index, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.index for r in kept.rows()] == list(range(700))


def test_a_log_that_was_set_back_is_indexed_anew(kept: Kept) -> None:
    kept.log.append([entry_bytes(i) for i in range(10)]).result(10)
    assert len(kept.rows()) == 10
    with kept.vault.db.write() as connection:
        connection.execute(sa.update(counters).where(counters.c.name == COUNTER).values(value=99))
    assert [r.index for r in kept.rows()] == list(range(10))


def test_facts_that_cannot_be_read_leave_the_manner_open(kept: Kept) -> None:
    ask = kept.case("account:li")
    subject = kept.person(ask)
    persons.show_masked(kept.vault, ask, [subject], NOW, kept.record)
    kept.index.key = DataKey(kept.index.key.id, kept.index.key.algorithm, bytes(32))
    (row,) = [r for r in kept.rows() if r.action == "person.read"]
    assert row.manner is None


def test_where_somebody_acted_is_by_the_roles_of_that_time(kept: Kept) -> None:
    for code, kind, unit in (("c1", "customs", "460100"), ("p2", "police", "460200")):
        kept.agency(code, kind, unit)
    moved = kept.account(
        "moved",
        Membership("analyst", "460100", "c1", 0, NOW + DAY),
        Membership("analyst", "460200", "p2", NOW + DAY),
    )
    both = kept.account(
        "both",
        Membership("investigator", "460100", "c1", 0),
        Membership("investigator", "460200", "p2", 0),
    )
    in_sanya = kept.case(both, unit="460200")
    for actor, at_us, case in (
        (moved, NOW, ""), (moved, NOW + DAY, ""), (both, NOW, in_sanya.case), (both, NOW, ""),
        ("system:server", NOW, ""), ("account:unknown", NOW, ""),
    ):  # fmt: skip
        kept.act(actor, "alert.act", "alert:x", at_us, case=case)
    acts = [r.place for r in kept.rows() if r.action == "alert.act"]
    assert acts == [
        Place("460100", "customs"), Place("460200", "police"), Place("460200", "police"),
        Place("460100", "customs"), Place("", ""), Place("", ""),
    ]  # fmt: skip


ACTORS = ("account:a", "account:b", "key:c")
ACTIONS = ("person.read", "person.export", "alert.act")


def fill(kept: Kept) -> None:
    made = itertools.product(
        ACTORS, ACTIONS, ("allow", "deny"), ("", "oversight"), ("", "c1", "c2")
    )
    for n, (actor, action, verdict, purpose, case) in enumerate(made):
        kept.act(actor, action, f"subject:{n % 5}", NOW + n, verdict=verdict, purpose=purpose,
                 case=case)  # fmt: skip


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(actor=("account:a",)),
        Wanted(actor=("account:a", "key:c"), action=("person.read",)),
        Wanted(thing=("subject:3",), verdict=("deny",)),
        Wanted(case=("case:c1",), purpose=("oversight",)),
        Wanted(from_us=NOW + 10, to_us=NOW + 20),
        Wanted(action=("nobody.does",)),
        Wanted(actor=("account:nobody",)),
        Wanted(legal_basis=("consent",)),
    ],
)
def test_filters_and_pages_give_what_a_plain_search_gives(kept: Kept, wanted: Wanted) -> None:
    fill(kept)
    everything = kept.rows()
    assert len(everything) == 108

    def fits(r: Access) -> bool:
        return (
            (not wanted.actor or r.actor in wanted.actor)
            and (not wanted.action or r.action in wanted.action)
            and (not wanted.thing or r.thing in wanted.thing)
            and (not wanted.verdict or r.verdict in wanted.verdict)
            and (not wanted.case or r.case in wanted.case)
            and (not wanted.purpose or r.purpose in wanted.purpose)
            and (not wanted.legal_basis or r.legal_basis in wanted.legal_basis)
            and (wanted.from_us is None or r.time_us >= wanted.from_us)
            and (wanted.to_us is None or r.time_us < wanted.to_us)
        )

    expected = [r for r in reversed(everything) if fits(r)]
    found: list[Access] = []
    with kept.vault.db.read() as connection:
        before = None
        while rows := page(connection, wanted, before, 7):
            found += rows
            before = rows[-1].index
        sums = counted(connection, wanted)
    assert found == expected
    assert sum(c.count for c in sums) == len(expected)


def test_who_may_be_shown_narrows_every_list(kept: Kept) -> None:
    fill(kept)
    kept.rows()
    with kept.vault.db.read() as connection:
        (mine,) = [k.id for k in known_actors(connection) if k.ref == "account:b"]
        rows = page(connection, Wanted(actors={mine}), None, 1000)
        assert {r.actor for r in rows} == {"account:b"}
        assert len(rows) == 36
        assert page(connection, Wanted(actor=("account:a",), actors={mine})) == []
        assert page(connection, Wanted(actors=set())) == []
        assert counted(connection, Wanted(actors=set())) == []


def test_an_entry_that_cannot_be_read_is_passed_over_and_counted(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.log.append([entry_bytes(i) for i in range(600)]).result(10)
    kept.log.publish()
    bundle = kept.log.root / "tile" / "entries" / "000"
    sound = bundle.read_bytes()
    bundle.write_bytes(sound.replace(b'"time_us"', b'"time_uz"', 1))
    (kept.log.root / "tile" / "entries" / "001").rename(kept.log.root / "away")
    assert [r.index for r in kept.rows()] == [*range(1, 256), *range(512, 600)]
    assert kept.index.damaged().items == ((0, 1), (256, 256))
    assert "damaged at 0 (257 entries): run `littoral fsck log`" in caplog.text
    kept.log.append([entry_bytes(600)]).result(10)
    assert len(kept.rows()) == 255 + 89  # what comes after is taken in as ever
    bundle.write_bytes(sound)
    (kept.log.root / "away").rename(kept.log.root / "tile" / "entries" / "001")
    anew = Index(kept.vault.db, LogReader(kept.log.root, kept.log.key.public), kept.index.key)
    assert anew.catch_up() == 601
    assert not anew.damaged()
    assert said(kept.rows()) == from_the_files(kept)


def test_bundles_that_are_gone_are_looked_for_without_holding_up_who_writes(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.log.append([entry_bytes(i) for i in range(1600)]).result(10)
    kept.log.publish()
    folder, away = kept.log.root / "tile" / "entries", kept.log.root / "away"
    away.mkdir()
    for name in ("001", "002", "003", "005"):
        (folder / name).rename(away / name)
    assert len(kept.rows()) == 576
    assert stored(kept) == [[256, 768], [1280, 256]]
    each = [*range(256, 1024), *range(1280, 1536)]  # as servers of before kept them
    with kept.vault.db.write() as connection:
        connection.execute(
            sa.update(settings).where(settings.c.key == damage.DAMAGED).values(value=each)
        )
    for name in ("002", "005"):
        (away / name).rename(folder / name)

    writing, read, write, seen = [False], LogReader.entries, kept.vault.db.write, []

    @contextmanager
    def watched() -> Iterator[Connection]:
        with write() as connection:
            writing[0] = True
            yield connection
            writing[0] = False

    def entries(self: LogReader, bundle: int, size: int) -> list[bytes]:
        assert not writing[0]
        seen.append(bundle)
        return read(self, bundle, size)

    monkeypatch.setattr(kept.vault.db, "write", watched)
    monkeypatch.setattr(LogReader, "entries", entries)
    anew = Index(kept.vault.db, LogReader(kept.log.root, kept.log.key.public), kept.index.key)
    assert anew.catch_up() == 1600
    assert seen == [1, 2, 3, 5]  # each once
    assert stored(kept) == [[256, 256], [768, 256]]
    assert len(kept.rows()) == 1088


def stored(kept: Kept) -> object:
    with kept.vault.db.read() as connection:
        query = sa.select(settings.c.value).where(settings.c.key == damage.DAMAGED)
        return connection.execute(query).scalar_one()


@pytest.mark.parametrize(
    "document",
    [
        b"{", b"[]", b"null", b"7", b'{"time_us":1}',
        b'{"action":"a","actor":"b","thing":"c","time_us":true,"verdict":"d"}',
        b'{"action":"a","actor":"b","thing":"c","time_us":9223372036854775808,"verdict":"d"}',
        b'{"action":"a","actor":"b","thing":["c"],"time_us":1,"verdict":"d"}',
        b'{"action":"a","actor":"b\\u0000","thing":"c","time_us":1,"verdict":"d"}',
        b'{"action":"a","actor":"b","details":7,"thing":"c","time_us":1,"verdict":"d"}',
        b'{"action":"a","actor":"b","case":null,"thing":"c","time_us":1,"verdict":"d"}',
        b'{"action":"' + b"a" * 241 + b'","actor":"b","thing":"c","time_us":1,"verdict":"d"}',
    ],
)  # fmt: skip
def test_what_no_entry_can_be_is_none(kept: Kept, document: bytes) -> None:
    kept.log.append([document, entry_bytes(1)]).result(10)
    assert [r.index for r in kept.rows()] == [1]
    assert kept.index.damaged().items == ((0, 1),)
