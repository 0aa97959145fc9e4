"""Checks a bundle of evidence, offline, with nothing but Python 3.9 or later.

    python3 verify.py [FOLDER] [--key NAME+ID+KEY]

FOLDER is the unpacked bundle (by default where this file lies). It checks, and says for each:
1. every file against SHA256SUMS; 2. the original against the hash that was taken in; 3. that each
step of custody names the one before; 4. for each step with a proof, that the log of the agency
contains it unchanged (RFC 6962 inclusion proof), under a checkpoint signed with Ed25519 (RFC 8032).

The log's key comes with the bundle, so a bundle forged as a whole has a forged key too: compare it
with the key that the agency has published, or give that one with --key. Witnesses (witnesses.txt)
are likewise those of other agencies.

Exit code: 0 all was proved, 2 nothing was wrong but something could not be proved, 1 it is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
from collections.abc import Callable
from typing import Any

Point = tuple[int, int, int, int]  # extended coordinates
Key = tuple[str, bytes, int, bytes]  # name, id, kind, public key

# --- Ed25519, verifying only, from RFC 8032 section 5.1 (slow and simple)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _point(data: bytes) -> Point | None:
    """Decodes 32 bytes, or None where they are no point (section 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, p: Point) -> Point:
    q = (0, 1, 1, 0)
    while number:
        if number & 1:
            q = _add(q, p)
        p = _add(p, p)
        number >>= 1
    return q


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is right."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    y = 4 * pow(5, P - 2, P) % P
    base = _point(y.to_bytes(32, "little"))
    assert base is not None
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(s, base)
    right = _add(r, _times(int.from_bytes(digest, "little") % L, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- the log: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof


class Wrong(Exception):
    """Something in the bundle is not as it should be."""


def parse_key(text: str) -> Key:
    """(name, 4 bytes of id, kind, public key) of a verifier key `name+id+base64`."""
    name, key_id, data = text.strip().split("+", 2)
    raw = base64.b64decode(data, validate=True)
    made = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if made.hex() != key_id:
        raise Wrong(f"the id of the key {name} does not belong to it")
    return name, made, raw[0], raw[1:]


def signed_by(note: str, key: Key) -> int | None:
    """None where this key did not sign; else the time of a cosignature, 0 for the log's own."""
    name, key_id, kind, public = key
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        _, who, data = line.split(" ", 2)
        raw = base64.b64decode(data, validate=True)
        if who != name or raw[:4] != key_id:
            continue
        message, signature, time_s = text.encode(), raw[4:], 0
        if kind == 4:
            time_s = int.from_bytes(signature[:8], "big")
            message = (f"cosignature/v1\ntime {time_s}\n{text}").encode()
            signature = signature[8:]
        if not ed25519(public, message, signature):
            raise Wrong(f"the signature of {name} is wrong")
        return time_s
    return None


def included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether the leaf's hash is at this index under this root."""
    if index >= size:
        return False
    f, s, r = index, size - 1, leaf
    for node in path:
        if s == 0:
            return False
        if f & 1 or f == s:
            r = hashlib.sha256(b"\x01" + node + r).digest()
            while f & 1 == 0 and f != 0:
                f, s = f >> 1, s >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + node).digest()
        f, s = f >> 1, s >> 1
    return s == 0 and r == root


def check_proof(data: str, log_key: Key, witnesses: list[Key]) -> tuple[int, Any, list[str]]:
    """(index, entry as a dictionary, names of witnesses). Raises Wrong."""
    head, _, note = data.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
        raise Wrong("it is no proof with its entry")
    entry = base64.b64decode(lines[1][6:], validate=True)
    index = int(lines[2].split(" ")[1])
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    if signed_by(note, log_key) is None:
        raise Wrong(f"the checkpoint is not signed by {log_key[0]}")
    origin, size, root = note.split("\n")[:3]
    if origin != log_key[0]:
        raise Wrong(f"the checkpoint is of {origin}")
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    if not included(index, int(size), leaf, path, base64.b64decode(root, validate=True)):
        raise Wrong("the entry is not in the log")
    seen = [w[0] for w in witnesses if signed_by(note, w) is not None]
    return index, json.loads(entry), seen


# --- the bundle


def canonical(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def read(folder: str, name: str) -> str:
    with open(os.path.join(folder, *name.split("/")), encoding="utf-8", newline="") as file:
        return file.read()


def listed_files(folder: str) -> dict[str, str]:
    """{name: hash} of SHA256SUMS; a name that leads out of the folder is refused."""
    found = {}
    for line in read(folder, "SHA256SUMS").splitlines():
        digest, _, name = line.partition("  ")
        if os.path.isabs(name) or ".." in name.split("/"):
            raise Wrong(f"SHA256SUMS names {name}")
        found[name] = digest
    return found


def check_files(folder: str) -> dict[str, str]:
    listed = listed_files(folder)
    for name, digest in listed.items():
        if sha256_of(os.path.join(folder, *name.split("/"))) != digest:
            raise Wrong(f"{name} was changed")
    there = set()
    for at, _, names in os.walk(folder):
        for name in names:
            there.add(os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/"))
    extra = sorted(there - set(listed) - {"SHA256SUMS"})
    if extra:
        raise Wrong(f"these files do not belong to the bundle: {', '.join(extra)}")
    return listed


def check_chain(links: Any, evidence: Any) -> None:
    """Each link by its own hash, its number and the one before. Raises Wrong."""
    if not links:
        raise Wrong("there is no chain of custody")
    previous = ""
    for number, link in enumerate(links):
        document = link["document"]
        if hashlib.sha256(canonical(document)).hexdigest() != link["hash"]:
            raise Wrong(f"step {number} of custody was changed")
        if document["number"] != number or document["previous"] != previous:
            raise Wrong(f"a step of custody is missing before step {number}")
        if document["evidence"] != evidence["id"]:
            raise Wrong(f"step {number} is of another evidence")
        previous = link["hash"]
    first = links[0]["document"]
    salt = bytes.fromhex(evidence["salt"])
    content = hmac.new(salt, evidence["sha256"].encode(), hashlib.sha256).hexdigest()
    if first["step"] != "add" or first["content"] != content or first["size"] != evidence["size"]:
        raise Wrong("the original is not the one that was taken in")


def check_logged(link: Any, entry: Any, salt: bytes) -> None:
    """The log's entry is that of this step. Raises Wrong."""
    document = link["document"]
    for field in ("time_us", "actor", "purpose", "legal_basis"):
        if entry.get(field) != document[field]:
            raise Wrong(f"step {document['number']}: the log has another {field}")
    if entry["thing"] != "evidence:" + document["evidence"]:
        raise Wrong(f"step {document['number']}: the log's entry is of {entry['thing']}")
    details = entry.get("details") or {}
    committed = hmac.new(salt, canonical(document), hashlib.sha256).digest()
    if details.get("algorithm") != "HMAC-SHA256" or details["data"] != base64.b64encode(
        committed
    ).decode("ascii"):
        raise Wrong(f"step {document['number']}: the log commits to something else")


def check(folder: str, given_key: str, say: Callable[[str, str], None]) -> int:
    """Exit code 0 or 2. Raises Wrong."""
    unproved = []
    listed = check_files(folder)
    say("files", f"{len(listed)} files are as listed")
    evidence = json.loads(read(folder, "evidence.json"))
    links = json.loads(read(folder, "custody.json"))
    original = evidence["original"]
    if listed.get(original) != evidence["sha256"]:
        raise Wrong("the original has another SHA-256 than was noted")
    check_chain(links, evidence)
    say("original", f"{original}, {evidence['size']} bytes, SHA-256 {evidence['sha256']}")
    say("custody", f"{len(links)} steps, unbroken")
    own = read(folder, "log/key.txt").strip() if "log/key.txt" in listed else ""
    if given_key and own and own != given_key:
        raise Wrong("the bundle names another log key than the one given")
    key_text = given_key or own
    if not given_key:
        unproved.append("that the log's key is the agency's: compare it, or give it with --key")
    witnesses = []
    if "log/witnesses.txt" in listed:
        witnesses = [parse_key(t) for t in read(folder, "log/witnesses.txt").split()]
    salt = bytes.fromhex(evidence["salt"])
    for link in links:
        number = link["document"]["number"]
        name = f"log/{link['log_index']}.tlog-proof"
        if not key_text or name not in listed:
            unproved.append(f"that step {number} is in the log: there is no proof of it")
            continue
        index, entry, seen = check_proof(read(folder, name), parse_key(key_text), witnesses)
        if index != link["log_index"]:
            raise Wrong(f"step {number}: the proof is of another entry")
        check_logged(link, entry, salt)
        by = "; seen by " + ", ".join(seen) if seen else "; no witness given here saw it"
        say("log", f"step {number} ({link['document']['step']}) is entry {index}{by}")
    if key_text and not witnesses:
        unproved.append("that the log shows everybody the same: no witnesses are named")
    for what in unproved:
        say("NOT PROVED", what)
    return 2 if unproved else 0


def main(arguments: list[str]) -> int:
    folder = os.path.dirname(os.path.abspath(__file__))
    given_key = ""
    while arguments:
        word = arguments.pop(0)
        if word == "--key" and arguments:
            given_key = arguments.pop(0).strip()
        else:
            folder = word
    try:
        code = check(folder, given_key, lambda what, text: print(f"{what:<10} {text}"))
    except Wrong as wrong:
        print(f"WRONG      {wrong}")
        return 1
    except (
        OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError,
        OverflowError,
    ) as error:  # fmt: skip
        print(f"WRONG      the bundle cannot be read: {type(error).__name__}: {error}")
        return 1
    print("All was proved." if code == 0 else "Nothing is wrong; see what is not proved.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
