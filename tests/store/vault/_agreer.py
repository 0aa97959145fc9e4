"""Agrees to an erasure in a process of its own that dies at the n-th step.

    python -m tests.store.vault._agreer DATA LOG CASE REQUEST N

Steps are those of `_eraser` and the transactions of the records. Dies with 9 just before the n-th;
ends with 0 when there are fewer. LOG gets a line for each entry: verdict, action, thing.
"""

from __future__ import annotations

import os
import pathlib
import sys
from pathlib import Path

from littoral.store.database import Database
from littoral.store.vault import erasure_requests
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault
from tests.store.vault._eraser import NOW, dying


def main() -> None:
    data, log, case, request, n = sys.argv[1:]
    vault = Vault(Database(f"sqlite:///{data}/records.sqlite"), KeyRing.open(Path(data), NOW))
    said: list[str] = []

    def record(entries: list[Entry]) -> list[int]:
        first = len(said)
        said.extend(f"{e.verdict} {e.action} {e.thing}\n" for e in entries)
        with open(log, "a") as file:
            os.fsync(file.fileno())  # a step at which nothing is logged yet
            file.write("".join(said[first:]))
            file.flush()
            os.fsync(file.fileno())
        return list(range(first, len(said)))

    left = [int(n)]
    for name in ("fsync", "replace", "unlink", "pwrite"):
        setattr(os, name, dying(getattr(os, name), left))
    pathlib.Path.unlink = dying(pathlib.Path.unlink, left)  # type: ignore[method-assign]
    Database.write = dying(Database.write, left)  # type: ignore[method-assign]
    ask = Ask("user:chen", case, "oversight", "statutory_duty")
    erasure_requests.agree(vault, ask, request, "已核对", NOW, record)


if __name__ == "__main__":
    main()
