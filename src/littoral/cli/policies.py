"""What `littoral policy` does; apart from its arguments, so that other commands load no Cedar."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from littoral.access import (
    BadPolicies,
    BadRequest,
    Circumstances,
    Decider,
    PolicyFiles,
    Principal,
    Resource,
    check,
    set_hash,
    shipped,
)  # fmt: skip
from littoral.access.explain import Explanation, explain
from littoral.access.rules import SCHEMA_FILE, Rule
from littoral.cli import say

HOUR_US = 3_600_000_000
LISTS = ("area", "elsewhere", "agencies_elsewhere")  # of an account; it may leave them out


def run(args: argparse.Namespace) -> int:
    try:
        files = read(args.folder) if args.folder else shipped()
        return {"explain": explained, "check": checked, "hash": hashed}[args.part](args, files)
    except (BadPolicies, BadRequest, OSError, ValueError, TypeError) as error:
        say.error(str(error))
        return 2
    except KeyError as missing:
        say.error(f"{missing} is not given")
        return 2


def read(folder: Path) -> PolicyFiles:
    """A set in a folder: the schema, and `.cedar` files beside it or in `policies/`."""
    places = [*folder.glob("*.cedar"), *folder.glob("policies/*.cedar")]
    if not places:
        raise BadPolicies(f"no .cedar file in {folder}")
    return PolicyFiles(
        (folder / SCHEMA_FILE).read_text("utf-8"), {p.name: p.read_text("utf-8") for p in places}
    )


def explained(args: argparse.Namespace, files: PolicyFiles) -> int:
    principal = account(args.who)
    action, resource = thing(args.what, principal)
    now_us = time.time_ns() // 1000
    context = Circumstances(
        now_us=now_us,
        purpose=args.purpose,
        legal_basis=args.basis,
        case=args.case,
        case_open=bool(args.case) and not args.closed,
        case_unit=(args.case_unit or principal.unit) if args.case else "",
        grant_until_us=now_us + int(args.hours * HOUR_US) if args.hours else 0,
        second_person=args.second_person,
        break_glass=args.break_glass,
        network=args.network,
    )
    decider = Decider(files, first_start=args.first_start)
    found = explain(decider, principal, action, resource, context)
    print(as_json(found) if args.json else as_words(found))
    return 0


def account(text: str) -> Principal:
    """Raises BadRequest if `text` is neither a description, JSON nor a file of it."""
    if not text.startswith("{") and text.endswith(".json"):
        text = Path(text).read_text("utf-8")
    if text.startswith("{"):
        given = json.loads(text)
        given["roles"] = tuple(given["roles"])
        given.update({name: tuple(given.get(name, ())) for name in LISTS})
        return Principal(**{"id": "asked", "assurance": "totp", "tier": "city", **given})
    roles, at, rest = text.partition("@")
    unit, *more = rest.split("/")
    if not at or not more:
        raise BadRequest(f"{text!r} is not ROLE@UNIT/AGENCY[/TIER[/AREA]]")
    agency, tier, area = [*more, *("", "city", "here")[len(more) :]][:3]
    named = tuple(roles.split("+"))
    assurance = "key" if named == ("system",) else "totp"
    return Principal("asked", named, agency, unit, tier, (area,), assurance)


def thing(text: str, principal: Principal) -> tuple[str, Resource]:
    if text.startswith("{"):
        given = json.loads(text)
    else:
        action, _, data_class = text.partition(":")
        given = {"action": action, "data_class": data_class or "operational"}
    action = given.pop("action")
    own = {"unit": principal.unit, "agency": principal.agency, "areas": principal.area}
    for name in ("areas", "shared_with"):
        if name in given:
            given[name] = tuple(given[name])
    return action, Resource(**{**own, **given})


def as_words(found: Explanation) -> str:
    verdict = found.verdict
    lines = [f"{'ALLOWED' if verdict.allowed else 'DENIED'}  {verdict.en} {verdict.zh}"]
    lines += [f"  {told(rule)}" for rule in found.deciding]
    if not verdict.allowed and found.permits:
        lines += ["without these it would be allowed by"]
        lines += [f"  {told(rule)}" for rule in found.permits]
    elif not verdict.allowed and found.deciding:
        lines += ["and no rule would allow it if these did not forbid it"]
    return "\n".join([*lines, f"policy set {verdict.policy_hash}"])


def told(rule: Rule) -> str:
    return f"{rule.effect} {rule.id} ({rule.file}): {rule.en} {rule.zh}"


def as_json(found: Explanation) -> str:
    def shown(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
        return [
            {"id": r.id, "file": r.file, "effect": r.effect, "zh": r.zh, "en": r.en} for r in rules
        ]

    verdict = found.verdict
    return json.dumps(
        {
            "allowed": verdict.allowed,
            "zh": verdict.zh,
            "en": verdict.en,
            "policy_hash": verdict.policy_hash,
            "deciding": shown(found.deciding),
            "permits": shown(found.permits),
        },
        ensure_ascii=False,
        indent=1,
    )


def checked(args: argparse.Namespace, files: PolicyFiles) -> int:
    said = check(files)
    if args.json:
        print(json.dumps({"complaints": said, "hash": set_hash(files)}, ensure_ascii=False))
    elif said:
        print("\n".join(said), file=sys.stderr)
    else:
        effects = [rule.effect for rule in files.rules.values()]
        print(
            f"{len(effects)} rules ({effects.count('permit')} permit, {effects.count('forbid')} "
            f"forbid) in {len(files.policies)} files fit the schema"
        )
    return 1 if said else 0


def hashed(args: argparse.Namespace, files: PolicyFiles) -> int:
    print(json.dumps({"hash": set_hash(files)}) if args.json else set_hash(files))
    return 0
