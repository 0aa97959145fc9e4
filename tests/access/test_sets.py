"""The hash of a set and the signatures under it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from littoral.access import PolicyFiles, set_hash, shipped, sign, standing
from littoral.access.sets import FIRST_START_MAX_US, message

NOW = 1_800_000_000_000_000
HOUR = 3_600_000_000
HASH = "sha256:" + "ab" * 32
SEEDS = {name: bytes([n]) * 32 for n, name in enumerate(("ann", "bo", "cy"), start=1)}
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    for name, seed in SEEDS.items()
}


def stand(*signatures, now_us=NOW, keys=KEYS, ever_signed=False, policy_hash=HASH):
    return standing(policy_hash, signatures, keys, now_us, ever_signed=ever_signed)


def by(name, policy_hash=HASH, now_us=NOW, **more):
    return sign(policy_hash, name, SEEDS[name], now_us, **more)


def test_the_hash_is_that_of_a_listing_by_sha256sum():
    # Written out by hand as `sha256sum` prints it: digest, two blanks, name, line end.
    files = PolicyFiles("entity User;\n", {"b.cedar": "// b\n", "a.cedar": "// a\r\n"})
    lines = [
        hashlib.sha256(b"// a\n").hexdigest() + "  a.cedar\n",
        hashlib.sha256(b"// b\n").hexdigest() + "  b.cedar\n",
        hashlib.sha256(b"entity User;\n").hexdigest() + "  schema.cedarschema\n",
    ]
    assert set_hash(files) == "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def test_any_byte_and_any_name_changes_the_hash():
    files = shipped()
    before = set_hash(files)
    assert set_hash(replace(files, schema=files.schema + " ")) != before
    first = min(files.policies)
    renamed = {("z" + n if n == first else n): text for n, text in files.policies.items()}
    assert set_hash(replace(files, policies=renamed)) != before
    assert set_hash(shipped()) == before


def test_a_signature_is_ed25519_over_the_written_lines():
    one = by("ann")
    # RFC 8032, through the library of cryptography, over lines written out here.
    said = f"littoral-policy-set/v1\n{HASH}\nann\nordinary\n{NOW}\n0\n".encode()
    assert message(HASH, "ann", "ordinary", NOW, 0) == said
    key = Ed25519PrivateKey.from_private_bytes(SEEDS["ann"]).public_key()
    key.verify(base64.b64decode(one.signature), said)


def test_two_accounts_load_a_set_and_one_does_not():
    both = stand(by("ann"), by("bo"))
    assert (both.loaded, both.state, both.accounts) == (True, "signed", ("ann", "bo"))
    alone = stand(by("ann"))
    assert (alone.loaded, alone.state) == (False, "refused")
    assert "1 of 2" in alone.en
    assert not stand().loaded


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (by("ann", now_us=NOW - HOUR), "1 of 2"),
        (by("bo", policy_hash="sha256:" + "cd" * 32), "bo signed another set"),
        (replace(by("bo"), account="cy"), "signature of cy is not valid"),
        (replace(by("bo"), signature="%%%"), "signature of bo is not valid"),
        (replace(by("bo"), signed_us=NOW - 1), "signature of bo is not valid"),
        (replace(by("bo"), algorithm="sm2"), "bo signed in an unknown way"),
        (by("bo", now_us=NOW + HOUR), "bo signed in the future"),
        (replace(by("bo"), account="dee"), "dee may not sign"),
        (by("bo", first_start_us=HOUR), "no first start"),
    ],
)
def test_a_second_signature_that_does_not_count(second, why):
    found = stand(by("ann"), second, ever_signed=True)
    assert not found.loaded
    assert why in found.en
    assert found.zh


def test_two_accounts_with_one_key_are_one_signer():
    keys = {"ann": KEYS["ann"], "twin": KEYS["ann"]}
    twin = sign(HASH, "twin", SEEDS["ann"], NOW)
    assert not stand(by("ann"), twin, keys=keys).loaded


def test_a_first_start_loads_until_it_expires_and_never_after_two_have_signed():
    first = by("ann", first_start_us=HOUR)
    found = stand(first)
    assert (found.loaded, found.state, found.expires_us) == (True, "first_start", NOW + HOUR)
    assert "expired" in stand(first, now_us=NOW + HOUR).en
    assert not stand(first, now_us=NOW + HOUR).loaded
    assert not stand(first, ever_signed=True).loaded


def test_a_first_start_is_short():
    with pytest.raises(ValueError, match="14 days"):
        by("ann", first_start_us=FIRST_START_MAX_US + 1)
    # Signed by somebody who changed the limit: still refused.
    said = message(HASH, "ann", "first_start", NOW, NOW + 2 * FIRST_START_MAX_US)
    made = Ed25519PrivateKey.from_private_bytes(SEEDS["ann"]).sign(said)
    long = replace(
        by("ann", first_start_us=HOUR),
        expires_us=NOW + 2 * FIRST_START_MAX_US,
        signature=base64.b64encode(made).decode(),
    )
    assert "too long" in stand(long).en
