"""`littoral serve`: the live watch over feeds of AIS."""

from __future__ import annotations

import argparse
from pathlib import Path

from littoral.cli import say
from littoral.cli.run import add_rules
from littoral.cli.stopping import end_on_sigterm


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "serve",
        help="the live watch: feeds in, map and alerts out",
        description="Listens on the loopback address alone, since there is no sign-in yet.",
    )
    p.add_argument("--data", type=Path, required=True, metavar="DIR", help="made if absent")
    p.add_argument("--tcp-listen", action="append", default=[], metavar="HOST:PORT")
    p.add_argument(
        "--tcp",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="connect to a receiver and stay connected",
    )
    p.add_argument("--udp", action="append", default=[], metavar="HOST:PORT")
    p.add_argument("--port", type=int, default=8765, help="of the page (%(default)s; 0: any free)")
    p.add_argument(
        "--checkpoint-every",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="what is settled goes into the lake; after a crash the rest is read again from the "
        "journal (%(default)s)",
    )
    add_common(p)
    return p


def add_common(p: argparse.ArgumentParser) -> None:
    add_rules(p)
    p.add_argument("--operator", default="operator", help="who acts, until sign-in exists")
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
    from littoral.engine.live import Live
    from littoral.engine.setup import Plan, live_of
    from littoral.link.tcp import TcpClient, TcpListener, address_of
    from littoral.link.udp import UdpListener

    try:
        plan = Plan.of(args, checkpoint_s=args.checkpoint_every)
        transports = [
            (kind, address_of(text))
            for kind, texts in (
                (TcpListener, args.tcp_listen), (TcpClient, args.tcp), (UdpListener, args.udp)
            )
            for text in texts
        ]  # fmt: skip
        live: Live = live_of(plan)
    except (KeyError, ValueError, OSError) as problem:
        say.error(say.reason(problem))
        return 2
    links = []
    try:
        live.start()
        for kind, (host, port) in transports:
            link = kind(host, port, live.intake)
            live.intake.add_feed(link.name, "udp" if kind is UdpListener else "tcp")
            link.start()
            links.append(link)
            print(f"feed: {link.name}", flush=True)
        serve(
            live,
            port=args.port,
            opened=lambda address: print(f"open {address} (loopback only)", flush=True),
        )
    except OSError as problem:
        say.error(str(problem))
        return 1
    finally:
        for link in links:
            link.stop()
        live.stop()
    return 0
