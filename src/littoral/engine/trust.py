"""What a deployment trusts: the log of what was done, the policies that decide, the vault.

All three lie beside the lake and the records: the log in `<data>/log`, the keys outside the data
folder (docs/personal-data.md), so that a backup of the data opens nothing.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from littoral.access import Decider, PolicyFiles, Signature, Standing, shipped, sign, standing
from littoral.access.sets import FIRST_START_MAX_US, set_hash
from littoral.engine.reconciling import reconcile
from littoral.store.log.cosign import Witness, Witnesses, WitnessStanding
from littoral.store.log.signing import Signer, load_or_make_key
from littoral.store.log.stamping import Authority, Stamper
from littoral.store.log.writer import Log
from littoral.store.records import Records
from littoral.store.vault import logged
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.erasure import Reconciled
from littoral.store.vault.keyring import KeyRing
from littoral.store.vault.vault import Vault

SIGNATURES, SIGNERS, EVER_SIGNED = "policy.signatures", "policy.signers", "policy.ever_signed"
FIRST_ACCOUNT = "first-start"


@dataclass(frozen=True)
class WitnessesStanding:
    """`state`: none, behind (one or more of them), ok. `size`: entries published."""

    state: Literal["none", "behind", "ok"]
    size: int
    witnesses: tuple[WitnessStanding, ...]


@dataclass
class Trust:
    """Safe for several threads. `record` puts entries into the log and returns once they are
    durable; it raises when they cannot be, and then nothing may be shown or done."""

    records: Records
    log: Log
    vault: Vault
    files: PolicyFiles
    now_us: Callable[[], int]
    decider: Decider
    standing: Standing
    record: Record
    evidence: Path  # the folder of originals
    stamper: Stamper | None = None
    judged: dict[str, Any] = field(default_factory=dict)  # what the records said for `standing`
    reconciled: Reconciled = field(default_factory=Reconciled)  # at this start

    @classmethod
    def open(
        cls,
        data: Path,
        records: Records,
        now_us: Callable[[], int],
        files: PolicyFiles | None = None,
        witnesses: Sequence[Witness] = (),
        authority: Authority | None = None,
    ) -> Trust:
        """Makes what is not there yet, and destroys again what the log says was destroyed.
        Raises LogError, MasterError, KeyFolderError."""
        files = shipped() if files is None else files
        vault = Vault(records.database, KeyRing.open(data, now_us()))
        keys = keys_folder(data)
        log = Log(data / "log", log_signer(data, records), Witnesses(tuple(witnesses)))
        policy = set_hash(files)
        known = _first_start(records, policy, keys, now_us())
        record = logged.recorder(log.append, logged.log_key(vault, now_us()), as_bytes(policy))
        decider = Decider(files, first_start=known.state == "first_start")
        made = cls(records, log, vault, files, now_us, decider, known, record, data / "evidence")
        made.tell("system:server", "policy.load", f"policy:{policy.removeprefix('sha256:')}",
                  "done" if known.loaded else "failed", state=known.state)  # fmt: skip
        made.reconciled = reconcile(records, log, vault, made.evidence, now_us(), record)
        made.stamper = None if authority is None else Stamper(log, authority)
        return made

    def refresh(self) -> Standing:
        """How the policies stand now: a first start expires, a second person signs. Asked at every
        decision, so signatures are only verified when there are others or time has told on them."""
        now_us, said = self.now_us(), _said(self.records)
        until_us = self.standing.expires_us or now_us + 1
        if said == self.judged and self.standing.loaded and now_us < until_us:
            return self.standing
        found = _judge(self.records, said, self.decider.hash, now_us)
        if found.state != self.standing.state:
            self.decider = Decider(self.files, first_start=found.state == "first_start")
        self.standing, self.judged = found, said
        return found

    def tell(
        self,
        actor: str,
        action: str,
        thing: str,
        verdict: str,
        purpose: str = "",
        case: str = "",
        legal_basis: str = "",
        **facts: Any,
    ) -> None:
        """One entry, durable before this returns."""
        self.record(
            [Entry(actor, action, thing, purpose, case, legal_basis, self.now_us(), verdict, facts)]
        )

    def witnesses_standing(self) -> WitnessesStanding:
        """Who else keeps watch over the log, and how far."""
        size = self.log.checkpoint().size
        found = self.log.witnesses.standing(size)
        state: Literal["none", "behind", "ok"] = (
            "none" if not found else "behind" if any(w.behind for w in found) else "ok"
        )
        return WitnessesStanding(state, size, found)

    def close(self) -> None:
        if self.stamper is not None:
            self.stamper.close()
        self.log.close()


def log_signer(data: Path, records: Records) -> Signer:
    """The key of the log, made once. Raises NoteError."""
    return load_or_make_key(keys_folder(data) / "log.key", log_name(records))


def keys_folder(data: Path) -> Path:
    """Beside the data folder, as the vault's keys."""
    data = data.resolve()
    return data.with_name(data.name + "-keys")


