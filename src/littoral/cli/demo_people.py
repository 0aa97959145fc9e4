"""The people of the demonstration: one of each role, with an address that signs in as them."""

from __future__ import annotations

import csv
import secrets
from importlib.resources import files

from littoral.api.called import AGENCIES
from littoral.api.entry import DemoPerson
from littoral.api.gate import Gate
from littoral.engine.policy_sets import POLICY_SIGNER
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import PROVINCE, day_us

PEOPLE = "demo_people.csv"  # login, role, unit, agency kind, titles; all are invented
BY = "system"
SINCE_US = day_us("2026-01-01")
SIGNERS = ("demo.signer1", "demo.signer2")


def make_people(gate: Gate) -> dict[str, DemoPerson]:
    """Accounts, active and without a password, by the token of their address."""
    directory = gate.people.directory
    cast = list(csv.reader((files("littoral.cli") / PEOPLE).read_text("utf-8").splitlines()))[1:]
    known = directory.organisation().agencies
    places = sorted({(kind, unit) for _, _, unit, kind, _, _ in cast})
    wanted = [
        Agency(
            code(kind, unit), kind, unit, f"{AGENCIES[kind][0]}（演示）",
            f"{AGENCIES[kind][1]} (demo)", SINCE_US,
            synthetic=True,
        )
        for kind, unit in places
        if code(kind, unit) not in known
    ]  # fmt: skip
    if wanted:
        directory.put_agencies(wanted, BY)
    found = {}
    with gate.people.base.database.write() as connection:
        for login, role, unit, kind, title_zh, title_en in cast:
            account = accounts.by_login(connection, login) or accounts.create(
                connection,
                login,
                title_zh,
                [Membership(role, unit, code(kind, unit))],
                BY,
                gate.people.base.now_us(),
                accounts.ACTIVE,
            )
            found[secrets.token_urlsafe(12)] = DemoPerson(
                account.id, login, title_zh, title_en, "totp"
            )
    return found


def code(kind: str, unit: str) -> str:
    return f"demo-{kind}-{unit}"


def sign_policies(gate: Gate) -> None:
    """Two invented signers sign the set: under the policies of a first start nobody could search or
    export, and the demonstration shows both."""
    trust, sets, now_us = gate.trust, gate.trust.sets, gate.trust.now_us()
    if trust.refresh().state == "signed":
        return
    with gate.people.base.database.write() as connection:
        signers = [
            accounts.by_login(connection, login)
            or accounts.create(
                connection, login, login, [Membership(POLICY_SIGNER, PROVINCE)], BY, now_us,
                accounts.ACTIVE,
            )
            for login in SIGNERS
        ]  # fmt: skip
    sets.propose(BY, now_us)
    for signer in signers:
        sets.sign(signer.id, trust.keys, now_us)
        trust.tell(f"account:{signer.id}", "policy.sign", "policy:shipped", "done")
