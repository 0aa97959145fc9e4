"""What a provider's claims come to here: which login, may an account be made, with which roles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from littoral.link.oidc import OidcProvider
from littoral.store.people.accounts import AccountRefused, Membership, check_login, check_membership
from littoral.store.people.external import Claimed


class ProvidersError(ValueError):
    """The file of providers cannot be used; the message names the place."""


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Who has `value` in the claim `claim` (or as it) gets the role."""

    claim: str
    value: str
    role: Membership


@dataclass(frozen=True, slots=True)
class ProviderRules:
    """`link`: an account whose login is that of `login_claim` is taken at the first sign-in.
    `provision`: else one is made, if at least one of `roles` fits. An `email` counts as a login
    only if the provider has verified it."""

    provider: OidcProvider
    login_claim: str = "preferred_username"
    link: bool = False
    provision: bool = False
    roles: tuple[RoleRule, ...] = ()


def claimed(rules: ProviderRules, claims: Mapping[str, Any]) -> Claimed:
    written = claims.get(rules.login_claim)
    login = written if isinstance(written, str) else ""
    if rules.login_claim == "email" and claims.get("email_verified") is not True:
        login = ""
    try:
        login = check_login(login)
    except AccountRefused:
        login = ""
    name = claims.get("name")
    roles = tuple(r.role for r in rules.roles if _has(claims.get(r.claim), r.value))
    locale = claims.get("locale")
    language = "en" if isinstance(locale, str) and locale.lower().startswith("en") else "zh"
    return Claimed(
        login,
        name[:200] if isinstance(name, str) else "",
        language,
        rules.link,
        rules.provision and bool(roles),
        roles,
    )


def _has(claim: object, value: str) -> bool:
    return value in claim if isinstance(claim, list) else claim == value


def read_providers(path: Path) -> list[ProviderRules]:
    """The TOML file of docs/accounts.md. Raises ProvidersError, OSError."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProvidersError(f"{path}: {error}") from error
    return [
        _rules(path, number, table) for number, table in enumerate(written.get("provider", []), 1)
    ]


def _rules(path: Path, number: int, table: Mapping[str, Any]) -> ProviderRules:
    where = f"{path}: provider {number}"
    known = {
        "name", "issuer", "client_id", "secret_file", "scopes", "prompt", "login_claim", "link",
        "provision", "role", "auth_method",
    }  # fmt: skip
    if unknown := sorted(set(table) - known):
        raise ProvidersError(f"{where}: unknown: {', '.join(unknown)}")
    try:
        secret = ""
        if "secret_file" in table:
            secret = (path.parent / table["secret_file"]).read_text(encoding="utf-8").strip()
        provider = OidcProvider(
            table["name"],
            table["issuer"],
            table["client_id"],
            secret,
            tuple(table.get("scopes", ("openid", "profile"))),
            table.get("prompt", ""),
            table.get("auth_method", ""),
        )
        roles = []
        for rule in table.get("role", []):
            held = Membership(rule["role"], rule["unit"], rule.get("agency"))
            check_membership(held)
            roles.append(RoleRule(rule["claim"], rule["value"], held))
    except KeyError as error:
        raise ProvidersError(f"{where}: {error.args[0]} is missing") from error
    except (AccountRefused, OSError) as error:
        raise ProvidersError(f"{where}: {error}") from error
    return ProviderRules(
        provider,
        table.get("login_claim", "preferred_username"),
        table.get("link", False) is True,
        table.get("provision", False) is True,
        tuple(roles),
    )
