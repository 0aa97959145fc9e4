"""The door to units, accounts, roles, invitations and keys: each method is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from littoral.store.people import account_changes, accounts, organisations
from littoral.store.people.account_door import AccountDoor, Newcomer, enter, invite_all, propose
from littoral.store.people.accounts import Membership
from littoral.store.people.base import Change
from littoral.store.people.ids import uuid7
from littoral.store.people.key_door import KeyDoor
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.unit_door import check_place, write_agencies, write_units

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


class Directory(AccountDoor, KeyDoor):
    """All of them over one `Base`. Safe for several threads and processes; `by` is the id of who
    does it, or a reference such as `operator:li`."""

    def take(self, bulk: Bulk, by: str) -> list[tuple[str, str]]:
        """By the operator of the machine, who acts alone. All in one transaction. Returns
        (login, token) of those invited. AccountRefused."""
        with self._base.change(by) as change:
            _write_places(change, bulk)
            invited = invite_all(change, bulk.users, bulk.known)
        self.units_changed()
        return invited

    def propose_all(self, bulk: Bulk, by: str, why: str) -> str | None:
        """New units and agencies, and names of those that are there, and accounts without roles or
        links at once; the roles wait for a second
        person, as a batch, whose id this returns (None: everybody holds them or waits for them
        already). All in one transaction. AccountRefused."""
        with self._base.change(by) as change:
            _write_places(change, bulk, alone=True)
            for user in bulk.users:
                if user.login not in bulk.known:
                    enter(change, user.login, user.name, user.language)
            batch = _propose(change, bulk.users, why)
        self.units_changed()
        return batch


def _write_places(change: Change, bulk: Bulk, alone: bool = False) -> None:
    if bulk.units:
        write_units(change, bulk.units, alone)
    if bulk.agencies:
        write_agencies(change, bulk.agencies, alone)
    _check_places(change, bulk.users)


def _check_places(change: Change, users: Sequence[Newcomer]) -> None:
    there = organisations.read(change.connection, change.now_us)
    for role in (role for user in users for role in user.roles):
        check_place(there, role.unit, role.agency)


def _propose(change: Change, users: Sequence[Newcomer], why: str) -> str | None:
    """Leaves out what is held or waits already: the same file may come again."""
    batch = uuid7(change.now_us)
    some = False
    for user in users:
        account = accounts.by_login(change.connection, user.login)
        assert account is not None
        waiting = account_changes.waiting_for(change.connection, account.id, change.now_us)
        wanted = [w.role for w in waiting if w.role is not None]
        for role in user.roles:
            asked = any(_same_place(w, role) for w in wanted)
            if not asked and not any(_covers(m, role, change.now_us) for m in account.memberships):
                propose(change, account.id, account_changes.GRANT, why, role, batch)
                some = True
    return batch if some else None


def _same_place(one: Membership, other: Membership) -> bool:
    return (one.role, one.unit, one.agency) == (other.role, other.unit, other.agency)


def _covers(held: Membership, wanted: Membership, now_us: int) -> bool:
    """Does it hold all the time that lies ahead of what is wanted?"""
    end_us = wanted.valid_to_us
    return (
        _same_place(held, wanted)
        and held.valid_from_us <= max(wanted.valid_from_us, now_us)
        and (held.valid_to_us is None or (end_us is not None and held.valid_to_us >= end_us))
    )
