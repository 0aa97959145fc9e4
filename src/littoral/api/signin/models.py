"""Bodies of sign-in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from littoral.api.fields import Time
from littoral.api.signin.context import People
from littoral.api.wire import iso, iso_or_none
from littoral.store.people.credential_rows import Credential
from littoral.store.people.identity import Identity
from littoral.store.people.sessions import Session

PASSWORD = Field(min_length=1, max_length=128)
TOKEN = Field(min_length=1, max_length=200)


# Ids in paths. PostgreSQL takes no NUL in text, so that whatever is no id is kept from it.
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NameModel(BaseModel):
    zh: str
    en: str


class RoleModel(BaseModel):
    role: str
    unit: str = Field(description="code")
    unit_name: NameModel | None
    tier: str | None
    agency: str | None
    valid_from: Time
    valid_to: Time | None


class SessionModel(BaseModel):
    id: str
    device: str
    address: str
    assurance: str = Field(description="password, totp, passkey, oidc")
    created: Time
    seen: Time
    proved: Time = Field(description="when a credential was shown last")
    expires: Time
    current: bool


class MeModel(BaseModel):
    id: str
    kind: str = Field(description="account or key")
    login: str
    name: str
    language: str
    assurance: str
    roles: list[RoleModel]
    session: SessionModel | None
    actions: list[str] | None = Field(description="of a key: these and no others; else null")
    needs: Literal["second_factor"] | None = Field(
        description="second_factor: nothing else is open before one is enrolled or used"
    )


class PasskeyModel(BaseModel):
    id: str
    name: str
    created: Time
    used: Time | None


def session_json(session: Session, current: str | None) -> dict[str, Any]:
    return {
        "id": session.id,
        "device": session.device,
        "address": session.address,
        "assurance": session.assurance,
        "created": iso(session.created_us),
        "seen": iso(session.seen_us),
        "proved": iso(session.proved_us),
        "expires": iso(session.expires_us),
        "current": session.id == current,
    }


def me_json(known: People, who: Identity) -> dict[str, Any]:
    units = known.directory.organisation().units
    roles = []
    for held in who.memberships:
        unit = units.get(held.unit)
        roles.append(
            {
                "role": held.role,
                "unit": held.unit,
                "unit_name": None if unit is None else {"zh": unit.name_zh, "en": unit.name_en},
                "tier": None if unit is None else unit.tier,
                "agency": held.agency,
                "valid_from": iso(held.valid_from_us),
                "valid_to": iso_or_none(held.valid_to_us),
            }
        )
    session = who.session
    return {
        "id": who.id,
        "kind": who.kind,
        "login": who.login,
        "name": who.name,
        "language": who.language,
        "assurance": who.assurance,
        "roles": roles,
        "session": None if session is None else session_json(session, session.id),
        "actions": None if who.actions is None else sorted(who.actions),
        "needs": "second_factor" if who.second_factor_missing else None,
    }


def passkey_json(held: Credential) -> dict[str, Any]:
    return {
        "id": held.id,
        "name": held.name,
        "created": iso(held.created_us),
        "used": iso_or_none(held.last_used_us),
    }
