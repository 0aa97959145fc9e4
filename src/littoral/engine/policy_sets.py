"""The policy sets of a deployment: who proposed and signed the one it came with, which is in force.

A signature counts while its account is active and holds the role policy_signer, until two have
brought the set into force. From then on it stays so: whoever suspends a signer years later must not
darken the watch (docs/decisions/0042-signing-policies.md).
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from littoral.access import BadPolicies, Decider, PolicyFiles, Signature, Standing, sign, standing
from littoral.access.rules import SCHEMA_FILE, Rule
from littoral.access.sets import FIRST_START, FIRST_START_MAX_US, ORDINARY, fault_of, set_hash
from littoral.store.database import RecordsError
from littoral.store.log.signing import Signer, load_or_make_key
from littoral.store.people import accounts
from littoral.store.people.words import ADMINISTRATOR
from littoral.store.records import Records

SIGNATURES, SIGNERS, EVER_SIGNED = "policy.signatures", "policy.signers", "policy.ever_signed"
IN_FORCE = "policy.in_force"  # hash, state, accounts and end of the set last in force
TEXT = "policy.text"  # of that set; apart, as it is long and seldom read
PROPOSAL = "policy.proposal"
FIRST_ACCOUNT = "first-start"
POLICY_SIGNER = "policy_signer"


class SigningRefused(RecordsError):
    """The set on disk cannot be proposed or signed so; the message says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`account` asks that the set of `hash` be signed."""

    hash: str
    account: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is not the same in the set on disk; None where it is not there."""

    id: str
    before: Rule | None
    after: Rule | None


