"""Every route, as every role, about things near and far; and every rule of the policies taken away.

    python -m bench.authorisation [--quick]

Routes come from the OpenAPI document of the running application, expected answers from the tables
of somebody who has not read the policies: tests/api/gated/routes.csv, tiers.csv (where the thing
is) and seats.csv (of which tier the asker's desk is) over HTTP, tests/access/verdicts.csv (roles,
tiers, agencies, classes, conditions) before the policies themselves. Rows added later by one who
knew a part of the policies are named in the README.md beside each table. Then each rule is left out
in turn: an answer of verdicts.csv or of our own corpus.csv must differ. What differs is printed
with its line. The quick form asks a few routes and rules.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench._harness import QUICK, report, row
from bench._rules import asked, noticed
from littoral.access import Decider, shipped
from littoral.access.words import ROLES
from littoral.api.app import build_app
from littoral.area import load_world
from littoral.store.records import Records
from tests.access.asking import lines
from tests.api.gated.scene import ANONYMOUS, served_scene
from tests.api.gated.tables import Row, difference, operations, rows, seated

QUICK_PATHS = ("/api/v1/health", "/api/v1/cases", "/api/v1/users/{user_id}")
QUICK_RULES, QUICK_STEP = 20, 20


def answers(found: list[Row]) -> list[str]:
    """What the application answers otherwise than the rows say."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="littoral-routes-") as name:
        folder = Path(name)
        records = folder / "empty.sqlite"
        Records.open(f"sqlite:///{records}").close()
        with served_scene(folder, load_world("hainan"), records) as scene:
            for each in found:
                said = difference(scene, each)
                if said:
                    wrong.append(f"{each}: {said}")
                    print(f"differs: {wrong[-1]}", flush=True)
    return wrong


def routes() -> list[dict[str, Any]]:
    table, tiers = rows("routes.csv"), rows("tiers.csv")
    seats = seated(table, rows("seats.csv"))
    document = build_app().openapi()
    known = operations(document)
    wanted = {(method, path, role) for method, path in known for role in (*ROLES, ANONYMOUS)}
    untested = wanted - {(r.method, r.path, r.role) for r in table}
    chosen = [r for r in (*table, *tiers, *seats) if not QUICK or r.path in QUICK_PATHS]
    wrong = answers(chosen)
    classes = {
        operation.get("x-littoral-data-class", "")
        for item in document["paths"].values()
        for operation in item.values()
    } - {""}
    return [
        row("operations of the document", len(known), ""),
        row("roles, and nobody", len(ROLES) + 1, ""),
        row("relations of things to the asker's county", len({r.relation for r in tiers}), ""),
        row("tiers of the asker's desk", len({r.tier for r in seats}) + 1, "of 5"),
        row("data classes that routes name", len(classes), ""),
        row("questions over HTTP", len(chosen), ""),
        row("operations and roles without a row", len(untested), "", at_most=0),
        row("answers over HTTP that differ", len(wrong), "", at_most=0),
    ]


def rules() -> list[dict[str, Any]]:
    files = shipped()
    deciders = {first: Decider(files, first_start=first) for first in (False, True)}
    theirs = asked("verdicts.csv", deciders, QUICK_STEP if QUICK else 1)
    ours = asked("corpus.csv", deciders)
    written = lines("verdicts.csv")
    found = {}
    for rule in list(files.rules)[: QUICK_RULES if QUICK else None]:
        found[rule] = noticed(rule, [theirs, ours], files)
    unseen = [rule for rule, seen in found.items() if not any(seen)]
    alone = sum(seen[0] for seen in found.values())
    for rule in unseen:
        print(f"unnoticed: {rule}", flush=True)
    return [
        row("questions to the policies, of the outsider's table", len(theirs.questions), ""),
        row("roles in it", len({one["role"] for one in written}), ""),
        row("tiers in it", len({one["tier"] for one in written}), ""),
        row("data classes in it", len({one["data_class"] for one in written}), ""),
        row("actions in it", len({one["action"] for one in written}), ""),
        row("answers of the policies that differ", theirs.differences, "", at_most=0),
        row("questions of our own corpus", len(ours.questions), ""),
        row("answers that differ there", ours.differences, "", at_most=0),
        row("rules taken away", len(found), f"of {len(files.rules)}"),
        row("rules whose loss the outsider's table notices", alone, f"of {len(found)}"),
        row("rules whose loss nothing notices", len(unseen), "", at_most=0),
    ]


def main() -> int:
    start = time.perf_counter()
    found = rules() + routes()
    found.append(row("time", time.perf_counter() - start, "s"))
    return report("authorisation", found)


if __name__ == "__main__":
    sys.exit(main())
