"""Where an actor of the log acted: unit and kind of agency, by the roles held at that time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.store.people.accounts import Called
from littoral.store.people.accounts import called as called_accounts
from littoral.store.people.tables import agencies, api_keys, memberships
from littoral.store.vault import tables as vault

AT_ONCE = 10_000  # parameters of a statement


class Place(NamedTuple):
    """`agency` is its kind (police, customs, ...); both are empty for what belongs to none."""

    unit: str = ""
    agency: str = ""


NOWHERE = Place()


class Places:
    """Reads roles, keys and cases when they are first asked for; one for a run over the log.

    `learn` reads the roles of many at once: there may be hundreds of actors in a run."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        query = sa.select(agencies.c.code, agencies.c.kind).order_by(agencies.c.valid_from_us)
        self._kinds: dict[str, str] = {r.code: r.kind for r in connection.execute(query)}
        self._held: dict[str, list[tuple[int, int | None, Place]]] = {}
        self._case_units: dict[str, str] = {}

    def of(self, actor: str, time_us: int, case: str = "") -> Place:
        """Of `kind:id`. Who held roles in several places acted in the case's unit, if that is one
        of them, else in the first by code."""
        kind, _, key = actor.partition(":")
        if kind not in ("account", "key"):
            return NOWHERE
        held = [
            place
            for since_us, until_us, place in self._roles(key)
            if since_us <= time_us and (until_us is None or time_us < until_us)
        ]
        if len(held) > 1 and case:
            unit = self._case_unit(case.removeprefix("case:"))
            held = [place for place in held if place.unit == unit] or held
        return min(held, default=NOWHERE)

    def learn(self, refs: set[str]) -> None:
        keys = sorted({ref.partition(":")[2] for ref in refs} - self._held.keys())
        self._held |= {key: [] for key in keys}
        m, k = memberships.c, api_keys.c
        of_account = sa.select(m.account, m.unit, m.agency, m.valid_from_us, m.valid_to_us)
        of_key = sa.select(k.id, k.unit, k.agency, k.created_us, sa.null())
        for at in range(0, len(keys), AT_ONCE):
            part = keys[at : at + AT_ONCE]
            for query in (of_account.where(m.account.in_(part)), of_key.where(k.id.in_(part))):
                for key, unit, agency, since_us, until_us in self._connection.execute(query):
                    place = Place(unit, self._kinds.get(agency or "", ""))
                    self._held[key].append((since_us, until_us, place))

    def _roles(self, key: str) -> list[tuple[int, int | None, Place]]:
        if key not in self._held:
            self.learn({f"account:{key}"})
        return self._held[key]

    def _case_unit(self, case: str) -> str:
        if case not in self._case_units:
            query = sa.select(vault.cases.c.unit).where(vault.cases.c.id == case)
            self._case_units[case] = self._connection.execute(query).scalar_one_or_none() or ""
        return self._case_units[case]


def called(connection: Connection, refs: Iterable[str]) -> dict[str, Called]:
    """Accounts and keys among `refs` (`kind:id`) that are known; a key has no login."""
    ids = {ref.partition(":")[2]: ref for ref in refs if ref.startswith(("account:", "key:"))}
    found: dict[str, Called] = {}
    keys = sorted(ids)
    for at in range(0, len(keys), AT_ONCE):
        part = keys[at : at + AT_ONCE]
        found |= {ids[key]: who for key, who in called_accounts(connection, part).items()}
        query = sa.select(api_keys.c.id, api_keys.c.name).where(api_keys.c.id.in_(part))
        found |= {ids[r.id]: Called(r.name) for r in connection.execute(query)}
    return found
