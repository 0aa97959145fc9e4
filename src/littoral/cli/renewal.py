"""`littoral keys renew`: asks a server for a new key in the place of the one in a file."""

from __future__ import annotations

import argparse
import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from littoral.cli import say

PATH = "/api/v1/key/renewal"
TIMEOUT_S = 30.0


def add(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", type=Path, metavar="FILE", help="that holds the key and nothing else")
    p.add_argument(
        "--server", required=True, metavar="URL", help="as https://watch.example; http only to "
        "this machine",
    )  # fmt: skip
    p.add_argument(
        "--authority",
        type=Path,
        metavar="FILE",
        help="certificates (PEM) that the server is trusted by, in place of the system's",
    )


def run(args: argparse.Namespace) -> int:
    """0: the file holds the new key. Else it holds the old one, which goes on until its end."""
    import httpx

    from littoral.link.tls import client_context
    from littoral.link.words import detail_of
    from littoral.store.files import write_secret

    try:
        old = args.file.read_text().strip()
        address = base_of(args.server) + PATH
        context = client_context(args.authority)
        with httpx.Client(verify=context, timeout=TIMEOUT_S, follow_redirects=False) as client:
            answer = client.post(address, headers={"authorization": f"Bearer {old}"})
        if answer.status_code != 201:
            say.error(f"{args.file}: not renewed: {answer.status_code} {detail_of(answer)}")
            return 2
        made = answer.json()
        write_secret(args.file, f"{made['key']}\n".encode(), replace=True)
    except (httpx.HTTPError, ValueError, OSError) as problem:
        say.error(say.reason(problem))
        return 2
    print(f"{made['prefix']} until {made['expires']}; the old one until {made['previous_ends']}")
    return 0


def base_of(server: str) -> str:
    """A key is sent over TLS, or to this machine. ValueError."""
    parts = urlsplit(server)
    local = parts.hostname == "localhost" or is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError(f"--server {server!r}: must be https://HOST, or http to this machine")
    return server.rstrip("/")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
