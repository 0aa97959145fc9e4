"""schemathesis over the whole OpenAPI document of a running server, as each role.

Held against the document: no 5xx; each status named for its operation (its `default` is left out,
else every status would be); content types, headers and bodies as declared. Beside what schemathesis
makes up, paths name things that are there, every second time.
"""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis  # type: ignore[import-not-found]
from schemathesis.config import SchemathesisConfig  # type: ignore[import-not-found]
from schemathesis.engine import events, from_schema  # type: ignore[import-not-found]

from bench._fuzz_server import Ground

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance",
)  # fmt: skip
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")  # tus
SEED = 8
TELL_EVERY_S = 15.0


@dataclass
class Findings:
    requests: int = 0
    server_errors: int = 0
    breaches: dict[str, str] = field(default_factory=dict)  # what is wrong: how to see it again
    unable: set[str] = field(default_factory=set)  # operations that could not be asked
    operations: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    is_cut: bool = False  # the time was over first


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """The document without `default` answers."""
    found = copy.deepcopy(document)
    for item in found["paths"].values():
        for operation in item.values():
            operation["responses"].pop("default", None)
    return found


def document_of(ground: Ground) -> dict[str, Any]:
    """As the server gives it."""
    with httpx.Client(base_url=ground.url, timeout=60) as client:
        return client.get("/api/openapi.json").raise_for_status().json()


def part(document: dict[str, Any], word: str) -> dict[str, Any]:
    """Of it the operations whose path has the word."""
    return {**document, "paths": {p: i for p, i in document["paths"].items() if word in p}}


def settings(url: str, examples: int, thorough: bool) -> SchemathesisConfig:
    checks: dict[str, Any] = {"enabled": False}
    checks |= {name: {"enabled": True} for name in CHECKS}
    # 503 is a refusal that the document names: no room, no policies in force, not yet ready.
    checks["not_a_server_error"]["expected-statuses"] = ["2XX", "3XX", "4XX", "503"]
    found = {
        "seed": SEED,
        "base-url": url,
        "request-timeout": 30,
        "continue-on-failure": True,
        "checks": checks,
        "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
        "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": thorough}},
        "warnings": False,
    }
    return SchemathesisConfig.from_dict(found)


def ask_all(
    ground: Ground,
    role: str,
    document: dict[str, Any],
    examples: int,
    thorough: bool,
    until: float,
) -> Findings:
    """Every operation, as `role`. `thorough`: also each limit of each parameter and member. Ends
    before its time at `until`, by the monotonic clock, and says so on the way."""
    chance = random.Random(f"{SEED}{role}")
    schema = schemathesis.openapi.from_dict(
        strict(document), config=settings(ground.url, examples, thorough)
    )

    def before_call(context: Any, case: Any, kwargs: Any) -> None:
        case.headers = {**dict(case.headers or {}), **ground.headers(role)}
        for name, value in dict(case.path_parameters or {}).items():
            there = ground.known.get(name)
            if there and isinstance(value, str) and chance.random() < 0.5:
                case.path_parameters[name] = chance.choice(there)

    findings, told = Findings(), time.monotonic()
    stream = from_schema(schema).execute()
    schemathesis.hook(before_call)  # there is none for one schema alone
    try:
        for event in stream:
            if time.monotonic() > until and not findings.is_cut:
                findings.is_cut = True
                stream.stop()
            if time.monotonic() - told > TELL_EVERY_S:
                told = time.monotonic()
                print(
                    f"    {role}: {len(findings.operations)} operations, "
                    f"{findings.requests:,} requests so far", flush=True,
                )  # fmt: skip
            if isinstance(event, events.NonFatalError):
                findings.unable.add(f"{event.label}: {event.value}"[:300])
            elif isinstance(event, events.FatalError):
                raise event.exception
            elif isinstance(event, events.ScenarioFinished):
                _note(findings, event)
    finally:
        schemathesis.hooks.unregister(before_call)
    return findings


def _note(findings: Findings, event: Any) -> None:
    recorder = event.recorder
    findings.operations.add(recorder.label)
    for interaction in recorder.interactions.values():
        findings.requests += 1
        answer = interaction.response
        status = 0 if answer is None else answer.status_code
        findings.statuses[status] = findings.statuses.get(status, 0) + 1
        findings.server_errors += status >= 500 and status != 503
    for what, sample in _failures(recorder):
        if findings.breaches.setdefault(f"{recorder.label}: {what}", sample) is sample:
            print(f"    {recorder.label}: {what}\n        {sample[:500]}", flush=True)


def _failures(recorder: Any) -> Iterator[tuple[str, str]]:
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                first = str(failure.message).strip().split("\n")
                yield f"{failure.title}: {' '.join(first)[:300]}", check.failure_info.code_sample


def timed(
    ground: Ground,
    role: str,
    document: dict[str, Any],
    examples: int,
    thorough: bool,
    until: float,
) -> Findings:
    """The same, told on the way."""
    began = time.monotonic()
    found = ask_all(ground, role, document, examples, thorough, until)
    print(
        f"{role}: {found.requests:,} requests to {len(found.operations)} operations in "
        f"{time.monotonic() - began:.0f} s, {dict(sorted(found.statuses.items()))}, "
        f"{len(found.breaches)} breaches{', cut' if found.is_cut else ''}",
        flush=True,
    )
    for what in sorted(found.unable):
        print(f"    could not be asked: {what}", flush=True)
    return found
