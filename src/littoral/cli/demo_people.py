"""The people of the demonstration: one of each role, with an address that signs in as them."""

from __future__ import annotations

import csv
import secrets
from importlib.resources import files

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from littoral.access import sign
from littoral.api.entry import DemoPerson
from littoral.api.gate import Gate
from littoral.engine.trust import add_signature, add_signer
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import day_us

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
            code(kind, unit), kind, unit, f"{kind}（演示）", f"{kind} (demo)", SINCE_US,
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
    """Two invented signers sign the set, with keys that nobody keeps: under the policies of a first
    start nobody could search or export, and the demonstration shows both."""
    trust = gate.trust
    for account in SIGNERS:
        key = Ed25519PrivateKey.generate()
        add_signer(trust.records, account, key.public_key().public_bytes_raw())
        made = sign(trust.decider.hash, account, key.private_bytes_raw(), trust.now_us())
        add_signature(trust.records, made)
        trust.tell(f"account:{account}", "policy.sign", "policy:shipped", "done")
