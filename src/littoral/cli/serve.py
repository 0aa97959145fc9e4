"""`littoral serve`: the live watch over feeds of AIS."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.evidence_options import add_evidence_options, scanner_of
from littoral.cli.feeds import add_feeds, feeds_of
from littoral.cli.log_options import add_log_options, authority_of, witnesses_of
from littoral.cli.run import add_rules
from littoral.cli.sign_in_options import add_sign_in
from littoral.cli.stopping import end_on_sigterm
from littoral.cli.text_options import add_text_options, sender_of
from littoral.cli.tls_options import add_tls, ends_of, say_ends, tls_of

if TYPE_CHECKING:
    from littoral.api.gate import Gate
    from littoral.cli.tls_options import Ends


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "serve",
        help="the live watch: feeds in, map and alerts out",
        description="Listens on the loopback address, and with --tls where others reach it. The "
        "first start prints a link, good once and for an hour, that makes the first administrator.",
    )
    p.add_argument("--data", type=Path, required=True, metavar="DIR", help="made if absent")
    add_feeds(p)
    p.add_argument("--port", type=int, default=8765, help="of the page (%(default)s; 0: any free)")
    p.add_argument(
        "--checkpoint-every",
        type=float,
        default=20.0,
        metavar="SECONDS",
        help="what is settled goes into the lake; after a crash the rest is read again from the "
        "journal (%(default)s)",
    )
    p.add_argument(
        "--live-clients",
        type=int,
        default=5000,
        metavar="N",
        help="pages and systems that get the live picture at once, at most (%(default)s)",
    )
    add_common(p)
    add_log_options(p)
    add_evidence_options(p)
    add_text_options(p)
    add_tls(p)
    return p


def add_common(p: argparse.ArgumentParser) -> None:
    add_rules(p)
    add_sign_in(p)
    p.add_argument(
        "--operator", default="operator", help="who acts with --no-sign-in (%(default)s)"
    )
    p.add_argument(
        "--escalate-after",
        type=float,
        default=300.0,
        metavar="SECONDS",
        help="an unacknowledged warning becomes an alarm (%(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    end_on_sigterm()  # before all that takes seconds to import

    from littoral.api.server import serve
    from littoral.cli.sign_in import REFUSED, gate_over, no_gate
    from littoral.engine.live import Live
    from littoral.engine.setup import Plan, live_of
    from littoral.link.udp import UdpListener
    from littoral.store.journal_format import JournalError

    try:
        plan = Plan.of(args, checkpoint_s=args.checkpoint_every)
        feeds = feeds_of(args)
        witnesses, authority = witnesses_of(args), authority_of(args)
        scanner = scanner_of(args)
        sender = sender_of(args)
        tls = tls_of(args)
        live: Live = live_of(plan)
    except (KeyError, ValueError, OSError, JournalError) as problem:
        say.error(say.reason(problem))
        return 2
    links = []
    try:
        live.start()
        for feed in feeds:
            link = feed(live.intake)
            live.intake.add_feed(link.name, "udp" if isinstance(link, UdpListener) else "tcp")
            link.start()
            links.append(link)
            print(f"feed: {link.name}", flush=True)
        with (
            ends_of(tls) as ends,
            no_gate()
            if args.no_sign_in
            else gate_over(
                args.data,
                live.records,
                args.oidc,
                args.origin if ends is None else ends.origin,
                witnesses,
                authority,
                args.breached_passwords,
                args.password_alone,
                scanner,
                sender,
                proxied=ends is None,
            ) as gate,
        ):
            serve(
                live,
                port=args.port,
                opened=lambda at: _say_address(at, gate, ends),
                gate=gate,
                encrypted=None if ends is None else ends.encrypted,
                live_clients=args.live_clients,
            )
    except (OSError, *REFUSED) as problem:
        say.error(say.reason(problem))
        return 1
    finally:
        for link in links:
            link.stop()
        live.stop()
    return 0


def _say_address(address: str, gate: Gate | None, ends: Ends | None) -> None:
    if gate is None:
        print(f"open {address} (loopback only; no sign-in)", flush=True)
        return
    print(f"open {address} (loopback only)", flush=True)
    say_ends(ends)
    _say_log(gate)
    _say_scanner(gate)
    token = gate.people.signin.first_start_link()
    if token is not None:
        at = address if ends is None else ends.origin
        print(f"first administrator, once and within an hour: {at}/#first-start={token}")
        print(flush=True)


def _say_scanner(gate: Gate) -> None:
    scanner = gate.scanner
    if scanner is None:
        print("evidence that is handed in is not scanned for viruses (--virus-scanner)")
    elif scanner.ping():
        print(f"virus scanner: {scanner.address}")
    else:
        say.error(f"virus scanner: {scanner.scans.error}; no evidence is taken in until it answers")


def _say_log(gate: Gate) -> None:
    from littoral.store.vault.mirrors import on_one_disk

    """What an operator should know of the log and the keys at the start."""
    standing = gate.trust.witnesses_standing()
    if standing.state == "none":
        print("no witness watches over the log: a fork or a rollback cannot be proved (--witness)")
    for witness in standing.witnesses:
        how = f"behind: {witness.error}" if witness.behind else f"{witness.size:,} entries cosigned"
        print(f"witness: {witness.name} at {witness.url}, {how}")
    _say_restored(gate)
    found = gate.trust.reconciled
    if found.came_back:
        print(f"{len(found.came_back)} destroyed keys were back and are destroyed again")
    if found.lost:
        say.error(f"{len(found.lost)} things have no key though nobody erased them: restore it")
    if found.unread:
        say.error(
            f"{len(found.unread)} answers to forms could not be read: nobody is found in them"
        )
    files = gate.trust.vault.keys.files
    if all(on_one_disk(files.folder, mirror) for mirror in files.mirrors):
        print("no mirror of the keys on another disk: with theirs all persons are lost (littoral")
        print("vault mirror)")
    for mirror, keys in found.pending.items():
        why = "is out of reach" if keys < 0 else f"could not take {keys:,} keys"
        say.error(f"mirror of the keys: {mirror} {why}; it lacks new keys and holds destroyed ones")


def _say_restored(gate: Gate) -> None:
    found = gate.trust.restored
    if found.unknown:
        ended = ", ".join(f"{count} {what}" for what, count in found.again if count)
        say.error(
            f"the records were put back: they know nothing of {found.unknown:,} entries of the log."
            f" Done again as it says: {ended or 'nothing'}"
        )
    from littoral.store.vault.pausing import paused

    with gate.trust.vault.db.read() as connection:
        if paused(connection) is not None:
            say.error(
                "retention is paused since a restore: look at the holds, then "
                "`littoral retention resume`"
            )
