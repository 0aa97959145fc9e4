"""The master key: wraps the data keys; lies in a file of its own, or under a custodian's seal.

The file holds one key, or two while the keys are being wrapped anew (the new one first). It is
neither in the data folder nor in the key folder, so that none of the three alone gives anything.
A sealed copy is the master key under a custodian's passphrase (scrypt, RFC 7914, N = 2^17 as OWASP
recommends for it), as lines of text that can be printed: two of them, with two custodians, are how
the keys outlive a fire.
"""

from __future__ import annotations

import base64
import json
import os
import textwrap
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from littoral.store.files import write_secret
from littoral.store.vault import sealing
from littoral.store.vault.ids import new_id
from littoral.store.vault.sealing import SealError

FORMAT = "littoral-master/1"
SEALED_FORMAT = "littoral-sealed-master/1"
MIN_PASSPHRASE = 16
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
MOST_SCRYPT_BYTES = 512 << 20  # four times what SCRYPT takes: room for a later choice
MOST_SCRYPT_LANES = 4


class MasterError(Exception):
    """The master key cannot be read or written; the message says why."""


@dataclass(frozen=True)
class Master:
    id: str
    algorithm: str
    key: bytes

    def __repr__(self) -> str:
        return f"Master({self.id}, {self.algorithm})"  # never the key, in no log and no traceback


def master_file(data: Path) -> Path:
    """Where the master key of a data folder lies: beside it."""
    data = data.resolve()
    return data.with_name(data.name + "-master") / "master.json"


def new_master(now_us: int, algorithm: str = sealing.AES) -> Master:
    return Master(new_id(now_us), algorithm, sealing.new_key(algorithm))


def write_masters(path: Path, masters: list[Master]) -> None:
    """Replaces the file, readable by its owner alone; the old file's bytes are overwritten."""
    rows = [{"id": m.id, "algorithm": m.algorithm, "key": m.key.hex()} for m in masters]
    text = json.dumps({"format": FORMAT, "keys": rows}, indent=1).encode()
    old = os.open(path, os.O_WRONLY) if path.exists() else None
    write_secret(path, text, replace=True)
    if old is not None:
        os.pwrite(old, os.urandom(os.fstat(old).st_size), 0)
        os.fsync(old)
        os.close(old)


def read_masters(path: Path) -> list[Master]:
    """The current one first. Raises MasterError, also when others may read the file."""
    try:
        mode = path.stat().st_mode
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise MasterError(
            f"{path}: no master key is here; restore it from a custodian's sealed copy"
        ) from None
    except (ValueError, RecursionError):
        raise MasterError(f"{path}: is damaged; restore it from a sealed copy") from None
    if mode & 0o077:
        raise MasterError(f"{path}: others may read it; chmod 600 it and consider rotating it")
    if not isinstance(found, dict) or found.get("format") != FORMAT or not found.get("keys"):
        raise MasterError(f"{path}: has another format than {FORMAT}")
    try:
        rows = [(r["id"], r["algorithm"], bytes.fromhex(r["key"])) for r in found["keys"]]
    except (ValueError, KeyError, TypeError):
        raise MasterError(f"{path}: is damaged; restore it from a sealed copy") from None
    if not all(isinstance(word, str) for row in rows for word in row[:2]):
        raise MasterError(f"{path}: is damaged; restore it from a sealed copy")
    return [Master(*row) for row in rows]


def seal_copy(master: Master, custodian: str, passphrase: str) -> str:
    """Text for a custodian's envelope. Raises MasterError for a short passphrase, and for a name
    that would not stand on one line."""
    if not custodian.isprintable() or not custodian.strip():
        raise MasterError("the custodian needs a name on one line")
    if len(passphrase) < MIN_PASSPHRASE:
        raise MasterError(f"the passphrase needs {MIN_PASSPHRASE} characters or more")
    salt = os.urandom(16)
    where = sealing.context(SEALED_FORMAT, master.id, master.algorithm, custodian)
    body = {
        "format": SEALED_FORMAT,
        "custodian": custodian,
        "id": master.id,
        "algorithm": master.algorithm,
        "wrapping": sealing.AES,
        "kdf": {"name": "scrypt", **SCRYPT, "salt": salt.hex()},
        "sealed": sealing.seal(
            sealing.AES, _derived(passphrase, salt, SCRYPT), master.key, where
        ).hex(),
    }
    lines = textwrap.wrap(base64.b64encode(json.dumps(body).encode()).decode(), 64)
    return "\n".join([f"LITTORAL SEALED MASTER KEY {master.id} FOR {custodian}", *lines, "END", ""])


def open_copy(text: str, passphrase: str) -> Master:
    """Raises MasterError when text or passphrase are wrong."""
    lines = [line.strip() for line in text.strip().splitlines()]
    try:
        body = json.loads(base64.b64decode("".join(lines[1 : lines.index("END")]), validate=True))
        kdf = body["kdf"]
        where = sealing.context(SEALED_FORMAT, body["id"], body["algorithm"], body["custodian"])
        if body["format"] != SEALED_FORMAT or kdf["name"] != "scrypt":
            raise MasterError(f"this is no sealed copy in the format {SEALED_FORMAT}")
        if 128 * kdf["n"] * kdf["r"] > MOST_SCRYPT_BYTES or kdf["p"] > MOST_SCRYPT_LANES:
            raise MasterError("this copy asks for more memory or time than any that is made here")
        key = _derived(passphrase, bytes.fromhex(kdf["salt"]), kdf)
        sealed = bytes.fromhex(body["sealed"])
        return Master(
            body["id"], body["algorithm"], sealing.unseal(body["wrapping"], key, sealed, where)
        )
    except SealError:
        raise MasterError("the passphrase is not that of this copy, or a line is wrong") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise MasterError("this is no sealed copy, or a line is missing") from None


def _derived(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(
        passphrase.encode()
    )
