"""A certificate authority of a deployment's own, for networks without a public name.

Phones keep a page for use without a network only over HTTPS, and no public authority gives a
certificate for an address of an internal network. Who trusts this authority trusts it for the names
it was made for, with what lies below them, and for no other (name constraints, RFC 5280, section
4.2.1.10): whoever steals its key can pose as this server, and as nobody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from littoral.store.files import write_new, write_secret

KEY, CERTIFICATE, SERVER = "authority.key", "authority.crt", "server.pem"
AUTHORITY_DAYS = 3650  # to trust a new one, every phone has to be in somebody's hand
# iOS takes none of more than 825 days of any authority (Apple, "Requirements for trusted
# certificates in iOS 13"); 397 is what public authorities may give.
SERVER_DAYS = 397
RENEW_DAYS = 60  # before the end: time enough for an authority whose key lies in a safe
EARLIER = timedelta(days=1)  # a phone's clock may be behind

_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)

Host = str | IPv4Address | IPv6Address


class CertificateError(ValueError):
    """What is asked for cannot be had; the text says why."""


@dataclass(frozen=True)
class Authority:
    """In a folder of its own, which the keys of a deployment lie in."""

    folder: Path
    certificate: x509.Certificate

    @property
    def hosts(self) -> tuple[Host, ...]:
        """The names and addresses that it may vouch for."""
        limits = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return tuple(
            limit.value if isinstance(limit, x509.DNSName) else limit.value.network_address
            for limit in limits.permitted_subtrees or ()
        )

    @property
    def title(self) -> str:
        """As phones list it."""
        (name,) = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(name.value)

    @property
    def fingerprint(self) -> str:
        """SHA-256, as phones show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def ends(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def server_file(self) -> Path:
        """Certificate and key of the server, PEM."""
        return self.folder / SERVER

    def server_ends(self) -> datetime | None:
        """Until when that of the server is good; None: there is none."""
        try:
            issued = x509.load_pem_x509_certificate(self.server_file.read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return issued.not_valid_after_utc

    def is_due(self, now: datetime) -> bool:
        """Whether the server needs a new one by now."""
        ends = self.server_ends()
        return ends is None or ends - now < timedelta(days=RENEW_DAYS)

    def issue(self, now: datetime) -> Path:
        """A new certificate with a new key for the server, in place of the one it had. Raises
        CertificateError when the authority's key is not there, or its time is nearly over."""
        try:
            key = serialization.load_pem_private_key((self.folder / KEY).read_bytes(), None)
        except FileNotFoundError:
            raise CertificateError(
                f"{self.folder / KEY} is not there: bring the authority's key back to renew the "
                "server's certificate"
            ) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise CertificateError(f"{self.folder / KEY} is no key of this authority")
        if self.ends - now < timedelta(days=RENEW_DAYS):
            raise CertificateError(
                f"the authority ends on {self.ends:%Y-%m-%d}: make a new one, which every phone "
                "has to come to trust"
            )
        own = ec.generate_private_key(ec.SECP256R1())
        ends = min(now + timedelta(days=SERVER_DAYS), self.ends)
        names = [_general(host) for host in self.hosts]
        first = self.hosts[0]
        # OpenSSL takes a title with a dot and no space for a name, which an authority for addresses
        # alone may not vouch for.
        title = first if isinstance(first, str) else f"Littoral {first}"
        issued = (
            _begun(_title(title), self.certificate.subject, own, now, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        pem = issued.public_bytes(serialization.Encoding.PEM) + _pem(own)
        write_secret(self.server_file, pem, replace=True)
        return self.server_file


def made(folder: Path, name: str, hosts: list[str], now: datetime) -> Authority:
    """A new authority, called `name` where phones list what they trust, and a certificate for the
    server. The first of `hosts` is the one that phones are given. Raises CertificateError when
    there is one already, or for a host that is none."""
    if (folder / CERTIFICATE).exists():
        raise CertificateError(f"there is an authority in {folder} already, which phones may trust")
    if not hosts:
        raise CertificateError("no name or address for the server")
    limits = [_limit(checked_host(host)) for host in hosts]
    key = ec.generate_private_key(ec.SECP256R1())
    title = _title(name)
    certificate = (
        _begun(title, title, key, now, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(limits, _none_of_the_other_kind(limits)), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_secret(folder / KEY, _pem(key), replace=True)
    # Last: with it, there is an authority.
    write_new(folder / CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    authority = Authority(folder, certificate)
    authority.issue(now)
    return authority


def opened(folder: Path) -> Authority:
    """Raises CertificateError when there is none."""
    try:
        pem = (folder / CERTIFICATE).read_bytes()
    except FileNotFoundError:
        raise CertificateError(f"there is no authority in {folder}") from None
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        authority = Authority(folder, certificate)
        if not authority.hosts:
            raise ValueError("it is made for no name")
    except (ValueError, x509.ExtensionNotFound) as error:
        raise CertificateError(f"{folder / CERTIFICATE}: {error}") from error
    return authority


def checked_host(text: str) -> Host:
    """A name or an address. Raises CertificateError, for `cn` too: who may vouch for a name may
    vouch for all names below it (RFC 5280, section 4.2.1.10)."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        pass
    name = text.lower().rstrip(".")
    # The last label of a name that is no address holds a letter (RFC 3696, section 2).
    if not _NAME.fullmatch(name) or name.rsplit(".", 1)[-1].isdigit():
        raise CertificateError(f"{text!r} is neither a name nor an address of a machine")
    if "." not in name and name != "localhost":
        raise CertificateError(
            f"{text!r} has no point: an authority for it could pose as all below it"
        )
    return name


def _none_of_the_other_kind(limits: list[x509.GeneralName]) -> list[x509.GeneralName] | None:
    """A kind of which none is permitted would be free: so all of it is excluded."""
    kinds = {type(limit) for limit in limits}
    excluded: list[x509.GeneralName] = []
    if x509.DNSName not in kinds:
        excluded.append(x509.DNSName(""))
    if x509.IPAddress not in kinds:
        excluded += [x509.IPAddress(ip_network("0.0.0.0/0")), x509.IPAddress(ip_network("::/0"))]
    return excluded or None


def _general(host: Host) -> x509.GeneralName:
    return x509.DNSName(host) if isinstance(host, str) else x509.IPAddress(host)


def _limit(host: Host) -> x509.GeneralName:
    return x509.DNSName(host) if isinstance(host, str) else x509.IPAddress(ip_network(host))


def _title(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - EARLIER)
        .not_valid_after(ends.astimezone(UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
