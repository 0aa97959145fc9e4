"""Runs the rules of retention in processes that die at the n-th step.

    python -m tests.store.vault._keeper DATA LOG

Reads lines `NOW_US N`, and for each forks a run at that time; answers with its exit code: 9 where
it died just before the n-th step, 0 where there were fewer. Steps are those of `_eraser` and the
transactions of the records. LOG gets each entry: action, thing, the facts as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from littoral.store.database import Database
from littoral.store.vault import retention
from littoral.store.vault.entries import Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault
from tests.store.vault._eraser import die_at, dying


def written(log: Path, entries: Sequence[Entry]) -> list[int]:
    """As the log does: the places of the entries once they are on the disk."""
    first = len(log.read_text().splitlines())
    with open(log, "a") as file:
        os.fsync(file.fileno())  # a step at which nothing is logged yet
        for e in entries:
            file.write(f"{e.action} {e.thing} {json.dumps(dict(e.facts), default=str)}\n")
        file.flush()
        os.fsync(file.fileno())
    return list(range(first, first + len(entries)))


def run(data: Path, log: Path, now_us: int, n: int) -> None:
    vault = Vault(Database(f"sqlite:///{data}/records.sqlite"), KeyRing.open(data, now_us))
    left = die_at(n)
    Database.write = dying(Database.write, left)  # type: ignore[method-assign]
    rules = retention.packaged_rules()
    retention.run(
        vault, rules, "system:retention", now_us, lambda entries: written(log, entries),
        data / "evidence",
    )  # fmt: skip


def main() -> None:
    data, log = map(Path, sys.argv[1:])
    for line in sys.stdin:
        now_us, n = map(int, line.split())
        child = os.fork()
        if child == 0:
            try:
                run(data, log, now_us, n)
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
