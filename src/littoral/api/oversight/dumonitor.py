"""The usage service of the Estonian Data Tracker (Andmejälgija), so that a citizen portal can ask.

By e-gov/AJ `doc/spetsifikatsioonid/dumonitor-openapi-v3.yaml`, 3.0.0-rc.3 (MIT): paths,
parameters, field names, errors. `/v3/disclose`, which it leaves to agreement, is not offered: what
was hidden is told by `findUsage` once `hiddenUntil` has passed, and not before. A portal asks with
a key for `oversight.read`; whom it has signed in (`X-Road-UserId`) is the portal's to know.

Person codes are the document's, `EE` and eleven digits; the codes of other countries are taken in
the same way, since elsewhere nobody has an Estonian one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.datastructures import Headers, QueryParams

from littoral.api.gate import Acting, Gate, described, of_the_province
from littoral.api.oversight.sight import OVERSIGHT, READ, Door, Indexed, circumstances
from littoral.api.oversight.subjects import KIND
from littoral.api.oversight.told import agency, basis, hidden_reason, purpose
from littoral.api.params import parse_instant_us
from littoral.api.wire import Json, iso
from littoral.store.oversight.subjects import Usage, identify, usages
from littoral.store.vault.entries import Ask

router = APIRouter(tags=["oversight"], prefix="/oversight/dumonitor")

# The document's `^EE[0-9]{11}$`, and the same of any other country (ISO 3166 letters, its number).
PERSON_CODE = re.compile(r"EE[0-9]{11}|(?!EE)[A-Z]{2}[0-9A-Z]{5,20}")
TYPES = ("DATA_REQUEST", "DATA_RESPONSE", "DATA_PROCESSING", "INTERNAL_PROCESSING")
OURS = "INTERNAL_PROCESSING"  # all of ours is handled where it is kept
SYSTEM = "Littoral"
# Seen from Estonia: an authority of another country. Such have no code of its register of 8 digits.
FOREIGN = "NEE"
MOST, USUAL = 10_000, 1000


class Organization(BaseModel):
    type: str = Field(pattern="^(GOV|COM|NGO|NEE)$")
    name: str
    systemName: str


class UsageProcessing(BaseModel):
    logTime: str = Field(json_schema_extra={"format": "date-time"})
    purpose: str
    logSourceSystem: str
    legalBasis: str | None = None
    queryId: str = Field(description="origin of the log and place in it")
    hiddenReason: str | None = None
    hiddenUntil: str | None = Field(None, json_schema_extra={"format": "date-time"})
    initiatorOrg: Organization
    source: Organization


class FindUsageResponse(BaseModel):
    totalUsages: int
    returnedUsages: int
    internalProcessings: list[UsageProcessing]


class HeartbeatResponse(BaseModel):
    status: str = Field(pattern="^(OK|FAIL)$")
    message: str


class UsageError(BaseModel):
    code: str
    message: str


class Refused(ValueError):
    """The request is not as the document wants it; `code` names the parameter."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    user: str
    subject: str
    types: frozenset[str]
    systems: frozenset[str]
    from_us: int | None
    to_us: int | None
    limit: int
    offset: int


