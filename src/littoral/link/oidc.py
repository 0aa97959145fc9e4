"""OpenID Connect as a relying party: discovery, authorization code with PKCE, checked ID tokens.

OpenID Connect Core 1.0 (sections 3.1.2 and 3.1.3.7), Discovery 1.0, RFC 7636 (PKCE, S256 alone),
RFC 9207 (issuer in the answer), and what RFC 9700 asks of clients. Blocking; run it in a thread.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Signatures by keys that the provider publishes; none and HMAC are not taken.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY_S = 60  # between the provider's clock and ours
TIMEOUT_S = 10.0
MOST_BYTES = 512 * 1024
FRESH_S = 3_600.0  # discovery and keys are read again after this
REFETCH_S = 30.0  # at most this often because a token names a key that is not known
_BASIC = "client_secret_basic"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class OidcError(Exception):
    """The sign-in failed; the message is for the log, not for who signs in."""


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """A provider as the deployment names it. `secret` "": a public client, PKCE alone.
    `auth_method`: how the secret is sent, where the provider insists. `hosts`: names besides the
    issuer's own under which its endpoints may lie; no other is ever asked or redirected to.
    `max_age_s`: how long ago somebody may have shown a credential to the provider. `acr_values`:
    which levels of assurance are asked for."""

    name: str
    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    prompt: str = ""
    auth_method: str = ""  # client_secret_basic or client_secret_post; "": basic where offered
    hosts: frozenset[str] = frozenset()
    max_age_s: int = 900
    acr_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what must be remembered until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Of a checked ID token; `claims` is all of it. `proved_s`: when a credential was shown to the
    provider, in seconds since 1970; None when it does not say."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]
    proved_s: float | None = None


class OidcClient:
    """For one provider. `now_s` is the clock that tokens are judged by. Safe for threads."""

    def __init__(
        self,
        provider: OidcProvider,
        now_s: Callable[[], float],
        http: httpx.Client | None = None,
    ) -> None:
        self.provider = provider
        self._now_s = now_s
        # No redirects: a provider's endpoints are named by its discovery document, not by others.
        self._http = http or httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._read_s = float("-inf")
        self._keys_s = float("-inf")
        _check_address(provider.issuer, provider.issuer)

    def close(self) -> None:
        self._http.close()

    def begin(self, redirect_uri: str) -> Begun:
        """Raises OidcError when the provider cannot be reached or is not what it says."""
        metadata = self._discovered()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = hashlib.sha256(verifier.encode()).digest()
        words = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
            "max_age": str(self.provider.max_age_s),
        }
        if self.provider.acr_values:
            words["acr_values"] = " ".join(self.provider.acr_values)
        if self.provider.prompt:
            words["prompt"] = self.provider.prompt
        endpoint = metadata["authorization_endpoint"]
        joint = "&" if urlsplit(endpoint).query else "?"
        return Begun(f"{endpoint}{joint}{urlencode(words)}", state, nonce, verifier)

    def finish(self, answer: Mapping[str, str], begun: Begun, redirect_uri: str) -> Claims:
        """`answer`: the query of the redirect. Raises OidcError."""
        metadata = self._discovered()
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise OidcError("the state is not the one that was sent")
        said = answer.get("iss")
        asked = metadata.get("authorization_response_iss_parameter_supported") is True
        if (said is not None or asked) and said != self.provider.issuer:
            raise OidcError("the answer names another issuer")
        if "error" in answer:
            raise OidcError(f"the provider answered {answer['error'][:100]!r}")
        if not answer.get("code"):
            raise OidcError("the answer has no code")
        tokens = self._exchange(metadata, answer["code"], begun.verifier, redirect_uri)
        if not isinstance(tokens.get("id_token"), str):
            raise OidcError("the provider gave no ID token")
        return self.check(tokens["id_token"], begun.nonce, tokens.get("access_token"))

    def check(self, id_token: str, nonce: str, access_token: object = None) -> Claims:
        """OpenID Connect Core 1.0, section 3.1.3.7. Raises OidcError."""
        token = self._decoded(id_token)
        algorithm, claims = token.header["alg"], token.claims
        client = self.provider.client_id
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now_s = self._now_s()
        if claims.get("iss") != self.provider.issuer:
            raise OidcError("the ID token is of another issuer")
        if client not in audiences:
            raise OidcError("the ID token is for another client")
        if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client:
            raise OidcError("the ID token was issued to another client")
        expires, issued = claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int | float) or now_s >= expires + LEEWAY_S:
            raise OidcError("the ID token has expired")
        if not isinstance(issued, int | float) or issued > now_s + LEEWAY_S:
            raise OidcError("the ID token is of the future")
        told = str(claims.get("nonce", "")).encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(told, nonce.encode()):
            raise OidcError("the nonce is not the one that was sent")
        if "at_hash" in claims and isinstance(access_token, str):
            wanted = _half_hash(access_token, algorithm)
            if wanted is not None and claims["at_hash"] != wanted:
                raise OidcError("the access token is not that of the ID token")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not _is_text(subject):
            raise OidcError("the ID token names no subject")
        proved_s = self._proved_s(claims.get("auth_time"), now_s)
        return Claims(self.provider.issuer, subject, claims, proved_s)

    # --

    def _proved_s(self, auth_time: object, now_s: float) -> float | None:
        """Core 1.0, section 3.1.3.7, point 13."""
        if auth_time is None:
            return None
        if not isinstance(auth_time, int | float) or isinstance(auth_time, bool):
            raise OidcError("the ID token's auth_time is no number")
        if auth_time > now_s + LEEWAY_S:
            raise OidcError("the ID token's auth_time is of the future")
        if now_s - auth_time > self.provider.max_age_s + LEEWAY_S:
            raise OidcError("the proof that the provider saw is too old")
        return min(float(auth_time), now_s)

    def _exchange(
        self, metadata: Mapping[str, Any], code: str, verifier: str, redirect_uri: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        auth = None
        if self.provider.secret:
            offered = metadata.get("token_endpoint_auth_methods_supported", [_BASIC])
            method = self.provider.auth_method or (_BASIC if _BASIC in offered else "")
            if method == _BASIC:
                auth = httpx.BasicAuth(
                    _form_encoded(self.provider.client_id), _form_encoded(self.provider.secret)
                )
            else:
                form |= {
                    "client_id": self.provider.client_id,
                    "client_secret": self.provider.secret,
                }
        else:
            form["client_id"] = self.provider.client_id
        return self._json("POST", metadata["token_endpoint"], data=form, auth=auth)

    def _decoded(self, id_token: str) -> jwt.Token:
        for again in (False, True):
            try:
                return jwt.decode(id_token, self._key_set(again), algorithms=list(ALGORITHMS))
            except (JoseError, ValueError, KeyError) as error:
                # The provider may have changed its keys since: look once more, but not at every
                # token that somebody makes up.
                if again or not self._may_refetch():
                    raise OidcError(f"the ID token's signature: {error}") from error
        raise AssertionError("unreachable")

    def _may_refetch(self) -> bool:
        return self._now_s() - self._keys_s >= REFETCH_S

    def _key_set(self, again: bool) -> KeySet:
        metadata = self._discovered()
        with self._lock:
            if self._keys is None or again:
                found = self._json("GET", metadata["jwks_uri"])
                try:
                    usable = [k for k in found.get("keys", []) if k.get("use", "sig") == "sig"]
                    self._keys = KeySet.import_key_set({"keys": usable})
                except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
                    raise OidcError(f"the provider's keys cannot be read: {error}") from error
                self._keys_s = self._now_s()
            return self._keys

    def _discovered(self) -> dict[str, Any]:
        """The provider's metadata, at most an hour old."""
        with self._lock:
            if self._metadata is None or self._now_s() - self._read_s >= FRESH_S:
                issuer = self.provider.issuer
                address = issuer.rstrip("/") + "/.well-known/openid-configuration"
                found = self._json("GET", address)
                if found.get("issuer") != issuer:  # Discovery 1.0, section 4.3
                    raise OidcError(f"{issuer} says that it is {found.get('issuer')!r}")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not isinstance(found.get(name), str):
                        raise OidcError(f"{issuer} names no {name}")
                    _check_address(found[name], issuer, self.provider.hosts)
                self._metadata, self._read_s, self._keys = found, self._now_s(), None
            return self._metadata

    def _json(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            with self._http.stream(
                method, address, headers={"accept": "application/json"}, **more
            ) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise OidcError(f"{address} answers more than {MOST_BYTES:,} bytes")
        except httpx.HTTPError as error:
            raise OidcError(f"{address} cannot be reached: {error}") from error
        if answer.status_code != 200:
            raise OidcError(f"{address} answered {answer.status_code}: {body[:200]!r}")
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise OidcError(f"{address} answers no JSON") from error
        if not isinstance(found, dict):
            raise OidcError(f"{address} answers no JSON object")
        return found


def _check_address(address: str, issuer: str, hosts: frozenset[str] = frozenset()) -> None:
    """https, or http where the issuer itself is on the loopback address (tests, a sidecar); and of
    the issuer's host or one that the deployment named: what a provider publishes must not send us
    elsewhere, into our own network least of all."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise OidcError(f"{address} is no address: {error}") from error
    home = urlsplit(issuer).hostname in LOOPBACK and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and home):
        raise OidcError(f"{address} is not https")
    if parts.username or parts.password or parts.fragment:
        raise OidcError(f"{address} has a user or a fragment")
    if parts.hostname != urlsplit(issuer).hostname and parts.hostname not in hosts:
        raise OidcError(f"{address} is on another host than {issuer}; name it in `hosts`")


def _is_text(word: str) -> bool:
    """Can it be stored: no half of a surrogate pair, which JSON can spell, and no NUL?"""
    return "\0" not in word and not any("\ud800" <= c <= "\udfff" for c in word)


def _half_hash(token: str, algorithm: str) -> str | None:
    """Core 1.0, section 3.1.3.6; None for EdDSA, whose hash depends on the curve."""
    if algorithm[-3:] not in ("256", "384", "512"):
        return None
    digest = hashlib.new(f"sha{algorithm[-3:]}", token.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")


def _form_encoded(text: str) -> str:
    """RFC 6749, section 2.3.1: id and secret are form-encoded before they go into Basic."""
    return urlencode({"": text})[1:]
