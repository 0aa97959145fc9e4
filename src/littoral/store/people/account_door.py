"""The door to accounts, roles and invitations: each method that changes is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from littoral.store import reason_keys
from littoral.store.people import account_changes, accounts, credential_rows, links, sessions
from littoral.store.people.account_changes import (
    GRANT,
    LINK,
    REINSTATE,
    SECOND_FACTORS,
    AccountChange,
    Batch,
)
from littoral.store.people.accounts import Account, AccountRefused, Membership
from littoral.store.people.base import Change
from littoral.store.people.lapsing import lapse
from littoral.store.people.sessions import Session, SessionRules
from littoral.store.people.unit_door import UnitDoor, check_place


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


class AccountDoor(UnitDoor):
    # -- reading

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

    def logins(self) -> dict[str, str]:
        """Login to id, of all accounts."""
        with self._base.database.read() as connection:
            return accounts.logins(connection)

    def sessions_of(self, account: str, rules: SessionRules) -> list[Session]:
        """Open ones, the last seen first."""
        with self._base.database.read() as connection:
            return sessions.current(connection, account, self._base.now_us(), rules)

    # -- inviting

    def invite(
        self,
        login: str,
        name: str,
        roles: Sequence[Membership],
        by: str,
        language: str = "zh",
    ) -> tuple[Account, str]:
        """By the operator of the machine, who acts alone: the account and the token of its link,
        which works once within a week. All or nothing. AccountRefused."""
        self._check_roles(roles)
        with self._base.change(by) as change:
            return invite(change, login, name, roles, language)

    def propose_invitation(
        self,
        login: str,
        name: str,
        roles: Sequence[Membership],
        by: str,
        why: str,
        language: str = "zh",
    ) -> Account:
        """An account that nobody can open: its roles wait for a second person, and so its link.
        All or nothing. AccountRefused."""
        self._check_roles(roles)
        with self._base.change(by) as change:
            made = enter(change, login, name, language)
            for role in roles:
                propose(change, made.id, GRANT, why, role)
        return made

    def invite_all(
        self, users: Sequence[Newcomer], known: Mapping[str, str], by: str
    ) -> list[tuple[str, str]]:
        """All in one transaction; `known`: login to id of accounts that get their roles only.
        Returns (login, token) of those invited. AccountRefused."""
        for user in users:
            for role in user.roles:
                self.check_place(role.unit, role.agency)
        with self._base.change(by) as change:
            return invite_all(change, users, known)

    def link_again(self, account: str, by: str) -> str:
        """A new link: for who was invited, or to set a password anew. The earlier no longer works.
        AccountRefused for a suspended account."""
        with self._base.change(by) as change:
            return _link(change, account)

    # -- changing

    def describe(self, account: str, name: str, language: str, by: str) -> Account:
        with self._base.change(by) as change:
            found = accounts.describe(change.connection, account, name, language, by, change.now_us)
            change.tell("account.describe", account)
        return found

    def suspend(self, account: str, by: str, reason: str) -> Account:
        """No sign-in any more; open sessions and links, and what it proposed and nobody decided,
        end at once. AccountRefused."""
        if not reason.strip():
            raise AccountRefused("a reason must be given", "reason")
        with self._base.change(by) as change:
            found = accounts.set_status(
                change.connection, account, accounts.SUSPENDED, by, change.now_us, reason
            )
            sessions.end_all(change.connection, account, by, change.now_us)
            links.cancel(change.connection, None, account, change.now_us)
            key = reason_keys.key_of(change.connection, account)
            committed = reason_keys.committed(key, reason.strip())
            change.tell("account.suspend", account, f"hmac_sha256:{committed}")
            lapse(change, account)
        return found

    def reinstate(self, account: str, by: str) -> Account:
        with self._base.change(by) as change:
            return _reinstate(change, account)

    def end_sessions(self, account: str, by: str, session: str | None = None) -> int:
        """All of the account, or one; how many there were."""
        with self._base.change(by) as change:
            if session is None:
                ended = sessions.end_all(change.connection, account, by, change.now_us)
            else:
                ended = int(
                    sessions.end(change.connection, session, by, change.now_us, account=account)
                )
            if ended:
                change.tell("account.sessions_ended", account, f"{ended} sessions")
        return ended

    def clear_second_factors(self, account: str, by: str, reason: str) -> int:
        """By the operator of the machine, who acts alone, for who has lost them: TOTP, recovery
        codes and passkeys are removed and all sessions end. Returns how many credentials there
        were. AccountRefused."""
        if not reason.strip():
            raise AccountRefused("a reason must be given", "reason")
        with self._base.change(by) as change:
            accounts.one(change.connection, account)
            made = account_changes.made_alone(
                change.connection, account, SECOND_FACTORS, reason, by, change.now_us
            )
            return _clear_second_factors(change, account, made.id)

    def grant(self, account: str, role: Membership, by: str) -> Membership:
        """Raises AccountRefused."""
        self.check_place(role.unit, role.agency)
        with self._base.change(by) as change:
            return _grant(change, account, role)

    def end_membership(self, membership: str, by: str, account: str | None = None) -> bool:
        """False when it is not there, has ended, or is not of `account`. What the account proposed
        ends with it. AccountRefused."""
        with self._base.change(by) as change:
            holder = accounts.holder(change.connection, membership)
            done = accounts.end_membership(
                change.connection, membership, by, change.now_us, account
            )
            if done and holder is not None:
                change.tell("account.end_role", membership)
                lapse(change, holder)
        return done

    # -- by two

    def changes(
        self,
        state: str | None = None,
        batch: str | None = None,
        before: str | None = None,
        limit: int = 500,
    ) -> list[AccountChange]:
        """The newest first, from below the id `before` on: of a batch, or those of none."""
        with self._base.database.read() as connection:
            now_us = self._base.now_us()
            return account_changes.listed(connection, now_us, state, batch, before, limit)

    def batches(self) -> list[Batch]:
        """The newest first."""
        with self._base.database.read() as connection:
            return account_changes.batches(connection, self._base.now_us())

    def batch(self, key: str) -> Batch:
        """Raises AccountRefused."""
        with self._base.database.read() as connection:
            found = account_changes.batches(connection, self._base.now_us(), key)
        if not found:
            raise AccountRefused("there is no such batch", "id")
        return found[0]

    def change(self, key: str) -> AccountChange:
        """Raises AccountRefused."""
        with self._base.database.read() as connection:
            return account_changes.one(connection, key)

    def waiting_for(self, account: str) -> list[AccountChange]:
        with self._base.database.read() as connection:
            return account_changes.waiting_for(connection, account, self._base.now_us())

    def asked_for(self, account: str) -> list[tuple[str, str | None]]:
        """Places (unit, agency) of the roles that were ever proposed for the account."""
        with self._base.database.read() as connection:
            return account_changes.asked_for(connection, account)

    def propose(
        self, account: str, kind: str, why: str, by: str, role: Membership | None = None
    ) -> AccountChange:
        """Waits for a second person. AccountRefused."""
        self._check_roles([] if role is None else [role])
        with self._base.change(by) as change:
            accounts.one(change.connection, account)
            return propose(change, account, kind, why, role)

    def decide(self, key: str, agree: bool, note: str, by: str) -> tuple[AccountChange, str | None]:
        """Makes it where the second person agrees; gives the token of the link that it made, if
        any. NotWaiting, SamePerson, AccountRefused."""
        wanted = self.change(key)
        if agree and wanted.role is not None:
            self.check_place(wanted.role.unit, wanted.role.agency)
        token = None
        with self._base.change(by) as change:
            made = account_changes.decide(change.connection, key, agree, note, by, change.now_us)
            change.tell("account.agree" if agree else "account.refuse", made.account, made.id)
            if agree:
                token = _carry_out(change, made)
        return made, token

    def decide_batch(
        self, key: str, agree: bool, refused: Sequence[str], note: str, by: str
    ) -> tuple[Batch, list[tuple[str, str]]]:
        """What still waits of a batch, in one transaction; `refused`: those that are refused where
        the others are agreed to. Gives (login, token) of those whose first role it is. NotWaiting,
        SamePerson, AccountRefused."""
        there = self.organisation()
        invited = {}
        with self._base.change(by) as change:
            decided = account_changes.decide_batch(
                change.connection, key, agree, refused, note, by, change.now_us
            )
            for one in decided:
                agreed = one.state == account_changes.MADE
                change.tell("account.agree" if agreed else "account.refuse", one.account, one.id)
                if agreed and one.role is not None:
                    check_place(there, one.role.unit, one.role.agency)
                    token = _carry_out(change, one)
                    if token is not None:
                        invited[one.account] = token
            logins = accounts.logins_of(change.connection, list(invited))
        return self.batch(key), sorted((logins[a], token) for a, token in invited.items())

    def lapse(self, proposed_by: str, keys: Collection[str], by: str) -> None:
        """Those of the changes that still wait: who proposed them may no longer."""
        with self._base.change(by) as change:
            for lapsed in account_changes.lapse_of(
                change.connection, proposed_by, change.now_us, keys
            ):
                change.tell("account.lapse", lapsed.account, lapsed.id)

    def take_batch_back(self, key: str, by: str) -> Batch:
        """What still waits of it. NotWaiting."""
        with self._base.change(by) as change:
            for back in account_changes.take_batch_back(change.connection, key, by, change.now_us):
                change.tell("account.take_back", back.account, back.id)
        return self.batch(key)

    def _check_roles(self, roles: Sequence[Membership]) -> None:
        for role in roles:
            accounts.check_membership(role)
            self.check_place(role.unit, role.agency)

    def take_back(self, key: str, by: str) -> AccountChange:
        with self._base.change(by) as change:
            back = account_changes.take_back(change.connection, key, by, change.now_us)
            change.tell("account.take_back", back.account, back.id)
        return back


def invite(
    change: Change, login: str, name: str, roles: Sequence[Membership], language: str
) -> tuple[Account, str]:
    """In the caller's transaction."""
    made = enter(change, login, name, language, roles)
    return made, links.make(change.connection, links.INVITATION, made.id, change.by, change.now_us)


