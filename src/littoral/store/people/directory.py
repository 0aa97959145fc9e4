"""The door to units, accounts, roles, invitations and keys: each method is one transaction."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

from littoral.store.people import (
    accounts,
    api_keys,
    credential_rows,
    links,
    organisations,
    sessions,
)
from littoral.store.people.accounts import Account, AccountRefused, Membership
from littoral.store.people.api_keys import ApiKey, KeyRefused
from littoral.store.people.base import Base, Event
from littoral.store.people.organisations import Agency, Organisation, Sharing, Unit

FRESH_US = 30_000_000  # another process may have changed units; read them again after this


class Newcomer(Protocol):
    """Who is invited: see `importing.User`."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def roles(self) -> tuple[Membership, ...]: ...


class Directory:
    """Safe for several threads and processes. `by` is the id of who does it."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._organisation: Organisation | None = None

    # -- units and agencies

    def organisation(self, at_us: int | None = None) -> Organisation:
        """As it was at a moment; without one as it is now, at most half a minute old."""
        now_us = self._base.now_us()
        if at_us is not None:
            with self._base.database.read() as connection:
                return organisations.read(connection, at_us)
        with self._lock:
            kept = self._organisation
            if kept is None or not 0 <= now_us - kept.at_us < FRESH_US:
                with self._base.database.read() as connection:
                    kept = organisations.read(connection, now_us)
                self._organisation = kept
            return kept

    def put_units(self, rows: Sequence[Unit], by: str) -> int:
        """See `organisations.put_units`; whether they fit together `check_units` says first."""
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            changed = organisations.put_units(connection, rows, by, now_us)
        self._units_changed()
        self._tell("unit.write", by, "units", f"{changed} versions")
        return changed

    def put_agencies(self, rows: Sequence[Agency], by: str) -> int:
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            changed = organisations.put_agencies(connection, rows, by, now_us)
        self._units_changed()
        self._tell("unit.write", by, "agencies", f"{changed} versions")
        return changed

    def share(
        self,
        unit: str,
        shared_with: str,
        kind: str,
        reason: str,
        by: str,
        until_us: int | None = None,
    ) -> Sharing:
        with self._base.database.write() as connection:
            made = organisations.share(
                connection, unit, shared_with, kind, reason, by, self._base.now_us(), until_us
            )
        self._units_changed()
        self._tell("unit.share", by, made.id, f"{unit} with {shared_with}")
        return made

    def unshare(self, sharing_id: str, by: str) -> bool:
        with self._base.database.write() as connection:
            done = organisations.unshare(connection, sharing_id, by, self._base.now_us())
        self._units_changed()
        if done:
            self._tell("unit.unshare", by, sharing_id)
        return done

    # -- accounts

    def accounts(self, after: str = "", limit: int = 100) -> list[Account]:
        with self._base.database.read() as connection:
            return accounts.listed(connection, after, limit)

    def account(self, account: str) -> Account:
        """Raises AccountRefused."""
        with self._base.database.read() as connection:
            return accounts.one(connection, account)

    def account_of(self, login: str) -> Account | None:
        with self._base.database.read() as connection:
            return accounts.by_login(connection, login)

    def invite(
        self,
        login: str,
        name: str,
        roles: Sequence[Membership],
        by: str,
        language: str = "zh",
    ) -> tuple[Account, str]:
        """The account and the token of its link, which works once within a week. AccountRefused."""
        for role in roles:
            self._check_place(role.unit, role.agency)
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            made = accounts.create(connection, login, name, roles, by, now_us, language=language)
            token = links.make(connection, links.INVITATION, made.id, by, now_us)
        self._tell("account.invite", by, made.id)
        return made, token

    def invite_all(
        self, users: Sequence[Newcomer], known: Mapping[str, str], by: str
    ) -> list[tuple[str, str]]:
        """All in one transaction; `known`: login to id of accounts that get their roles only.
        Returns (login, token) of those invited. AccountRefused."""
        for user in users:
            for role in user.roles:
                self._check_place(role.unit, role.agency)
        now_us = self._base.now_us()
        invited, told = [], []
        with self._base.database.write() as connection:
            for user in users:
                if user.login in known:
                    for role in user.roles:
                        accounts.grant(connection, known[user.login], role, by, now_us)
                    told.append(("account.grant", known[user.login]))
                    continue
                made = accounts.create(
                    connection, user.login, user.name, user.roles, by, now_us,
                    language=user.language,
                )  # fmt: skip
                token = links.make(connection, links.INVITATION, made.id, by, now_us)
                invited.append((made.login, token))
                told.append(("account.invite", made.id))
        for action, account in told:
            self._tell(action, by, account)
        return invited

    def logins(self) -> dict[str, str]:
        """Login to id, of all accounts."""
        with self._base.database.read() as connection:
            return accounts.logins(connection)

    def unit_versions(self) -> list[Unit]:
        """All versions of all units, oldest first."""
        with self._base.database.read() as connection:
            return organisations.unit_versions(connection)

    def link_again(self, account: str, by: str) -> str:
        """A new link: for who was invited, or to set a password anew. The earlier no longer works.
        AccountRefused for a suspended account."""
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            found = accounts.one(connection, account)
            if found.status == accounts.SUSPENDED:
                raise AccountRefused("the account is suspended")
            kind = links.INVITATION if found.status == accounts.INVITED else links.RESET
            token = links.make(connection, kind, account, by, now_us)
        self._tell(f"account.{kind}", by, account)
        return token

    def suspend(self, account: str, by: str, reason: str) -> Account:
        """No sign-in any more, open sessions and links end at once. AccountRefused."""
        if not reason.strip():
            raise AccountRefused("a reason must be given", "reason")
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            found = accounts.set_status(connection, account, accounts.SUSPENDED, by, now_us, reason)
            sessions.end_all(connection, account, by, now_us)
            links.cancel(connection, None, account, now_us)
        self._tell("account.suspend", by, account, reason)
        return found

    def reinstate(self, account: str, by: str) -> Account:
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            found = accounts.set_status(connection, account, accounts.ACTIVE, by, now_us)
        self._tell("account.reinstate", by, account)
        return found

    def clear_second_factors(self, account: str, by: str, reason: str) -> int:
        """For who has lost them: TOTP, recovery codes and passkeys are removed and all sessions
        end. Returns how many credentials there were. AccountRefused."""
        if not reason.strip():
            raise AccountRefused("a reason must be given", "reason")
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            accounts.one(connection, account)
            kinds = (credential_rows.TOTP, credential_rows.RECOVERY, credential_rows.PASSKEY)
            gone = sum(credential_rows.remove(connection, account, kind) for kind in kinds)
            sessions.end_all(connection, account, by, now_us)
        self._tell("account.second_factors_cleared", by, account, reason)
        return gone

    def grant(self, account: str, role: Membership, by: str) -> Membership:
        """Raises AccountRefused."""
        self._check_place(role.unit, role.agency)
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            accounts.one(connection, account)
            made = accounts.grant(connection, account, role, by, now_us)
        self._tell("account.grant", by, account, f"{role.role} in {role.unit}")
        return made

    def end_membership(self, membership: str, by: str) -> bool:
        with self._base.database.write() as connection:
            done = accounts.end_membership(connection, membership, by, self._base.now_us())
        if done:
            self._tell("account.end_role", by, membership)
        return done

    # -- keys of systems

    def api_keys(self) -> list[ApiKey]:
        with self._base.database.read() as connection:
            return api_keys.listed(connection)

    def create_key(
        self,
        name: str,
        actions: Sequence[str],
        unit: str,
        agency: str | None,
        expires_us: int,
        by: str,
    ) -> tuple[str, ApiKey]:
        """The key, shown once, and what is kept of it. KeyRefused."""
        try:
            self._check_place(unit, agency)
        except AccountRefused as error:
            raise KeyRefused(str(error), error.field) from error
        with self._base.database.write() as connection:
            written, made = api_keys.create(
                connection, name, actions, unit, agency, expires_us, by, self._base.now_us()
            )
        self._tell("key.create", by, made.id, ", ".join(made.actions))
        return written, made

    def end_key(self, key_id: str, by: str) -> bool:
        with self._base.database.write() as connection:
            done = api_keys.end(connection, key_id, by, self._base.now_us())
        if done:
            self._tell("key.revoke", by, key_id)
        return done

    # --

    def _check_place(self, unit: str, agency: str | None) -> None:
        there = self.organisation()
        if unit not in there.units:
            raise AccountRefused(f"there is no unit {unit!r} now", "unit")
        if agency is not None and agency not in there.agencies:
            raise AccountRefused(f"there is no agency {agency!r} now", "agency")

    def _units_changed(self) -> None:
        with self._lock:
            self._organisation = None

    def _tell(self, action: str, by: str, thing: str, detail: str = "") -> None:
        self._base.tell(Event(action, by, thing, self._base.now_us(), "", detail))
