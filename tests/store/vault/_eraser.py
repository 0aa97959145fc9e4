"""Erases a person in a process of its own that dies at the n-th step of writing to a disk.

    python -m tests.store.vault._eraser DATA LOG CASE SUBJECT N

Dies with 9 just before the n-th such call (of `os.fsync`, `os.replace`, `os.unlink`, `os.pwrite`);
ends with 0 when there are fewer.
"""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from littoral.store.database import Database
from littoral.store.vault import erasure
from littoral.store.vault.entries import Ask, Entry
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault

NOW = 1_790_000_000_000_000


def dying(real: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os._exit(9)
        return real(*args, **named)

    return call


def die_at(n: int) -> list[int]:
    """From here on the process dies just before the n-th step; how many are left, for `dying` of
    what else is a step."""
    left = [n]
    for name in ("fsync", "replace", "unlink", "pwrite"):
        setattr(os, name, dying(getattr(os, name), left))
    pathlib.Path.unlink = dying(pathlib.Path.unlink, left)  # type: ignore[method-assign]
    return left


def main() -> None:
    data, log, case, subject, n = sys.argv[1:]
    vault = Vault(Database(f"sqlite:///{data}/records.sqlite"), KeyRing.open(Path(data), NOW))

    def record(entries: list[Entry]) -> None:
        with open(log, "a") as file:
            os.fsync(file.fileno())  # a step at which nothing is logged yet
            file.write("".join(f"{k}\n" for k in erasure.destroyed_keys(entries)))
            file.flush()
            os.fsync(file.fileno())

    die_at(int(n))
    ask = Ask("user:li", case, "anti_smuggling", "statutory_duty")
    erasure.erase_subject(vault, ask, subject, "request", NOW, record)


if __name__ == "__main__":
    main()