def enter(
    change: Change, login: str, name: str, language: str, roles: Sequence[Membership] = ()
) -> Account:
    """An account without a link, in the caller's transaction."""
    made = accounts.create(
        change.connection, login, name, roles, change.by, change.now_us, language=language
    )
    change.tell("account.invite", made.id, _said(roles))
    return made


def invite_all(
    change: Change, users: Sequence[Newcomer], known: Mapping[str, str]
) -> list[tuple[str, str]]:
    invited = []
    for user in users:
        if user.login in known:
            for role in user.roles:
                accounts.grant(change.connection, known[user.login], role, change.by, change.now_us)
            change.tell("account.grant", known[user.login], _said(user.roles))
            continue
        made, token = invite(change, user.login, user.name, user.roles, user.language)
        invited.append((made.login, token))
    return invited


def _said(roles: Sequence[Membership]) -> str:
    return ", ".join(f"{r.role} in {r.unit}" for r in roles)


def propose(
    change: Change,
    account: str,
    kind: str,
    why: str,
    role: Membership | None,
    batch: str | None = None,
) -> AccountChange:
    """In the caller's transaction. AccountRefused."""
    made = account_changes.propose(
        change.connection, account, kind, role, why, change.by, change.now_us, batch
    )
    change.tell(f"account.propose_{kind}", account, made.id)
    return made


