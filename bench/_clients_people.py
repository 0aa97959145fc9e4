"""Twenty views and as many accounts as clients, written straight into the records of a data folder
before the clock starts: each account at one desk, with one open session."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from littoral.api.live.boards import View, told_of, views_of
from littoral.cli.sign_in import gate_over
from littoral.store.people import accounts, sessions
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import TOTP, of_session
from littoral.store.people.organisations import Agency
from littoral.store.records import Records

COUNTIES = (
    "460100", "460200", "460400", "469002", "469005", "469006", "469007", "469023", "469024",
    "469026", "469027", "469028",
)  # fmt: skip
# Role, agency, unit. Each sees other incidents and tasks by the policies that ship.
DESKS = (
    *(("watch_lead", "police", county) for county in COUNTIES),
    ("watch_lead", "police", "460000"),
    ("watch_lead", "coast_guard", "460000"),
    ("watch_lead", "coast_guard", "460100"),
    ("watch_lead", "coast_guard", "460200"),
    ("watch_lead", "customs", "460100"),
    ("watch_lead", "customs", "460200"),
    ("watch_lead", "customs", "460400"),
    ("agency_lead", "health", "460100"),
)


class People(NamedTuple):
    cookies: list[tuple[str, int]]  # of each client, and its desk's number
    reporters: list[str]  # a further cookie for each desk that reports
    page: str  # of the one real browser: at the province's desk
    views: int  # that differ by the policies


def prepare(data: Path, clients: int) -> People:
    with (
        Records.open(f"sqlite:///{data / 'records.sqlite'}") as records,
        gate_over(data, records) as gate,
    ):
        base, directory = gate.people.base, gate.people.directory
        codes = {(agency, unit) for _, agency, unit in DESKS}
        directory.put_agencies(
            [Agency(f"bench-{a}-{u}", a, u, a, a, 0) for a, u in sorted(codes)], "bench"
        )
        views: set[tuple[View, ...]] = set()

        def seated(desk: int, logins: list[str]) -> list[str]:
            role, agency, unit = DESKS[desk]
            held, found = Membership(role, unit, f"bench-{agency}-{unit}"), []
            with base.database.write() as connection:
                for login in logins:
                    now_us = base.now_us()
                    made = accounts.create(
                        connection, login, login, [held], "bench", now_us, accounts.ACTIVE
                    )
                    token, session = sessions.begin(
                        connection, made.id, TOTP, "bench", "127.0.0.1", now_us,
                        gate.people.signin.rules,
                    )  # fmt: skip
                    found.append(f"littoral_session={token}")
            who = of_session(made, session, "127.0.0.1", now_us)
            views.add(told_of(views_of(gate, gate.actor(who)), who.id, crew=False))
            return found

        cookies: list[tuple[str, int]] = []
        for desk in range(len(DESKS)):
            logins = [f"client{n}" for n in range(desk, clients, len(DESKS))]
            cookies += [(cookie, desk) for cookie in seated(desk, logins)] if logins else []
        reporters = [seated(desk, [f"reporter{desk}"])[0] for desk in range(len(COUNTIES))]
        page = seated(len(COUNTIES), ["page"])[0]
    return People(cookies, reporters, page, len(views))