@dataclass
class PolicySets:
    """Over the records of one deployment. Safe for several threads. `files`: the set on disk, as it
    was when the server started. `keys` of methods: the folder beside the data that holds keys."""

    records: Records
    files: PolicyFiles
    hash: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _before: tuple[tuple[str, bool], Decider] | None = None

    def __post_init__(self) -> None:
        self.hash = set_hash(self.files)

    # -- what stands

    def said(self) -> dict[str, Any]:
        """What the records say about the policies, in one reading."""
        return self.records.settings((SIGNATURES, SIGNERS, EVER_SIGNED, IN_FORCE))

    def judge(self, said: Mapping[str, Any], now_us: int) -> Standing:
        """How the set on disk stands. What comes into force is kept, so that it may later judge who
        signs the next."""
        ever = bool(said.get(EVER_SIGNED, False))
        made = self._made(said)
        keys = self._counting(said, made, now_us)
        found = standing(self.hash, made, keys, now_us, ever_signed=ever)
        if found.loaded:
            self._keep(said, found)
        return found

    def signed(self, now_us: int) -> list[tuple[Signature, tuple[str, str] | None]]:
        """Signatures under the set on disk, the oldest first, with why one does not count (Chinese,
        English)."""
        said = self.said()
        made = self._made(said)
        keys = self._counting(said, made, now_us)
        return [
            (one, fault_of(one, self.hash, keys, now_us))
            for one in sorted(made, key=lambda s: s.signed_us)
        ]

    def proposal(self) -> Proposal | None:
        """Of the set on disk."""
        row = self.records.setting(PROPOSAL)
        found = None if row is None else Proposal(**row)
        return found if found is not None and found.hash == self.hash else None

    def last(self) -> tuple[dict[str, Any], PolicyFiles] | None:
        """The set last in force: hash, state, accounts, expires_us; and its text."""
        about, text = self.records.setting(IN_FORCE), self.records.setting(TEXT)
        if about is None or text is None:
            return None
        files = dict(text)
        found = PolicyFiles(files.pop(SCHEMA_FILE), files)
        return (about, found) if set_hash(found) == about["hash"] else None

    def changed(self) -> tuple[list[Difference], list[str]]:
        """Rules that differ from the set last in force, and names of files that do; all of them
        where none was."""
        found = self.last()
        before = PolicyFiles("", {}) if found is None else found[1]
        old, new = _rules(before), self.files.rules
        ids = [name for name in dict.fromkeys((*old, *new)) if _text(old, name) != _text(new, name)]
        was = {SCHEMA_FILE: before.schema, **before.policies}
        now = {SCHEMA_FILE: self.files.schema, **self.files.policies}
        named = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
        return [Difference(name, old.get(name), new.get(name)) for name in ids], named

    def decider_before(self, now_us: int) -> Decider:
        """The policies last in force, which judge who proposes and signs the set on disk while that
        is refused: it cannot say itself who may bring it into force. Where none was kept, or can no
        longer be read, the set on disk does, without the ease of a first start."""
        about = self.records.setting(IN_FORCE) or {}
        first = about.get("state") == FIRST_START and now_us < about["expires_us"]
        key = (about.get("hash", self.hash), first)
        if self._before is None or self._before[0] != key:
            found = self.last()
            try:
                made = Decider(self.files if found is None else found[1], first_start=first)
            except BadPolicies:
                made = Decider(self.files)
            self._before = key, made
        return self._before[1]

    # -- what people do

    def propose(self, account: str, now_us: int) -> Proposal:
        """Signatures under an earlier proposal of the same set fall: or else two who propose in
        turn would each have signed the own. SigningRefused where it is in force, or already
        proposed by the account."""
        with self._lock:
            self._check_open()
            before = self.proposal()
            if before is not None and before.account == account:
                raise SigningRefused("you have proposed this set already")
            said = self.records.setting(SIGNATURES, [])
            kept = [s for s in said if (s["policy_hash"], s["kind"]) != (self.hash, ORDINARY)]
            made = Proposal(self.hash, account, now_us)
            if kept != said:
                self.records.set_setting(SIGNATURES, kept)
            self.records.set_setting(PROPOSAL, asdict(made))
            return made

    def sign(self, account: str, keys: Path, now_us: int) -> Signature:
        """With the account's own key, made at its first signing. A policy signer's signature is
        one of the two; an administrator's at a first start lasts as long as that. SigningRefused
        where the set is in force, was not proposed, or was signed by the account."""
        with self._lock:
            self._check_open()
            if self.proposal() is None:
                raise SigningRefused("nobody has proposed this set yet")
            until_us = 0 if account in self._signers(now_us) else self._first_start_end_us()
            kind = FIRST_START if until_us else ORDINARY
            if any(
                (s.account, s.kind) == (account, kind)
                for s, fault in self.signed(now_us)
                if fault is None
            ):
                raise SigningRefused("you have signed this set already")
            if until_us and until_us <= now_us:
                raise SigningRefused("the first start is over: policy signers sign")
            key = signer_key(keys, account)
            add_signer(self.records, account, key.public.public)
            left_us = until_us - now_us if until_us else 0
            made = sign(self.hash, account, seed_of(key), now_us, first_start_us=left_us)
            add_signature(self.records, made)
            return made

    def first_start(self, keys: Path, now_us: int) -> None:
        """Where nobody has ever signed anything, the set that comes with Littoral is signed by the
        key of the first start, for two weeks."""
        if not self.records.setting(SIGNATURES, []):
            key = load_or_make_key(keys / "first-start.key", FIRST_ACCOUNT)
            add_signer(self.records, FIRST_ACCOUNT, key.public.public)
            made = sign(
                self.hash, FIRST_ACCOUNT, seed_of(key), now_us, first_start_us=FIRST_START_MAX_US
            )
            add_signature(self.records, made)

    # -- within

    def _made(self, said: Mapping[str, Any]) -> list[Signature]:
        found = [Signature(**row) for row in said.get(SIGNATURES, [])]
        return [one for one in found if one.policy_hash == self.hash]

    def _counting(
        self, said: Mapping[str, Any], made: list[Signature], now_us: int
    ) -> dict[str, bytes]:
        """Raw public keys of those whose signatures count under the set on disk."""
        keys = {a: base64.b64decode(key) for a, key in said.get(SIGNERS, {}).items()}
        about = said.get(IN_FORCE) or {}
        if about.get("hash") == self.hash and about.get("state") == "signed":
            allowed = set(about["accounts"])
        else:
            allowed = self._signers(now_us) | {FIRST_ACCOUNT}
            ordinary = {one.account for one in made if one.kind == ORDINARY}
            allowed |= self._holders(ADMINISTRATOR, now_us) - ordinary
        return {account: key for account, key in keys.items() if account in allowed}

    def _signers(self, now_us: int) -> set[str]:
        """Who keeps the accounts does not sign, whatever other role is held."""
        return self._holders(POLICY_SIGNER, now_us) - self._holders(ADMINISTRATOR, now_us)

    def _holders(self, role: str, now_us: int) -> set[str]:
        with self.records.database.read() as connection:
            return set(accounts.holders(connection, role, now_us))

    def _first_start_end_us(self) -> int:
        return max(
            (
                s["expires_us"]
                for s in self.records.setting(SIGNATURES, [])
                if s["account"] == FIRST_ACCOUNT
            ),
            default=1,
        )

    def _check_open(self) -> None:
        about = self.records.setting(IN_FORCE) or {}
        if about.get("hash") == self.hash and about.get("state") == "signed":
            raise SigningRefused("this set is in force, signed by two")

    def _keep(self, said: Mapping[str, Any], found: Standing) -> None:
        about = {
            "hash": self.hash,
            "state": found.state,
            "accounts": list(found.accounts),
            "expires_us": found.expires_us,
        }
        earlier = said.get(IN_FORCE) or {}
        if earlier.get("hash") == self.hash and earlier.get("state") in ("signed", found.state):
            return
        if earlier.get("hash") != self.hash:
            self.records.set_setting(TEXT, {SCHEMA_FILE: self.files.schema, **self.files.policies})
        self.records.set_setting(IN_FORCE, about)
        if found.state == "signed" and not said.get(EVER_SIGNED, False):
            self.records.set_setting(EVER_SIGNED, True)


def add_signature(records: Records, made: Signature) -> None:
    """Kept in the place of an earlier one by the same account under the same set."""
    kept = [
        s
        for s in records.setting(SIGNATURES, [])
        if (s["account"], s["policy_hash"], s["kind"])
        != (made.account, made.policy_hash, made.kind)
    ]
    records.set_setting(SIGNATURES, [*kept, asdict(made)])


def add_signer(records: Records, account: str, public_key: bytes) -> None:
    found: dict[str, str] = records.setting(SIGNERS, {})
    records.set_setting(SIGNERS, {**found, account: base64.b64encode(public_key).decode()})


def signer_key(keys: Path, account: str) -> Signer:
    """The key by which the account signs policies, made once."""
    folder = keys / "policy-signers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return load_or_make_key(folder / f"{account}.key", f"policy-signer-{account}")


def seed_of(key: Signer) -> bytes:
    """The 32 bytes of the private key."""
    return base64.b64decode(key.private_text.split("+", 4)[4])[1:]  # base64 has `+` too


def _rules(files: PolicyFiles) -> Mapping[str, Rule]:
    """None of a set that can no longer be read."""
    try:
        return files.rules
    except BadPolicies:
        return {}


def _text(rules: Mapping[str, Rule], name: str) -> str | None:
    return rules[name].text if name in rules else None
