"""TLS for feeds: who sends is known by a certificate, and nobody between can read or change a line.

TLS 1.2 and 1.3, forward secrecy alone. There is no way back to an open line: a feed that is named
with `tls:` either is encrypted and its certificate is good, or it is not connected.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "tls:"
HANDSHAKE_S = 10.0
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all good


def client_context(authority: Path | None, certificate: Path | None = None) -> ssl.SSLContext:
    """`authority`: certificates (PEM) under which a sender's must lie, of the host name that is
    connected to; None: those of the system. `certificate`: with its key (PEM), shown to a sender
    that asks. OSError, ValueError when a file cannot be used."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is None:
        made.load_default_certs()
    return _ready(made, authority, certificate)


def server_context(certificate: Path, authority: Path | None = None) -> ssl.SSLContext:
    """`certificate`: with its key (PEM). `authority`: senders must show a certificate under it;
    None: anybody may send. OSError, ValueError when a file cannot be used."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Tickets are written after the handshake: to a sender that has sent its lines and is gone, that
    # fails, and the lines, which wait to be read, would be lost with it.
    made.num_tickets = 0
    if authority is not None:
        made.verify_mode = ssl.CERT_REQUIRED
    return _ready(made, authority, certificate)


def _ready(
    made: ssl.SSLContext, authority: Path | None, certificate: Path | None
) -> ssl.SSLContext:
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(_CIPHERS)
    if authority is not None:
        with _named(authority):
            made.load_verify_locations(authority)
    if certificate is not None:
        with _named(certificate):
            made.load_cert_chain(certificate, password=_no_password)
    return made


def _no_password() -> str:
    """Nobody is there to be asked for one."""
    raise ValueError("the key is locked by a password; give one that is not, readable by us alone")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Errors say which file."""
    try:
        yield
    except ssl.SSLError as error:
        said = (error.reason or "holds no certificate").replace("_", " ").lower()
        raise ValueError(f"{path}: {said}") from error
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
