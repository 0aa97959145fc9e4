"""What `littoral policy standing` shows: of the installed set, over the records of a deployment."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from littoral.access import shipped
from littoral.engine.policy_sets import PolicySets
from littoral.store.people import accounts
from littoral.store.people.base import Base
from littoral.store.records import Records


def show(args: argparse.Namespace, base: Base) -> int:
    """Exit code 0 where a server loads the set, else 1."""
    found = standing(base)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(as_words(found)))
    return 1 if found["state"] == "refused" else 0


def standing(base: Base) -> dict[str, Any]:
    sets = PolicySets(Records(base.database, base.now_us), shipped())
    now_us, last, proposal = base.now_us(), sets.last(), sets.proposal()
    known, signed = sets.judge(sets.said(), now_us), sets.signed(now_us)
    by = "" if proposal is None else proposal.account
    with base.database.read() as connection:
        called = accounts.called(connection, [by, *(one.account for one, _ in signed)])
    return {
        "hash": sets.hash,
        "state": known.state,
        "says": {"zh": known.zh, "en": known.en},
        "expires": day(known.expires_us) if known.expires_us else None,
        "last": None if last is None else last[0]["hash"],
        "changed": [] if last is None else [one.id for one in sets.changed()[0]],
        "proposed_by": str(called.get(by, by)) or None,
        "signatures": [
            {
                "by": str(called.get(one.account, one.account)),
                "kind": one.kind,
                "signed": day(one.signed_us),
                "counts": fault is None,
                "why": None if fault is None else {"zh": fault[0], "en": fault[1]},
            }
            for one, fault in signed
        ],
    }


def day(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_words(found: dict[str, Any]) -> list[str]:
    lines = [
        f"installed  {found['hash']}",
        f"state      {found['state']}: {found['says']['en']} {found['says']['zh']}",
        f"last       {found['last'] or 'none was in force yet'}",
        f"proposed   by {found['proposed_by'] or 'nobody'}",
    ]
    if found["expires"]:
        lines.append(f"until      {found['expires']}")
    for one in found["signatures"]:
        why = "" if one["counts"] else f"; does not count: {one['why']['en']}"
        lines.append(f"signed     by {one['by']} ({one['kind']}) at {one['signed']}{why}")
    return lines + [f"changed    {rule}" for rule in found["changed"]]
