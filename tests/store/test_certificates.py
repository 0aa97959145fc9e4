"""The deployment's own authority, held against OpenSSL (Python's `ssl`) over real sockets."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from littoral.store import certificates
from littoral.store.certificates import Authority, CertificateError, made, opened

NOW = datetime.now(UTC).replace(microsecond=0)
HOSTS = ["watch.haikou.internal", "127.0.0.1"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return made(tmp_path / "tls", "Haikou watch", HOSTS, NOW)


def reaches(server_file: Path, authority_file: Path, host: str) -> str:
    """Whether OpenSSL, with no trust but in that authority, connects to `host`; else why not."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(server_file)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(authority_file)
    ours, theirs = socket.socketpair()

    def answer() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as line:
                line.recv(1)
        except OSError:
            theirs.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=host):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        ours.close()
        thread.join(10)


@pytest.mark.parametrize("host", HOSTS)
def test_who_trusts_it_reaches_the_server_by_each_of_its_names(
    authority: Authority, host: str
) -> None:
    assert reaches(authority.server_file, authority.folder / "authority.crt", host) == ""


@pytest.mark.parametrize("host", ["10.1.2.3", "fd00::17", "watch.internal"])
def test_a_server_of_one_name_or_address_alone_is_reached_by_it(tmp_path: Path, host: str) -> None:
    authority = made(tmp_path / "tls", "Haikou watch", [host], NOW)
    assert reaches(authority.server_file, authority.folder / "authority.crt", host) == ""


def test_by_another_name_it_is_not_this_server(authority: Authority) -> None:
    why = reaches(authority.server_file, authority.folder / "authority.crt", "bank.example")
    assert "mismatch" in why


@pytest.mark.parametrize("hosts", [["watch.internal"], ["10.1.2.3"], HOSTS])
@pytest.mark.parametrize(
    "victim", [x509.DNSName("bank.example"), x509.IPAddress(certificates.ip_address("10.9.9.9"))]
)
def test_a_stolen_key_vouches_for_no_other_name(
    tmp_path: Path, hosts: list[str], victim: x509.GeneralName
) -> None:
    """A certificate as a thief would make it: good in all but the name."""
    authority = made(tmp_path / "tls", "Haikou watch", hosts, NOW)
    key = serialization.load_pem_private_key(
        (authority.folder / "authority.key").read_bytes(), None
    )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a thief")]))
        .issuer_name(authority.certificate.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([victim]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "forged.pem"
    file.write_bytes(
        forged.public_bytes(serialization.Encoding.PEM)
        + own.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    why = reaches(file, authority.folder / "authority.crt", str(victim.value))
    assert "subtree" in why, why  # OpenSSL: "permitted subtree violation", "excluded subtree …"


def test_its_keys_are_for_their_owner_alone(authority: Authority) -> None:
    for name in ("authority.key", "server.pem"):
        assert stat.S_IMODE((authority.folder / name).stat().st_mode) == 0o600


def test_it_is_found_again_as_it_was_made(authority: Authority) -> None:
    again = opened(authority.folder)
    assert again.fingerprint == authority.fingerprint
    assert [str(h) for h in again.hosts] == HOSTS
    digest = ssl.PEM_cert_to_DER_cert((authority.folder / "authority.crt").read_text())
    import hashlib

    assert again.fingerprint.replace(":", "").lower() == hashlib.sha256(digest).hexdigest()


def test_a_second_one_never_takes_the_place_of_one_that_phones_trust(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="already"):
        made(authority.folder, "another", HOSTS, NOW)


def test_the_servers_certificate_is_renewed_before_it_ends(authority: Authority) -> None:
    later = NOW + timedelta(days=certificates.SERVER_DAYS - 30)
    assert not authority.is_due(NOW)
    assert authority.is_due(later)
    before = authority.server_file.read_bytes()
    authority.issue(later)
    assert authority.server_file.read_bytes() != before
    assert not authority.is_due(later)
    assert authority.server_ends() == later + timedelta(days=certificates.SERVER_DAYS)


def test_without_the_authoritys_key_it_says_what_to_bring(authority: Authority) -> None:
    (authority.folder / "authority.key").unlink()
    with pytest.raises(CertificateError, match=r"authority\.key"):
        authority.issue(NOW)


def test_an_authority_near_its_end_issues_none(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="make a new one"):
        authority.issue(NOW + timedelta(days=certificates.AUTHORITY_DAYS - 10))


@pytest.mark.parametrize("host", ["cn", "watch", "LOCAL"])
def test_it_is_made_for_no_name_that_others_lie_below(tmp_path: Path, host: str) -> None:
    with pytest.raises(CertificateError, match="below"):
        made(tmp_path / "tls", "x", [host], NOW)


@pytest.mark.parametrize(
    "host",
    ["", "two words", "1.2.3", "1.2.3.400", "-a.example", "a..b", "watch.example:8443", "x" * 254],
)
def test_what_is_no_host_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(CertificateError, match="neither"):
        made(tmp_path / "tls", "x", [host], NOW)
    assert not (tmp_path / "tls").exists()
