"""Options of feeds, and the transports that they name."""

from __future__ import annotations

import argparse
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path

from littoral.link.sink import Sink
from littoral.link.tcp import TcpClient, TcpListener, address_of
from littoral.link.tls import PREFIX, client_context, server_context
from littoral.link.udp import UdpListener

Feed = TcpListener | TcpClient | UdpListener


def add_feeds(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--tcp-listen",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="receivers connect here; tls:HOST:PORT by TLS, with --feed-certificate",
    )
    p.add_argument(
        "--tcp",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="connect to a receiver and stay connected; tls:HOST:PORT by TLS",
    )
    p.add_argument("--udp", action="append", default=[], metavar="HOST:PORT")
    p.add_argument(
        "--feed-authority",
        type=Path,
        metavar="FILE",
        help="certificates (PEM) under which those of feeds by TLS must lie; without it the "
        "system's for --tcp, and --tcp-listen asks senders for none",
    )
    p.add_argument(
        "--feed-certificate",
        type=Path,
        metavar="FILE",
        help="own certificate and its key (PEM), for feeds by TLS",
    )


def feeds_of(args: argparse.Namespace) -> list[Callable[[Sink], Feed]]:
    """One for each feed, to be called with where its lines go. ValueError, OSError."""
    listeners: list[Callable[[Sink], Feed]] = [
        partial(_listener, *_place(text), _server_tls(text, args)) for text in args.tcp_listen
    ]
    clients: list[Callable[[Sink], Feed]] = [
        partial(_client, *_place(text), _client_tls(text, args)) for text in args.tcp
    ]
    datagrams: list[Callable[[Sink], Feed]] = [
        partial(UdpListener, *address_of(text)) for text in args.udp
    ]
    return [*listeners, *clients, *datagrams]


def _listener(host: str, port: int, tls: ssl.SSLContext | None, sink: Sink) -> Feed:
    return TcpListener(host, port, sink, tls)


def _client(host: str, port: int, tls: ssl.SSLContext | None, sink: Sink) -> Feed:
    return TcpClient(host, port, sink, tls)


def _place(text: str) -> tuple[str, int]:
    return address_of(text.removeprefix(PREFIX))


def _server_tls(text: str, args: argparse.Namespace) -> ssl.SSLContext | None:
    if not text.startswith(PREFIX):
        return None
    if args.feed_certificate is None:
        raise ValueError(f"--tcp-listen {text}: give --feed-certificate too")
    return server_context(args.feed_certificate, args.feed_authority)


def _client_tls(text: str, args: argparse.Namespace) -> ssl.SSLContext | None:
    if not text.startswith(PREFIX):
        return None
    return client_context(args.feed_authority, args.feed_certificate)