def _grant(change: Change, account: str, role: Membership) -> Membership:
    accounts.one(change.connection, account)
    made = accounts.grant(change.connection, account, role, change.by, change.now_us)
    change.tell("account.grant", account, _said([role]))
    return made


def _link(change: Change, account: str) -> str:
    found = accounts.one(change.connection, account)
    if found.status == accounts.SUSPENDED:
        raise AccountRefused("the account is suspended")
    kind = links.INVITATION if found.status == accounts.INVITED else links.RESET
    token = links.make(change.connection, kind, account, change.by, change.now_us)
    change.tell(f"account.{kind}", account)
    return token


def _reinstate(change: Change, account: str) -> Account:
    found = accounts.set_status(
        change.connection, account, accounts.ACTIVE, change.by, change.now_us
    )
    change.tell("account.reinstate", account)
    return found


def _clear_second_factors(change: Change, account: str, made: str) -> int:
    """`made`: the change that says why."""
    accounts.one(change.connection, account)
    kinds = (credential_rows.TOTP, credential_rows.RECOVERY, credential_rows.PASSKEY)
    gone = sum(credential_rows.remove(change.connection, account, kind) for kind in kinds)
    sessions.end_all(change.connection, account, change.by, change.now_us)
    change.tell("account.second_factors_cleared", account, made)
    return gone


def _carry_out(change: Change, made: AccountChange) -> str | None:
    if made.kind == GRANT and made.role is not None:
        before = accounts.one(change.connection, made.account)
        _grant(change, made.account, made.role)
        # Whoever proposed the account had no link of it; one from before two had to agree ends.
        is_first = before.status == accounts.INVITED and not before.memberships
        return _link(change, made.account) if is_first else None
    if made.kind == LINK:
        return _link(change, made.account)
    if made.kind == REINSTATE:
        _reinstate(change, made.account)
    else:
        _clear_second_factors(change, made.account, made.id)
    return None
