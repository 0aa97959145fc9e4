"""`littoral tak`: positions of TAK devices (ATAK, iTAK, WinTAK) to a Littoral server."""

from __future__ import annotations

import argparse
import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from littoral.cli import say
from littoral.cli.renewal import base_of, is_loopback
from littoral.cli.stopping import end_on_sigterm

if TYPE_CHECKING:
    import ssl

    from littoral.link.positions_out import PositionsOut
    from littoral.link.tak import Tak


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "tak",
        help="positions of TAK devices to a server",
        description="TAK devices connect here as to a TAK server, or this connects to one. What a "
        "device says of its own place goes to the responder that bears its UID; chat, files and "
        "markers are dropped unread. Where a person is, the server takes during a task alone.",
    )
    p.add_argument(
        "--server", required=True, metavar="URL", help="of Littoral, as https://watch.example; "
        "http only to this machine",
    )  # fmt: skip
    p.add_argument(
        "--key-file", type=Path, required=True, metavar="FILE",
        help="a key that may responder.report (docs/accounts.md)",
    )  # fmt: skip
    p.add_argument(
        "--server-authority", type=Path, metavar="FILE",
        help="certificates (PEM) that the server is trusted by, in place of the system's",
    )  # fmt: skip
    p.add_argument(
        "--listen", metavar="HOST:PORT", help="devices connect here; tls:HOST:PORT by TLS, without "
        "it on this machine alone",
    )  # fmt: skip
    p.add_argument(
        "--connect", metavar="HOST:PORT", help="a TAK server to follow; tls:HOST:PORT by TLS"
    )
    p.add_argument(
        "--certificate", type=Path, metavar="FILE", help="own certificate and its key (PEM)"
    )
    p.add_argument(
        "--authority", type=Path, metavar="FILE",
        help="certificates (PEM) under which those of devices, or of the TAK server, must lie",
    )  # fmt: skip
    return p


def run(args: argparse.Namespace) -> int:
    end_on_sigterm()

    import httpx

    from littoral.link.positions_out import PositionsOut, ServerRefused, follow
    from littoral.link.tak import Tak
    from littoral.link.tls import client_context

    try:
        listening = None if args.listen is None else _listening(args)
        connecting = None if args.connect is None else _connecting(args)
        if listening is None and connecting is None:
            raise ValueError("give --listen or --connect")
        key = args.key_file.read_text().strip()
        context = client_context(args.server_authority)
        base = base_of(args.server)
    except (ValueError, OSError) as problem:
        say.error(say.reason(problem))
        return 2
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=base, headers=headers, verify=context, timeout=10.0) as client:
        out = PositionsOut(client)
        tak = Tak(out.hear)
        devices = threading.Thread(
            target=lambda: asyncio.run(_serve(tak, listening, connecting)), daemon=True
        )
        devices.start()

        def stopped(pause_s: float) -> bool:
            devices.join(pause_s)
            return not devices.is_alive()

        try:
            follow(out, stopped)
        except ServerRefused as refused:
            say.error(f"the server takes nothing from this key: {refused}")
            return 1
        finally:
            _sum_up(tak, out)
    return 1  # the devices' side ended by itself, and has said why


Place = tuple[str, int, "ssl.SSLContext | None"]


async def _serve(tak: Tak, listening: Place | None, connecting: Place | None) -> None:
    jobs = []
    if listening is not None:
        try:
            server = await tak.listen(*listening)
        except OSError as problem:
            say.error(f"{listening[0]}:{listening[1]}: {say.reason(problem)}")
            return
        host, port = server.sockets[0].getsockname()[:2]
        print(f"TAK devices: {host}:{port}", flush=True)
        jobs.append(server.serve_forever())
    if connecting is not None:
        jobs.append(tak.stay_connected(*connecting))
    await asyncio.gather(*jobs)


def _listening(args: argparse.Namespace) -> Place:
    """ValueError, OSError."""
    from littoral.link.tcp import address_of
    from littoral.link.tls import PREFIX, server_context

    host, port = address_of(args.listen.removeprefix(PREFIX), 8089)
    if args.listen.startswith(PREFIX):
        if args.certificate is None or args.authority is None:
            raise ValueError(f"--listen {args.listen}: give --certificate and --authority too")
        return host, port, server_context(args.certificate, args.authority)
    if not is_loopback(host):
        raise ValueError(
            f"--listen {args.listen}: where people are would go over the network in clear, and "
            "anybody could say so; write tls: before it"
        )
    return host, port, None


def _connecting(args: argparse.Namespace) -> Place:
    from littoral.link.tcp import address_of
    from littoral.link.tls import PREFIX, client_context

    host, port = address_of(args.connect.removeprefix(PREFIX), 8089)
    if not args.connect.startswith(PREFIX):
        return host, port, None
    return host, port, client_context(args.authority, args.certificate)


def _sum_up(tak: Tak, out: PositionsOut) -> None:
    counts = tak.counts
    print(
        f"heard {counts.positions} positions, sent {out.sent}; dropped unread {counts.ignored}",
        flush=True,
    )
    for reason, number in sorted({**counts.rejected, **out.refused}.items()):
        print(f"not taken, {reason}: {number}", flush=True)
