"""Options of where others reach the server: by TLS, and the page that lets phones trust it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    from littoral.api.server import Encrypted
    from littoral.store.certificates import Authority

RENEWAL_EVERY_S = 24 * 3600.0
FOLDER = "tls"  # in the folder of keys


def add_tls(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--tls",
        default="",
        metavar="HOST:PORT",
        help="others reach the server here, by HTTPS: as 0.0.0.0:8443. With --certificate, or with "
        "one by the deployment's own authority (littoral tls make)",
    )
    p.add_argument(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="certificate (with what leads to its authority) and key, PEM, for --tls; --origin "
        "names the host",
    )
    p.add_argument(
        "--trust-page",
        default="",
        metavar="HOST:PORT",
        help="a page over plain HTTP that gives phones the own authority's certificate and says "
        "what to do with it, and nothing else: as 0.0.0.0:8080",
    )


@dataclass(frozen=True)
class Tls:
    """What the command line asks for. `authority`: None where others gave the certificate."""

    host: str
    port: int
    context: ssl.SSLContext
    authority: Authority | None
    origin: str
    trust_page: tuple[str, int] | None


@dataclass(frozen=True)
class Ends:
    """Where others reach the server. `origin`: as browsers name it."""

    encrypted: Encrypted
    origin: str
    trust: str = ""  # address of the page of trust


def tls_of(args: argparse.Namespace) -> Tls | None:
    """None: nobody else reaches the server. Raises ValueError, OSError."""
    if not args.tls:
        for name in ("certificate", "trust_page"):
            if getattr(args, name):
                raise ValueError(f"--{name.replace('_', '-')}: needs --tls")
        return None
    from littoral.link.tcp import address_of
    from littoral.link.tls import server_context

    if args.no_sign_in:
        raise ValueError("--tls: without sign-in whoever reaches the server could do everything")
    host, port = address_of(args.tls)
    trust_page = address_of(args.trust_page) if args.trust_page else None
    if args.certificate is None:
        authority = own_authority(args.data)
        if authority.is_due(datetime.now(UTC)):
            authority.issue(datetime.now(UTC))
        context = server_context(authority.server_file)
    else:
        authority, context = None, server_context(args.certificate)
        if not args.origin:
            raise ValueError("--certificate: name the address of the page with --origin")
        if trust_page is not None:
            raise ValueError("--trust-page: phones trust the authority of --certificate already")
    context.num_tickets = 2  # phones come back often: without one each handshake is a whole one
    return Tls(host, port, context, authority, args.origin, trust_page)


@contextmanager
def ends_of(tls: Tls | None) -> Iterator[Ends | None]:
    """Bound, and the page of trust served, until the end of the block. Raises OSError."""
    if tls is None:
        yield None
        return
    from littoral.api.server import Encrypted, bind, serving
    from littoral.api.trust_page import trust_app
    from littoral.engine.upkeep import Job, Upkeep

    authority, context = tls.authority, tls.context
    with ExitStack() as ends:
        bound = ends.enter_context(bind(tls.host, tls.port))
        if authority is None:
            yield Ends(Encrypted(bound, context), tls.origin)
            return
        name = within_url(str(authority.hosts[0]))
        origin = tls.origin or origin_of(name, bound.getsockname()[1])
        trust = ""
        if tls.trust_page is not None:
            app = trust_app(authority, f"{origin}/phone/")
            plain = ends.enter_context(serving(app, bound=bind(*tls.trust_page)))
            trust = f"http://{name}:{plain.rpartition(':')[2]}/"
        upkeep = Upkeep([Job("certificate", RENEWAL_EVERY_S, lambda: renew(authority, context))])
        ends.callback(upkeep.close)
        yield Ends(Encrypted(bound, context), origin, trust)


def own_authority(data: Path) -> Authority:
    """Raises ValueError when there is none."""
    from littoral.engine.trust import keys_folder
    from littoral.store.certificates import CertificateError, opened

    try:
        return opened(keys_folder(data) / FOLDER)
    except CertificateError as error:
        raise ValueError(f"--tls: {error}: littoral tls make HOST --data {data}") from None


def renew(authority: Authority, context: ssl.SSLContext) -> None:
    """For who connects from now on; those who are connected stay."""
    now = datetime.now(UTC)
    if authority.is_due(now):
        context.load_cert_chain(authority.issue(now))


def origin_of(name: str, port: int) -> str:
    return f"https://{name}" if port == 443 else f"https://{name}:{port}"


def within_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def say_ends(ends: Ends | None) -> None:
    if ends is None:
        return
    print(f"others reach it at {ends.origin}", flush=True)
    if ends.trust:
        print(f"phones come to trust it at {ends.trust} (littoral tls sheet)", flush=True)