def log_name(records: Records) -> str:
    """The origin of the log, unique to a deployment, made once."""
    name: str | None = records.setting("log.origin")
    if name is None:
        name = f"littoral.invalid/{secrets.token_hex(8)}"
        records.set_setting("log.origin", name)
    return name


def as_bytes(policy_hash: str) -> bytes:
    return bytes.fromhex(policy_hash.removeprefix("sha256:"))


def signatures(records: Records) -> list[Signature]:
    return [Signature(**row) for row in records.setting(SIGNATURES, [])]


def add_signature(records: Records, made: Signature) -> None:
    """Kept in the place of an earlier one by the same account under the same set."""
    kept = [
        s
        for s in signatures(records)
        if (s.account, s.policy_hash, s.kind) != (made.account, made.policy_hash, made.kind)
    ]
    records.set_setting(SIGNATURES, [asdict(s) for s in [*kept, made]])


def _raw_keys(found: dict[str, str]) -> dict[str, bytes]:
    """Raw public keys of the accounts that may sign policy sets."""
    return {account: base64.b64decode(key) for account, key in found.items()}


def add_signer(records: Records, account: str, public_key: bytes) -> None:
    found: dict[str, str] = records.setting(SIGNERS, {})
    records.set_setting(SIGNERS, {**found, account: base64.b64encode(public_key).decode()})


def _said(records: Records) -> dict[str, Any]:
    """What the records say about the policies: signatures, signers, whether two ever signed."""
    return records.settings((SIGNATURES, SIGNERS, EVER_SIGNED))


def _judge(records: Records, said: dict[str, Any], policy_hash: str, now_us: int) -> Standing:
    ever = bool(said.get(EVER_SIGNED, False))
    made = [Signature(**row) for row in said.get(SIGNATURES, [])]
    keys = _raw_keys(said.get(SIGNERS, {}))
    found = standing(policy_hash, made, keys, now_us, ever_signed=ever)
    if found.state == "signed" and not ever:
        records.set_setting(EVER_SIGNED, True)
    return found


def _first_start(records: Records, policy_hash: str, keys: Path, now_us: int) -> Standing:
    """Where nobody has ever signed anything, the set that comes with Littoral is signed by the key
    of the first start, for two weeks."""
    if not signatures(records):
        key = load_or_make_key(keys / "first-start.key", "first-start")
        add_signer(records, FIRST_ACCOUNT, key.public.public)
        made = sign(
            policy_hash, FIRST_ACCOUNT, seed_of(key), now_us, first_start_us=FIRST_START_MAX_US
        )
        add_signature(records, made)
    return _judge(records, _said(records), policy_hash, now_us)


def seed_of(key: Signer) -> bytes:
    """The 32 bytes of the private key."""
    return base64.b64decode(key.private_text.split("+", 4)[4])[1:]  # base64 has `+` too
