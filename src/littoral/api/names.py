"""Names of colleagues beside the references under which the log knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import Request

from littoral.api.gate import Actor, Gate, gate_of
from littoral.store.people import accounts
from littoral.store.people.organisations import Organisation

ACCOUNT = "account:"


def names_of(gate: Gate, refs: Iterable[str], logins: bool = False) -> dict[str, str]:
    """Reference to name of the accounts among `refs`; others are left out. With `logins` the login
    stands behind the name."""
    ids = {r.removeprefix(ACCOUNT): r for r in refs if r.startswith(ACCOUNT)}
    if not ids:
        return {}
    with gate.people.base.database.read() as connection:
        found = accounts.called(connection, ids)
    return {ids[key]: str(who) if logins else who.name for key, who in found.items()}


def own_name(who: Actor) -> dict[str, str]:
    """Id to name of who asks, as it was read to know who that is; a key has none."""
    known = who.identity
    return {known.id: known.name} if known is not None and known.kind == "account" else {}


BOTH = " + "  # between the two who made a change that takes two


def names_of_logins(request: Request, logins: Iterable[str | None]) -> dict[str, str]:
    """Login to name of those among `logins` that are accounts here, also of two together."""
    gate = gate_of(request)
    single = {part for login in logins if login for part in login.split(BOTH)}
    if gate is None or not single:
        return {}
    with gate.people.base.database.read() as connection:
        found = {login: accounts.by_login(connection, login) for login in sorted(single)}
    return {login: account.name for login, account in found.items() if account is not None}


def named(names: Mapping[str, str], *logins: str | None) -> dict[str, str]:
    """Those of `names` that these are."""
    wanted = {part for login in logins if login for part in login.split(BOTH)}
    return {login: name for login, name in names.items() if login in wanted}


def name_of_place(request: Request, code: str) -> dict[str, str] | None:
    gate = gate_of(request)
    return None if gate is None else place_name(gate.people.directory.organisation(), code)


def place_name(organisation: Organisation, code: str) -> dict[str, str] | None:
    """Of the unit, or else the agency, with that code; None: there is none now."""
    found = organisation.units.get(code) or organisation.agencies.get(code)
    return None if found is None else {"zh": found.name_zh, "en": found.name_en}
