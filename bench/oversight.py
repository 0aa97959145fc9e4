"""Pages of the oversight list over a log of a million entries, and the index they are read from.

The log is written by the real writer, with sealed facts, by 400 accounts of eight agencies over a
year; the index is made from its files alone. A page has 100 rows. Each question is asked many times
with other accounts, persons, cases and places in the list; what stands here is the slowest of 100.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench._harness import QUICK, report, row
from littoral.store.database import Database
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log
from littoral.store.oversight import patterns, subjects
from littoral.store.oversight.index import Index
from littoral.store.oversight.listing import Wanted, all_of, counted, known_actors, page
from littoral.store.people.tables import accounts as accounts_table
from littoral.store.people.tables import agencies, memberships
from littoral.store.vault import logged
from littoral.store.vault.entries import Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault

KEY = Signer("log.example/bench", 1, bytes(range(32)))
ENTRIES = 100_000 if QUICK else 1_000_000
YEAR_US = 365 * 86_400_000_000
BASE_US = 1_764_028_800_000_000
END_US = BASE_US + YEAR_US
AGENCIES = (
    "police", "coast_police", "customs", "coast_guard", "border_inspection", "health", "maritime",
    "local_government",
)  # fmt: skip
ACCOUNTS, CASES, PERSONS = 400, 3_000, 40_000
ASKED = 100
CHANCE = random.Random(7)


def key(number: int) -> str:
    return f"0199f6e0-0000-7000-8000-{number:012d}"


def people(database: Database) -> None:
    with database.write() as connection:
        for number, kind in enumerate(AGENCIES):
            connection.execute(
                sa.insert(agencies).values(
                    code=kind, valid_from_us=0, kind=kind, unit="460000", name_zh=kind,
                    name_en=kind, synthetic=True, changed_us=number, changed_by="bench",
                )
            )  # fmt: skip
        for number in range(ACCOUNTS):
            connection.execute(
                sa.insert(accounts_table).values(
                    id=key(number), login=f"a{number}", name=f"a{number}", status="active",
                    language="zh", created_us=0, created_by="bench", changed_us=0,
                    changed_by="bench",
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(memberships).values(
                    id=key(number), account=key(number), role="investigator", unit="460000",
                    agency=AGENCIES[number % 8], valid_from_us=0, granted_us=0, granted_by="bench",
                )
            )  # fmt: skip


def entry(number: int, chance: random.Random) -> Entry:
    """Two in five are looks at a person, one in twenty is refused."""
    actor, at_us = chance.randrange(ACCOUNTS), BASE_US + number * (YEAR_US // ENTRIES)
    verdict = "deny" if chance.random() < 0.05 else "allow"
    if chance.random() < 0.4:
        masked = chance.random() < 0.6
        facts = {"masked": True} if masked else {"kind": "read", "fields": ["name", "phone"]}
        thing = f"subject:{key(chance.randrange(PERSONS))}"
        return Entry(
            f"account:{key(actor)}", "person.read", thing, "anti_smuggling",
            key(chance.randrange(CASES)), "statutory_duty", at_us, verdict, facts,
        )  # fmt: skip
    action = chance.choice(("alert.act", "alert.dismiss", "signin.success", "case.read"))
    return Entry(
        f"account:{key(actor)}", action, f"alert:{chance.randrange(100_000)}", "", "", "", at_us,
        verdict, {"rules": ["a.b"]},
    )  # fmt: skip


def slowest_ms(ask: Callable[[], object]) -> float:
    """Of many: what a page may take at worst."""
    seconds = []
    for _ in range(ASKED):
        start = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - start)
    return 1e3 * max(seconds)


def questions(index: Index) -> list[dict[str, object]]:
    c = CHANCE
    with index.database.read() as connection:
        known = known_actors(connection)
        mine = {k.id for k in known if k.place.agency == "customs"}

        def first(wanted: Wanted, before: int | None = None) -> object:
            return page(connection, wanted, before, 100)

        def who() -> str:
            return f"account:{key(c.randrange(ACCOUNTS))}"

        def person() -> str:
            return f"subject:{key(c.randrange(PERSONS))}"

        asks: dict[str, Callable[[], object]] = {
            "the newest": lambda: first(Wanted()),
            "anywhere in the list": lambda: first(Wanted(), c.randrange(ENTRIES)),
            "of one account": lambda: first(Wanted(actor=(who(),))),
            "of one person": lambda: first(Wanted(thing=(person(),))),
            "of one case": lambda: first(Wanted(case=(f"case:{key(c.randrange(CASES))}",))),
            "refusals of one account": lambda: first(Wanted(actor=(who(),), verdict=("deny",))),
            "an agency's, anywhere": lambda: first(Wanted(actors=mine), c.randrange(ENTRIES)),
            "of a day of the year": lambda: first(day(c.randrange(364))),
            "refused looks of a day": lambda: first(
                day(c.randrange(364), action=("person.read",), verdict=("deny",))
            ),
            "for a purpose nobody had": lambda: first(Wanted(purpose=("epidemic_control",))),
        }
        return [
            row(f"page: {name}, slowest of {ASKED}", slowest_ms(ask), "ms", at_most=100.0)
            for name, ask in asks.items()
        ]


def day(number: int, **more: tuple[str, ...]) -> Wanted:
    start = BASE_US + number * 86_400_000_000
    return Wanted(from_us=start, to_us=start + 86_400_000_000, **more)  # type: ignore[arg-type]


def whole(index: Index) -> list[dict[str, object]]:
    """What reads more than a page."""

    def seconds(ask: Callable[[], object]) -> float:
        start = time.perf_counter()
        ask()
        return time.perf_counter() - start

    ids = [key(CHANCE.randrange(PERSONS)) for _ in range(2)]
    with index.database.read() as connection:
        month = Wanted(action=patterns.ACTIONS, from_us=END_US - 30 * 86_400_000_000)
        rows = all_of(connection, month)
        found = seconds(lambda: patterns.find(all_of(connection, month), patterns.Settings()))
        year = seconds(lambda: counted(connection, Wanted(from_us=BASE_US, to_us=END_US)))
    told = seconds(lambda: subjects.usages(index.database, ids, END_US))
    return [
        row("patterns of 30 days", found, "s", at_most=5.0),
        row("accesses in these 30 days", len(rows), "1"),
        row("counts of a whole year", year, "s", at_most=10.0),
        row("what one person is told", 1e3 * told, "ms", at_most=100.0),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="littoral-oversight-") as at:
        folder = Path(at)
        (folder / "data").mkdir()
        database = Database(f"sqlite:///{folder / 'records.sqlite'}")
        vault = Vault(database, KeyRing.open(folder / "data", BASE_US))
        people(database)
        facts_key, chance = logged.log_key(vault, BASE_US), random.Random(1)
        with Log(folder / "log", KEY) as log:
            start = time.perf_counter()
            for first in range(0, ENTRIES, 5000):
                made = [entry(n, chance) for n in range(first, first + 5000)]
                log.append([logged.as_logged(e, facts_key) for e in made]).result()
            log.publish()
            print(f"{ENTRIES:,} entries in {time.perf_counter() - start:.0f} s", flush=True)
            index = Index(database, LogReader(log.root, KEY.public), facts_key)
            start = time.perf_counter()
            index.catch_up()
            spent = time.perf_counter() - start
            size = (folder / "records.sqlite").stat().st_size
            made = [entry(ENTRIES + n, chance) for n in range(1000)]
            log.append([logged.as_logged(e, facts_key) for e in made]).result()
            log.publish()
            start = time.perf_counter()
            index.catch_up()
            more = time.perf_counter() - start
            start = time.perf_counter()
            index.catch_up()
            nothing = time.perf_counter() - start
            rows = [
                row("entries of the log", ENTRIES, "1"),
                row("the index made from the log alone", spent, "s"),
                row("entries taken in", ENTRIES / spent, "1/s", at_least=10_000),
                row("taking in 1,000 new ones", 1e3 * more, "ms", at_most=500.0),
                row("when nothing is new", 1e3 * nothing, "ms"),
                row("the index on the disk, an entry", size / ENTRIES, "B", at_most=300.0),
                *questions(index),
                *whole(index),
            ]
        database.close()
    return report("oversight", rows)


if __name__ == "__main__":
    sys.exit(main())
