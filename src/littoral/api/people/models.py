"""Bodies of the administration of people."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from littoral.api.fields import Time
from littoral.api.params import Instant
from littoral.api.signin.models import Body, NameModel, SessionModel, session_json
from littoral.api.wire import iso, iso_or_none
from littoral.store.people.account_changes import AccountChange
from littoral.store.people.accounts import Account, Membership
from littoral.store.people.organisations import Agency, Organisation, Unit
from littoral.store.people.overview import Overview
from littoral.store.people.sessions import Session
from littoral.store.people.words import LOCAL, needs_two_factors

Status = Literal["invited", "active", "suspended"]
Source = Literal["local", "provider", "hand"]
Kind = Literal["grant", "link", "reinstate", "second_factors"]
State = Literal["waiting", "made", "refused", "taken_back", "lapsed"]


class UnitModel(BaseModel):
    code: str
    tier: str
    parent: str | None
    name: NameModel
    valid_from: Time
    valid_to: Time | None = Field(description="null: open")
    synthetic: bool
    children: int = Field(description="units directly within it on that day")
    path: list[str] = Field(description="codes of the units around it, nearest first")


class AgencyModel(BaseModel):
    code: str
    kind: str
    unit: str
    unit_name: NameModel | None
    name: NameModel
    valid_from: Time
    valid_to: Time | None
    synthetic: bool


class UnitVersionModel(BaseModel):
    tier: str
    parent: str | None
    name: NameModel
    valid_from: Time
    valid_to: Time | None
    synthetic: bool


class UnitDetailModel(UnitModel):
    versions: list[UnitVersionModel] = Field(description="oldest first, also ended and future ones")
    agencies: list[AgencyModel] = Field(description="that work for it now")
    may_change: bool


class HeldRoleModel(BaseModel):
    id: str
    role: str
    unit: str
    unit_name: NameModel | None
    tier: str | None
    agency: str | None
    agency_name: NameModel | None
    valid_from: Time
    valid_to: Time | None
    now: bool = Field(description="holds at this moment")
    source: Source = Field(
        description="local: stays whatever a provider says; provider: its claims gave it; hand: "
        "goes when a provider's claims do not name it"
    )


class UserModel(BaseModel):
    id: str
    login: str
    name: str
    status: Status
    language: str
    created: Time
    roles: list[HeldRoleModel] = Field(description="those that hold now or later")


class FactorModel(BaseModel):
    kind: Literal["password", "totp", "passkey"]
    name: str
    created: Time
    used: Time | None


class ProviderModel(BaseModel):
    issuer: str
    created: Time
    used: Time


class AccountChangeModel(BaseModel):
    """What waits for, or was decided by, a second person."""

    id: str
    account: str
    login: str
    name: str
    kind: Kind
    role: HeldRoleModel | None = Field(description="that a grant gives")
    why: str
    state: State
    proposed_by: str = Field(description="login")
    proposed: Time
    decided_by: str | None
    decided: Time | None
    note: str | None
    mine: bool = Field(description="proposed by who asks, who cannot agree to it")
    batch: str | None = Field(description="of the import that proposed it with others")


class UserDetailModel(UserModel):
    reason: str | None = Field(description="of the suspension")
    past_roles: list[HeldRoleModel]
    sessions: list[SessionModel]
    factors: list[FactorModel]
    recovery_codes: int = Field(description="that are left")
    providers: list[ProviderModel]
    link_until: Time | None = Field(description="a link that works is out until then")
    second_factor_missing: bool = Field(description="must enrol one at the next sign-in")
    waiting: list[AccountChangeModel]
    may_change: bool


class RoleBody(Body):
    role: str = Field(max_length=40)
    unit: str = Field(max_length=24)
    agency: str | None = Field(None, max_length=40)
    valid_from: Instant | None = Field(None, description="else now")
    valid_to: Instant | None = Field(None, description="else open")
    local: bool = Field(False, description="stays whatever an OpenID provider says")

    def membership(self) -> Membership:
        return Membership(
            self.role, self.unit, self.agency or None, self.valid_from or 0, self.valid_to,
            source=LOCAL if self.local else None,
        )  # fmt: skip


class ReasonBody(Body):
    reason: str = Field(min_length=1, max_length=1000)


class DecisionBody(Body):
    agree: bool
    note: str = Field("", max_length=1000)


def unit_json(unit: Unit, there: Organisation) -> dict[str, Any]:
    return {
        "code": unit.code,
        **version_json(unit),
        "children": len(there.children(unit.code)),
        "path": list(there.ancestors(unit.code)),
    }


def version_json(unit: Unit) -> dict[str, Any]:
    return {
        "tier": unit.tier,
        "parent": unit.parent,
        "name": {"zh": unit.name_zh, "en": unit.name_en},
        "valid_from": iso(unit.valid_from_us),
        "valid_to": iso_or_none(unit.valid_to_us),
        "synthetic": unit.synthetic,
    }


def agency_json(agency: Agency, there: Organisation) -> dict[str, Any]:
    return {
        "code": agency.code,
        "kind": agency.kind,
        "unit": agency.unit,
        "unit_name": _name(there.units.get(agency.unit)),
        "name": _name(agency),
        "valid_from": iso(agency.valid_from_us),
        "valid_to": iso_or_none(agency.valid_to_us),
        "synthetic": agency.synthetic,
    }


def role_json(held: Membership, there: Organisation, now_us: int) -> dict[str, Any]:
    unit = there.units.get(held.unit)
    source = {None: "hand", LOCAL: "local"}.get(held.source, "provider")
    return {
        "id": held.id,
        "role": held.role,
        "unit": held.unit,
        "unit_name": _name(unit),
        "tier": None if unit is None else unit.tier,
        "agency": held.agency,
        "agency_name": _name(there.agencies.get(held.agency or "")),
        "valid_from": iso(held.valid_from_us),
        "valid_to": iso_or_none(held.valid_to_us),
        "now": held.valid(now_us),
        "source": source,
    }


def user_json(account: Account, there: Organisation, now_us: int) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "status": account.status,
        "language": account.language,
        "created": iso(account.created_us),
        "roles": [role_json(m, there, now_us) for m in account.memberships if _still(m, now_us)],
    }


def detail_json(
    account: Account,
    found: Overview,
    open_sessions: list[Session],
    there: Organisation,
    now_us: int,
    password_alone: frozenset[str],
) -> dict[str, Any]:
    strong = any(f.kind != "password" for f in found.factors)
    ended = [m for m in account.memberships if not _still(m, now_us)]
    return {
        **user_json(account, there, now_us),
        "reason": account.reason,
        "past_roles": [role_json(m, there, now_us) for m in ended],
        "sessions": [session_json(s, None) for s in open_sessions],
        "factors": [
            {
                "kind": f.kind,
                "name": f.name,
                "created": iso(f.created_us),
                "used": iso_or_none(f.last_used_us),
            }
            for f in found.factors
        ],
        "recovery_codes": found.recovery_codes,
        "providers": [
            {"issuer": p.issuer, "created": iso(p.created_us), "used": iso(p.last_used_us)}
            for p in found.providers
        ],
        "link_until": iso_or_none(found.link_until_us),
        "second_factor_missing": not strong
        and needs_two_factors(account.roles_from(now_us), password_alone),
    }


def change_json(
    change: AccountChange,
    account: Account,
    logins: dict[str, str],
    there: Organisation,
    now_us: int,
    asker: str,
) -> dict[str, Any]:
    """`logins`: id to login of those who proposed or decided."""
    role = change.role
    return {
        "id": change.id,
        "account": account.id,
        "login": account.login,
        "name": account.name,
        "kind": change.kind,
        "role": None if role is None else role_json(role, there, now_us),
        "why": change.why,
        "state": change.state,
        "proposed_by": logins.get(change.proposed_by, change.proposed_by),
        "proposed": iso(change.proposed_us),
        "decided_by": logins.get(change.decided_by or "", change.decided_by),
        "decided": iso_or_none(change.decided_us),
        "note": change.note,
        "mine": change.proposed_by == asker,
        "batch": change.batch,
    }


def _still(held: Membership, now_us: int) -> bool:
    return held.valid_to_us is None or held.valid_to_us > now_us


def _name(thing: Unit | Agency | None) -> dict[str, str] | None:
    return None if thing is None else {"zh": thing.name_zh, "en": thing.name_en}
