"""Accounts of grid workers with open sessions, and a few with passwords, written straight into the
records of a data folder before the clock starts; and an authority that phones trust."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from littoral.cli.sign_in import gate_over
from littoral.cli.tls_options import FOLDER
from littoral.engine.trust import keys_folder
from littoral.store.certificates import CERTIFICATE, made
from littoral.store.people import accounts, credential_rows, sessions
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import TOTP
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import hainan_units
from littoral.store.people.synthetic import synthetic_units
from littoral.store.records import Records

COUNTIES = (
    "460100", "460200", "460400", "469002", "469005", "469006", "469007", "469023", "469024",
    "469026", "469027", "469028",
)  # fmt: skip
COUNTY_DIGITS = 6  # with which the code of each unit below a county begins
NAME = "localhost"  # of the server, as phones are given it
COOKIE = "__Host-littoral_session"  # of a server that others reach by TLS
PASSWORD = "nine plain words for one bench"


class Crowd(NamedTuple):
    cookies: list[str]  # of each phone
    logins: list[str]  # that sign in with PASSWORD
    watching: str  # cookie of who asks the server how it is
    authority: Path  # certificate (PEM) that the phones trust


def prepare(data: Path, phones: int, sign_ins: int) -> Crowd:
    """Each phone is a grid worker's, one in each of the province's 9,919 grids, below 2,838 local
    centres and the counties of COUNTIES."""
    folder = keys_folder(data) / FOLDER
    made(folder, "bench", [NAME, "127.0.0.1"], datetime.now(UTC))
    with (
        Records.open(f"sqlite:///{data / 'records.sqlite'}") as records,
        gate_over(data, records) as gate,
    ):
        base = gate.people.base
        gate.people.directory.put_agencies(
            [
                Agency(f"bench-{kind}-{c}", kind, c, kind, kind, 0)
                for c in COUNTIES
                for kind in ("local_government", "police")
            ],
            "bench",
        )
        cities = [u for u in hainan_units() if u.code in COUNTIES and u.valid_to_us is None]
        units = synthetic_units(cities, 0)
        gate.people.directory.put_units(units, "bench")
        grids = [u.code for u in units if u.tier == "grid"]
        random.Random(1).shuffle(grids)
        hashed = gate.people.signin.passwords.hash(PASSWORD)

        def entered(login: str, role: str, agency: str, unit: str) -> tuple[str, str]:
            now_us = base.now_us()
            held = Membership(role, unit, f"bench-{agency}-{unit[:COUNTY_DIGITS]}")
            account = accounts.create(
                connection, login, login, [held], "bench", now_us, accounts.ACTIVE
            )
            token, _ = sessions.begin(
                connection, account.id, TOTP, "bench", "127.0.0.1", now_us,
                gate.people.signin.rules,
            )  # fmt: skip
            return account.id, f"{COOKIE}={token}"

        cookies, logins = [], []
        for first in range(0, phones, 500):
            with base.database.write() as connection:
                for n in range(first, min(first + 500, phones)):
                    grid = grids[n % len(grids)]
                    cookies.append(entered(f"phone{n}", "grid_worker", "local_government", grid)[1])
        with base.database.write() as connection:
            for n in range(sign_ins):
                account, _ = entered(f"person{n}", "grid_worker", "local_government", COUNTIES[0])
                credential_rows.set_password(connection, account, hashed, base.now_us())
                logins.append(f"person{n}")
            _, watching = entered("watching", "watch_lead", "police", COUNTIES[0])
    return Crowd(cookies, logins, watching, folder / CERTIFICATE)
