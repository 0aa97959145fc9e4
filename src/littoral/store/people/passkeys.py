"""Passkeys (WebAuthn level 2): a key pair in a device, bound to our origin; nothing to phish.

The device must verify its user (by PIN or otherwise), so that a passkey alone is two factors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from littoral.store.people import accounts, credential_rows, external, identity, sessions
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.base import Event
from littoral.store.people.credential_rows import Credential
from littoral.store.people.identity import Identity
from littoral.store.people.own_credentials import check_fresh, check_stays_strong
from littoral.store.people.signin import Origin, SignedIn, SignIn

ALGORITHM = "webauthn-cose"  # the key itself names its algorithm (RFC 9052)
REGISTER, SIGN_IN = "passkey_new", "passkey"
MOST = 10  # an account
# What `webauthn` raises for JSON that a stranger sent: its own, and what decoding may raise.
_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Passkeys:
    """`rp_id`: the host name, `origin`: as the browser shows it, such as https://watch.example."""

    signin: SignIn
    rp_id: str
    origin: str
    rp_name: str = "Littoral"

    def start_registration(self, who: Identity) -> dict[str, Any]:
        """{token, publicKey}: the options for `navigator.credentials.create`. ProveAgain."""
        base = self.signin.base
        check_fresh(base, who)
        with base.database.write() as connection:
            there = credential_rows.of_account(connection, who.id, credential_rows.PASSKEY)
            if len(there) >= MOST:
                raise AccountRefused(f"an account may have {MOST} passkeys; remove one first")
            options = webauthn.generate_registration_options(
                rp_id=self.rp_id,
                rp_name=self.rp_name,
                user_id=who.id.encode(),
                user_name=who.login,
                user_display_name=who.name,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(base64url_to_bytes(c.identifier or ""))
                    for c in there
                ],
            )
            challenge = {"challenge": bytes_to_base64url(options.challenge)}
            token = external.remember(connection, REGISTER, challenge, base.now_us(), who.id)
        return {"token": token, "publicKey": json.loads(webauthn.options_to_json(options))}

    def register(
        self, who: Identity, token: str, name: str, answer: Mapping[str, Any]
    ) -> Credential:
        """`answer`: the PublicKeyCredential as JSON. AccountRefused when it does not fit."""
        base = self.signin.base
        now_us = base.now_us()
        with base.database.write() as connection:
            kept = external.recall(connection, REGISTER, token, now_us, who.id)
        if kept is None:
            raise AccountRefused("the registration was not begun here, or took too long", "token")
        try:
            made = webauthn.verify_registration_response(
                credential=dict(answer),
                expected_challenge=base64url_to_bytes(kept["challenge"]),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except _UNFIT as error:
            raise AccountRefused("the passkey's answer does not fit", "credential") from error
        identifier = bytes_to_base64url(made.credential_id)
        with base.database.write() as connection:
            if credential_rows.passkey(connection, identifier) is not None:
                raise AccountRefused("the passkey is known already", "credential")
            credential_rows.add_passkey(
                connection,
                who.id,
                " ".join(name.replace("\0", "").split())[:100] or "passkey",
                identifier,
                bytes_to_base64url(made.credential_public_key),
                ALGORITHM,
                made.sign_count,
                now_us,
            )
            found = credential_rows.passkey(connection, identifier)
            assert found is not None
            session = "" if who.session is None else who.session.id
            if sessions.assurance(connection, session) == identity.PASSWORD:
                # The key has verified its user: two factors in one.
                sessions.proved(connection, session, identity.PASSKEY, now_us)
        base.tell(Event("account.passkey", who.id, found.id, now_us, who.address))
        return found

    def listed(self, who: Identity) -> list[Credential]:
        with self.signin.base.database.read() as connection:
            return credential_rows.of_account(connection, who.id, credential_rows.PASSKEY)

    def remove(self, who: Identity, credential: str) -> bool:
        """ProveAgain, AccountRefused."""
        base = self.signin.base
        check_fresh(base, who)
        with base.database.write() as connection:
            check_stays_strong(connection, who, credential_rows.PASSKEY, credential)
            gone = credential_rows.remove(connection, who.id, credential_rows.PASSKEY, credential)
        if gone:
            now_us = base.now_us()
            base.tell(Event("account.passkey_removed", who.id, credential, now_us, who.address))
        return bool(gone)

    def start_sign_in(self) -> dict[str, Any]:
        """{token, publicKey}: the options for `navigator.credentials.get`. No account is named:
        the device offers those that it has, so nothing can be found out here."""
        options = webauthn.generate_authentication_options(
            rp_id=self.rp_id, user_verification=UserVerificationRequirement.REQUIRED
        )
        base = self.signin.base
        with base.database.write() as connection:
            challenge = {"challenge": bytes_to_base64url(options.challenge)}
            token = external.remember(connection, SIGN_IN, challenge, base.now_us())
        return {"token": token, "publicKey": json.loads(webauthn.options_to_json(options))}

    def sign_in(self, token: str, answer: Mapping[str, Any], origin: Origin) -> SignedIn:
        """SignInRefused. A counter that does not rise means that the key was copied: refused."""
        base = self.signin.base
        now_us = base.now_us()
        identifier = str(answer.get("id", ""))
        with base.database.write() as connection:
            kept = external.recall(connection, SIGN_IN, token, now_us)
            held = credential_rows.passkey(connection, identifier)
            account = None if held is None else accounts.one(connection, held.account)
        if kept is None or held is None:
            raise self.signin.refused(account, identifier, origin)
        try:
            done = webauthn.verify_authentication_response(
                credential=dict(answer),
                expected_challenge=base64url_to_bytes(kept["challenge"]),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(held.secret),
                credential_current_sign_count=held.counter,
                require_user_verification=True,
            )
        except _UNFIT as error:
            raise self.signin.refused(account, identifier, origin) from error
        with base.database.write() as connection:
            credential_rows.used(connection, held.id, now_us, done.new_sign_count)
        return self.signin.begin_for(held.account, identity.PASSKEY, origin)
