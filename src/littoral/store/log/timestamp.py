"""Time stamps after RFC 3161 on checkpoints: what is asked, and whether an answer holds. Pure.

Beside the checkpoint lie two files for each stamp:

    stamps/<size, 20 digits>.checkpoint   the signed note, byte for byte as it was stamped
    stamps/<size, 20 digits>.tsr          the authority's answer (TimeStampResp, DER)

so that `openssl ts -verify -data X.checkpoint -in X.tsr -CAfile AUTHORITY` checks it too. SHA-256
over the note. The certificate file holds, in PEM, the roots that are trusted for stamps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

FOLDER = "stamps"
MAX_ANSWER = 1 << 16
# What the parsers raise for bytes that are no certificate.
UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension)
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class StampError(Exception):
    """No stamp on this, or none by an authority that is trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority said: this existed at `time`."""

    time: datetime  # UTC
    serial: int
    authority: str  # subject of its certificate, RFC 4514


def names(size: int) -> tuple[str, str]:
    """Of the two files under the log's folder."""
    return f"{FOLDER}/{size:020d}.checkpoint", f"{FOLDER}/{size:020d}.tsr"


def request(data: bytes) -> tuple[bytes, int]:
    """TimeStampReq in DER with a nonce, and the nonce."""
    builder = TimestampRequestBuilder(data=data, hash_algorithm=HashAlgorithm.SHA256)
    made = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    if made.nonce is None:
        raise StampError("the request has no nonce")
    return made.as_bytes(), made.nonce


def certificates(pem: bytes) -> list[x509.Certificate]:
    """Raises StampError when there is none in the file."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise StampError(f"no certificates in PEM: {error}") from None
    if not found:
        raise StampError("no certificates in PEM")
    return found


def verify(
    answer: bytes, data: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> Stamp:
    """That the authority stamped `data`, by a certificate under one of the roots that was valid
    then. `nonce`: of the request, where the answer is a fresh one. Raises StampError."""
    found = _decoded(answer)
    imprint = found.tst_info.message_imprint
    if imprint.hash_algorithm != SHA256 or imprint.message != hashlib.sha256(data).digest():
        raise StampError("the stamp is on something else")
    if nonce is not None and found.tst_info.nonce != nonce:
        raise StampError("the stamp answers another request: its nonce differs")
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify(found, imprint.message)  # at the time that the stamp says
        signer = _signer(found)
    except (VerificationError, *UNREADABLE) as error:
        raise StampError(f"the stamp is not by a trusted authority: {error}") from None
    return Stamp(found.tst_info.gen_time, found.tst_info.serial_number, signer)


def _decoded(answer: bytes) -> TimeStampResponse:
    if len(answer) > MAX_ANSWER:
        raise StampError(f"an answer of {len(answer)} bytes; at most {MAX_ANSWER}")
    try:
        found = decode_timestamp_response(answer)
        if found.status not in (0, 1):  # granted, granted with modifications (RFC 3161, 2.4.2)
            said = "; ".join(found.status_string)
            raise StampError(f"the authority refused, status {found.status}: {said}"[:300])
        found.tst_info  # noqa: B018  (parses: an answer without a token is none)
    except ValueError as error:
        raise StampError(f"no answer of a time-stamp authority: {error}") from None
    return found


def _signer(found: TimeStampResponse) -> str:
    """Subject of the certificate that the one signature names."""
    (by,) = found.signed_data.signer_infos
    for der in found.signed_data.certificates:
        sent = x509.load_der_x509_certificate(der)
        if (sent.issuer, sent.serial_number) == (by.issuer, by.serial_number):
            return sent.subject.rfc4514_string()
    raise StampError("the authority's certificate is not in its answer")
