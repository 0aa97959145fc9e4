"""The door to units, accounts, roles, invitations and keys: each method is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from littoral.store.people import account_changes, accounts, organisations
from littoral.store.people.account_door import AccountDoor, Newcomer, invite_all, propose
from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.base import Change
from littoral.store.people.key_door import KeyDoor
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.unit_door import write_agencies, write_units
from littoral.store.people.words import PRIVILEGED

__all__ = ["Directory", "Newcomer"]


class Bulk(Protocol):
    """What a file brings: see `importing.Plan`."""

    @property
    def units(self) -> Sequence[Unit]: ...
    @property
    def agencies(self) -> Sequence[Agency]: ...
    @property
    def users(self) -> Sequence[Newcomer]: ...
    @property
    def known(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class _Arrival:
    login: str
    name: str
    language: str
    roles: tuple[Membership, ...]


class Directory(AccountDoor, KeyDoor):
    """All of them over one `Base`. Safe for several threads and processes; `by` is the id of who
    does it, or a reference such as `operator:li`."""

    def take(self, bulk: Bulk, by: str, two: bool = False) -> list[tuple[str, str]]:
        """All in one transaction; `two`: privileged roles wait for a second person. Returns
        (login, token) of those invited. AccountRefused."""
        with self._base.change(by) as change:
            if bulk.units:
                write_units(change, bulk.units)
            if bulk.agencies:
                write_agencies(change, bulk.agencies)
            _check_places(change, bulk.users)
            users = [_without_privileged(user) for user in bulk.users] if two else bulk.users
            invited = invite_all(change, users, bulk.known)
            if two:
                _propose(change, bulk.users)
        self.units_changed()
        return invited


def _check_places(change: Change, users: Sequence[Newcomer]) -> None:
    there = organisations.read(change.connection, change.now_us)
    for role in (role for user in users for role in user.roles):
        if role.unit not in there.units:
            raise AccountRefused(f"there is no unit {role.unit!r} now", "unit")
        if role.agency is not None and role.agency not in there.agencies:
            raise AccountRefused(f"there is no agency {role.agency!r} now", "agency")


def _without_privileged(user: Newcomer) -> Newcomer:
    plain = tuple(r for r in user.roles if r.role not in PRIVILEGED)
    return _Arrival(user.login, user.name, user.language, plain)


def _propose(change: Change, users: Sequence[Newcomer]) -> None:
    """Leaves out what is held or waits already: the same file may come again."""
    for user in users:
        account = accounts.by_login(change.connection, user.login)
        assert account is not None
        waiting = account_changes.waiting_for(change.connection, account.id, change.now_us)
        there = [(m.role, m.unit, m.agency) for m in account.memberships if m.valid(change.now_us)]
        there += [(w.role.role, w.role.unit, w.role.agency) for w in waiting if w.role is not None]
        for role in user.roles:
            if role.role in PRIVILEGED and (role.role, role.unit, role.agency) not in there:
                propose(change, account.id, account_changes.GRANT, "import", role)
