"""What people do with the credentials of their own account. Changes need a fresh proof."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from littoral.store.database import RecordsError
from littoral.store.people import accounts, credential_rows, identity, lockout, sessions, totp
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.base import Base
from littoral.store.people.identity import Identity
from littoral.store.people.sessions import Session
from littoral.store.people.signin import Origin, SignIn, SignInRefused

PROVE_AGAIN_US = 15 * 60_000_000  # so soon after one was shown credentials may be changed


class ProveAgain(RecordsError):
    """The session's proof is too old for this: sign in again."""


def proved_lately(base: Base, session: Session | None) -> bool:
    """Was a credential shown in it within a quarter of an hour?"""
    return session is not None and base.now_us() - session.proved_us <= PROVE_AGAIN_US


def check_fresh(base: Base, who: Identity) -> None:
    """Raises ProveAgain when the last proof is older than a quarter of an hour, or of one factor
    where the account has a second: who has stolen a password must not add a key to it."""
    session = who.session
    if session is None or not proved_lately(base, session):
        raise ProveAgain("sign in again before you change how you sign in")
    with base.database.read() as connection:
        weak = sessions.assurance(connection, session.id) == identity.PASSWORD
        if weak and credential_rows.of_account(connection, who.id, credential_rows.PASSKEY):
            raise ProveAgain("sign in with the passkey before you change how you sign in")
        if weak and credential_rows.of_account(connection, who.id, credential_rows.TOTP):
            raise ProveAgain("sign in with password and code before you change how you sign in")


def check_stays_strong(
    connection: Connection, who: Identity, kind: str, credential: str | None = None
) -> None:
    """AccountRefused when the removal would leave without one who needs a second factor."""
    if not who.needs_two_factors:
        return
    kinds = (credential_rows.TOTP, credential_rows.PASSKEY)
    held = [c for c in credential_rows.of_account(connection, who.id) if c.kind in kinds]
    gone = [c for c in held if c.kind == kind and credential in (None, c.id)]
    if gone and len(gone) == len(held):
        raise AccountRefused("this account must have a second factor; enrol another one first")


class OwnCredentials:
    """`issuer` is what the authenticator's list shows."""

    def __init__(self, signin: SignIn, issuer: str = "Littoral") -> None:
        self._signin = signin
        self._base = signin.base
        self._issuer = issuer

    def change_password(self, who: Identity, old: str, new: str) -> None:
        """All other sessions end. SignInRefused (the old one is wrong), TooManyAttempts,
        WeakPassword."""
        self._signin.check_password(new, who.login, who.name)
        origin = Origin(who.address)
        ticket = self._signin.attempt(who.login, origin)
        with self._base.database.read() as connection:
            held = self._signin.password_of(connection, accounts.one(connection, who.id))
        if not self._signin.passwords.verify(None if held is None else held.secret, old):
            self._signin.tell("signin.failure", who.id, who.id, origin, "change of password")
            raise SignInRefused("the password is wrong")
        hashed = self._signin.passwords.hash(new)
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            lockout.success(connection, ticket)
            credential_rows.set_password(connection, who.id, hashed, now_us)
            stays = None if who.session is None else who.session.id
            sessions.end_all(connection, who.id, who.id, now_us, but=stays)
        self._signin.tell("account.password", who.id, who.id, origin)

    def end_session(self, who: Identity, session: str) -> bool:
        """One of their own; False when it is none or has ended. ProveAgain, but for the session
        that asks. Any proof will do: a lost phone may hold the passkey."""
        asking = who.session is not None and who.session.id == session
        if not asking and not proved_lately(self._base, who.session):
            raise ProveAgain("sign in again before you end your other sessions")
        return self._signin.end_device(who, session)

    def end_other_sessions(self, who: Identity) -> int:
        """How many ended. ProveAgain."""
        if who.session is None or not proved_lately(self._base, who.session):
            raise ProveAgain("sign in again before you end your other sessions")
        others = [s.id for s in self._signin.devices(who) if s.id != who.session.id]
        return sum(self.end_session(who, each) for each in others)

    def start_totp(self, who: Identity) -> tuple[str, str]:
        """(secret in base 32, `otpauth:` address) of an enrolment that a code must confirm.
        ProveAgain; AccountRefused where there is no password, which alone the code goes with."""
        check_fresh(self._base, who)
        with self._base.database.read() as connection:
            if not credential_rows.of_account(connection, who.id, credential_rows.PASSWORD):
                raise AccountRefused("this account has no password: register a passkey")
        secret = totp.new_secret()
        with self._base.database.write() as connection:
            credential_rows.start_totp(
                connection, who.id, secret, self._signin.sealer, self._base.now_us()
            )
        return totp.base32(secret), totp.provisioning_uri(secret, who.login, self._issuer)

    def confirm_totp(self, who: Identity, code: str) -> list[str]:
        """Recovery codes, shown once. From now on a sign-in asks for the code; the session rises to
        `totp`. SignInRefused, TooManyAttempts."""
        origin = Origin(who.address)
        ticket = self._signin.attempt(who.login, origin)
        now_us = self._base.now_us()
        with self._base.database.write() as connection:
            codes = credential_rows.confirm_totp(
                connection, who.id, code, self._signin.sealer, now_us
            )
            if codes is not None:
                lockout.success(connection, ticket)
                if who.session is not None:
                    sessions.proved(connection, who.session.id, identity.TOTP, now_us)
                    sessions.end_all(connection, who.id, who.id, now_us, but=who.session.id)
        if codes is None:
            raise SignInRefused("the code is wrong")
        self._signin.tell("account.totp", who.id, who.id, origin)
        return codes

    def remove_second_factor(self, who: Identity) -> bool:
        """TOTP and recovery codes. ProveAgain, AccountRefused."""
        check_fresh(self._base, who)
        with self._base.database.write() as connection:
            check_stays_strong(connection, who, credential_rows.TOTP)
            there = credential_rows.remove(connection, who.id, credential_rows.TOTP)
            credential_rows.remove(connection, who.id, credential_rows.RECOVERY)
        if there:
            self._signin.tell("account.totp_removed", who.id, who.id, Origin(who.address))
        return bool(there)
