"""The ladders of a server with sign-in."""

from __future__ import annotations

from littoral.api.gate import Gate
from littoral.api.names import ACCOUNT
from littoral.engine.reaching import Reaching
from littoral.store.people import accounts


def reaching_over(gate: Gate) -> Reaching:
    """Running; whoever opened it closes it. Nobody is told whose account is not active."""
    base = gate.people.base

    def account(ref: str) -> accounts.Account | None:
        with base.database.read() as connection:
            try:
                return accounts.one(connection, ref.removeprefix(ACCOUNT))
            except accounts.AccountRefused:
                return None

    def may_be_told(ref: str) -> bool:
        found = account(ref)
        return found is not None and found.active and bool(found.roles(base.now_us()))

    def language(ref: str) -> str:
        found = account(ref)
        return "zh" if found is None else found.language

    return Reaching(
        base.database, gate.people.signin.sealer, base.now_us, may_be_told, gate.sender, language
    )
