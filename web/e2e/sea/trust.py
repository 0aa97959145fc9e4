"""Makes a browser on Linux trust an authority, as a phone whose owner installed it does: an NSS
database in a home of its own, with the certificate as trusted for servers. What
`certutil -A -t C,,` does, by the library that Chromium is built on, since the tool itself is
seldom there.

    python trust.py AUTHORITY.crt FOLDER-OF-THE-DATABASE"""

from __future__ import annotations

import base64
import re
import sys
from ctypes import CDLL, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p
from pathlib import Path

INVALID_HANDLE = 0  # CK_INVALID_HANDLE: the certificate comes without a key
TRUSTED_FOR_SERVERS = 0x08 | 0x10  # CERTDB_VALID_CA | CERTDB_TRUSTED_CA, of certdb.h


class Trust(c_uint * 3):
    """CERTCertTrust: for servers, mail and code."""


def main(authority: Path, folder: Path) -> None:
    pem = re.search("-----BEGIN CERTIFICATE-----(.+?)-----END", authority.read_text(), re.DOTALL)
    if pem is None:
        raise SystemExit(f"{authority} has no certificate")
    der = base64.b64decode(pem[1])
    nss, smime = CDLL("libnss3.so"), CDLL("libsmime3.so")
    decode = smime.CERT_DecodeCertFromPackage
    for function in (decode, nss.PK11_GetInternalKeySlot, nss.CERT_GetDefaultCertDB):
        function.restype = c_void_p
    decode.argtypes = [c_char_p, c_int]
    nss.PK11_InitPin.argtypes = [c_void_p, c_char_p, c_char_p]
    nss.PK11_ImportCert.argtypes = [c_void_p, c_void_p, c_ulong, c_char_p, c_int]
    nss.CERT_ChangeCertTrust.argtypes = [c_void_p, c_void_p, c_void_p]

    def done(status: int, what: str) -> None:
        if status != 0:
            raise SystemExit(f"{what}: NSS error {nss.PORT_GetError()}")

    folder.mkdir(parents=True)
    done(nss.NSS_InitReadWrite(f"sql:{folder}".encode()), "the database could not be made")
    slot = nss.PK11_GetInternalKeySlot()
    done(nss.PK11_InitPin(slot, None, b""), "the database could not be opened")
    certificate = decode(der, len(der))
    if not certificate:
        raise SystemExit(f"{authority} could not be read: NSS error {nss.PORT_GetError()}")
    done(
        nss.PK11_ImportCert(slot, certificate, INVALID_HANDLE, b"authority", 0),
        "the authority could not be kept",
    )
    trust = Trust(TRUSTED_FOR_SERVERS, 0, 0)
    done(
        nss.CERT_ChangeCertTrust(nss.CERT_GetDefaultCertDB(), certificate, byref(trust)),
        "the authority could not be trusted",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
