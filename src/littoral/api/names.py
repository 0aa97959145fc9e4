"""Names of colleagues beside the references under which the log knows them."""

from __future__ import annotations

from collections.abc import Iterable

from littoral.api.gate import Gate
from littoral.store.people import accounts

ACCOUNT = "account:"


def names_of(gate: Gate, refs: Iterable[str]) -> dict[str, str]:
    """Reference to name of the accounts among `refs`; others are left out."""
    ids = {r.removeprefix(ACCOUNT): r for r in refs if r.startswith(ACCOUNT)}
    with gate.people.base.database.read() as connection:
        found = accounts.names(connection, ids)
    return {ids[key]: name for key, name in found.items()}
