"""The gate of a server from the command line: accounts, policies and the log of a data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from littoral.access.words import ROLES
from littoral.api.gate import Gate
from littoral.api.signin.claims import ProvidersError, read_providers
from littoral.api.signin.context import People, SignInSettings
from littoral.api.turned_away import TELL_EVERY_S
from littoral.engine.case_ends import close_done
from littoral.engine.reaching import Sender
from littoral.engine.restored import MARK_EVERY_S
from littoral.engine.rule_settings import tell_started
from littoral.engine.trust import Trust, as_bytes, keys_folder
from littoral.engine.upkeep import (
    FORGET_EVERY_S,
    RETENTION_EVERY_S,
    Job,
    Upkeep,
    forget_phones,
    run_retention,
)
from littoral.link.clamd import Scanner
from littoral.link.oidc import OidcError
from littoral.store import matter_rules
from littoral.store.clock import clock_us
from littoral.store.database import RecordsError
from littoral.store.log.cosign import Witness
from littoral.store.log.stamping import Authority
from littoral.store.log.writer import LogError
from littoral.store.people.base import Event
from littoral.store.people.breached import Breached
from littoral.store.people.outbox import LogEnd, Mover, Outbox, as_entry
from littoral.store.people.words import SYSTEM, TWO_FACTOR_ROLES
from littoral.store.records import Records
from littoral.store.vault.keyfiles import KeyFolderError
from littoral.store.vault.master import MasterError

CLOSE_EVERY_S = 3600.0
SCANNER_EVERY_S = 60.0  # that a virus scanner is asked whether it is there

# What the stores raise when a data folder cannot be opened as it is.
REFUSED = (
    ValueError,
    RecordsError,
    LogError,
    MasterError,
    KeyFolderError,
    ProvidersError,
    OidcError,
)


@contextmanager
def gate_over(
    data: Path,
    records: Records,
    oidc: Path | None = None,
    origin: str = "",
    witnesses: Sequence[Witness] = (),
    authority: Authority | None = None,
    breached_passwords: Path | None = None,
    password_alone: Sequence[str] = (),
    scanner: Scanner | None = None,
    sender: Sender | None = None,
    proxied: bool = True,
) -> Iterator[Gate]:
    """Opened for the life of a server. `origin`: as browsers reach it, through a proxy on this
    machine if `proxied`. Raises what the stores raise when they cannot be opened, ValueError for
    an origin or a table of `matter_rules`, OSError for a file that is not there."""
    local = frozenset({"127.0.0.1", "::1"})
    proxies = local if checked(origin) and proxied else frozenset()
    matters = matter_rules.read(data)
    breached = Breached(breached_passwords) if breached_passwords is not None else None
    trust = Trust.open(data, records, clock_us, witnesses=witnesses, authority=authority)
    try:
        end = LogEnd(trust.log, trust.record, trust.facts_key, as_bytes(trust.sets.hash))
        outbox = Outbox(records.database, end)
        tell_started(records, trust)
        outbox.settle()  # what commands left before a log was there, or a crash parted from it
        outbox.tidy()
        people = People.open(
            records.database,
            keys_folder(data) / "signin.key",
            SignInSettings(origin=origin, proxies=proxies, password_alone=exempt(password_alone)),
            read_providers(oidc) if oidc is not None else (),
            tell=told(trust),
            keeper=outbox,
            breached=breached,
        )
        gate = Gate(people, trust, scanner=scanner, sender=sender, matters=matters, outbox=outbox)
        turned_away = Job(
            "requests turned away", TELL_EVERY_S, lambda: gate.turned_away.tell(trust)
        )
        looked = [] if scanner is None else [Job("virus scanner", SCANNER_EVERY_S, scanner.ping)]
        upkeep = Upkeep([*upkeep_jobs(people, trust), turned_away, *looked])
        # In a thread of its own: a mark that waits for a long run looks like a restore.
        marking = Upkeep([Job("mark of the log", MARK_EVERY_S, trust.mark)])
        mover = Mover(outbox)
        try:
            yield gate
        finally:
            mover.close()
            marking.close()
            upkeep.close()
            gate.turned_away.tell(trust)
            people.close()
    finally:
        trust.close()
        if breached is not None:
            breached.close()


def exempt(roles: Sequence[str]) -> frozenset[str]:
    """Roles that may work by password alone. Raises ValueError for one that is none, or that
    always needs a second factor."""
    for role in roles:
        if role not in ROLES or role == SYSTEM:
            raise ValueError(f"--password-alone: {role!r} is no role of people")
        if role in TWO_FACTOR_ROLES:
            raise ValueError(f"--password-alone: {role} always needs a second factor")
    return frozenset(roles)


def upkeep_jobs(people: People, trust: Trust) -> list[Job]:
    """What a server does by itself, as docs/personal-data.md and docs/accounts.md say."""
    return [
        Job("closing cases of the server", CLOSE_EVERY_S, lambda: close_done(trust)),
        Job("retention", RETENTION_EVERY_S, lambda: run_retention(trust)),
        Job("forgetting old sign-ins", FORGET_EVERY_S, people.signin.forget),
        Job("forgetting phones", FORGET_EVERY_S, lambda: forget_phones(trust)),
    ]


def checked(origin: str) -> str:
    parts = urlsplit(origin)
    if origin and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/")):
        raise ValueError(f"--origin: {origin!r} is not of the form https://watch.example")
    return origin


@contextmanager
def no_gate() -> Iterator[None]:
    """Nobody signs in."""
    yield None


def told(trust: Trust) -> Callable[[Event], None]:
    """Puts what happens at signing in into the log."""

    def tell(event: Event) -> None:
        trust.record([as_entry(event)])

    return tell
