"""Targets: the log and its proofs, evidence, policies and rules, what providers of identity say."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import shutil
from pathlib import Path

import httpx

from bench._fuzz_target import Differs, Target, pieces

SEED = bytes(range(32))
NOW_S = 1_767_225_600


def notes(_: Path) -> Target:
    """Signed notes, checkpoints, keys, cosignatures, proofs, requests to a witness."""
    from littoral.store.log import merkle
    from littoral.store.log.checkpoint import Checkpoint, open_checkpoint, parse_text
    from littoral.store.log.cosign import parse_witnesses
    from littoral.store.log.note import (
        COSIGNATURE,
        Note,
        NoteError,
        VerifierKey,
        parse_note,
        parse_signatures,
    )  # fmt: skip
    from littoral.store.log.proof import HEAD, parse_proof
    from littoral.store.log.signing import Signer
    from littoral.store.log.witness import judge

    key, by = Signer("log.example/a", 1, SEED), Signer("witness.example/w", COSIGNATURE, SEED)

    def signed(text: str) -> Note:
        return key.sign(text).with_signatures([by.cosign(text, NOW_S)])

    def request(body: bytes) -> None:
        asked = judge.parse_request(body)
        judge.check_signature(asked, {key.public.name: [key.public]})
        judge.check_consistency(asked, Checkpoint(key.public.name, 3, bytes(32)))

    def resigned(data: bytes) -> None:
        """Whatever the text says, under signatures that are right."""
        text = data.decode("utf-8", "replace") + "\n"
        open_checkpoint(str(signed(text)).encode(), key.public, [by.public])

    def proof(data: bytes) -> None:
        found = parse_proof(data)
        found.verify(key.public, [by.public])
        if parse_proof(str(found).encode()) != found:
            raise Differs("another proof")

    def note(data: bytes) -> None:
        found = parse_note(data)
        if parse_note(str(found).encode()) != found:
            raise Differs("another note")
        parse_text(found.text)

    readers = (
        note,
        lambda data: open_checkpoint(data, key.public, [by.public]),
        resigned,
        proof,
        request,
        lambda data: VerifierKey.parse(data.decode("utf-8", "replace")),
        lambda data: Signer.parse(data.decode("utf-8", "replace")),
        lambda data: parse_signatures(data.decode("utf-8", "replace")),
        lambda data: parse_witnesses(data.decode("utf-8", "replace").split("\n")),
    )

    def run(data: bytes) -> None:
        if data:
            readers[data[0] % len(readers)](data[1:])

    def seeds() -> list[bytes]:
        leaf = merkle.leaf_hash(b"e")
        text = Checkpoint(key.public.name, 1, leaf, ("more",)).text
        whole = str(signed(text))
        proved = f"{HEAD}\nextra {base64.b64encode(b'e').decode()}\nindex 0\n\n{whole}"
        words = [
            whole, text[:-1], proved, f"old 3\n\n{whole}", str(key.public), key.private_text,
            whole.partition("\n\n")[2], f"https://w.example/a {by.public}",
        ]  # fmt: skip
        return [bytes([i]) + w.encode() for w in words for i in range(len(readers))]

    refusals = (NoteError, merkle.ProofError, judge.Refused)
    return Target(run, refusals, seeds)


def entries(_: Path) -> Target:
    """Entries, bundles of them, groups of the tail."""
    from littoral.schema.logentry import EntryError, LogEntry, Verdict, from_bytes, to_bytes
    from littoral.store.log.tail import read_group
    from littoral.store.log.tiles import TileError, pack_entries, unpack_entries

    def bundle(data: bytes) -> None:
        if pack_entries(unpack_entries(data)) != data:
            raise Differs("another bundle")

    readers = (from_bytes, bundle, lambda data: read_group(data, 0))

    def run(data: bytes) -> None:
        if data:
            readers[data[0] % len(readers)](data[1:])

    def seeds() -> list[bytes]:
        entry = to_bytes(
            LogEntry(5, "account:a", "alert.act", "alert:b", Verdict.ALLOW, "oversight", "case:c")
        )
        words = [entry, pack_entries([entry, b"", b"x" * 300])]
        return [bytes([i]) + w for w in words for i in range(len(readers))]

    return Target(run, (EntryError, TileError), seeds)


def logs(work: Path) -> Target:
    """A log's folder with one file damaged: verified, read, opened again by the writer's part."""
    from bench import _tampering as tampering
    from littoral.store.log import recover
    from littoral.store.log.fsck import Unreadable, fsck_log
    from littoral.store.log.merkle import ProofError
    from littoral.store.log.note import NoteError
    from littoral.store.log.reader import LogReader
    from littoral.store.log.tiles import TileError

    scene = tampering.make_scene(work / "scene", 300, True)
    names = [p.relative_to(scene.root) for p in tampering.files_of(scene.root)]
    whole = {name: (scene.root / name).read_bytes() for name in names}

    def run(data: bytes) -> None:
        if not data:
            return
        name = names[data[0] % len(names)]
        path = scene.root / name
        path.write_bytes(data[1:])
        try:
            report = fsck_log(scene.root, tampering.KEY.public, [scene.last], scene.witnesses)
            if report.ok and data[1:] != whole[name] and name.name == "checkpoint":
                raise Differs("a changed checkpoint passes")
            reader = LogReader(scene.root, tampering.KEY.public)
            with contextlib.suppress(OSError, NoteError, TileError, ProofError):
                reader.proof(7)
            with contextlib.suppress(recover.LogError):
                recover.standing(scene.root, tampering.KEY.public)
        finally:
            for each, kept in whole.items():  # reopening cuts what is torn
                at = scene.root / each
                if not at.exists() or at.read_bytes() != kept:
                    at.write_bytes(kept)

    def seeds() -> list[bytes]:
        return [bytes([i]) + whole[name] for i, name in enumerate(names)]

    return Target(run, (Unreadable,), seeds)


def bundles(work: Path) -> Target:
    """An unpacked bundle of evidence, one file of it replaced and the list of sums made right."""
    from littoral.store.evidence import verify
    from littoral.store.log.signing import Signer
    from littoral.store.log.writer import Log

    folder = work / "bundle"
    names = make_bundle(folder, work / "log", Log, Signer)
    whole = {n: (folder / n).read_bytes() for n in [*names, "SHA256SUMS"]}

    def run(data: bytes) -> None:
        if not data:
            return
        number = data[0] % (len(names) + 1)
        if number == len(names):
            (folder / "SHA256SUMS").write_bytes(data[1:])
        else:
            (folder / names[number]).write_bytes(data[1:])
            write_sums(folder, names)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                code = verify.main([str(folder)])
            if code not in (0, 1, 2):
                raise Differs(f"exit code {code}")
        finally:
            for name, kept in whole.items():
                (folder / name).write_bytes(kept)

    def seeds() -> list[bytes]:
        return [bytes([i]) + whole[n] for i, n in enumerate([*names, "SHA256SUMS"])]

    return Target(run, (), seeds)


def write_sums(folder: Path, names: list[str]) -> None:
    sums = "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums)


def make_bundle(folder: Path, log_root: Path, log_of: type, signer_of: type) -> list[str]:
    """A bundle of one step of custody, written after docs/evidence.md; gives its files' names."""
    import hmac

    from littoral.schema.logentry import Details, LogEntry, Verdict, to_bytes
    from littoral.store.evidence.verify import canonical

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "original").mkdir(parents=True)
    (folder / "log").mkdir()
    original, salt = b"\xff\xd8\xff photo", bytes(32)
    digest = hashlib.sha256(original).hexdigest()
    evidence = {
        "id": "e1", "original": "original/a.jpg", "sha256": digest, "size": len(original),
        "salt": salt.hex(),
    }  # fmt: skip
    document = {
        "number": 0, "previous": "", "evidence": "e1", "step": "add", "size": len(original),
        "content": hmac.new(salt, digest.encode(), hashlib.sha256).hexdigest(), "time_us": 5,
        "actor": "account:a", "purpose": "oversight", "legal_basis": "statutory_duty",
    }  # fmt: skip
    committed = hmac.new(salt, canonical(document), hashlib.sha256).digest()
    entry = LogEntry(
        5, "account:a", "evidence.add", "evidence:e1", Verdict.ALLOW, "oversight", None,
        "statutory_duty", None, Details("HMAC-SHA256", "evidence:e1", committed),
    )  # fmt: skip
    key = signer_of("log.example/a", 1, SEED)
    with log_of(log_root, key) as log:
        index = log.append([b"first", to_bytes(entry)]).result() + 1
        note = str(log.publish().note)
        proof = str(log.proof(index))
    link = {
        "document": document, "hash": hashlib.sha256(canonical(document)).hexdigest(),
        "log_index": index,
    }  # fmt: skip
    files = {
        "original/a.jpg": original,
        "evidence.json": json.dumps(evidence).encode(),
        "custody.json": json.dumps([link]).encode(),
        "log/key.txt": f"{key.public}\n".encode(),
        "log/witnesses.txt": b"",
        "log/checkpoint.txt": note.encode(),
        f"log/{index}.tlog-proof": proof.encode(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    write_sums(folder, list(files))
    return list(files)


def media(_: Path) -> Target:
    """Files handed in as evidence: how they come in pieces must not matter."""
    from littoral.store.evidence.media import TYPES, Inspector, MediaRefused

    def look(parts: list[bytes], name: str) -> tuple[str, int]:
        inspector = Inspector(name, "")
        try:
            size = sum(len(inspector.feed(p)) for p in parts) + len(inspector.finish())
        except MediaRefused as error:
            return error.code, -1
        return inspector.type, size

    def run(data: bytes) -> None:
        suffixes = ["", *sorted({s for t in TYPES.values() for s in t.suffixes})]
        name = f"a.{suffixes[data[0] % len(suffixes)]}" if data[:1] else ""
        whole = look([data[1:]], name)
        cut = look(pieces(data[1:], 4), name)
        if whole != cut:
            raise Differs(f"whole {whole}, cut {cut}")

    def seeds() -> list[bytes]:
        starts = [
            b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"RIFF\0\0\0\0WAVE",
            b"\0\0\0\x18ftypmp42", b"\0\0\0\x18ftypheic", b"\x1aE\xdf\xa3webm", b"ID3", b"%PDF-1.7",
            b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + b"word/document.xml", b"text\n",
            b"<html>", b"MZ", b"\xef\xbb\xbf<?xml", "航迹".encode("gb18030"), b"a" * 5000,
            b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
        ]  # fmt: skip
        return [b"\0" + s + bytes(40) for s in starts] + [b"\0" + s for s in starts]

    return Target(run, (), seeds)


def policies(_: Path) -> Target:
    """Policy files and schema as `littoral policy check` reads them: complaints, no exceptions."""
    from dataclasses import replace

    from littoral.access.check import check
    from littoral.access.rules import BadPolicies, shipped
    from littoral.access.sets import set_hash

    files = shipped()

    def run(data: bytes) -> None:
        text = data[1:].decode("utf-8", "replace")
        if data[:1] == b"s":
            check(replace(files, schema=text, policies={}))
        else:
            found = replace(files, policies={"a.cedar": text})
            check(found)
            set_hash(found)

    def seeds() -> list[bytes]:
        rules = [r for t in files.policies.values() for r in t.split("\n\n") if "@id" in r]
        return [b"s" + files.schema.encode()] + [b"p" + r.encode() for r in rules[:100]]

    return Target(run, (BadPolicies,), seeds)


def rules(work: Path) -> Target:
    """The TOML files of a deployment: providers of identity, retention."""
    from littoral.access import retention
    from littoral.api.signin.claims import ProvidersError, read_providers

    path = work / "oidc.toml"

    def run(data: bytes) -> None:
        if data[:1] == b"r":
            found = retention.parse(data[1:].decode("utf-8", "replace"))
            kinds = retention.KINDS
            items = [retention.Item("a", k, "personal", "epidemic_control", 5) for k in kinds]
            retention.decide(items, found, 10**16)
        else:
            path.write_bytes(data[1:])
            read_providers(path)

    def seeds() -> list[bytes]:
        shipped = Path(retention.__file__).with_name("retention.toml").read_bytes()
        whole = [b"r" + b"[[rule]]" + part for part in shipped.split(b"[[rule]]")[1:12]]
        provider = (
            b'[[provider]]\nname = "a"\nissuer = "https://id.example"\nclient_id = "c"\n'
            b'scopes = ["openid"]\nlink = true\nprovision = true\n[[provider.role]]\n'
            b'claim = "groups"\nvalue = "watch"\nrole = "watch_officer"\nunit = "460000"\n'
        )
        return [*whole, b"p" + provider]

    return Target(run, (retention.RetentionError, ProvidersError, OSError), seeds)


def tokens(_: Path) -> Target:
    """ID tokens, signed and not; what their claims come to; what a provider answers."""
    from joserfc import jws
    from joserfc.jwk import OKPKey

    from littoral.api.signin.claims import ProviderRules, RoleRule, claimed
    from littoral.link.oidc import OidcClient, OidcError, OidcProvider
    from littoral.store.people.accounts import Membership

    issuer = "https://id.example"
    key = OKPKey.generate_key("Ed25519", {"kid": "a", "use": "sig", "alg": "EdDSA"})
    discovery = {
        "issuer": issuer, "authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t",
        "jwks_uri": f"{issuer}/k",
    }  # fmt: skip
    answers = {"/k": json.dumps({"keys": [key.as_dict(private=False)]}).encode(), "/t": b"{}"}
    answers["/.well-known/openid-configuration"] = json.dumps(discovery).encode()
    provider = OidcProvider("a", issuer, "c")

    def client(more: dict[str, bytes]) -> OidcClient:
        told = answers | more
        transport = httpx.MockTransport(
            lambda request: httpx.Response(200, content=told.get(request.url.path, b""))
        )
        return OidcClient(provider, lambda: float(NOW_S), httpx.Client(transport=transport))

    def signed(payload: bytes) -> str:
        """Whatever it says: a provider may spell what our own library would not."""
        head = {"alg": "EdDSA", "kid": "a"}
        return jws.serialize_compact(head, payload, key, algorithms=["EdDSA"])

    steady = client({})
    given = ProviderRules(
        provider, "email", True, True,
        (RoleRule("groups", "watch", Membership("watch_officer", "460000", None)),),
    )  # fmt: skip

    def run(data: bytes) -> None:
        way, rest = data[:1], data[1:]
        if way == b"c":
            claimed(given, steady.check(signed(rest), "n", "access").claims)
        elif way == b"t":
            steady.check(rest.decode("utf-8", "replace"), "n")
        elif way == b"k":
            client({"/k": rest}).check("e30.e30.e30", "n")
        elif way == b"d":
            client({"/.well-known/openid-configuration": rest}).begin("https://w.example/back")
        else:
            begun = steady.begin("https://w.example/back")
            answer = {"state": begun.state, "code": "x", "iss": issuer}
            client({"/t": rest}).finish(answer, begun, "https://w.example/back")

    def seeds() -> list[bytes]:
        claims = {
            "iss": issuer, "aud": ["c"], "azp": "c", "exp": NOW_S + 60, "iat": NOW_S, "nonce": "n",
            "sub": "s", "email": "a.b", "email_verified": True, "groups": ["watch"], "name": "n",
            "locale": "en-GB", "at_hash": "x",
        }  # fmt: skip
        token = signed(json.dumps(claims).encode())
        return [
            b"c" + json.dumps(claims).encode(), b"t" + token.encode(), b"k" + answers["/k"],
            b"d" + answers["/.well-known/openid-configuration"],
            b"a" + json.dumps({"id_token": token, "access_token": "x"}).encode(),
        ]  # fmt: skip

    return Target(run, (OidcError,), seeds)
