"""`/detectors`: the rules that run, with version, settings and source; changing settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.engine import Connection

from littoral.api.change_json import DifferenceModel, differences, words_of
from littoral.api.changes import refusals
from littoral.api.deps import Engine
from littoral.api.fields import Page, Time
from littoral.api.gate import Acting, Actor, gate_of, guarded
from littoral.api.names import named, names_of_logins
from littoral.api.problems import ProblemError, not_found
from littoral.api.reasons_told import tell_with_reason
from littoral.api.second_person import WAITS, waits
from littoral.api.wire import Json, iso, iso_or_none
from littoral.detect.adjusting import SettingsError, blinder, changed, flat, unit_of
from littoral.detect.contract import Profile
from littoral.engine.rule_settings import told_difference
from littoral.engine.runtime import RunningDetector, Runtime
from littoral.store import changes
from littoral.store import detector_settings as kept
from littoral.store.changes import Change
from littoral.store.clock import clock_us
from littoral.store.detector_settings import SettingsVersion
from littoral.store.vault import reasons

router = APIRouter(tags=["rules"])

Value = float | int | bool | str | None


class ProfileModel(BaseModel):
    name: str
    settings: dict[str, Any] = Field(description="each name ends in its unit")
    source: str
    why: str


class RuleSettingModel(BaseModel):
    """One setting as it is judged by now; null: off."""

    name: str
    value: Value
    published: Value = Field(description="in the profile as it comes with Littoral")
    unit: str
    adjustable: bool = Field(description="false: comes with a profile alone")
    low: float | None
    high: float | None = Field(description="null: none, and the setting may be off (null)")
    blinder: str = Field(description="less is seen when it gets: greater, less, either, neither")
    zh: str
    en: str


class DetectorModel(BaseModel):
    rule: str
    version: str
    summary: dict[str, str] = Field(description="by language: zh, en")
    profile: str = Field(description="the profile that runs here")
    profiles: list[ProfileModel]
    settings: list[RuleSettingModel]
    settings_version: int
    settings_from: Time | None = Field(description="event time; null: from the next slice on")
    settings_approved: bool = Field(
        description="false: changed at the start of the server, and no second person has agreed"
    )
    waiting: str | None = Field(description="the change of them that waits for a second person")


class SettingsInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    values: dict[str, Value] = Field(min_length=1, max_length=200, description="by name")
    version: int = Field(ge=1, le=2**31 - 1, description="that the change is made from")
    why: str = Field("", max_length=1000, description="needed when the watch gets blinder by it")


class RuleVersionModel(BaseModel):
    rule: str
    version: int
    how: str = Field(description="first, change, start (given at a start otherwise than before)")
    profile: str | None = Field(description="null: the rule did not run")
    code: str | None = Field(description="version of the rule")
    by: str
    names: dict[str, str] = Field(description="by login, of who is referred to here")
    at: Time
    begins: Time | None = Field(alias="from", description="event time; null: not yet")
    why: str
    approved: bool
    differs: list[DifferenceModel] = Field(description="from the version before")


@router.get(
    "/detectors",
    response_model=Page[DetectorModel],
    summary="Rules, versions, profiles, settings, sources",
    **guarded("detector.read"),
)
def list_detectors(engine: Engine) -> Json:
    with engine.records.database.read() as connection:
        items = [_model(connection, running) for running in engine.detectors]
    return Json({"items": items, "next_cursor": None})


@router.get(
    "/detectors/{rule}/versions",
    response_model=Page[RuleVersionModel],
    summary="Every version of a rule's settings, newest first",
    **guarded("detector.read", key="rule"),
)
def list_versions(request: Request, engine: Engine, rule: str) -> Json:
    with engine.records.database.read() as connection:
        found = kept.versions(connection, rule)
    if not found:
        raise not_found("rule", rule)
    words = _words(engine, rule)
    names = names_of_logins(request, (v.who for v in found))
    items = [
        {**_version(before, version, words), "names": named(names, version.who)}
        for before, version in zip([None, *found], found, strict=False)
    ]
    return Json({"items": items[::-1], "next_cursor": None})


@router.post(
    "/detectors/{rule}/settings",
    response_model=DetectorModel,
    summary="Change settings of a rule; by which less is seen, that takes a second person",
    responses={409: {"description": "They were changed meanwhile, or a change waits"}, **WAITS},
    **guarded("settings.write", key="rule"),
)
def change_settings(
    request: Request, engine: Engine, who: Acting, rule: str, wanted: SettingsInput
) -> Json:
    running = _running(engine, rule)
    values = _checked(running.profile, wanted.values)
    with refusals("rule", rule), engine.records.database.read() as connection:
        now = kept.current(connection, rule)
    if now.version != wanted.version:
        raise ProblemError(
            409, f"The settings were changed by {now.who} meanwhile.",
            {"version": "is no longer the last one"},
        )  # fmt: skip
    before = now.settings or {}
    values = {n: v for n, v in values.items() if before.get(n) != v}
    lost = blinder(running.profile.adjustable, before, {**before, **values})
    if lost and gate_of(request) is not None:
        return waits(request, _proposed(engine, who, now, values, lost, wanted.why))
    if values:
        _change(request, engine, who, running.profile, now, values, wanted.why)
        engine.settings_changed()
    with engine.records.database.read() as connection:
        return Json(_model(connection, running))


def _proposed(
    engine: Runtime,
    who: Actor,
    now: SettingsVersion,
    values: dict[str, Any],
    lost: Sequence[str],
    why: str,
) -> Change:
    """The change that waits for a second person."""
    if not why.strip():
        message = "say why, since the watch gets blinder and a second person has to agree"
        raise ProblemError(422, f"why: {message}", {"why": message})
    was, after = _documents(now, values)
    with refusals("rule", now.rule), engine.records.database.write() as connection:
        return changes.propose(
            connection, str(uuid4()), f"{changes.SETTINGS}:{now.rule}", now.version, was, after,
            lost, why, who.name, clock_us(),
        )  # fmt: skip


def _change(
    request: Request,
    engine: Runtime,
    who: Actor,
    profile: Profile,
    now: SettingsVersion,
    values: dict[str, Any],
    why: str,
) -> None:
    was, after = _documents(now, values)
    thing = f"settings:{now.rule}"
    item = reasons.item_id(kept.table.name, now.rule, now.version + 1)
    with refusals("rule", now.rule, "version"), engine.records.database.write() as connection:
        tell_with_reason(
            connection, item, request, who, "settings.write", thing, was, after, why=why.strip()
        )
        made = kept.change(
            connection, now.rule, values, who.name, why.strip(), clock_us(), now.version
        )
        approved = [v for v in kept.versions(connection, now.rule) if v.approved]
        if made.approved or not approved or approved[-1].settings is None:
            return
        # A start had made the watch blinder: perhaps this has put it back.
        if not blinder(profile.adjustable, approved[-1].settings, made.settings or {}):
            kept.approve(connection, now.rule)
            changes.put_back(connection, f"{changes.SETTINGS}:{now.rule}", who.name, clock_us())


def _documents(
    now: SettingsVersion, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after as a change holds them: of the values only those that differ."""
    about = {"rule": now.rule, "profile": now.profile, "code": now.code}
    was = {n: (now.settings or {}).get(n) for n in values}
    return (
        {**about, "version": now.version, "values": was},
        {**about, "version": now.version + 1, "values": values},
    )


