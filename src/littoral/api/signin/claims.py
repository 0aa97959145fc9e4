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
from littoral.store.people.ids import storable


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
    `provision`: else one is made, if at least one of `roles` fits. With `roles` they are applied at
    every sign-in. An `email` counts as a login only if the provider has verified it. Somebody has
    shown two factors if `acr` is one of `two_factor_acr` or `amr` names one of `two_factor_amr`;
    all others count as by a password alone (OWASP ASVS 5.0, 6.8.4)."""

    provider: OidcProvider
    login_claim: str = "preferred_username"
    link: bool = False
    provision: bool = False
    roles: tuple[RoleRule, ...] = ()
    two_factor_acr: frozenset[str] = frozenset()
    two_factor_amr: frozenset[str] = frozenset()


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
    if not isinstance(name, str) or not storable(name):
        name = ""
    roles = tuple(r.role for r in rules.roles if _has(claims.get(r.claim), r.value))
    locale = claims.get("locale")
    language = "en" if isinstance(locale, str) and locale.lower().startswith("en") else "zh"
    return Claimed(
        login,
        name[:200],
        language,
        rules.link,
        rules.provision and bool(roles),
        roles,
        bool(rules.roles),
        two_factors(rules, claims),
    )


def two_factors(rules: ProviderRules, claims: Mapping[str, Any]) -> bool:
    """Does the provider say so, in words that the deployment has named?"""
    acr, amr = claims.get("acr"), claims.get("amr")
    if isinstance(acr, str) and acr in rules.two_factor_acr:
        return True
    methods = [each for each in amr if isinstance(each, str)] if isinstance(amr, list) else []
    return not rules.two_factor_amr.isdisjoint(methods)


def _has(claim: object, value: str) -> bool:
    return value in claim if isinstance(claim, list) else claim == value


def read_providers(path: Path) -> list[ProviderRules]:
    """The TOML file of docs/accounts.md. Raises ProvidersError, OSError."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProvidersError(f"{path}: {error}") from error
    tables = written.get("provider", [])
    if not isinstance(tables, list):
        raise ProvidersError(f"{path}: provider: write [[provider]] above each")
    return [_rules(path, number, table) for number, table in enumerate(tables, 1)]


def _word(table: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Raises KeyError when it is missing and has no default, TypeError when it is no text."""
    found = table[name] if default is None else table.get(name, default)
    if not isinstance(found, str):
        raise TypeError(f"{name} must be text")
    return found


def _tables(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise TypeError(f"{name}: write [[provider.{name}]] above each")
    return found


def _words(table: Mapping[str, Any], name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = table.get(name, list(default))
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError(f"{name} must be a list of words")
    return tuple(found)


def _seconds(table: Mapping[str, Any], name: str, default: int) -> int:
    found = table.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise TypeError(f"{name} must be whole seconds")
    return found


def _rules(path: Path, number: int, table: Any) -> ProviderRules:
    where = f"{path}: provider {number}"
    if not isinstance(table, dict):
        raise ProvidersError(f"{where}: must be a table")
    known = {
        "name", "issuer", "client_id", "secret_file", "scopes", "prompt", "login_claim", "link",
        "provision", "role", "auth_method", "hosts", "two_factor_acr", "two_factor_amr",
        "max_age_s",
    }  # fmt: skip
    if unknown := sorted(set(table) - known):
        raise ProvidersError(f"{where}: unknown: {', '.join(unknown)}")
    try:
        secret = ""
        if "secret_file" in table:
            secret_file = path.parent / _word(table, "secret_file")
            secret = secret_file.read_text(encoding="utf-8").strip()
        provider = OidcProvider(
            _word(table, "name"),
            _word(table, "issuer"),
            _word(table, "client_id"),
            secret,
            _words(table, "scopes", ("openid", "profile")),
            _word(table, "prompt", ""),
            _word(table, "auth_method", ""),
            frozenset(each.lower() for each in _words(table, "hosts")),
            _seconds(table, "max_age_s", 900),
            _words(table, "two_factor_acr"),
        )
        two_factor_amr = frozenset(_words(table, "two_factor_amr"))
        login_claim = _word(table, "login_claim", "preferred_username")
        roles = []
        for rule in _tables(table, "role"):
            agency = _word(rule, "agency", "") or None
            held = Membership(_word(rule, "role"), _word(rule, "unit"), agency)
            check_membership(held)
            roles.append(RoleRule(_word(rule, "claim"), _word(rule, "value"), held))
    except KeyError as error:
        raise ProvidersError(f"{where}: {error.args[0]} is missing") from error
    except (AccountRefused, OSError, TypeError, ValueError) as error:
        raise ProvidersError(f"{where}: {error}") from error
    return ProviderRules(
        provider,
        login_claim,
        table.get("link", False) is True,
        table.get("provision", False) is True,
        tuple(roles),
        frozenset(provider.acr_values),
        two_factor_amr,
    )
