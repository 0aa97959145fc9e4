"""The gate of a server from the command line: accounts, policies and the log of a data folder."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from littoral.api.gate import Gate, safe_id
from littoral.api.signin.claims import read_providers
from littoral.api.signin.context import People, SignInSettings
from littoral.engine.trust import Trust, keys_folder
from littoral.store.people.base import Event
from littoral.store.records import Records


def add_sign_in(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--no-sign-in",
        action="store_true",
        help="nobody signs in: one local operator, named by --operator, does everything; every "
        "page says so",
    )
    p.add_argument(
        "--oidc", type=Path, metavar="FILE", help="OpenID providers (docs/accounts.md)"
    )


def clock_us() -> int:
    return time.time_ns() // 1000


@contextmanager
def gate_over(data: Path, records: Records, oidc: Path | None = None) -> Iterator[Gate]:
    """Opened for the life of a server. Raises what the stores raise when they cannot be opened."""
    trust = Trust.open(data, records, clock_us)
    try:
        people = People.open(
            records.database,
            keys_folder(data) / "signin.key",
            SignInSettings(),
            read_providers(oidc) if oidc is not None else (),
            tell=told(trust),
        )
        try:
            yield Gate(people, trust)
        finally:
            people.close()
    finally:
        trust.close()


def told(trust: Trust) -> Callable[[Event], None]:
    """Puts what happens to accounts and sessions into the log."""

    def tell(event: Event) -> None:
        trust.tell(
            actor_ref(event.actor),
            event.action,
            f"signin:{safe_id(event.thing)}" if safe_id(event.thing) != "-" else "signin:all",
            "failed" if event.action.endswith((".failure", ".locked")) else "done",
            address=event.address,
            detail=event.detail,
        )

    return tell


def actor_ref(actor: str) -> str:
    found = safe_id(actor)
    return f"account:{found}" if found != "-" else "account:unknown"
