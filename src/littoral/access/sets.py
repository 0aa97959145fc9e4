"""The hash of a policy set, signatures under it, and whether a server may load it.

The hash is that of what `sha256sum` prints for the schema and the policy files sorted by name, so
that anybody can recompute it with that tool alone:

    sha256sum *.cedar *.cedarschema | sort -k2 | sha256sum      (all files in one folder)

Line ends are LF. A set is in force if two accounts have signed its hash (Ed25519, RFC 8032); before
two have ever signed, one signature of a first start serves for at most 14 days.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from littoral.access.rules import SCHEMA_FILE, PolicyFiles

ALGORITHM = "ed25519"
ORDINARY, FIRST_START = "ordinary", "first_start"
FIRST_START_MAX_US = 14 * 86_400_000_000
# Clocks of two machines differ; a signature may be this much ahead of ours.
CLOCK_SLACK_US = 300_000_000
NEEDED = 2


def set_hash(files: PolicyFiles) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    named = {SCHEMA_FILE: files.schema, **files.policies}
    listing = "".join(
        f"{hashlib.sha256(named[name].replace(chr(13), '').encode()).hexdigest()}  {name}\n"
        for name in sorted(named)
    )
    return f"sha256:{hashlib.sha256(listing.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One account's word for one hash. `expires_us` is 0 unless `kind` is first_start."""

    policy_hash: str
    account: str
    kind: str
    signed_us: int
    expires_us: int
    signature: str
    algorithm: str = ALGORITHM


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a set may be loaded: `state` is signed, first_start or refused."""

    state: str
    accounts: tuple[str, ...]
    expires_us: int
    zh: str
    en: str

    @property
    def loaded(self) -> bool:
        return self.state != "refused"


def message(policy_hash: str, account: str, kind: str, signed_us: int, expires_us: int) -> bytes:
    """The bytes that are signed: lines, so that no field can run into the next."""
    lines = ("littoral-policy-set/v1", policy_hash, account, kind, signed_us, expires_us)
    return "".join(f"{line}\n" for line in lines).encode()


def sign(
    policy_hash: str, account: str, private_key: bytes, now_us: int, *, first_start_us: int = 0
) -> Signature:
    """Sign with the 32 bytes of an Ed25519 private key.

    `first_start_us` above 0 makes it the signature of a first start that lasts so long.
    Raises ValueError if that is over 14 days, or if the key has not 32 bytes.
    """
    if "\n" in account or "\n" in policy_hash:
        raise ValueError("an account's id has no line breaks")
    if not 0 <= first_start_us <= FIRST_START_MAX_US:
        raise ValueError("a first start lasts at most 14 days")
    kind = FIRST_START if first_start_us else ORDINARY
    expires_us = now_us + first_start_us if first_start_us else 0
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    made = key.sign(message(policy_hash, account, kind, now_us, expires_us))
    return Signature(
        policy_hash, account, kind, now_us, expires_us, base64.b64encode(made).decode()
    )


def standing(
    policy_hash: str,
    signatures: Collection[Signature],
    keys: Mapping[str, bytes],
    now_us: int,
    *,
    ever_signed: bool,
) -> Standing:
    """May the set of `policy_hash` be loaded now?

    `keys` maps the accounts that may sign to their raw public keys (32 bytes). `ever_signed` says
    that this deployment has once run a set signed by two; from then on no first start is accepted,
    or else one person could go back to it.
    """
    good: dict[str, Signature] = {}
    first: Signature | None = None
    faults: list[tuple[str, str]] = []
    for one in signatures:
        fault = fault_of(one, policy_hash, keys, now_us)
        if fault is not None:
            faults.append(fault)
        elif one.kind == ORDINARY:
            good[one.account] = one
        elif first is None or one.expires_us > first.expires_us:
            first = one
    # Two accounts that share a key are one signer.
    signers = {keys[account]: account for account in sorted(good, reverse=True)}
    if len(signers) >= NEEDED:
        return Standing(
            "signed",
            tuple(sorted(good)),
            0,
            "策略集已由两人签署。",
            "Two accounts signed it.",
        )
    if first is not None and not ever_signed:
        return Standing(
            FIRST_START, (first.account,), first.expires_us,
            "首次启动策略集，仅一人签署，到期失效。",
            "The set of a first start, signed by one person; it expires.",
        )  # fmt: skip
    zh, en = f"有效签署{len(signers)}人，须{NEEDED}人。", f"{len(signers)} of {NEEDED} signatures."
    if first is not None:
        faults.append(
            (
                "本部署已有两人签署的策略集，不再接受首次启动。",
                "Two have signed: no first start.",
            )
        )
    for fault_zh, fault_en in faults:
        zh, en = f"{zh}{fault_zh}", f"{en} {fault_en}"
    return Standing("refused", tuple(sorted(good)), 0, zh, en)


def fault_of(
    one: Signature, policy_hash: str, keys: Mapping[str, bytes], now_us: int
) -> tuple[str, str] | None:
    """Why a signature does not count (Chinese, English); None if it does."""
    who = one.account
    if one.policy_hash != policy_hash:
        return f"{who}签署的是另一策略集。", f"{who} signed another set."
    if one.algorithm != ALGORITHM or one.kind not in (ORDINARY, FIRST_START):
        return f"{who}的签名类型未知。", f"{who} signed in an unknown way."
    if who not in keys:
        return f"{who}无签署权。", f"{who} may not sign."
    try:
        Ed25519PublicKey.from_public_bytes(keys[who]).verify(
            base64.b64decode(one.signature, validate=True),
            message(one.policy_hash, who, one.kind, one.signed_us, one.expires_us),
        )
    except (InvalidSignature, ValueError):
        return f"{who}的签名无效。", f"The signature of {who} is not valid."
    if one.signed_us > now_us + CLOCK_SLACK_US:
        return f"{who}的签署时间在未来。", f"{who} signed in the future."
    if one.kind == FIRST_START:
        if one.expires_us - one.signed_us > FIRST_START_MAX_US:
            return f"{who}的首次启动期限过长。", f"The first start of {who} is too long."
        if one.expires_us <= now_us:
            return f"{who}的首次启动已到期。", f"The first start of {who} has expired."
    return None