def _checked(profile: Profile, values: dict[str, Value]) -> dict[str, Any]:
    """In the types of the settings; raises a 422 problem that names each fault with its bounds."""
    try:
        settings = flat(changed(profile, values))
    except SettingsError as error:
        errors = {f"values.{name}": message for name, message in error.errors.items()}
        raise ProblemError(422, str(error)[:1000], errors) from error
    return {name: settings[name] for name in values}


def _running(engine: Runtime, rule: str) -> RunningDetector:
    for running in engine.detectors:
        if running.detector.name == rule:
            return running
    raise not_found("rule that runs", rule)


def _words(engine: Runtime, rule: str) -> dict[str, Any]:
    running = [r for r in engine.detectors if r.detector.name == rule]
    return words_of(running[0].profile.adjustable) if running else {}


def _model(connection: Connection, running: RunningDetector) -> dict[str, Any]:
    detector, profile = running
    now = kept.current(connection, detector.name)
    waiting = changes.waiting(connection, f"{changes.SETTINGS}:{detector.name}")
    return {
        "rule": detector.name,
        "version": detector.version,
        "summary": dict(detector.summary),
        "profile": profile.name,
        "profiles": [_profile(p) for p in detector.profiles.values()],
        "settings": _settings(detector.profiles[profile.name], now),
        "settings_version": now.version,
        "settings_from": iso_or_none(now.from_us),
        "settings_approved": now.approved,
        "waiting": None if waiting is None else waiting.id,
    }


def _settings(published: Profile, now: SettingsVersion) -> list[dict[str, Any]]:
    words = words_of(published.adjustable)
    as_published = flat(published.settings)
    return [
        {
            "name": name,
            "value": value,
            "published": as_published.get(name),
            "unit": unit_of(name),
            "adjustable": name in words,
            "low": words[name].low if name in words else None,
            "high": _finite(words[name].high) if name in words else None,
            "blinder": words[name].blinder if name in words else "either",
            "zh": words[name].zh if name in words else name,
            "en": words[name].en if name in words else name,
        }
        for name, value in (now.settings or {}).items()
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "settings": flat(profile.settings),
        "source": profile.source,
        "why": profile.why,
    }


def _version(
    before: SettingsVersion | None, version: SettingsVersion, words: dict[str, Any]
) -> dict[str, Any]:
    was, now = told_difference(before, version)
    return {
        "rule": version.rule,
        "version": version.version,
        "how": version.how,
        "profile": version.profile,
        "code": version.code,
        "by": version.who,
        "at": iso(version.at_us),
        "from": iso_or_none(version.from_us),
        "why": version.why,
        "approved": version.approved,
        "differs": differences(was, now, words),
    }