def _parameter(name: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
    required = name in ("X-Road-UserId", "userCode")
    return {"name": name, "in": where, "required": required, "schema": schema}


_CODE = {"type": "string", "pattern": f"^({PERSON_CODE.pattern})$"}
_TIME = {"type": "string", "format": "date-time"}
PARAMETERS = [
    _parameter("X-Road-UserId", _CODE, "header"),
    _parameter("userCode", _CODE),
    _parameter("processingType", {"type": "array", "items": {"type": "string", "enum": TYPES}}),
    _parameter("includeBulkProcessing", {"type": "boolean", "default": False}),
    _parameter("logSourceSystems", {"type": "array", "items": {"type": "string"}}),
    _parameter("periodStart", _TIME),
    _parameter("periodEnd", _TIME),
    _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    _parameter("offset", {"type": "integer", "minimum": 0, "default": 0}),
]


@router.get(
    "/v3/findUsage",
    response_model=FindUsageResponse,
    response_model_exclude_none=True,
    summary="Usages of a person's data, as the Estonian Data Tracker asks for them",
    responses={400: {"model": UsageError, "description": "The request is not as it should be"}},
    **described(READ, parameters=PARAMETERS),
)
def find_usage(gate: Door, who: Acting, request: Request, index: Indexed) -> Json:
    """By `logTime`, the oldest first. What is hidden still is neither given nor counted."""
    context = circumstances(gate, who)
    gate.require(who, READ, of_the_province(KIND), context)
    try:
        asked = parse(request.query_params, request.headers)
    except Refused as error:
        return Json({"code": error.code, "message": str(error)}, status_code=400)
    now_us = gate.trust.now_us()
    ask = Ask(who.ref, "", OVERSIGHT, "statutory_duty")
    ids = identify(
        gate.trust.vault, ask, "id_number", (asked.subject[2:], asked.subject), now_us,
        gate.trust.record, represented=asked.user != asked.subject,
    )  # fmt: skip
    found = [u for u in usages(index.database, ids, now_us) if wanted(u, asked)]
    shown = found[asked.offset : asked.offset + asked.limit]
    items = [usage_json(gate, u) for u in shown]
    return Json(
        {
            "totalUsages": len(found),
            "returnedUsages": len(shown),
            "internalProcessings": items,
        }
    )


@router.get(
    "/v3/heartbeat",
    response_model=HeartbeatResponse,
    summary="Whether the usage service can answer",
    **described(READ),
)
def usage_heartbeat(gate: Door, who: Acting, index: Indexed) -> Json:
    gate.require(who, READ, of_the_province(KIND), circumstances(gate, who))
    return Json({"status": "OK", "message": f"{index.size()} entries of the log can be asked"})


def parse(query: QueryParams, headers: Headers) -> Asked:
    """Raises Refused."""
    user, subject = headers.get("x-road-userid", ""), query.get("userCode", "")
    for name, code in (("X-Road-UserId", user), ("userCode", subject)):
        if not PERSON_CODE.fullmatch(code):
            raise Refused(name, f"{name}: a country's two letters and the person's code there")
    types = query.getlist("processingType") or list(TYPES)
    if unknown := sorted(set(types) - set(TYPES)):
        raise Refused("processingType", f"processingType: {unknown[0][:40]!r} is none")
    if query.get("includeBulkProcessing", "false") not in ("true", "false"):
        raise Refused("includeBulkProcessing", "includeBulkProcessing: true or false")
    return Asked(
        user, subject, frozenset(types), frozenset(query.getlist("logSourceSystems")),
        _time(query, "periodStart"), _time(query, "periodEnd"),
        _whole(query, "limit", USUAL, 1, MOST), _whole(query, "offset", 0, 0, 2**31 - 1),
    )  # fmt: skip


def wanted(usage: Usage, asked: Asked) -> bool:
    """None of ours is bulk processing, so `includeBulkProcessing` leaves nothing out."""
    return (
        OURS in asked.types
        and (not asked.systems or SYSTEM in asked.systems)
        and (asked.from_us is None or asked.from_us <= usage.time_us)
        and (asked.to_us is None or usage.time_us <= asked.to_us)
    )


def usage_json(gate: Gate, row: Usage) -> dict[str, Any]:
    organisation = _organisation(gate, row)
    found: dict[str, Any] = {
        "logTime": iso(row.time_us),
        "purpose": " / ".join(purpose(row)),
        "logSourceSystem": SYSTEM,
        "queryId": f"{gate.trust.log.key.name}/{row.index}",
        "initiatorOrg": organisation,
        "source": organisation,
    }
    if (on := basis(row.legal_basis)) is not None:
        found["legalBasis"] = " / ".join(on)
    if (why := hidden_reason(row)) is not None and row.hidden_until_us is not None:
        found["hiddenReason"] = f"{why['zh']} / {why['en']}"
        found["hiddenUntil"] = iso(row.hidden_until_us)
    return found


def _organisation(gate: Gate, row: Usage) -> dict[str, str]:
    """The agency in its place: never an officer."""
    zh, en = agency(row.agency)
    unit = gate.people.directory.organisation().units.get(row.unit)
    name = f"{zh} / {en}" if unit is None else f"{unit.name_zh}{zh} / {unit.name_en}, {en}"
    return {"type": FOREIGN, "name": name, "systemName": SYSTEM}


def _time(query: QueryParams, name: str) -> int | None:
    if name not in query:
        return None
    try:
        return parse_instant_us(query[name])
    except ValueError as error:
        raise Refused(name, f"{name}: {error}") from error


def _whole(query: QueryParams, name: str, usual: int, least: int, most: int) -> int:
    text = query.get(name, str(usual))
    value = int(text) if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) else -1
    if not least <= value <= most:
        raise Refused(name, f"{name}: a whole number from {least} to {most}")
    return value
