"""Signing in and out, and what people may do with their own credentials and devices.

Every refusal of a sign-in is the same `SignInRefused`: it tells nobody whether an account exists,
and the work done is the same. Hashing takes some 0.16 s of a processor: call these off the event
loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.engine import Connection

from littoral.store.database import RecordsError
from littoral.store.people import (
    accounts,
    api_keys,
    credential_rows,
    external,
    identity,
    links,
    lockout,
    sessions,
)
from littoral.store.people.accounts import Account, Membership
from littoral.store.people.addresses import subscriber
from littoral.store.people.base import Base, Event
from littoral.store.people.breached import Breached
from littoral.store.people.credentials import Passwords, Sealer
from littoral.store.people.identity import Identity
from littoral.store.people.password_rules import WeakPassword, check_password, normal
from littoral.store.people.sessions import Session, SessionRules
from littoral.store.people.words import ADMINISTRATOR

SYSTEM = "system"
BAD_LINK = "the link is wrong, was used, or has expired"


class SignInRefused(RecordsError):
    """Name, password or code is wrong, or the account may not sign in; which is not said."""


class SecondFactorNeeded(RecordsError):
    """The password is right; the code of the authenticator is wanted too."""


class LinkRefused(RecordsError):
    """The link is wrong, was used, or has expired."""


class SignedIn(NamedTuple):
    token: str  # for the cookie; kept nowhere else
    identity: Identity


@dataclass(frozen=True, slots=True)
class Origin:
    """Whence a request comes: address, and what the browser calls itself."""

    address: str = ""
    device: str = ""


class SignIn:
    """Safe for several threads and processes."""

    def __init__(
        self,
        base: Base,
        sealer: Sealer,
        passwords: Passwords | None = None,
        rules: SessionRules | None = None,
        breached: Breached | None = None,
        password_alone: frozenset[str] = frozenset(),
    ) -> None:
        self.base = base
        self.sealer = sealer
        self.passwords = passwords or Passwords()
        self.rules = rules or SessionRules()
        self.breached = breached
        self.password_alone = password_alone  # roles that this deployment exempts

    def check_password(self, password: str, *about: str) -> None:
        """By the rules, and by the operator's list of breached ones if there is one. `about`: login
        and name of whose it is. WeakPassword."""
        check_password(password, *about)
        if self.breached is not None:
            written = (password, normal(password))
            if any(self.breached.count(each) for each in dict.fromkeys(written)):
                raise WeakPassword("common", "is on the list of passwords that leaked")

    # -- first start, invitations

    def first_start_link(self) -> str | None:
        """The token of a link that makes the first administrator, within the hour; earlier ones no
        longer work. None when somebody may administer already."""
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            if accounts.administrators(connection, now_us):
                return None
            token = links.make(connection, links.FIRST_START, None, SYSTEM, now_us)
        self.tell("account.first_start_link", "", "")
        return token

    def first_start(
        self,
        token: str,
        login: str,
        name: str,
        password: str,
        unit: str,
        origin: Origin,
        language: str = "zh",
    ) -> SignedIn:
        """The first administrator, in `unit`. LinkRefused, AccountRefused, WeakPassword."""
        self._check_link((links.FIRST_START,), token)
        self.check_password(password, login, name)
        hashed = self.passwords.hash(password)
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            link = links.take(connection, (links.FIRST_START,), token, now_us)
            if link is None or accounts.administrators(connection, now_us):
                raise LinkRefused(BAD_LINK)
            role = Membership(ADMINISTRATOR, unit)
            made = accounts.create(
                connection, login, name, [role], SYSTEM, now_us, accounts.ACTIVE, language
            )
            credential_rows.set_password(connection, made.id, hashed, now_us)
            found = self._begin(connection, made, identity.PASSWORD, origin, now_us)
        self.tell("account.first_start", made.id, made.id, origin)
        return found

    def accept(self, token: str, password: str, origin: Origin) -> SignedIn:
        """Sets the password of an invitation or a reset. After a reset all sessions have ended;
        a second factor stays, and is asked for at the next sign-in: then no session is begun and
        SecondFactorNeeded is raised after the password has been set. LinkRefused, WeakPassword."""
        self._check_link((links.INVITATION, links.RESET), token)
        self.check_password(password)
        hashed = self.passwords.hash(password)
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            link = links.take(connection, (links.INVITATION, links.RESET), token, now_us)
            if link is None or link.account is None:
                raise LinkRefused(BAD_LINK)
            account = accounts.one(connection, link.account)
            if account.status == accounts.SUSPENDED:
                raise LinkRefused(BAD_LINK)
            self.check_password(password, account.login, account.name)
            if account.status == accounts.INVITED:
                account = accounts.set_status(
                    connection, account.id, accounts.ACTIVE, account.id, now_us
                )
            credential_rows.set_password(connection, account.id, hashed, now_us)
            sessions.end_all(connection, account.id, account.id, now_us)
            second = credential_rows.of_account(connection, account.id, credential_rows.TOTP)
            found = (
                None
                if second
                else self._begin(connection, account, identity.PASSWORD, origin, now_us)
            )
        self.tell(f"account.{link.kind}_accepted", account.id, account.id, origin)
        if found is None:
            raise SecondFactorNeeded("the password is set; sign in with it and the code")
        return found

    # -- signing in

    def sign_in(self, login: str, password: str, code: str, origin: Origin) -> SignedIn:
        """`code`: of the authenticator or a recovery code, "" when none was given. SignInRefused,
        SecondFactorNeeded, TooManyAttempts."""
        folded = accounts.fold_login(login)
        ticket = self.attempt(folded, origin)
        with self.base.database.read() as connection:
            account = accounts.by_login(connection, folded)
            held = self.password_of(connection, account)
            second = account is not None and bool(
                credential_rows.of_account(connection, account.id, credential_rows.TOTP)
            )
        stored = None if held is None else held.secret
        fits = self.passwords.verify(stored, password)
        if not fits or account is None or stored is None or not account.active:
            raise self.refused(account, folded, origin)
        now_us = self.base.now_us()
        if second and not code.strip():
            with self.base.database.write() as connection:
                lockout.take_back(connection, ticket)
            raise SecondFactorNeeded("the code of the authenticator is wanted too")
        anew = self.passwords.hash(password) if self.passwords.outdated(stored) else None
        found: SignedIn | None = None
        with self.base.database.write() as connection:
            account = accounts.one(connection, account.id)
            current = self.password_of(connection, account)
            good = account.active and current is not None and current.secret == stored
            if good and second:
                good = credential_rows.use_second_factor(
                    connection, account.id, code, self.sealer, now_us
                )
            if good and current is not None:
                if anew is not None:
                    credential_rows.set_password(connection, account.id, anew, now_us)
                else:
                    credential_rows.used(connection, current.id, now_us)
                lockout.success(connection, ticket)
                assurance = identity.TOTP if second else identity.PASSWORD
                found = self._begin(connection, account, assurance, origin, now_us)
        if found is None:
            raise self.refused(account, folded, origin)
        self.tell("signin.success", account.id, found.identity.id, origin, assurance)
        return found

    def sign_in_external(
        self,
        issuer: str,
        subject: str,
        wanted: external.Claimed,
        origin: Origin,
        proved_us: int | None = None,
    ) -> SignedIn:
        """Somebody whom an OpenID provider vouches for: a known identity, an account of the same
        login, or a new one; with the roles that its claims come to now. `proved_us`: when a
        credential was shown to the provider; None: it does not say. SignInRefused."""
        found: SignedIn | None = None
        assurance = identity.OIDC if wanted.two_factors else identity.PASSWORD
        detail = identity.OIDC if wanted.two_factors else "oidc, one factor"
        with self.base.change(external.BY) as change:
            account = external.account_for(
                change.connection, issuer, subject, wanted, change.now_us
            )
            if account is not None and account.active:
                account = external.apply_roles(change, account, issuer, wanted)
                if proved_us is None:  # as old as a proof in an open session may be
                    proved_us = change.now_us - int(self.rules.absolute_s * 1e6)
                found = self._begin(
                    change.connection, account, assurance, origin, change.now_us, proved_us
                )
        if found is None:
            raise self.refused(account, f"{issuer} {subject}", origin)
        self.tell("signin.success", found.identity.id, found.identity.id, origin, detail)
        return found

    def begin_for(self, account: str, assurance: str, origin: Origin) -> SignedIn:
        """A session for who has proved it otherwise (a passkey). SignInRefused."""
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            known = accounts.one(connection, account)
            found = (
                self._begin(connection, known, assurance, origin, now_us) if known.active else None
            )
        if found is None:
            raise self.refused(known, account, origin)
        self.tell("signin.success", account, account, origin, assurance)
        return found

    # -- who asks

    def identify(self, token: str, address: str = "") -> Identity | None:
        """The person of a session's token; None when it has ended or the account is suspended."""
        now_us = self.base.now_us()
        with self.base.database.read() as connection:
            session = sessions.find(connection, token, now_us, self.rules)
            if session is None:
                return None
            account = accounts.one(connection, session.account)
        if not account.active:
            return None
        if self._stale(session, address, now_us):
            with self.base.database.write() as connection:
                sessions.seen(connection, session, address, now_us)
        return identity.of_session(account, session, address, now_us, self.password_alone)

    def identify_all(self, asking: Mapping[str, str]) -> dict[str, Identity]:
        """As `identify`, of sessions by their ids and the addresses from which they ask: without
        those that have ended, by few questions for some hundreds."""
        now_us = self.base.now_us()
        with self.base.database.read() as connection:
            found = sessions.open_of(connection, asking, now_us, self.rules)
            known = accounts.some(connection, {s.account for s in found})
        found = [s for s in found if s.account in known and known[s.account].active]
        stale = [s for s in found if self._stale(s, asking[s.id], now_us)]
        if stale:
            with self.base.database.write() as connection:
                for session in stale:
                    sessions.seen(connection, session, asking[session.id], now_us)
        return {
            s.id: identity.of_session(
                known[s.account], s, asking[s.id], now_us, self.password_alone
            )
            for s in found
        }  # fmt: skip

    def _stale(self, session: Session, address: str, now_us: int) -> bool:
        """Whether it is to be written that it was seen."""
        fresh_us = session.seen_us + int(self.rules.seen_every_s * 1e6)
        return now_us >= fresh_us or session.address != address

    def identify_key(self, written: str, address: str = "") -> Identity | None:
        now_us = self.base.now_us()
        with self.base.database.read() as connection:
            key = api_keys.find(connection, written, now_us)
        if key is None:
            return None
        if key.last_used_us is None or now_us - key.last_used_us >= api_keys.SEEN_EVERY_US:
            with self.base.database.write() as connection:
                api_keys.seen(connection, key, address, now_us)
        return identity.of_key(key, address)

    def sign_out(self, who: Identity) -> None:
        if who.session is not None:
            self.end_device(who, who.session.id)

    def devices(self, who: Identity) -> list[Session]:
        """Open sessions, the last seen first."""
        with self.base.database.read() as connection:
            return sessions.current(connection, who.id, self.base.now_us(), self.rules)

    def end_device(self, who: Identity, session: str) -> bool:
        """False when it is none of theirs or has ended."""
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            done = sessions.end(connection, session, who.id, now_us, account=who.id)
        if done:
            self.tell("signin.end", who.id, session, Origin(who.address))
        return done

    # --

    def forget(self, kept_s: float = 30 * 86_400.0) -> None:
        """Deletes what nobody needs any more: old counts of failures, sessions that ended before
        the last `kept_s`, steps of sign-ins that were never finished. Call it now and then."""
        now_us = self.base.now_us()
        with self.base.database.write() as connection:
            lockout.forget(connection, now_us)
            sessions.forget(connection, now_us - int(kept_s * 1e6))
            external.forget(connection, now_us)

    def attempt(self, login: str, origin: Origin) -> lockout.Ticket:
        """Counts an attempt before it is made. TooManyAttempts."""
        subjects = {lockout.ACCOUNT: lockout.subject(login)}
        if origin.address:
            subjects[lockout.ADDRESS] = lockout.subject(subscriber(origin.address))
        try:
            with self.base.database.write() as connection:
                return lockout.attempt(connection, subjects, self.base.now_us())
        except lockout.TooManyAttempts:
            self.tell("signin.locked", "", subjects[lockout.ACCOUNT], origin)
            raise

    def _check_link(self, kinds: tuple[str, ...], token: str) -> None:
        """Before the password is hashed: a wrong link must not cost a tenth of a second."""
        with self.base.database.read() as connection:
            if not links.good(connection, kinds, token, self.base.now_us()):
                raise LinkRefused(BAD_LINK)

    def _begin(
        self,
        connection: Connection,
        account: Account,
        assurance: str,
        origin: Origin,
        now_us: int,
        proved_us: int | None = None,
    ) -> SignedIn:
        token, session = sessions.begin(
            connection, account.id, assurance, origin.device, origin.address, now_us, self.rules,
            proved_us,
        )  # fmt: skip
        who = identity.of_session(account, session, origin.address, now_us, self.password_alone)
        return SignedIn(token, who)

    def password_of(
        self, connection: Connection, account: Account | None
    ) -> credential_rows.Credential | None:
        # Asked for an account that is not there too, so that the database works as much.
        key = "" if account is None else account.id
        held = credential_rows.of_account(connection, key, credential_rows.PASSWORD)
        return held[0] if held else None

    def refused(self, account: Account | None, tried: str, origin: Origin) -> SignInRefused:
        """Tells the log; gives what to raise."""
        thing = lockout.subject(tried) if account is None else account.id
        status = "unknown" if account is None else account.status
        self.tell("signin.failure", "", thing, origin, status)
        return SignInRefused("name, password or code is wrong")

    def tell(
        self, action: str, actor: str, thing: str, origin: Origin | None = None, detail: str = ""
    ) -> None:
        address = "" if origin is None else origin.address
        self.base.tell(Event(action, actor, thing, self.base.now_us(), address, detail))
