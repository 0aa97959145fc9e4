"""Feeds by TLS over real sockets: lines arrive, and whoever has no good certificate does not."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from littoral.link.tcp import TcpClient, TcpListener
from littoral.link.tls import client_context, server_context

from .test_sockets import Kept

LINES = b"!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C\r\n" * 500


@dataclass
class Authority:
    """One that is of these tests alone."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.own = self._signed(self.key, self.name, None, True)
        self.file = self.folder / f"{self.name}.pem"
        self.file.write_bytes(self.own.public_bytes(serialization.Encoding.PEM))

    def issue(self, host: str, days: int = 1) -> Path:
        """Certificate and key in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._signed(key, host, host, False, days)
        path = self.folder / f"{self.name}-{host}-{days}.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path

    def _signed(
        self, key: ec.EllipticCurvePrivateKey, subject: str, host: str | None, ca: bool,
        days: int = 1,
    ) -> x509.Certificate:  # fmt: skip
        now = datetime.now(UTC)
        names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)])
                 for n in (subject, self.name)]  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(names[0])
            .issuer_name(names[1])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=3))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca, None), True)
        )
        if host is not None:
            names_of = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
            made = made.add_extension(names_of, False)
        return made.sign(self.key, hashes.SHA256())


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@contextmanager
def sender(context: ssl.SSLContext) -> Iterator[int]:
    """A receiver's TLS server that sends LINES to each who connects; its port."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                plain, _ = server.accept()
                plain.settimeout(5)
                with context.wrap_socket(plain, server_side=True) as secured:
                    secured.sendall(LINES)
            except (TimeoutError, ssl.SSLError, ConnectionError):
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        server.close()


def peer(certificate: Path, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """Made by hand, not by the module that is tested."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.maximum_version = version
    made.load_cert_chain(certificate)
    return made


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_lines_of_a_receiver_that_is_who_it_says(ours: Authority, version: ssl.TLSVersion) -> None:
    kept = Kept()
    with sender(peer(ours.issue("127.0.0.1"), version)) as port:
        client = TcpClient("127.0.0.1", port, kept, client_context(ours.file))
        client.start()
        try:
            assert kept.wait(lambda: LINES in kept.data.values())
        finally:
            client.stop()
    assert client.name == f"tls 127.0.0.1:{port}"
    assert kept.failures == []


@pytest.mark.parametrize(
    ("authority", "host", "days", "said"),
    [
        ("theirs", "127.0.0.1", 1, "unable to get local issuer certificate"),
        ("ours", "127.0.0.2", 1, "IP address mismatch"),
        ("ours", "127.0.0.1", -1, "certificate has expired"),
    ],
)
def test_a_receiver_whose_certificate_is_not_good(
    ours: Authority, tmp_path: Path, authority: str, host: str, days: int, said: str
) -> None:
    by = ours if authority == "ours" else Authority(tmp_path, authority)
    kept = Kept()
    with sender(peer(by.issue(host, days))) as port:
        client = TcpClient("127.0.0.1", port, kept, client_context(ours.file))
        client.start()
        try:
            assert kept.wait(lambda: kept.failures)
        finally:
            client.stop()
    assert "the certificate is not good" in kept.failures[0][1]
    assert said in kept.failures[0][1]
    assert kept.data == {}


def test_an_open_line_where_tls_is_wanted_is_not_taken(ours: Authority) -> None:
    kept = Kept()
    listener = TcpListener("127.0.0.1", 0, kept, server_context(ours.issue("127.0.0.1")))
    listener.start()
    try:
        with socket.create_connection(("127.0.0.1", listener.port)) as plain:
            plain.sendall(LINES)
            assert kept.wait(lambda: kept.failures)
    finally:
        listener.stop()
    assert kept.failures[0][0] == listener.name == f"tls-listen 127.0.0.1:{listener.port}"
    assert kept.data == {}


@pytest.mark.parametrize("shown", ["ours", "theirs", "none"])
def test_only_senders_with_a_certificate_of_ours_may_send(
    ours: Authority, tmp_path: Path, shown: str
) -> None:
    kept = Kept()
    tls = server_context(ours.issue("127.0.0.1"), ours.file)
    listener = TcpListener("127.0.0.1", 0, kept, tls)
    listener.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ours.file)
    if shown != "none":
        by = ours if shown == "ours" else Authority(tmp_path, shown)
        context.load_cert_chain(by.issue("127.0.0.9"))
    try:
        plain = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
        try:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
                secured.sendall(LINES)
        except (ssl.SSLError, ConnectionError):
            assert shown != "ours"
        if shown == "ours":
            assert kept.wait(lambda: LINES in kept.data.values())
        else:
            assert kept.wait(lambda: kept.failures)
            assert kept.data == {}
    finally:
        listener.stop()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_listener_says_nothing_after_the_handshake(
    ours: Authority, version: ssl.TLSVersion
) -> None:
    """To write to a sender that is gone already would be a failure, and its lines would be lost."""
    kept = Kept()
    listener = TcpListener("127.0.0.1", 0, kept, server_context(ours.issue("127.0.0.1")))
    listener.start()
    context = ssl.create_default_context(cafile=ours.file)
    context.maximum_version = version
    try:
        plain = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
            secured.sendall(LINES)
            assert kept.wait(lambda: LINES in kept.data.values())
            assert select.select([secured], [], [], 0)[0] == []
    finally:
        listener.stop()


def test_old_versions_are_not_spoken(ours: Authority) -> None:
    certificate = ours.issue("127.0.0.1")
    for made in (client_context(ours.file), server_context(certificate)):
        assert made.minimum_version == ssl.TLSVersion.TLSv1_2
        names = [c["name"] for c in made.get_ciphers()]
        assert len(names) > 5
        assert [n for n in names if not n.startswith(("TLS_", "ECDHE-"))] == []


def test_files_that_cannot_be_used_are_named(ours: Authority, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("no certificate")
    with pytest.raises(ValueError, match=r"nothing\.pem: "):
        client_context(nothing)
    with pytest.raises(ValueError, match=r"nothing\.pem: "):
        server_context(nothing)
    with pytest.raises(FileNotFoundError, match=r"gone\.pem"):
        server_context(tmp_path / "gone.pem")
    with pytest.raises(ValueError, match=r"ours\.pem: "):  # no key in it
        server_context(ours.file)
