"""Against a real provider: the whole flow; and every check of an ID token with tokens made here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from littoral.link.oidc import Begun, OidcClient, OidcError, OidcProvider

from .running import CALLBACK, sign_in

REDIRECT = f"http://127.0.0.1:45678{CALLBACK}"
CLIENTS = {
    "littoral": "a secret: with/odd%chars",
    "posted": "another",
    "public": "",
    "curve": "third",
}


def client_of(issuer: str, name: str = "littoral", **more: Any) -> OidcClient:
    return OidcClient(OidcProvider("test", issuer, name, CLIENTS[name], **more), time.time)


def answer_of(begun: Begun, login: str = "wang") -> dict[str, str]:
    with httpx.Client(timeout=20) as browser:
        back = sign_in(browser, begun.url, login)
    assert back.startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(back).query))


# -- the whole flow


@pytest.mark.parametrize(
    ("name", "auth_method"),
    [("littoral", ""), ("public", ""), ("curve", "client_secret_basic"),
     ("posted", "client_secret_post")],
)  # fmt: skip
def test_a_person_signs_in(issuer: str, name: str, auth_method: str) -> None:
    client = client_of(issuer, name, auth_method=auth_method)
    begun = client.begin(REDIRECT)
    claims = client.finish(answer_of(begun), begun, REDIRECT)
    assert (claims.issuer, claims.subject) == (issuer, "wang")
    assert claims.claims["preferred_username"] == "wang"
    assert claims.claims["name"] == "王伟"
    assert claims.claims["groups"] == ["watch"]
    client.close()


def test_the_request_has_pkce_state_and_nonce(issuer: str) -> None:
    begun = client_of(issuer).begin(REDIRECT)
    words = {k: v[0] for k, v in parse_qs(urlsplit(begun.url).query).items()}
    # RFC 7636, section 4.2
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest())
    assert words == {
        "response_type": "code",
        "client_id": "littoral",
        "redirect_uri": REDIRECT,
        "scope": "openid profile",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
        "max_age": "900",
    }
    assert min(map(len, (begun.state, begun.nonce, begun.verifier))) >= 43
    again = client_of(issuer).begin(REDIRECT)
    assert {begun.state, begun.nonce, begun.verifier}.isdisjoint(
        {again.state, again.nonce, again.verifier}
    )


def test_a_code_works_once_and_with_its_verifier_alone(issuer: str) -> None:
    client = client_of(issuer)
    begun, other = client.begin(REDIRECT), client.begin(REDIRECT)
    answer = answer_of(begun)
    stolen = Begun("", begun.state, begun.nonce, other.verifier)
    with pytest.raises(OidcError, match="answered 400"):
        client.finish(answer, stolen, REDIRECT)
    begun = client.begin(REDIRECT)
    answer = answer_of(begun)
    client.finish(answer, begun, REDIRECT)
    with pytest.raises(OidcError, match="answered 400"):
        client.finish(answer, begun, REDIRECT)


def test_what_comes_back_must_be_what_was_begun(issuer: str) -> None:
    client = client_of(issuer)
    begun = client.begin(REDIRECT)
    answer = answer_of(begun)
    for change, said in (
        ({"state": "x"}, "state"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"code": None}, "no code"),
        ({"error": "access_denied"}, "access_denied"),
    ):
        changed = {k: v for k, v in {**answer, **change}.items() if v is not None}
        with pytest.raises(OidcError, match=said):
            client.finish(changed, begun, REDIRECT)
    with pytest.raises(OidcError, match="nonce"):
        client.finish(answer, Begun("", begun.state, "another", begun.verifier), REDIRECT)


def test_a_wrong_secret_is_the_providers_refusal(issuer: str) -> None:
    client = OidcClient(OidcProvider("test", issuer, "littoral", "wrong"), time.time)
    begun = client.begin(REDIRECT)
    with pytest.raises(OidcError, match="answered 401"):
        client.finish(answer_of(begun), begun, REDIRECT)


def test_a_provider_that_is_not_there(issuer: str) -> None:
    with pytest.raises(OidcError, match="cannot be reached"):
        client_of("http://127.0.0.1:9").begin(REDIRECT)
    with pytest.raises(OidcError, match="says that it is"):
        client_of(issuer + "/").begin(REDIRECT)
    with pytest.raises(OidcError, match="is not https"):
        client_of("http://id.example")


# -- a provider in memory: what the real one never does


class Provider:
    """Answers discovery, keys and the token; its documents can be changed."""

    issuer = "https://id.example"

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.keys = {"keys": [self.jwk("one")]}
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/auth?tenant=1",
            "token_endpoint": self.issuer + "/token",
            "jwks_uri": self.issuer + "/jwks",
        }
        self.token: Any = {}
        self.asked: list[str] = []
        self.posted: list[dict[str, str]] = []

    def jwk(self, kid: str) -> dict[str, str]:
        numbers = self.rsa.public_key().public_numbers()
        return {"kty": "RSA", "kid": kid, "use": "sig", "n": b64(numbers.n), "e": b64(numbers.e)}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/token":
            self.posted.append(dict(parse_qsl(request.content.decode())))
            return httpx.Response(200, json=self.token)
        found = self.keys if request.url.path == "/jwks" else self.metadata
        return httpx.Response(200, json=found)

    def sign(self, claims: dict[str, Any], kid: str = "one", alg: str = "RS256") -> str:
        """RFC 7515, by hand."""
        head = b64(json.dumps({"alg": alg, "kid": kid}).encode())
        body = f"{head}.{b64(json.dumps(claims).encode())}"
        if alg == "RS256":
            mac = self.rsa.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
        elif alg == "HS256":  # the public key as the secret: the old confusion of algorithms
            numbers = self.rsa.public_key().public_numbers()
            mac = hmac.digest(b64(numbers.n).encode(), body.encode(), "sha256")
        else:
            mac = b""
        return f"{body}.{b64(mac)}"


def b64(value: bytes | int) -> str:
    data = (
        value if isinstance(value, bytes) else value.to_bytes((value.bit_length() + 7) // 8, "big")
    )
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


NOW_S = 1_790_000_000.0
GOOD = {
    "iss": Provider.issuer, "aud": "us", "sub": "s-1", "nonce": "n", "exp": NOW_S + 60,
    "iat": NOW_S - 1,
}  # fmt: skip


@pytest.fixture
def fake() -> Provider:
    return Provider()


def over(fake: Provider, clock: Callable[[], float] = lambda: NOW_S) -> OidcClient:
    http = httpx.Client(transport=httpx.MockTransport(fake))
    return OidcClient(OidcProvider("fake", Provider.issuer, "us", "secret"), clock, http)


def test_a_good_token_is_taken(fake: Provider) -> None:
    claims = over(fake).check(fake.sign(GOOD), "n")
    assert (claims.issuer, claims.subject) == (Provider.issuer, "s-1")
    for extra in ({"aud": ["us", "them"], "azp": "us"}, {"exp": NOW_S - 59}, {"iat": NOW_S + 59}):
        assert over(fake).check(fake.sign(GOOD | extra), "n").subject == "s-1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "them"}, "another client"),
        ({"aud": None}, "another client"),
        ({"aud": ["us", "them"]}, "issued to another"),
        ({"azp": "them"}, "issued to another"),
        ({"exp": NOW_S - 60}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
        ({"iat": NOW_S + 61}, "future"),
        ({"iat": None}, "future"),
        ({"nonce": "other"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": "x" * 256}, "no subject"),
        ({"auth_time": NOW_S - 961}, "too old"),
        ({"auth_time": NOW_S + 61}, "future"),
        ({"auth_time": "now"}, "no number"),
        ({"auth_time": True}, "no number"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(
    fake: Provider, change: dict[str, Any], said: str
) -> None:
    claims = {k: v for k, v in {**GOOD, **change}.items() if v is not None}
    with pytest.raises(OidcError, match=said):
        over(fake).check(fake.sign(claims), "n")


def test_when_a_credential_was_shown_is_read(fake: Provider) -> None:
    for auth_time, read in ((None, None), (NOW_S - 900, NOW_S - 900), (NOW_S + 59, NOW_S)):
        token = fake.sign(GOOD if auth_time is None else GOOD | {"auth_time": auth_time})
        assert over(fake).check(token, "n").proved_s == read


def test_signatures_that_are_none(fake: Provider) -> None:
    client = over(fake)
    good = fake.sign(GOOD)
    head, body, mac = good.split(".")
    forged = b64(json.dumps(GOOD | {"sub": "chief"}).encode())
    wrong = [
        f"{head}.{forged}.{mac}", f"{head}.{body}.", f"{head}.{body}", "", "a.b.c",
        fake.sign(GOOD, alg="none"), fake.sign(GOOD, alg="HS256"), Provider().sign(GOOD),
    ]  # fmt: skip
    for token in wrong:
        with pytest.raises(OidcError, match="signature"):
            client.check(token, "n")
    assert client.check(good, "n").subject == "s-1"


def test_new_keys_are_fetched_but_not_at_every_bad_token(fake: Provider) -> None:
    now = [NOW_S]
    client = over(fake, lambda: now[0])
    client.check(fake.sign(GOOD), "n")
    fake.keys = {"keys": [fake.jwk("two")]}
    with pytest.raises(OidcError):
        client.check(fake.sign(GOOD, "two"), "n")  # within half a minute
    now[0] += 31
    assert client.check(fake.sign(GOOD, "two"), "n").subject == "s-1"
    for _ in range(5):
        with pytest.raises(OidcError):
            client.check(fake.sign(GOOD, "three"), "n")
    assert fake.asked.count("/jwks") == 2
    assert fake.asked.count("/.well-known/openid-configuration") == 1
    now[0] += 3600
    with pytest.raises(OidcError, match="expired"):
        client.check(fake.sign(GOOD, "two"), "n")
    assert fake.asked.count("/.well-known/openid-configuration") == 2


def test_the_access_token_must_be_that_of_the_id_token(fake: Provider) -> None:
    # OpenID Connect Core 1.0, section 3.1.3.6: left half of the hash.
    half = b64(hashlib.sha256(b"access").digest()[:16])
    token = fake.sign(GOOD | {"at_hash": half})
    assert over(fake).check(token, "n", "access").subject == "s-1"
    with pytest.raises(OidcError, match="access token"):
        over(fake).check(token, "n", "another")


def test_the_endpoint_keeps_its_query_and_the_secret_may_go_in_the_body(fake: Provider) -> None:
    fake.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]  # type: ignore[assignment]
    client = over(fake)
    begun = client.begin(REDIRECT)
    assert begun.url.startswith("https://id.example/auth?tenant=1&response_type=code&")
    fake.token = {"id_token": fake.sign(GOOD | {"nonce": begun.nonce})}
    assert client.finish({"state": begun.state, "code": "c"}, begun, REDIRECT).subject == "s-1"
    assert fake.posted == [
        {
            "grant_type": "authorization_code",
            "code": "c",
            "redirect_uri": REDIRECT,
            "code_verifier": begun.verifier,
            "client_id": "us",
            "client_secret": "secret",
        }
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "https://evil.example"}, "says that it is"),
        ({"token_endpoint": None}, "names no token_endpoint"),
        ({"token_endpoint": "http://id.example/token"}, "not https"),
        ({"jwks_uri": "http://127.0.0.1/jwks"}, "not https"),
        ({"jwks_uri": "file:///etc/passwd"}, "not https"),
        ({"authorization_endpoint": "https://a:b@id.example/"}, "has a user"),
    ],
)
def test_discovery_that_leads_elsewhere_is_refused(
    fake: Provider, change: dict[str, Any], said: str
) -> None:
    fake.metadata |= change
    with pytest.raises(OidcError, match=said):
        over(fake).begin(REDIRECT)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(302, headers={"location": "https://evil.example"}), "answered 302"),
        (httpx.Response(500), "answered 500"),
        (httpx.Response(200, content=b"no json"), "no JSON"),
        (httpx.Response(200, json=[]), "no JSON object"),
        (httpx.Response(200, content=b" " * 600_000), "more than"),
    ],
)
def test_answers_that_are_no_documents(answer: httpx.Response, said: str) -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    client = OidcClient(OidcProvider("f", Provider.issuer, "us"), lambda: NOW_S, http)
    with pytest.raises(OidcError, match=said):
        client.begin(REDIRECT)


@pytest.mark.parametrize("token", [{}, {"id_token": 3}, {"id_token": None}])
def test_an_answer_without_an_id_token(fake: Provider, token: dict[str, Any]) -> None:
    client = over(fake)
    begun = client.begin(REDIRECT)
    fake.token = token
    with pytest.raises(OidcError, match="no ID token"):
        client.finish({"state": begun.state, "code": "c"}, begun, REDIRECT)


def test_keys_that_cannot_be_read(fake: Provider) -> None:
    fake.keys = {"keys": [{"kty": "odd"}]}
    with pytest.raises(OidcError, match=r"keys cannot be read|signature"):
        over(fake).check(fake.sign(GOOD), "n")


def test_the_secret_is_not_shown() -> None:
    assert "hidden" not in repr(OidcProvider("p", Provider.issuer, "us", "hidden"))
