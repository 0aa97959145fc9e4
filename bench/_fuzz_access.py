"""Targets: policies, the rules of a deployment, what providers of identity say."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from bench._fuzz_target import Target

NOW_S = 1_767_225_600


def policies(_: Path) -> Target:
    """Policy files and schema as `littoral policy check` reads them: complaints, no exceptions."""
    from dataclasses import replace

    from littoral.access.check import check
    from littoral.access.rules import BadPolicies, shipped
    from littoral.access.sets import set_hash

    files = shipped()

    def run(data: bytes) -> None:
        text = data[1:].decode("utf-8", "replace")
        if data[:1] == b"s":
            check(replace(files, schema=text, policies={}))
        else:
            found = replace(files, policies={"a.cedar": text})
            check(found)
            set_hash(found)

    def seeds() -> list[bytes]:
        rules = [r for t in files.policies.values() for r in t.split("\n\n") if "@id" in r]
        return [b"s" + files.schema.encode()] + [b"p" + r.encode() for r in rules[:100]]

    return Target(run, (BadPolicies,), seeds)


def rules(work: Path) -> Target:
    """The TOML files of a deployment: providers of identity, retention."""
    from littoral.access import retention
    from littoral.api.signin.claims import ProvidersError, read_providers

    path = work / "oidc.toml"

    def run(data: bytes) -> None:
        if data[:1] == b"r":
            found = retention.parse(data[1:].decode("utf-8", "replace"))
            kinds = retention.KINDS
            items = [retention.Item("a", k, "personal", "epidemic_control", 5) for k in kinds]
            retention.decide(items, found, 10**16)
        else:
            path.write_bytes(data[1:])
            read_providers(path)

    def seeds() -> list[bytes]:
        shipped = Path(retention.__file__).with_name("retention.toml").read_bytes()
        whole = [b"r" + b"[[rule]]" + part for part in shipped.split(b"[[rule]]")[1:12]]
        provider = (
            b'[[provider]]\nname = "a"\nissuer = "https://id.example"\nclient_id = "c"\n'
            b'scopes = ["openid"]\nlink = true\nprovision = true\n[[provider.role]]\n'
            b'claim = "groups"\nvalue = "watch"\nrole = "watch_officer"\nunit = "460000"\n'
        )
        return [*whole, b"p" + provider]

    return Target(run, (retention.RetentionError, ProvidersError, OSError), seeds)


def tokens(_: Path) -> Target:
    """ID tokens, signed and not; what their claims come to; what a provider answers."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    from littoral.api.signin.claims import ProviderRules, RoleRule, claimed
    from littoral.link.oidc import OidcClient, OidcError, OidcProvider
    from littoral.store.people.accounts import Membership

    issuer = "https://id.example"
    key = OKPKey.generate_key("Ed25519", {"kid": "a", "use": "sig", "alg": "EdDSA"})
    discovery = {
        "issuer": issuer, "authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t",
        "jwks_uri": f"{issuer}/k",
    }  # fmt: skip
    answers = {"/k": json.dumps({"keys": [key.as_dict(private=False)]}).encode(), "/t": b"{}"}
    answers["/.well-known/openid-configuration"] = json.dumps(discovery).encode()
    provider = OidcProvider("a", issuer, "c")

    def client(more: dict[str, bytes]) -> OidcClient:
        told = answers | more
        transport = httpx.MockTransport(
            lambda request: httpx.Response(200, content=told.get(request.url.path, b""))
        )
        return OidcClient(provider, lambda: float(NOW_S), httpx.Client(transport=transport))

    def signed(payload: bytes) -> str:
        """Whatever it says: a provider may spell what our own library would not."""
        head = {"alg": "EdDSA", "kid": "a"}
        return jws.serialize_compact(head, payload, key, algorithms=["EdDSA"])

    steady = client({})
    given = ProviderRules(
        provider, "email", True, True,
        (RoleRule("groups", "watch", Membership("watch_officer", "460000", None)),),
    )  # fmt: skip

    def run(data: bytes) -> None:
        way, rest = data[:1], data[1:]
        if way == b"c":
            claimed(given, steady.check(signed(rest), "n", "access").claims)
        elif way == b"t":
            steady.check(rest.decode("utf-8", "replace"), "n")
        elif way == b"k":
            client({"/k": rest}).check("e30.e30.e30", "n")
        elif way == b"d":
            client({"/.well-known/openid-configuration": rest}).begin("https://w.example/back")
        else:
            begun = steady.begin("https://w.example/back")
            answer = {"state": begun.state, "code": "x", "iss": issuer}
            client({"/t": rest}).finish(answer, begun, "https://w.example/back")

    def seeds() -> list[bytes]:
        claims = {
            "iss": issuer, "aud": ["c"], "azp": "c", "exp": NOW_S + 60, "iat": NOW_S, "nonce": "n",
            "sub": "s", "email": "a.b", "email_verified": True, "groups": ["watch"], "name": "n",
            "locale": "en-GB", "at_hash": "x",
        }  # fmt: skip
        token = signed(json.dumps(claims).encode())
        return [
            b"c" + json.dumps(claims).encode(), b"t" + token.encode(), b"k" + answers["/k"],
            b"d" + answers["/.well-known/openid-configuration"],
            b"a" + json.dumps({"id_token": token, "access_token": "x"}).encode(),
        ]  # fmt: skip

    return Target(run, (OidcError,), seeds)
