"""Who asks: a person in a session, or a system with a key; and the attributes that policy reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from littoral.store.people.accounts import Account, Membership
from littoral.store.people.api_keys import ApiKey
from littoral.store.people.organisations import Organisation
from littoral.store.people.sessions import Session
from littoral.store.people.words import SYSTEM, needs_two_factors

PASSWORD, TOTP, PASSKEY, OIDC, KEY = "password", "totp", "passkey", "oidc", "key"


@dataclass(frozen=True, slots=True)
class Identity:
    """Made anew for each request, so that a role that ended has ended everywhere.

    `memberships`: those valid now. `actions`: None for people; a key may do these and no others.
    """

    id: str  # of the account or the key
    kind: str  # account or key
    login: str  # of a key: its prefix
    name: str
    language: str
    memberships: tuple[Membership, ...]
    assurance: str
    address: str
    session: Session | None = None
    actions: frozenset[str] | None = None
    password_alone: frozenset[str] = frozenset()  # roles that this deployment exempts

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.memberships)

    @property
    def second_factor_missing(self) -> bool:
        """Has signed in by password alone: may do nothing but enrol a second factor (OWASP ASVS
        5.0, 6.3.3), unless the deployment exempts each role held."""
        return self.assurance == PASSWORD and self.needs_two_factors

    @property
    def needs_two_factors(self) -> bool:
        return needs_two_factors(self.roles, self.password_alone)


def of_session(
    account: Account,
    session: Session,
    address: str,
    now_us: int,
    password_alone: frozenset[str] = frozenset(),
) -> Identity:
    held = tuple(m for m in account.memberships if m.valid(now_us))
    return Identity(
        account.id, "account", account.login, account.name, account.language, held,
        session.assurance, address, session, None, password_alone,
    )  # fmt: skip


def of_key(key: ApiKey, address: str) -> Identity:
    role = Membership(SYSTEM, key.unit, key.agency, key.created_us, key.ends_us)
    return Identity(
        key.id, "key", key.prefix, key.name, "en", (role,), KEY, address, None,
        frozenset(key.actions),
    )  # fmt: skip


def agency_kinds(who: Identity, organisation: Organisation) -> frozenset[str]:
    """Of the agencies in force for which the identity has roles, in whichever place; empty for a
    role that belongs to none."""
    kinds = (_kind(held.agency, organisation) for held in who.memberships)
    return frozenset(kind for kind in kinds if kind is not None)


def _kind(code: str | None, organisation: Organisation) -> str | None:
    """Empty for a role that belongs to no agency; None for an agency that is not in force."""
    if code is None:
        return ""
    agency = organisation.agencies.get(code)
    return None if agency is None else agency.kind


def principals(who: Identity, organisation: Organisation) -> list[dict[str, Any]]:
    """The attributes of the principal, once for each place (unit and agency) that the identity has
    roles in: a role held in one county must not reach into another. Places whose unit or agency is
    not there now are left out: a role for an agency that ended is not one for no agency, which is
    the platform's. Somebody without any role gets an empty list."""
    places: dict[tuple[str, str | None], list[str]] = {}
    for held in who.memberships:
        places.setdefault((held.unit, held.agency), []).append(held.role)
    found = []
    for (code, agency_code), roles in sorted(
        places.items(), key=lambda p: (p[0][0], p[0][1] or "")
    ):
        unit = organisation.units.get(code)
        kind = _kind(agency_code, organisation)
        if unit is None or kind is None:
            continue
        found.append(
            {
                "roles": sorted(set(roles)),
                "agency": agency_code or "",
                "agency_kind": kind,
                "unit": code,
                "tier": unit.tier,
                "area": list(organisation.ancestors(code)),
                "assurance": who.assurance,
                "active": True,
            }
        )
    return found
