"""A provider's document names the addresses that the server then asks: it may name no others."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from littoral.link.oidc import OidcClient, OidcError, OidcProvider

ISSUER = "https://id.example"
REDIRECT = "https://watch.example/api/v1/oidc/callback"


class Web:
    """Answers the document, and keeps every address that was asked."""

    def __init__(self, **change: str) -> None:
        self.asked: list[str] = []
        self.document = {
            "issuer": ISSUER,
            "authorization_endpoint": ISSUER + "/auth",
            "token_endpoint": ISSUER + "/token",
            "jwks_uri": ISSUER + "/jwks",
            **change,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if request.url.path.startswith("/.well-known/"):
            return httpx.Response(200, json=self.document)
        return httpx.Response(302, headers={"location": "https://evil.example/"})

    def client(self, **more: Any) -> OidcClient:
        http = httpx.Client(transport=httpx.MockTransport(self), follow_redirects=False)
        return OidcClient(OidcProvider("p", ISSUER, "us", "secret", **more), lambda: 0.0, http)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.5/token",
        "https://keys.id.example/x",
        "https://id.example.evil.test/x",
        "https://id.example@evil.test/x",
    ],
)
def test_a_provider_may_name_no_other_host(name: str, address: str) -> None:
    web = Web(**{name: address})
    with pytest.raises(OidcError, match=r"another host|has a user"):
        web.client().begin(REDIRECT)
    assert web.asked == [ISSUER + "/.well-known/openid-configuration"]


def test_hosts_that_the_deployment_named_are_taken() -> None:
    web = Web(jwks_uri="https://keys.id.example/x")
    hosts = frozenset({"keys.id.example"})
    assert web.client(hosts=hosts).begin(REDIRECT).url.startswith(ISSUER + "/auth?")


def test_a_redirect_is_not_followed() -> None:
    web = Web()
    client = web.client()
    begun = client.begin(REDIRECT)
    with pytest.raises(OidcError, match="answered 302"):
        client.finish({"state": begun.state, "code": "c"}, begun, REDIRECT)
    assert web.asked == [ISSUER + "/.well-known/openid-configuration", ISSUER + "/token"]


def test_the_client_of_its_own_follows_none() -> None:
    client = OidcClient(OidcProvider("p", ISSUER, "us"), lambda: 0.0)
    assert client._http.follow_redirects is False
    client.close()
