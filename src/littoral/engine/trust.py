"""What a deployment trusts: the log of what was done, the policies that decide, the vault.

All three lie beside the lake and the records: the log in `<data>/log`, the keys outside the data
folder (docs/personal-data.md), so that a backup of the data opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from littoral.access import Decider, PolicyFiles, Standing, shipped
from littoral.access.retention import Rule
from littoral.engine import restored
from littoral.engine.policy_sets import PolicySets
from littoral.engine.reconciling import reconcile
from littoral.engine.restored import Restored
from littoral.store.forms.reading import READ_AS
from littoral.store.log.cosign import Witness, Witnesses, WitnessStanding
from littoral.store.log.signing import Signer, load_or_make_key
from littoral.store.log.stamping import Authority, Stamper
from littoral.store.log.writer import Log
from littoral.store.people.outbox import Outbox
from littoral.store.records import Records
from littoral.store.vault import logged, retention, rule_changes
from littoral.store.vault.entries import Entry, Record
from littoral.store.vault.erasure import Reconciled
from littoral.store.vault.keyring import DataKey, KeyRing
from littoral.store.vault.vault import Vault


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
    sets: PolicySets
    now_us: Callable[[], int]
    decider: Decider
    standing: Standing
    record: Record
    facts_key: DataKey  # of the entries that `record` writes; held, so that they keep to one
    evidence: Path  # the folder of originals
    keys: Path  # the folder of keys
    rules: tuple[Rule, ...]  # of retention
    stamper: Stamper | None = None
    judged: dict[str, Any] = field(default_factory=dict)  # what the records said for `standing`
    reconciled: Reconciled = field(default_factory=Reconciled)  # at this start
    restored: Restored = field(default_factory=Restored)  # at this start

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
        Raises LogError, MasterError, KeyFolderError, RetentionError."""
        rules = retention.rules_of(data)
        vault = Vault(records.database, KeyRing.open(data, now_us()))
        key = logged.log_key(vault, now_us(), Outbox(records.database).keep_entries)
        keys = keys_folder(data)
        log = Log(data / "log", log_signer(data, records), Witnesses(tuple(witnesses)))
        sets = PolicySets(records, shipped() if files is None else files)
        sets.first_start(keys, now_us())
        policy, known = sets.hash, sets.judge(sets.said(), now_us())
        record = logged.recorder(log.append, key, as_bytes(policy))
        decider = Decider(sets.files, first_start=known.state == "first_start")
        made = cls(
            records, log, vault, sets, now_us, decider, known, record, key, data / "evidence",
            keys, rules,
        )  # fmt: skip
        unknown = restored.look(records, log, vault, key)
        nonce = restored.start(records, log.size, now_us(), unknown)
        made.tell("system:server", "policy.load", f"policy:{policy.removeprefix('sha256:')}",
                  "done" if known.loaded else "failed", state=known.state,
                  start=nonce)  # fmt: skip
        if unknown is None:
            made.mark()
        else:
            made.restored = restored.take_up(records, log, vault, key, unknown, now_us(), record)
        made.take_rules()
        made.reconciled = reconcile(records, log, vault, made.evidence, now_us(), record)
        made.mark()  # that may have taken long, and the next mark comes a minute later
        made.stamper = None if authority is None else Stamper(log, authority)
        return made

    def take_rules(self) -> None:
        """Tells of rules of retention that are others than the records went by, and lets what ends
        by itself wait."""
        now = rule_changes.digests(self.rules, {"forms.read_as": READ_AS})
        with self.records.database.read() as connection:
            other = rule_changes.changed(connection, now)
        if other is not None:
            self.tell("system:server", rule_changes.CHANGE, "list:retention", "done",
                      rules=list(other.rules), before=other.before, after=other.after)  # fmt: skip
        with self.records.database.write() as connection:
            rule_changes.keep(connection, now, other is not None, self.now_us())

    def refresh(self) -> Standing:
        """How the policies stand now: a first start expires, a second person signs. Asked at every
        decision, so signatures are only verified when there are others or time has told on them."""
        now_us, said = self.now_us(), self.sets.said()
        until_us = self.standing.expires_us or now_us + 1
        if said == self.judged and self.standing.loaded and now_us < until_us:
            return self.standing
        found = self.sets.judge(said, now_us)
        if found.state != self.standing.state:
            self.decider = Decider(self.sets.files, first_start=found.state == "first_start")
        self.standing, self.judged = found, said
        return found

    def decider_of_signing(self) -> Decider:
        """The policies by which the signing of policies is judged: those in force, else those that
        were last."""
        loaded = self.refresh().loaded
        return self.decider if loaded else self.sets.decider_before(self.now_us())

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

    def mark(self) -> None:
        """That the records know the log as far as it goes now."""
        restored.mark(self.records, self.log.size, self.now_us())

    def close(self) -> None:
        try:
            self.mark()
        finally:
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
