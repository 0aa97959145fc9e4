"""Takes a file in, with its case, in a process of its own that dies at the n-th step.

    python -m tests.store.evidence._adder DATA LOG N

Dies with 9 just before the n-th step: those of `tests.store.vault._eraser`, a transaction of the
records, and its end; ends with 0 when there are fewer. LOG gets the thing of each entry.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.engine import Connection

from littoral.store.database import Database
from littoral.store.evidence import custody
from littoral.store.vault import cases
from littoral.store.vault.cases import Opening
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault._eraser import die_at, dying
from tests.store.vault.conftest import NOW

PHOTO = JPEG + bytes(range(256)) * 400


def opening_of(vault: Vault, beside: Callable[[Connection, str], None] | None = None) -> Opening:
    return cases.to_open(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, "customs", beside
    )


def ask_of(opening: Opening) -> Ask:
    return Ask("user:li", opening.case.id, "anti_smuggling", "statutory_duty")


def main() -> None:
    data, log, n = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    vault = Vault(Database(f"sqlite:///{data}/records.sqlite"), KeyRing.open(data, NOW))
    left = die_at(n)
    Database.write = dying(Database.write, left)  # type: ignore[method-assign]

    def record(entries: Sequence[Entry]) -> list[int]:
        first = len(log.read_text().split())
        with open(log, "a") as file:
            os.fsync(file.fileno())  # a step at which nothing is logged yet
            file.write("".join(f"{e.thing}\n" for e in entries))
            file.flush()
            os.fsync(file.fileno())
        return list(range(first, first + len(entries)))

    opening = opening_of(vault)
    custody.add(
        vault, data / "evidence", ask_of(opening), [PHOTO], "", "", "operational", NOW, record,
        beside=dying(lambda *_: None, left), opening=opening,
    )  # fmt: skip


if __name__ == "__main__":
    main()
